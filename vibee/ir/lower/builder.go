package lower

import (
	"fmt"
	"math"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

type builder struct {
	op   *spec.Op
	opt  Options
	prog *loop.Program

	body   *spec.Body
	cases  []*spec.Schedule  // one, or one for each case of a dim
	sched  *spec.Schedule    // at hand
	here   grammar.Pos       // the equation at hand, for errors
	inside map[*spec.Let]int // loops of the nest

	bufs    map[*spec.Param][]*loop.Buf
	slack   map[*spec.Param]*spec.Param // the tolerance of a result
	formats map[*spec.Param]*spec.Format
	dims    map[string]*loop.Var
	pages   map[*spec.Param]*loop.Var // pages a sequence, of a state
	values  map[*spec.Param]*loop.Var
	tables  map[*spec.Table]*loop.Buf
	names   map[string]int
	ranks   map[*loop.Var]int

	steps  int // towards maxSteps
	blocks []*block
	lane   *lane // the strip that is being computed; nil: single values
	index  map[*spec.Index]sym.Poly
	lets   map[*spec.Let]*place
	args   map[*spec.Param]loop.Expr     // of the scalar op that is being inlined
	summed map[*spec.Reduce]loop.Expr    // sums that are computed already
	cell   *cell                         // the block of a weight that is being decoded
	raw    bool                          // fields of f16 and bf16 are read as their bits
	input  *input                        // of the block that is being written
	rows   int64                         // an item of work has
	jam    *jam                          // the values of an outer index that are computed together
	tiling *tiling                       // of the schedule at hand; nil: none
	ahead  map[*loop.Var][]spec.Prefetch // by the counter of a loop along which it is
	few    map[*loop.Var]bool            // counters of what jams leave over
}

// block is a list of statements that is being written. Its depth is its place in
// builder.blocks.
type block struct {
	stmts   []loop.Stmt
	vars    map[*loop.Var]bool // defined in it
	cache   map[string]*loop.Var
	guarded bool // its statements may not be moved out
	sums    map[string]*loop.Buf
}

// lane is the strip of N values along an index.
type lane struct {
	n     int
	depth int // of the block in which it is known
}

// place is where a let's values are.
type place struct {
	value loop.Expr  // one value (or a strip)
	temp  *loop.Buf  // or a buffer over its own indices
	own   []int      // which of its indices those are
	size  []sym.Poly // their extents
}

// Atoms of indices that differ along the strip: the lane, or, where four columns of each row lie side by
// side, a lane's row and column.
const (
	laneKey   = "·lane"
	rowKey    = "·row"
	columnKey = "·column"
)

// maxSteps bounds the work on one program: what is put in place many times over grows without a limit.
const maxSteps = 1 << 18

func (b *builder) step() {
	if b.steps++; b.steps > maxSteps {
		b.here = b.op.Pos
		b.failf("the program of %s grows too large: unroll less, and put less in place of calls and of a format's lets", b.op.Name)
	}
}

func newBuilder(o *spec.Op, opt Options) *builder {
	b := &builder{
		op: o, opt: opt, here: o.Pos, prog: &loop.Program{Name: Name(o, opt.Formats), Math: equations(o), Grain: 1},
		bufs: map[*spec.Param][]*loop.Buf{}, slack: map[*spec.Param]*spec.Param{}, formats: map[*spec.Param]*spec.Format{},
		dims: map[string]*loop.Var{}, pages: map[*spec.Param]*loop.Var{}, values: map[*spec.Param]*loop.Var{},
		tables: map[*spec.Table]*loop.Buf{}, names: map[string]int{}, ranks: map[*loop.Var]int{},
		index: map[*spec.Index]sym.Poly{}, lets: map[*spec.Let]*place{}, args: map[*spec.Param]loop.Expr{}, summed: map[*spec.Reduce]loop.Expr{},
		ahead: map[*loop.Var][]spec.Prefetch{}, few: map[*loop.Var]bool{},
	}
	b.push(false)
	return b
}

func (b *builder) push(guarded bool) {
	b.blocks = append(b.blocks, &block{vars: map[*loop.Var]bool{}, cache: map[string]*loop.Var{}, guarded: guarded})
}

func (b *builder) pop() []loop.Stmt {
	top := b.top()
	b.blocks = b.blocks[:len(b.blocks)-1]
	return top.stmts
}

func (b *builder) top() *block { return b.blocks[len(b.blocks)-1] }

func (b *builder) emit(s loop.Stmt) {
	b.step()
	top := b.top()
	top.stmts = append(top.stmts, s)
}

// unique makes a name that no other thing of the program has.
func (b *builder) unique(name string) string {
	n := b.names[name]
	b.names[name] = n + 1
	if n == 0 {
		return name
	}
	return b.unique(fmt.Sprintf("%s%d", name, n+1))
}

func (b *builder) variable(name string, t loop.Type, lanes int, mutable bool) *loop.Var {
	v := &loop.Var{Name: b.unique(name), Type: t, Lanes: lanes, Mutable: mutable}
	b.top().vars[v] = true
	return v
}

// define gives an expression a name, unless it is as cheap as one.
func (b *builder) define(name string, e loop.Expr) loop.Expr {
	switch e.(type) {
	case *loop.ConstInt, *loop.ConstFloat, *loop.Ref:
		return e
	}
	v := b.variable(name, e.Type(), e.Lanes(), false)
	b.emit(&loop.Def{Var: v, Value: e})
	return &loop.Ref{Var: v}
}

// hoist defines an expression in the outermost block that knows all it needs, once for
// each key.
func (b *builder) hoist(name, key string, e loop.Expr) *loop.Var {
	depth := b.depthOf(e)
	for d := depth; d < len(b.blocks); d++ {
		if v, ok := b.blocks[d].cache[key]; ok {
			return v
		}
	}
	v := &loop.Var{Name: b.unique(name), Type: e.Type(), Lanes: e.Lanes()}
	at := b.blocks[depth]
	at.vars[v] = true
	at.cache[key] = v
	at.stmts = append(at.stmts, &loop.Def{Var: v, Value: e})
	return v
}

// depthOf is the depth of the innermost block that e needs.
func (b *builder) depthOf(e loop.Expr) int {
	depth := 0
	for d, blk := range b.blocks {
		if blk.guarded {
			depth = d
		}
	}
	vars(e, func(v *loop.Var) {
		for d := len(b.blocks) - 1; d > depth; d-- {
			if b.blocks[d].vars[v] {
				depth = d
				return
			}
		}
	})
	if e.Lanes() > 1 && b.lane != nil {
		depth = max(depth, b.lane.depth)
	}
	return depth
}

// vars calls f for each variable in e.
func vars(e loop.Expr, f func(*loop.Var)) {
	loop.Walk(e, func(e loop.Expr) {
		switch e := e.(type) {
		case *loop.Ref:
			f(e.Var)
		case *loop.Peek:
			vars(e.View.Index, f)
		}
	})
}

// forLoop runs body with a counter; each value of the counter is passed as a polynomial.
func (b *builder) forLoop(name string, lo, hi sym.Poly, body func(i sym.Poly)) {
	if l, ok := lo.Constant(); ok {
		if h, ok := hi.Constant(); ok && h == l+1 {
			body(lo)
			return
		}
	}
	loE, hiE := b.scalar(lo), b.scalar(hi)
	b.push(false)
	v := b.variable(name, loop.Int, 1, false)
	body(b.counter(v, lo, hi))
	stmts := b.pop()
	b.emit(&loop.For{Var: v, Lo: loE, Hi: hiE, Step: 1, Body: stmts})
}

// turns is forLoop for an index of the spec, of which the schedule may put some turns side by side.
func (b *builder) turns(name string, lo, hi sym.Poly, body func(i sym.Poly)) {
	n := b.sched.Unroll[name]
	if n < 2 {
		b.forLoop(name, lo, hi, body)
		return
	}
	loE, hiE := b.scalar(lo), b.scalar(hi)
	rest := b.variable("rest", loop.Int, 1, false)
	b.push(false)
	v := b.variable(name, loop.Int, 1, false)
	first := b.counter(v, lo, hi)
	for j := range n {
		body(first.Add(sym.Const(int64(j))))
	}
	b.emit(&loop.For{Var: v, Lo: loE, Hi: hiE, Step: int64(n), Whole: true, Rest: rest, Body: b.pop()})
	b.forLoop(name, b.atomOf(rest, sym.Interval{Lo: lo.Range().Lo, Hi: hi.Range().Hi}), hi, body)
}

// counter is a loop variable as an atom that counts from lo up to hi.
func (b *builder) counter(v *loop.Var, lo, hi sym.Poly) sym.Poly {
	r := sym.Interval{Lo: lo.Range().Lo, Hi: hi.Range().Add(sym.Exactly(-1)).Hi}
	return sym.Of(&sym.Var{Name: v.Name, Bounds: r, Of: &bounded{v, hi}, Rank: b.rank(v)})
}

// bounded is what an atom of a register stands for; limit is above all its values.
type bounded struct {
	v     *loop.Var
	limit sym.Poly
}

// Limit lets sym divide by symbolic dims.
func (b *bounded) Limit() (sym.Poly, bool) { return b.limit, len(b.limit.Terms) > 0 }

func (b *builder) atomOf(v *loop.Var, r sym.Interval) sym.Poly {
	return sym.Of(&sym.Var{Name: v.Name, Bounds: r, Of: &bounded{v: v}, Rank: b.rank(v)})
}

// rank orders variables by when they first stand in a polynomial, so that the code does not depend on
// their names.
func (b *builder) rank(v *loop.Var) int {
	if b.ranks[v] == 0 {
		b.ranks[v] = len(b.ranks) + 1
	}
	return b.ranks[v]
}

// lastRank is that of lanes and digits.
const lastRank = math.MaxInt

// lanesOf is the number of a lane of a strip of n.
func lanesOf(n int) sym.Poly {
	return sym.Of(&sym.Var{Name: laneKey, Bounds: sym.Interval{Lo: 0, Hi: int64(n - 1)}, Rank: lastRank})
}

// strip runs body for strips of n along lo..hi, first for as many side by side as the schedule unrolls, then one
// by one for the rest. Where strips are counted, the first value of each is a multiple of n to sym, if they begin at 0.
func (b *builder) strip(name string, n int, counted bool, lo, hi sym.Poly, body func(i sym.Poly)) {
	if n <= 1 || b.lane != nil {
		b.turns(name, lo, hi, body)
		return
	}
	widths := []int{n}
	if b.sched != nil && b.input == nil && b.sched.Unroll[name] > 1 {
		widths = []int{n * b.sched.Unroll[name], n}
	}
	for _, n := range widths {
		var done bool
		if lo, done = b.strips(name, n, counted, lo, hi, body); done {
			return
		}
	}
	b.forLoop(name, lo, hi, body)
}

// strips runs body for whole strips of n, and says where the rest begins, or that there is none.
func (b *builder) strips(name string, n int, counted bool, lo, hi sym.Poly, body func(i sym.Poly)) (rest sym.Poly, done bool) {
	extent, constant := hi.Sub(lo).Constant()
	if constant && extent < int64(n) {
		return lo, false
	}
	step, times, to, last := int64(n), int64(1), hi, hi.Sub(sym.Const(int64(n-1)))
	if first, known := lo.Constant(); counted && known && first == 0 {
		step, times, to = 1, int64(n), hi.Div(sym.Const(int64(n)))
		last = to
	}
	var whole *loop.For
	ok := b.attempt(func() {
		loE, toE := b.scalar(lo), b.scalar(to)
		rest := b.variable("rest", loop.Int, 1, false)
		b.push(false)
		v := b.variable(name, loop.Int, 1, false)
		b.lane = &lane{n, len(b.blocks) - 1}
		defer func() { b.lane = nil }()
		lanes := lanesOf(n)
		body(b.counter(v, lo, last).Scale(times).Add(lanes))
		whole = &loop.For{Var: v, Lo: loE, Hi: toE, Step: step, Whole: true, Rest: rest, Body: b.pop()}
		b.emit(whole)
	})
	switch {
	case !ok:
		return lo, false
	case constant && extent%int64(n) == 0:
		return hi, true
	}
	return b.atomOf(whole.Rest, sym.Interval{Lo: lo.Range().Lo, Hi: to.Range().Hi}).Scale(times), false
}

// noStrip is the panic of what can't be computed by strips.
type noStrip struct{}

// attempt runs f, and takes back what it wrote if it can't be done by strips.
func (b *builder) attempt(f func()) (ok bool) {
	depth := len(b.blocks)
	saved := make([]block, depth)
	for i, blk := range b.blocks {
		saved[i] = block{stmts: blk.stmts[:len(blk.stmts):len(blk.stmts)], vars: clone(blk.vars), cache: clone(blk.cache), guarded: blk.guarded}
	}
	temps, lets := len(b.prog.Temps), clone(b.lets)
	defer func() {
		switch r := recover().(type) {
		case nil:
		case noStrip:
			b.blocks = b.blocks[:depth]
			for i := range saved {
				*b.blocks[i] = saved[i]
			}
			b.prog.Temps, b.lets, b.lane, b.cell = b.prog.Temps[:temps], lets, nil, nil
			ok = false
		default:
			panic(r)
		}
	}()
	f()
	return true
}

func clone[K comparable, V any](m map[K]V) map[K]V {
	out := make(map[K]V, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func (b *builder) lanes() int {
	if b.lane == nil {
		return 1
	}
	return b.lane.n
}
