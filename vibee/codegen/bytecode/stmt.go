package bytecode

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// block compiles statements; the registers of the variables defined in it are free after it.
func (c *compiler) block(list []loop.Stmt) {
	var owned []operand
	for _, s := range list {
		if c.err != nil {
			return
		}
		switch s := s.(type) {
		case *loop.Def:
			owned = append(owned, c.def(s))
		case *loop.Set:
			v, ok := c.vars[s.Var]
			if !ok || !v.mutable {
				c.fail("set of %s, which is no mutable variable here", s.Var.Name)
				return
			}
			c.assign(v, s.Value)
		case *loop.For:
			if rest, ok := c.loop(s); ok {
				owned = append(owned, rest)
			}
		case *loop.If:
			c.branch(s)
		case *loop.Open:
			c.open(s.View)
		case *loop.Store:
			c.store(s)
		case *loop.Note, *loop.Prefetch:
		default:
			c.fail("unknown statement %T", s)
		}
	}
	c.release(owned...)
}

// def gives what the block owns of a new variable: nothing where it is another name of an
// immutable value.
func (c *compiler) def(s *loop.Def) operand {
	t, v := kind(s.Var.Type), operand{}
	if s.Var.Mutable {
		v = c.alloc(t, s.Var.Lanes)
		v.temp = false
		c.assign(v, s.Value)
		v.mutable = true
		c.vars[s.Var] = v
		v.temp = true
		return v
	}
	v = c.expr(s.Value, nil)
	if v.mutable {
		v = c.copy(v, nil, v.lanes)
	}
	owned := v
	v.temp = false
	c.vars[s.Var] = v
	return owned
}

// assign puts a value into the register of v.
func (c *compiler) assign(v operand, e loop.Expr) {
	v.temp = false
	r := c.expr(e, &v)
	if r.known || r.reg != v.reg {
		c.copy(r, &v, v.lanes)
	}
}

func (c *compiler) loop(s *loop.For) (rest operand, ok bool) {
	lo := c.expr(s.Lo, nil)
	hi := c.expr(s.Hi, nil)
	if s.Step < 1 {
		c.fail("loop over %s: step %d", s.Var.Name, s.Step)
		return
	}
	if s.Unroll && len(c.code) < maxUnrolled && lo.known && hi.known && c.unroll(s, lo.value, hi.value) {
		return
	}
	l, h := c.read(lo), c.read(hi)
	v := c.alloc(vm.Int, 1)
	if s.Whole {
		rest = c.alloc(vm.Int, 1)
		c.emit(vm.Whole, v.reg, rest.reg, l, h, int(s.Step))
	} else {
		c.emit(vm.For, v.reg, l, h, int(s.Step))
	}
	c.release(lo, hi)
	counter := v
	counter.temp = false
	c.vars[s.Var] = counter
	c.block(s.Body)
	c.emit(vm.End)
	c.release(v)
	if s.Whole && s.Rest != nil {
		r := rest
		r.temp = false
		c.vars[s.Rest] = r
		return rest, true
	}
	c.release(rest)
	return operand{}, false
}

const (
	maxUnroll   = 64      // turns
	maxUnrolled = 1 << 13 // instructions; beyond, loops stay loops
)

// unroll repeats a loop's body with its counter as a constant, if it has few turns.
func (c *compiler) unroll(s *loop.For, lo, hi int64) bool {
	last := hi
	if s.Whole {
		last = hi - s.Step + 1
	}
	if lo < -1<<32 || hi > 1<<32 || s.Step > 1<<32 || last-lo > maxUnroll*s.Step {
		return false
	}
	i := lo
	for ; i < last; i += s.Step {
		c.vars[s.Var] = integer(i)
		c.block(s.Body)
	}
	if s.Rest != nil {
		c.vars[s.Rest] = integer(i)
	}
	return true
}

func (c *compiler) branch(s *loop.If) {
	cond := c.expr(s.Cond, nil)
	c.emit(vm.If, cond.reg)
	c.release(cond)
	c.block(s.Then)
	if len(s.Else) > 0 {
		c.emit(vm.Else)
		c.block(s.Else)
	}
	c.emit(vm.End)
}

func (c *compiler) open(v *loop.View) {
	at, ok := c.views[v]
	if !ok {
		at = len(c.out.Views)
		c.views[v] = at
		c.out.Views = append(c.out.Views, vm.View{Name: v.Name, Buf: c.buffer(v.Buf), Lanes: v.Lanes, Size: v.Size})
	}
	i := c.expr(v.Index, nil)
	if v.Lanes == 1 {
		c.emit(vm.Open, at, c.read(i))
		c.release(i)
		return
	}
	if v.Stride == nil {
		c.fail("view %s: %d lanes without a stride", v.Name, v.Lanes)
		return
	}
	s := c.expr(v.Stride, nil)
	c.emit(vm.OpenS, at, c.read(i), c.read(s))
	c.release(i, s)
}

func (c *compiler) buffer(b *loop.Buf) int {
	at, ok := c.bufs[b]
	if !ok {
		c.fail("buffer %s is not declared", b.Name)
	}
	return at
}

func (c *compiler) store(s *loop.Store) {
	n := s.Value.Lanes()
	v := c.spread(c.expr(s.Value, nil), n)
	mem, buf := int(s.Mem), c.buffer(s.Buf)
	switch i := c.expr(s.Index, nil); {
	case n == 1:
		c.emit(vm.Store, mem, buf, c.read(i), c.read(v))
		c.release(i)
	case s.Stride != nil:
		stride := c.expr(s.Stride, nil)
		c.emit(vm.StoreS, mem, buf, c.read(i), c.read(stride), c.read(v))
		c.release(i, stride)
	default:
		i = c.spread(i, n)
		c.emit(vm.Scatter, mem, buf, i.reg, v.reg)
		c.release(i)
	}
	c.release(v)
}
