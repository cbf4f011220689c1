package main

var (
	faults    = check{pkg: "./vibee/vm", test: "TestRunFaults"}
	refuses   = check{pkg: "./vibee/vm", test: "TestVerifyRefuses"}
	decodes   = check{pkg: "./vibee/vm", test: "TestDecodeRefuses"}
	divides   = check{pkg: "./vibee/vm", test: "TestDivide"}
	fusedOnes = check{pkg: "./vibee/vm", test: "TestFused"}
)

// machine is the VM: what it computes, and what it refuses.
var machine = []mutant{
	{
		name: "a shifted quotient is that below",
		file: "vibee/vm/divide.go",
		old:  "return (a + a>>63&mask) >> (shift & 63)",
		new:  "return a >> (shift & 63)",
		by:   divides,
	},
	{
		name: "a remainder is never negative",
		file: "vibee/vm/divide.go",
		old:  "return (a+low)&mask - low",
		new:  "return (a + low) & mask",
		by:   divides,
	},
	{
		name: "a loop's rest is its last turn",
		file: "vibee/vm/exec.go",
		old:  "r[in.c] = r[in.d] + in.x",
		new:  "r[in.c] = r[in.d]",
		by:   shared,
	},
	{
		name: "a loop has a turn too many",
		file: "vibee/vm/exec.go",
		old:  "return (n-1)/uint64(step) + 1",
		new:  "return n/uint64(step) + 1",
		by:   shared,
	},
	{
		name: "a product is fused with its sum",
		file: "vibee/vm/exec.go",
		old:  "f[in.d] = f[in.c] + float32(f[in.a]*f[in.b])",
		new:  "f[in.d] = float32(math.FMA(float64(f[in.a]), float64(f[in.b]), float64(f[in.c])))",
		by:   programs,
	},
	{
		name: "the third lane takes the second's operand",
		file: "vibee/vm/floats.go",
		old:  "d4[2] = c4[2] + float32(a4[2]*b)",
		new:  "d4[2] = c4[2] + float32(a4[1]*b)",
		by:   programs,
	},
	{
		name: "the sixth lane looks up the fifth's byte",
		file: "vibee/vm/memory.go",
		old:  "d8[5] = c8[5] + float32(t[b[o5]]*x)",
		new:  "d8[5] = c8[5] + float32(t[b[o4]]*x)",
		by:   check{pkg: "./vibee/codegen/bytecode", test: "TestMatmul"},
	},
	{
		name: "a reduction adds what is left of it twice",
		file: "vibee/vm/lanes.go",
		old:  "a, b := s[:n], s[n:][:n]",
		new:  "a, b := s[:n], s[1:][:n]",
		by:   shared,
	},
	{
		name: "an unsigned byte is signed",
		file: "vibee/vm/access.go",
		old:  "d[i] = int64(b[off])",
		new:  "d[i] = int64(int8(b[off]))",
		by:   shared,
	},
	{
		name: "a tie of an f16 goes up",
		file: "vibee/vm/half.go",
		old:  "mag += 0xfff + mag>>13&1",
		new:  "mag += 0x1000",
		by:   check{pkg: "./vibee/vm", test: "TestHalf"},
	},
	{
		name: "a load may end beyond its buffer",
		file: "vibee/vm/exec.go",
		old:  "at+4 <= int64(len(b)) {\n\t\t\t\tf[in.d] =",
		new:  "at <= int64(len(b)) {\n\t\t\t\tf[in.d] =",
		by:   faults,
	},
	{
		name: "a store may end beyond its buffer",
		file: "vibee/vm/exec.go",
		old:  "at+4 <= int64(len(b)) {\n\t\t\t\tle.PutUint32",
		new:  "at <= int64(len(b)) {\n\t\t\t\tle.PutUint32",
		by:   faults,
	},
	{
		name: "a look through a view may end beyond it",
		file: "vibee/vm/select.go",
		old:  "x.x = int64(v.Size) - int64(size)/int64(x.unit)",
		new:  "x.x = int64(v.Size) - min(int64(size)/int64(x.unit), 1)",
		by:   faults,
	},
	{
		name: "lanes may go below a buffer's start",
		file: "vibee/vm/memory.go",
		old:  "if min(first, last) < 0 || max",
		new:  "if max",
		by:   faults,
	},
	{
		name: "the last lane's bound is that of the one before",
		file: "vibee/vm/memory.go",
		old:  "last += int64(in.n-1) * step",
		new:  "last += int64(in.n-2) * step",
		by:   faults,
	},
	{
		name: "an index of a gather is not checked",
		file: "vibee/vm/memory.go",
		old:  "int(x)*int(in.unit)+size > len(b)",
		new:  "int(x)*int(in.unit) > len(b)",
		by:   faults,
	},
	{
		name: "a register may be read before it is written",
		file: "vibee/vm/flow.go",
		old:  "case k == 'r' && !f.defined[r]:",
		new:  "case k == 'r' && !f.defined[r] && f.pure:",
		by:   refuses,
	},
	{
		name: "what one side of a branch defines stays",
		file: "vibee/vm/flow.go",
		old:  "if in[i] {",
		new:  "if in[i] || i >= 0 {",
		by:   refuses,
	},
	{
		name: "a loop's counter may be written",
		file: "vibee/vm/flow.go",
		old:  "case k == 'd' && f.active[r]:",
		new:  "case k == 'd' && f.active[r] && f.pure:",
		by:   refuses,
	},
	{
		name: "a table may be written",
		file: "vibee/vm/typing.go",
		old:  "if !b.Role.writable() {",
		new:  "if !b.Role.writable() && b.Role != Table {",
		by:   refuses,
	},
	{
		name: "a buffer of i32 may be read as bytes",
		file: "vibee/vm/typing.go",
		old:  "if !b.Bytes && mem != b.Elem {",
		new:  "if !b.Bytes && mem.Type() != b.Elem.Type() {",
		by:   refuses,
	},
	{
		name: "a step of 0 is allowed",
		file: "vibee/vm/typing.go",
		old:  "if a[last] < 1 {",
		new:  "if a[last] < 0 {",
		by:   refuses,
	},
	{
		name: "a damaged program is decoded",
		file: "vibee/vm/decode.go",
		old:  "if crc32.Checksum(data[header:], castagnoli) != binary",
		new:  "if len(data) == 0 && crc32.Checksum(data[header:], castagnoli) != binary",
		by:   decodes,
	},
	{
		name: "a number may be longer than it needs",
		file: "vibee/vm/decode.go",
		old:  "if n <= 0 || n > 1 && r.b[r.pos+n-1] == 0 {",
		new:  "if n <= 0 {",
		by:   decodes,
	},
	{
		name: "bytes may follow a program",
		file: "vibee/vm/decode.go",
		old:  "r.pos != len(data)",
		new:  "r.pos > len(data)",
		by:   decodes,
	},
	{
		name: "a sum that is linked with its dot is not wrapped",
		file: "vibee/vm/fuse.go",
		old:  "v[i] = int64(int32(d[i]))",
		new:  "v[i] = d[i]",
		by:   fusedOnes,
	},
	{
		name: "a field's count may be 64",
		file: "vibee/vm/fuse.go",
		old:  "if count > 63 {",
		new:  "if count > 64 {",
		by:   fusedOnes,
	},
	{
		name: "a dot that is linked with its sum is gone",
		file: "vibee/vm/fuse.go",
		old:  "d[i] += v[i]",
		new:  "v[i] += d[i]; d[i] = 0",
		by:   fusedOnes,
	},
}
