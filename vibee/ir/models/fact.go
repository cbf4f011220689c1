package models

import (
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// fact proves or refutes a fact that an op asks for, or else leaves a guard.
func (b *builder) fact(pos grammar.Pos, o *spec.Op, f spec.Fact, dims map[string]plan.Expr) {
	x, y := put(f.X, dims), put(f.Y, dims)
	p, q := poly(x), poly(y)
	message := o.FullName() + ": " + p.String() + " is no multiple of " + q.String()
	proved := len(p.Mod(q).Terms) == 0
	refuted := false
	if rest, constant := p.Mod(q).Constant(); constant {
		refuted = rest != 0
	}
	if f.AtMost {
		message = o.FullName() + ": " + p.String() + " is more than " + q.String()
		proved = q.Sub(p).Range().Lo >= 0
		refuted = p.Sub(q).Range().Lo > 0
	}
	switch {
	case refuted:
		b.failf(pos, "%s", message)
	case !proved:
		b.add(&plan.Guard{Cond: holds(x, y, f.AtMost), Message: message})
	}
}

// holds is the condition of a fact: x <= y, or x is a multiple of y.
func holds(x, y plan.Expr, atMost bool) plan.Expr {
	if atMost {
		return plan.Binary{Op: "<=", A: x, B: y}
	}
	return plan.Binary{Op: "==", A: plan.Binary{Op: "%", A: x, B: y}, B: plan.Int(0)}
}
