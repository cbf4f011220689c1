package bind

import (
	"bytes"
	"fmt"

	"github.com/trinity-engine/trinity/runtime/gguf"
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

// of finds the format that packs another: one for every tensor, or a uniform one.
func (p *Packing) of(name string, uniform bool) *plan.Format {
	for i := range p.Formats {
		f := &p.Formats[i]
		if f.Packs == name && (uniform && f.Uniform || !uniform && len(f.Once) == 0) {
			return f
		}
	}
	return nil
}

// pack gives the packed form of a weight, one for each memory and format.
func (b *binder) pack(w *weight, uniform bool) (*weight, error) {
	f := b.packing.of(w.format.Name, uniform)
	if f == nil {
		return nil, fmt.Errorf("tensor %q: nothing packs %s", w.tensor, w.format.Name)
	}
	if len(w.rows) == 0 {
		return &weight{tensor: w.tensor, format: *f, shape: w.shape}, nil
	}
	key := packed{&w.rows[0], f.Name}
	if p, ok := b.packed[key]; ok && p.shape[0] == w.shape[0] {
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
		if len(f.Once) > 0 {
			p.tail = once(f, w.rows)
		}
		call := plan.Call{Buf: []plan.Buf{plan.Of(w.rows)}, Dim: []int{rows, width}}
		if w.format.Tail > 0 {
			call.Buf = append(call.Buf, plan.Of(w.tail))
		}
		call.Buf = append(call.Buf, plan.Of(p.rows))
		b.out.repacks = append(b.out.repacks, Repack{w.tensor, k, call})
		b.packed[key] = p
		return p, nil
	}
	return nil, fmt.Errorf("tensor %q: no kernel packs %s", w.tensor, w.format.Name)
}

// packed is what is packed once: a memory in a format.
type packed struct {
	rows   *byte
	format string
}

// once is the tail of a format: what the blocks in rows have in common.
func once(f *plan.Format, rows []byte) []byte {
	words := make([]uint64, (f.Tail+7)/8)
	tail := plan.View[byte](plan.Of(words))[:f.Tail]
	for _, o := range f.Once {
		copy(tail[o.To:][:o.Bytes], rows[o.From:])
	}
	return tail
}

// agree reports whether blocks of size bytes have in common what f has once.
func agree(f *plan.Format, rows []byte, size int) bool {
	if len(rows) == 0 {
		return false
	}
	for _, o := range f.Once {
		first := rows[o.From:][:o.Bytes]
		for at := o.From; at < len(rows); at += size {
			if !bytes.Equal(rows[at:][:o.Bytes], first) {
				return false
			}
		}
	}
	return true
}

// Packable reports whether there is a format that packs a weight's.
func (e *env) Packable(p plan.Packable) (bool, error) { return e.packable(p.Weight, p.Uniform, 0) }

func (e *env) packable(name string, uniform bool, depth int) (bool, error) {
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
	t, ok := e.b.file.Tensor(tensor)
	switch {
	case ok && len(w.Shape) == 2:
		return e.b.packableTensor(t, uniform)
	case ok || w.Else == nil:
		return false, nil
	}
	return e.packable(w.Else.Weight, uniform, depth+1)
}

func (b *binder) packableTensor(t gguf.Tensor, uniform bool) (bool, error) {
	from, ok := b.formats[int(t.Type)]
	if !ok {
		return false, nil
	}
	f := b.packing.of(from.Name, uniform)
	if f == nil || len(f.Once) == 0 {
		return f != nil, nil
	}
	if known, ok := b.uniform[t.Name]; ok {
		return known, nil
	}
	data, err := t.Sized(from.Block, from.Bytes, from.Tail)
	if err != nil {
		return false, err
	}
	b.uniform[t.Name] = agree(f, data[:len(data)-from.Tail], from.Bytes)
	return b.uniform[t.Name], nil
}
