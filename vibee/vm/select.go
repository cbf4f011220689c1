package vm

// one links an instruction that is no part of a block's frame.
func (l *linker) one(in *Ins, maps []*[256]float32) {
	a := &in.Arg
	x := ins{at: int32(l.at), sub: in.Op, n: 1}
	dst := 0
	if k := ops[in.Op].sig; len(k) > 1 && k[0] != 'd' {
		dst = 1
	}
	switch in.Op {
	case Store, StoreS, Scatter, Open, OpenS, Load, LoadS, Gather, Peek, PeekMap, MapMulAdd:
		l.memory(in, x, maps)
		return
	}
	t, n := l.p.typeOf(Reg(a[dst]))
	x.d, x.n = l.off[a[dst]], int32(n)
	switch in.Op {
	case Copy:
		l.copy(x, t, Reg(a[1]), n)
	case Iota:
		x.op, x.ints = xInts, wideInt(Iota)
		l.out = append(l.out, x)
	case ReduceAdd, ReduceMin, ReduceMax:
		_, w := l.p.typeOf(Reg(a[1]))
		x.a, x.n = l.off[a[1]], int32(w)
		l.kernels(x, t, reduce[int64](in.Op), reduce[float32](in.Op), reduce[float64](in.Op))
	case Dot:
		_, w := l.p.typeOf(Reg(a[2]))
		x.a, x.b, x.x = l.off[a[1]], l.off[a[2]], int64(w)
		x.op, x.ints = xInts, dot
		l.out = append(l.out, x)
	case Add, Sub, Mul, Min, Max, Div, And, Or, Xor, Neg, Abs, Sqrt, Floor, Ceil, Trunc, Rint:
		if t == Bool || t == Int && in.Op == Div {
			l.general(x, in, dst, n)
			return
		}
		b := 1
		if len(ops[in.Op].sig) > 2 {
			b = 2
		}
		l.arithmetic(x, t, Reg(a[1]), Reg(a[b]), n)
	case MulAdd:
		x.c = l.spread(Reg(a[1]), n, 2)
		l.arithmetic(x, t, Reg(a[2]), Reg(a[3]), n)
	default:
		l.general(x, in, dst, n)
	}
}

func (l *linker) kernels(x ins, t Type, i kernel[int64], f kernel[float32], d kernel[float64]) {
	x.ints, x.floats, x.doubles = i, f, d
	x.op = [...]xop{Int: xInts, F32: xFloats, F64: xDoubles}[t]
	l.out = append(l.out, x)
}

func (l *linker) copy(x ins, t Type, src Reg, n int) {
	x.a = l.off[src]
	switch _, w := l.p.typeOf(src); {
	case n == 1 && t == F32:
		x.op = xCopyF
	case n == 1 && t == Int:
		x.op = xCopyI
	case t == Bool:
		x.op, x.any = xAny, moveBools
		if w < n {
			x.any = splatBools
		}
	case w < n:
		l.kernels(x, t, splat[int64], splat[float32], splat[float64])
		return
	default:
		l.kernels(x, t, move[int64], move[float32], move[float64])
		return
	}
	l.out = append(l.out, x)
}

// spread gives the place of src with n lanes: its own, or spare strip s filled with it.
func (l *linker) spread(src Reg, n, s int) int32 {
	t, w := l.p.typeOf(src)
	if w == n {
		return l.off[src]
	}
	d := int32(l.files[t] - (s+1)*MaxLanes)
	l.copy(ins{at: int32(l.at), sub: Copy, n: int32(n), d: d}, t, src, n)
	return d
}

// arithmetic picks the kernel of d = a op b within one file.
func (l *linker) arithmetic(x ins, t Type, a, b Reg, n int) {
	_, an := l.p.typeOf(a)
	_, bn := l.p.typeOf(b)
	if n == 1 {
		x.a, x.b = l.off[a], l.off[b]
		if op := scalar(x.sub, t); op != 0 {
			x.op = op
			l.out = append(l.out, x)
			return
		}
	}
	if an < n && bn == n && (x.sub == Add || x.sub == Mul || x.sub == MulAdd || x.sub == And) {
		a, b, an, bn = b, a, bn, an
	}
	x.a = l.spread(a, n, 0)
	if bn < n {
		i, f, d := narrowInt(x.sub), narrowF32(x.sub), narrowF64(x.sub)
		if t == Int && i != nil || t == F32 && f != nil || t == F64 && d != nil {
			x.b = l.off[b]
			l.kernels(x, t, i, f, d)
			return
		}
	}
	x.b = l.spread(b, n, 1)
	l.kernels(x, t, wideInt(x.sub), wideF32(x.sub), wideF64(x.sub))
}

