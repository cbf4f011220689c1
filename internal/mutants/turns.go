package main

// sideBySide compares work items in groups with the same one by one.
var sideBySide = check{pkg: "./vibee/ir/lower", test: "TestSideBySide"}

// groups is how work items run side by side.
var groups = []mutant{
	{
		name: "neighbours agree with whoever reads other pages",
		file: "vibee/ir/loop/turns/agree.go",
		old:  "isRef && !j.fromMemory(r.Var)",
		new:  "isRef && r.Var != nil",
		by:   sideBySide,
	},
	{
		name: "loops are one however far they go",
		file: "vibee/ir/loop/turns/agree.go",
		old:  "if j.known(e) {\n\t\t\t\t\t\tj.factors(e)",
		new:  "if !j.known(e) {\n\t\t\t\t\t\tj.factors(e)",
		by:   sideBySide,
	},
	{
		name: "the turns of a group share their temps",
		file: "vibee/ir/loop/turns/turn.go",
		old:  "size == nil || ok && c.V == 0",
		new:  "size == nil || ok && c.V >= 0",
		by:   kernel("attn.causal"),
	},
	{
		name: "what only some turns have left is left out",
		file: "vibee/ir/loop/turns/fuse.go",
		old:  "{Var: next, Value: binary(loop.Max, ref(first), ref(last))}",
		new:  "{Var: next, Value: fold(loop.Max, his)}",
		by:   sideBySide,
	},
	{
		name: "a group that a range of work cuts is full",
		file: "vibee/ir/loop/turns/join.go",
		old:  "Step: int64(j.n), Whole: true}",
		new:  "Step: int64(j.n)}",
		by:   sideBySide,
	},
	{
		name: "rows of a prompt look at the first one",
		file: "vibee/ir/loop/turns/fuse.go",
		old:  "same := len(turns) > 1 && equal(views)",
		new:  "same := len(turns) > 1",
		by:   check{pkg: "./vibee/ir/lower", test: "TestTurnsOfRows"},
	},
	{
		name: "a number plus a constant stays below what the number is below",
		file: "vibee/codegen/asm/integer.go",
		old:  "below := a.below.plus(polynomial{rest: b.constant}, 1)",
		new:  "below := *a.below",
		by:   assembled,
	},
}
