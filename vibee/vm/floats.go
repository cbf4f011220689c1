package vm

import "math"

// Products are converted explicitly, so that no compiler fuses them with an addition.

func wideF32(op Op) kernel[float32] {
	switch op {
	case Div:
		return func(r []float32, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				d[i] = a[i] / b[i]
			}
		}
	case MulAdd:
		return func(r []float32, in *ins) {
			d, a, b := strips(r, in)
			c := r[in.c:][:len(d)]
			for len(d) >= 4 {
				d4, c4, a4, b4 := (*[4]float32)(d), (*[4]float32)(c), (*[4]float32)(a), (*[4]float32)(b)
				d4[0] = c4[0] + float32(a4[0]*b4[0])
				d4[1] = c4[1] + float32(a4[1]*b4[1])
				d4[2] = c4[2] + float32(a4[2]*b4[2])
				d4[3] = c4[3] + float32(a4[3]*b4[3])
				d, c, a, b = d[4:], c[4:], a[4:], b[4:]
			}
			for i := range d {
				d[i] = c[i] + float32(a[i]*b[i])
			}
		}
	case Abs:
		return func(r []float32, in *ins) {
			d, a, _ := strips(r, in)
			for i := range d {
				d[i] = math.Float32frombits(math.Float32bits(a[i]) &^ (1 << 31))
			}
		}
	}
	if f := rounding(op); f != nil { // exact through f64, sqrt included
		return func(r []float32, in *ins) {
			d, a, _ := strips(r, in)
			for i := range d {
				d[i] = float32(f(float64(a[i])))
			}
		}
	}
	return wide[float32](op)
}

func narrowF32(op Op) kernel[float32] {
	switch op {
	case Div:
		return func(r []float32, in *ins) {
			d, a, _ := strips(r, in)
			b := r[in.b]
			for i := range d {
				d[i] = a[i] / b
			}
		}
	case MulAdd:
		return func(r []float32, in *ins) {
			d, a, _ := strips(r, in)
			b, c := r[in.b], r[in.c:][:len(d)]
			for len(d) >= 4 {
				d4, c4, a4 := (*[4]float32)(d), (*[4]float32)(c), (*[4]float32)(a)
				d4[0] = c4[0] + float32(a4[0]*b)
				d4[1] = c4[1] + float32(a4[1]*b)
				d4[2] = c4[2] + float32(a4[2]*b)
				d4[3] = c4[3] + float32(a4[3]*b)
				d, c, a = d[4:], c[4:], a[4:]
			}
			for i := range d {
				d[i] = c[i] + float32(a[i]*b)
			}
		}
	}
	return narrow[float32](op)
}

func wideF64(op Op) kernel[float64] {
	switch op {
	case Div:
		return func(r []float64, in *ins) {
			d, a, b := strips(r, in)
			for i := range d {
				d[i] = a[i] / b[i]
			}
		}
	case MulAdd:
		return func(r []float64, in *ins) {
			d, a, b := strips(r, in)
			c := r[in.c:][:len(d)]
			for i := range d {
				d[i] = c[i] + float64(a[i]*b[i])
			}
		}
	}
	f := rounding(op)
	if op == Abs {
		f = math.Abs
	}
	if f != nil {
		return func(r []float64, in *ins) {
			d, a, _ := strips(r, in)
			for i := range d {
				d[i] = f(a[i])
			}
		}
	}
	return wide[float64](op)
}

func narrowF64(op Op) kernel[float64] {
	if op != MulAdd {
		return narrow[float64](op)
	}
	return func(r []float64, in *ins) {
		d, a, _ := strips(r, in)
		b, c := r[in.b], r[in.c:][:len(d)]
		for i := range d {
			d[i] = c[i] + float64(a[i]*b)
		}
	}
}

func rounding(op Op) func(float64) float64 {
	switch op {
	case Sqrt:
		return math.Sqrt
	case Floor:
		return math.Floor
	case Ceil:
		return math.Ceil
	case Trunc:
		return math.Trunc
	case Rint:
		return math.RoundToEven
	}
	return nil
}
