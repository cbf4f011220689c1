// Package machine turns a stream of x86-64 instructions on virtual registers into an assembly
// function. In: instructions, placed in nested regions, so that what a loop need not repeat
// can be put before it. Out: an avo function on physical registers: moves joined, dead code gone,
// values that don't fit kept on the frame, or computed again where that costs nothing.
package machine
