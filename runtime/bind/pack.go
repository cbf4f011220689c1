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

// of finds the format that packs another.
func (p *Packing) of(name string) *plan.Format {
	for i := range p.Formats {
		if p.Formats[i].Packs == name {
			return &p.Formats[i]
		}
	}
	return nil
}

// pack gives the packed form of a weight, one for each memory.
func (b *binder) pack(w *weight) (*weight, error) {
	f := b.packing.of(w.format.Name)
	if f == nil {
		return nil, fmt.Errorf("tensor %q: nothing packs %s", w.tensor, w.format.Name)
	}
	if len(w.rows) == 0 {
		return &weight{tensor: w.tensor, format: *f, shape: w.shape}, nil
	}
	if p, ok := b.packed[&w.rows[0]]; ok && p.shape[0] == w.shape[0] {
		return p, nil
	}
	for i := range b.packing.Op.Kernels {
		k := &b.packing.Op.Kernels[i]
		if k.Formats[0] != w.format.Name || k.Formats[1] != f.Name {
			continue
		}
		rows, width := int(w.shape[0]), int(w.shape[1])
		size := f.Size(rows, width)
		lines := make([][64]byte, (size+63)/64)
		p := &weight{tensor: w.tensor, format: *f, shape: w.shape, rows: plan.View[byte](plan.Of(lines))[:size:size], tail: w.tail}
		call := plan.Call{Buf: []plan.Buf{plan.Of(w.rows)}, Dim: []int{rows, width}}
		if w.format.Tail > 0 {
			call.Buf = append(call.Buf, plan.Of(w.tail))
		}
		call.Buf = append(call.Buf, plan.Of(p.rows))
		b.out.repacks = append(b.out.repacks, Repack{w.tensor, k, call})
		b.packed[&w.rows[0]] = p
		return p, nil
	}
	return nil, fmt.Errorf("tensor %q: no kernel packs %s", w.tensor, w.format.Name)
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
		f, ok := e.b.formats[int(t.Type)]
		return ok && len(w.Shape) == 2 && e.b.packing.of(f.Name) != nil, nil
	}
	if w.Else == nil {
		return false, nil
	}
	return e.packable(w.Else.Weight, depth+1)
}
