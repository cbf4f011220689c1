package trinity

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/gen/bytecode"
	"github.com/trinity-engine/trinity/internal/tales"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/reference"
)

// Engine is what computes a model's forward pass.
type Engine uint8

const (
	Native   Engine = iota // the generated kernels
	LoopInVM               // their bytecode, interpreted: the same bits, slower
	SpecInVM               // the exact programs, interpreted: the reference
)

// Options of Open; the zero value is fit for use.
type Options struct {
	Threads  int // 0: as many as GOMAXPROCS says
	Context  int // positions that a prompt and its answer may have together; 0: the model's, at most 2048
	Batch    int // tokens of a prompt that are computed at once; 0: 128
	Parallel int // texts that may be generated at once, others wait; each has its own cache. 0: 4
	Engine   Engine

	// Exact keeps activations in f32. Else they are int8, a scale for every 32, wherever they meet a weight
	// of a format that is made of codes: several times faster, and off by what int8 rounds.
	Exact bool

	// Fast gives up that all processors give the same bits, where this one has instructions that add in an order of their
	// own: weights of bf16 meet activations of bf16. On others it changes nothing. Not with Exact.
	Fast bool

	observer   exec.Observer // of every step
	everywhere bool          // Fast is not only for processors that gain by it
}

const (
	defaultContext  = 2048
	defaultBatch    = 128
	defaultParallel = 4
	mostOutputs     = 16 // rows of a batch that may reach the head at once
)

// Model is an open model. Its methods may be called from several goroutines: texts are generated side by
// side, a batch of one after a batch of another, and each is what it would be alone.
type Model struct {
	Vocabulary
	arch     string
	trained  int
	sampling recommended
	template conversation

	file   *modelfile.File
	logits struct {
		index int
		want  bind.Outputs
	}
	options  exec.Options
	sessions chan struct{} // one for each session in use
	turn     chan struct{} // held by whoever uses what follows
	engine   *exec.Engine
	idle     []*session // least recently used first
	closed   bool
}

// Open maps a model file, GGUF or .tri, and binds it to the spec of its architecture. The path "tales" is the model inside
// the package. What is wrong with a file is an error, which says where.
func Open(path string, o Options) (*Model, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	m, err := open(file, o)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

func (o Options) validate() error {
	for _, n := range []struct {
		name  string
		value int
	}{{"threads", o.Threads}, {"context", o.Context}, {"batch", o.Batch}, {"parallel", o.Parallel}} {
		if n.value < 0 {
			return fmt.Errorf("%s is %d: it must be 1 or more, or 0 for the default", n.name, n.value)
		}
	}
	if o.Exact && o.Fast {
		return errors.New("exact and fast are both asked for: one keeps every bit, the other gives them up")
	}
	return nil
}

func openFile(path string) (*modelfile.File, error) {
	if path == "tales" {
		return modelfile.Own(tales.GGUF, nil, gen.Formats)
	}
	return modelfile.Open(path, gen.Formats)
}

func open(file *modelfile.File, o Options) (*Model, error) {
	keys := metadata{file}
	arch, model, err := architecture(keys)
	if err != nil {
		return nil, err
	}
	vocabulary, err := newVocabulary(keys)
	if err != nil {
		return nil, err
	}
	var pack bind.Packing
	if !o.Exact {
		pack = packing()
		pack.Fast = o.Fast && (o.everywhere || o.gains())
	}
	if err := file.Check(o.Threads); err != nil {
		return nil, err
	}
	program, err := bind.BindPacked(model, file, pack)
	if err != nil {
		return nil, err
	}
	m := &Model{Vocabulary: *vocabulary, arch: arch, file: file, sampling: readSampling(keys), turn: make(chan struct{}, 1)}
	m.template.Template, m.template.err = readTemplate(keys, vocabulary)
	if n, ok := keys.Uint(arch + ".context_length"); ok && n < 1<<30 {
		m.trained = int(n)
	}
	i := slices.IndexFunc(program.Outputs, func(o bind.Output) bool { return o.Name == "logits" })
	if i < 0 {
		return nil, fmt.Errorf("architecture %q has no output named logits", arch)
	}
	m.logits.index, m.logits.want = i, 1<<i
	if m.options, err = m.engineOptions(o); err != nil {
		return nil, err
	}
	if m.engine, err = exec.New(program, m.options); err != nil {
		return nil, err
	}
	if err := m.makeSessions(); err != nil {
		m.engine.Close()
		return nil, err
	}
	return m, nil
}

// gains reports whether the processor has kernels that add in an order of their own.
func (o Options) gains() bool {
	name, _, err := Processor()
	if err != nil || o.Engine != Native {
		return false
	}
	for _, op := range gen.Ops {
		for i := range op.Kernels {
			if cpu.Kernel(&op.Kernels[i], name).Loop != op.Kernels[i].Loop {
				return true
			}
		}
	}
	return false
}

// packing is how weights are packed for activations of 8 bits.
func packing() bind.Packing { return bind.Packing{Op: gen.Host["pack"], Formats: gen.Formats} }

// architecture finds the plan of the file's models.
func architecture(keys metadata) (string, *plan.Model, error) {
	arch, ok := keys.Text("general.architecture")
	if !ok {
		return "", nil, fmt.Errorf("%w: the file lacks the key general.architecture", ErrUnknownArchitecture)
	}
	model := gen.Models[arch]
	if model == nil {
		return "", nil, fmt.Errorf("%w %.60q: this runs %s", ErrUnknownArchitecture, arch, strings.Join(slices.Sorted(maps.Keys(gen.Models)), ", "))
	}
	return arch, model, nil
}

// engineOptions fills in what is not said.
func (m *Model) engineOptions(o Options) (exec.Options, error) {
	e := exec.Options{Threads: o.Threads, Context: o.Context, Batch: o.Batch, Sequences: o.Parallel, Observer: o.observer}
	if e.Context == 0 {
		e.Context = defaultContext
		if m.trained > 0 {
			e.Context = min(m.trained, defaultContext)
		}
	}
	if e.Batch == 0 {
		e.Batch = defaultBatch
	}
	if e.Sequences == 0 {
		e.Sequences = defaultParallel
	}
	e.Batch = min(e.Batch, e.Context)
	e.Outputs = min(e.Batch, mostOutputs)
	switch o.Engine {
	case LoopInVM:
		e.Runner = reference.New(bytecode.Programs, reference.Loop)
	case SpecInVM:
		e.Runner = reference.New(bytecode.Programs, reference.Spec)
	default:
		name, _, err := Processor()
		if err != nil {
			return e, err
		}
		e.Runner = exec.Native{CPU: name}
	}
	return e, nil
}

// Close gives the file and the engine's memory back, once a batch that is under way is done. Texts that are
// still being generated end with ErrClosed. It may be called again.
func (m *Model) Close() error {
	m.turn <- struct{}{}
	defer func() { <-m.turn }()
	if m.closed {
		return nil
	}
	m.closed = true
	m.engine.Close()
	return m.file.Close()
}

// Architecture is the file's general.architecture.
func (m *Model) Architecture() string { return m.arch }

// Context is how many positions a prompt and its answer may have together.
func (m *Model) Context() int { return m.options.Context }

// TrainedContext is the context that the file says the model was trained for, 0 where it doesn't say.
func (m *Model) TrainedContext() int { return m.trained }

// Threads is how many threads compute.
func (m *Model) Threads() int { return m.engine.Threads() }
