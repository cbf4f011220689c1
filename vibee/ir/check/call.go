package check

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// call is a conversion, an intrinsic or a scalar op.
func (s *scope) call(e *grammar.Call) spec.Expr {
	if id, ok := e.Fun.(*grammar.Ident); ok {
		if in, ok := intrinsics[id.Text]; ok {
			return s.intrinsic(e, id.Text, in)
		}
		if convert := s.conversion(e, id.Text); convert != nil {
			return convert
		}
		switch {
		case s.slack && (id.Text == "gamma" || id.Text == "ulp"):
			return s.slackCall(e, id.Text)
		case s.slack && id.Text == "terms":
			return s.terms(e)
		}
	}
	return s.apply(e)
}

type intrinsic struct {
	args  int
	float bool // floats only
	ints  bool // integers only
}

var intrinsics = map[string]intrinsic{
	"abs": {1, false, false}, "neg": {1, false, false},
	"sqrt": {1, true, false}, "floor": {1, true, false}, "ceil": {1, true, false}, "trunc": {1, true, false}, "rint": {1, true, false},
	"min": {2, false, false}, "max": {2, false, false}, "clamp": {3, false, false},
	"bits": {3, false, true},
}

func (s *scope) arguments(e *grammar.Call, n int) ([]spec.Expr, bool) {
	if len(e.Args) != n {
		s.errorf(e.Pos, "%d %s given, %d needed", len(e.Args), plural(len(e.Args), "argument is"), n)
		return nil, false
	}
	out, ok := make([]spec.Expr, n), true
	for i, a := range e.Args {
		if a.Name != nil {
			s.errorf(a.Pos, "arguments here have no names")
			return nil, false
		}
		out[i] = s.expr(a.Value)
		ok = ok && !isBad(out[i])
	}
	return out, ok
}

func (s *scope) intrinsic(e *grammar.Call, name string, in intrinsic) spec.Expr {
	args, ok := s.arguments(e, in.args)
	if !ok {
		return bad{}
	}
	if in.ints {
		for i := range args {
			args[i] = s.typed(args[i], spec.Int, e.Pos)
		}
	}
	for i := 1; i < len(args); i++ { // all of one type
		args[0], args[i] = s.unify(e.Pos, args[0], args[i])
		if isBad(args[0]) {
			return bad{}
		}
	}
	for i := 1; i < len(args); i++ {
		args[0], args[i] = s.unify(e.Pos, args[0], args[i])
	}
	if isUntyped(args[0]) {
		s.errorf(e.Pos, "%s of constants has no type: convert one", name)
		return bad{}
	}
	args[0] = s.typed(args[0], spec.F32, e.Pos)
	if isBad(args[0]) {
		return bad{}
	}
	t := args[0].Type()
	if t == spec.Bool || in.float && !t.Float() || in.ints && t != spec.Int {
		s.errorf(e.Pos, "%s does not apply to %s", name, t)
		return bad{}
	}
	switch name {
	case "min", "max":
		return &spec.Binary{Op: name, A: args[0], B: args[1]}
	case "clamp":
		return &spec.Binary{Op: "min", A: &spec.Binary{Op: "max", A: args[0], B: args[1]}, B: args[2]}
	case "bits":
		n, ok := args[2].(*spec.IntLit)
		if !ok || n.V < 1 || n.V > 32 {
			s.errorf(e.Pos, "bits takes a constant number of bits, 1 to 32")
			return bad{}
		}
		if r := Range(args[1]); r.Lo < 0 || r.Hi > 63 {
			s.errorf(e.Pos, "the offset is not known to lie within 0..63")
			return bad{}
		}
		return &spec.Binary{Op: "&", A: &spec.Binary{Op: ">>", A: args[0], B: args[1]}, B: &spec.IntLit{V: 1<<n.V - 1}}
	}
	return &spec.Unary{Op: name, A: args[0]}
}

