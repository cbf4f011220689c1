package bind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// because names the keys that an expression's value comes from, and what the file says there.
func (e *env) because(x plan.Expr) string {
	var facts []string
	seen := map[string]bool{}
	var look func(plan.Expr)
	value := func(name string, i int) {
		c := e.b.config[name]
		if c == nil || seen[name] {
			return
		}
		seen[name] = true
		if c.state != done || c.Key == "" || !e.b.read[c.Key] { // a default: what does that come from?
			look(c.Default)
			return
		}
		if i < len(c.values) {
			facts = append(facts, fmt.Sprintf("%s is %v", c.Key, c.values[i]))
		}
	}
	look = func(x plan.Expr) {
		switch x := x.(type) {
		case plan.Name:
			value(string(x), 0)
		case plan.Index:
			at, err := e.integer(x.I)
			if err == nil {
				value(x.Array, at)
			}
		case plan.Unary:
			look(x.A)
		case plan.Binary:
			look(x.A)
			look(x.B)
		case plan.Cond:
			look(x.If)
			look(x.Then)
			look(x.Else)
		}
	}
	look(x)
	if len(facts) == 0 {
		return ""
	}
	slices.Sort(facts)
	return " (" + strings.Join(facts, ", ") + ")"
}
