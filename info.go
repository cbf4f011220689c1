package trinity

import (
	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/modelfile"
)

// Info describes a model file. Strings are abridged.
type Info struct {
	Name         string     `json:"name,omitempty"`
	Architecture string     `json:"architecture"`
	Supported    bool       `json:"supported"` // there is a spec of the architecture
	Parameters   uint64     `json:"parameters"`
	Types        []TypeInfo `json:"types"` // in the order in which the file first has them
	Context      uint64     `json:"context,omitempty"`
	Vocabulary   int        `json:"vocabulary"` // tokens
	Tokenizer    string     `json:"tokenizer,omitempty"`
	ChatTemplate bool       `json:"chat_template"`
	License      string     `json:"license,omitempty"`
	Bytes        int        `json:"bytes"`
	Kind         string     `json:"kind"` // of file: GGUF, tri
	Version      uint32     `json:"version"`

	Metadata []KeyInfo    `json:"metadata"` // in the order of the file
	Tensors  []TensorInfo `json:"tensors"`
}

// TypeInfo says how many tensors and values have a type.
type TypeInfo struct {
	Type    string `json:"type"`
	Tensors int    `json:"tensors"`
	Values  uint64 `json:"values"`
}

// KeyInfo is a key of the metadata; its value as text.
type KeyInfo struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// TensorInfo is a tensor; Shape has the rows' width last.
type TensorInfo struct {
	Name  string   `json:"name"`
	Type  string   `json:"type"`
	Shape []uint64 `json:"shape"`
}

// Describe reads what a file says of itself; it need be none that can be run.
func Describe(path string) (*Info, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	keys := metadata{file}
	i := &Info{Kind: file.Kind, Version: file.Version, Bytes: file.Size(), ChatTemplate: keys.Has("tokenizer.chat_template")}
	i.Name, _ = keys.Text("general.name")
	i.License, _ = keys.Text("general.license")
	i.Architecture, _ = keys.Text("general.architecture")
	i.Supported = gen.Models[i.Architecture] != nil
	i.Context, _ = keys.Uint(i.Architecture + ".context_length")
	if v, ok := file.Value("tokenizer.ggml.tokens"); ok {
		i.Vocabulary = v.Len()
	}
	i.Tokenizer, _ = keys.Text("tokenizer.ggml.model")
	if pre, ok := keys.Text("tokenizer.ggml.pre"); ok {
		i.Tokenizer += ", " + pre
	}
	for _, k := range file.Keys() {
		v, _ := file.Value(k)
		i.Metadata = append(i.Metadata, KeyInfo{k, v.String()})
	}
	i.addTensors(file)
	return i, nil
}

func (i *Info) addTensors(file *modelfile.File) {
	at := map[string]int{}
	for k := range file.Tensors {
		t := &file.Tensors[k]
		name := "type " + t.Type
		if t.Format != nil {
			name = t.Format.Name
		}
		shape := make([]uint64, len(t.Dims))
		for d := range t.Dims {
			shape[len(shape)-1-d] = t.Dims[d]
		}
		i.Tensors = append(i.Tensors, TensorInfo{t.Name, name, shape})
		if _, ok := at[name]; !ok {
			at[name] = len(i.Types)
			i.Types = append(i.Types, TypeInfo{Type: name})
		}
		kind := &i.Types[at[name]]
		kind.Tensors++
		kind.Values += t.Values()
		i.Parameters += t.Values()
	}
}
