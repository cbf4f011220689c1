package check

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// schedule checks how an op's loops are arranged.
func (c *checker) schedule(a *grammar.Schedule, target *decl) {
	o := target.op
	out := &spec.Schedule{Pos: a.Pos, Grain: 1, Lanes: map[string]int{}, Unroll: map[string]int{}, Tile: map[string]int{}}
	out.For = c.targets(a.For)
	if a.When != nil {
		c.when(o, out, a.When)
	}
	for _, st := range a.Steps {
		for _, n := range st.Names {
			c.step(o, out, st, n)
		}
	}
	if len(a.Steps) == 0 {
		c.errorf(a.Pos, "the schedule has no step: an op without a schedule has its loops in the order of its result's indices")
	}
	c.nest(o, out, a)
	for _, other := range o.Schedules {
		if !slices.Equal(other.Parallel, out.Parallel) || other.Grain != out.Grain {
			c.errorf(a.Pos, "the ranges of work differ from those at %s:%d: all schedules of an op have the same parallel step", other.Pos.File, other.Pos.Line)
			break
		}
	}
	o.Schedules = append(o.Schedules, out)
}

// indexRole is what a schedule may do with an index of an op, as far as any of its bodies lets it.
type indexRole struct {
	result bool // it stands on the left of every result's equation
	let    bool // of a let
	sum    bool // of a reduction
	split  bool // of a sum whose order splits it
}

// roles lists the indices of an op's equations and of its kernels' by name.
func roles(o *spec.Op) map[string]*indexRole {
	out := map[string]*indexRole{}
	of := func(name string) *indexRole {
		if out[name] == nil {
			out[name] = &indexRole{}
		}
		return out[name]
	}
	bodies := []*spec.Body{o.Body}
	for _, k := range o.Kernels {
		bodies = append(bodies, k.Body)
	}
	for _, b := range bodies {
		for _, s := range b.Sets {
			for _, i := range s.Index {
				of(i.Name).result = true
			}
		}
		for _, l := range b.Lets {
			for _, i := range l.Index {
				of(i.Name).let = true
			}
		}
		b.Walk(func(e spec.Expr) bool {
			if r, ok := e.(*spec.Reduce); ok {
				for _, i := range r.Index {
					of(i.Name).sum = true
				}
			}
			return true
		})
		for name, orders := range b.Orders {
			of(name).split = of(name).split || slices.ContainsFunc(orders, func(r spec.Order) bool { return r.Kind != "ascending" })
		}
	}
	for _, b := range bodies {
		for _, s := range b.Sets {
			for name, r := range out {
				r.result = r.result && indexNamed(s.Index, name) != nil
			}
		}
	}
	return out
}

func indexNamed(list []*spec.Index, name string) *spec.Index {
	for _, i := range list {
		if i.Name == name {
			return i
		}
	}
	return nil
}

// step checks one index of a step.
func (c *checker) step(o *spec.Op, out *spec.Schedule, st *grammar.Step, n *grammar.Name) {
	by := 0
	if st.By != nil {
		by, _ = strconv.Atoi(st.By.Text)
	}
	all := roles(o)
	r := all[n.Text]
	_, laned := out.Lanes[n.Text]
	_, unrolled := out.Unroll[n.Text]
	_, tiled := out.Tile[n.Text]
	twice := map[string]bool{"loop": slices.Contains(out.Loop, n.Text), "parallel": slices.Contains(out.Parallel, n.Text), "lanes": laned, "unroll": unrolled, "tile": tiled}
	switch {
	case st.Kind == "prefetch":
		c.prefetch(o, out, st, n, all)
	case r == nil:
		known := slices.Sorted(maps.Keys(all))
		c.suggest(n.Pos, n.Text, known, "%s has no index %s: there are %s", o.Name, n.Text, strings.Join(known, ", "))
	case twice[st.Kind]:
		c.errorf(n.Pos, "%s stands in a %s step already", n.Text, st.Kind)
	case st.Kind == "tile":
		c.tile(out, st, n, r, by)
	case (st.Kind == "loop" || st.Kind == "parallel") && !r.result:
		c.errorf(n.Pos, "%s is no index of every result: only those make the loops of the nest", n.Text)
	case st.Kind == "loop" && st.By != nil:
		c.errorf(st.By.Pos, "loop takes no number")
	case st.Kind == "loop":
		out.Loop = append(out.Loop, n.Text)
	case st.Kind == "parallel" && len(out.Parallel) > 0 && n == st.Names[0]:
		c.errorf(st.Pos, "a schedule has one parallel step: parallel t, m")
	case st.Kind == "parallel" && st.By != nil && (by < 1 || by > 1<<16):
		c.errorf(st.By.Pos, "a range of work is a multiple of 1 to %d items", 1<<16)
	case st.Kind == "parallel":
		out.Parallel = append(out.Parallel, n.Text)
		out.Grain = max(by, 1)
	case r.sum && !r.result && !r.let:
		c.ofSum(out, st, n, r, by)
	case st.Kind == "lanes":
		if by < 2 || by > 256 {
			c.errorf(at(st), "lanes are 2 to 256: lanes %s by 16", n.Text)
			return
		}
		out.Lanes[n.Text] = by
	default:
		c.unroll(out, st, n, by)
	}
}

