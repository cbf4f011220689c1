package vm

import "math"

// An xop is a step of the machine. Most operations are kernels in an ins; the scalar steps that
// programs spend their time on between kernels are here in full.
type xop uint16

const (
	_ xop = iota
	xInts
	xFloats
	xDoubles
	xAny
	xFor
	xNext
	xUnless
	xJump
	xCopyI
	xCopyF
	xAddI
	xSubI
	xMulI
	xAndI
	xQuotient
	xRemainder
	xShrI
	xMinI
	xMaxI
	xAddF
	xSubF
	xMulF
	xDivF
	xMulAddF
	xAddD
	xSubD
	xMulD
	xDivD
	xMulAddD
	xEqI
	xNeI
	xLtI
	xLeI
	xGtI
	xGeI
	xLtF
	xGtF
	xLoadF // the rest have a general action too, which says what is wrong when they can't
	xStoreF
	xPeekF
	xMapMulAdd
)

// quick gives the step that replaces an action on one lane of mem; 0: there is none.
func quick(op Op, mem Mem) xop {
	switch {
	case op == MapMulAdd:
		return xMapMulAdd
	case mem != F32M:
		return 0
	case op == Load:
		return xLoadF
	case op == Store:
		return xStoreF
	case op == Peek:
		return xPeekF
	}
	return 0
}

func scalar(op Op, t Type) xop {
	switch t {
	case Int:
		switch op {
		case Add:
			return xAddI
		case Sub:
			return xSubI
		case Mul:
			return xMulI
		case And:
			return xAndI
		case Min:
			return xMinI
		case Max:
			return xMaxI
		}
	case F32:
		switch op {
		case Add:
			return xAddF
		case Sub:
			return xSubF
		case Mul:
			return xMulF
		case Div:
			return xDivF
		case MulAdd:
			return xMulAddF
		}
	case F64:
		switch op {
		case Add:
			return xAddD
		case Sub:
			return xSubD
		case Mul:
			return xMulD
		case Div:
			return xDivD
		case MulAdd:
			return xMulAddD
		}
	}
	return 0
}

func compareScalar(op Op, t Type) xop {
	switch {
	case t == Int && op >= Eq && op <= Ge:
		return xEqI + xop(op-Eq)
	case t == F32 && op == Lt:
		return xLtF
	case t == F32 && op == Gt:
		return xGtF
	}
	return 0
}

// exec runs linked code to its end; false: a fault is set.
func (m *Machine) exec(code []ins) bool {
	r, f, d := m.i, m.f, m.d
	for pc := 0; pc < len(code); pc++ {
		in := &code[pc]
		switch in.op {
		case xInts:
			in.ints(r, in)
		case xFloats:
			in.floats(f, in)
		case xDoubles:
			in.doubles(d, in)
		case xAny:
			if !in.any(m, in) {
				return false
			}
		case xFor:
			lo := r[in.a]
			n := turns(lo, r[in.b], in.x, in.sub == Whole)
			m.loops[in.mem] = n
			if n == 0 {
				if in.c >= 0 {
					r[in.c] = lo
				}
				pc = int(in.to)
				continue
			}
			r[in.d] = lo
		case xNext:
			if m.steps -= int64(in.n); m.steps < 0 {
				return m.fail(in, "the limit of steps is reached")
			}
			left := &m.loops[in.mem]
			if *left--; *left > 0 {
				r[in.d] += in.x
				pc = int(in.to)
			} else if in.c >= 0 {
				r[in.c] = r[in.d] + in.x
			}
		case xUnless:
			if !m.b[in.a] {
				pc = int(in.to)
			}
		case xJump:
			pc = int(in.to)
		case xCopyI:
			r[in.d] = r[in.a]
		case xCopyF:
			f[in.d] = f[in.a]
		case xAddI:
			r[in.d] = r[in.a] + r[in.b]
		case xSubI:
			r[in.d] = r[in.a] - r[in.b]
		case xMulI:
			r[in.d] = r[in.a] * r[in.b]
		case xAndI:
			r[in.d] = r[in.a] & r[in.b]
		case xQuotient:
			r[in.d] = quotient(r[in.a], in.x, in.c)
		case xRemainder:
			r[in.d] = remainder(r[in.a], in.x)
		case xShrI:
			if s := uint64(r[in.b]); s <= 63 {
				r[in.d] = int64(uint64(r[in.a]) >> s)
			} else {
				return in.any(m, in)
			}
		case xMinI:
			r[in.d] = min(r[in.a], r[in.b])
		case xMaxI:
			r[in.d] = max(r[in.a], r[in.b])
		case xAddF:
			f[in.d] = f[in.a] + f[in.b]
		case xSubF:
			f[in.d] = f[in.a] - f[in.b]
		case xMulF:
			f[in.d] = f[in.a] * f[in.b]
		case xDivF:
			f[in.d] = f[in.a] / f[in.b]
		case xMulAddF:
			f[in.d] = f[in.c] + float32(f[in.a]*f[in.b])
		case xAddD:
			d[in.d] = d[in.a] + d[in.b]
		case xSubD:
			d[in.d] = d[in.a] - d[in.b]
		case xMulD:
			d[in.d] = d[in.a] * d[in.b]
		case xDivD:
			d[in.d] = d[in.a] / d[in.b]
		case xMulAddD:
			d[in.d] = d[in.c] + float64(d[in.a]*d[in.b])
		case xEqI:
			m.b[in.d] = r[in.a] == r[in.b]
		case xNeI:
			m.b[in.d] = r[in.a] != r[in.b]
		case xLtI:
			m.b[in.d] = r[in.a] < r[in.b]
		case xLeI:
			m.b[in.d] = r[in.a] <= r[in.b]
		case xGtI:
			m.b[in.d] = r[in.a] > r[in.b]
		case xGeI:
			m.b[in.d] = r[in.a] >= r[in.b]
		case xLoadF:
			b, i := m.mem[in.mem], r[in.a]
			if at := i * int64(in.unit); uint64(i) < uint64(len(b)) && at+4 <= int64(len(b)) {
				f[in.d] = math.Float32frombits(le.Uint32(b[at:]))
			} else {
				return in.any(m, in)
			}
		case xStoreF:
			b, i := m.mem[in.mem], r[in.a]
			if at := i * int64(in.unit); uint64(i) < uint64(len(b)) && at+4 <= int64(len(b)) {
				le.PutUint32(b[at:], math.Float32bits(f[in.d]))
			} else {
				return in.any(m, in)
			}
		case xPeekF:
			v, i := &m.views[in.mem], r[in.a]
			if i < 0 || i > in.x {
				return in.any(m, in)
			}
			f[in.d] = math.Float32frombits(le.Uint32(v.b[v.off+int(i)*int(in.unit):]))
		case xMapMulAdd:
			v, i := &m.views[in.mem], r[in.a]
			if i < 0 || i > in.x {
				return in.any(m, in)
			}
			f[in.d] = f[in.c] + float32(in.table[v.b[v.off+int(i)*int(in.unit)]]*f[in.b])
		case xLtF:
			m.b[in.d] = f[in.a] < f[in.b]
		case xGtF:
			m.b[in.d] = f[in.a] > f[in.b]
		}
	}
	return true
}

// turns is how often a loop's body runs.
func turns(lo, hi, step int64, whole bool) uint64 {
	if lo >= hi {
		return 0
	}
	n := uint64(hi) - uint64(lo)
	if whole {
		return n / uint64(step)
	}
	return (n-1)/uint64(step) + 1
}
