package loop

import (
	"errors"
	"fmt"
	"regexp"
)

// Verify checks every rule that the types of this package state, as far as it can be decided:
// types and lanes, scopes (what is read has been assigned), variables that are assigned
// once, names, roles of buffers, constant indices. It reports all faults, each with its place.
func Verify(p *Program) error {
	v := &verifier{p: p, bufs: map[*Buf]bool{}, vars: map[*Var]bool{}, views: map[*View]bool{}, tiles: map[*Tile]bool{}, names: map[string]bool{}, declared: map[*Var]bool{}}
	v.program()
	if len(v.faults) == 0 {
		return nil
	}
	return fmt.Errorf("loop: program %s: %w", p.Name, errors.Join(v.faults...))
}

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString

type verifier struct {
	p        *Program
	at       string // what is being checked
	faults   []error
	bufs     map[*Buf]bool  // listed
	vars     map[*Var]bool  // in scope
	views    map[*View]bool // in scope
	tiles    map[*Tile]bool // in scope
	names    map[string]bool
	declared map[*Var]bool
}

func (v *verifier) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Errorf("%s: %s", v.at, fmt.Sprintf(format, args...)))
}

func (v *verifier) program() {
	p := v.p
	v.at = "name"
	if !identifier(p.Name) {
		v.fault("%q is no identifier", p.Name)
	}
	if p.Grain < 1 {
		v.fault("grain %d", p.Grain)
	}
	for _, d := range p.Dims {
		v.param(d, Int)
	}
	v.size("work", p.Work)
	v.buffers("parameter", p.Bufs, In, Out, InOut)
	v.buffers("temp", p.Temps, Temp)
	v.buffers("table", p.Tables, Table)
	for _, s := range p.Scalars {
		v.param(s, F32)
	}
	v.param(p.Lo, Int)
	v.param(p.Hi, Int)
	v.block(p.Body)
}

func (v *verifier) param(x *Var, t Type) {
	if x == nil {
		v.at = "parameters"
		v.fault("one is missing")
		return
	}
	v.at = "parameter " + x.Name
	if x.Type != t || x.Lanes != 1 || x.Mutable {
		v.fault("is no immutable %v of one lane", t)
	}
	v.declare(x)
}

// declare brings a variable into scope.
func (v *verifier) declare(x *Var) {
	if v.declared[x] {
		v.fault("variable %s is declared twice", x.Name)
	} else {
		v.name(x.Name)
	}
	if x.Lanes < 1 {
		v.fault("variable %s has %d lanes", x.Name, x.Lanes)
	}
	v.declared[x], v.vars[x] = true, true
}

func (v *verifier) name(s string) {
	if !identifier(s) {
		v.fault("%q is no identifier", s)
	}
	if v.names[s] {
		v.fault("the name %s is taken", s)
	}
	v.names[s] = true
}

// size checks an expression over dims alone; only they are in scope when it is called.
func (v *verifier) size(at string, e Expr) {
	v.at = at
	if e == nil {
		v.fault("is missing")
		return
	}
	v.oneInt("it", e)
	Walk(e, func(e Expr) {
		switch e.(type) {
		case *Load, *Peek:
			v.fault("reads memory")
		}
	})
}

func (v *verifier) buffers(what string, bufs []*Buf, roles ...Role) {
	names := map[string]bool{}
	for b := range v.bufs {
		names[b.Name] = true
	}
	for _, b := range bufs {
		v.at = what + " " + b.Name
		ok := false
		for _, r := range roles {
			ok = ok || b.Role == r
		}
		if !ok {
			v.fault("has role %d", b.Role)
		}
		if !identifier(b.Name) {
			v.fault("%q is no identifier", b.Name)
		}
		if v.bufs[b] || names[b.Name] {
			v.fault("is there twice")
		}
		v.bufs[b], names[b.Name] = true, true
		if b.Size != nil {
			v.size(v.at, b.Size)
		} else if b.Role == Temp || b.Role == Table {
			v.fault("has no size")
		}
		v.data(b)
	}
}

func (v *verifier) data(b *Buf) {
	if b.Role != Table {
		if b.Data != nil {
			v.fault("has data, and is no table")
		}
		return
	}
	if n, ok := b.Size.(*ConstInt); b.Size != nil && (!ok || n.V != int64(len(b.Data))) {
		v.fault("holds %d values, which is not its size", len(b.Data))
	}
	mem := b.Elem
	if b.Bytes {
		mem = MemU8
	}
	lo, hi := mem.limits()
	for i, d := range b.Data {
		if d < lo || d > hi {
			v.fault("value %d is %d, which is no %v", i, d, mem)
			return
		}
	}
}

// limits is the range of the integers, or the bits of floats, that m holds.
func (m Mem) limits() (lo, hi int64) {
	bits := uint(8 * m.Bytes())
	switch m {
	case MemI64, MemF64:
		return -1 << 63, 1<<63 - 1
	case MemI8, MemI16, MemI32:
		return -1 << (bits - 1), 1<<(bits-1) - 1
	}
	return 0, 1<<bits - 1
}

