package bind

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/trinity-engine/trinity/runtime/memory"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// Packing is how weights get into formats that pack theirs. The zero value packs nothing: activations stay exact.
type Packing struct {
	Op      *plan.Op // from a weight to a packed one
	Formats []plan.Format
	Fast    bool // results may have other bits on other processors
}

// Repack is a call that writes a weight's packed form.
type Repack struct {
	Tensor string
	Kernel *plan.Kernel
	Call   plan.Call
	From   []byte // rows that it reads
	Rows   []byte // that it writes
	Tail   []byte // that goes with them
}

// Pack writes the packed weights, each by a call of run, when it is first called. What the file has of a weight is
// forgotten then: only one form of it takes memory.
func (p *Program) Pack(run func(*Repack) error) error {
	p.pack.Do(func() {
		for i := range p.repacks {
			if p.packErr = run(&p.repacks[i]); p.packErr != nil {
				p.packErr = fmt.Errorf("tensor %q: %w", p.repacks[i].Tensor, p.packErr)
				return
			}
			p.file.Forget(p.repacks[i].From)
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

// Of finds the format that packs another in codes, whatever its blocks hold, nil where there is none. Of several it is the largest,
// which opens with the least work.
func (p *Packing) Of(name string) *plan.Format {
	of := p.format(name)
	for _, f := range slices.Backward(p.forms(name)) {
		if !f.Paired && len(f.Once) == 0 && (of == nil || of.Block == f.Block) {
			return f
		}
	}
	return nil
}

// Uniform finds the uniform format that packs rows of another, nil where there is none or their blocks disagree in
// what it has once. Of several it is the largest.
func (p *Packing) Uniform(of *plan.Format, rows []byte) *plan.Format {
	for _, f := range slices.Backward(p.forms(of.Name)) {
		if f.Uniform && of.Block == f.Block && agree(f, rows, of.Bytes) {
			return f
		}
	}
	return nil
}

// Paired finds the format that packs rows of width values of another as bf16s and nothing else, nil where there is none.
func (p *Packing) Paired(of string, width int) *plan.Format {
	for _, f := range p.forms(of) {
		if f.Paired && width%f.Block == 0 {
			return f
		}
	}
	return nil
}

// Denser lists the uniform formats that pack rows of another, each of width values, in fewer bytes than one does, the smallest
// first. They may have no room for some of the values.
func (p *Packing) Denser(than, of *plan.Format, rows []byte, width int) (out []*plan.Format) {
	for _, f := range p.forms(of.Name) {
		if f.Uniform && width%f.Block == 0 && density(f) < density(than) && agree(f, rows, of.Bytes) {
			out = append(out, f)
		}
	}
	return out
}

// forms lists the formats that pack another, the smallest first.
func (p *Packing) forms(of string) (out []*plan.Format) {
	for i := range p.Formats {
		if f := &p.Formats[i]; f.Packs == of {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b *plan.Format) int { return cmp.Compare(density(a), density(b)) })
	return out
}

// density is how many bytes a value has.
func density(f *plan.Format) float64 { return float64(f.Bytes) / float64(f.Rows*f.Block) }

// HasUniform reports whether there is a uniform format that packs another, whose blocks may have to agree for it.
func (p *Packing) HasUniform(name string) bool {
	for i := range p.Formats {
		if f := &p.Formats[i]; f.Packs == name && f.Uniform {
			return true
		}
	}
	return false
}

// agree reports whether blocks of size bytes have in common what f has once.
func agree(f *plan.Format, rows []byte, size int) bool {
	for _, o := range f.Once {
		if len(rows) < size {
			return false
		}
		first := rows[o.From:][:o.Bytes]
		for at := o.From; at < len(rows); at += size {
			if !bytes.Equal(rows[at:][:o.Bytes], first) {
				return false
			}
		}
	}
	return true
}

// pack gives the packed form of a weight, one for each memory and format.
func (b *binder) pack(w *weight, as plan.Param) (*weight, error) {
	if w.format.Packs != "" { // the file has it so
		return w, nil
	}
	f := b.packing.Of(w.format.Name)
	switch {
	case as.Paired:
		f = b.packing.Paired(w.format.Name, int(w.shape[1]))
	case as.Uniform:
		if f = b.uniform[w.tensor]; f == nil { // all of the tensor agrees, or these rows may
			f = b.packing.Uniform(&w.format, w.rows)
		}
	}
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
	r, err := b.packing.Repack(w.tensor, &w.format, f, w.rows, w.tail, int(w.shape[0]), int(w.shape[1]))
	if err != nil {
		return nil, err
	}
	p := &weight{tensor: w.tensor, format: *f, shape: w.shape, rows: r.Rows, tail: r.Tail}
	b.out.repacks = append(b.out.repacks, *r)
	b.packed[key] = p
	return p, nil
}

// packed is what is packed once: a memory in a format.
type packed struct {
	rows   *byte
	format string
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
		memory.Large(plan.View[byte](plan.Of(lines)))
		r := &Repack{Tensor: tensor, Kernel: k, From: rows, Rows: plan.View[byte](plan.Of(lines))[:size:size], Tail: tail}
		r.Call = plan.Call{Buf: []plan.Buf{plan.Of(rows)}, Dim: []int{height, width}}
		if from.Tail > 0 {
			r.Call.Buf = append(r.Call.Buf, plan.Of(tail))
		}
		r.Call.Buf = append(r.Call.Buf, plan.Of(r.Rows))
		if len(to.Once) > 0 {
			r.Tail = Tail(to, rows)
		}
		return r, nil
	}
	return nil, fmt.Errorf("tensor %q: no kernel packs %s", tensor, from.Name)
}

// Tail is that of a format: what the blocks in rows have in common.
func Tail(f *plan.Format, rows []byte) []byte {
	words := make([]uint64, (f.Tail+7)/8)
	tail := plan.View[byte](plan.Of(words))[:f.Tail]
	for _, o := range f.Once {
		copy(tail[o.To:][:o.Bytes], rows[o.From:])
	}
	return tail
}

// Packable reports whether there is a format that packs a weight's.
func (e *env) Packable(p plan.Packable) (bool, error) { return e.packable(p, 0) }

func (e *env) packable(p plan.Packable, depth int) (bool, error) {
	w, ok := e.b.weights[p.Weight]
	switch {
	case !ok:
		return false, fmt.Errorf("%s is no weight", p.Weight)
	case depth > len(e.b.weights):
		return false, fmt.Errorf("weight %s is another name of itself", p.Weight)
	}
	tensor, err := e.tensorName(w)
	if err != nil {
		return false, err
	}
	t, ok := e.b.file.Tensor(tensor)
	switch {
	case ok && t.Format != nil && len(w.Shape) == 2:
		return e.b.packable(t, p)
	case ok || w.Else == nil:
		return false, nil
	}
	p.Weight = w.Else.Weight
	return e.packable(p, depth+1)
}

func (b *binder) packable(t *modelfile.Tensor, p plan.Packable) (bool, error) {
	switch {
	case t.Format.Packs != "" && p.Paired: // the file has it so
		return t.Format.Paired, nil
	case t.Format.Packs != "":
		return !t.Format.Paired && (!p.Uniform || t.Format.Uniform), nil
	case p.Paired:
		return b.packing.Paired(t.Format.Name, int(t.Dims[0])) != nil, nil
	case !p.Uniform:
		return b.packing.Of(t.Format.Name) != nil, nil
	}
	f, known := b.uniform[t.Name]
	if !known {
		rows, _, err := t.Data()
		if err != nil {
			return false, err
		}
		f = b.packing.Uniform(t.Format, rows)
		b.uniform[t.Name] = f
	}
	return f != nil, nil
}
