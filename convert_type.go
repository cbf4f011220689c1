package trinity

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// types finds what each tensor is rounded to: its own type, or, where steps take it in any, the one that was asked for.
func (c *conversion) types(program *bind.Program) (map[string]*plan.Format, error) {
	layered, err := encodable(c.options.Type)
	if err != nil {
		return nil, err
	}
	outside, err := encodable(c.options.Head)
	if err != nil {
		return nil, err
	}
	types := map[string]*plan.Format{}
	for i := range c.file.Tensors {
		t := &c.file.Tensors[i]
		types[t.Name] = t.Format
		use, to := program.Uses(t.Name), outside
		if use&bind.Layered != 0 {
			to = layered
		}
		if to == nil || use == 0 || use&bind.Asked != 0 || len(t.Dims) < 2 {
			continue
		}
		if t.Dims[0]%uint64(to.Block) != 0 {
			return nil, fmt.Errorf("tensor %q: width %d is no multiple of the %d values of a block of %s: give another type", t.Name, t.Dims[0], to.Block, to.Name)
		}
		if t.Format.Name != to.Name {
			types[t.Name] = to
		}
	}
	return types, nil
}

// encodable finds a format that values can be rounded to; nil for "".
func encodable(name string) (*plan.Format, error) {
	if name == "" {
		return nil, nil
	}
	var names []string
	for _, k := range gen.Host["encode"].Kernels {
		names = append(names, k.Formats[0])
	}
	i := slices.IndexFunc(gen.Formats, func(f plan.Format) bool { return strings.EqualFold(f.Name, name) })
	if i < 0 || !slices.Contains(names, gen.Formats[i].Name) {
		return nil, fmt.Errorf("%q is no type that weights can be rounded to: there are %s", name, strings.Join(names, " "))
	}
	return &gen.Formats[i], nil
}

// rounding is a tensor whose rows workers decode and encode.
type rounding struct {
	*converting
	decode, encode *plan.Kernel
	out            []byte
}

// round gives a tensor's rows in another type.
func (c *conversion) round(p *converting) ([]byte, error) {
	decode, encode := kernelOf("rows", p.Format.Name), kernelOf("encode", p.typ.Name)
	if decode == nil || encode == nil {
		return nil, fmt.Errorf("tensor %q: no kernels turn %s into %s", p.Name, p.Format.Name, p.typ.Name)
	}
	r := &rounding{converting: p, decode: cpu.Kernel(decode, c.variant), encode: cpu.Kernel(encode, c.variant)}
	r.out = make([]byte, p.typ.Size(r.height(), r.width()))
	return r.out, c.pool.Do(r.height(), 1, r)
}

// kernelOf finds a kernel of an op by its one format.
func kernelOf(host, format string) *plan.Kernel {
	kernels := gen.Host[host].Kernels
	i := slices.IndexFunc(kernels, func(k plan.Kernel) bool { return k.Formats[0] == format })
	if i < 0 {
		return nil
	}
	return &kernels[i]
}

// Run rounds some of the rows, one by one.
func (r *rounding) Run(_, lo, hi int) error {
	width, size := r.width(), r.typ.Size(1, r.width())
	id, values, row := make([]int32, 1), make([]float32, width), make([]byte, size)
	read := plan.Call{Buf: []plan.Buf{plan.Of(r.rows)}, Dim: []int{r.height(), width, 1}}
	if r.Format.Tail > 0 {
		read.Buf = append(read.Buf, plan.Of(r.tail))
	}
	read.Buf = append(read.Buf, plan.Of(id), plan.Of(values))
	write := plan.Call{Buf: []plan.Buf{plan.Of(values), plan.Of(row)}, Dim: []int{1, width}}
	lines := make([][64]byte, max(r.decode.Scratch(&read), r.encode.Scratch(&write))/64+1)
	scratch := plan.View[byte](plan.Of(lines))
	for i := lo; i < hi; i++ {
		id[0] = int32(i)
		r.decode.Run(&read, 0, 1, scratch)
		r.encode.Run(&write, 0, 1, scratch)
		copy(r.out[i*size:], row)
	}
	return nil
}
