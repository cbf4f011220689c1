package main

var (
	uniform = check{pkg: "./runtime/bind", test: "TestUniform"}
	repacks = check{pkg: "./runtime/bind", test: "TestPack(able)?"}
)

// mistake is a spec with one, and what the compiler says of it.
func mistake(name string) check {
	return check{pkg: "./vibee/codegen", test: "TestErrors/" + name}
}

var repacked = kernel("linear.repack_q5_0_q5_0_x16")

// strips are how rows are packed many values at once.
var strips = []mutant{
	{
		name: "each strip of a packing is the first",
		file: "vibee/ir/lower/pack.go",
		old:  "body(lo.Add(sym.Const(i)).Add(lanes))",
		new:  "body(lo.Add(lanes))",
		by:   repacked,
	},
	{
		name: "a packing ends with its first strip",
		file: "vibee/ir/lower/pack.go",
		old:  "i < extent; i +=",
		new:  "i < int64(n); i +=",
		by:   repacked,
	},
	{
		name: "bits of a packing's byte are one too few",
		file: "vibee/ir/lower/pack.go",
		old:  "for i := range n {",
		new:  "for i := range n - 1 {",
		by:   repacked,
	},
	{
		name: "rows of four columns are read as if they lay side by side",
		file: "vibee/codegen/asm/gather.go",
		old:  "(i*per/4 + l) * int(stride)",
		new:  "(i*per/4 + l) * 4",
		by:   repacked,
	},
	{
		name: "each register of rows of four holds the first",
		file: "vibee/codegen/asm/gather.go",
		old:  "(i*per/4 + l) * int(stride)",
		new:  "l * int(stride)",
		by:   repacked,
	},
	{
		name: "any remainder of lanes is one by four",
		file: "vibee/codegen/asm/gather.go",
		old:  "constant && by == 4 && isIota",
		new:  "constant && isIota",
		by:   assembled,
	},
}

