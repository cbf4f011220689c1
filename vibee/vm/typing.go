package vm

import "fmt"

// A typing checks one instruction's types and lanes and keeps the first error. Its operands exist.
type typing struct {
	p   *Program
	in  *Ins
	err error
}

func (t *typing) fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
}

// reg gives the type and lanes of argument i.
func (t *typing) reg(i int) (Type, int) { return t.p.typeOf(Reg(t.in.Arg[i])) }

// want checks that argument i has a type, and n lanes, or one lane where one is set.
func (t *typing) want(i int, typ Type, n int, one bool) {
	at, an := t.reg(i)
	if at != typ || an != n && !(one && an == 1) {
		t.fail("%%%d is %v<%d>, want %v<%d>", t.in.Arg[i], at, an, typ, n)
	}
}

// same checks that arguments first.. have the destination's type, and its lanes or one. The
// type is one of ok.
func (t *typing) same(ok ...Type) {
	dt, n := t.reg(0)
	for i := 1; i < len(ops[t.in.Op].sig); i++ {
		t.want(i, dt, n, true)
	}
	for _, o := range ok {
		if o == dt {
			return
		}
	}
	t.fail("no %v of %v", t.in.Op, dt)
}

func (t *typing) check() {
	a := &t.in.Arg
	switch op := t.in.Op; op {
	case Copy:
		t.same(Bool, Int, F32, F64)
	case Iota:
		if dt, _ := t.reg(0); dt != Int {
			t.fail("%%%d is %v, want int", a[0], dt)
		}
	case Add, Sub, Mul, Div, Min, Max, Neg, Abs, MulAdd:
		t.same(Int, F32, F64)
	case Mod, Xor, Shl, Shr:
		t.same(Int)
	case And, Or:
		t.same(Int, Bool)
	case Not:
		t.same(Bool)
	case Sqrt, Floor, Ceil, Trunc, Rint:
		t.same(F32, F64)
	case Eq, Ne, Lt, Le, Gt, Ge:
		_, n := t.reg(0)
		at, _ := t.reg(1)
		t.want(0, Bool, n, false)
		t.want(1, at, n, true)
		t.want(2, at, n, true)
		if at == Bool && op > Ne {
			t.fail("no %v of bool", op)
		}
	case Convert, Bits:
		dt, n := t.reg(0)
		at, _ := t.reg(1)
		t.want(1, at, n, true)
		float := dt.float() && at.float() && dt != at && op == Convert
		if !float && !(dt == Int && at.float()) && !(dt.float() && at == Int) {
			t.fail("no %v from %v to %v", op, at, dt)
		}
	case Wrap, Round:
		want, m := Int, Mem(a[0])
		if op == Round {
			want = F32
		}
		_, n := t.reg(1)
		t.want(1, want, n, false)
		t.want(2, want, n, true)
		if (m == F16 || m == BF16) != (op == Round) || m >= F32M {
			t.fail("no %v to %v", op, m)
		}
	case Select:
		dt, n := t.reg(0)
		t.want(1, Bool, n, true)
		t.want(2, dt, n, true)
		t.want(3, dt, n, true)
	case ReduceAdd, ReduceMin, ReduceMax:
		at, n := t.reg(1)
		t.want(0, at, 1, false)
		if at == Bool || !powerOf2(n) {
			t.fail("no %v of %v<%d>", op, at, n)
		}
	case Dot:
		_, n := t.reg(0)
		_, bn := t.reg(2)
		t.want(0, Int, n, false)
		t.want(1, Int, 4*n, false)
		t.want(2, Int, bn, false)
		if bn != 4 && bn != 4*n {
			t.fail("%%%d has %d lanes, want 4 or %d", a[2], bn, 4*n)
		}
	case For, Whole:
		last := len(ops[op].sig) - 1
		for i := range last {
			t.want(i, Int, 1, false)
		}
		if a[last] < 1 {
			t.fail("step %d, want 1 or more", a[last])
		}
	case If:
		t.want(0, Bool, 1, false)
	default:
		t.memory()
	}
}

// memory checks loads, stores, views and reads through them.
func (t *typing) memory() {
	p, a := t.p, &t.in.Arg
	switch t.in.Op {
	case Load:
		t.element(0, &p.Bufs[a[2]], 1, 1)
		t.want(3, Int, 1, false)
	case LoadS, Gather:
		_, n := t.reg(1)
		t.element(0, &p.Bufs[a[2]], 1, n)
		if t.in.Op == Gather {
			t.want(3, Int, n, false)
			break
		}
		t.want(3, Int, 1, false)
		t.want(4, Int, 1, false)
	case Store, StoreS, Scatter:
		b, last := &p.Bufs[a[1]], len(ops[t.in.Op].sig)-1
		if !b.Role.writable() {
			t.fail("buffer %q is read only", b.Name)
		}
		_, n := t.reg(last)
		in := 1
		switch t.in.Op {
		case Store:
			n = 1
		case StoreS:
			t.want(3, Int, 1, false)
		case Scatter:
			in = n
		}
		t.element(0, b, last, n)
		t.want(2, Int, in, false)
	case Open:
		t.want(1, Int, 1, false)
		if n := p.Views[a[0]].Lanes; n != 1 {
			t.fail("view %q has %d lanes", p.Views[a[0]].Name, n)
		}
	case OpenS:
		t.want(1, Int, 1, false)
		t.want(2, Int, 1, false)
	case Peek:
		v := &p.Views[a[2]]
		t.element(0, &p.Bufs[v.Buf], 1, v.Lanes)
		t.want(3, Int, 1, false)
	case PeekMap:
		v := &p.Views[a[2]]
		t.byte(v, p.Maps[a[0]].Mem)
		t.want(1, F32, v.Lanes, false)
		t.want(3, Int, 1, false)
	case MapMulAdd:
		v := &p.Views[a[3]]
		t.byte(v, p.Maps[a[0]].Mem)
		t.want(1, F32, v.Lanes, false)
		t.want(2, F32, v.Lanes, true)
		t.want(4, Int, 1, false)
		t.want(5, F32, v.Lanes, true)
	}
}

// element checks that argument m is a type that b's memory holds, and argument r a register of n
// lanes for it.
func (t *typing) element(m int, b *Buf, r, n int) {
	mem := Mem(t.in.Arg[m])
	if !b.Bytes && mem != b.Elem {
		t.fail("buffer %q holds %v, not %v", b.Name, b.Elem, mem)
	}
	t.want(r, mem.Type(), n, false)
}

func (t *typing) byte(v *View, mem Mem) {
	if b := &t.p.Bufs[v.Buf]; !b.Bytes && b.Elem != mem {
		t.fail("buffer %q holds %v, not %v", b.Name, b.Elem, mem)
	}
}
