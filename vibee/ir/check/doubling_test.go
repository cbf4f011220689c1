package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
)

// TestDoubling: lets that each read the one before twice take no time that doubles with each.
func TestDoubling(t *testing.T) {
	for _, typ := range []string{"int", "f32"} {
		var b strings.Builder
		fmt.Fprintf(&b, "vibee 1\npackage p\nop f(x: f32[T]) -> y: f32[T] {\n  let a0[t] : %s = clamp(%s(clamp(x[t], 0, 1)), 0, 1)\n", typ, typ)
		for i := range 60 {
			fmt.Fprintf(&b, "  let a%d[t] : %s = clamp(a%d[t] + a%d[t], 0, 1)\n", i+1, typ, i, i)
		}
		b.WriteString("  y[t] = f32(i8(a60[t]))\n}\n")
		file, err := grammar.Parse("doubling.vibee", []byte(b.String()))
		if err != nil {
			t.Fatal(err)
		}
		prog, err := check.Check([]*grammar.File{file})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := lower.Op(prog.Ops[0], lower.Options{Target: "go"}); err != nil {
			t.Fatal(err)
		}
	}
}
