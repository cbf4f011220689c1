package vm

import (
	"fmt"
	"math"
)

// An ins is an instruction ready to run: registers are offsets in the file of their type, jumps
// are resolved, operands of one lane are spread where no kernel takes them as they are.
type ins struct {
	op         xop
	sub        Op    // the operation, for kernels that serve several
	unit       uint8 // bytes an index counts
	n          int32 // lanes
	d, a, b, c int32
	mem        int32 // buffer or view
	at         int32 // the instruction of the program, for messages
	to         int32 // where a jump goes
	x          int64 // For: step. Peek: the largest index. Dot: lanes of b. A division by 2^c: 2^c - 1
	ints       kernel[int64]
	floats     kernel[float32]
	doubles    kernel[float64]
	any        func(m *Machine, in *ins) bool // false: a fault is set
	table      *[256]float32
}

// linked is a program ready to run.
type linked struct {
	code  []ins
	work  function
	sizes []function // of buffers; result < 0: none
	files [4]int     // values in each register file, by Type
	base  [4]int     // where the constants start in each
	off   []int32    // of registers
	ints  []int64    // constants
	f32s  []float32
	f64s  []float64
	bools []bool
	loops int
}

type function struct {
	code   []ins
	result int32
}

// scratch strips at the end of each register file, for operands that are spread.
const spare = 3

type linker struct {
	p *Program
	*linked
	out []ins
	at  int
}

func link(p *Program) (*linked, error) {
	l := &linker{p: p, linked: &linked{}}
	l.layout()
	maps, err := l.tabulate()
	if err != nil {
		return nil, err
	}
	l.work = l.function(p.Work)
	for i := range p.Bufs {
		f := function{result: -1}
		if p.Bufs[i].Size != nil {
			f = l.function(*p.Bufs[i].Size)
		}
		l.sizes = append(l.sizes, f)
	}
	l.out = nil
	l.body(maps)
	l.code = l.out
	return l.linked, nil
}

// layout gives every register its place: dims, lo and hi first among the ints, scalars first
// among the f32s, then constants, then locals.
func (l *linker) layout() {
	p := l.p
	l.base = [4]int{Int: len(p.Dims) + 2, F32: len(p.Scalars)}
	l.off = make([]int32, p.registers())
	for r := range l.off {
		t, n := p.typeOf(r)
		l.off[r] = int32(l.files[t])
		l.files[t] += n
	}
	for i := range l.files {
		l.files[i] += spare * MaxLanes
	}
	for _, c := range p.Consts {
		switch c.Type {
		case Int:
			l.ints = append(l.ints, int64(c.Bits))
		case F32:
			l.f32s = append(l.f32s, math.Float32frombits(uint32(c.Bits)))
		case F64:
			l.f64s = append(l.f64s, math.Float64frombits(c.Bits))
		case Bool:
			l.bools = append(l.bools, c.Bits != 0)
		}
	}
}

// tabulate runs each map for all bytes.
func (l *linker) tabulate() ([]*[256]float32, error) {
	p := l.p
	if len(p.Maps) == 0 {
		return nil, nil
	}
	var m Machine
	m.load(p, l.linked)
	for i := range p.Bufs {
		m.mem = append(m.mem, p.Bufs[i].Data)
	}
	maps := make([]*[256]float32, len(p.Maps))
	for i := range p.Maps {
		f := l.function(p.Maps[i].Func)
		maps[i] = new([256]float32)
		for v := range 256 {
			m.i[l.off[p.Maps[i].Param]] = int64(v)
			if p.Maps[i].Mem == I8 {
				m.i[l.off[p.Maps[i].Param]] = int64(int8(v))
			}
			m.steps = math.MaxInt64
			if !m.exec(f.code) {
				return nil, fmt.Errorf("map @%d: of byte %d: %w", i, v, m.err)
			}
			maps[i][v] = m.f[f.result]
		}
	}
	return maps, nil
}

func (l *linker) function(f Func) function {
	l.out = nil
	for at := range f.Code {
		l.at = at
		l.one(&f.Code[at], nil)
	}
	return function{l.out, l.off[f.Result]}
}

// body links the code, with its blocks.
func (l *linker) body(maps []*[256]float32) {
	var open []int // indices in out of what waits for its end
	slots := 0
	for at := 0; at < len(l.p.Code); at++ {
		in := &l.p.Code[at]
		l.at = at
		if n := l.fuse(at); n > 0 {
			at += n - 1
			continue
		}
		switch in.Op {
		case For, Whole:
			x := ins{op: xFor, at: int32(at), d: l.off[in.Arg[0]], c: -1, mem: int32(slots), sub: in.Op}
			lo := 1
			if in.Op == Whole {
				x.c, lo = l.off[in.Arg[1]], 2
			}
			x.a, x.b, x.x = l.off[in.Arg[lo]], l.off[in.Arg[lo+1]], in.Arg[lo+2]
			slots++
			l.loops = max(l.loops, slots)
			open = append(open, len(l.out))
			l.out = append(l.out, x)
		case If:
			open = append(open, len(l.out))
			l.out = append(l.out, ins{op: xUnless, at: int32(at), a: l.off[in.Arg[0]]})
		case Else:
			l.out[open[len(open)-1]].to = int32(len(l.out))
			open[len(open)-1] = len(l.out)
			l.out = append(l.out, ins{op: xJump, at: int32(at)})
		case End:
			start := open[len(open)-1]
			open = open[:len(open)-1]
			if l.out[start].op == xFor {
				x := l.out[start]
				x.op, x.at, x.to = xNext, int32(at), int32(start)
				x.n = int32(len(l.out) - start + 1) // steps of one turn
				l.out = append(l.out, x)
				slots--
				l.out[start].to = int32(len(l.out) - 1)
			} else {
				l.out[start].to = int32(len(l.out) - 1)
			}
		default:
			l.one(in, maps)
		}
	}
}