// ofSum checks a step on an index that is summed over, whose order is the op's.
func (c *checker) ofSum(out *spec.Schedule, st *grammar.Step, n *grammar.Name, r *indexRole, by int) {
	switch {
	case st.Kind == "lanes":
		c.errorf(n.Pos, "%s is reduced over: how it is split into lanes is the op's order, not a schedule's", n.Text)
	case r.split:
		c.errorf(n.Pos, "the op's order splits the sum over %s: it has no loop to unroll", n.Text)
	default:
		c.unroll(out, st, n, by)
	}
}

func (c *checker) unroll(out *spec.Schedule, st *grammar.Step, n *grammar.Name, by int) {
	if by < 2 || by > 64 {
		c.errorf(at(st), "unroll says how many turns stand side by side, 2 to 64: unroll %s by 4", n.Text)
		return
	}
	out.Unroll[n.Text] = by
}

// tile checks how many of an index a product of tiles gives.
func (c *checker) tile(out *spec.Schedule, st *grammar.Step, n *grammar.Name, r *indexRole, by int) {
	switch {
	case !r.result:
		c.errorf(n.Pos, "%s is no index of the result, of which a product of tiles gives a part", n.Text)
	case by != 16 && by != 32:
		c.errorf(at(st), "a product of tiles gives 16 or 32 of each index: tile %s by 32", n.Text)
	default:
		out.Tile[n.Text] = by
	}
}

// prefetch checks which parameter is asked for ahead, and along which loop.
func (c *checker) prefetch(o *spec.Op, out *spec.Schedule, st *grammar.Step, n *grammar.Name, all map[string]*indexRole) {
	var param *spec.Param
	var known []string
	for _, p := range slices.Concat(o.Params, o.Outs) {
		if p.Kind != spec.Tensor && p.Kind != spec.Weight && p.Kind != spec.State {
			continue
		}
		known = append(known, p.Name)
		if p.Name == n.Text {
			param = p
		}
	}
	along := st.Along.Text
	switch r := all[along]; {
	case param == nil:
		c.suggest(n.Pos, n.Text, known, "%s has no tensor %s: there are %s", o.Name, n.Text, strings.Join(known, ", "))
	case r == nil || !r.result:
		c.errorf(st.Along.Pos, "%s is no index of every result: only those make the loops that are ahead of something", along)
	case slices.ContainsFunc(out.Prefetch, func(f spec.Prefetch) bool { return f.Param == param }):
		c.errorf(n.Pos, "%s stands in a prefetch step already", n.Text)
	default:
		out.Prefetch = append(out.Prefetch, spec.Prefetch{Pos: n.Pos, Param: param, Along: along})
	}
}

// at is where a step's number is written, or the step.
func at(st *grammar.Step) grammar.Pos {
	if st.By != nil {
		return st.By.Pos
	}
	return st.Pos
}

// nest checks the order of the loops.
func (c *checker) nest(o *spec.Op, out *spec.Schedule, a *grammar.Schedule) {
	nest := slices.Clone(out.Loop)
	for _, p := range out.Parallel {
		if !slices.Contains(nest, p) {
			nest = append(nest, p)
		}
	}
	if len(out.Tile) == 1 {
		c.errorf(a.Pos, "tiles are of two indices: tile m by 32; tile t by 32")
	}
	if n := len(out.Parallel); n > 1 {
		if i := slices.Index(nest, out.Parallel[0]); i+n > len(nest) || !slices.Equal(nest[i:i+n], out.Parallel) {
			c.errorf(a.Pos, "parallel loops stand side by side in the nest, in that order")
		}
	}
	for _, st := range a.Steps {
		for _, n := range st.Names {
			flat := len(out.Parallel) > 1 && slices.Contains(out.Parallel, n.Text)
			switch {
			case st.Kind == "unroll" && flat && n.Text == out.Parallel[len(out.Parallel)-1]: // work items follow each other along it
			case st.Kind == "lanes" && flat, st.Kind == "unroll" && flat:
				c.errorf(n.Pos, "%s runs in parallel with others, in one loop over all of them: it has no loop of its own", n.Text)
			}
		}
	}
}
