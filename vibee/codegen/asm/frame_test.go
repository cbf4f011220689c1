package asm

import (
	"testing"

	"github.com/mmcloughlin/avo/gotypes"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// TestFrameNames: names of specs that mean something to Go or to the assembler are no parameters' names.
func TestFrameNames(t *testing.T) {
	p := &loop.Program{Lo: &loop.Var{Name: "lo"}, Hi: &loop.Var{Name: "hi"}}
	names := []string{"type", "func", "ok", "ok_", "AX", "x"}
	for _, n := range names {
		p.Bufs = append(p.Bufs, &loop.Buf{Name: n, Size: &loop.ConstInt{V: 1}})
	}
	f := frameOf(p)
	if _, err := gotypes.ParseSignature(f.signature()); err != nil {
		t.Fatalf("%s: %v", f.signature(), err)
	}
	seen := map[string]bool{"ok": true}
	for i, q := range f.params {
		if seen[q.name] {
			t.Errorf("%s: two are called %s", f.signature(), q.name)
		}
		seen[q.name] = true
		if i < len(names) && (q.of != names[i] || f.argument(q.of).Symbol.Name != q.name) {
			t.Errorf("%s is %s", names[i], q.name)
		}
	}
}
