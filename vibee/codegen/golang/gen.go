package golang

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// scalarLanes is how many lanes at most get a Go variable each; more are arrays.
const scalarLanes = 8

// place is where a variable or view lives: under one name, one name a lane, or in an array.
type place struct {
	name  string
	lanes []string
	array bool
	kind  kind // of the byte that a table is indexed by, else 0
}

// strided is a wide load whose lanes share their index and stride. With a window it goes through a
// pointer to an array, and its bounds are checked once.
type strided struct {
	load          loop.Expr
	window        string
	index, stride loop.Expr
}

// shared is an expression that already has a value in the statement being emitted.
type shared struct {
	e loop.Expr
	v value
}

// gen emits one program.
type gen struct {
	pkg     *Package
	names   *names      // of the block being emitted
	block   *[]jen.Code // its statements
	depth   int         // loops around it
	vars    map[*loop.Var]place
	views   map[*loop.View]place
	bufs    map[*loop.Buf]string
	known   map[*loop.Var]int64 // variables with a constant value
	ranges  *ranges.Ranges
	reads   map[*loop.Var]int
	sets    map[*loop.Var]int
	rests   map[*loop.Var]bool // first values not done by a Whole loop
	shared  []shared           // values that the lanes of a statement have in common
	strided []strided
	inLanes bool // emitting the body of a loop over lanes

	usedBufs  map[*loop.Buf]bool
	usedLanes map[string]bool
	atEnd     []func() // run when the body is emitted
	usedVars  map[*loop.Var]bool
	usedViews map[*loop.View]bool

	repeating bool // expanding the body of an unrolled loop
	newVars   map[*loop.Var]*loop.Var
	newViews  map[*loop.View]*loop.View
	inlined   map[*loop.Var]loop.Expr // what stands in the place of a variable
}

func newGen(pkg *Package) *gen {
	return &gen{
		pkg:   pkg,
		names: newNames(),
		vars:  map[*loop.Var]place{}, views: map[*loop.View]place{}, bufs: map[*loop.Buf]string{},
		known: map[*loop.Var]int64{}, ranges: ranges.New(), reads: map[*loop.Var]int{}, rests: map[*loop.Var]bool{},
		usedBufs: map[*loop.Buf]bool{}, usedVars: map[*loop.Var]bool{}, usedLanes: map[string]bool{}, usedViews: map[*loop.View]bool{},
		newVars: map[*loop.Var]*loop.Var{}, newViews: map[*loop.View]*loop.View{},
		inlined: map[*loop.Var]loop.Expr{},
	}
}

func (g *gen) emit(c ...jen.Code) { *g.block = append(*g.block, jen.Add(c...)) }

// inside runs f with a new block in an inner scope and gives the block.
func (g *gen) inside(f func()) []jen.Code {
	names, block, shared, strided := g.names, g.block, g.shared, g.strided
	var body []jen.Code
	g.names, g.block = names.inner(), &body
	f()
	g.names, g.block, g.shared, g.strided = names, block, shared, strided
	return body
}

// base names the memory of b.
func (g *gen) base(b *loop.Buf) *jen.Statement {
	g.usedBufs[b] = true
	return jen.Id(g.bufs[b])
}

// temp names a value of the emitter's own after what it holds: xb[j] is xbJ.
func (g *gen) temp(e loop.Expr) string {
	switch e := e.(type) {
	case *loop.Peek:
		return g.names.temp(g.elementName(e.View.Name, e.Index))
	case *loop.Load:
		return g.names.temp(g.elementName(e.Buf.Name, e.Index))
	case *loop.Reduce:
		return g.names.temp(map[loop.Op]string{loop.Add: "sum", loop.Max: "most", loop.Min: "least"}[e.Op])
	case *loop.Binary:
		switch e.Op {
		case loop.Max:
			return g.names.temp("greater")
		case loop.Min:
			return g.names.temp("lesser")
		}
	}
	switch e.Type() {
	case loop.Int:
		return g.names.temp("i")
	case loop.Bool:
		return g.names.temp("is")
	}
	return g.names.temp("v")
}

func (g *gen) elementName(base string, index loop.Expr) string {
	suffix := ""
	loop.Walk(index, func(e loop.Expr) {
		if r, ok := e.(*loop.Ref); ok && suffix == "" {
			suffix = r.Var.Name
		}
	})
	if c, ok := index.(*loop.ConstInt); ok {
		return numbered(camel(base), int(c.V))
	}
	if suffix == "" {
		suffix = "at"
	}
	return camel(base + "_" + suffix)
}

