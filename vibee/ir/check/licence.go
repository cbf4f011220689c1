package check

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// licences checks what of an op's body is no equation: relax, order and tolerate.
func (c *checker) licences(s *scope, o *spec.Op, items []grammar.Item) {
	for _, item := range items {
		switch item := item.(type) {
		case *grammar.Relax:
			for _, r := range item.Items {
				c.relax(s, o, r)
			}
		case *grammar.Tolerate:
			c.tolerate(s, o, item)
		}
	}
}

func (c *checker) relax(s *scope, o *spec.Op, call *grammar.Call) {
	id, ok := call.Fun.(*grammar.Ident)
	if !ok {
		c.errorf(call.Pos, "this is no licence: there are eval(f32), factor(W), pairs(bf16) and approx(f, g)")
		return
	}
	switch id.Text {
	case "eval":
		c.relaxEval(o, call)
	case "factor":
		c.relaxFactor(s, o, call)
	case "pairs":
		c.relaxPairs(o, call)
	case "approx":
		c.relaxApprox(s, o, call)
	default:
		c.suggest(call.Pos, id.Text, []string{"eval", "factor", "pairs", "approx"}, "there is no licence %s", id.Text)
	}
}

func (c *checker) relaxEval(o *spec.Op, call *grammar.Call) {
	t, ok := (*grammar.Ident)(nil), false
	if len(call.Args) == 1 {
		t, ok = call.Args[0].Value.(*grammar.Ident)
	}
	switch {
	case !ok || t.Text != "f32":
		c.errorf(call.Pos, "the licence is eval(f32)")
	case o.Eval32:
		c.errorf(call.Pos, "the licence eval(f32) is given twice")
	case !o.Body.Any(func(e spec.Expr) bool { return e.Type() == spec.F64 }):
		c.errorf(call.Pos, "eval(f32) grants nothing: no equation is evaluated in f64")
	}
	o.Eval32 = true
}

func (c *checker) relaxFactor(s *scope, o *spec.Op, call *grammar.Call) {
	var p *spec.Param
	if len(call.Args) == 1 {
		if w, ok := call.Args[0].Value.(*grammar.Ident); ok {
			p, _ = s.find(w.Text).(*spec.Param)
		}
	}
	byBlocks := func(orders []spec.Order) bool {
		return slices.ContainsFunc(orders, func(r spec.Order) bool { return r.Kind == "blocks" && (r.Weight == p || r.With == p) })
	}
	switch {
	case p == nil || p.Kind != spec.Weight:
		c.errorf(call.Pos, "factor takes a weight: factor(W)")
	case slices.Contains(o.Factor, p):
		c.errorf(call.Pos, "the licence factor(%s) is given twice", p.Name)
	default:
		o.Factor = append(o.Factor, p)
		for _, orders := range o.Body.Orders {
			if byBlocks(orders) {
				return
			}
		}
		c.errorf(call.Pos, "factor(%s) grants nothing: no sum has the order blocks(k, %s)", p.Name, p.Name)
	}
}

func (c *checker) relaxPairs(o *spec.Op, call *grammar.Call) {
	t, ok := (*grammar.Ident)(nil), false
	if len(call.Args) == 1 {
		t, ok = call.Args[0].Value.(*grammar.Ident)
	}
	paired := false
	for _, orders := range o.Body.Orders {
		paired = paired || slices.ContainsFunc(orders, func(r spec.Order) bool { return r.Kind == "pairs" })
	}
	switch {
	case !ok || t.Text != "bf16":
		c.errorf(call.Pos, "the licence is pairs(bf16)")
		return
	case o.Pairs:
		c.errorf(call.Pos, "the licence pairs(bf16) is given twice")
	case !paired:
		c.errorf(call.Pos, "pairs(bf16) grants nothing: no sum has the order pairs(k, W, x)")
	}
	o.Pairs = true
}

