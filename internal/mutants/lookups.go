package main

// lookups is how tables of bytes, and what their indices are made of, become instructions.
var lookups = []mutant{
	{
		name: "indices are looked up by a table",
		file: "vibee/codegen/asm/lookup.go",
		old:  "three(x86.VPSHUFB), index, c.entries(b, 0, 16, index))",
		new:  "three(x86.VPSHUFB), c.entries(b, 0, 16, index), index)",
		by:   assembled,
	},
	{
		name: "the halves of a table change places",
		file: "vibee/codegen/asm/lookup.go",
		old:  "(high.op(i), low.op(i), index.op(i))",
		new:  "(low.op(i), high.op(i), index.op(i))",
		by:   assembled,
	},
	{
		name: "an index loses a mask that it needs",
		file: "vibee/codegen/asm/lookup.go",
		old:  "b.Op == loop.And && k&int64(n-1) == int64(n-1):",
		new:  "b.Op == loop.And:",
		by:   assembled,
	},
	{
		name: "an index keeps bits of the byte beside it",
		file: "vibee/codegen/asm/lookup.go",
		old:  "if 256>>k < n {",
		new:  "if 256>>k < n/256 {",
		by:   assembled,
	},
	{
		name: "a table ends where sixteen of its entries are zero",
		file: "vibee/codegen/asm/lookup.go",
		old:  "\t\t\tcontinue\n",
		new:  "\t\t\tbreak\n",
		by:   assembled,
	},
	{
		name: "sixteen entries answer for indices beyond them",
		file: "vibee/codegen/asm/lookup.go",
		old:  "c.byteMask(0x70, index.lanes)",
		new:  "c.byteMask(0x60, index.lanes)",
		by:   assembled,
	},
	{
		name: "what is made of one value is all the same",
		file: "vibee/codegen/asm/lookup.go",
		old:  "key := of.key + \" \" + how",
		new:  "key := of.key + how[:0]",
		by:   assembled,
	},
	{
		name: "a field moves the other way",
		file: "vibee/codegen/asm/bitfield.go",
		old:  "three(x86.VPSRLW)(count, bits.op(i), v.op(i))",
		new:  "three(x86.VPSLLW)(count, bits.op(i), v.op(i))",
		by:   assembled,
	},
	{
		name: "the least of bytes is that of signed ones",
		file: "vibee/codegen/asm/bytes.go",
		old:  "{three(x86.VPMINUB), three(x86.VPMINSB)}",
		new:  "{three(x86.VPMINSB), three(x86.VPMINSB)}",
		by:   assembled,
	},
	{
		name: "a multiple of bytes lacks its last term",
		file: "vibee/codegen/asm/bytes.go",
		old:  "for n := range int64(8) {\n\t\tif k>>n&1 == 0",
		new:  "for n := range int64(4) {\n\t\tif k>>n&1 == 0",
		by:   assembled,
	},
	{
		name: "a variant goes without what it does better",
		file: "vibee/codegen/asm/target.go",
		old:  "p == programs[of] && !missed[of]",
		new:  "p == programs[of] && (missed[of] || !missed[of])",
		by:   check{pkg: "./vibee/codegen/asm", test: "TestLeftOut"},
	},
}
