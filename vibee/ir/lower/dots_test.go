package lower_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"text/template"
)

// dotted are an op's operands: codes less 8 of four rows side by side, and bytes in blocks of 8.
type dotted struct {
	Width  int  // of codes that share a scale; 0: all
	Addend bool // W's values are more than scales times codes
	Scaled bool // x's blocks have scales
	Values bool // x keeps sums of values
	Placed bool // every other four of W's codes lie higher in their bytes
	Times  int  // x keeps such multiples of sums of codes, too; 0: none

	d, m   []float32 // W's scales and addends, one a block
	s      []int8    // W's scales within a block
	codes  [][]int   // W's
	xd, xt []float32 // x's scales and sums of values
	xs     []int16   // x's sums of four codes
	xo     []int32   // x's multiples of sums, of By codes
	xq     [][]int8  // x's codes
}

const dotT, dotM, dotK = 13, 6, 48

var dotSource = template.Must(template.New("").Parse(`format w : block[16] of f32 {
  bytes {{.Bytes}}
  field d : f32
  field m : f32
  field s : i8[{{.Scales}}]
  field c : u8[16]
  code v[i] : u8 = bits(c[i], 0, 4)
  decode[i] = d * f32(s[i * {{.Scales}} / 16]) * f32(v[i] - 8) + m
}
format w_x4 : block[4, 16] of f32 packs w {
  bytes {{.PackedBytes}}
  field c : u8[4, 16]
  {{if .Width}} field d : f32[4]
    field s : i8[{{.Scales}}, 4]
    {{if .Addend}} field m : f32[4] {{end}}
  {{else}} tail 4 { field d : f32 }
  {{end}}
  code v[r, i] : u8 = bits(c[i / 4, 4 * r + i % 4], {{if .Placed}} 3 * (i / 4 % 2) {{else}} 0 {{end}}, 4)
  decode[r, i] =
    {{if .Width}} d[r] * f32(s[i / {{.Width}}, r]) * f32(v[r, i] - 8) {{if .Addend}} + m[r] {{end}}
    {{else}} d * f32(v[r, i] - 8)
    {{end}}
  pack(w) {
    c[g, p] = w.v[p / 4, 4 * g + p % 4] {{if .Placed}} << 3 * (g % 2) {{end}}
    {{if .Width}} d[r] = w.d[r]
      s[j, r] = w.s[r, j]
      {{if .Addend}} m[r] = w.m[r] {{end}}
    {{else}} d = w.d
    {{end}}
  }
}
format q : block[8] of f32 {
  bytes {{.XBytes}}
  {{if .Scaled}} field d : f32 {{end}}
  {{if .Values}} field t : f32[1] {{end}}
  field s : i16[2]
  {{if .Times}} field o : i32[{{.Multiples}}] {{end}}
  field qs : i8[8]
  code c[i] : i8 = qs[i]
  decode[i] = {{if .Scaled}} d * {{end}} f32(c[i])
  sums s by 4
  {{if .Values}} sums t by 8 {{end}}
  {{if .Times}} sums o by {{.By}} times {{.Times}} {{end}}
}
op f(W: w_x4[M, K], x: q[T, K]) -> y: f32[T, M] where K <= 4096 {
  y[t, m] = f32(sum[k] as f64 (f64(W[m, k]) * f64(x[t, k])))
  relax eval(f32), factor(W), factor(x)
  order blocks(k, W, x)
}
`))

func (d *dotted) Scales() int {
	if d.Width == 0 {
		return 1
	}
	return 16 / d.Width
}

// By is how many codes a dot has before it is scaled.
func (d *dotted) By() int {
	if d.Width == 4 {
		return 4
	}
	return 8
}

func (d *dotted) Multiples() int   { return 8 / d.By() }
func (d *dotted) Bytes() int       { return 24 + d.Scales() }
func (d *dotted) PackedBytes() int { return len(d.weights()) / ((dotM + 3) / 4 * dotK / 16) }
func (d *dotted) XBytes() int      { return len(d.activations()) / (dotT * dotK / 8) }

// dots are sums of products of codes in blocks, whose scales are W's, x's or both.
func dots(r *rand.Rand) (list []meaning) {
	shapes := []*dotted{{}, {Placed: true}, {Scaled: true}}
	for _, width := range []int{16, 8, 4} {
		shapes = append(shapes, &dotted{Width: width, Scaled: true}, &dotted{Width: width, Scaled: true, Addend: true},
			&dotted{Width: width, Scaled: true, Addend: true, Values: true})
		for _, times := range []int{-8, -2, -64, -3} { // the offset's, with a shift to the left or the right, of no use
			shapes = append(shapes, &dotted{Width: width, Scaled: true, Times: times})
		}
	}
	shapes = append(shapes, &dotted{Scaled: true, Times: -8})
	for _, d := range shapes {
		d.fill(r)
		list = append(list, d.meanings()...)
	}
	return list
}

func (d *dotted) fill(r *rand.Rand) {
	d.d, d.m = normal(r, dotM*dotK/16), normal(r, dotM*dotK/16)
	for range dotM * dotK / 4 {
		d.s = append(d.s, int8(r.Uint32()))
	}
	d.codes, d.xq = make([][]int, dotM), make([][]int8, dotT)
	for m := range d.codes {
		for range dotK {
			d.codes[m] = append(d.codes[m], r.IntN(16))
		}
	}
	d.xd, d.xt = normal(r, dotT*dotK/8), normal(r, dotT*dotK/8)
	for t := range d.xq {
		for range dotK {
			d.xq[t] = append(d.xq[t], int8(r.Uint32()))
		}
	}
	for range dotT * dotK / 4 { // of other codes: it is those kept that count
		d.xs = append(d.xs, int16(r.IntN(1000)-500))
	}
	for range dotT * dotK / d.By() {
		d.xo = append(d.xo, int32(d.Times*(r.IntN(1000)-500)))
	}
}