func (c *checker) relaxApprox(s *scope, o *spec.Op, call *grammar.Call) {
	var pair []*spec.Op
	for _, a := range call.Args {
		path := pathOf(a.Value)
		if path == nil {
			continue
		}
		d := c.lookup(s.at, path)
		if d == nil {
			return
		}
		c.resolve(d, path.Pos)
		if d.broken {
			s.at.broken = true
			return
		}
		if d.op != nil && d.op.Scalar() {
			pair = append(pair, d.op)
		}
	}
	if len(pair) != 2 {
		c.errorf(call.Pos, "approx takes two ops on single values: approx(math.exp, math.exp_f32)")
		return
	}
	f, g := pair[0], pair[1]
	switch {
	case o.Approx[f] != nil:
		c.errorf(call.Pos, "%s has a form in f32 already", f.FullName())
	case !takes(f, spec.F64) || !takes(g, spec.F32) || len(f.Params) != len(g.Params):
		c.errorf(call.Pos, "approx takes an op on f64 and one on as many f32: %s is %s, %s is %s", f.FullName(), signature(f), g.FullName(), signature(g))
	case !o.Body.Any(func(e spec.Expr) bool { a, ok := e.(*spec.Apply); return ok && a.Op == f }):
		c.errorf(call.Pos, "approx grants nothing: no equation calls %s", f.FullName())
	}
	o.Approx[f] = g
}

// takes reports whether an op on single values takes and gives t alone.
func takes(o *spec.Op, t spec.Type) bool {
	for _, p := range append(slices.Clone(o.Params), o.Outs...) {
		if p.Kind != spec.Value || p.Elem.Type != t {
			return false
		}
	}
	return true
}

// signature is (f64, int) -> f64.
func signature(o *spec.Op) string {
	var in []string
	for _, p := range o.Params {
		if p.Kind == spec.Dim {
			in = append(in, "dim")
		} else {
			in = append(in, p.Elem.Name)
		}
	}
	return "(" + strings.Join(in, ", ") + ") -> " + o.Outs[0].Elem.Name
}

func pathOf(e grammar.Expr) *grammar.Path {
	switch e := e.(type) {
	case *grammar.Ident:
		return &grammar.Path{Pos: e.Pos, Text: e.Text}
	case *grammar.Member:
		if x, ok := e.X.(*grammar.Ident); ok {
			return &grammar.Path{Pos: e.Pos, Package: x.Text, Text: e.Name.Text}
		}
	}
	return nil
}

func (c *checker) order(s *scope, orders map[string][]spec.Order, sums []string, item *grammar.OrderItem) {
	sum := ""
	for i, call := range item.Choices {
		id, ok := call.Fun.(*grammar.Ident)
		if !ok || len(call.Args) == 0 {
			c.errorf(call.Pos, "an order is ascending(k), lanes(k, 16), blocks(k, W) or pairs(k, W, x)")
			return
		}
		k, ok := call.Args[0].Value.(*grammar.Ident)
		if !ok {
			c.errorf(call.Pos, "an order names the index of its sum")
			return
		}
		if i == 0 {
			sum = k.Text
			if orders[sum] != nil {
				c.errorf(call.Pos, "the sum over %s has an order already", sum)
				return
			}
			if !slices.Contains(sums, sum) {
				c.suggest(k.Pos, sum, sums, "no sum of floats runs over %s, so nothing has this order", sum)
				return
			}
		} else if k.Text != sum {
			c.errorf(k.Pos, "what follows else is another order for the sum over %s, not over %s", sum, k.Text)
			return
		}
		ord, ok := c.orderOf(s, call, id.Text)
		if !ok {
			return
		}
		if n := len(orders[sum]); n > 0 && orders[sum][n-1].Kind != "blocks" {
			c.errorf(call.Pos, "this order is never taken: the one before it always applies")
			return
		}
		orders[sum] = append(orders[sum], ord)
	}
}

