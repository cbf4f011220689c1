package bind

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// Bind binds model to a GGUF file, with exact activations. formats holds the formats that weights may have,
// by their GGUF id. Errors name the key or tensor, and the place of the spec that asks for it.
func Bind(model *plan.Model, formats map[int]plan.Format, file *gguf.File) (*Program, error) {
	return BindPacked(model, modelfile.OfGGUF(file, slices.Collect(maps.Values(formats))), Packing{})
}

// BindPacked binds model to file. Where packing is not zero, the model may quantize its activations: its steps may
// take weights in formats that pack the file's. Program.Pack must run before the steps do.
func BindPacked(model *plan.Model, file *modelfile.File, packing Packing) (*Program, error) {
	b := &binder{
		packing: packing, packed: map[packed]*weight{}, uniform: map[string]*plan.Format{}, same: map[string][]int{},
		model: model, file: file,
		out:     &Program{Model: model, file: file, Config: map[string]eval.Value{}, uses: map[string]Use{}},
		config:  map[string]*config{},
		weights: model.Weights(),
		read:    map[string]bool{},
		aligned: map[string][]byte{},
	}
	if err := b.bind(); err != nil {
		return nil, fmt.Errorf("model %s: %w", model.Name, err)
	}
	b.out.lifetimes()
	return b.out, nil
}

type binder struct {
	model   *plan.Model
	file    *modelfile.File
	out     *Program
	config  map[string]*config
	weights map[string]*plan.Weight // declared anywhere in the body
	read    map[string]bool         // tensors and keys
	aligned map[string][]byte       // copies of misaligned tensors
	visited int                     // nodes
	packing Packing
	packed  map[packed]*weight
	uniform map[string]*plan.Format // of tensors that were asked for it; nil: their blocks disagree, or there is none
	same    map[string][]int        // results of steps, by all that they depend on
}

func (b *binder) bind() error {
	if err := b.configure(); err != nil {
		return err
	}
	top := &scope{env: &env{b: b}}
	for _, r := range b.model.Require {
		ok, err := eval.Eval(r.Cond, top.env)
		if err != nil {
			return fmt.Errorf("%s: %w%s", r.Message, err, top.env.because(r.Cond))
		}
		if ok, err := ok.AsBool(); err != nil || !ok {
			return fmt.Errorf("%s%s", r.Message, top.env.because(r.Cond))
		}
	}
	if err := b.inputs(top); err != nil {
		return err
	}
	if err := b.walk(b.model.Body, top); err != nil {
		return err
	}
	if err := b.outputs(top); err != nil {
		return err
	}
	return b.unread()
}

// inputs declares the parameters of forward.
func (b *binder) inputs(s *scope) error {
	for i, in := range b.model.Inputs {
		kind, ok := inputKinds[in.Type+" "+in.Rows]
		if !ok {
			return fmt.Errorf("input %s: %s[%s] is not what a batch gives: i32[T], place[T], i32[R]", in.Name, in.Type, in.Rows)
		}
		limit := 0
		if in.Limit != nil {
			v, err := eval.Eval(in.Limit, s.env)
			if err == nil {
				limit, err = v.AsDim()
			}
			if err == nil && limit == 0 {
				err = fmt.Errorf("the model has no row for it")
			}
			if err != nil {
				return fmt.Errorf("input %s: %w", in.Name, err)
			}
		}
		b.out.Inputs = append(b.out.Inputs, Input{in.Name, kind, limit})
		s.define(in.Name, ref{kind: refInput, index: i})
	}
	return nil
}

var inputKinds = map[string]OperandKind{"i32 T": Tokens, "place T": Places, "i32 R": Outs}

// outputs finds the buffers that hold the results.
func (b *binder) outputs(s *scope) error {
	for _, o := range b.model.Outputs {
		r, ok := s.lookup(o.Value)
		if !ok || r.kind != refBuffer || b.out.Buffers[r.index].Elem != "f32" {
			return fmt.Errorf("output %s: %s is no buffer of f32 at the end", o.Name, o.Value)
		}
		b.out.Outputs = append(b.out.Outputs, Output{o.Name, r.index})
	}
	if len(b.out.Outputs) > MaxOutputs {
		return fmt.Errorf("%d outputs, at most %d can be told apart", len(b.out.Outputs), MaxOutputs)
	}
	return nil
}

// at appends the place of a spec to a message.
func at(where string) string {
	if where == "" {
		return ""
	}
	return " (" + where + ")"
}

// list gives up to five names for a message.
func list(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
