package lower_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// brains is a product of bf16s of four rows side by side.
const brains = `format brain : block[1] of f32 {
  bytes 2
  field v : bf16
  decode[i] = f32(v)
}
format brain_x4 : block[4, 6] of f32 packs brain {
  bytes 48
  field v : bf16[3, 8]
  decode[r, i] = f32(v[i / 2, 2 * r + i % 2])
  pack(w) {
    v[g, p] = w.v[p / 2, 2 * g + p % 2]
  }
}
format row : block[6] of f32 {
  bytes 12
  field v : bf16[6]
  decode[i] = f32(v[i])
}
op f(W: brain_x4[M, K], x: row[T, K]) -> y: f32[T, M] {
  y[t, m] = f32(sum[k] as f64 (f64(W[m, k]) * f64(x[t, k])))
  relax eval(f32)
  order pairs(k, W, x)
}
schedule f for go { loop m, t  parallel m  lanes m by 4  unroll t by 4 }
schedule f for vm { loop m, t  parallel m }
`

// inPairs are products by twos, of values among which are subnormal ones, and products out of f32's range.
func inPairs(r *rand.Rand) (list []meaning) {
	const T, M, K = 7, 6, 12
	source := brains
	for _, scale := range []int{0, -80, -130, 70} {
		draw := func(n int) (data []byte, values []float32) {
			for range n {
				bits := math.Float32bits(float32(math.Ldexp(r.NormFloat64(), scale))) >> 16
				data = binary.LittleEndian.AppendUint16(data, uint16(bits))
				values = append(values, math.Float32frombits(bits<<16))
			}
			return data, values
		}
		wBytes, w := draw(8 * K)
		xBytes, x := draw(T * K)
		var packed []byte
		for band := range 2 {
			for block := range K / 6 {
				for i := range 24 { // pair i / 8 of row i % 8 / 2
					at := (4*band+i%8/2)*K + 6*block + i/8*2 + i%2
					packed = append(packed, wBytes[2*at:2*at+2]...)
				}
			}
		}
		var want []float32
		for t := range T {
			for m := range M {
				sum := float32(0)
				for j := 0; j < K; j += 2 {
					sum += float32(w[m*K+j+1] * x[t*K+j+1])
					sum += float32(w[m*K+j] * x[t*K+j])
				}
				want = append(want, sum)
			}
		}
		list = append(list, meaning{name: "pairs", source: source, dims: []int64{M, K, T}, first: [][]byte{packed, xBytes}, want: want})
	}
	return list
}

// TestPairsShared: rows of x side by side read a word of W once.
func TestPairsShared(t *testing.T) {
	p, err := compiled("vibee 1\npackage p\n" + brains)
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	loop.WalkStmts(p.Body, func(s loop.Stmt) {
		f, ok := s.(*loop.For)
		if !ok {
			return
		}
		words, products := 0, 0
		for _, s := range f.Body {
			if d, ok := s.(*loop.Def); ok && d.Var.Lanes == 4 {
				if _, ok := d.Value.(*loop.Load); ok {
					words++
				}
			}
			if s, ok := s.(*loop.Set); ok {
				if _, ok := s.Value.(*loop.Pairs); ok {
					products++
				}
			}
		}
		if words == 1 {
			most = max(most, products)
		}
	})
	if most != 4 {
		t.Errorf("%d products share a word of W, not 4:\n%s", most, loop.Print(p))
	}
}