func (c *checker) orderOf(s *scope, call *grammar.Call, kind string) (spec.Order, bool) {
	ord := spec.Order{Kind: kind}
	switch {
	case kind == "ascending" && len(call.Args) == 1:
	case kind == "lanes" && len(call.Args) == 2:
		n, _ := call.Args[1].Value.(*grammar.Number)
		if n != nil {
			ord.N, _ = strconv.Atoi(n.Text)
		}
		if ord.N < 2 || ord.N > 64 || ord.N&(ord.N-1) != 0 {
			c.errorf(call.Args[1].Pos, "lanes are a power of two, 2 to 64")
			return ord, false
		}
	case kind == "blocks" && (len(call.Args) == 2 || len(call.Args) == 3), kind == "pairs" && len(call.Args) == 3:
		for i, p := range []**spec.Param{&ord.Weight, &ord.With}[:len(call.Args)-1] {
			if w, ok := call.Args[i+1].Value.(*grammar.Ident); ok {
				*p, _ = s.find(w.Text).(*spec.Param)
			}
			if *p == nil || (*p).Kind != spec.Weight {
				c.errorf(call.Args[i+1].Pos, "blocks are those of a weight: blocks(k, W), or of two: blocks(k, W, x), and so are pairs(k, W, x)")
				return ord, false
			}
		}
	default:
		c.suggest(call.Pos, kind, []string{"ascending", "lanes", "blocks", "pairs"},
			"there is no order %s of %d %s: there are ascending(k), lanes(k, 16), blocks(k, W) and pairs(k, W, x)", kind, len(call.Args), plural(len(call.Args), "argument"))
		return ord, false
	}
	return ord, true
}

// unlicensed says which sums by blocks lack the licence for it.
func (c *checker) unlicensed(o *spec.Op, items []grammar.Item) {
	for _, item := range items {
		order, ok := item.(*grammar.Order)
		if !ok {
			continue
		}
		for _, choice := range order.Items {
			for _, call := range choice.Choices {
				if id, ok := call.Fun.(*grammar.Ident); !ok || id.Text != "blocks" || len(call.Args) < 2 {
					continue
				}
				for _, a := range call.Args[1:] {
					if w, ok := a.Value.(*grammar.Ident); ok && !slices.ContainsFunc(o.Factor, func(p *spec.Param) bool { return p.Name == w.Text }) {
						c.errorf(call.Pos, "this order takes scales out of a sum: it needs the licence `relax factor(%s)`", w.Text)
					}
				}
			}
		}
	}
}

func (c *checker) tolerate(s *scope, o *spec.Op, a *grammar.Tolerate) {
	var names []string
	var set *spec.Set
	for _, st := range o.Body.Sets {
		if st.Field == nil {
			names = append(names, st.Out.Name)
			if a.Out == nil && len(o.Outs) == 1 || a.Out != nil && st.Out.Name == a.Out.Text {
				set = st
			}
		}
	}
	switch {
	case set == nil && a.Out != nil:
		c.suggest(a.Out.Pos, a.Out.Text, names, "%s is no result of the op", a.Out.Text)
		return
	case set == nil && len(o.Outs) == 1:
		return // said already: the result has no equation
	case set == nil:
		c.errorf(a.Pos, "say which result is bounded: tolerate %s : …", strings.Join(names, " : … or "))
		return
	case slices.ContainsFunc(o.Tolerances, func(t *spec.Tolerance) bool { return t.Out == set.Out }):
		c.errorf(a.Pos, "the tolerance of %s is given twice", set.Out.Name)
		return
	}
	in := s.inside(set.Index)
	in.slack = true
	value := in.typed(in.expr(a.Value), spec.F64, a.Pos)
	if isBad(value) {
		return
	}
	if value.Type() != spec.F64 {
		c.errorf(a.Value.At(), "a tolerance is f64, this is %s", value.Type())
		return
	}
	o.Tolerances = append(o.Tolerances, &spec.Tolerance{Out: set.Out, Index: set.Index, Lets: o.Body.Lets, Value: value})
}
