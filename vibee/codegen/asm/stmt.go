package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/codegen/asm/machine"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// block emits a body.
func (c *compiler) block(body []loop.Stmt) {
	outer := c.pending
	c.pending = nil
	defer func() { c.pending = outer }()
	for i, s := range body {
		switch s := s.(type) {
		case *loop.For:
			c.loop(s)
		case *loop.If:
			c.conditional(s)
		case *loop.Def:
			c.define(s)
		case *loop.Set:
			c.assign(s)
		case *loop.Open:
			c.open(s.View)
		case *loop.Store:
			c.store(s)
			c.ranges.Store(s)
		case *loop.Prefetch:
			c.prefetch(s)
		case *loop.Tiled:
			c.tiled(s)
		case *loop.Clear:
			c.Tile(machine.TileZero(c.tiles[s.Tile]))
		case *loop.Fill:
			c.moveTile(s.Tile, s.Buf, s.Index, s.Stride, machine.TileLoad(c.tiles[s.Tile]))
		case *loop.Multiply:
			c.multiplyTiles(s)
		case *loop.Drain:
			c.moveTile(s.Tile, s.Buf, s.Index, s.Stride, machine.TileStore(c.tiles[s.Tile]))
		case *loop.Note:
			c.Comment(s.Text)
		default:
			unsupported("%T", s)
		}
		c.flushBefore(body[i+1:])
	}
}

// region emits a body into a region of its own.
func (c *compiler) region(isLoop bool, body func()) {
	c.Open(isLoop)
	c.known = append(c.known, map[string]value{})
	body()
	c.known = c.known[:len(c.known)-1]
}

// eval emits a value of any type; integers in lanes as lanes of e.
func (c *compiler) eval(x loop.Expr, e elem) value {
	switch {
	case x.Type() == loop.Bool:
		return c.boolean(x)
	case x.Type() == loop.Int && x.Lanes() == 1:
		return c.int(x).value()
	case x.Type() == loop.Int:
		return c.integers(x, e)
	}
	return c.float(x)
}

// define gives a variable its first value. An immutable one is that value; a mutable one has
// registers of its own.
func (c *compiler) define(s *loop.Def) {
	v := s.Var
	c.ranges.Define(v, append([]loop.Expr{s.Value}, c.sets[v]...)...)
	e := f32
	if v.Type == loop.Int && v.Lanes > 1 {
		e = c.narrowest(c.ranges.Always(v), v.Lanes)
	}
	if v.Type.Float() {
		c.Comment(v.Name + " = " + shorten(loop.Text(s.Value)))
	}
	if v.Type == loop.Int && v.Lanes == 1 && !v.Mutable {
		if p := c.polynomial(s.Value); !c.changes(p) { // computed where it is used
			c.vars[v] = &variable{sum: &p}
			return
		}
	}
	x := c.eval(s.Value, e)
	if !v.Mutable && !c.owned(x) {
		if len(x.parts) > 0 {
			x.key = fmt.Sprintf("%v", x.parts[0].ID())
		}
		c.vars[v] = &variable{value: x, level: x.level}
		return
	}
	if v.Type == loop.Bool && v.Lanes == 1 {
		x = value{typ: loop.Bool, lanes: 1, integerValue: integer{reg: c.toFlag(x)}}
	}
	own := c.copied(x)
	if !v.Mutable && len(own.parts) > 0 {
		own.key = fmt.Sprintf("%v", own.parts[0].ID())
	}
	c.vars[v] = &variable{value: own, level: c.Level()}
}

// changes reports whether a part of p is a mutable variable.
func (c *compiler) changes(p polynomial) bool {
	for _, t := range p.terms {
		for _, f := range t.factors {
			if c.owned(f.value()) {
				return true
			}
		}
	}
	return false
}

// shorten cuts a formula for a comment.
func shorten(s string) string {
	const most = 96
	if len(s) > most {
		return s[:most] + " …"
	}
	return s
}

// owned reports whether x is in the registers of a mutable variable, which may change.
func (c *compiler) owned(x value) bool {
	for v, o := range c.vars {
		if !v.Mutable {
			continue
		}
		if x.integerValue.reg != nil && o.integerValue.reg == x.integerValue.reg {
			return true
		}
		for i, p := range o.parts {
			if i < len(x.parts) && x.parts[i].ID() == p.ID() {
				return true
			}
		}
	}
	return false
}

// registers makes registers like those of x.
func (c *compiler) registers(x value) value {
	own := x
	own.key, own.level = "", c.Level()
	if len(x.parts) == 0 {
		r := c.Regs.GP64()
		own.integerValue = integer{reg: r, key: fmt.Sprintf("r%d", r.VirtualIndex()), level: c.Level(), data: true}
		return own
	}
	own.parts = make([]reg.Register, len(x.parts))
	for i := range own.parts {
		if x.mask && c.isa.masks {
			own.parts[i] = c.Regs.K()
		} else {
			own.parts[i] = c.vector(x.bytes)
		}
	}
	return own
}

// copied is x in registers of its own.
func (c *compiler) copied(x value) value {
	own := c.registers(x)
	c.copy(x, own)
	return own
}

func (c *compiler) copy(x, to value) {
	if len(x.parts) == 0 {
		if x.integerValue.isConst() {
			c.loadConst(x.integerValue.constant, to.integerValue.reg)
		} else {
			c.Move(x.integerValue.reg, to.integerValue.reg)
		}
		return
	}
	for i := range x.parts {
		c.Move(x.op(i).(reg.Register), to.op(i).(reg.Register))
	}
}

