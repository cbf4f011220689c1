package lower

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/scalars"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// Mode is which program of an op is wanted.
type Mode uint8

const (
	Scheduled Mode = iota // relaxed, in the op's order, arranged by the target's schedule
	Exact                 // as written, sums ascending
	Tolerance             // the bounds on |scheduled - exact|; results are inputs
)

// exactLanes is the width of strips in exact programs: speed alone.
const exactLanes = 64

// Options chooses a program.
type Options struct {
	Mode    Mode
	Target  string         // of Scheduled: "go", "vm", "avx512"
	Instead string         // the target whose schedule is taken where Target has none
	Formats []*spec.Format // of the weights that take any, in order
}

// Name is an op's name with its formats: matmul_q4_1.
func Name(o *spec.Op, formats []*spec.Format) string {
	parts := []string{o.Name}
	for _, f := range formats {
		parts = append(parts, f.Name)
	}
	return strings.Join(parts, "_")
}

// Op lowers one op. The error is a *grammar.Error.
func Op(o *spec.Op, opt Options) (p *loop.Program, err error) {
	b := newBuilder(o, opt)
	defer b.rescue(&err)
	b.parameters()
	b.body, b.cases = b.choose()
	b.body = reached(b.body)
	b.run()
	if opt.Mode == Scheduled {
		scalars.Replace(b.prog, b.unique)
	}
	if err := loop.Verify(b.prog); err != nil {
		b.failf("a fault of the compiler: %v", err)
	}
	return b.prog, nil
}

// reached is a body without the lets that none of its results read (a tolerance may).
func reached(body *spec.Body) *spec.Body {
	read := map[*spec.Let]bool{}
	var look func(spec.Expr) bool
	look = func(e spec.Expr) bool {
		if r, ok := e.(*spec.LetRef); ok && !read[r.Let] {
			read[r.Let] = true
			spec.Walk(r.Let.Value, look)
			for _, i := range r.Let.Index {
				spec.Walk(i.Lo, look)
				spec.Walk(i.Hi, look)
			}
		}
		if r, ok := e.(*spec.Reduce); ok {
			for _, i := range r.Index {
				spec.Walk(i.Lo, look)
				spec.Walk(i.Hi, look)
			}
		}
		return true
	}
	for _, s := range body.Sets {
		spec.Walk(s.Value, look)
		for _, e := range s.At {
			spec.Walk(e, look)
		}
	}
	out := *body
	out.Lets = slices.DeleteFunc(slices.Clone(body.Lets), func(l *spec.Let) bool { return !read[l] })
	return &out
}

// choose picks the equations and the schedules of the mode.
func (b *builder) choose() (*spec.Body, []*spec.Schedule) {
	o := b.op
	plain := &spec.Schedule{Grain: 1}
	for _, s := range o.Schedules { // every program of an op shares its ranges of work
		if len(s.Parallel) > 0 {
			plain.Parallel, plain.Grain, plain.Loop = s.Parallel, s.Grain, plainLoop(o, s)
		}
	}
	one := []*spec.Schedule{plain}
	switch b.opt.Mode {
	case Exact:
		return o.Body, one
	case Tolerance:
		body := &spec.Body{Tables: o.Body.Tables, Lets: o.Body.Lets}
		for _, t := range o.Tolerances {
			at := make([]spec.Expr, len(t.Index))
			for i, v := range t.Index {
				at[i] = &spec.IndexRef{Index: v}
			}
			body.Sets = append(body.Sets, &spec.Set{Pos: o.Pos, Out: b.slack[t.Out], Index: t.Index, At: at, Value: t.Value})
		}
		return body, one
	}
	var cases []*spec.Schedule
	for _, target := range []string{b.opt.Target, b.opt.Instead} {
		for _, s := range o.Schedules {
			if slices.Contains(s.For, target) {
				cases = append(cases, s)
			}
		}
		if len(cases) > 0 {
			break
		}
	}
	if len(cases) == 0 {
		cases = one
	}
	for _, k := range o.Kernels {
		if len(k.For) == 0 || slices.Contains(k.For, b.opt.Target) {
			return k.Body, cases
		}
	}
	if o.Eval32 {
		return b.relaxed(o), cases
	}
	return o.Body, cases
}

// plainLoop is the order of the loops where a schedule does not say it: that of the result whose last index, which
// strips are of, is shared out. Several parallel indices are in the schedule's order, which numbers the work.
func plainLoop(o *spec.Op, s *spec.Schedule) []string {
	if index := o.Body.Sets[0].Index; len(s.Parallel) == 1 && s.Parallel[0] == index[len(index)-1].Name {
		names := make([]string, len(index))
		for i, v := range index {
			names[i] = v.Name
		}
		return names
	}
	return s.Loop
}

// failure is what a lowering that can't go on panics with; rescue makes it an error.
type failure struct{ *grammar.Error }

// failf fails where the equation or the sum at hand is written.
func (b *builder) failf(format string, args ...any) {
	panic(failure{&grammar.Error{Pos: b.here, Message: fmt.Sprintf(format, args...)}})
}

// within sets where errors are until the function that it gives is called.
func (b *builder) within(pos grammar.Pos) (leave func()) {
	saved := b.here
	b.here = pos
	return func() { b.here = saved }
}

func (b *builder) rescue(err *error) {
	switch r := recover().(type) {
	case nil:
	case failure:
		*err = r.Error
	case sym.TooLong:
		*err = &grammar.Error{Pos: b.here, Message: "an index or a dim is too long here: multiply less"}
	case noStrip:
		*err = &grammar.Error{Pos: b.here, Message: b.op.FullName() + ": a value of several lanes stands where one is needed"}
	default:
		panic(r)
	}
}
