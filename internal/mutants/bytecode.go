package main

var (
	programs = check{pkg: "./vibee/codegen/bytecode", test: "TestRandomPrograms", args: "-seeds=300"}
	corners  = check{pkg: "./vibee/codegen/bytecode", test: "TestEdges"}
	shared   = check{pkg: "./vibee/codegen/bytecode", test: "TestShared"}
)

// bytecodeEmitter compiles loops for the VM.
var bytecodeEmitter = []mutant{
	{
		name: "a sum of a product multiplies by the sum",
		file: "vibee/codegen/bytecode/expr.go",
		old:  "c.operate(vm.MulAdd, t, dst, s, x, y)",
		new:  "c.operate(vm.MulAdd, t, dst, x, s, y)",
		by:   kernel("linear.matmul_f32"),
	},
	{
		name: "0 - x is folded to x",
		file: "vibee/codegen/bytecode/expr.go",
		old:  "case a.known && (x == 0 && op == loop.Add",
		new:  "case a.known && (x == 0 && (op == loop.Add || op == loop.Sub)",
		by:   programs,
	},
	{
		name: "a constant is shifted with its sign",
		file: "vibee/codegen/bytecode/expr.go",
		old:  "integer(int64(uint64(x) >> y))",
		new:  "integer(x >> y)",
		by:   corners,
	},
	{
		name: "a value that follows a variable is not copied",
		file: "vibee/codegen/bytecode/stmt.go",
		old:  "if v.mutable {\n\t\tv = c.copy(v, nil, v.lanes)",
		new:  "if v.mutable && v.lanes > 64 {\n\t\tv = c.copy(v, nil, v.lanes)",
		by:   corners,
	},
	{
		name: "a value's register is free before it is stored",
		file: "vibee/codegen/bytecode/stmt.go",
		old:  "mem, buf := int(s.Mem), c.buffer(s.Buf)\n",
		new:  "c.release(v)\n\tv.temp = false\n\tmem, buf := int(s.Mem), c.buffer(s.Buf)\n",
		by:   programs,
	},
	{
		name: "an unrolled loop runs its last turn twice",
		file: "vibee/codegen/bytecode/stmt.go",
		old:  "last = hi - s.Step + 1\n",
		new:  "last = hi\n",
		by:   programs,
	},
	{
		name: "two different bytes of a function are taken for one",
		file: "vibee/codegen/bytecode/table.go",
		old:  "seen.View == e.View && seen.Mem == e.Mem && same(seen.Index, e.Index)",
		new:  "seen.View == e.View && seen.Mem == e.Mem",
		by:   kernel("linear.matmul_q3_k"),
	},
	{
		name: "a strided store takes its stride for its index",
		file: "vibee/codegen/bytecode/stmt.go",
		old:  "c.emit(vm.StoreS, mem, buf, c.read(i), c.read(stride), c.read(v))",
		new:  "c.emit(vm.StoreS, mem, buf, c.read(stride), c.read(i), c.read(v))",
		by:   shared,
	},
}
