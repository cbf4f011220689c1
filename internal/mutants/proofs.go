package main

var (
	ranges  = check{pkg: "./vibee/ir/check", test: "TestRange"}
	narrows = check{pkg: "./vibee/ir/check", test: "TestNarrowing"}
	normals = check{pkg: "./vibee/ir/sym", test: "TestNormalFormsKeepValues"}
)

// proofs are what the checker takes for proved of integers and floats.
var proofs = []mutant{
	{
		name: "a shifted value's bound uses the largest count",
		file: "vibee/ir/check/interval.go",
		old:  "Hi: a.Hi >> b.Lo}",
		new:  "Hi: a.Hi >> min(b.Hi, 63)}",
		by:   ranges,
	},
	{
		name: "an and with a negative value is bound by that value",
		file: "vibee/ir/check/interval.go",
		old:  "case b.Lo >= 0:\n\t\t\treturn sym.Interval{Lo: 0, Hi: b.Hi}",
		new:  "case b.Lo >= 0:\n\t\t\treturn sym.Interval{Lo: 0, Hi: max(0, min(a.Hi, b.Hi))}",
		by:   ranges,
	},
	{
		name: "an or is no greater than its operands",
		file: "vibee/ir/check/interval.go",
		old:  "Hi: top - 1}",
		new:  "Hi: max(a.Hi, b.Hi)}",
		by:   ranges,
	},
	{
		name: "an index stops one early",
		file: "vibee/ir/check/interval.go",
		old:  "hi.Add(sym.Exactly(-1)).Hi",
		new:  "hi.Add(sym.Exactly(-2)).Hi",
		by:   ranges,
	},
	{
		name: "a difference of floats takes like ends",
		file: "vibee/ir/check/interval.go",
		old:  "al - bh, ah - bl",
		new:  "al - bl, ah - bh",
		by:   ranges,
	},
	{
		name: "a maximum with a NaN is bounded",
		file: "vibee/ir/check/interval.go",
		old:  "return bl, math.Inf(1), bok",
		new:  "return bl, bh, bok",
		by:   ranges,
	},
	{
		name: "a product's interval keeps the first corner",
		file: "vibee/ir/sym/interval.go",
		old:  "out = Interval{min(out.Lo, p), max(out.Hi, p)}",
		new:  "out = Interval{min(out.Lo, p), max(a.Hi, p)}",
		by:   normals,
	},
	{
		name: "a rest as large as the divisor counts as a remainder",
		file: "vibee/ir/sym/divide.go",
		old:  "Interval{0, c - 1}",
		new:  "Interval{0, c}",
		by:   normals,
	},
	{
		name: "a quotient below zero is rounded up",
		file: "vibee/ir/sym/divide.go",
		old:  "return q.Sub(Const(1)), r.Add(d)",
		new:  "return q, r.Add(d)",
		by:   normals,
	},
	{
		name: "a term is divided though that leaves a rest",
		file: "vibee/ir/sym/divide.go",
		old:  "if t.Coef%d.Coef != 0 {",
		new:  "if t.Coef < d.Coef {",
		by:   normals,
	},
	{
		name: "a value too great for its type is proved to fit",
		file: "vibee/ir/check/call.go",
		old:  "if r := Range(a); !r.Within(want) {",
		new:  "if r := Range(a); r.Lo < want.Lo {",
		by:   narrows,
	},
	{
		name: "a float may be one more than its type holds",
		file: "vibee/ir/check/call.go",
		old:  "hi >= float64(limit.Hi)+1 {",
		new:  "hi > float64(limit.Hi)+1 {",
		by:   narrows,
	},
}
