package main

// plans is how models become plans, and how a plan is bound to a file.
var plans = []mutant{
	{
		name: "a repetition goes on from its first value",
		file: "vibee/ir/models/repeat.go",
		old:  "n.Carry[i].Next = v.name",
		new:  "n.Carry[i].Next = before[i].name",
		by:   archs,
	},
	{
		name: "a choice takes its first side for both",
		file: "vibee/ir/models/value.go",
		old:  "Then: x.name, Else: y.name}",
		new:  "Then: y.name, Else: x.name}",
		by:   archs,
	},
	{
		name: "the rows of a weight are its columns",
		file: "vibee/ir/models/scalar.go",
		old:  `"rows": 0, "cols": 1`,
		new:  `"rows": 1, "cols": 0`,
		by:   archs,
	},
	{
		name: "a slice of a weight starts a row late",
		file: "runtime/bind/weight.go",
		old:  "of.rows = of.rows[lo/side*bytes :",
		new:  "of.rows = of.rows[min(lo/side+1, hi/side)*bytes :",
		by:   archs,
	},
	{
		name: "a slice of a bias counts bytes for blocks",
		file: "runtime/bind/weight.go",
		old:  "of.rows = of.rows[lo/block*int64(of.format.Bytes) :",
		new:  "of.rows = of.rows[lo/block :",
		by:   archs,
	},
	{
		name: "a tensor's width may end within a block",
		file: "runtime/bind/weight.go",
		old:  "k%int64(f.Block) != 0 {",
		new:  "k%int64(f.Block) > 31 {",
		by:   check{pkg: "./runtime/bind", test: "TestRefuses"},
	},
	{
		name: "a tensor that nothing reads is passed over",
		file: "runtime/bind/unread.go",
		old:  "case len(tensors) > 0:",
		new:  "case len(tensors) > 1:",
		by:   check{pkg: "./runtime/bind", test: "TestRefuses"},
	},
	{
		name: "a quotient that is no integer is rounded",
		file: "runtime/eval/integer.go",
		old:  `if r != 0 && op == "/" {`,
		new:  `if r < 0 && op == "/" {`,
		by:   check{pkg: "./runtime/eval", test: "TestEval"},
	},
	{
		name: "a tensor may begin at the end of the file",
		file: "runtime/gguf/tensors.go",
		old:  "at >= uint64(len(f.data)) {",
		new:  "at > uint64(len(f.data)) {",
		by:   check{pkg: "./runtime/gguf", test: "TestBrokenFiles"},
	},
	{
		name: "a field may be a byte longer than its file",
		file: "runtime/gguf/cursor.go",
		old:  "if n > c.left() {",
		new:  "if n > c.left()+1 {",
		by:   check{pkg: "./runtime/gguf", test: "TestBrokenFiles"},
	},
}