func (d *dotted) meanings() (list []meaning) {
	var source strings.Builder
	if err := dotSource.Execute(&source, d); err != nil {
		panic(err)
	}
	in := [][]byte{d.weights()}
	if d.Width == 0 {
		in = append(in, floats(d.d[:1]))
	}
	in = append(in, d.activations())
	var want []float32
	for t := range dotT {
		for m := range dotM {
			want = append(want, d.product(t, m))
		}
	}
	for _, schedule := range []string{"", "schedule f for go, vm { loop m, t parallel m lanes m by 4 }", "schedule f for go, vm { loop m, t parallel m lanes m by 4 unroll t by 8 }",
		"schedule f for go, vm { loop m, t parallel m lanes m by 2 }", "schedule f for go, vm { loop m, t parallel m lanes m by 2 unroll t by 4 }"} {
		list = append(list, meaning{
			name: fmt.Sprintf("dots of %d, addend %t, scaled %t, values %t, placed %t, multiples %d %s",
				d.Width, d.Addend, d.Scaled, d.Values, d.Placed, d.Times, schedule),
			source: source.String() + schedule, dims: []int64{dotM, dotK, dotT}, first: in, want: want,
		})
	}
	return list
}

// weights are blocks of four rows; those behind the last row are copies of it.
func (d *dotted) weights() (data []byte) {
	row := func(m, b int) int { return min(m, dotM-1)*dotK/16 + b }
	for m := 0; m < dotM; m += 4 {
		for b := range dotK / 16 {
			for i := range 64 {
				r, k := i/4%4, 16*b+4*(i/16)+i%4
				code := byte(d.codes[min(m+r, dotM-1)][k])
				if d.Placed && k/4%2 == 1 { // and what the code is not
					code = code<<3 | 0x85
				}
				data = append(data, code)
			}
			if d.Width == 0 {
				continue
			}
			for r := range 4 {
				data = append(data, floats(d.d[row(m+r, b):][:1])...)
			}
			for j := range d.Scales() {
				for r := range 4 {
					data = append(data, byte(d.s[4*row(m+r, b)+j]))
				}
			}
			for r := range 4 {
				if d.Addend {
					data = append(data, floats(d.m[row(m+r, b):][:1])...)
				}
			}
		}
	}
	return data
}

func (d *dotted) activations() (data []byte) {
	for i := range dotT * dotK / 8 {
		if d.Scaled {
			data = append(data, floats(d.xd[i:][:1])...)
		}
		if d.Values {
			data = append(data, floats(d.xt[i:][:1])...)
		}
		for _, s := range d.xs[2*i:][:2] {
			data = binary.LittleEndian.AppendUint16(data, uint16(s))
		}
		for _, o := range d.xo[d.Multiples()*i:][:d.Multiples()] {
			if d.Times != 0 {
				data = binary.LittleEndian.AppendUint32(data, uint32(o))
			}
		}
		for _, q := range d.xq[i/(dotK/8)][i%(dotK/8)*8:][:8] {
			data = append(data, byte(q))
		}
	}
	return data
}

// run is the sum of n products of codes from k on, and that of x's codes.
func (d *dotted) run(t, m, k, n int) (dot, sum float32) {
	products, codes := 0, 0
	for i := k; i < k+n; i++ {
		products += d.codes[m][i] * int(d.xq[t][i])
	}
	for i := k / 4; i < (k+n)/4; i++ {
		codes += int(d.xs[t*dotK/4+i])
	}
	if offset := -8; d.Times%offset == 0 && d.Times != 0 || d.Times != 0 && offset%d.Times == 0 {
		return float32(products + int(d.xo[(t*dotK+k)/n])*offset/d.Times), float32(codes)
	}
	return float32(products - 8*codes), float32(codes)
}

// product is one of W's row and x's: scales of the longer run are multiplied last.
func (d *dotted) product(t, m int) (acc float32) {
	var part, sums float32
	scale := func(k int) float32 {
		b := m*dotK/16 + k/16
		return float32(d.d[b] * float32(d.s[4*b+k%16/d.Width]))
	}
	for k := 0; k < dotK; k += 8 {
		x := t*dotK/8 + k/8
		dot, sum := d.run(t, m, k, 8)
		switch {
		case !d.Scaled:
			all, _ := d.run(t, m, 0, dotK)
			return float32(d.d[0] * all)
		case d.Width == 4:
			part = 0
			for i := k; i < k+8; i += 4 {
				dot, sum := d.run(t, m, i, 4)
				part += float32(scale(i) * dot)
				if d.Addend {
					part += float32(d.m[m*dotK/16+k/16] * sum)
				}
			}
			acc += float32(d.xd[x] * part)
			continue
		}
		part += float32(d.xd[x] * dot)
		if sum = float32(d.xd[x] * sum); d.Values {
			sum = d.xt[x]
		}
		sums += sum
		if d.Width > 0 && (k+8)%d.Width == 0 {
			acc += float32(scale(k) * part)
			if d.Addend {
				acc += float32(d.m[m*dotK/16+k/16] * sums)
			}
			part, sums = 0, 0
		}
	}
	if d.Width == 0 {
		return float32(d.d[0] * part)
	}
	return acc
}
