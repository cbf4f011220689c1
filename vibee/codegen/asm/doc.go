// Package asm is the target that turns Loop IR into x86-64 assembly. In: the programs of a unit, one for each
// variant (a set of instructions that a processor may have). Out: Go assembly, the Go functions
// that check a call's memory and enter it, and for each kernel the list of its variants. Nothing
// here knows an op or a format: what a program holds is all there is to see.
package asm
