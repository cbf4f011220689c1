package asm

import (
	"errors"
	"fmt"
	"runtime"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/codegen/asm/machine"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/bf16"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
	"github.com/trinity-engine/trinity/vibee/ir/loop/words"
)

// errUnsupported is the fault of a program that the emitter has no instructions for.
var errUnsupported = errors.New("is not supported")

// unsupported ends the compilation of a program.
func unsupported(format string, args ...any) {
	panic(fmt.Errorf("%s %w", fmt.Sprintf(format, args...), errUnsupported))
}

// compiler makes one function of one program.
type compiler struct {
	*machine.Builder
	isa    isa
	prog   *loop.Program
	frame  frame
	ranges *ranges.Ranges
	data   *constants

	vars  map[*loop.Var]*variable
	views map[*loop.View]*view
	tiles map[*loop.Tile]int // their numbers
	bases map[*loop.Buf]integer
	sets  map[*loop.Var][]loop.Expr // the values that mutable variables are given

	pending []*ofVariable // dots that are yet to be added
	sums    *pending      // that of the dot that is being emitted; nil: it is added at once

	second    bool // a proof takes the other bound of what has two
	quotients []quotient
	loops     []*counting        // around the current place
	known     []map[string]value // what is computed in each region
	missed    bool               // an instruction that another isa has was asked for
	fail      string             // the label to jump to where an index is outside
	fails     bool               // it is used
}

// variable is where a Var of the program lives.
type variable struct {
	value
	sum     *polynomial // of an immutable Int: what it is made of
	level   int         // of the region in which its value is settled
	version int         // of a mutable one: how often it was set
}

// counting is a loop that is being emitted.
type counting struct {
	level   int // of its body
	counter reg.GPVirtual
	step    int64
	whole   bool
	lo      integer
	limit   integer // the counter stays below it
	running []running
}

// running is a register that is a multiple of a loop's counter.
type running struct {
	value, step integer
}

// compile makes the assembly of p. Constants go to data. It tells whether it missed an instruction that an isa with
// more of them has.
func compile(p *loop.Program, name string, s isa, data *constants) (fn *ir.Function, fr frame, missed bool, err error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case runtime.Error:
			panic(r)
		case error:
			if errors.Is(r, machine.ErrOperands) {
				r = fmt.Errorf("%w %w", r, errUnsupported)
			}
			err = fmt.Errorf("asm: program %s for %s: %w", p.Name, s.name, r)
		default:
			panic(r)
		}
	}()
	p = bf16.Expand(p)
	fr = frameOf(p)
	b, err := machine.New(name, fr.signature(), p.Math)
	if err != nil {
		return nil, fr, false, err
	}
	c := &compiler{
		Builder: b, isa: s, prog: p, frame: fr, ranges: ranges.New(), data: data,
		vars: map[*loop.Var]*variable{}, views: map[*loop.View]*view{}, tiles: map[*loop.Tile]int{}, bases: map[*loop.Buf]integer{},
		sets: map[*loop.Var][]loop.Expr{}, known: []map[string]value{{}}, fail: b.Label("outside"),
	}
	loop.WalkStmts(p.Body, func(s loop.Stmt) {
		if s, ok := s.(*loop.Set); ok {
			c.sets[s.Var] = append(c.sets[s.Var], s.Value)
		}
	})
	c.ranges.Scratch(p.Body)
	c.parameters()
	c.block(words.Join(p.Body))
	c.leave(1)
	if c.fails {
		c.Mark(c.fail)
		if len(c.tiles) > 0 {
			c.Tile(machine.TileRelease())
		}
		c.leave(0)
	}
	fn, err = b.Finish(machine.Limits{Vectors: s.vectors, Bytes: s.bytes})
	return fn, fr, c.missed, err
}

// leave returns to the caller: 1 where all went well.
func (c *compiler) leave(ok int) {
	c.Emit(x86.VZEROUPPER())
	c.Emit(x86.MOVB(operand.U8(ok), c.frame.result()))
	c.Emit(x86.RET())
}

// parameters loads what the function is called with. What is used little stays on the frame.
func (c *compiler) parameters() {
	natural := func(v *loop.Var, hi int64) {
		i := c.argument(v.Name)
		i.natural = true
		c.ranges.Set(v, ranges.Int{Lo: 0, Hi: hi})
		c.vars[v] = &variable{value: i.value()}
	}
	for _, v := range c.prog.Dims {
		natural(v, maxDim)
	}
	natural(c.prog.Lo, 1<<60)
	natural(c.prog.Hi, 1<<60)
	work := c.polynomial(c.prog.Work).plus(polynomial{rest: 1}, 1)
	c.vars[c.prog.Hi].integerValue.below = &work
	for _, v := range c.prog.Scalars {
		r := c.Regs.XMM()
		c.Emit(x86.VMOVSS(c.frame.argument(v.Name), r))
		c.vars[v] = &variable{value: value{typ: loop.F32, lanes: 1, elem: f32, parts: []reg.Register{r}, bytes: 16, key: "arg " + v.Name}}
	}
}

// argument loads an integer or a pointer.
func (c *compiler) argument(name string) integer {
	r := c.Regs.GP64()
	c.Emit(x86.MOVQ(c.frame.argument(name), r))
	return integer{reg: r, key: name}
}

// base is the address of a buffer.
func (c *compiler) base(b *loop.Buf) integer {
	if v, ok := c.bases[b]; ok {
		return v
	}
	var v integer
	c.At(0, func() {
		if b.Role != loop.Table {
			v = c.argument(b.Name)
			return
		}
		r := c.Regs.GP64()
		c.Emit(x86.LEAQ(c.data.table(b), r))
		v = integer{reg: r, key: "table " + b.Name}
	})
	c.bases[b] = v
	return v
}

// length is how many elements a buffer has.
func (c *compiler) length(b *loop.Buf) (n integer) {
	if b.Size != nil {
		return c.int(b.Size)
	}
	key := "length of " + b.Name
	if v, ok := c.known[0][key]; ok {
		return v.integer()
	}
	c.At(0, func() { n = c.argument(lengthName(b)) })
	c.known[0][key] = n.value()
	return n
}
