package synthetic

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

// Shape is the size of a model.
type Shape struct {
	Name       string
	Arch       string                 // general.architecture
	Tied       bool                   // the head is the embedding
	Vocabulary int                    // tokens
	Keys       map[string]json.Number // of the metadata, less the architecture's name and a dot
}

// typed says how weights of a type are made.
type typed struct {
	Head    string // the type of embedding and head; "": the type itself
	Ternary bool   // weights are -s, 0 or s, s the same in the whole tensor
}

//go:embed table.json
var tableJSON []byte

var table = func() (t struct {
	Shapes []Shape
	Types  map[string]typed
}) {
	d := json.NewDecoder(bytes.NewReader(tableJSON))
	d.DisallowUnknownFields()
	if err := d.Decode(&t); err != nil {
		panic(err) // the file is part of the program
	}
	return t
}()

// Find gives the shape and the type that a name such as "bitnet2b:tq2_0" is made of.
func Find(name string) (*Shape, string, error) {
	var names []string
	shape, typ, ok := strings.Cut(name, ":")
	for i := range table.Shapes {
		s := &table.Shapes[i]
		if s.Name == shape && ok {
			return s, typ, nil
		}
		names = append(names, s.Name)
	}
	return nil, "", fmt.Errorf("synthetic: %q is no SHAPE:TYPE: shapes are %s, a type is that of weights, as in %s:q8_0", name, strings.Join(names, ", "), names[0])
}

// keys gives the names of the shape's keys in order.
func (s *Shape) keys() []string { return slices.Sorted(maps.Keys(s.Keys)) }

// key is a key of the metadata without the architecture's name.
func (s *Shape) key(key string) (json.Number, bool) {
	rest, ok := strings.CutPrefix(key, s.Arch+".")
	n, known := s.Keys[rest]
	return n, ok && known
}

// number reads an integer, or a float, which is written with a point or an exponent.
func number(n json.Number) (eval.Value, gguf.Value) {
	if i, err := n.Int64(); err == nil {
		return eval.OfInt(i), gguf.OfUint32(uint32(i))
	}
	f, _ := n.Float64()
	return eval.OfFloat(f), gguf.OfFloat32(float32(f))
}
