package main

var (
	fused   = check{pkg: "./vibee/codegen/golang/fused", test: "TestGenerated", gen: true}
	random  = check{pkg: "./vibee/codegen/golang", test: "TestDifferential", args: "-seeds=12"}
	edges   = check{pkg: "./vibee/codegen/golang", test: "TestEdges"}
	goDots  = check{pkg: "./vibee/codegen/golang", test: "TestDots"}
	dotsMix = check{pkg: "./vibee/codegen/golang", test: "TestDotsInAnyOrder"}
	halves  = check{pkg: "./vibee/codegen/golang/half", test: "TestNarrow"}
)

// goEmitter prints loops as Go.
var goEmitter = []mutant{
	{
		name: "a product is not rounded: it may be fused with a sum",
		file: "vibee/codegen/golang/expr.go",
		old:  "if e.Op == loop.Mul { // the conversion rounds",
		new:  "if e.Op == loop.Mul && l.k > 64 { // the conversion rounds",
		by:   fused,
	},
	{
		name: "a product in place is not rounded",
		file: "vibee/codegen/golang/stmt.go",
		old:  "if t.Float() && e.Op == loop.Mul { // must stay a rounded product",
		new:  "if t.Float() && e.Op == loop.Mul && len(self) > 1 {",
		by:   edges,
	},
	{
		name: "a term that is subtracted is added",
		file: "vibee/codegen/golang/fold_int.go",
		old:  "sum = &loop.Binary{Op: loop.Sub, A: sum, B: t}",
		new:  "sum = &loop.Binary{Op: loop.Add, A: sum, B: t}",
		by:   random,
	},
	{
		name: "a mask is dropped though higher bits may be set",
		file: "vibee/codegen/golang/fold.go",
		old:  "y&(y+1) == 0 && s.Hi <= y {",
		new:  "y&(y+1) == 0 && s.Hi <= 255 {",
		by:   kernel("linear.gather_q2_k"),
	},
	{
		name: "a remainder is dropped beyond one period",
		file: "vibee/codegen/golang/fold.go",
		old:  "s.Lo/y == s.Hi/y {",
		new:  "s.Lo/y <= s.Hi/y {",
		by:   kernel("formats.encode_tq2_0"),
	},
	{
		name: "a wrapped integer keeps its high bits",
		file: "vibee/codegen/golang/fold.go",
		old:  "g.ranges.Int(e.A).Within(s.Lo, s.Hi) && e.Mem != loop.MemI64",
		new:  "g.ranges.Int(e.A).Within(s.Lo-1, s.Hi*2+1) && e.Mem != loop.MemI64",
		by:   edges,
	},
	{
		name: "a right shift keeps the sign",
		file: "vibee/codegen/golang/expr.go",
		old:  "e.Op == loop.Shr && !(s.Known() && s.Lo >= 0)",
		new:  "e.Op == loop.Shr && s.Known() && s.Lo == s.Hi",
		by:   edges,
	},
	{
		name: "a sum of lanes adds neighbours",
		file: "vibee/codegen/golang/reduce.go",
		old:  "lanes[k] = &loop.Binary{Op: e.Op, A: lanes[k], B: lanes[k+half]}",
		new:  "lanes[k] = &loop.Binary{Op: e.Op, A: lanes[2*k], B: lanes[2*k+1]}",
		by:   kernel("norm.rms"),
	},
	{
		name: "the greater of two equals is the first",
		file: "vibee/codegen/golang/stmt.go",
		old:  "text = \">\"\n",
		new:  "text = \">=\"\n",
		by:   edges,
	},
	{
		name: "a lane is read one stride late",
		file: "vibee/codegen/golang/expr.go",
		old:  "B: &loop.Binary{Op: loop.Mul, A: l.number(), B: stride}})",
		new:  "B: &loop.Binary{Op: loop.Mul, A: &loop.Binary{Op: loop.Min, A: l.number(), B: &loop.ConstInt{V: 14}}, B: stride}})",
		by:   kernel("attn.append"),
	},
	{
		name: "a constant loses digits",
		file: "vibee/codegen/golang/value.go",
		old:  "strconv.FormatFloat(f, 'g', -1, bits)",
		new:  "strconv.FormatFloat(f, 'g', 6, bits)",
		by:   kernel("ffn.silu"),
	},
	{
		name: "scratch memory is not rounded up",
		file: "vibee/codegen/golang/kernel.go",
		old:  "A: n, B: &loop.ConstInt{V: 63}}",
		new:  "A: n, B: &loop.ConstInt{V: 0}}",
		by:   kernel("attn.causal"),
	},
	{
		name: "a store is not kept apart from the reads of later lanes",
		file: "vibee/codegen/golang/stmt.go",
		old:  "found = found || e.Buf == s.Buf && e.Lanes() > 1 && !same",
		new:  "found = found || e.Buf == s.Buf && e.Lanes() > 1 && same",
		by:   edges,
	},
	{
		name: "an f16 is rounded down",
		file: "vibee/codegen/golang/half/half.go",
		old:  "(u-112<<23+0xfff+u>>13&1)>>13",
		new:  "(u-112<<23)>>13",
		by:   halves,
	},
	{
		name: "an f16's tie goes up",
		file: "vibee/codegen/golang/half/half.go",
		old:  "0xfff+u>>13&1",
		new:  "0x1000",
		by:   halves,
	},
	{
		name: "a constant that is folded loses its last bit",
		file: "vibee/codegen/golang/fold.go",
		old:  "v = float64(float32(v))",
		new:  "v = float64(math.Float32frombits(math.Float32bits(float32(v)) &^ 1))",
		by:   edges,
	},
	{
		name: "fields of a block are read from its first bytes",
		file: "vibee/codegen/golang/hoist.go",
		old:  "return field{p.Mem, c.V}, true",
		new:  "return field{p.Mem, min(c.V, 2)}, true",
		by:   kernel("linear.matmul_q2_k"),
	},
	{
		name: "fields are filled as if a product had one column",
		file: "vibee/codegen/golang/fields.go",
		old:  "max(int64(f.columns)*(most-least), 1)",
		new:  "max(most-least, 1)",
		by:   goDots,
	},
	{
		name: "a field keeps bits of the byte above its own",
		file: "vibee/codegen/golang/fields.go",
		old:  "keep &= 255 >> by",
		new:  "keep &= 255",
		by:   goDots,
	},
	{
		name: "sums share the fields of other codes",
		file: "vibee/codegen/golang/fields.go",
		old:  "return a.by == b.by && a.keep == b.keep",
		new:  "return a.keep == b.keep",
		by:   dotsMix,
	},
	{
		name: "negative products borrow from the field above",
		file: "vibee/codegen/golang/dot_sum.go",
		old:  "int64(min(s.turns, s.left)); bias > 0 {",
		new:  "int64(min(s.turns, s.left)); bias > 1<<20 {",
		by:   goDots,
	},
	{
		name: "a dot moves before a statement that reads its sum",
		file: "vibee/codegen/golang/dots.go",
		old:  "later.sets[s.Var] == 0 && later.reads[s.Var] == 0",
		new:  "later.sets[s.Var] == 0",
		by:   dotsMix,
	},
	{
		name: "a lookup serves two sums",
		file: "vibee/codegen/golang/lookups.go",
		old:  "p.terms[0].sum == t.sum && ",
		new:  "",
		by:   dotsMix,
	},
	{
		name: "a sum that goes on is not wrapped",
		file: "vibee/codegen/golang/dots.go",
		old:  "s.narrow = s.first != nil && zero(s.first) && ",
		new:  "s.narrow = ",
		by:   dotsMix,
	},
}
