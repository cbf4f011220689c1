package lower_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// dotFormats are bytes in blocks of 8, and codes less 8 of four rows side by side; the lines marked XD, XT, WM are for
// x's scales, x's sums of values and what is added to W's codes, X1 and W1 where these are absent.
const dotFormats = `format w : block[16] of f32 {
  bytes WBYTES
  field d : f32
  field m : f32
  field s : i8[SCALES]
  field c : u8[16]
  code v[i] : u8 = bits(c[i], 0, 4)
  decode[i] = d * f32(s[i / WIDTH]) * f32(v[i] - 8) + m
}
FORMAT
format q : block[8] of f32 {
  bytes XBYTES
  XD field d : f32
  XT field t : f32[1]
  field s : i16[2]
  field qs : i8[8]
  code c[i] : i8 = qs[i]
  XD decode[i] = d * f32(c[i])
  X1 decode[i] = f32(c[i])
  sums s by 4
  XT sums t by 8
}
op f(W: w_x4[M, K], x: q[T, K]) -> y: f32[T, M] where K <= 4096 {
  y[t, m] = f32(sum[k] as f64 (f64(W[m, k]) * f64(x[t, k])))
  relax eval(f32), factor(W), factor(x)
  order blocks(k, W, x)
}
`

const scaled4 = `format w_x4 : block[4, 16] of f32 packs w {
  bytes X4BYTES
  field d : f32[4]
  WM field m : f32[4]
  field s : i8[SCALES, 4]
  field c : u8[4, 16]
  code v[r, i] : u8 = bits(c[i / 4, 4 * r + i % 4], 0, 4)
  W1 decode[r, i] = d[r] * f32(s[i / WIDTH, r]) * f32(v[r, i] - 8)
  WM decode[r, i] = d[r] * f32(s[i / WIDTH, r]) * f32(v[r, i] - 8) + m[r]
  pack(w) {
    d[r] = w.d[r]
    WM m[r] = w.m[r]
    s[j, r] = w.s[r, j]
    c[g, p] = w.v[p / 4, 4 * g + p % 4]
  }
}`

const uniform4 = `format w_x4 : block[4, 16] of f32 packs w {
  bytes 64
  field c : u8[4, 16]
  tail 4 {
    field d : f32
  }
  code v[r, i] : u8 = bits(c[i / 4, 4 * r + i % 4], 0, 4)
  decode[r, i] = d * f32(v[r, i] - 8)
  pack(w) {
    d = w.d
    c[g, p] = w.v[p / 4, 4 * g + p % 4]
  }
}`

// dotted are the values of such formats.
type dotted struct {
	width          int // 0: one scale a tensor
	scaled, values bool
	addend         bool
	d, m           []float32 // of W, a block
	s              []int8
	codes          [][]int // W's
	xd, xt         []float32
	xs             []int16 // of each four
	xq             [][]int8
}

const dotT, dotM, dotK = 13, 6, 48

