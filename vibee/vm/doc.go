// Package vm runs bytecode: what an op computes, as the reference for every other
// form of it. In: programs, as bytes or text, of which nothing is believed before
// it is verified. Out: the bytes that a program writes to its buffers, the same on
// every machine. Registers are strips of 1 to [MaxLanes] values; loops are
// structured; a fault of a program is an error, never a panic.
package vm
