package lower

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// Encoder is a format's encode as an op on whole tensors, encode(x: f32[M, K]) -> W: any[M, K]:
// each equation once for each block of each row. It is nil for a format without encode.
func Encoder(f *spec.Format) *spec.Op {
	if f.Encode == nil || len(f.Tail) > 0 {
		return nil
	}
	dims := []spec.Expr{&spec.DimRef{Name: "M"}, &spec.DimRef{Name: "K"}}
	n := &spec.IntLit{V: int64(f.Count)}
	x := &spec.Param{Name: "x", Kind: spec.Tensor, Elem: spec.Elems["f32"], Shape: dims}
	w := &spec.Param{Name: "W", Kind: spec.Weight, Shape: dims, Out: true}
	row := &spec.Index{Name: unused("m", f.Encode), Lo: &spec.IntLit{}, Hi: dims[0]}
	block := &spec.Index{Name: unused("b", f.Encode), Lo: &spec.IntLit{}, Hi: &spec.Binary{Op: "/", A: dims[1], B: n}}
	outer := []*spec.Index{row, block}
	at := []spec.Expr{&spec.IndexRef{Index: row}, &spec.IndexRef{Index: block}}
	lets := map[*spec.Let]*spec.Let{}
	var blocked func(spec.Expr) spec.Expr
	blocked = func(e spec.Expr) spec.Expr {
		e = spec.Rebuild(e, blocked)
		switch e := e.(type) {
		case *spec.TensorRef:
			if e.Param == f.Encode.X {
				k := &spec.Binary{Op: "+", A: &spec.Binary{Op: "*", A: n, B: at[1]}, B: e.At[0]}
				return &spec.TensorRef{Param: x, At: []spec.Expr{at[0], k}}
			}
		case *spec.LetRef:
			return &spec.LetRef{Let: lets[e.Let], At: slices.Concat(at, e.At)}
		}
		return e
	}
	body := &spec.Body{}
	for _, l := range f.Encode.Lets {
		c := *l
		c.Index, c.Value = slices.Concat(outer, l.Index), blocked(l.Value)
		lets[l] = &c
		body.Lets = append(body.Lets, &c)
	}
	for _, s := range f.Encode.Sets {
		set := &spec.Set{Pos: s.Pos, Out: w, Field: s.Field, Index: outer, At: at, Value: blocked(s.Value)}
		if s.Index != nil {
			set.Index = append(slices.Clone(outer), s.Index)
			set.At = append(slices.Clone(at), &spec.IndexRef{Index: s.Index})
		}
		body.Sets = append(body.Sets, set)
	}
	return &spec.Op{
		Pos: f.Pos, Package: f.Package, Name: "encode", Doc: f.Doc, Body: body,
		Params: []*spec.Param{x}, Outs: []*spec.Param{w}, Dims: []string{"M", "K"}, Facts: []spec.Fact{{X: dims[1], Y: n}},
		Schedules: []*spec.Schedule{{For: []string{"go", "vm"}, Loop: []string{row.Name, block.Name}, Parallel: []string{row.Name}, Grain: 1}},
	}
}

// unused is a name that no index of the equations has.
func unused(name string, e *spec.Encode) string {
	var taken []string
	for _, l := range e.Lets {
		for _, i := range l.Index {
			taken = append(taken, i.Name)
		}
	}
	for _, s := range e.Sets {
		if s.Index != nil {
			taken = append(taken, s.Index.Name)
		}
	}
	for slices.Contains(taken, name) {
		name += "_"
	}
	return name
}
