package vm

import "math"

// The functions here serve registers of any number of lanes, one included.

func shift(m *Machine, in *ins) bool {
	d, a, b := strips(m.i, in)
	for i := range d {
		s := uint64(b[i])
		if s > 63 {
			return m.fail(in, "shift by %d (lane %d)", b[i], i)
		}
		if in.sub == Shl {
			d[i] = a[i] << s
		} else {
			d[i] = int64(uint64(a[i]) >> s)
		}
	}
	return true
}

func logic(m *Machine, in *ins) bool {
	d, a, b := strips(m.b, in)
	for i := range d {
		switch in.sub {
		case And:
			d[i] = a[i] && b[i]
		case Or:
			d[i] = a[i] || b[i]
		default:
			d[i] = !a[i]
		}
	}
	return true
}

func moveBools(m *Machine, in *ins) bool {
	move(m.b, in)
	return true
}

func splatBools(m *Machine, in *ins) bool {
	splat(m.b, in)
	return true
}

func compare[T number](d []bool, a, b []T, op Op) {
	a, b = a[:len(d)], b[:len(d)]
	switch op {
	case Eq:
		for i := range d {
			d[i] = a[i] == b[i]
		}
	case Ne:
		for i := range d {
			d[i] = a[i] != b[i]
		}
	case Lt:
		for i := range d {
			d[i] = a[i] < b[i]
		}
	case Le:
		for i := range d {
			d[i] = a[i] <= b[i]
		}
	case Gt:
		for i := range d {
			d[i] = a[i] > b[i]
		}
	case Ge:
		for i := range d {
			d[i] = a[i] >= b[i]
		}
	}
}

func comparison(t Type) func(m *Machine, in *ins) bool {
	return func(m *Machine, in *ins) bool {
		d := m.b[in.d:][:in.n]
		switch t {
		case Int:
			compare(d, m.i[in.a:], m.i[in.b:], in.sub)
		case F32:
			compare(d, m.f[in.a:], m.f[in.b:], in.sub)
		case F64:
			compare(d, m.d[in.a:], m.d[in.b:], in.sub)
		default:
			a, b := m.b[in.a:], m.b[in.b:]
			for i := range d {
				d[i] = (a[i] == b[i]) == (in.sub == Eq)
			}
		}
		return true
	}
}

func pick[T any](r []T, c []bool, in *ins) {
	d := r[in.d:][:in.n]
	c, a, b := c[in.a:][:len(d)], r[in.b:][:len(d)], r[in.c:][:len(d)]
	for i := range d {
		v := b[i]
		if c[i] {
			v = a[i]
		}
		d[i] = v
	}
}

func selection(t Type) func(m *Machine, in *ins) bool {
	return func(m *Machine, in *ins) bool {
		switch t {
		case Int:
			pick(m.i, m.b, in)
		case F32:
			pick(m.f, m.b, in)
		case F64:
			pick(m.d, m.b, in)
		default:
			pick(m.b, m.b, in)
		}
		return true
	}
}

// across applies f lane by lane from one file to another.
func across[T, U any](to []T, from []U, in *ins, f func(U) T) {
	d := to[in.d:][:in.n]
	a := from[in.a:][:len(d)]
	for i := range d {
		d[i] = f(a[i])
	}
}

func truncate[T float32 | float64](m *Machine, in *ins, from []T) bool {
	d := m.i[in.d:][:in.n]
	a := from[in.a:][:len(d)]
	for i := range d {
		if !(a[i] >= -1<<53 && a[i] <= 1<<53) {
			return m.fail(in, "%v is no int within ±2^53 (lane %d)", a[i], i)
		}
		d[i] = int64(a[i])
	}
	return true
}

func conversion(from, to Type) func(m *Machine, in *ins) bool {
	switch {
	case from == Int && to == F32:
		return func(m *Machine, in *ins) bool {
			d := m.f[in.d:][:in.n]
			a := m.i[in.a:][:len(d)]
			for i := range d {
				d[i] = float32(a[i])
			}
			return true
		}
	case from == Int:
		return func(m *Machine, in *ins) bool {
			across(m.d, m.i, in, func(v int64) float64 { return float64(v) })
			return true
		}
	case from == F32 && to == F64:
		return func(m *Machine, in *ins) bool {
			across(m.d, m.f, in, func(v float32) float64 { return float64(v) })
			return true
		}
	case to == F32:
		return func(m *Machine, in *ins) bool {
			across(m.f, m.d, in, func(v float64) float32 { return float32(v) })
			return true
		}
	case from == F32:
		return func(m *Machine, in *ins) bool { return truncate(m, in, m.f) }
	}
	return func(m *Machine, in *ins) bool { return truncate(m, in, m.d) }
}

func reinterpretation(from, to Type) func(m *Machine, in *ins) bool {
	return func(m *Machine, in *ins) bool {
		switch {
		case from == F32:
			across(m.i, m.f, in, func(v float32) int64 { return int64(math.Float32bits(v)) })
		case from == F64:
			across(m.i, m.d, in, func(v float64) int64 { return int64(math.Float64bits(v)) })
		case to == F32:
			across(m.f, m.i, in, func(v int64) float32 { return math.Float32frombits(uint32(v)) })
		default:
			across(m.d, m.i, in, func(v int64) float64 { return math.Float64frombits(uint64(v)) })
		}
		return true
	}
}

func wrap(mem Mem) func(m *Machine, in *ins) bool {
	f := [...]func(int64) int64{
		U8:  func(v int64) int64 { return int64(uint8(v)) },
		I8:  func(v int64) int64 { return int64(int8(v)) },
		U16: func(v int64) int64 { return int64(uint16(v)) },
		I16: func(v int64) int64 { return int64(int16(v)) },
		U32: func(v int64) int64 { return int64(uint32(v)) },
		I32: func(v int64) int64 { return int64(int32(v)) },
		I64: func(v int64) int64 { return v },
	}[mem]
	return func(m *Machine, in *ins) bool {
		across(m.i, m.i, in, f)
		return true
	}
}

func round(mem Mem) func(m *Machine, in *ins) bool {
	f := func(v float32) float32 { return fromHalf(toHalf(v)) }
	if mem == BF16 {
		f = func(v float32) float32 { return fromBrain(toBrain(v)) }
	}
	return func(m *Machine, in *ins) bool {
		across(m.f, m.f, in, f)
		return true
	}
}
