package lower_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
)

// sums are rows' sums of squares, of widths around the number of lanes.
func sums(r *rand.Rand) (list []meaning) {
	const T = 9
	for _, order := range []struct {
		text, schedule string
		sum            func([]float32) float32
	}{
		{"ascending(d)", "", ascending},
		{"lanes(d, 16)", "", func(x []float32) float32 { return inLanes(x, 16) }},
		{"lanes(d, 4)", "schedule f for go, vm { loop t parallel t lanes t by 8 }", func(x []float32) float32 { return inLanes(x, 4) }},
	} {
		for _, d := range []int{0, 1, 3, 4, 15, 16, 17, 43} {
			x, want := normal(r, T*d), make([]float32, T)
			for t := range want {
				want[t] = order.sum(x[t*d:][:d])
			}
			list = append(list, meaning{
				name: fmt.Sprintf("%s of %d %s", order.text, d, order.schedule),
				source: "op f(x: f32[T, D]) -> y: f32[T] {\n  y[t] = f32(sum[d] as f64 (f64(x[t, d]) * f64(x[t, d])))\n  relax eval(f32)\n  order " +
					order.text + "\n}\n" + order.schedule,
				dims: []int64{T, int64(d)}, x: x, want: want,
			})
		}
	}
	return list
}

func ascending(x []float32) (sum float32) {
	for _, v := range x {
		sum += float32(v * v)
	}
	return sum
}

// inLanes keeps a sum for each lane and adds them by halves.
func inLanes(x []float32, n int) float32 {
	sums := make([]float32, n)
	for i, v := range x {
		sums[i%n] += float32(v * v)
	}
	for half := n / 2; half > 0; half /= 2 {
		for j := range half {
			sums[j] += sums[j+half]
		}
	}
	return sums[0]
}

const matmul = `op f(W: any[M, K], x: f32[T, K]) -> y: f32[T, M] {
  y[t, m] = f32(sum[k] as f64 (f64(W[m, k]) * f64(x[t, k])))
  relax eval(f32), factor(W)
  order blocks(k, W)
}
format q : block[8] of f32 {
  bytes BYTES
  field d : f32
  field m : f32
  field s : i8[SCALES]
  field c : u8[4]
  code v[i] : u8 = bits(c[i % 4], 4 * (i / 4), 4)
  decode[i] = f32(d) * f32(s[i / WIDTH]) * f32(v[i]) SIGN f32(m)
}
`

// blocks are rows of blocks of 8 values, which have a scale or two, and an offset.
func blocks(r *rand.Rand) (list []meaning) {
	const T, M, K = 2, 5, 24
	for _, width := range []int{8, 4} {
		for _, sign := range []string{"+", "-"} {
			bytes := 12 + 8/width
			w := make([]byte, M*K/8*bytes)
			for i := range w {
				w[i] = byte(r.Uint32())
			}
			for i := 0; i < len(w); i += bytes {
				copy(w[i:], floats(normal(r, 2)))
			}
			x, want := normal(r, T*K), make([]float32, T*M)
			for i := range want {
				want[i] = inBlocks(w[i%M*K/8*bytes:], x[i/M*K:][:K], width, sign == "-")
			}
			source := strings.NewReplacer("BYTES", fmt.Sprint(bytes), "SCALES", fmt.Sprint(8/width), "WIDTH", fmt.Sprint(width), "SIGN", sign).Replace(matmul)
			for _, schedule := range []string{"", "schedule f for go, vm { loop t, m parallel m lanes m by 4 }"} {
				list = append(list, meaning{
					name: fmt.Sprintf("blocks of %d %s %s", width, sign, schedule), source: source + schedule,
					dims: []int64{M, K, T}, first: [][]byte{w}, x: x, want: want,
				})
			}
		}
	}
	return list
}

// inBlocks is one row: acc = (acc + A*dot) + B*sum, sub-blocks ascending.
func inBlocks(w []byte, x []float32, width int, minus bool) (acc float32) {
	float := func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
	for i := 0; i < len(x); i += width {
		block, from := w[i/8*(12+8/width):], i%8
		scale, offset := float32(float(block)*float32(int8(block[8+from/width]))), float(block[4:])
		if minus {
			offset = -offset
		}
		var dot, sum float32
		for j := from; j < from+width; j++ {
			code := block[8+8/width+j%4] >> (4 * (j / 4)) & 15
			dot += float32(float32(code) * x[i-from+j])
			sum += x[i-from+j]
		}
		acc = (acc + float32(scale*dot)) + float32(offset*sum)
	}
	return acc
}
