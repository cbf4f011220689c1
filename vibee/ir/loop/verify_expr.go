package loop

// typed checks e and that it has the type and lanes wanted.
func (v *verifier) typed(e Expr, t Type, lanes int) {
	if !v.expr(e) {
		return
	}
	if e.Type() != t {
		v.fault("%v where %v is wanted: %s", e.Type(), t, Text(e))
	}
	if e.Lanes() != lanes {
		v.fault("%d lanes where %d are wanted: %s", e.Lanes(), lanes, Text(e))
	}
}

func (v *verifier) oneInt(what string, e Expr) {
	if e == nil {
		v.fault("%s is missing", what)
		return
	}
	v.typed(e, Int, 1)
}

// expr checks e from its leaves up, and reports whether its type and lanes are known.
func (v *verifier) expr(e Expr) bool {
	for _, o := range Operands(e) {
		if o == nil {
			v.fault("an operand of a %T is missing", e)
			return false
		}
		if !v.expr(o) {
			return false
		}
	}
	before := len(v.faults)
	v.node(e)
	return len(v.faults) == before
}

func (v *verifier) node(e Expr) {
	bad := func(why string) { v.fault("%s: %s", why, Text(e)) }
	switch e := e.(type) {
	case *ConstInt:
	case *ConstFloat:
		if !e.T.Float() {
			bad("a float constant of type " + e.T.String())
		}
		if e.T == F32 && e.V == e.V && float64(float32(e.V)) != e.V {
			bad("no f32")
		}
	case *Ref:
		if !v.vars[e.Var] {
			bad("not assigned")
		}
	case *Load:
		v.load(e, bad)
	case *Peek:
		v.peek(e, bad)
	case *Binary:
		v.binary(e, bad)
	case *Unary:
		t := e.A.Type()
		ok := t != Bool
		switch e.Op {
		case Not:
			ok = t == Bool
		case Sqrt, Floor, Ceil, Trunc, Rint:
			ok = t.Float()
		case Neg, Abs:
		default:
			ok = false
		}
		if !ok {
			bad("no operator of " + t.String())
		}
	case *Convert:
		if t := e.A.Type(); t == Bool || e.To == Bool || t == e.To {
			bad("no conversion")
		}
	case *Wrap:
		if e.A.Type() != Int || e.Mem.Type() != Int {
			bad("wraps integers only")
		}
	case *Bits:
		if t := e.A.Type(); !(t == Int && e.To.Float() || t.Float() && e.To == Int) {
			bad("no reinterpretation")
		}
	case *Round:
		if e.A.Type() != F32 || e.Mem != MemF16 && e.Mem != MemBF16 {
			bad("rounds f32 to f16 or bf16")
		}
	case *Select:
		if e.Cond.Type() != Bool || e.A.Type() != e.B.Type() {
			bad("operand types")
		}
		if e.Cond.Lanes() != e.A.Lanes() || e.A.Lanes() != e.B.Lanes() {
			bad("operand lanes")
		}
	case *Splat:
		if e.A.Lanes() != 1 || e.N < 1 {
			bad("one lane is repeated once or more")
		}
	case *Iota:
		if e.N < 1 {
			bad("no lanes")
		}
	case *Reduce:
		if n := e.A.Lanes(); n < 2 || n&(n-1) != 0 {
			bad("lanes are no power of two")
		}
		if e.Op != Add && e.Op != Max && e.Op != Min || e.A.Type() == Bool {
			bad("no reduction")
		}
	case *Dot:
		n := e.A.Lanes()
		if e.A.Type() != Int || e.B.Type() != Int {
			bad("products of integers only")
		}
		if n == 0 || n%4 != 0 || e.B.Lanes() != n && e.B.Lanes() != 4 {
			bad("lanes come by fours, of the second operand as many or four")
		}
	case *Pairs:
		if e.Sum.Type() != F32 || e.A.Type() != Int || e.B.Type() != Int {
			bad("a sum of f32, and words of two bf16s")
		}
		if e.A.Lanes() != e.Sum.Lanes() || e.B.Lanes() != e.Sum.Lanes() {
			bad("operand lanes")
		}
	default:
		v.fault("unknown expression %T", e)
	}
}

func (v *verifier) load(e *Load, bad func(string)) {
	v.listed(e.Buf)
	v.mem(e.Buf, e.Mem)
	if e.Index.Type() != Int {
		bad("the index is no int")
	}
	if e.Stride == nil {
		if e.Index.Lanes() == 1 {
			v.inside(e.Buf, e.Index, v.reach(e.Buf, e.Mem, nil, 1))
		}
		return
	}
	if e.Stride.Type() != Int || e.Stride.Lanes() != 1 || e.Index.Lanes() != 1 || e.N < 1 {
		bad("index and stride are ints of one lane")
		return
	}
	v.inside(e.Buf, e.Index, v.reach(e.Buf, e.Mem, e.Stride, e.N))
}

func (v *verifier) peek(e *Peek, bad func(string)) {
	if !v.views[e.View] {
		bad("the view is not open")
		return
	}
	v.mem(e.View.Buf, e.Mem)
	if e.Index.Type() != Int || e.Index.Lanes() != 1 {
		bad("the index is no int of one lane")
	}
	size := int64(1)
	if e.View.Buf.Bytes {
		size = int64(e.Mem.Bytes())
	}
	if c, ok := e.Index.(*ConstInt); ok && (c.V < 0 || c.V+size > int64(e.View.Size)) {
		bad("outside its view")
	}
}

func (v *verifier) binary(e *Binary, bad func(string)) {
	t := e.A.Type()
	if t != e.B.Type() {
		bad("operands of " + t.String() + " and " + e.B.Type().String())
		return
	}
	if e.A.Lanes() != e.B.Lanes() {
		bad("operand lanes")
	}
	ok := true
	switch e.Op {
	case Add, Sub, Mul, Div, Min, Max, Lt, Le, Gt, Ge:
		ok = t != Bool
	case Mod, Xor, Shl, Shr:
		ok = t == Int
	case And, Or:
		ok = t == Int || t == Bool
	case Eq, Ne:
	default:
		ok = false
	}
	if !ok {
		bad("no operator of " + t.String())
		return
	}
	b := e.B
	for s, is := b.(*Splat); is; s, is = b.(*Splat) {
		b = s.A
	}
	c, ok := b.(*ConstInt)
	switch {
	case !ok:
	case (e.Op == Div || e.Op == Mod) && c.V == 0:
		bad("division by zero")
	case (e.Op == Shl || e.Op == Shr) && (c.V < 0 || c.V > 63):
		bad("a count outside 0..63")
	}
}
