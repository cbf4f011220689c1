package bytecode

import (
	"encoding/binary"
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/bf16"
	"github.com/trinity-engine/trinity/vibee/ir/loop/tiles"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// Compile gives the bytecode of a program that the Loop IR's verifier accepts. An error says
// which limit of the machine the program is beyond, or what is not valid in it.
func Compile(p *loop.Program) (*vm.Program, error) {
	p = bf16.Expand(tiles.Expand(p))
	c := &compiler{
		out:    &vm.Program{Name: p.Name, Grain: p.Grain},
		bufs:   map[*loop.Buf]int{},
		views:  map[*loop.View]int{},
		vars:   map[*loop.Var]operand{},
		consts: map[vm.Const]vm.Reg{},
		maps:   map[string]int{},
		free:   map[vm.Local][]vm.Reg{},
	}
	if c.program(p); c.err == nil {
		c.number()
		c.err = c.out.Verify()
	}
	if c.err != nil {
		return nil, fmt.Errorf("bytecode: %s: %w", p.Name, c.err)
	}
	return c.out, nil
}

type compiler struct {
	out    *vm.Program
	bufs   map[*loop.Buf]int
	views  map[*loop.View]int
	vars   map[*loop.Var]operand
	consts map[vm.Const]vm.Reg
	maps   map[string]int // by their text; -1: not defined for all bytes
	free   map[vm.Local][]vm.Reg
	code   []vm.Ins
	err    error
}

func (c *compiler) fail(format string, args ...any) {
	if c.err == nil {
		c.err = fmt.Errorf(format, args...)
	}
}

// Until everything is compiled, constants and locals are numbered from these; parameters have
// their final numbers.
const (
	firstConst = 1 << 20
	firstLocal = 1 << 21
)

// number gives constants and locals their final numbers.
func (c *compiler) number() {
	fix := func(arg *int64) {
		switch {
		case *arg >= firstLocal:
			*arg += int64(c.out.FirstLocal() - firstLocal)
		case *arg >= firstConst:
			*arg += int64(len(c.out.Dims) + len(c.out.Scalars) + 2 - firstConst)
		}
	}
	code := func(list []vm.Ins) {
		for i := range list {
			list[i].Registers(fix)
		}
	}
	reg := func(r *vm.Reg) {
		v := int64(*r)
		fix(&v)
		*r = vm.Reg(v)
	}
	function := func(f *vm.Func) {
		code(f.Code)
		reg(&f.Result)
	}
	code(c.out.Code)
	function(&c.out.Work)
	for i := range c.out.Bufs {
		if f := c.out.Bufs[i].Size; f != nil {
			function(f)
		}
	}
	for i := range c.out.Maps {
		reg(&c.out.Maps[i].Param)
		function(&c.out.Maps[i].Func)
	}
}

func (c *compiler) program(p *loop.Program) {
	reg := 0
	param := func(v *loop.Var) {
		c.vars[v] = operand{reg: reg, typ: kind(v.Type), lanes: 1}
		reg++
	}
	for _, d := range p.Dims {
		c.out.Dims = append(c.out.Dims, d.Name)
		param(d)
	}
	for _, s := range p.Scalars {
		c.out.Scalars = append(c.out.Scalars, s.Name)
		param(s)
	}
	param(p.Lo)
	param(p.Hi)
	for _, list := range [][]*loop.Buf{p.Bufs, p.Temps, p.Tables} {
		for _, b := range list {
			c.buf(b)
		}
	}
	c.out.Work = c.function(p.Work)
	c.code = nil
	c.block(p.Body)
	c.out.Code = c.code
}

func (c *compiler) buf(b *loop.Buf) {
	o := vm.Buf{Name: b.Name, Role: vm.Role(b.Role), Elem: vm.Mem(b.Elem), Bytes: b.Bytes}
	if b.Role == loop.Table {
		o.Data = table(b)
	} else if b.Size != nil {
		f := c.function(b.Size)
		o.Size = &f
	}
	c.bufs[b] = len(c.out.Bufs)
	c.out.Bufs = append(c.out.Bufs, o)
}

// table gives the bytes of a table's values. Integers and the bits of f32 and f64 alike keep
// their low bytes; f16 and bf16 are given by their bits too.
func table(b *loop.Buf) []byte {
	var data []byte
	size := b.Elem.Bytes()
	if b.Bytes {
		size = 1
	}
	for _, v := range b.Data {
		var e [8]byte
		binary.LittleEndian.PutUint64(e[:], uint64(v))
		data = append(data, e[:size]...)
	}
	return data
}

// function compiles an expression over dims.
func (c *compiler) function(e loop.Expr) vm.Func {
	c.code = nil
	o := c.expr(e, nil)
	r := c.read(o)
	c.release(o)
	return vm.Func{Code: c.code, Result: r}
}

// The types, memory types and roles of both packages have the same order.
func kind(t loop.Type) vm.Type { return vm.Type(t) }

func (c *compiler) emit(op vm.Op, args ...int) {
	in := vm.Ins{Op: op}
	for i, a := range args {
		in.Arg[i] = int64(a)
	}
	c.code = append(c.code, in)
}
