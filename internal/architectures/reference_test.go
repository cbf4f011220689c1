package architectures

import "math"

// rows is a matrix of activations, a row for each token.
type rows [][]float64

// each applies f to every value.
func (x rows) each(f func(float64) float64) rows {
	out := make(rows, len(x))
	for t := range x {
		out[t] = make([]float64, len(x[t]))
		for i, v := range x[t] {
			out[t][i] = f(v)
		}
	}
	return out
}

// with combines two matrices of one shape.
func (x rows) with(y rows, f func(a, b float64) float64) rows {
	out := make(rows, len(x))
	for t := range x {
		out[t] = make([]float64, len(x[t]))
		for i := range x[t] {
			out[t][i] = f(x[t][i], y[t][i])
		}
	}
	return out
}

func (x rows) plus(y rows) rows      { return x.with(y, func(a, b float64) float64 { return a + b }) }
func (x rows) times(y rows) rows     { return x.with(y, func(a, b float64) float64 { return a * b }) }
func (x rows) scaled(c float64) rows { return x.each(func(v float64) float64 { return c * v }) }
func (x rows) capped(c float64) rows {
	return x.each(func(v float64) float64 { return c * math.Tanh(v/c) })
}
func (x rows) clamped(c float64) rows {
	return x.each(func(v float64) float64 { return max(-c, min(c, v)) })
}
func (x rows) columns(lo, hi int) rows {
	return x.split(func(r []float64) []float64 { return r[lo:hi] })
}

// split maps rows.
func (x rows) split(f func([]float64) []float64) rows {
	out := make(rows, len(x))
	for t := range x {
		out[t] = append([]float64(nil), f(x[t])...)
	}
	return out
}

func silu(v float64) float64    { return v / (1 + math.Exp(-v)) }
func gelu(v float64) float64    { return v / 2 * (1 + math.Tanh(math.Sqrt(2/math.Pi)*(v+0.044715*v*v*v))) }
func geluErf(v float64) float64 { return v / 2 * math.Erfc(-v/math.Sqrt2) }
func relu(v float64) float64    { return max(v, 0) }

// linear is x W^T, and adds the bias where the file has one.
func (f *file) linear(x rows, name string) rows {
	w := f.tensors[name+".weight"]
	m, k := w.dims[0], w.dims[1]
	out := make(rows, len(x))
	for t := range x {
		out[t] = make([]float64, m)
		for i := range m {
			for j := range k {
				out[t][i] += w.values[i*k+j] * x[t][j]
			}
		}
	}
	return f.bias(out, name+".bias")
}

// bias adds a vector where the file has it.
func (f *file) bias(x rows, name string) rows {
	b, ok := f.tensors[name]
	if !ok {
		return x
	}
	return x.split(func(r []float64) []float64 {
		out := make([]float64, len(r))
		for i := range r {
			out[i] = r[i] + b.values[i]
		}
		return out
	})
}

// embed gives the rows ids of a matrix.
func (f *file) embed(name string, ids []int) rows {
	w := f.tensors[name]
	out := make(rows, len(ids))
	for t, id := range ids {
		out[t] = w.values[id*w.dims[1] : (id+1)*w.dims[1]]
	}
	return out
}

// norm normalizes groups of n values, about their mean where centre says so; then comes the weight, of n values or
// of a row's, and the bias, where the file has them.
func (f *file) norm(x rows, name string, n int, eps float64, centre bool) rows {
	g, scale := f.tensors[name+".weight"]
	out := x.split(func(r []float64) []float64 {
		y := make([]float64, len(r))
		for at := 0; at < len(r); at += n {
			mean, square := 0.0, 0.0
			for _, v := range r[at : at+n] {
				mean += v / float64(n)
			}
			if !centre {
				mean = 0
			}
			for _, v := range r[at : at+n] {
				square += (v - mean) * (v - mean) / float64(n)
			}
			for i, v := range r[at : at+n] {
				y[at+i] = (v - mean) / math.Sqrt(square+eps)
				if scale {
					y[at+i] *= g.values[(at+i)%len(g.values)]
				}
			}
		}
		return y
	})
	return f.bias(out, name+".bias")
}

func (f *file) layerNorm(x rows, name string, eps float64) rows {
	return f.norm(x, name, len(x[0]), eps, true)
}

func (f *file) rmsNorm(x rows, name string, eps float64) rows {
	return f.norm(x, name, len(x[0]), eps, false)
}

// rope says how positions rotate the first n values of heads of a values.
type rope struct {
	a, n    int
	base    float64
	pairs   bool      // of neighbours, not of halves
	factors []float64 // that divide the frequencies; nil: 1
}

func (r rope) rotate(x rows) rows {
	out := x.split(func(row []float64) []float64 { return row })
	for t := range out {
		for at := 0; at < len(out[t]); at += r.a {
			for i := range r.n / 2 {
				angle := float64(t) * math.Pow(r.base, -2*float64(i)/float64(r.n))
				if r.factors != nil {
					angle /= r.factors[i]
				}
				lo, hi := at+i, at+i+r.n/2
				if r.pairs {
					lo, hi = at+2*i, at+2*i+1
				}
				sin, cos := math.Sincos(angle)
				a, b := out[t][lo], out[t][hi]
				out[t][lo], out[t][hi] = a*cos-b*sin, a*sin+b*cos
			}
		}
	}
	return out
}

// attention says how heads of a values attend; what is zero does not apply.
type attention struct {
	a             int
	scale         float64
	window        int
	cap           float64
	slopes, sinks []float64 // a number a head
	decay         float64   // of scores by the logarithm of the distance
}

func (o attention) attend(q, k, v rows) rows {
	heads, group := len(q[0])/o.a, len(q[0])/len(k[0])
	out := make(rows, len(q))
	for t := range q {
		out[t] = make([]float64, len(q[0]))
		for h := range heads {
			first := 0
			if o.window > 0 {
				first = max(0, t+1-o.window)
			}
			scores := make([]float64, t+1)
			top := math.Inf(-1)
			for p := first; p <= t; p++ {
				s := 0.0
				for i := range o.a {
					s += q[t][h*o.a+i] * k[p][h/group*o.a+i]
				}
				s *= o.scale
				if o.cap > 0 {
					s = o.cap * math.Tanh(s/o.cap)
				}
				if o.slopes != nil {
					s -= o.slopes[h] * float64(t-p)
				}
				scores[p] = s - o.decay*math.Log(float64(t+1-p))
				top = max(top, s)
			}
			sum := 0.0
			if o.sinks != nil {
				sum = math.Exp(o.sinks[h] - top)
			}
			for p := first; p <= t; p++ {
				sum += math.Exp(scores[p] - top)
			}
			for p := first; p <= t; p++ {
				for i := range o.a {
					out[t][h*o.a+i] += math.Exp(scores[p]-top) / sum * v[p][h/group*o.a+i]
				}
			}
		}
	}
	return out
}
