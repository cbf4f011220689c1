package synthetic

import (
	"math"
	"testing"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// TestHalf: the bits of f16, by hand.
func TestHalf(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want uint16
	}{
		{0, 0}, {math.Copysign(0, -1), 0x8000}, {1, 0x3c00}, {-2, 0xc000}, {1.5, 0x3e00}, {65504, 0x7bff},
		{0x1p-14, 0x0400}, {0x1p-15, 0x0200}, {0x1p-24, 1}, {0x1p-25, 0}, {1 + 0x1.8p-10, 0x3c01},
	} {
		if got := half(c.x); got != c.want {
			t.Errorf("%v: %#04x, want %#04x", c.x, got, c.want)
		}
	}
}

func TestSize(t *testing.T) {
	for elem, want := range map[string]int{"i8": 1, "u8": 1, "f16": 2, "bf16": 2, "u32": 4, "f32": 4} {
		if got := size(elem); got != want {
			t.Errorf("%s: %d bytes, want %d", elem, got, want)
		}
	}
}

// TestDecoderLacks: what can't be tried is an error.
func TestDecoderLacks(t *testing.T) {
	f := &plan.Format{Name: "odd", Block: 2, Bytes: 3, Fields: []plan.Field{{Name: "d", Elem: "f16", Len: 1}, {Name: "q", Elem: "u8", Offset: 2, Len: 1}}}
	if _, err := newSource(f, nil, false); err == nil {
		t.Error("no op decodes it")
	}
	if _, err := newSource(f, &plan.Op{Name: "rows"}, false); err == nil {
		t.Error("no kernel decodes it")
	}
}