// cheap reports whether e may be repeated in the source for each lane.
func cheap(e loop.Expr) bool {
	switch e := e.(type) {
	case *loop.ConstInt, *loop.ConstFloat:
		return true
	case *loop.Ref:
		return e.Var.Lanes == 1
	}
	return false
}

// cheapIndex allows sums with a constant and products of two variables, too.
func cheapIndex(e loop.Expr) bool {
	b, ok := e.(*loop.Binary)
	if !ok {
		return cheap(e)
	}
	_, constant := constInt(b.B)
	return (b.Op == loop.Add || b.Op == loop.Sub || b.Op == loop.Mul) && constant && cheap(b.A)
}

// share emits what the lanes of e have in common, each once: operands of Splat, indices,
// windows of strided loads. Before a loop over lanes that must be done for all of e; else eval
// does it where a node is first met.
func (g *gen) share(e loop.Expr) {
	if e.Lanes() == 1 {
		switch e.(type) {
		case *loop.Reduce:
			g.eval(e, lane{})
			return
		case *loop.Dot:
			return
		}
		for _, o := range loop.Operands(e) {
			g.share(o)
		}
		return
	}
	switch e := e.(type) {
	case *loop.Splat:
		if !cheap(e.A) {
			g.share(e.A)
			g.shareValue(e.A, g.named(e.A, g.eval(e.A, lane{})))
		}
		return
	case *loop.Peek:
		g.shareIndex(e.Index)
		return
	case *loop.Load:
		if e.Stride == nil {
			break
		}
		if _, ok := g.findStrided(e); ok {
			return
		}
		if size, ok := windowSize(e.Stride, e.N, e.Buf, e.Mem); ok {
			name := g.names.temp(camel(e.Buf.Name + "_lanes"))
			g.share(e.Index)
			g.emit(jen.Id(name).Op(":=").Add(g.window(e.Buf, g.eval(e.Index, lane{}), size)))
			g.strided = append(g.strided, strided{e, name, &loop.ConstInt{}, e.Stride})
			return
		}
		index, stride := g.lanesAt(e.Index, e.Stride, e.Buf.Name)
		g.strided = append(g.strided, strided{e, "", index, stride})
		return
	}
	for _, o := range loop.Operands(e) {
		g.share(o)
	}
}

// shareIndex names a one-lane integer unless it is short.
func (g *gen) shareIndex(e loop.Expr) {
	if cheapIndex(e) {
		return
	}
	g.share(e)
	g.shareValue(e, g.named(e, g.eval(e, lane{}).to(kInt)))
}

// windowSize is the length of the window that n lanes with a constant stride touch.
func windowSize(stride loop.Expr, n int, b *loop.Buf, m loop.Mem) (int, bool) {
	s, ok := constInt(stride)
	if !ok || s < 1 || s > 256 {
		return 0, false
	}
	size := int(s)*(n-1) + 1
	if b.Bytes {
		size += m.Bytes() - 1
	}
	return size, size <= 4096
}

// forget drops what was shared within the statement before.
func (g *gen) forget() {
	g.shared, g.strided = nil, nil
}

// lanesAt names the index and the stride of a wide access where they are long.
func (g *gen) lanesAt(index, stride loop.Expr, name string) (loop.Expr, loop.Expr) {
	if !cheapIndex(index) {
		g.share(index)
		index = g.hoist(index, name+"_at")
	}
	if !cheap(stride) {
		g.share(stride)
		stride = g.hoist(stride, name+"_stride")
	}
	return index, stride
}

func (g *gen) shareValue(e loop.Expr, v value) {
	g.shared = append(g.shared[:len(g.shared):len(g.shared)], shared{e, v})
}

func (g *gen) findShared(e loop.Expr) (value, bool) {
	for _, s := range slices.Backward(g.shared) { // the newest: a name, where it got one
		if equal(s.e, e) {
			return s.v, true
		}
	}
	return value{}, false
}

func (g *gen) findStrided(e loop.Expr) (strided, bool) {
	for _, s := range g.strided {
		if equal(s.load, e) {
			return s, true
		}
	}
	return strided{}, false
}