// conversion gives nil where name is no conversion.
func (s *scope) conversion(e *grammar.Call, name string) spec.Expr {
	arg := func() (spec.Expr, bool) {
		args, ok := s.arguments(e, 1)
		if !ok {
			return bad{}, false
		}
		return args[0], true
	}
	switch name {
	case "f32", "f64":
		to := map[string]spec.Type{"f32": spec.F32, "f64": spec.F64}[name]
		a, ok := arg()
		if !ok {
			return bad{}
		}
		if st, is := a.(stored); is {
			a = st.Expr
		}
		a = s.typed(a, to, e.Pos)
		switch {
		case isBad(a), a.Type() == to:
			return a
		case a.Type() == spec.Bool:
			s.errorf(e.Pos, "a condition is no number: write if c { 1 } else { 0 }")
			return bad{}
		}
		return &spec.Convert{To: to, A: a}
	case "f16", "bf16":
		a, ok := arg()
		if !ok {
			return bad{}
		}
		a = s.typed(a, spec.F32, e.Pos)
		if !isBad(a) && a.Type() != spec.F32 {
			s.errorf(e.Pos, "%s takes an f32, this is %s", name, a.Type())
			return bad{}
		}
		if isBad(a) {
			return a
		}
		return &spec.Round{Elem: spec.Elems[name], A: a}
	case "bitcast_f32", "bitcast_f64", "bitcast_int":
		a, ok := arg()
		if !ok {
			return bad{}
		}
		to := map[string]spec.Type{"bitcast_f32": spec.F32, "bitcast_f64": spec.F64, "bitcast_int": spec.Int}[name]
		a = s.typed(a, spec.Int, e.Pos)
		if isBad(a) {
			return a
		}
		if (to == spec.Int) != a.Type().Float() {
			s.errorf(e.Pos, "%s does not apply to %s", name, a.Type())
			return bad{}
		}
		return &spec.Bits{To: to, A: a}
	}
	if len(name) > 5 && name[:5] == "wrap_" {
		elem := spec.Elems[name[5:]]
		if elem == nil || elem.Type != spec.Int {
			s.errorf(e.Pos, "%s: there is no integer type %s", name, name[5:])
			return bad{}
		}
		a, ok := arg()
		if !ok {
			return bad{}
		}
		a = s.typed(a, spec.Int, e.Pos)
		if isBad(a) {
			return a
		}
		if a.Type() != spec.Int {
			s.errorf(e.Pos, "%s takes an integer, this is %s", name, a.Type())
			return bad{}
		}
		return &spec.Wrap{Elem: elem, A: a}
	}
	if want, ok := spec.IntegerRange(name); ok {
		a, ok := arg()
		if !ok {
			return bad{}
		}
		return s.toInteger(e.Pos, name, want, s.typed(a, spec.Int, e.Pos))
	}
	return nil
}

// toInteger proves that a lies within the type's range; from a float it truncates.
func (s *scope) toInteger(pos grammar.Pos, name string, want sym.Interval, a spec.Expr) spec.Expr {
	switch {
	case isBad(a):
		return a
	case a.Type() == spec.Bool:
		s.errorf(pos, "a condition is no number: write if c { 1 } else { 0 }")
		return bad{}
	case a.Type() == spec.Int:
		if r := Range(a); !r.Within(want) {
			keep := ""
			if spec.Elems[name] != nil {
				keep = ", or keep low bits with wrap_" + name
			}
			s.errorf(pos, "%s holds %s, the value may be %s: narrow it%s", name, interval(want), interval(r), keep)
			return bad{}
		}
		return a
	}
	lo, hi, ok := floatRange(a)
	limit := want
	if want == sym.All {
		limit = sym.Interval{Lo: -1 << 53, Hi: 1 << 53}
	}
	if !ok || lo <= float64(limit.Lo)-1 || hi >= float64(limit.Hi)+1 {
		s.errorf(pos, "%s(…) of a float needs a proved range within %s: clamp it by constants", name, interval(limit))
		return bad{}
	}
	return &spec.Convert{To: spec.Int, A: a}
}

