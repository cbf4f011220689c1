package models

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
)

const shared = `vibee 1
package p

op pointwise(x: f32[T, D], g: f32[D]) -> y: f32[T, D] {
  let z[t, d] = x[t, d] * g[d]
  y[t, d] = z[t, d] + z[t, d]
}
schedule pointwise for go, vm { parallel d by 4 }

op rows(x: f32[T, D], g: f32[D]) -> y: f32[T, D] {
  let most[t] = max[d](abs(x[t, d]))
  y[t, d] = x[t, d] / most[t] * g[d]
}

op normed(x: f32[T, D]) -> y: f32[T, D] {
  let most[t] = max[d](abs(x[t, d]))
  y[t, d] = x[t, d] / most[t]
}
schedule normed for go, vm { parallel d by 4 }

op heads(x: f32[T, H, A], r: f32[T, A]) -> y: f32[T, H, A] {
  let turned[t, h, a] = x[t, h, A - 1 - a] * r[t, a]
  y[t, h, a] = turned[t, h, a]
}
schedule heads for go, vm { loop t, h, a; parallel h; }

op each_head(x: f32[T, H, A]) -> y: f32[T, H, A] {
  y[t, h, a] = x[t, h, a]
}
schedule each_head for go, vm { parallel t, h; }

op halves(x: f32[T, 2, F]) -> y: f32[T, F] {
  y[t, f] = x[t, 0, f] * x[t, 1, f]
}
schedule halves for go, vm { parallel f by 4 }

op mirrored(x: f32[T, D], z: f32[T, D]) -> y: f32[T, D] {
  let back[t, d] = z[t, d]
  y[t, d] = x[t, d] + back[t, D - 1 - d]
}
schedule mirrored for go, vm { parallel d by 4 }

op first(x: f32[T, D], z: f32[T, D]) -> y: f32[T, D] where 1 <= D {
  y[t, d] = x[t, d] + z[t, d] * z[t, 0]
}
schedule first for go, vm { parallel d by 4 }

op last(x: f32[T, D]) -> y: f32[T, D] where 1 <= D {
  y[t, d] = x[t, D - 1] * x[t, d]
}
schedule last for go, vm { parallel d by 4 }

op narrow(x: f32[T, A], P: dim) -> y: f32[T, P] where P <= A {
  y[t, p] = x[t, p]
}
schedule narrow for go, vm { parallel p by 4 }

op picked(x: f32[T, D], out: i32[R]) -> y: f32[R, D] {
  y[r, d] = x[out[r], d]
}

op kernelled(x: f32[T, D]) -> y: f32[T, D] {
  y[t, d] = x[t, d]
}
kernel shifted implements kernelled {
  y[t, d] = x[t, D - 1 - d]
}
schedule kernelled for go, vm { parallel d by 4 }
`

// TestSplit: by what an op's work is shared out, and of which tensors a work item has its own part alone.
func TestSplit(t *testing.T) {
	f, err := grammar.Parse("p.vibee", []byte(shared))
	if err != nil {
		t.Fatal(err)
	}
	prog, err := check.Check([]*grammar.File{f})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, o := range prog.Ops {
		op := Op(o)
		s := fmt.Sprint(text(op.Split), ":")
		for _, p := range op.Params {
			if p.Kind == plan.ParamTensor {
				s += fmt.Sprintf(" %s %s", p.Name, text(p.Runs))
			}
		}
		got[o.Name] = s
	}
	want := map[string]string{
		"pointwise": "D: x T g 1 y T",
		"rows":      "T: x 1 g any y 1",
		"normed":    "D: x any y T",
		"heads":     "H: x T r any y T",
		"each_head": "(T*H): x 1 y 1",
		"halves":    "F: x (T*2) y T",
		"mirrored":  "D: x T z any y T",
		"first":     "D: x T z any y T",
		"last":      "D: x any y T",
		"narrow":    "P: x any y T",
		"picked":    "R: x any out 1 y 1",
		"kernelled": "D: x any y T",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func text(e plan.Expr) string {
	switch e := e.(type) {
	case nil:
		return "any"
	case plan.Binary:
		return "(" + text(e.A) + e.Op + text(e.B) + ")"
	}
	return strings.TrimSpace(fmt.Sprint(e))
}
