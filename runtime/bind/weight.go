package bind

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// weight is a bound weight; nil where an optional one is absent.
type weight struct {
	tensor string // the file's name, for messages
	format plan.Format
	shape  []int64 // [M, K]
	rows   []byte
	tail   []byte // of Format.Tail bytes
	first  int64  // row of the tensor
}

// weight finds the memory of w: a tensor of the file, or a part of another weight.
func (b *binder) weight(w *plan.Weight, s *scope) (*weight, error) {
	name, err := s.env.tensorName(w)
	if err != nil {
		return nil, err
	}
	t, ok := b.file.Tensor(name)
	var bound *weight
	switch {
	case ok:
		bound, err = b.tensor(t, len(w.Shape))
	case w.Else != nil:
		bound, err = b.alias(w.Else, s)
	}
	switch {
	case err != nil:
	case bound != nil:
		err = b.conforms(w, bound, s)
	case !w.Optional:
		err = s.env.missing(w)
	}
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, at(w.Where))
	}
	return bound, nil
}

// missing says that w's tensor is, and what else could have stood for it, and why there are so many layers.
func (e *env) missing(w *plan.Weight) error {
	name, err := e.tensorName(w)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("tensor %q is missing", name)
	if w.Else != nil && e.b.weights[w.Else.Weight] != nil {
		if name, err = e.tensorName(e.b.weights[w.Else.Weight]); err != nil {
			return err
		}
		text += fmt.Sprintf(", and so is %q, which could stand for it", name)
	}
	for l := e; l != nil; l = l.outer {
		if l.name != "" && l.end != nil {
			text += l.because(l.end)
		}
	}
	return errors.New(text)
}

// tensor takes a tensor of the file.
func (b *binder) tensor(t *modelfile.Tensor, rank int) (*weight, error) {
	if t.Format == nil {
		return nil, fmt.Errorf("tensor %q: type %s is not supported; supported are %s", t.Name, t.Type, strings.Join(b.file.Supported(), " "))
	}
	f := *t.Format
	shape, err := specDims(t, rank)
	if err != nil {
		return nil, fmt.Errorf("tensor %q: %w", t.Name, err)
	}
	if k := shape[rank-1]; k%int64(f.Block) != 0 {
		return nil, fmt.Errorf("tensor %q: width %d is no multiple of the %d values of a block of %s", t.Name, k, f.Block, f.Name)
	}
	rows, tail, err := t.Data()
	if err != nil {
		return nil, err
	}
	w := &weight{tensor: t.Name, format: f, shape: shape, rows: rows, tail: tail}
	if _, again := b.aligned[t.Name]; !again {
		b.out.Weights += len(rows) + len(tail)
		b.aligned[t.Name] = nil
	}
	if f.Block == 1 {
		w.rows = b.align(t.Name, w.rows, f.Bytes)
	}
	if f.Tail > 0 {
		w.tail = b.align(t.Name+" tail", w.tail, 8)
	}
	return w, nil
}

// align gives data, or a copy of it where it is not aligned to n bytes, one for each name.
func (b *binder) align(name string, data []byte, n int) []byte {
	if uintptr(unsafe.Pointer(unsafe.SliceData(data)))%uintptr(n) == 0 {
		return data
	}
	if b.aligned[name] == nil {
		words := make([]uint64, (len(data)+7)/8)
		b.aligned[name] = plan.View[byte](plan.Of(words))[:len(data)]
		copy(b.aligned[name], data)
	}
	return b.aligned[name]
}

