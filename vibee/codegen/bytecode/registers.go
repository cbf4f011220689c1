package bytecode

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// An operand is a value in a register. One lane stands for any number of equal lanes.
type operand struct {
	reg     vm.Reg
	typ     vm.Type
	lanes   int
	temp    bool  // nobody else reads it: it may be given back
	mutable bool  // a variable that a Set changes
	known   bool  // an Int constant,
	value   int64 // of this value
}

func (c *compiler) alloc(t vm.Type, lanes int) operand {
	k := vm.Local{Type: t, Lanes: lanes}
	if lanes > vm.MaxLanes {
		c.fail("a value of %d lanes, at most %d", lanes, vm.MaxLanes)
	}
	o := operand{typ: t, lanes: lanes, temp: true}
	if f := c.free[k]; len(f) > 0 {
		o.reg, c.free[k] = f[len(f)-1], f[:len(f)-1]
	} else {
		o.reg = firstLocal + len(c.out.Locals)
		c.out.Locals = append(c.out.Locals, k)
	}
	return o
}

// release gives temporaries back.
func (c *compiler) release(list ...operand) {
	for _, o := range list {
		if o.temp {
			k := vm.Local{Type: o.typ, Lanes: o.lanes}
			c.free[k] = append(c.free[k], o.reg)
		}
	}
}

func (c *compiler) constant(t vm.Type, bits uint64) operand {
	k := vm.Const{Type: t, Bits: bits}
	r, ok := c.consts[k]
	if !ok {
		r = firstConst + len(c.out.Consts)
		c.consts[k] = r
		c.out.Consts = append(c.out.Consts, k)
	}
	return operand{reg: r, typ: t, lanes: 1}
}

// integer is a constant; it gets a register when an instruction reads it.
func integer(v int64) operand { return operand{typ: vm.Int, lanes: 1, known: true, value: v} }

func (c *compiler) float(e *loop.ConstFloat) operand {
	if e.T == loop.F32 {
		return c.constant(vm.F32, uint64(math.Float32bits(float32(e.V))))
	}
	return c.constant(vm.F64, math.Float64bits(e.V))
}

// read gives the register that holds o.
func (c *compiler) read(o operand) int {
	if o.known {
		return c.constant(vm.Int, uint64(o.value)).reg
	}
	return o.reg
}

// into makes a place for a result: dst where it fits, else a temporary.
func (c *compiler) into(dst *operand, t vm.Type, lanes int) operand {
	if dst != nil && dst.lanes == lanes {
		return *dst
	}
	return c.alloc(t, lanes)
}

// spread gives o with all its lanes.
func (c *compiler) spread(o operand, lanes int) operand {
	if o.lanes == lanes {
		return o
	}
	return c.copy(o, nil, lanes)
}

func (c *compiler) copy(o operand, dst *operand, lanes int) operand {
	r := c.read(o)
	c.release(o)
	d := c.into(dst, o.typ, lanes)
	c.emit(vm.Copy, d.reg, r)
	return d
}
