package trinity

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/tri"
	"github.com/trinity-engine/trinity/runtime/workers"
)

// ConvertOptions of Convert; the zero value is fit for use.
type ConvertOptions struct {
	Threads int  // 0: as many as GOMAXPROCS says
	Force   bool // overwrite a file that is there

	// Type is that of the matrices in layers, Head of the embedding and of the head, as in "q8_0"; "": each keeps its
	// own. Values are rounded to another type as its format's encode says.
	Type, Head string

	// Dense chooses the smallest form that keeps a matrix's values, as five trits a byte: less to read, more to open.
	Dense bool

	// Progress is told, after each tensor, how many are done; may be nil.
	Progress func(done, total int)
}

// Converted is what Convert wrote.
type Converted struct {
	Tensors int
	Packed  int   // tensors whose rows lie side by side
	In, Out int64 // bytes of the files
}

// Convert makes a .tri file of a GGUF file: its weights in the forms in which activations of 8 bits meet them, so that
// it is used as it lies. In memory is one tensor at a time. The file appears under its name when it is whole.
func Convert(ctx context.Context, in, out string, o ConvertOptions) (*Converted, error) {
	file, err := openFile(in)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if file.Kind == modelfile.Tri {
		return nil, fmt.Errorf("%s is a .tri file already: give the GGUF file that it was made of", in)
	}
	if there, err := os.Stat(out); err == nil {
		if from, err := os.Stat(in); err == nil && os.SameFile(from, there) {
			return nil, fmt.Errorf("%s is both: give another name for the .tri file", in)
		}
		if !o.Force {
			return nil, fmt.Errorf("%s: %w", out, os.ErrExist)
		}
	}
	c := &conversion{file: file, pack: packing(), options: o, pool: workers.New(o.Threads)}
	defer c.pool.Close()
	if c.variant, _, err = Processor(); err != nil {
		return nil, err
	}
	if err := c.plan(); err != nil {
		return nil, fmt.Errorf("%s: %w", in, err)
	}
	if err := replace(out, func(w io.WriteSeeker) error { return c.write(ctx, w) }); err != nil {
		return nil, err
	}
	return c.result(out)
}

// conversion is a file that is being made of another.
type conversion struct {
	file    *modelfile.File
	pack    bind.Packing
	options ConvertOptions
	pool    *workers.Pool
	variant string // of the kernels
	parts   []converting
}

// converting is a tensor, and the form in which it is written.
type converting struct {
	*modelfile.Tensor
	rows, tail []byte
	typ        *plan.Format // its own, or what it is rounded to
	packed     *plan.Format // that packs typ; nil: it is written as it is
}

func (c *converting) width() int  { return int(c.Dims[0]) }
func (c *converting) height() int { return int(c.Values() / c.Dims[0]) }

// plan finds the forms, by what the model's steps take. Nothing is packed for it.
func (c *conversion) plan() error {
	_, model, err := architecture(metadata{c.file})
	if err != nil {
		return err
	}
	program, err := bind.BindPacked(model, c.file.Planned(func(t *modelfile.Tensor) *plan.Format { return t.Format }), c.pack)
	if err != nil {
		return err
	}
	types, err := c.types(program)
	if err != nil {
		return err
	}
	if program, err = bind.BindPacked(model, c.file.Planned(func(t *modelfile.Tensor) *plan.Format { return types[t.Name] }), c.pack); err != nil {
		return err
	}
	for i := range c.file.Tensors {
		p := converting{Tensor: &c.file.Tensors[i]}
		if p.Format == nil {
			continue // one that the model ignores, of a type that is not known
		}
		if p.rows, p.tail, err = p.Data(); err != nil {
			return err
		}
		p.typ = types[p.Name]
		if program.Uses(p.Name).Packs() {
			if err := c.choose(&p); err != nil {
				return err
			}
		}
		c.parts = append(c.parts, p)
	}
	return nil
}

// choose finds the format that packs a tensor: a uniform one where its blocks, as they will be, agree.
func (c *conversion) choose(p *converting) (err error) {
	p.packed = c.pack.Of(p.typ.Name)
	if !c.pack.HasUniform(p.typ.Name) {
		return nil
	}
	rows := p.rows
	if p.typ != p.Format {
		if rows, err = c.round(p); err != nil {
			return err
		}
	}
	if f := c.pack.Uniform(p.typ, rows); f != nil {
		p.packed = f
		if c.options.Dense {
			if p.packed, err = c.densest(p, rows); err != nil {
				return err
			}
		}
		if len(f.Once) > 0 {
			p.tail = bind.Tail(p.packed, rows)
		}
	}
	return nil
}

func (c *conversion) write(ctx context.Context, out io.WriteSeeker) error {
	var keys gguf.Head
	for _, k := range c.file.Keys() {
		v, _ := c.file.Value(k)
		keys.Set(k, v)
	}
	tensors := make([]tri.Tensor, len(c.parts))
	for i, p := range c.parts {
		f := cmp.Or(p.packed, p.typ)
		tensors[i] = tri.Tensor{Name: p.Name, Dims: p.Dims, Format: f.Name, Digest: f.Digest}
		if f.Tail > 0 {
			tensors[i].Tail = p.tail
		}
	}
	w, err := tri.NewWriter(out, keys.Bytes(), tensors)
	if err != nil {
		return err
	}
	for i := range c.parts {
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		rows, err := c.rows(&c.parts[i])
		if err != nil {
			return err
		}
		if err := w.Write(rows); err != nil {
			return err
		}
		if c.options.Progress != nil {
			c.options.Progress(i+1, len(c.parts))
		}
	}
	return w.Close()
}

// rows gives a tensor's data as it is to be written.
func (c *conversion) rows(p *converting) (rows []byte, err error) {
	rows = p.rows
	if p.typ != p.Format {
		if rows, err = c.round(p); err != nil {
			return nil, err
		}
	}
	if p.packed == nil {
		return rows, nil
	}
	r, err := c.repack(p, p.packed, rows)
	if err != nil {
		return nil, err
	}
	return r.Rows, nil
}

// repack packs rows of a tensor, in its type, in a format.
func (c *conversion) repack(p *converting, to *plan.Format, rows []byte) (*bind.Repack, error) {
	r, err := c.pack.Repack(p.Name, p.typ, to, rows, p.tail, p.height(), p.width())
	if err != nil {
		return nil, err
	}
	if err := exec.Repack(c.pool, r, c.variant); err != nil {
		return nil, fmt.Errorf("tensor %q: %w", p.Name, err)
	}
	return r, nil
}

func (c *conversion) result(out string) (*Converted, error) {
	info, err := os.Stat(out)
	if err != nil {
		return nil, err
	}
	r := &Converted{Tensors: len(c.parts), In: int64(c.file.Size()), Out: info.Size()}
	for _, p := range c.parts {
		if p.packed != nil {
			r.Packed++
		}
	}
	return r, nil
}
