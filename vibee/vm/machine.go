package vm

import "fmt"

// Args are what one call works on, in the order of the program's declarations: one Bufs entry
// for each parameter in memory.
type Args struct {
	Bufs    [][]byte
	Dims    []int
	Scalars []float32
}

// Limits end a call that does too much; 0 stands for the default.
type Limits struct {
	Steps  int64 // instructions executed, 2^44 by default
	Memory int64 // bytes of temps, 1 GiB by default
}

// A Machine runs programs one call at a time, and keeps its memory from call to call. Several
// machines may run the same program at the same time.
type Machine struct {
	i     []int64
	f     []float32
	d     []float64
	b     []bool
	mem   [][]byte
	temps [][]byte // kept for reuse
	views []window
	loops []uint64 // turns left
	steps int64
	p     *Program
	where string // the part of p that runs, for messages
	code  []Ins
	err   error
}

// Run computes the items lo <= w < hi. An error names the program, the instruction and the
// values; the contents of writable buffers are then undefined. Temps start as bytes of 0xff.
func (m *Machine) Run(p *Program, a *Args, lo, hi int, limits Limits) error {
	if err := m.enter(p, a.Dims); err != nil {
		return err
	}
	if len(a.Scalars) != len(p.Scalars) {
		return fmt.Errorf("vm: %s: %d scalars given, want %d", p.Name, len(a.Scalars), len(p.Scalars))
	}
	if limits.Memory <= 0 {
		limits.Memory = 1 << 30
	}
	if err := m.bind(a.Bufs, limits.Memory); err != nil {
		return err
	}
	copy(m.f, a.Scalars)
	m.i[len(p.Dims)], m.i[len(p.Dims)+1] = int64(lo), int64(hi)
	if m.steps = limits.Steps; m.steps <= 0 {
		m.steps = 1 << 44
	}
	m.where, m.code = "", p.Code
	m.exec(p.linked.code)
	return m.leave()
}

// Work gives the number of work items for the dims.
func (m *Machine) Work(p *Program, dims []int) (int, error) {
	if err := m.enter(p, dims); err != nil {
		return 0, err
	}
	n, ok := m.call("work", p.linked.work, p.Work.Code)
	if ok && n < 0 {
		m.refuse("work is %d", n)
	}
	return int(n), m.leave()
}

// Work gives the number of work items for the dims.
func Work(p *Program, dims []int) (int, error) { return new(Machine).Work(p, dims) }

func (m *Machine) enter(p *Program, dims []int) error {
	if p.linked == nil {
		return fmt.Errorf("vm: %s: not verified", p.Name)
	}
	if len(dims) != len(p.Dims) {
		return fmt.Errorf("vm: %s: %d dims given, want %d", p.Name, len(dims), len(p.Dims))
	}
	m.load(p, p.linked)
	for k, d := range dims {
		m.i[k] = int64(d)
	}
	return nil
}

// leave gives the fault, and lets go of the caller's memory.
func (m *Machine) leave() error {
	clear(m.mem)
	clear(m.views)
	m.mem = m.mem[:0]
	return m.err
}

// load sizes the register files for p and fills in its constants.
func (m *Machine) load(p *Program, l *linked) {
	m.p, m.err = p, nil
	m.i, m.f = size(m.i, l.files[Int]), size(m.f, l.files[F32])
	m.d, m.b = size(m.d, l.files[F64]), size(m.b, l.files[Bool])
	copy(m.i[l.base[Int]:], l.ints)
	copy(m.f[l.base[F32]:], l.f32s)
	copy(m.d, l.f64s)
	copy(m.b, l.bools)
	m.views = size(m.views, len(p.Views))
	m.loops = size(m.loops, l.loops)
}

func size[T any](s []T, n int) []T {
	if n > cap(s) {
		return make([]T, n)
	}
	return s[:n]
}

// bind checks the parameters and makes the temps.
func (m *Machine) bind(params [][]byte, memory int64) error {
	p := m.p
	count := 0
	for k := range p.Bufs {
		b, n := &p.Bufs[k], int64(-1)
		if f := p.linked.sizes[k]; f.result >= 0 {
			var ok bool
			if n, ok = m.call(b.Name, f, b.Size.Code); !ok {
				return m.leave()
			}
			if n < 0 || n > 1<<48 {
				m.refuse("buffer %q: a size of %d", b.Name, n)
				return m.leave()
			}
			n *= int64(b.unit())
		}
		var data []byte
		switch {
		case b.Role.param():
			if count = k + 1; count > len(params) {
				break
			}
			if data = params[k]; int64(len(data)) < n {
				m.refuse("buffer %q: %d bytes given, want %d", b.Name, len(data), n)
				return m.leave()
			}
			if n >= 0 {
				data = data[:n:n]
			}
		case b.Role == Temp:
			if memory -= n; memory < 0 {
				m.refuse("temp %q: %d bytes are over the limit of memory", b.Name, n)
				return m.leave()
			}
			data = m.temp(k, int(n))
		default:
			data = b.Data
		}
		m.mem = append(m.mem, data)
	}
	if count != len(params) {
		m.refuse("%d buffers given, want %d", len(params), count)
		return m.leave()
	}
	return nil
}

func (m *Machine) temp(k, n int) []byte {
	for len(m.temps) <= k {
		m.temps = append(m.temps, nil)
	}
	t := size(m.temps[k], n)
	m.temps[k] = t
	if n > 0 {
		t[0] = 0xff
		for done := 1; done < n; done *= 2 {
			copy(t[done:], t[:done])
		}
	}
	return t
}

// call runs a function of the program.
func (m *Machine) call(name string, f function, code []Ins) (int64, bool) {
	m.where, m.code = name, code
	if !m.exec(f.code) {
		return 0, false
	}
	return m.i[f.result], true
}

func (m *Machine) refuse(format string, args ...any) bool {
	m.err = fmt.Errorf("vm: %s: %s", m.p.Name, fmt.Sprintf(format, args...))
	return false
}

// fail sets the fault of an instruction.
func (m *Machine) fail(in *ins, format string, args ...any) bool {
	where := m.where
	if where != "" {
		where += ": "
	}
	text := ""
	if int(in.at) < len(m.code) {
		text = m.p.text(&m.code[in.at])
	}
	return m.refuse("%sinstruction %d, %s: %s", where, in.at, text, fmt.Sprintf(format, args...))
}
