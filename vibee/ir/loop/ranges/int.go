package ranges

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// Int is a proved range of integers, both ends included.
type Int struct{ Lo, Hi int64 }

const far = int64(1) << 62

// Unknown is no knowledge: arithmetic may have wrapped.
var Unknown = Int{-far, far}

// Natural is 0 or more.
var Natural = Int{0, far}

// Within reports whether all values lie in lo..hi.
func (s Int) Within(lo, hi int64) bool { return s.Lo >= lo && s.Hi <= hi }

// Known reports whether anything is known.
func (s Int) Known() bool { return s != Unknown }

// sane gives s, or Unknown where s is so wide that an operation may have wrapped.
func (s Int) sane() Int {
	const limit = int64(1) << 61
	if s.Lo < -limit || s.Hi > limit || s.Lo > s.Hi {
		return Unknown
	}
	return s
}

// OfMem is what an integer in memory may be.
func OfMem(m loop.Mem) Int { return mems[m] }

var mems = map[loop.Mem]Int{
	loop.MemU8: {0, 1<<8 - 1}, loop.MemI8: {-1 << 7, 1<<7 - 1}, loop.MemU16: {0, 1<<16 - 1}, loop.MemI16: {-1 << 15, 1<<15 - 1},
	loop.MemU32: {0, 1<<32 - 1}, loop.MemI32: {-1 << 31, 1<<31 - 1}, loop.MemI64: Unknown,
}

// Ranges holds what is known of variables.
type Ranges struct {
	ints   map[*loop.Var]Int
	always map[*loop.Var]Int // of mutable variables, whenever they are read
	floats map[*loop.Var]Float
	temps  map[*loop.Buf]*temp
}

// temp is what is known of the integers in scratch memory.
type temp struct {
	untold map[*loop.Store]bool
	values Int
}

// New knows nothing.
func New() *Ranges {
	return &Ranges{ints: map[*loop.Var]Int{}, always: map[*loop.Var]Int{}, floats: map[*loop.Var]Float{}, temps: map[*loop.Buf]*temp{}}
}

// Set states the range of an integer variable.
func (r *Ranges) Set(v *loop.Var, s Int) { r.ints[v] = s }

// Define derives the range of a variable from all the values that it is given.
func (r *Ranges) Define(v *loop.Var, values ...loop.Expr) {
	if v.Mutable && v.Type == loop.Int {
		union := r.Int(values[0])
		for _, e := range values[1:] { // one that reads v itself is unknown, as v still is
			s := r.Int(e)
			union = Int{min(union.Lo, s.Lo), max(union.Hi, s.Hi)}
		}
		r.always[v], r.ints[v] = union, r.Int(values[0])
		return
	}
	e := values[0]
	switch {
	case v.Mutable:
	case v.Type == loop.Int:
		r.ints[v] = r.Int(e)
	case v.Type.Float():
		r.floats[v] = r.Float(e)
	}
}

// Assign derives the range that a mutable variable has from here on, until Forget.
func (r *Ranges) Assign(v *loop.Var, e loop.Expr) {
	if v.Type == loop.Int {
		if s := r.Int(e); s.Known() {
			r.ints[v] = s
		} else {
			r.ints[v] = r.always[v]
		}
	}
}

// Forget leaves of a mutable variable what always holds: where ways meet that set it.
func (r *Ranges) Forget(v *loop.Var) {
	if v.Type == loop.Int {
		r.ints[v] = r.always[v]
	}
}

// Always is the range of a variable whenever it is read.
func (r *Ranges) Always(v *loop.Var) Int {
	if s, ok := r.always[v]; ok {
		return s
	}
	return r.Int(&loop.Ref{Var: v})
}

// Scratch notes how often a body stores to scratch memory; until Store has told of all, nothing is known of it.
func (r *Ranges) Scratch(body []loop.Stmt) {
	loop.WalkStmts(body, func(s loop.Stmt) {
		switch s := s.(type) {
		case *loop.Store:
			if s.Buf.Role == loop.Temp && s.Mem.Type() == loop.Int {
				r.temp(s.Buf).untold[s] = true
			}
		case *loop.Drain: // what a tile holds is not known
			r.temp(s.Buf).untold[nil] = true
		}
	})
}

func (r *Ranges) temp(b *loop.Buf) *temp {
	if r.temps[b] == nil {
		r.temps[b] = &temp{untold: map[*loop.Store]bool{}, values: Int{far, -far}}
	}
	return r.temps[b]
}

// Store tells of a store to scratch memory.
func (r *Ranges) Store(s *loop.Store) {
	if t := r.temps[s.Buf]; t != nil && !s.Buf.Bytes {
		v := r.Int(s.Value)
		delete(t.untold, s)
		t.values = Int{min(t.values.Lo, v.Lo), max(t.values.Hi, v.Hi)}
	}
}

// Counter bounds the values of a loop's counter, and the first value that the loop does not do.
func (r *Ranges) Counter(s *loop.For) (counter, rest Int) {
	from, to := r.Int(s.Lo), r.Int(s.Hi)
	if !from.Known() {
		return Unknown, Unknown
	}
	if !to.Known() {
		return Unknown, Unknown // its last step may wrap
	}
	last := to.Hi - 1
	if s.Whole {
		last = to.Hi - s.Step
	}
	if from.Lo == from.Hi && last > from.Lo {
		last -= (last - from.Lo) % s.Step
	}
	return Int{from.Lo, max(from.Lo, last)}, Int{from.Lo, max(from.Hi, to.Hi+s.Step)}
}