// block checks a body; what it declares ends with it.
func (v *verifier) block(body []Stmt) {
	var vars []*Var
	var views []*View
	for _, s := range body {
		switch s := s.(type) {
		case *Def:
			v.at = "def " + s.Var.Name
			v.typed(s.Value, s.Var.Type, s.Var.Lanes)
			v.declare(s.Var)
			vars = append(vars, s.Var)
		case *Set:
			v.at = "set " + s.Var.Name
			v.typed(s.Value, s.Var.Type, s.Var.Lanes)
			if !s.Var.Mutable {
				v.fault("the variable is immutable")
			}
			if !v.vars[s.Var] {
				v.fault("the variable is not in scope")
			}
		case *Open:
			v.open(s.View)
			views = append(views, s.View)
		case *Store:
			v.store(s)
		case *Prefetch:
			v.at = "prefetch of " + s.Buf.Name
			v.listed(s.Buf)
			v.mem(s.Buf, s.Mem)
			v.oneInt("index", s.Index)
			if s.Stride != nil {
				v.oneInt("stride", s.Stride)
			}
			if s.N < 1 || s.Stride == nil && s.N > 1 {
				v.fault("%d elements", s.N)
			}
		case *If:
			v.at = "if"
			v.typed(s.Cond, Bool, 1)
			v.block(s.Then)
			v.block(s.Else)
		case *For:
			v.loop(s)
			if s.Rest != nil {
				v.at = "for " + s.Var.Name
				v.counter(s.Rest)
				vars = append(vars, s.Rest)
			}
		case *Tiled:
			v.tiled(s)
		case *Clear:
			v.at = "clear " + s.Tile.Name
			v.tile(s.Tile)
		case *Fill:
			v.moved("fill", s.Tile, s.Buf, s.Index, s.Stride)
		case *Multiply:
			v.multiply(s)
		case *Drain:
			v.moved("drain", s.Tile, s.Buf, s.Index, s.Stride)
			v.written(s.Buf)
		case *Note:
		default:
			v.fault("unknown statement %T", s)
		}
	}
	for _, x := range vars {
		delete(v.vars, x)
	}
	for _, x := range views {
		delete(v.views, x)
	}
}

func (v *verifier) counter(x *Var) {
	if x.Type != Int || x.Lanes != 1 || x.Mutable {
		v.fault("%s is no immutable int of one lane", x.Name)
	}
	v.declare(x)
}

func (v *verifier) loop(s *For) {
	v.at = "for " + s.Var.Name
	v.oneInt("lo", s.Lo)
	v.oneInt("hi", s.Hi)
	if s.Step < 1 {
		v.fault("step %d", s.Step)
	}
	if s.Rest != nil && !s.Whole {
		v.fault("a rest, and the loop is not whole")
	}
	v.counter(s.Var)
	v.block(s.Body)
	delete(v.vars, s.Var)
}

func (v *verifier) open(w *View) {
	v.at = "view " + w.Name
	v.listed(w.Buf)
	v.name(w.Name)
	v.oneInt("index", w.Index)
	if w.Lanes < 1 || w.Size < 1 {
		v.fault("%d lanes of %d", w.Lanes, w.Size)
	}
	if (w.Stride == nil) != (w.Lanes == 1) {
		v.fault("%d lanes, and a stride: %t", w.Lanes, w.Stride != nil)
	}
	last := int64(w.Size - 1)
	if w.Stride != nil {
		v.oneInt("stride", w.Stride)
		if c, ok := w.Stride.(*ConstInt); ok {
			last += c.V * int64(w.Lanes-1)
		}
	}
	v.inside(w.Buf, w.Index, last)
	v.views[w] = true
}

func (v *verifier) store(s *Store) {
	v.at = "store to " + s.Buf.Name
	v.listed(s.Buf)
	v.written(s.Buf)
	v.mem(s.Buf, s.Mem)
	n := s.Value.Lanes()
	v.typed(s.Value, s.Mem.Type(), n)
	if s.Stride == nil {
		v.typed(s.Index, Int, n)
		return
	}
	v.oneInt("index", s.Index)
	v.oneInt("stride", s.Stride)
	v.inside(s.Buf, s.Index, v.reach(s.Buf, s.Mem, s.Stride, n))
}

func (v *verifier) written(b *Buf) {
	if b.Role == In || b.Role == Table {
		v.fault("it is not to be written")
	}
}

// reach is how far past its index an access goes at least.
func (v *verifier) reach(b *Buf, m Mem, stride Expr, n int) int64 {
	last := int64(0)
	if b.Bytes {
		last = int64(m.Bytes() - 1)
	}
	if c, ok := stride.(*ConstInt); ok && c.V > 0 {
		last += c.V * int64(n-1)
	}
	return last
}

// inside refuses a constant index that is outside a buffer, where that is known.
func (v *verifier) inside(b *Buf, index Expr, last int64) {
	i, ok := index.(*ConstInt)
	if !ok {
		return
	}
	if size, ok := b.Size.(*ConstInt); i.V < 0 || ok && i.V+last >= size.V {
		v.fault("index %d is outside %s", i.V, b.Name)
	}
}

func (v *verifier) listed(b *Buf) {
	if !v.bufs[b] {
		v.fault("%s is no buffer of the program", b.Name)
	}
}

func (v *verifier) mem(b *Buf, m Mem) {
	if !b.Bytes && m != b.Elem {
		v.fault("%s holds %v, not %v", b.Name, b.Elem, m)
	}
}
