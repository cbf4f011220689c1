package vm

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestHalf: every 16-bit float comes back, and whatever lies between two goes to the nearer, on a tie
// to the even one.
func TestHalf(t *testing.T) {
	formats := []struct {
		name string
		from func(uint16) float32
		to   func(float32) uint16
		inf  uint16
	}{{"f16", fromHalf, toHalf, 0x7c00}, {"bf16", fromBrain, toBrain, 0x7f80}}
	for _, f := range formats {
		for h := range uint32(1 << 16) {
			v := f.from(uint16(h))
			if v != v {
				if back := f.from(f.to(v)); back == back {
					t.Fatalf("%s %#x: NaN comes back as %v", f.name, h, back)
				}
			} else if f.to(v) != uint16(h) {
				t.Fatalf("%s %#x: %v comes back as %#x", f.name, h, v, f.to(v))
			}
		}
		for h := range f.inf {
			a, b := float64(f.from(h)), float64(f.from(h+1))
			if h+1 == f.inf {
				b = a + (a - float64(f.from(h-1)))
			}
			mid := float32(a + (b-a)/2)
			even := h + h&1
			up, down := math.Nextafter32(mid, float32(math.Inf(1))), math.Nextafter32(mid, 0)
			if f.to(mid) != even || f.to(up) != h+1 || f.to(down) != h || f.to(-mid) != even|0x8000 {
				t.Fatalf("%s: between %v and %v: %#x %#x %#x", f.name, a, b, f.to(down), f.to(mid), f.to(up))
			}
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 100000 {
		v := math.Float32frombits(r.Uint32())
		if got := fromHalf(toHalf(v)); v == v && math.Abs(float64(v)) < 65504 && math.Abs(float64(got-v)) > math.Max(math.Abs(float64(v))/2048, 0x1p-25) {
			t.Fatalf("%v rounds to %v", v, got)
		}
	}
}
