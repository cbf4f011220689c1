package synthetic

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"

	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/workers"
)

// Specs are what a file is made by.
type Specs struct {
	Models  map[string]*plan.Model // by general.architecture
	Formats []plan.Format          // those of files are used
	Decode  *plan.Op               // rows of a weight: W [V, D], i32 [T] to f32 [T, D]
}

// File is a GGUF file that can be made, always the same.
type File struct {
	head    []byte
	tensors []tensor
	size    int
}

// New plans the file of a shape with weights of a type. Its vocabulary is made up, or that of a file.
func New(shape *Shape, typ string, specs Specs, vocabulary Metadata) (*File, error) {
	model := specs.Models[shape.Arch]
	if model == nil {
		return nil, fmt.Errorf("synthetic: there is no spec of architecture %q", shape.Arch)
	}
	l := &lister{env: newEnv(model, shape)}
	if err := l.sources(typ, specs); err != nil {
		return nil, err
	}
	if err := l.walk(model.Body); err != nil {
		return nil, err
	}
	head := &gguf.Head{}
	head.Set("general.architecture", gguf.OfText(shape.Arch))
	head.Set("general.name", gguf.OfText(shape.Name+":"+typ))
	for _, key := range shape.keys() {
		_, v := number(shape.Keys[key])
		head.Set(shape.Arch+"."+key, v)
	}
	head.Set(shape.Arch+".vocab_size", gguf.OfUint32(uint32(shape.Vocabulary)))
	if vocabulary == nil {
		makeVocabulary(head, shape.Vocabulary)
	} else if err := copyVocabulary(head, vocabulary, shape.Vocabulary); err != nil {
		return nil, err
	}
	f := &File{tensors: l.out}
	for i := range f.tensors {
		t := &f.tensors[i]
		var dims []uint64
		for k := len(t.shape) - 1; k >= 0; k-- {
			dims = append(dims, uint64(t.shape[k]))
		}
		t.offset = int(head.Add(t.name, dims, uint32(t.source.format.GGUF), t.size))
	}
	f.head = head.Bytes()
	f.size = len(f.head) + head.Size()
	return f, nil
}

// sources finds the formats: of weights in layers, of embedding and head, and of vectors.
func (l *lister) sources(typ string, specs Specs) (err error) {
	how := table.Types[typ]
	if l.block, err = specs.source(typ, how.Ternary); err != nil {
		return err
	}
	l.outside = l.block
	if how.Head != "" {
		if l.outside, err = specs.source(how.Head, false); err != nil {
			return err
		}
	}
	if l.plain, err = specs.source("f32", false); err == nil {
		l.plain.around = 1
	}
	return err
}

func (s *Specs) source(name string, ternary bool) (*source, error) {
	var known []string
	for i := range s.Formats {
		f := &s.Formats[i]
		if f.GGUF < 0 {
			continue
		}
		if strings.EqualFold(f.Name, name) {
			return newSource(f, s.Decode, ternary)
		}
		known = append(known, f.Name)
	}
	return nil, fmt.Errorf("synthetic: %q is no type of weights: there are %s", name, strings.Join(known, " "))
}

// Size gives the file's bytes.
func (f *File) Size() int { return f.size }

// Fill writes the file into Size bytes of memory, zero before, with n threads; 0: as many as GOMAXPROCS.
func (f *File) Fill(memory []byte, n int) error {
	pool := workers.New(n)
	defer pool.Close()
	copy(memory, f.head)
	for i := range f.tensors {
		t := &f.tensors[i]
		if err := f.fill(pool, i, memory[len(f.head)+t.offset:][:t.size]); err != nil {
			return err
		}
	}
	return nil
}

// WriteTo writes the file, a tensor at a time.
func (f *File) WriteTo(w io.Writer) (int64, error) {
	pool := workers.New(0)
	defer pool.Close()
	n, err := w.Write(f.head)
	written := int64(n)
	for i := 0; i < len(f.tensors) && err == nil; i++ {
		t := &f.tensors[i]
		gap := len(f.head) + t.offset - int(written)
		data := make([]byte, gap+t.size)
		if err = f.fill(pool, i, data[gap:]); err == nil {
			n, err = w.Write(data)
			written += int64(n)
		}
	}
	return written, err
}

// fill makes tensor i.
func (f *File) fill(pool *workers.Pool, i int, data []byte) error {
	t := &f.tensors[i]
	t.source.tail(data[t.source.format.Size(t.rows(), t.width()):], t.width())
	return pool.Do(t.rows(), 1, &filling{t, uint64(i), data})
}

// filling is a tensor that workers fill, row by row: each is random by its own seed.
type filling struct {
	*tensor
	seed uint64
	data []byte
}

func (f *filling) Run(_, lo, hi int) error {
	bytes := f.source.format.Size(1, f.width())
	for row := lo; row < hi; row++ {
		f.source.row(f.data[row*bytes:][:bytes], f.width(), rand.New(rand.NewPCG(f.seed, uint64(row))))
	}
	return nil
}
