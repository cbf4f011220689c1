package vm

import "fmt"

// A flow walks structured code and knows which registers and views hold a value. What is
// defined is also put on a trail, so that leaving a block costs what the block defined.
type flow struct {
	p       *Program
	defined []bool // registers, then views
	trail   []int
	active  []bool // counters of the loops around
	blocks  []block
	pure    bool // a Func: one lane, no memory but tables where tables is set
	tables  bool
}

type block struct {
	op      Op
	mark    int // length of the trail at its start
	counter Reg
	rest    Reg
	then    []int // of an if after its else: what the first side defined
}

func (p *Program) newFlow() *flow {
	n := p.registers()
	f := &flow{p: p, defined: make([]bool, n+len(p.Views)), active: make([]bool, n)}
	for r := range p.FirstLocal() {
		f.defined[r] = true
	}
	return f
}

func (f *flow) define(i int) {
	if !f.defined[i] {
		f.defined[i] = true
		f.trail = append(f.trail, i)
	}
}

// leave undoes the definitions since mark and gives them.
func (f *flow) leave(mark int) []int {
	gone := f.trail[mark:]
	for _, i := range gone {
		f.defined[i] = false
	}
	f.trail = f.trail[:mark]
	return gone
}

func (p *Program) verifyCode() error {
	f := p.newFlow()
	for at := range p.Code {
		if err := f.step(&p.Code[at]); err != nil {
			return fmt.Errorf("instruction %d, %s: %w", at, p.text(&p.Code[at]), err)
		}
	}
	if len(f.blocks) > 0 {
		return fmt.Errorf("%d blocks have no end", len(f.blocks))
	}
	return nil
}

// verifyFunc checks a straight line of pure code with result type t. With param >= 0 it is a
// map's; else it reads dims and constants.
func (p *Program) verifyFunc(fn Func, t Type, param Reg) error {
	if len(fn.Code) > maxItems {
		return fmt.Errorf("%d instructions, at most %d", len(fn.Code), maxItems)
	}
	f := p.newFlow()
	f.pure, f.tables = true, param >= 0
	for r := range p.firstConst() {
		f.defined[r] = r < len(p.Dims) && !f.tables
	}
	if f.tables {
		if param >= p.registers() || param < p.FirstLocal() {
			return fmt.Errorf("parameter %%%d is not a local", param)
		}
		if pt, n := p.typeOf(param); pt != Int || n != 1 {
			return fmt.Errorf("parameter %%%d is not an int of one lane", param)
		}
		f.define(param)
	}
	for at := range fn.Code {
		if err := f.step(&fn.Code[at]); err != nil {
			return fmt.Errorf("instruction %d, %s: %w", at, p.text(&fn.Code[at]), err)
		}
	}
	if uint(fn.Result) >= uint(p.registers()) || !f.defined[fn.Result] {
		return fmt.Errorf("result %%%d holds no value", fn.Result)
	}
	if rt, n := p.typeOf(fn.Result); rt != t || n != 1 {
		return fmt.Errorf("result %%%d is %v<%d>, want %v", fn.Result, rt, n, t)
	}
	return nil
}

// step checks one instruction and its effect.
func (f *flow) step(in *Ins) error {
	if in.Op >= opCount {
		return fmt.Errorf("unknown operation %d", in.Op)
	}
	if f.pure && !in.Op.pure() && !(f.tables && in.Op == Load) {
		return fmt.Errorf("not allowed in a function")
	}
	if err := f.operands(in); err != nil {
		return err
	}
	t := typing{p: f.p, in: in}
	if t.check(); t.err != nil {
		return t.err
	}
	switch in.Op {
	case For, Whole, If:
		if len(f.blocks) == maxNesting {
			return fmt.Errorf("more than %d blocks deep", maxNesting)
		}
		b := block{op: in.Op, mark: len(f.trail), counter: -1, rest: -1}
		if in.Op != If {
			b.counter = Reg(in.Arg[0])
			if in.Op == Whole {
				b.rest = Reg(in.Arg[1])
			}
			f.define(b.counter)
			if b.counter == b.rest {
				return fmt.Errorf("%%%d is counter and rest", b.rest)
			}
			f.active[b.counter] = true
		}
		f.blocks = append(f.blocks, b)
		return nil
	case Else, End:
		return f.close(in.Op)
	}
	for i, k := range ops[in.Op].sig {
		if k == 'd' {
			f.define(int(in.Arg[i]))
		}
	}
	if in.Op == Open || in.Op == OpenS {
		f.define(f.p.registers() + int(in.Arg[0]))
	}
	return nil
}

func (f *flow) close(op Op) error {
	if len(f.blocks) == 0 {
		return fmt.Errorf("outside of a block")
	}
	b := &f.blocks[len(f.blocks)-1]
	if op == Else {
		if b.op != If {
			return fmt.Errorf("outside of an if")
		}
		b.op, b.then = Else, append([]int{}, f.leave(b.mark)...)
		return nil
	}
	last := f.leave(b.mark)
	switch b.op {
	case For, Whole:
		f.active[b.counter] = false
		if b.rest >= 0 {
			f.define(b.rest)
		}
	case Else: // what both sides defined stays
		in := make(map[int]bool, len(last))
		for _, i := range last {
			in[i] = true
		}
		for _, i := range b.then {
			if in[i] {
				f.define(i)
			}
		}
	}
	f.blocks = f.blocks[:len(f.blocks)-1]
	return nil
}

// operands checks that arguments exist, that what is read holds a value, and that what is
// written may be.
func (f *flow) operands(in *Ins) error {
	p := f.p
	for i, k := range ops[in.Op].sig {
		a, limit := in.Arg[i], 0
		switch k {
		case 'd', 'r':
			limit = p.registers()
		case 'm':
			limit = len(mems)
		case 'b':
			limit = len(p.Bufs)
		case 'v':
			limit = len(p.Views)
		case 'p':
			limit = len(p.Maps)
		case 'i':
			continue
		}
		if uint64(a) >= uint64(limit) {
			return fmt.Errorf("argument %d: %d is out of range, there are %d", i+1, a, limit)
		}
		switch r := Reg(a); {
		case k == 'd' && r < p.FirstLocal():
			return fmt.Errorf("%%%d is a parameter or constant", r)
		case k == 'd' && f.active[r]:
			return fmt.Errorf("%%%d is the counter of a loop", r)
		case k == 'r' && !f.defined[r]:
			return fmt.Errorf("%%%d is read before it holds a value", r)
		case k == 'v' && in.Op != Open && in.Op != OpenS && !f.defined[p.registers()+int(a)]:
			return fmt.Errorf("view %q is read before it is opened", p.Views[a].Name)
		}
		if _, n := p.typeOf(Reg(min(a, int64(p.registers()-1)))); f.pure && (k == 'd' || k == 'r') && n != 1 {
			return fmt.Errorf("%%%d has %d lanes, a function has one", a, n)
		}
		if b := int(a); k == 'b' && f.pure && p.Bufs[b].Role != Table {
			return fmt.Errorf("buffer %q is no table", p.Bufs[b].Name)
		}
	}
	return nil
}