// dots are sums of products of codes in blocks, whose scales are W's, x's or both.
func dots(r *rand.Rand) (list []meaning) {
	for _, width := range []int{16, 8, 4, 0} {
		for _, with := range []string{"d", "d, m", "d, m, t", "nothing"} {
			d := &dotted{width: width, scaled: with != "nothing", addend: strings.Contains(with, "m"), values: strings.Contains(with, "t,") || strings.HasSuffix(with, " t")}
			if width == 0 && d.addend || width != 0 && !d.scaled {
				continue
			}
			d.fill(r)
			list = append(list, d.meanings(with)...)
		}
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
	for range dotT * dotK / 4 { // sums of other codes: those that are kept count
		d.xs = append(d.xs, int16(r.IntN(1000)-500))
	}
}

func (d *dotted) meanings(with string) (list []meaning) {
	scales, format := 1, uniform4
	if d.width > 0 {
		scales, format = 16/d.width, scaled4
	}
	only := func(mark string, on bool) []string { // lines that begin with a mark
		if on {
			return []string{"  " + mark + " ", "  "}
		}
		return []string{"  " + mark + " ", "  // "}
	}
	x := 12
	if d.scaled {
		x += 4
	}
	if d.values {
		x += 4
	}
	w := 80 + 4*scales
	if d.addend {
		w += 16
	}
	source := strings.NewReplacer("FORMAT", format).Replace(dotFormats)
	source = strings.NewReplacer(slices.Concat(only("XD", d.scaled), only("X1", !d.scaled), only("XT", d.values), only("WM", d.addend), only("W1", !d.addend), []string{
		"WBYTES", fmt.Sprint(24 + scales), "X4BYTES", fmt.Sprint(w), "XBYTES", fmt.Sprint(x),
		"SCALES", fmt.Sprint(scales), "WIDTH", fmt.Sprint(16 / scales)})...).Replace(source)
	in := [][]byte{d.weights()}
	if d.width == 0 {
		in = append(in, floats(d.d[:1]))
	}
	in = append(in, d.activations())
	var want []float32
	for t := range dotT {
		for m := range dotM {
			want = append(want, d.product(t, m))
		}
	}
	for _, schedule := range []string{"", "schedule f for go, vm { loop m, t parallel m lanes m by 4 }", "schedule f for go, vm { loop m, t parallel m lanes m by 4 unroll t by 8 }"} {
		list = append(list, meaning{
			name:   fmt.Sprintf("dots of %d with %s %s", d.width, with, schedule),
			source: source + schedule, dims: []int64{dotM, dotK, dotT}, first: in, want: want,
		})
	}
	return list
}

// weights are blocks of four rows; those behind the last row are of nothing.
func (d *dotted) weights() (data []byte) {
	row := func(m, b int) int { return min(m, dotM-1)*dotK/16 + b }
	for m := 0; m < dotM; m += 4 {
		for b := range dotK / 16 {
			if d.width > 0 {
				for r := range 4 {
					data = append(data, floats(d.d[row(m+r, b):][:1])...)
				}
				for r := range 4 {
					if d.addend {
						data = append(data, floats(d.m[row(m+r, b):][:1])...)
					}
				}
				for j := range 16 / d.width {
					for r := range 4 {
						data = append(data, byte(d.s[4*row(m+r, b)+j]))
					}
				}
			}
			for i := range 64 {
				r, k := i/4%4, 16*b+4*(i/16)+i%4
				data = append(data, byte(d.codes[min(m+r, dotM-1)][k]))
			}
		}
	}
	return data
}

func (d *dotted) activations() (data []byte) {
	for i := range dotT * dotK / 8 {
		if d.scaled {
			data = append(data, floats(d.xd[i:][:1])...)
		}
		if d.values {
			data = append(data, floats(d.xt[i:][:1])...)
		}
		for _, s := range d.xs[2*i:][:2] {
			data = binary.LittleEndian.AppendUint16(data, uint16(s))
		}
		for _, q := range d.xq[i/(dotK/8)][i%(dotK/8)*8:][:8] {
			data = append(data, byte(q))
		}
	}
	return data
}

// run is the sum of n codes' products from k on, and that of x's codes.
func (d *dotted) run(t, m, k, n int) (dot, sum float32) {
	products, codes := 0, 0
	for i := k; i < k+n; i++ {
		products += d.codes[m][i] * int(d.xq[t][i])
	}
	for i := k / 4; i < (k+n)/4; i++ {
		codes += int(d.xs[t*dotK/4+i])
	}
	return float32(products - 8*codes), float32(codes)
}

// product is one of W's row and x's: scales of the longer run are multiplied last.
func (d *dotted) product(t, m int) (acc float32) {
	var part, sums float32
	scale := func(k int) float32 {
		b := m*dotK/16 + k/16
		return float32(d.d[b] * float32(d.s[4*b+k%16/d.width]))
	}
	for k := 0; k < dotK; k += 8 {
		x := t*dotK/8 + k/8
		dot, sum := d.run(t, m, k, 8)
		switch {
		case !d.scaled:
			all, _ := d.run(t, m, 0, dotK)
			return float32(d.d[0] * all)
		case d.width == 4:
			part = 0
			for i := k; i < k+8; i += 4 {
				dot, sum := d.run(t, m, i, 4)
				part += float32(scale(i) * dot)
				if d.addend {
					part += float32(d.m[m*dotK/16+k/16] * sum)
				}
			}
			acc += float32(d.xd[x] * part)
			continue
		}
		part += float32(d.xd[x] * dot)
		if sum = float32(d.xd[x] * sum); d.values {
			sum = d.xt[x]
		}
		sums += sum
		if d.width > 0 && (k+8)%d.width == 0 {
			acc += float32(scale(k) * part)
			if d.addend {
				acc += float32(d.m[m*dotK/16+k/16] * sums)
			}
			part, sums = 0, 0
		}
	}
	if d.width == 0 {
		return float32(d.d[0] * part)
	}
	return acc
}
