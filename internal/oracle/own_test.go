package oracle

import (
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/vm"
)

// TestOwnProgram: a form that adds in an order of its own gives other bits than the others do, and what it is compared
// with, bit for bit, is its own program.
func TestOwnProgram(t *testing.T) {
	found := 0
	for _, original := range kernels(t) {
		for name, own := range original.Own {
			found++
			k := *original
			k.Variants = []Variant{{name, k.Scratch, k.Run}} // with everyone's bits
			var bench Bench
			differs, noticed := false, false
			for n := range casesPerRound {
				c, err := k.Case(1, n)
				if err != nil {
					t.Fatal(err)
				}
				items, err := vm.Work(k.Loop, c.Dims)
				if err != nil {
					t.Fatal(err)
				}
				ranges := [][2]int{{0, items}}
				loop, err := interpret(k.Loop, c, c.buffers(), ranges)
				if err != nil {
					t.Fatal(err)
				}
				alone, err := interpret(own, c, c.buffers(), ranges)
				if err != nil {
					t.Fatal(err)
				}
				last := len(c.Bufs) - 1
				differs = differs || same(c.Bufs[last].Elem, alone[last], loop[last]) != nil
				if err := bench.Check(&k, c, map[string]int{}); err != nil {
					if !strings.Contains(err.Error(), name+" and the scheduled program") {
						t.Error(err)
					}
					noticed = true
				}
			}
			if !differs || !noticed {
				t.Errorf("%s on %s: its own bits differ: %v, others are noticed: %v", k.Name(), name, differs, noticed)
			}
		}
	}
	if found == 0 && len(kernels(t)[0].Kernel.Variants) > 0 {
		t.Error("no form has a program of its own")
	}
}
