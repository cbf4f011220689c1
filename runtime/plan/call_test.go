package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestViewsShareMemory(t *testing.T) {
	x := []float32{1, 2, 3}
	b := Of(x)
	if b.Len != 12 {
		t.Errorf("%d bytes", b.Len)
	}
	View[float32](b)[1] = 5
	if diff := cmp.Diff([]float32{1, 5, 3}, x); diff != "" {
		t.Error(diff)
	}
	b.Len = 11
	if n := len(View[float32](b)); n != 2 {
		t.Errorf("11 bytes are %d values", n)
	}
	if n := len(View[float32](Of([]byte(nil)))); n != 0 {
		t.Errorf("no bytes are %d values", n)
	}
}

func TestCarve(t *testing.T) {
	scratch := make([]byte, 64+64+128)
	a, rest := Carve[float64](scratch, 3)
	b, rest := Carve[int8](rest, 64)
	c, rest := Carve[float32](rest, 17)
	if len(a) != 3 || len(b) != 64 || len(c) != 17 || len(rest) != 0 {
		t.Errorf("%d %d %d, %d are left", len(a), len(b), len(c), len(rest))
	}
	b[0], c[16] = 7, 1
	if scratch[64] != 7 || scratch[128+67] == 0 {
		t.Error("the parts lie elsewhere")
	}
	defer func() {
		if recover() == nil {
			t.Error("more was carved than there is")
		}
	}()
	Carve[byte](rest, 1)
}
