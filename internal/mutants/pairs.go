package main

var (
	pairsExpand  = check{pkg: "./vibee/ir/loop/bf16", test: "TestExpand"}
	pairsLower   = check{pkg: "./vibee/ir/lower", test: "TestMeaning"}
	pairsEdges   = check{pkg: "./vibee/ir/loop/tiles", test: "TestPairsAtTheEdge"}
	pairsTiled   = check{pkg: "./vibee/ir/lower", test: "TestTiled"}
	pairsEmulate = check{pkg: "./internal/amxemu", test: "TestPairs"}
)

// pairs are dots of bf16s: alone, and in tiles.
var pairs = []mutant{
	{
		name: "the first of two columns is added first",
		file: "vibee/ir/loop/bf16/bf16.go",
		old:  "return add(add(x.expr(e.Sum), mul(aHigh, bHigh)), mul(aLow, bLow))",
		new:  "return add(add(x.expr(e.Sum), mul(aLow, bLow)), mul(aHigh, bHigh))",
		by:   check{pkg: "./vibee/ir/loop/bf16", test: "TestOrder"},
	},
	{
		name: "the upper of two bf16s has the lower's bits below it",
		file: "vibee/ir/loop/bf16/bf16.go",
		old:  "spread(0xffff0000, word.Lanes())",
		new:  "spread(0xffffffff, word.Lanes())",
		by:   pairsExpand,
	},
	{
		name: "words in a variable are opened where they are multiplied",
		file: "vibee/ir/loop/bf16/bf16.go",
		old:  "if r, ok := word.(*loop.Ref); ok && !r.Var.Mutable {",
		new:  "if r, ok := word.(*loop.Ref); ok && r.Var.Mutable {",
		by:   check{pkg: "./vibee/ir/loop/bf16", test: "TestOpenedOnce"},
	},
	{
		name: "a word is read from the next block",
		file: "vibee/ir/lower/pairs.go",
		old:  "p.load(c.buf, loop.MemU32, c.base.Add(p.offset(",
		new:  "p.load(c.buf, loop.MemU32, c.base.Add(sym.Const(wordBytes)).Add(p.offset(",
		by:   check{pkg: "./internal/oracle", test: "TestKernels/linear.matmul_pairs_bf16_x16", gen: true},
	},
	{
		name: "rows of x side by side are one",
		file: "vibee/ir/lower/jam.go",
		old:  "b.index[v] = first.Add(sym.Const(i))\n\t\trows = append(rows",
		new:  "b.index[v] = first.Add(sym.Const(i * 0))\n\t\trows = append(rows",
		by:   pairsLower,
	},
	{
		name: "lanes that are alike are taken for one where the others are not",
		file: "vibee/codegen/asm/lanes.go",
		old:  "if a.equalParts() && b.equalParts() {",
		new:  "if b.equalParts() {",
		by:   check{pkg: "./internal/oracle", test: "TestKernels/linear.matmul_pairs_bf16_x16", gen: true},
	},
	{
		name: "the rows of a tile of W are those before",
		file: "vibee/ir/lower/tile_pairs.go",
		old:  "int64(p.fw.Brains().Field.Offset + i/2*tileColumns)",
		new:  "int64(p.fw.Brains().Field.Offset + i/2*tileColumns - tileColumns)",
		by:   pairsTiled,
	},
	{
		name: "the second tile of x's bf16s is the first",
		file: "vibee/ir/lower/tile_pairs.go",
		old:  "t.Add(sym.Const(int64(k*tileRows)))",
		new:  "t.Add(sym.Const(int64(k)))",
		by:   pairsTiled,
	},
	{
		name: "subnormal sums of a tile stay",
		file: "vibee/ir/loop/tiles/pairs.go",
		old:  "&loop.Select{Cond: below(e, tiny), A: zero, B: e}",
		new:  "&loop.Select{Cond: below(e, tiny), A: e, B: add(e, zero)}",
		by:   pairsEdges,
	},
	{
		name: "what rounds to the smallest f32 is flushed",
		file: "vibee/ir/loop/tiles/pairs.go",
		old:  "Cond: below(e, tiny)",
		new:  "Cond: below(e, smallest)",
		by:   pairsEdges,
	},
	{
		name: "subnormal factors of a tile count",
		file: "vibee/ir/loop/tiles/pairs.go",
		old:  "double(spread(flushed(a), n))",
		new:  "double(spread(a, n))",
		by:   pairsEdges,
	},
	{
		name: "a tile's even and odd columns are one sum",
		file: "internal/amxemu/pairs.go",
		old:  "parts[j] = narrowed(float64(parts[j]) + product)",
		new:  "parts[0] = narrowed(float64(parts[0]) + product)",
		by:   pairsEmulate,
	},
	{
		name: "the emulator rounds products",
		file: "internal/amxemu/pairs.go",
		old:  "narrowed(float64(parts[j]) + product)",
		new:  "narrowed(float64(parts[j]) + float64(narrowed(product)))",
		by:   pairsEmulate,
	},
	{
		name: "a form's own program is not the one it is compared with",
		file: "runtime/cpu/variant.go",
		old:  "if chosen.Loop != \"\" {",
		new:  "if chosen.Loop == \"\" {",
		by:   check{pkg: "./runtime/cpu", test: "TestOwnLoop"},
	},
	{
		name: "rows that are no whole blocks are packed as bf16s",
		file: "runtime/bind/pack.go",
		old:  "if f.Paired && width%f.Block == 0 {",
		new:  "if f.Paired {",
		by:   check{pkg: "./runtime/bind", test: "TestPaired"},
	},
	{
		name: "bf16s are packed as codes",
		file: "runtime/bind/pack.go",
		old:  "if !f.Paired && len(f.Once) == 0",
		new:  "if len(f.Once) == 0",
		by:   check{pkg: "./runtime/bind", test: "TestPaired"},
	},
	{
		name: "bf16 pairs are chosen unasked",
		file: "runtime/bind/scope.go",
		old:  "return eval.OfBool(e.b.packing.Fast), nil",
		new:  "return eval.OfBool(true), nil",
		by:   check{pkg: ".", test: "TestFastAlone"},
	},
	{
		name: "a block of several that is packed is the first",
		file: "vibee/ir/check/pack.go",
		old:  "Block: at[1], A: fieldRef(field, false, at[2:])}",
		new:  "A: fieldRef(field, false, at[2:])}",
		by:   check{pkg: ".", test: "TestFast", gen: true},
	},
}