// packing is how rows of weights come to lie side by side, and how integer dots of their codes are lowered.
var packing = []mutant{
	{
		name: "a weight's block is only its first block of x",
		file: "vibee/ir/lower/dots.go",
		old:  "at := j.Scale(int64(d.fw.Count / d.fx.Count)).Add(i)",
		new:  "at := j.Scale(int64(d.fw.Count / d.fx.Count))",
		by:   meaning,
	},
	{
		name: "codes keep what makes them natural",
		file: "vibee/ir/lower/dots.go",
		old:  "return s.A, c.V",
		new:  "return s.A, c.V / 16",
		by:   meaning,
	},
	{
		name: "a run is as long as two scales",
		file: "vibee/ir/lower/dots.go",
		old:  "run /= 2\n",
		new:  "run /= 2\n\t\t\t\tif run <= 4 {\n\t\t\t\t\trun = 8\n\t\t\t\t\tbreak\n\t\t\t\t}\n",
		by:   meaning,
	},
	{
		name: "the sums of x's values are those of its codes",
		file: "vibee/ir/lower/dots.go",
		old:  "sum = d.element(k, values, 0)",
		new:  "sum = &loop.Convert{To: loop.F32, A: d.sum(k, 0, n)}",
		by:   meaning,
	},
	{
		name: "the second run of a block of x has the first's products",
		file: "vibee/ir/lower/dots.go",
		old:  "dot := d.dot(i.Scale(int64(d.fx.Count)), s, d.run)",
		new:  "dot := d.dot(i.Scale(int64(d.fx.Count)), 0, d.run)",
		by:   meaning,
	},
	{
		name: "only the first run's offset is added",
		file: "vibee/ir/lower/dots.go",
		old:  "\t\t\tif offset != nil {\n\t\t\t\tsum :=",
		new:  "\t\t\tif offset != nil && s == 0 {\n\t\t\t\tsum :=",
		by:   meaning,
	},
	{
		name: "sums are multiplied by the scale",
		file: "vibee/ir/lower/dots.go",
		old:  "d.add(d.acc[k], &loop.Binary{Op: loop.Mul, A: offset, B: spread(sums, d.lanes)})",
		new:  "d.add(d.acc[k], &loop.Binary{Op: loop.Mul, A: scale, B: spread(sums, d.lanes)})",
		by:   meaning,
	},
	{
		name: "all rows of x have the first one's scale",
		file: "vibee/ir/lower/dots.go",
		old:  "d.lane, d.cell = nil, d.cx[k]",
		new:  "d.lane, d.cell = nil, d.cx[0]",
		by:   meaning,
	},
	{
		name: "sums of codes are the first of them",
		file: "vibee/ir/lower/offset.go",
		old:  "return spread(d.element(k, s, from/n), d.lanes)",
		new:  "return spread(d.element(k, s, 0), d.lanes)",
		by:   meaning,
	},
	{
		name: "of multiples of sums the first is taken",
		file: "vibee/ir/lower/offset.go",
		old:  "A: spread(d.element(k, near, from/n), d.lanes)",
		new:  "A: spread(d.element(k, near, 0), d.lanes)",
		by:   meaning,
	},
	{
		name: "what makes codes natural is added once more",
		file: "vibee/ir/lower/offset.go",
		old:  "&loop.ConstInt{V: -d.offset}",
		new:  "&loop.ConstInt{V: d.offset}",
		by:   meaning,
	},
	{
		name: "sums that are no multiple of the offset are shifted, too",
		file: "vibee/ir/lower/offset.go",
		old:  "return a%b == 0 && q > 1 && q&(q-1) == 0",
		new:  "return q > 1 && q&(q-1) == 0",
		by:   meaning,
	},
	{
		name: "half as much of an offset is taken away",
		file: "vibee/ir/lower/offset.go",
		old:  "-d.offset/near.Times\n",
		new:  "-d.offset/near.Times/2\n",
		by:   meaning,
	},
	{
		name: "a row's scale is that of its band's first row",
		file: "vibee/ir/lower/dots.go",
		old:  "d.index[d.fw.Row] = d.m.Mod(sym.Const(int64(d.fw.Rows)))",
		new:  "d.index[d.fw.Row] = sym.Poly{}",
		by:   meaning,
	},
	{
		name: "four columns of x are those of the block's start",
		file: "vibee/ir/lower/dots.go",
		old:  "d.index[d.fx.Index] = sym.Const(int64(i)).Add(",
		new:  "d.index[d.fx.Index] = sym.Const(0).Add(",
		by:   meaning,
	},
	{
		name: "a uniform weight's last chain is lost",
		file: "vibee/ir/lower/whole_row.go",
		old:  "range dot[k][1:] {",
		new:  "range dot[k][min(2, len(dot[k])):] {",
		by:   meaning,
	},
	{
		name: "a uniform weight's codes stay raised",
		file: "vibee/ir/lower/whole_row.go",
		old:  "d.less(&loop.Ref{Var: sum[k]})",
		new:  "d.less(zero(loop.Int))",
		by:   meaning,
	},
	{
		name: "only one block of x is summed along a uniform row",
		file: "vibee/ir/lower/whole_row.go",
		old:  "sym.Const(int64(d.fw.Count/nx))",
		new:  "sym.Const(1)",
		by:   meaning,
	},
	{
		name: "results jammed together are all the first",
		file: "vibee/ir/lower/jam.go",
		old:  "b.index[v] = first.Add(sym.Const(int64(i)))",
		new:  "b.index[v] = first.Add(sym.Const(int64(i - i)))",
		by:   meaning,
	},
	{
		name: "what is left of jammed rows is left out",
		file: "vibee/ir/lower/jam.go",
		old:  "\tb.forLoop(v.Name, lo, hi, body)",
		new:  "\tb.forLoop(v.Name, hi, hi, body)",
		by:   meaning,
	},
	{
		name: "a weight is uniform if its second block is as the first",
		file: "runtime/bind/pack.go",
		old:  "for at := o.From; at < len(rows); at += size {",
		new:  "for at := o.From; at < min(len(rows), 2*size); at += size {",
		by:   uniform,
	},
	{
		name: "blocks agree whatever they hold",
		file: "runtime/bind/pack.go",
		old:  "f.Uniform && agree(f, rows, of.Bytes)",
		new:  "f.Uniform && len(rows) > of.Bytes",
		by:   uniform,
	},
	{
		name: "the tail is filled from its start",
		file: "runtime/bind/pack.go",
		old:  "copy(tail[o.To:][:o.Bytes], rows[o.From:])",
		new:  "copy(tail[:o.Bytes], rows[o.From:])",
		by:   uniform,
	},
	{
		name: "the tail holds what blocks begin with",
		file: "runtime/bind/pack.go",
		old:  "copy(tail[o.To:][:o.Bytes], rows[o.From:])",
		new:  "copy(tail[o.To:][:o.Bytes], rows)",
		by:   uniform,
	},
	{
		name: "a uniform format packs whatever weight",
		file: "runtime/bind/pack.go",
		old:  "f.Packs == name && len(f.Once) == 0 {",
		new:  "f.Packs == name && len(f.Once) >= 0 {",
		by:   repacks,
	},
	{
		name: "a kernel packs into whatever its source has",
		file: "runtime/bind/pack.go",
		old:  "k.Formats[0] != from.Name || k.Formats[1] != to.Name",
		new:  "k.Formats[0] != from.Name",
		by:   uniform,
	},
	{
		name: "a part of a weight is packed as the whole",
		file: "runtime/bind/pack.go",
		old:  "ok && p.shape[0] == w.shape[0] {",
		new:  "ok {",
		by:   repacks,
	},
	{
		name: "what is packed is packed again for each use",
		file: "runtime/bind/pack.go",
		old:  "b.packed[key] = p",
		new:  "b.packed[packed{}] = p",
		by:   repacks,
	},
	{
		name: "a file's packed weight is uniform",
		file: "runtime/bind/pack.go",
		old:  "return !uniform || t.Format.Uniform, nil",
		new:  "return true, nil",
		by:   repacks,
	},
	{
		name: "a weight by another name can't be packed",
		file: "runtime/bind/pack.go",
		old:  "return e.packable(w.Else.Weight, uniform, depth+1)",
		new:  "return false, nil",
		by:   repacks,
	},
	{
		name: "packing fails and goes on",
		file: "runtime/bind/pack.go",
		old:  "p.repacks[i].Tensor, p.packErr)\n\t\t\t\treturn",
		new:  "p.repacks[i].Tensor, p.packErr)\n\t\t\t\tcontinue",
		by:   repacks,
	},
	{
		name: "a tail takes the first of more than it has",
		file: "vibee/ir/check/pack_once.go",
		old:  "f.Packs.Fields[i].Elem != t.Elem || f.Packs.Fields[i].Len != t.Len",
		new:  "f.Packs.Fields[i].Len < t.Len",
		by:   mistake("pack_once_other_type"),
	},
	{
		name: "a tail may be left as it is",
		file: "vibee/ir/check/pack_once.go",
		old:  "if len(list) == 0 && f.TailBytes == f.Packs.TailBytes &&",
		new:  "if len(list) == 0 ||",
		by:   mistake("pack_once_missing"),
	},
	{
		name: "a block of rows packs blocks of another length",
		file: "vibee/ir/check/pack.go",
		old:  "case p.Count != f.Count:",
		new:  "case p.Count > f.Count && f.Rows == 1:",
		by:   mistake("packs_other_size"),
	},
	{
		name: "a row of what is packed may be any",
		file: "vibee/ir/check/pack.go",
		old:  "return len(at) == n+1 && s.allWithin(e, at)",
		new:  "return len(at) == n+1 && (n == 0 || s.allWithin(e, at))",
		by:   mistake("pack_row_beyond"),
	},
}
