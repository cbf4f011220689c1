package asm

// isa is what the emitter may use for a variant.
type isa struct {
	name    string
	bytes   int  // of a vector register
	vectors int  // how many there are
	masks   bool // comparisons give mask registers, constants are broadcast by any instruction (EVEX)
	tiles   bool // AMX

	permutes bool // bytes of whole registers by an index of each byte's own (VBMI)
}

// isas are the variants that there is an emitter for, by the name of their target.
var isas = map[string]isa{
	"avx2":       {name: "avx2", bytes: 32, vectors: 16},
	"avx512":     {name: "avx512", bytes: 64, vectors: 32, masks: true},
	"avx512vbmi": {name: "avx512vbmi", bytes: 64, vectors: 32, masks: true, permutes: true},
	"amx":        {name: "amx", bytes: 64, vectors: 32, masks: true, permutes: true, tiles: true},
}
