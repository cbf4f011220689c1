package check

import (
	"slices"
	"strconv"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

const maxBlock = 1 << 16

func (c *checker) format(d *decl, a *grammar.Format) *spec.Format {
	f := &spec.Format{Pos: a.Pos, Package: d.pkg.name, Name: a.Named(), Doc: a.Doc, Page: a.Kind == "page", Rows: 1, GGUF: -1}
	s := newScope(c, d)
	before := len(c.errs)
	sizes := make([]int, len(a.Size))
	for i, x := range a.Size {
		n, ok := s.expr(x).(untyped)
		if !ok || !n.whole || n.i < 1 || n.i > maxBlock {
			if len(c.errs) == before {
				c.errorf(x.At(), "a %s holds a constant number of values, 1 to %d", a.Kind, maxBlock)
			}
			return f
		}
		sizes[i] = int(n.i)
	}
	f.Count = sizes[len(sizes)-1]
	if f.Page {
		c.page(s, f, a)
		if len(c.errs) == before {
			s.unused()
		}
		return f
	}
	if len(sizes) == 2 {
		f.Rows = sizes[0]
	}
	switch {
	case a.Of == nil:
		c.errorf(a.Pos, "a block says what its values are: block[%d] of f32", f.Count)
	case a.Of.Text != "f32":
		c.errorf(a.Of.Pos, "a block's values are f32, not %s", a.Of.Text)
	}
	if len(a.Params) > 0 {
		c.errorf(a.Params[0].Pos, "only a page has parameters")
	}
	f.Fields, f.Bytes = c.fields(s, a.Fields)
	switch {
	case len(f.Fields) < len(a.Fields): // said already
	case len(a.Fields) == 0:
		c.errorf(a.Pos, "a block has fields: field q : u8[16]")
	case a.Bytes == nil:
		c.errorf(a.Pos, "format %s lacks its size: bytes %d", f.Name, f.Bytes)
	case a.Bytes.Text != strconv.Itoa(f.Bytes):
		c.errorf(a.Bytes.Pos, "the fields take %d bytes, not %s", f.Bytes, a.Bytes.Text)
	}
	if a.GGUF != nil {
		var err error
		if f.GGUF, err = strconv.Atoi(a.GGUF.Text); err != nil {
			c.errorf(a.GGUF.Pos, "gguf is the number of ggml's type, not %s", a.GGUF.Text)
		}
	}
	s.later(a.Body)
	if a.Tail != nil {
		c.tail(s, f, a.Tail)
	}
	if !c.packs(d, f, a) {
		return f
	}
	for _, item := range a.Body {
		c.formatItem(s, f, item)
	}
	if f.Packs != nil && f.Pack == nil {
		c.errorf(a.Pos, "format %s packs %s, and lacks pack(w) { … }, which says how", f.Name, f.Packs.Name)
	}
	if f.Decode == nil && !slices.ContainsFunc(a.Body, func(i grammar.Item) bool { _, ok := i.(*grammar.Decode); return ok }) {
		c.errorf(a.Pos, "format %s lacks decode[i] = …", f.Name)
	}
	f.Uniform, f.Paired = uniform(f), paired(f)
	if len(c.errs) == before && !d.broken { // else a use may be among what was not understood
		s.unused()
		c.unread(f, a)
	}
	return f
}

func (c *checker) fields(s *scope, list []*grammar.Field) (out []*spec.Field, bytes int) {
	for _, a := range list {
		elem := spec.Elems[a.Elem.Text]
		if elem == nil {
			c.suggest(a.Elem.Pos, a.Elem.Text, keys(spec.Elems), "there is no type %s in memory", a.Elem.Text)
			s.names[a.Name.Text] = bad{}
			continue
		}
		f := &spec.Field{Name: a.Name.Text, Elem: elem, Len: 1, Scalar: len(a.Dims) == 0, Offset: bytes}
		ok := true
		for _, x := range a.Dims {
			n, constant := s.expr(x).(untyped)
			if ok = ok && constant && n.whole && n.i >= 1 && n.i <= maxBlock && f.Len*int(n.i) <= maxBlock; ok {
				f.Shape = append(f.Shape, int(n.i))
				f.Len *= int(n.i)
			}
		}
		if !ok {
			c.errorf(a.Dims[0].At(), "the dims of a block's field are constants, %d elements in all at most", maxBlock)
			s.names[a.Name.Text] = bad{}
			continue
		}
		bytes += f.Len * elem.Bytes
		s.define(a.Name, f)
		out = append(out, f)
	}
	return out, bytes
}

func (c *checker) tail(s *scope, f *spec.Format, a *grammar.Tail) {
	var bytes int
	f.Tail, bytes = c.fields(s, a.Fields)
	for _, t := range f.Tail {
		s.tail[t] = true
	}
	n, err := strconv.Atoi(a.Bytes.Text)
	if err != nil || n < bytes {
		c.errorf(a.Bytes.Pos, "the tail's fields take %d bytes, not %s", bytes, a.Bytes.Text)
	}
	f.TailBytes = n
}

func (c *checker) page(s *scope, f *spec.Format, a *grammar.Format) {
	for _, p := range a.Params {
		if p.Type.Path.Text != "dim" {
			c.errorf(p.Pos, "a page's parameters are dims")
			continue
		}
		if p.Name.Text == "slot" {
			c.errorf(p.Name.Pos, "slot is the place within the page: a parameter needs another name")
			continue
		}
		f.Params = append(f.Params, p.Name.Text)
		s.define(p.Name, dim(p.Name.Text))
	}
	for _, af := range a.Fields {
		elem := spec.Elems[af.Elem.Text]
		if elem == nil {
			c.suggest(af.Elem.Pos, af.Elem.Text, keys(spec.Elems), "there is no type %s in memory", af.Elem.Text)
			continue
		}
		if slices.ContainsFunc(f.Fields, func(o *spec.Field) bool { return o.Name == af.Name.Text }) {
			c.errorf(af.Name.Pos, "%s is defined twice", af.Name.Text)
		}
		field := &spec.Field{Name: af.Name.Text, Elem: elem, Slot: -1}
		for k, d := range af.Dims {
			if id, ok := d.(*grammar.Ident); ok && id.Text == "slot" {
				if field.Slot >= 0 {
					c.errorf(id.Pos, "slot stands in a field once")
				}
				field.Slot = k
				field.Dims = append(field.Dims, &spec.IntLit{V: int64(f.Count)})
				continue
			}
			field.Dims = append(field.Dims, s.integer(d))
		}
		if field.Slot < 0 {
			c.errorf(af.Pos, "a page's field says where its slots are: %s : %s[slot, …]", af.Name.Text, elem.Name)
			continue
		}
		f.Fields = append(f.Fields, field)
	}
	alone := func(pos grammar.Pos) { c.errorf(pos, "a page has fields alone") }
	switch {
	case a.Of != nil:
		alone(a.Of.Pos)
	case a.Bytes != nil:
		alone(a.Bytes.Pos)
	case a.GGUF != nil:
		alone(a.GGUF.Pos)
	case a.Tail != nil:
		alone(a.Tail.Pos)
	case len(a.Body) > 0:
		alone(a.Body[0].At())
	case len(a.Fields) == 0:
		c.errorf(a.Pos, "the page has no field")
	}
}

func (c *checker) formatItem(s *scope, f *spec.Format, item grammar.Item) {
	block := func(pos grammar.Pos, list []*grammar.Index) ([]*spec.Index, *scope, bool) {
		extents := []int{f.Count}
		if f.Rows > 1 {
			extents = []int{f.Rows, f.Count}
		}
		if len(list) != len(extents) {
			c.errorf(pos, "a block of %d rows of %d values takes %d indices, not %d", f.Rows, f.Count, len(extents), len(list))
			return nil, nil, false
		}
		out := extentIndices(list, extents)
		return out, s.inside(out), true
	}
	switch a := item.(type) {
	case *grammar.Table:
		c.table(s, a)
	case *grammar.Code:
		defer func() {
			if s.find(a.Name.Text) == nil {
				s.names[a.Name.Text] = bad{} // said already
			}
		}()
		index, in, ok := block(a.Pos, a.Index)
		if !ok {
			return
		}
		value := in.typed(in.expr(a.Value), spec.Int, a.Pos)
		if isBad(value) {
			return
		}
		want, ok := spec.IntegerRange(a.Type.Text)
		if !ok || value.Type() != spec.Int {
			c.errorf(a.Type.Pos, "a code is an integer, not %s", a.Type.Text)
			return
		}
		if in.toInteger(a.Value.At(), a.Type.Text, want, value) == (spec.Expr)(bad{}) {
			return
		}
		l := prove(&spec.Let{Pos: a.Pos, Name: a.Name.Text, Index: index, Value: value, Code: true})
		f.Lets = append(f.Lets, l)
		s.define(a.Name, l)
	case *grammar.Let:
		if l := s.let(a); l != nil {
			f.Lets = append(f.Lets, l)
		}
	case *grammar.Decode:
		if f.Decode != nil {
			c.errorf(a.Pos, "decode is given twice")
			return
		}
		index, in, ok := block(a.Pos, a.Index)
		if !ok {
			return
		}
		value := in.typed(in.expr(a.Value), spec.F32, a.Value.At())
		if isBad(value) {
			return
		}
		if value.Type() != spec.F32 {
			c.errorf(a.Value.At(), "decode gives f32, this is %s", value.Type())
			return
		}
		f.Index, f.Decode = index[len(index)-1], value
		if len(index) == 2 {
			f.Row = index[0]
		}
	case *grammar.Sums:
		c.sums(f, a)
	case *grammar.Encode:
		f.Encode = c.encode(s, f, a)
	case *grammar.Pack:
		f.Pack = c.pack(s, f, a)
	default:
		c.errorf(item.At(), "this does not belong in a format")
	}
}

func (c *checker) encode(s *scope, f *spec.Format, a *grammar.Encode) *spec.Encode {
	if f.Rows > 1 {
		c.errorf(a.Pos, "a block of several rows is packed, not encoded: pack(w) { … }")
	}
	e := &spec.Encode{Orders: map[string][]spec.Order{}, X: &spec.Param{Pos: a.Pos, Name: a.Param.Text, Kind: spec.Tensor, Elem: spec.Elems["f32"],
		Shape: []spec.Expr{&spec.IntLit{V: int64(f.Count)}}}}
	in := newScope(c, s.at)
	in.define(a.Param, e.X)
	for name, v := range s.names {
		if t, ok := v.(*spec.Table); ok {
			in.names[name] = t
		}
	}
	before := len(c.errs)
	in.later(a.Body)
	for _, item := range a.Body {
		switch item := item.(type) {
		case *grammar.Table:
			c.table(in, item)
		case *grammar.Let:
			if l := in.let(item); l != nil {
				e.Lets = append(e.Lets, l)
			}
		case *grammar.Assign:
			e.Sets = c.setField(in, f, item, e.Sets)
		case *grammar.Order:
			for _, choice := range item.Items {
				c.order(in, e.Orders, folded(e), choice)
			}
		}
	}
	if len(c.errs) > before {
		return e
	}
	c.allSet(a.Pos, "encode", f, e.Sets)
	for v := range in.read { // tables are the format's and encode's
		s.read[v] = true
	}
	in.unused()
	return e
}

// unread names fields that decode does not read: bytes without a meaning.
func (c *checker) unread(f *spec.Format, a *grammar.Format) {
	read, seen := map[*spec.Field]bool{}, map[*spec.Let]bool{}
	var look func(spec.Expr) bool
	look = func(e spec.Expr) bool {
		switch e := e.(type) {
		case *spec.FieldRef:
			read[e.Field] = true
		case *spec.LetRef:
			if !seen[e.Let] {
				seen[e.Let] = true
				spec.Walk(e.Let.Value, look)
			}
		}
		return true
	}
	spec.Walk(f.Decode, look)
	for _, s := range f.Sums {
		read[s.Field] = true
	}
	written := a.Fields
	if a.Tail != nil {
		written = append(slices.Clone(written), a.Tail.Fields...)
	}
	for i, field := range append(slices.Clone(f.Fields), f.Tail...) {
		if !read[field] {
			c.errorf(written[i].Name.Pos, "decode does not read field %s", field.Name)
		}
	}
}

func keys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}
