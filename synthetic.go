package trinity

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/memory"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/synthetic"
)

// Synthetic is a model file of random weights in a real model's shape, for measuring speed.
type Synthetic struct {
	name, typ string
	file      *synthetic.File
}

// NewSynthetic plans the file of a name SHAPE:TYPE: "smol135:q4_1", "bitnet2b:tq2_0". Its vocabulary is copied from
// a model file, which may be tales, or made up where that is "". The same names give the same file.
func NewSynthetic(name, vocabulary string) (*Synthetic, error) {
	shape, typ, err := synthetic.Find(name)
	if err != nil {
		return nil, err
	}
	var words synthetic.Metadata
	if vocabulary != "" {
		file, err := openFile(vocabulary)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		words = file
	}
	file, err := synthetic.New(shape, typ, synthetic.Specs{Models: gen.Models, Formats: gen.Formats, Decode: gen.Host["rows"]}, words)
	if err != nil {
		return nil, err
	}
	return &Synthetic{name, typ, file}, nil
}

// packed reports whether weights are packed when the file is opened.
func (s *Synthetic) packed(o Options) bool {
	return !o.Exact && slices.ContainsFunc(gen.Formats, func(f plan.Format) bool {
		return strings.EqualFold(f.Packs, s.typ) && (!f.Paired || o.Fast)
	})
}

// Size is the bytes of the file.
func (s *Synthetic) Size() int { return s.file.Size() }

// WriteTo writes the file; in memory is a tensor at a time.
func (s *Synthetic) WriteTo(w io.Writer) (int64, error) { return s.file.WriteTo(w) }

// Open makes the file in memory and opens it. One that does not fit is an error.
func (s *Synthetic) Open(o Options) (*Model, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	need := s.Size()
	if s.packed(o) {
		need *= 2 // the packed form is about as large
	}
	if free, ok := memory.Available(); ok && need > free {
		return nil, fmt.Errorf("%s: it takes %.1f GB of memory, and %.1f GB are free: take a smaller shape or type", s.name, float64(need)/1e9, float64(free)/1e9)
	}
	region, err := memory.Reserve(s.Size(), s.Size())
	if err != nil {
		return nil, err
	}
	var file *modelfile.File
	if err = s.file.Fill(region.Bytes, o.Threads); err == nil {
		file, err = modelfile.Own(region.Bytes, region.Release, gen.Formats)
	}
	if err != nil {
		_ = region.Release()
		return nil, err
	}
	m, err := open(file, o)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	return m, nil
}
