package main

var (
	meaning    = check{pkg: "./vibee/ir/lower", test: "TestMeaning"}
	verify     = check{pkg: ".", test: "TestVerify/tales", gen: true}
	blocks     = check{pkg: "./internal/oracle", test: "TestGoldenBlocks", gen: true}
	quantized  = check{pkg: "./internal/golden", test: "TestQuantized", gen: true}
	archs      = check{pkg: "./internal/golden", test: "TestArchitectures", gen: true}
	perplexity = check{pkg: ".", test: "TestPerplexity/tales", gen: true}
)

// kernel is the differential harness for one of them.
func kernel(name string) check {
	return check{pkg: "./internal/oracle", test: "TestKernels/" + name, gen: true}
}

// lowering is how equations become loops.
var lowering = []mutant{
	{
		name: "a sub-block's scale is dropped",
		file: "vibee/ir/lower/blocks.go",
		old:  "scaled = &loop.Binary{Op: loop.Mul, A: spread(s.value(s.affine.a), s.n), B: scaled}",
		new:  "_ = s.value(s.affine.a)",
		by:   quantized,
	},
	{
		name: "a sub-block's offset is subtracted",
		file: "vibee/ir/lower/blocks.go",
		old:  "total = &loop.Binary{Op: loop.Add, A: total, B: offset}",
		new:  "total = &loop.Binary{Op: loop.Sub, A: total, B: offset}",
		by:   kernel("linear.matmul_q2_k"),
	},
	{
		name: "a sub-block's offset is added first",
		file: "vibee/ir/lower/blocks.go",
		old:  "total = &loop.Binary{Op: loop.Add, A: total, B: offset}",
		new:  "total = &loop.Binary{Op: loop.Add, A: &loop.Binary{Op: loop.Add, A: &loop.Ref{Var: acc}, B: offset}, B: scaled}",
		by:   meaning,
	},
	{
		name: "sums of x are those of the block before",
		file: "vibee/ir/lower/blocks.go",
		old:  "sub := j.Scale(perBlock).Add(s.index[s.format.Index].Div(size))",
		new:  "sub := j.Scale(perBlock)",
		by:   kernel("linear.matmul_q2_k"),
	},
	{
		name: "a minus before an offset is lost",
		file: "vibee/ir/lower/affine.go",
		old:  "return affine{x.a, x.code, &spec.Unary{Op: \"neg\", A: other}}, true",
		new:  "return affine{x.a, x.code, other}, true",
		by:   kernel("linear.matmul_q4_k"),
	},
	{
		name: "a later segment of a block starts at its first value",
		file: "vibee/ir/lower/digits.go",
		old:  "p := sym.Const(s.lo)",
		new:  "p := sym.Const(0)",
		by:   kernel("linear.matmul_tq1_0"),
	},
	{
		name: "a block starts one byte late",
		file: "vibee/ir/lower/memory.go",
		old:  "return at.Scale(int64(f.Bytes))",
		new:  "return at.Scale(int64(f.Bytes)).Add(sym.Const(1))",
		by:   blocks,
	},
	{
		name: "a position takes its slot from the page's number",
		file: "vibee/ir/lower/memory.go",
		old:  "where = append(where, pos.Mod(count))",
		new:  "where = append(where, pos.Div(count))",
		by:   archs,
	},
	{
		name: "all positions are on the first page",
		file: "vibee/ir/lower/memory.go",
		old:  ".Add(pos.Div(count))",
		new:  ".Add(pos.Div(count.Scale(1 << 20)))",
		by:   perplexity,
	},
	{
		name: "a page's second field lies on its first",
		file: "vibee/ir/lower/memory.go",
		old:  "offset = size\n",
		new:  "offset = sym.Poly{}\n",
		by:   archs,
	},
	{
		name: "all sequences read the first one's pages",
		file: "vibee/ir/lower/memory.go",
		old:  "row := seq.Mul(",
		new:  "row := seq.Scale(0).Mul(",
		by:   check{pkg: "./internal/golden", test: "TestSequences", gen: true},
	},
	{
		name: "a tensor's index takes the wrong dim",
		file: "vibee/ir/lower/index.go",
		old:  "p = p.Mul(shape[i])",
		new:  "p = p.Mul(shape[i-1])",
		by:   meaning,
	},
	{
		name: "a strip's start and stride are swapped",
		file: "vibee/ir/lower/index.go",
		old:  "return b.compute(rest), b.compute(slope)",
		new:  "return b.compute(slope), b.compute(rest)",
		by:   meaning,
	},
	{
		name: "lanes of a sum are added to their neighbours",
		file: "vibee/ir/lower/reduce.go",
		old:  "b.accumulate(sums[j], loop.Add, &loop.Ref{Var: sums[j+half]})",
		new:  "b.accumulate(sums[j*n/half/2], loop.Add, &loop.Ref{Var: sums[j*n/half/2+n/half/2]})",
		by:   meaning,
	},
	{
		name: "what is left of a sum starts one late",
		file: "vibee/ir/lower/reduce.go",
		old:  "b.forLoop(v.Name, from, hi, func(k sym.Poly) {",
		new:  "b.forLoop(v.Name, from.Add(sym.Const(1)), hi, func(k sym.Poly) {",
		by:   meaning,
	},
	{
		name: "what is left of a sum goes to the next lane",
		file: "vibee/ir/lower/reduce.go",
		old:  "j := b.compute(k.Sub(from))",
		new:  "j := b.compute(k.Sub(from).Add(sym.Const(1)).Mod(sym.Const(int64(n))))",
		by:   meaning,
	},
	{
		name: "a maximum starts from 0",
		file: "vibee/ir/lower/reduce.go",
		old:  "return &loop.ConstFloat{T: t, V: math.Inf(-1)}",
		new:  "return &loop.ConstFloat{T: t}",
		by:   meaning,
	},
	{
		name: "a read is moved out of the branch that guards it",
		file: "vibee/ir/lower/value.go",
		old:  "b.push(true)\n\t\tb.emit(&loop.Set{Var: v, Value: spread(b.value(e), v.Lanes)})",
		new:  "b.push(false)\n\t\tb.emit(&loop.Set{Var: v, Value: spread(b.value(e), v.Lanes)})",
		by:   meaning,
	},
	{
		name: "a condition that can fail at its limit counts as proved",
		file: "vibee/ir/lower/value.go",
		old:  "return r.Hi < 0, r.Hi < 0 || r.Lo >= 0",
		new:  "return r.Hi <= 4, r.Hi <= 4 || r.Lo >= 0",
		by:   meaning,
	},
	{
		name: "two flattened indices are swapped",
		file: "vibee/ir/lower/nest.go",
		old:  "i, w = w.Mod(extent), w.Div(extent)",
		new:  "i, w = w.Div(extent), w.Mod(extent)",
		by:   meaning,
	},
	{
		name: "a minimum starts from 0",
		file: "vibee/ir/lower/reduce.go",
		old:  "return &loop.ConstFloat{T: t, V: math.Inf(1)}",
		new:  "return &loop.ConstFloat{T: t}",
		by:   meaning,
	},
	{
		name: "a let of two indices is stored as if it had one",
		file: "vibee/ir/lower/nest.go",
		old:  "pl.size = append(pl.size, n)",
		new:  "pl.size = append(pl.size, sym.Const(1))",
		by:   kernel("attn.capped"),
	},
	{
		name: "a rounding to f32 keeps 8 bits",
		file: "vibee/ir/lower/value.go",
		old:  "return &loop.Convert{To: types[e.To], A: b.value(e.A)}",
		new:  "if e.To == spec.F32 && e.A.Type() == spec.F64 {\n\t\t\treturn &loop.Round{Mem: loop.MemBF16, A: &loop.Convert{To: loop.F32, A: b.value(e.A)}}\n\t\t}\n\t\treturn &loop.Convert{To: types[e.To], A: b.value(e.A)}",
		by:   verify,
	},
}
