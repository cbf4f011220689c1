package vm

import "math"

type number interface{ int64 | float32 | float64 }

// A kernel computes the lanes of one instruction within one register file.
type kernel[T any] func(r []T, in *ins)

func strips[T any](r []T, in *ins) (d, a, b []T) {
	n := int(in.n)
	return r[in.d:][:n], r[in.a:][:n], r[in.b:][:n]
}

// wide are the kernels of operands with all lanes, narrow those whose second operand has one.
func wide[T number](op Op) kernel[T] {
	switch op {
	case Add:
		return func(r []T, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				d[i] = a[i] + b[i]
			}
		}
	case Sub:
		return func(r []T, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				d[i] = a[i] - b[i]
			}
		}
	case Mul:
		return func(r []T, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				d[i] = a[i] * b[i]
			}
		}
	case Min:
		return func(r []T, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				v := b[i]
				if a[i] < v {
					v = a[i]
				}
				d[i] = v
			}
		}
	case Max:
		return func(r []T, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				v := b[i]
				if a[i] > v {
					v = a[i]
				}
				d[i] = v
			}
		}
	case Neg:
		return func(r []T, in *ins) {
			d, a, _ := strips(r, in)
			for i := range d {
				d[i] = -a[i]
			}
		}
	}
	return nil
}

func narrow[T number](op Op) kernel[T] {
	switch op {
	case Add:
		return func(r []T, in *ins) {
			d, a, _ := strips(r, in)
			b := r[in.b]
			for i := range d {
				d[i] = a[i] + b
			}
		}
	case Sub:
		return func(r []T, in *ins) {
			d, a, _ := strips(r, in)
			b := r[in.b]
			for i := range d {
				d[i] = a[i] - b
			}
		}
	case Mul:
		return func(r []T, in *ins) {
			d, a, _ := strips(r, in)
			b := r[in.b]
			for i := range d {
				d[i] = a[i] * b
			}
		}
	}
	return nil
}

func wideInt(op Op) kernel[int64] {
	switch op {
	case And:
		return func(r []int64, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				d[i] = a[i] & b[i]
			}
		}
	case Or:
		return func(r []int64, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				d[i] = a[i] | b[i]
			}
		}
	case Xor:
		return func(r []int64, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				d[i] = a[i] ^ b[i]
			}
		}
	case Abs:
		return func(r []int64, in *ins) {
			d, a, _ := strips(r, in)
			for i := range d {
				d[i] = max(a[i], -a[i])
				if a[i] == math.MinInt64 {
					d[i] = a[i]
				}
			}
		}
	case MulAdd:
		return func(r []int64, in *ins) {
			d, a, b := strips(r, in)
			c := r[in.c:][:len(d)]
			for i := range d {
				d[i] = c[i] + a[i]*b[i]
			}
		}
	case Iota:
		return func(r []int64, in *ins) {
			d, _, _ := strips(r, in)
			for i := range d {
				d[i] = int64(i)
			}
		}
	}
	return wide[int64](op)
}

func narrowInt(op Op) kernel[int64] {
	if op != And {
		return narrow[int64](op)
	}
	return func(r []int64, in *ins) {
		d, a, _ := strips(r, in)
		b := r[in.b]
		for i := range d {
			d[i] = a[i] & b
		}
	}
}

func splat[T any](r []T, in *ins) {
	d, a := r[in.d:][:in.n], r[in.a]
	for i := range d {
		d[i] = a
	}
}

func move[T any](r []T, in *ins) {
	copy(r[in.d:][:in.n], r[in.a:][:in.n])
}

// reduce folds by halving: lane i becomes op(lane i, lane i + half).
func reduce[T number](op Op) kernel[T] {
	return func(r []T, in *ins) {
		var s [MaxLanes]T
		n := copy(s[:], r[in.a:][:in.n])
		for n > 1 {
			n /= 2
			a, b := s[:n], s[n:][:n]
			for i := range a {
				switch {
				case op == ReduceAdd:
					a[i] += b[i]
				case op == ReduceMin && !(a[i] < b[i]), op == ReduceMax && !(a[i] > b[i]):
					a[i] = b[i]
				}
			}
		}
		r[in.d] = s[0]
	}
}

// dot adds products by fours; b of four lanes serves every lane, and may be where the result goes.
func dot(r []int64, in *ins) {
	d, a, b := r[in.d:][:in.n], r[in.a:][:4*in.n], r[in.b:][:in.x]
	if y := [4]int64(b); len(b) == 4 {
		for i := range d {
			x := (*[4]int64)(a[4*i:])
			d[i] = x[0]*y[0] + x[1]*y[1] + x[2]*y[2] + x[3]*y[3]
		}
		return
	}
	for i := range d {
		x, y := (*[4]int64)(a[4*i:]), (*[4]int64)(b[4*i:])
		d[i] = x[0]*y[0] + x[1]*y[1] + x[2]*y[2] + x[3]*y[3]
	}
}
