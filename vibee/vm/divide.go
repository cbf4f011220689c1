package vm

import "math/bits"

func divide(m *Machine, in *ins) bool {
	d, a, b := strips(m.i, in)
	for i := range d {
		if b[i] == 0 {
			return m.fail(in, "%d divided by zero (lane %d)", a[i], i)
		}
		if in.sub == Div {
			d[i] = a[i] / b[i]
		} else {
			d[i] = a[i] % b[i]
		}
	}
	return true
}

// powerOfTwo gives what replaces a division of integers by a constant power of two: a remainder's bits, and how
// far a quotient is shifted.
func (l *linker) powerOfTwo(in *Ins) (mask int64, shift int32, ok bool) {
	if in.Op != Div && in.Op != Mod {
		return 0, 0, false
	}
	at := in.Arg[2] - int64(l.p.firstConst())
	if at < 0 || at >= int64(len(l.p.Consts)) || l.p.Consts[at].Type != Int {
		return 0, 0, false
	}
	v := int64(l.p.Consts[at].Bits)
	if v <= 0 || v&(v-1) != 0 {
		return 0, 0, false
	}
	return v - 1, int32(bits.TrailingZeros64(uint64(v))), true
}

// quotient is a / 2^shift towards zero: what is negative is raised by mask first.
func quotient(a, mask int64, shift int32) int64 { return (a + a>>63&mask) >> (shift & 63) }

// remainder has the sign of a.
func remainder(a, mask int64) int64 {
	low := a >> 63 & mask
	return (a+low)&mask - low
}

func quotients(r []int64, in *ins) {
	d, a, _ := strips(r, in)
	for i := range d {
		d[i] = quotient(a[i], in.x, in.c)
	}
}

func remainders(r []int64, in *ins) {
	d, a, _ := strips(r, in)
	for i := range d {
		d[i] = remainder(a[i], in.x)
	}
}
