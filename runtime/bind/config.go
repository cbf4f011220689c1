package bind

import (
	"fmt"
	"math"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// maxArray is how many elements an array per layer may have.
const maxArray = 1 << 12

// config is a config value, evaluated when it is first asked for.
type config struct {
	*plan.Config
	state  uint8 // of the evaluation
	values []eval.Value
}

const (
	untouched = iota
	evaluating
	done
)

// configure evaluates all config values.
func (b *binder) configure() error {
	for i := range b.model.Config {
		c := &b.model.Config[i]
		b.config[c.Name] = &config{Config: c}
	}
	for i := range b.model.Config {
		c := b.config[b.model.Config[i].Name]
		if err := b.evaluate(c); err != nil {
			return err
		}
		if c.Array == nil {
			b.out.Config[c.Name] = c.values[0]
		}
	}
	return nil
}

// evaluate computes c, and before it what it depends on.
func (b *binder) evaluate(c *config) error {
	switch c.state {
	case done:
		return nil
	case evaluating:
		return fmt.Errorf("config %s depends on itself%s", c.Name, at(c.Where))
	}
	c.state = evaluating
	n := 1
	if c.Array != nil {
		v, err := eval.Eval(c.Array, &env{b: b})
		if err == nil {
			n, err = v.AsDim()
		}
		if err == nil && n > maxArray {
			err = fmt.Errorf("%d elements, at most %d are possible", n, maxArray)
		}
		if err != nil {
			return fmt.Errorf("config %s%s: %w%s", c.Name, at(c.Where), err, (&env{b: b}).because(c.Array))
		}
	}
	v, inFile := b.file.Value(c.Key)
	var err error
	switch inFile = inFile && c.Key != ""; {
	case inFile:
		b.read[c.Key] = true
		c.values, err = c.fromFile(v, n)
		if err != nil {
			err = fmt.Errorf("key %q: %w%s", c.Key, err, at(c.Where))
		}
	case c.Default == nil:
		err = fmt.Errorf("key %q is missing%s", c.Key, at(c.Where))
	default:
		c.values, err = b.fromDefault(c, n)
		if err != nil {
			err = fmt.Errorf("config %s%s: %w%s", c.Name, at(c.Where), err, (&env{b: b}).because(c.Default))
		}
	}
	c.state = done
	return err
}

func (b *binder) fromDefault(c *config, n int) ([]eval.Value, error) {
	values := make([]eval.Value, n)
	for i := range values {
		e := &env{b: b}
		if c.Array != nil {
			e = &env{b: b, name: "i", value: int64(i)}
		}
		v, err := eval.Eval(c.Default, e)
		if err == nil {
			v, err = typed(c.Type, v)
		}
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, nil
}

// fromFile reads n values: an array of n, or one that fills them all.
func (c *config) fromFile(v gguf.Value, n int) ([]eval.Value, error) {
	if v.Kind() == gguf.Array {
		switch {
		case c.Array == nil:
			return nil, fmt.Errorf("is an array of %d, but one value is asked for", v.Len())
		case v.Len() != n:
			return nil, fmt.Errorf("is an array of %d, but %d values are asked for", v.Len(), n)
		}
	}
	values := make([]eval.Value, 0, n)
	for _, e := range v.Elements() {
		x, err := typed(c.Type, scalar(e))
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", len(values), err)
		}
		values = append(values, x)
	}
	if v.Kind() != gguf.Array {
		x, err := typed(c.Type, scalar(v))
		if err != nil {
			return nil, err
		}
		for range n {
			values = append(values, x)
		}
	}
	return values, nil
}

func scalar(v gguf.Value) eval.Value {
	if i, ok := v.Int(); ok {
		return eval.OfInt(i)
	}
	if f, ok := v.Float(); ok {
		return eval.OfFloat(f)
	}
	if b, ok := v.Bool(); ok {
		return eval.OfBool(b)
	}
	if s, ok := v.Text(); ok {
		return eval.OfText(s)
	}
	return eval.Value{}
}

// typed makes v a value of a config type.
func typed(typ string, v eval.Value) (eval.Value, error) {
	var err error
	ok := true
	switch typ {
	case "dim":
		_, err = v.AsDim()
	case "f32":
		var f float32
		f, err = v.AsF32()
		if x := float64(f); err == nil && (math.IsNaN(x) || math.IsInf(x, 0)) {
			err = fmt.Errorf("%v is no finite f32", v)
		}
		v = eval.OfFloat(float64(f))
	case "bool":
		ok = v.Kind == eval.Bool
	case "text":
		ok = v.Kind == eval.Text
	default:
		return v, fmt.Errorf("%s is no type of config", typ)
	}
	if !ok {
		err = fmt.Errorf("%v is %v where %s is asked for", v, v.Kind, typ)
	}
	return v, err
}
