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
	if len(w.rows) > 0 {
		if p, ok := b.packed[&w.rows[0]]; ok && p.shape[0] == w.shape[0] {
			return p, nil
		}
	}
	f, r, err := b.packing.Repack(w.tensor, w.format.Name, w.rows, w.tail, int(w.shape[0]), int(w.shape[1]))
	if err != nil {
		return nil, err
	}
	p := &weight{tensor: w.tensor, format: *f, shape: w.shape, rows: r.Rows, tail: w.tail}
	if len(w.rows) > 0 {
		b.out.repacks = append(b.out.repacks, *r)
		b.packed[&w.rows[0]] = p
	}
	return p, nil
}

// Repack gives the format that packs a tensor's, and the call that writes rows of so many values in it.
func (p *Packing) Repack(tensor, format string, rows, tail []byte, height, width int) (*plan.Format, *Repack, error) {
	f := p.Of(format)
	if f == nil {
		return nil, nil, fmt.Errorf("tensor %q: nothing packs %s", tensor, format)
	}
	for i := range p.Op.Kernels {
		k := &p.Op.Kernels[i]
		if k.Formats[0] != format || k.Formats[1] != f.Name {
			continue
		}
		size := f.Size(height, width)
		lines := make([][64]byte, (size+63)/64)
		r := &Repack{Tensor: tensor, Kernel: k, Rows: plan.View[byte](plan.Of(lines))[:size:size]}
		r.Call = plan.Call{Buf: []plan.Buf{plan.Of(rows)}, Dim: []int{height, width}}
		if len(tail) > 0 {
			r.Call.Buf = append(r.Call.Buf, plan.Of(tail))
		}
		r.Call.Buf = append(r.Call.Buf, plan.Of(r.Rows))
		return f, r, nil
	}
	return nil, nil, fmt.Errorf("tensor %q: no kernel packs %s", tensor, format)
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
