package bind

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Packing is how weights get into formats that pack theirs. The zero value packs nothing: activations stay exact.
type Packing struct {
	Op      *plan.Op // from a weight to a packed one
	Formats []plan.Format
}

// Repack is a call that writes a weight's packed form.
type Repack struct {
	Tensor string
	Kernel *plan.Kernel
	Call   plan.Call
	Rows   []byte // that it writes
}

// Pack writes the packed weights, each by a call of run, when it is first called.
func (p *Program) Pack(run func(*Repack) error) error {
	p.pack.Do(func() {
		for i := range p.repacks {
			if p.packErr = run(&p.repacks[i]); p.packErr != nil {
				p.packErr = fmt.Errorf("tensor %q: %w", p.repacks[i].Tensor, p.packErr)
				return
			}
		}
	})
	return p.packErr
}

func (p *Packing) format(name string) *plan.Format {
	for i := range p.Formats {
		if p.Formats[i].Name == name {
			return &p.Formats[i]
		}
	}
	return nil
}

// Of finds the format that packs another, nil where there is none.
func (p *Packing) Of(name string) *plan.Format {
	for i := range p.Formats {
		if p.Formats[i].Packs == name {
			return &p.Formats[i]
		}
	}
	return nil
}

// pack gives the packed form of a weight, one for each memory.
func (b *binder) pack(w *weight) (*weight, error) {
	if w.format.Packs != "" { // the file has it so
		return w, nil
	}
	f := b.packing.Of(w.format.Name)
	if f == nil {
		return nil, fmt.Errorf("tensor %q: nothing packs %s", w.tensor, w.format.Name)
	}
	if len(w.rows) == 0 {
		return &weight{tensor: w.tensor, format: *f, shape: w.shape}, nil
	}
	if p, ok := b.packed[&w.rows[0]]; ok && p.shape[0] == w.shape[0] {
		return p, nil
	}
	r, err := b.packing.Repack(w.tensor, &w.format, f, w.rows, w.tail, int(w.shape[0]), int(w.shape[1]))
	if err != nil {
		return nil, err
	}
	p := &weight{tensor: w.tensor, format: *f, shape: w.shape, rows: r.Rows, tail: w.tail}
	b.out.repacks = append(b.out.repacks, *r)
	b.packed[&w.rows[0]] = p
	return p, nil
}

// Repack gives the call that writes rows of a tensor, each of width values, in the format that packs theirs.
func (p *Packing) Repack(tensor string, from, to *plan.Format, rows, tail []byte, height, width int) (*Repack, error) {
	for i := range p.Op.Kernels {
		k := &p.Op.Kernels[i]
		if k.Formats[0] != from.Name || k.Formats[1] != to.Name {
			continue
		}
		size := to.Size(height, width)
		lines := make([][64]byte, (size+63)/64)
		r := &Repack{Tensor: tensor, Kernel: k, Rows: plan.View[byte](plan.Of(lines))[:size:size]}
		r.Call = plan.Call{Buf: []plan.Buf{plan.Of(rows)}, Dim: []int{height, width}}
		if from.Tail > 0 {
			r.Call.Buf = append(r.Call.Buf, plan.Of(tail))
		}
		r.Call.Buf = append(r.Call.Buf, plan.Of(r.Rows))
		return r, nil
	}
	return nil, fmt.Errorf("tensor %q: no kernel packs %s", tensor, from.Name)
}

// Packable reports whether there is a format that packs a weight's.
func (e *env) Packable(name string) (bool, error) { return e.packable(name, 0) }

func (e *env) packable(name string, depth int) (bool, error) {
	w, ok := e.b.weights[name]
	switch {
	case !ok:
		return false, fmt.Errorf("%s is no weight", name)
	case depth > len(e.b.weights):
		return false, fmt.Errorf("weight %s is another name of itself", name)
	}
	tensor, err := e.tensorName(w)
	if err != nil {
		return false, err
	}
	if t, ok := e.b.file.Tensor(tensor); ok {
		return t.Format != nil && len(w.Shape) == 2 && (t.Format.Packs != "" || e.b.packing.Of(t.Format.Name) != nil), nil
	}
	if w.Else == nil {
		return false, nil
	}
	return e.packable(w.Else.Weight, depth+1)
}