// assign changes a mutable variable.
func (c *compiler) assign(s *loop.Set) {
	v, e := s.Var, s.Value
	own := c.vars[v]
	if own == nil {
		panic(fmt.Errorf("%s is not assigned", v.Name))
	}
	if v.Type.Float() {
		c.Comment(v.Name + " = " + shorten(loop.Text(e)))
	}
	defer c.ranges.Assign(v, e)
	if c.accumulates(s, own) {
		own.version++
		own.level = c.Level()
		return
	}
	x := c.eval(e, own.elem)
	if v.Type == loop.Bool && !own.mask {
		x = value{typ: loop.Bool, lanes: 1, integerValue: integer{reg: c.toFlag(x)}}
	} else if own.mask {
		x = c.toMask(x, own.elem)
	}
	c.copy(x, own.value)
	own.version++
	own.level = c.Level()
}

// unsettle tells that the variables that a body sets have new values, settled at a level.
func (c *compiler) unsettle(level int, bodies ...[]loop.Stmt) {
	for _, body := range bodies {
		loop.WalkStmts(body, func(s loop.Stmt) {
			if s, ok := s.(*loop.Set); ok {
				c.ranges.Forget(s.Var)
				if v := c.vars[s.Var]; v != nil {
					v.version++
					v.level = level
				}
			}
		})
	}
}

// conditional emits an If; only the branch that is taken where that is known.
func (c *compiler) conditional(s *loop.If) {
	if holds, ok := c.decided(s.Cond); ok {
		if holds {
			c.block(s.Then)
		} else {
			c.block(s.Else)
		}
		return
	}
	end := c.Label("endif")
	other := end
	if len(s.Else) > 0 {
		other = c.Label("else")
	}
	c.branch(s.Cond, other, false)
	part := func(body []loop.Stmt) {
		c.region(false, func() { c.block(body) })
		c.Append(c.Close())
	}
	part(s.Then)
	c.unsettle(c.Level(), s.Then)
	if len(s.Else) > 0 {
		c.Emit(x86.JMP(operand.LabelRef(end)))
		c.Mark(other)
		part(s.Else)
	}
	c.Mark(end)
	c.unsettle(c.Level(), s.Then, s.Else)
}

// loop emits a For.
func (c *compiler) loop(s *loop.For) {
	lo, hi := c.int(s.Lo), c.int(s.Hi)
	counter, rest := c.ranges.Counter(s)
	c.ranges.Set(s.Var, counter)
	if s.Rest != nil {
		c.ranges.Set(s.Rest, rest)
	}
	limit := hi
	if s.Whole {
		limit = c.addInt(hi, number(1-s.Step))
	}
	if lo.isConst() && limit.isConst() && (s.Unroll || lo.constant+s.Step >= limit.constant) {
		c.unrolled(s, lo.constant, limit.constant)
		return
	}
	to := c.source(limit)
	below := c.polynomial(s.Hi)
	if s.Whole {
		below.rest += 1 - s.Step
	}
	r := c.Regs.GP64()
	level := c.Level() + 2
	l := &counting{level: level, counter: r, step: s.Step, whole: s.Whole, lo: lo, limit: limit}
	i := integer{reg: r, key: fmt.Sprintf("r%d", r.VirtualIndex()), level: level, data: lo.data || hi.data, loop: l, natural: lo.natural, below: &below}
	top, done := c.Label(s.Var.Name+"_loop"), c.Label(s.Var.Name+"_done")
	c.Comment("for " + s.Var.Name + " in " + loop.Text(s.Lo) + " .. " + loop.Text(s.Hi))
	c.unsettle(level, s.Body)
	c.region(false, func() { // what comes before the first step, if there is one
		c.region(true, func() {
			c.loops = append(c.loops, l)
			c.vars[s.Var] = &variable{value: i.value(), level: level}
			c.block(s.Body)
			c.Emit(x86.ADDQ(in32(s.Step), r))
			for _, run := range l.running {
				c.Emit(x86.ADDQ(c.source(run.step), run.value.reg))
			}
			c.Emit(x86.CMPQ(r, to))
			c.Emit(x86.JLT(operand.LabelRef(top)))
			c.loops = c.loops[:len(c.loops)-1]
		})
		body := c.Close()
		c.Mark(top)
		c.Append(body)
	})
	body := c.Close()
	c.unsettle(c.Level(), s.Body)
	if lo.isConst() {
		c.loadConst(lo.constant, r)
	} else {
		c.Emit(x86.MOVQ(lo.reg, r))
	}
	if !lo.isConst() || !limit.isConst() {
		c.Emit(x86.CMPQ(r, to))
		c.Emit(x86.JGE(operand.LabelRef(done)))
	}
	c.Append(body)
	c.Mark(done)
	if s.Rest != nil {
		rest := integer{reg: r, key: i.key, level: c.Level(), data: i.data, natural: lo.natural}
		c.vars[s.Rest] = &variable{value: rest.value(), level: c.Level()}
	}
}

// unrolled repeats a body for each value of its counter.
func (c *compiler) unrolled(s *loop.For, lo, limit int64) {
	i := lo
	for ; i < limit; i += s.Step {
		c.ranges.Set(s.Var, ranges.Int{Lo: i, Hi: i})
		c.vars[s.Var] = &variable{value: number(i).value()}
		c.block(s.Body)
	}
	if s.Rest != nil {
		c.vars[s.Rest] = &variable{value: number(i).value()}
	}
}