// slackCall is gamma(n) = n*u/(1 - n*u) with u = 2^-24, or ulp(y, n): n times the distance
// from |y| to the next f32.
func (s *scope) slackCall(e *grammar.Call, name string) spec.Expr {
	f64 := func(v float64) spec.Expr { return &spec.FloatLit{T: spec.F64, V: v} }
	if name == "gamma" {
		args, ok := s.arguments(e, 1)
		if !ok {
			return bad{}
		}
		n := s.typed(args[0], spec.Int, e.Pos)
		if isBad(n) {
			return n
		}
		if n.Type() == spec.Int {
			n = &spec.Convert{To: spec.F64, A: n}
		}
		nu := &spec.Binary{Op: "*", A: n, B: f64(math.Ldexp(1, -24))}
		return &spec.Binary{Op: "/", A: nu, B: &spec.Binary{Op: "-", A: f64(1), B: nu}}
	}
	args, ok := s.arguments(e, 2)
	if !ok {
		return bad{}
	}
	n := s.typed(args[1], spec.F64, e.Pos)
	if isBad(n) || args[0].Type() != spec.F32 || isUntyped(args[0]) {
		s.errorf(e.Pos, "ulp takes an f32 value and a number of ulps")
		return bad{}
	}
	y := &spec.Unary{Op: "abs", A: args[0]}
	next := &spec.Bits{To: spec.F32, A: &spec.Binary{Op: "+", A: &spec.Bits{To: spec.Int, A: y}, B: &spec.IntLit{V: 1}}}
	wide := func(e spec.Expr) spec.Expr { return &spec.Convert{To: spec.F64, A: e} }
	return &spec.Binary{Op: "*", A: n, B: &spec.Binary{Op: "-", A: wide(next), B: wide(y)}}
}

// terms is a decoded value with the magnitudes of its terms added: what its roundings are relative
// to when the terms are added apart from each other.
func (s *scope) terms(e *grammar.Call) spec.Expr {
	args, ok := s.arguments(e, 1)
	if !ok {
		return bad{}
	}
	w, ok := args[0].(*spec.WeightRef)
	if !ok {
		s.errorf(e.Pos, "terms takes a value of a weight: terms(W[m, k])")
		return bad{}
	}
	return &spec.WeightRef{Param: w.Param, At: w.At, Terms: true}
}

// noFunction says that a name can't be called.
func (s *scope) noFunction(f *grammar.Ident) spec.Expr {
	if f.Text == "gamma" || f.Text == "ulp" {
		s.errorf(f.Pos, "%s has a meaning in tolerate only", f.Text)
		return bad{}
	}
	known := append(keys(intrinsics), keys(spec.Elems)...)
	known = append(known, "int", "trit", "bitcast_f32", "bitcast_f64", "bitcast_int")
	for name, d := range s.at.pkg.decls {
		if _, ok := d.ast.(*grammar.Op); ok {
			known = append(known, name)
		}
	}
	s.suggest(f.Pos, f.Text, known, "there is no function %s", f.Text)
	return bad{}
}

func (s *scope) apply(e *grammar.Call) spec.Expr {
	path := &grammar.Path{Pos: e.Pos}
	switch f := e.Fun.(type) {
	case *grammar.Ident:
		path.Text = f.Text
		if s.at.pkg.decls[f.Text] == nil {
			return s.noFunction(f)
		}
	case *grammar.Member:
		x, ok := f.X.(*grammar.Ident)
		if !ok {
			s.errorf(e.Pos, "this is no function")
			return bad{}
		}
		path.Package, path.Text = x.Text, f.Name.Text
	}
	d := s.lookup(s.at, path)
	if d == nil {
		return bad{}
	}
	s.resolve(d, e.Pos)
	op := d.op
	switch {
	case d.broken:
		s.at.broken = true
		return bad{}
	case op == nil || !op.Scalar():
		s.errorf(e.Pos, "%s is no op on single values, so an equation can't call it", path.Text)
		return bad{}
	}
	args, ok := s.arguments(e, len(op.Params))
	if !ok {
		return bad{}
	}
	for i, p := range op.Params {
		want := spec.Int
		if p.Kind == spec.Value {
			want = p.Elem.Type
		}
		args[i] = s.typed(args[i], want, e.Args[i].Pos)
		if isBad(args[i]) {
			return bad{}
		}
		if args[i].Type() != want {
			s.errorf(e.Args[i].Pos, "%s takes %s for %s, this is %s", path.Text, want, p.Name, args[i].Type())
			return bad{}
		}
	}
	return &spec.Apply{Pos: e.Pos, Op: op, Args: args}
}
