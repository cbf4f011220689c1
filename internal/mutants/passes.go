package main

var (
	splits   = check{pkg: "./vibee/ir/models", test: "TestSplit"}
	mistakes = check{pkg: "./vibee/codegen", test: "TestErrors"}
	together = check{pkg: "./runtime/bind", test: "TestPasses"}
	keepBits = check{pkg: "./runtime/exec", test: "TestPassesKeepBits"}
)

// passes is what may run together, and how it is cut in pieces.
var passes = []mutant{
	{
		name: "an index of a sum is one of the work's",
		file: "vibee/ir/models/split.go",
		old:  "ok && r.Index.Name == name && slices.Contains(index, r.Index)",
		new:  "ok && r.Index.Name == name && (len(index) > 0 || slices.Contains(index, r.Index))",
		by:   splits,
	},
	{
		name: "a part of a dim is all of it",
		file: "vibee/ir/models/split.go",
		old:  "own(index, at[k+j], name) && spec.Text(p.Shape[k+j]) == spec.Text(s.extent[j])",
		new:  "own(index, at[k+j], name)",
		by:   splits,
	},
	{
		name: "a let is read where it is computed",
		file: "vibee/ir/models/split.go",
		old:  "other := !s.let(index, e)",
		new:  "other := !s.let(index, e) && false",
		by:   splits,
	},
	{
		name: "a tensor that is read twice is read as it is last",
		file: "vibee/ir/models/split.go",
		old:  "if before, ok := s.tensors[p]; ok && before != k {",
		new:  "if before, ok := s.tensors[p]; ok && before == elsewhere && k == elsewhere {",
		by:   splits,
	},
	{
		name: "rows go on from columns",
		file: "vibee/ir/models/pass.go",
		old:  "case m.runs == nil || !poly(reads).Equal(poly(m.runs)):",
		new:  "case m.runs == nil:",
		by:   mistakes,
	},
	{
		name: "a pass waits twice",
		file: "vibee/ir/models/pass.go",
		old:  "if round > 1 {",
		new:  "if round > 2 {",
		by:   mistakes,
	},
	{
		name: "a step runs with one that it needs all of",
		file: "runtime/bind/pass.go",
		old:  "all = all || o.runs == nil || o.runs != e.runs",
		new:  "all = all || o.runs != nil && o.runs != e.runs",
		by:   keepBits,
	},
	{
		name: "a step runs with one that makes other parts",
		file: "runtime/bind/pass.go",
		old:  "|| o.runs == nil || o.runs != e.runs",
		new:  "|| o.runs == nil",
		by:   together,
	},
	{
		name: "a state changes while it is read",
		file: "runtime/bind/pass.go",
		old:  "o.Kind != InBuffer && o.Kind != Pool {",
		new:  "o.Kind != InBuffer {",
		by:   together,
	},
	{
		name: "what goes on from a step does not wait for it",
		file: "runtime/bind/pass.go",
		old:  "			if joined {\n				chain = append(chain, c...)\n			}\n			return joined",
		new:  "			return joined && len(chain) > 0",
		by:   keepBits,
	},
	{
		name: "a buffer lives from step to step",
		file: "runtime/bind/arena.go",
		old:  "						use(o.Index, i)",
		new:  "						use(o.Index, max(i, step))",
		by:   layout,
	},
	{
		name: "a piece ends amid a work item",
		file: "runtime/exec/pass.go",
		old:  "lcm(piece, rows/gcd(rows, e.frame.calls[s].split/parts))",
		new:  "lcm(piece, gcd(rows, e.frame.calls[s].split/parts))",
		by:   check{pkg: "./runtime/exec", test: "TestPiecesCoverAll"},
	},
	{
		name: "a chain's first piece is left out where another chain comes before it",
		file: "runtime/exec/forward.go",
		old:  "lo, hi = max(lo-c.pieces, 0), hi-c.pieces",
		new:  "lo, hi = max(lo-c.pieces, min(lo, 1)), hi-c.pieces",
		by:   keepBits,
	},
}