// alias takes another weight, or rows lo to hi of it.
func (b *binder) alias(a *plan.Alias, s *scope) (*weight, error) {
	r, ok := s.lookup(a.Weight)
	if !ok || r.kind != refWeight {
		return nil, fmt.Errorf("%s is no weight", a.Weight)
	}
	if a.Lo == nil || r.bound == nil {
		return r.bound, nil
	}
	lo, hi, err := s.env.bounds(a.Lo, a.Hi)
	if err != nil {
		return nil, fmt.Errorf("rows of %s: %w", a.Weight, err)
	}
	of := *r.bound
	if hi > of.shape[0] {
		return nil, fmt.Errorf("tensor %q: rows %d to %d are asked for, it has %d", of.tensor, lo, hi, of.shape[0])
	}
	if len(of.shape) == 1 {
		block := int64(of.format.Block)
		if lo%block != 0 || hi%block != 0 {
			return nil, fmt.Errorf("tensor %q: values %d to %d are no whole blocks of %d", of.tensor, lo, hi, block)
		}
		of.rows = of.rows[lo/block*int64(of.format.Bytes) : hi/block*int64(of.format.Bytes)]
	} else {
		side := max(int64(of.format.Rows), 1) // rows side by side
		if lo%side != 0 {
			return nil, fmt.Errorf("tensor %q: rows from %d on are asked for, in %s %d lie side by side", of.tensor, lo, of.format.Name, side)
		}
		bytes := int64(len(of.rows)) / max((of.shape[0]+side-1)/side, 1)
		of.rows = of.rows[lo/side*bytes : (hi+side-1)/side*bytes]
		of.first += lo
	}
	of.shape = append([]int64{hi - lo}, of.shape[1:]...)
	return &of, nil
}

// bounds evaluates 0 <= lo <= hi.
func (e *env) bounds(lo, hi plan.Expr) (int64, int64, error) {
	var ends [2]int
	for i, x := range []plan.Expr{lo, hi} {
		var err error
		if ends[i], err = e.integer(x); err != nil {
			return 0, 0, err
		}
	}
	if ends[0] > ends[1] {
		return 0, 0, fmt.Errorf("%d to %d", ends[0], ends[1])
	}
	return int64(ends[0]), int64(ends[1]), nil
}

// integer evaluates an integer that is not negative.
func (e *env) integer(x plan.Expr) (int, error) {
	v, err := eval.Eval(x, e)
	if err != nil {
		return 0, err
	}
	return v.AsDim()
}

// conforms checks the shape and format that w asks for.
func (b *binder) conforms(w *plan.Weight, bound *weight, s *scope) error {
	if w.Formats != "any" && w.Formats != bound.format.Name && w.Formats != bound.format.Packs {
		return fmt.Errorf("tensor %q is %s, weight %s must be %s", bound.tensor, bound.format.Name, w.Name, w.Formats)
	}
	want := make([]int64, len(w.Shape))
	for i, e := range w.Shape {
		n, err := s.env.integer(e)
		if err != nil {
			return fmt.Errorf("tensor %q: dim %d of weight %s: %w%s", bound.tensor, i, w.Name, err, s.env.because(e))
		}
		want[i] = int64(n)
	}
	for i := range want {
		if want[i] != bound.shape[i] {
			return fmt.Errorf("tensor %q has shape %v, weight %s must have %v%s", bound.tensor, bound.shape, w.Name, want, s.env.because(w.Shape[i]))
		}
	}
	return nil
}

// specDims gives a tensor's dims, rows first, for a shape of rank dims: the file has the
// fastest first, and may lack or add dims of 1 at its end.
func specDims(t *modelfile.Tensor, rank int) ([]int64, error) {
	dims := t.Dims
	for len(dims) > 1 && len(dims) > rank && dims[len(dims)-1] == 1 {
		dims = dims[:len(dims)-1]
	}
	if len(dims) > rank || rank == 0 {
		return nil, fmt.Errorf("has %d dims %v, the fastest first, where %d are asked for", len(dims), dims, rank)
	}
	shape := make([]int64, rank)
	for i := range shape {
		shape[rank-1-i] = 1
		if i < len(dims) {
			shape[rank-1-i] = int64(dims[i])
		}
	}
	return shape, nil
}
