package eval

import (
	"fmt"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Tensor gives the name of w's tensor: each {name} is replaced by the integer it stands for.
func Tensor(w *plan.Weight, env Env) (string, error) {
	var out strings.Builder
	for rest := w.Tensor; ; {
		before, after, ok := strings.Cut(rest, "{")
		out.WriteString(before)
		if !ok {
			return out.String(), nil
		}
		name, after, ok := strings.Cut(after, "}")
		if !ok {
			return "", fmt.Errorf("tensor name %q: { without }", w.Tensor)
		}
		var x plan.Expr = plan.Name(name)
		for _, g := range w.Given {
			if g.Name == name {
				x = g.Value
			}
		}
		v, err := Eval(x, env)
		if err == nil {
			_, err = v.AsDim()
		}
		if err != nil {
			return "", fmt.Errorf("tensor name %q: %w", w.Tensor, err)
		}
		out.WriteString(v.String())
		rest = after
	}
}