// Int bounds an Int expression, all lanes together.
func (r *Ranges) Int(e loop.Expr) Int {
	switch e := e.(type) {
	case *loop.ConstInt:
		return Int{e.V, e.V}.sane()
	case *loop.Ref:
		if s, ok := r.ints[e.Var]; ok {
			return s
		}
	case *loop.Load:
		m := OfMem(e.Mem)
		if t := r.temps[e.Buf]; t != nil && len(t.untold) == 0 && t.values.Within(m.Lo, m.Hi) {
			return t.values
		}
		return m
	case *loop.Peek:
		return OfMem(e.Mem)
	case *loop.Wrap:
		m := OfMem(e.Mem)
		if a := r.Int(e.A); a.Known() && a.Within(m.Lo, m.Hi) {
			return a
		}
		return m
	case *loop.Bits:
		if e.A.Type() == loop.F32 {
			return OfMem(loop.MemU32)
		}
	case *loop.Convert:
		if f := r.Float(e.A); f.Known() {
			return Int{int64(f.Lo), int64(f.Hi)}
		}
	case *loop.Splat:
		return r.Int(e.A)
	case *loop.Iota:
		return Int{0, int64(e.N) - 1}
	case *loop.Dot:
		product := r.product(r.Int(e.A), r.Int(e.B))
		if product.Within(-far/8, far/8) {
			return Int{4 * product.Lo, 4 * product.Hi}
		}
	case *loop.Reduce:
		if a := r.Int(e.A); e.Op != loop.Add {
			return a
		} else if n := int64(e.A.Lanes()); a.Within(-far/n, far/n) {
			return Int{n * a.Lo, n * a.Hi}.sane()
		}
	case *loop.Select:
		a, b := r.Int(e.A), r.Int(e.B)
		return Int{min(a.Lo, b.Lo), max(a.Hi, b.Hi)}.sane()
	case *loop.Binary:
		return r.binary(e)
	}
	return Unknown
}

func (r *Ranges) binary(e *loop.Binary) Int {
	a, b := r.Int(e.A), r.Int(e.B)
	point := b.Lo == b.Hi
	switch {
	case e.Op == loop.And: // one known operand is enough
		switch {
		case b.Lo >= 0 && a.Lo >= 0:
			return Int{0, min(a.Hi, b.Hi)}
		case b.Lo >= 0:
			return Int{0, b.Hi}
		case a.Lo >= 0:
			return Int{0, a.Hi}
		}
		return Unknown
	case e.Op == loop.Mod && point && b.Lo > 0:
		if a.Lo >= 0 {
			return Int{0, min(a.Hi, b.Lo-1)}
		}
		return Int{1 - b.Lo, b.Lo - 1}
	case !a.Known() || !b.Known():
		return Unknown
	}
	switch e.Op {
	case loop.Add:
		return Int{a.Lo + b.Lo, a.Hi + b.Hi}.sane()
	case loop.Sub:
		return Int{a.Lo - b.Hi, a.Hi - b.Lo}.sane()
	case loop.Min:
		return Int{min(a.Lo, b.Lo), min(a.Hi, b.Hi)}
	case loop.Max:
		return Int{max(a.Lo, b.Lo), max(a.Hi, b.Hi)}
	case loop.Mul:
		return r.product(a, b)
	case loop.Div:
		if point && b.Lo > 0 {
			return Int{a.Lo / b.Lo, a.Hi / b.Lo}
		}
		if a.Lo >= 0 && b.Lo >= 0 { // a zero divisor is a trap
			return Int{0, a.Hi}
		}
	case loop.Mod:
		if a.Lo >= 0 && b.Lo >= 0 {
			return Int{0, min(a.Hi, b.Hi)}
		}
	case loop.Shr:
		if a.Lo >= 0 && b.Within(0, 63) {
			return Int{a.Lo >> uint(b.Hi), a.Hi >> uint(b.Lo)}
		}
	case loop.Shl:
		if a.Lo >= 0 && a.Hi < 1<<31 && b.Within(0, 31) {
			return Int{a.Lo << uint(b.Lo), a.Hi << uint(b.Hi)}.sane()
		}
	case loop.Or, loop.Xor:
		if a.Lo >= 0 && b.Lo >= 0 && max(a.Hi, b.Hi) < far/2 {
			m := int64(1)
			for m <= a.Hi || m <= b.Hi {
				m <<= 1
			}
			return Int{0, m - 1}
		}
	}
	return Unknown
}

func (r *Ranges) product(a, b Int) Int {
	const half = int64(1) << 31
	if a.Within(-half, half) && b.Within(-half, half) || a.Lo >= 0 && b.Lo >= 0 && (a.Hi == 0 || b.Hi <= far/2/a.Hi) {
		p := []int64{a.Lo * b.Lo, a.Lo * b.Hi, a.Hi * b.Lo, a.Hi * b.Hi}
		return Int{min(p[0], p[1], p[2], p[3]), max(p[0], p[1], p[2], p[3])}.sane()
	}
	return Unknown
}
