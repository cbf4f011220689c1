package models

import (
	"fmt"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Print gives a plan as text, for people: what each step makes of what, and the indices by which the steps of a pass
// share out their work.
func Print(m *plan.Model) string {
	p := &printer{}
	p.line("model %s @arch(%q) {", m.Name, m.Arch)
	p.indent++
	p.nodes(m.Body)
	for _, o := range m.Outputs {
		p.line("output %s = %s", o.Name, o.Value)
	}
	p.indent--
	p.line("}")
	return p.String()
}

type printer struct {
	strings.Builder
	indent int
	passes int // that we are in
}

func (p *printer) line(format string, args ...any) {
	p.WriteString(strings.Repeat("  ", p.indent))
	fmt.Fprintf(p, format+"\n", args...)
}

// body prints the nodes of a block and its end.
func (p *printer) body(nodes []plan.Node, end string, args ...any) {
	p.indent++
	p.nodes(nodes)
	p.indent--
	p.line(end, args...)
}

func (p *printer) nodes(nodes []plan.Node) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *plan.Weight:
			p.weight(n)
		case *plan.State:
			p.line("state %s of %s bytes, %d places a page", n.Name, poly(n.Size), n.Page)
		case *plan.Buffer: // its step shows it
		case *plan.Guard:
			p.line("require %s", poly(n.Cond))
		case *plan.Step:
			p.step(n)
		case *plan.Repeat:
			p.line("repeat %s in %s .. %s {", n.Var, poly(n.Lo), poly(n.Hi))
			for _, c := range n.Carry {
				p.line("  %s = %s, then %s", c.Name, c.Init, c.Next)
			}
			p.body(n.Body, "}")
		case *plan.If:
			p.choice(n)
		case *plan.Pass:
			p.line("pass {")
			p.passes++
			p.body(n.Body, "}")
			p.passes--
		}
	}
}

func (p *printer) weight(w *plan.Weight) {
	text := fmt.Sprintf("weight %s : %s%s %q", w.Name, w.Formats, shapeText(w.Shape), w.Tensor)
	if w.Optional {
		text += " or none"
	}
	switch {
	case w.Else == nil:
	case w.Else.Lo == nil:
		text += " else " + w.Else.Weight
	default:
		text += fmt.Sprintf(" else rows %s .. %s of %s", poly(w.Else.Lo), poly(w.Else.Hi), w.Else.Weight)
	}
	p.line("%s", text)
}

func (p *printer) choice(n *plan.If) {
	p.line("if %s {", poly(n.Cond))
	p.body(n.Then, "} else {")
	p.body(n.Else, "}")
	for _, m := range n.Merge {
		p.line("%s = %s or %s", m.Name, m.Then, m.Else)
	}
}

func (p *printer) step(s *plan.Step) {
	var made, args []string
	for i, a := range s.Args {
		switch {
		case a.Value != nil:
			args = append(args, poly(a.Value).String())
		case s.Op.Params[i].Write && s.Op.Params[i].Kind != plan.ParamState:
			made = append(made, a.Name)
		default:
			args = append(args, a.Name)
		}
	}
	text := s.Op.Name + "(" + strings.Join(args, ", ") + ")"
	if len(made) > 0 {
		text = strings.Join(made, ", ") + " = " + text
	}
	if p.passes > 0 && s.Op.Split != nil {
		text += " by " + poly(s.Op.Split).String()
	}
	p.line("%s", text)
}
