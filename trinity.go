package trinity

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/gen/bytecode"
	"github.com/trinity-engine/trinity/internal/tales"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/reference"
	"github.com/trinity-engine/trinity/runtime/tokenizer"
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
	Threads int // 0: GOMAXPROCS
	Context int // positions, prompt and answer together; 0: the model's, at most 2048
	Batch   int // rows computed at once; 0: 64
	Engine  Engine

	observer exec.Observer // of every step
}

// outputs is how many rows of a batch may reach the head at once.
const outputs = 16

// Model is an open model. Its methods may be called from several goroutines; what needs the engine
// waits for its turn.
type Model struct {
	Vocabulary
	file   *gguf.File
	arch   string
	engine *exec.Engine
	turn   chan struct{}
	output struct {
		index int
		want  bind.Outputs
	}
}

// Open maps a GGUF file and binds it to its architecture. The path "tales" is the model inside the
// package. Errors say what is wrong with the file.
func Open(path string, o Options) (*Model, error) {
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

func openFile(path string) (*gguf.File, error) {
	if path == "tales" {
		return gguf.Parse(tales.GGUF)
	}
	return gguf.Open(path)
}

func open(file *gguf.File, o Options) (*Model, error) {
	keys := metadata{file}
	arch, ok := keys.Text("general.architecture")
	if !ok {
		return nil, fmt.Errorf("the file lacks the key general.architecture")
	}
	model := gen.Models[arch]
	if model == nil {
		return nil, fmt.Errorf("architecture %q is unknown: there are %s", arch, strings.Join(slices.Sorted(maps.Keys(gen.Models)), ", "))
	}
	tokens, err := tokenizer.New(keys)
	if err != nil {
		return nil, err
	}
	formats := map[int]plan.Format{}
	for _, f := range gen.Formats {
		formats[f.GGUF] = f
	}
	program, err := bind.Bind(model, formats, file)
	if err != nil {
		return nil, err
	}
	opt := exec.Options{Threads: o.Threads, Context: o.Context, Batch: o.Batch, Observer: o.observer}
	if opt.Batch == 0 {
		opt.Batch = 64
	}
	opt.Outputs = min(opt.Batch, outputs)
	if opt.Context == 0 {
		opt.Context = 2048
		if n, ok := keys.Uint(arch + ".context_length"); ok && n > 0 && n < 2048 {
			opt.Context = int(n)
		}
	}
	switch o.Engine {
	case LoopInVM:
		opt.Runner = reference.New(bytecode.Programs, reference.Loop)
	case SpecInVM:
		opt.Runner = reference.New(bytecode.Programs, reference.Spec)
	}
	engine, err := exec.New(program, opt)
	if err != nil {
		return nil, err
	}
	m := &Model{Vocabulary: Vocabulary{tokens}, file: file, arch: arch, engine: engine, turn: make(chan struct{}, 1)}
	for i, out := range program.Outputs {
		if out.Name == "logits" {
			m.output.index, m.output.want = i, 1<<i
			return m, nil
		}
	}
	engine.Close()
	return nil, fmt.Errorf("architecture %q has no output named logits", arch)
}

// Close lets go of the file and of the engine's memory.
func (m *Model) Close() error {
	m.turn <- struct{}{}
	m.engine.Close()
	return m.file.Close()
}

// Architecture is the file's general.architecture.
func (m *Model) Architecture() string { return m.arch }

// Context is how many positions a conversation may have.
func (m *Model) Context() int { return m.engine.Context() }
