package asm

// isa is what the emitter may use for a variant.
type isa struct {
	name    string
	bytes   int  // of a vector register
	vectors int  // how many there are
	masks   bool // comparisons give mask registers, constants are broadcast by any instruction (EVEX)
}

// isas are the variants that there is an emitter for, by the name of their target.
var isas = map[string]isa{
	"avx2":   {"avx2", 32, 16, false},
	"avx512": {"avx512", 64, 32, true},
}
