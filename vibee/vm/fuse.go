package vm

// fuse links the instructions from at on that one pass over their lanes does together, and gives how many they
// are. The pass leaves in each register what they would: whatever reads it later.
func (l *linker) fuse(at int) int {
	code := l.p.Code[at:]
	switch {
	case len(code) >= 2 && l.opensField(&code[0], &code[1]):
		a := &code[0].Arg
		_, n := l.p.typeOf(Reg(a[0]))
		l.out = append(l.out, ins{op: xAny, at: int32(at), n: int32(n), any: field,
			d: l.off[a[0]], a: l.off[a[1]], b: l.off[a[2]], c: l.off[code[1].Arg[2]]})
		return 2
	case len(code) >= 3 && l.addsDot(&code[0], &code[1], &code[2]):
		a := &code[0].Arg
		_, n := l.p.typeOf(Reg(a[0]))
		_, w := l.p.typeOf(Reg(a[2]))
		l.out = append(l.out, ins{op: xInts, at: int32(at), n: int32(n), ints: addDot, x: int64(w),
			d: l.off[a[0]], a: l.off[a[1]], b: l.off[a[2]], c: l.off[code[2].Arg[1]]})
		return 3
	}
	return 0
}

// opensField recognizes d = a >> count & mask, where count and mask have one lane.
func (l *linker) opensField(shr, and *Ins) bool {
	if shr.Op != Shr || and.Op != And {
		return false
	}
	d, a, count, mask := Reg(shr.Arg[0]), Reg(shr.Arg[1]), Reg(shr.Arg[2]), Reg(and.Arg[2])
	return Reg(and.Arg[0]) == d && Reg(and.Arg[1]) == d && l.lanes(d) > 1 && l.lanes(a) == l.lanes(d) && l.lanes(count) == 1 && l.lanes(mask) == 1
}

// addsDot recognizes d = dot(a, b), d = v + d, v = i32(d).
func (l *linker) addsDot(dot, add, wrap *Ins) bool {
	if dot.Op != Dot || add.Op != Add || wrap.Op != Wrap || Mem(wrap.Arg[0]) != I32 {
		return false
	}
	d, v := Reg(dot.Arg[0]), Reg(wrap.Arg[1])
	return Reg(add.Arg[0]) == d && Reg(add.Arg[1]) == v && Reg(add.Arg[2]) == d && Reg(wrap.Arg[2]) == d && v != d && l.lanes(v) == l.lanes(d)
}

func (l *linker) lanes(r Reg) int {
	_, n := l.p.typeOf(r)
	return n
}

func field(m *Machine, in *ins) bool {
	d, a, _ := strips(m.i, in)
	count, mask := uint64(m.i[in.b]), m.i[in.c]
	if count > 63 {
		return m.fail(in, "shift by %d (lane 0)", int64(count))
	}
	for i := range d {
		d[i] = int64(uint64(a[i])>>(count&63)) & mask
	}
	return true
}

func addDot(r []int64, in *ins) {
	dot(r, in)
	d, v := r[in.d:][:in.n], r[in.c:][:in.n]
	for i := range d {
		d[i] += v[i]
		v[i] = int64(int32(d[i]))
	}
}