// general links the rest: operands are spread, and one function serves an operation.
func (l *linker) general(x ins, in *Ins, dst, n int) {
	a := &in.Arg
	t, _ := l.p.typeOf(Reg(a[dst]))
	from, _ := l.p.typeOf(Reg(a[dst+1]))
	if n == 1 && dst == 0 {
		x.a = l.off[a[1]]
		if len(ops[in.Op].sig) == 3 {
			x.b = l.off[a[2]]
			if x.op = compareScalar(in.Op, from); x.op != 0 {
				l.out = append(l.out, x)
				return
			}
		}
	}
	if mask, shift, ok := l.powerOfTwo(in); ok {
		x.a, x.x, x.c = l.spread(Reg(a[1]), n, 0), mask, shift
		l.shifted(x)
		return
	}
	var at [3]int32
	for i := range len(ops[in.Op].sig) - dst - 1 {
		at[i] = l.spread(Reg(a[dst+1+i]), n, i)
	}
	x.a, x.b, x.c = at[0], at[1], at[2]
	x.op = xAny
	switch in.Op {
	case Div, Mod:
		x.any = divide
	case Shl, Shr:
		x.any = shift
		if n == 1 && in.Op == Shr {
			x.op = xShrI
		}
	case And, Or, Not:
		x.any = logic
	case Eq, Ne, Lt, Le, Gt, Ge:
		x.any = comparison(from)
	case Convert:
		x.any = conversion(from, t)
	case Bits:
		x.any = reinterpretation(from, t)
	case Wrap:
		x.any = wrap(Mem(a[0]))
	case Round:
		x.any = round(Mem(a[0]))
	case Select:
		x.any = selection(t)
	}
	l.out = append(l.out, x)
}

// shifted links a division by a power of two.
func (l *linker) shifted(x ins) {
	switch {
	case x.n == 1 && x.sub == Div:
		x.op = xQuotient
	case x.n == 1:
		x.op = xRemainder
	case x.sub == Div:
		x.op, x.ints = xInts, quotients
	default:
		x.op, x.ints = xInts, remainders
	}
	l.out = append(l.out, x)
}

func (l *linker) memory(in *Ins, x ins, maps []*[256]float32) {
	a := &in.Arg
	p := l.p
	x.op = xAny
	switch in.Op {
	case Open, OpenS:
		v := &p.Views[a[0]]
		x.mem, x.n, x.a, x.b, x.any = int32(a[0]), int32(v.Lanes), l.off[a[1]], -1, open
		x.unit, x.x = uint8(p.Bufs[v.Buf].unit()), int64(v.Buf)
		if in.Op == OpenS {
			x.b = l.off[a[2]]
		}
		l.out = append(l.out, x)
		return
	case Peek, PeekMap, MapMulAdd:
		l.peek(in, x, maps)
		return
	}
	mem, reg, buf, idx := Mem(a[0]), Reg(a[1]), a[2], Reg(a[3])
	store := in.Op == Store || in.Op == StoreS || in.Op == Scatter
	if store {
		buf, idx = a[1], Reg(a[2])
		reg = Reg(a[len(ops[in.Op].sig)-1])
	}
	_, n := p.typeOf(reg)
	x.d, x.n, x.mem, x.a, x.b = l.off[reg], int32(n), int32(buf), l.off[idx], -1
	x.unit = uint8(p.Bufs[buf].unit())
	switch in.Op {
	case LoadS:
		x.b = l.off[a[4]]
	case StoreS:
		x.b = l.off[a[3]]
	}
	switch in.Op {
	case Load, LoadS:
		x.any = loads[mem]
	case Gather:
		x.any = gathers[mem]
	case Store, StoreS:
		x.any = stores[mem]
	case Scatter:
		x.any = scatters[mem]
	}
	if op := quick(in.Op, mem); op != 0 {
		x.op = op
	}
	l.out = append(l.out, x)
}

func (l *linker) peek(in *Ins, x ins, maps []*[256]float32) {
	a := &in.Arg
	view, idx, size := a[2], a[3], 1
	x.d = l.off[a[1]]
	switch in.Op {
	case Peek:
		x.any, size = peeks[a[0]], Mem(a[0]).Bytes()
	case PeekMap:
		x.any, x.table = peekMap, maps[a[0]]
	case MapMulAdd:
		view, idx = a[3], a[4]
		x.table = maps[a[0]]
	}
	v := &l.p.Views[view]
	x.unit = uint8(l.p.Bufs[v.Buf].unit())
	x.n, x.mem, x.a = int32(v.Lanes), int32(view), l.off[idx]
	x.x = int64(v.Size) - int64(size)/int64(x.unit)
	if in.Op == MapMulAdd {
		x.c = l.spread(Reg(a[2]), v.Lanes, 2)
		x.b, x.any = l.off[a[5]], mapMulAdd
		if _, n := l.p.typeOf(Reg(a[5])); n > 1 {
			x.any = mapMulAddWide
		}
	}
	if op := quick(in.Op, Mem(a[0])); op != 0 && v.Lanes == 1 {
		x.op = op
	}
	l.out = append(l.out, x)
}
