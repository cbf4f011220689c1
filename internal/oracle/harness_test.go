package oracle

import (
	"math"
	"strings"
	"testing"
	"unsafe"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// element is f32 i of a buffer, inside it or not.
func element(b plan.Buf, i int) *float32 { return (*float32)(unsafe.Add(b.Ptr, 4*i)) }

// TestHarnessNotices breaks kernels in ways that the harness is for, and asks for a word about it.
func TestHarnessNotices(t *testing.T) {
	type run = func(c *plan.Call, lo, hi int, scratch []byte)
	ends := func(b plan.Buf) int { return b.Len / 4 }
	for _, test := range []struct {
		name, kernel, want string
		broken             func(run) run
	}{
		{"one bit", "linear.matmul_q4_1", "y: element", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				r(c, lo, hi, s)
				if y := c.Buf[2]; hi > lo && y.Len > 0 {
					*element(y, lo) = math.Nextafter32(*element(y, lo), 1)
				}
			}
		}},
		{"a row too few", "linear.matmul_q4_1", "y: element", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) { r(c, lo, max(lo, hi-1), s) }
		}},
		{"the range is not kept", "norm.rms", "", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				if hi > lo {
					r(c, lo, hi+1, s)
				}
			}
		}},
		{"a read behind an input", "linear.add", "panics", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				r(c, lo, hi, s)
				sink += *element(c.Buf[0], ends(c.Buf[0]))
			}
		}},
		{"a read before an input", "linear.add", "panics", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				r(c, lo, hi, s)
				sink += *element(c.Buf[0], -1)
			}
		}},
		{"a write behind a result", "linear.add", "", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				r(c, lo, hi, s)
				*element(c.Buf[2], ends(c.Buf[2])) = 0
			}
		}},
		{"a write before a result", "linear.add", "bytes beside it", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				r(c, lo, hi, s)
				*element(c.Buf[2], -1) = 0
			}
		}},
		{"an input is written", "linear.add", "is an input and was written", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				r(c, lo, hi, s)
				if c.Buf[1].Len > 0 {
					*(*byte)(c.Buf[1].Ptr) ^= 1
				}
			}
		}},
		{"scratch is read before it is written", "linear.matmul_q4_1", "y: element", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				r(c, lo, hi, s)
				if len(s) > 0 && hi > lo && c.Buf[2].Len > 0 {
					*element(c.Buf[2], lo) += float32(s[len(s)-1])
				}
			}
		}},
		{"an append goes astray", "attn.append", "element", func(r run) run {
			return func(c *plan.Call, lo, hi int, s []byte) {
				r(c, lo, hi, s)
				if hi > lo && c.Buf[0].Len > 0 {
					*element(c.Buf[0], ends(c.Buf[0])-1) = 42
				}
			}
		}},
	} {
		t.Run(strings.ReplaceAll(test.name, " ", "-"), func(t *testing.T) {
			if test.want == "panics" && !closed {
				t.Skip("this system closes no pages: what is read beside a buffer is not seen")
			}
			k := named(t, test.kernel)
			k.Variants = []Variant{{"broken", k.Scratch, test.broken(k.Run)}}
			var bench Bench
			for n := range casesPerRound {
				c, err := k.Case(1, n)
				if err != nil {
					t.Fatal(err)
				}
				if err = bench.Check(k, c, map[string]int{}); err != nil {
					if !strings.Contains(err.Error(), "broken") || !strings.Contains(err.Error(), test.want) {
						t.Errorf("it says %q, want %q", err, test.want)
					}
					return
				}
			}
			t.Error("nothing was noticed")
		})
	}
}

var sink float32

func named(t *testing.T, name string) *Kernel {
	for _, k := range kernels(t) {
		if k.Name() == name {
			return k
		}
	}
	t.Fatalf("there is no kernel %s", name)
	return nil
}

// TestWithin holds the rules by which a scheduled result may differ from the exact one.
func TestWithin(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, test := range []struct {
		got, want, bound float64
		ok               bool
	}{
		{1, 1, 0, true},
		{1.5, 1, 0.5, true},
		{1.5, 1, 0.25, false},
		{math.Copysign(0, -1), 0, 0, true},
		{nan, nan, 0, true},
		{nan, 1, 10, false},
		{1, nan, 10, false},
		{nan, 1, 0x1p1000, true}, // nothing is promised
		{nan, inf, 0x1p1000, true},
		{inf, nan, inf, true}, // 0·∞ and ∞ - ∞ depend on where a factor stands
		{-inf, inf, nan, true},
		{1, nan, inf, false}, // but a number does not come of it
		{1, inf, inf, false},
		{1, 2, inf, true}, // a weight of 0 for what is infinite
		{1, 2, nan, false},
		{inf, inf, 0, true},
		{inf, -inf, 1, false},
		{inf, math.MaxFloat32, 0x1p104, true}, // the edge of the range
		{inf, 0x1p126, 0x1p104, false},
		{math.MaxFloat32, inf, 0x1p104, true},
		{math.MaxFloat32, inf, 0x1p103, false},
	} {
		got, want := make([]byte, 8), make([]byte, 8)
		putFloat(vm.F64M, got, test.got)
		putFloat(vm.F64M, want, test.want)
		if err := within(vm.F64M, got, want, []float64{test.bound}); (err == nil) != test.ok {
			t.Errorf("%v for %v, tolerance %v: %v", test.got, test.want, test.bound, err)
		}
	}
}
