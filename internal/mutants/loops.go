package main

var (
	replaced = check{pkg: "./vibee/ir/loop/scalars", test: "TestReplace"}
	asked    = check{pkg: "./vibee/ir/lower", test: "TestPrefetch"}
)

// loops is what is done to programs of loops: scratch memory in variables, and requests for memory.
var loops = []mutant{
	{
		name: "a place that another branch writes is a variable",
		file: "vibee/ir/loop/scalars/replace.go",
		old:  "l.Buf == t && !seen[at(l.Index, l.Stride, l.Lanes())]",
		new:  "l.Buf == t && !written[at(l.Index, l.Stride, l.Lanes())]",
		by:   replaced,
	},
	{
		name: "a place that is written twice is a variable",
		file: "vibee/ir/loop/scalars/replace.go",
		old:  "ok = ok && !written[i]",
		new:  "",
		by:   replaced,
	},
	{
		name: "a part of a strip is read as the strip",
		file: "vibee/ir/loop/scalars/replace.go",
		old:  " || width != 0 && n != width",
		new:  "",
		by:   replaced,
	},
	{
		name: "what follows an unrolled loop begins one further",
		file: "vibee/ir/loop/scalars/unroll.go",
		old:  "u.as[s.Rest] = &loop.ConstInt{V: i}",
		new:  "u.as[s.Rest] = &loop.ConstInt{V: i + 1}",
		by:   replaced,
	},
	{
		name: "the last turn of an unrolled loop is partly whole",
		file: "vibee/ir/loop/scalars/unroll.go",
		old:  "(!s.Whole || i+s.Step <= end.V)",
		new:  "true",
		by:   replaced,
	},
	{
		name: "memory of the turn after the next is asked for",
		file: "vibee/ir/lower/prefetch.go",
		old:  "multiple(slope, &loop.ConstInt{V: t.step})",
		new:  "multiple(slope, &loop.ConstInt{V: t.step + 1})",
		by:   asked,
	},
	{
		name: "rows that are left over ask, too",
		file: "vibee/ir/lower/prefetch.go",
		old:  "if !t.few[s.Var] {",
		new:  "if true {",
		by:   asked,
	},
	{
		name: "the parts of a range change places",
		file: "vibee/ir/lower/pieces.go",
		old:  "return append(b.pieces(v, below, lo, mid), b.pieces(v, above, mid, hi)...)",
		new:  "return append(b.pieces(v, above, lo, mid), b.pieces(v, below, mid, hi)...)",
		by:   kernel("rope.halves"),
	},
	{
		name: "a part of a range ends where its values do not",
		file: "vibee/ir/lower/pieces.go",
		old:  "case \"<=\":\n\t\tthan = than.Add(sym.Const(1))",
		new:  "case \"<=\":",
		by:   meaning,
	},
	{
		name: "what is left of counted strips begins one further",
		file: "vibee/ir/lower/builder.go",
		old:  "to.Range().Hi}).Scale(times), false",
		new:  "to.Range().Hi}).Scale(times).Add(sym.Const(times - 1)), false",
		by:   meaning,
	},
}
