package golang

import (
	"fmt"
	"math"
	"reflect"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Literals writes values of package plan as composite literals: fields in their order, zero
// ones left out.
type Literals struct {
	// Functions gives the functions of a kernel, by Kernel.Name.
	Functions map[string]Functions
	// Ref gives the expression for a pointer that names something declared elsewhere
	// (an op), or nil for one that is written out.
	Ref func(any) *jen.Statement
}

// lineWidth is how long a literal on one line may be.
const lineWidth = 100

var paramKinds = map[plan.ParamKind]string{
	plan.ParamTensor: "ParamTensor", plan.ParamWeight: "ParamWeight", plan.ParamPlace: "ParamPlace",
	plan.ParamState: "ParamState", plan.ParamDim: "ParamDim", plan.ParamF32: "ParamF32",
}

// literal is code and about how many columns it takes on one line.
type literal struct {
	code  *jen.Statement
	width int
}

// Value gives the literal of v, with its type.
func (p *Package) Value(v any, l Literals) (*jen.Statement, error) {
	w, err := p.literal(reflect.ValueOf(v), l, true)
	return w.code, err
}

// literal writes v; typed says whether the context does not give its type.
func (p *Package) literal(v reflect.Value, l Literals, typed bool) (literal, error) {
	t := v.Type()
	if k, ok := v.Interface().(plan.ParamKind); ok {
		if name, ok := paramKinds[k]; ok {
			return literal{jen.Qual(p.plan(), name), len(name) + 5}, nil
		}
	}
	switch v.Kind() {
	case reflect.String:
		return p.convert(t, jen.Lit(v.String()), len(v.String())+2, typed), nil
	case reflect.Bool:
		return p.convert(t, jen.Lit(v.Bool()), 5, typed), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		s := strconv.FormatInt(v.Int(), 10)
		return p.convert(t, jen.Id(s), len(s), typed && t != reflect.TypeFor[int]()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		s := strconv.FormatUint(v.Uint(), 10)
		return p.convert(t, jen.Id(s), len(s), typed), nil
	case reflect.Float32, reflect.Float64:
		return p.float(t, v.Float(), typed), nil
	case reflect.Interface:
		if v.IsNil() {
			return literal{jen.Nil(), 3}, nil
		}
		return p.literal(v.Elem(), l, true)
	case reflect.Pointer:
		return p.pointer(v, l)
	case reflect.Slice:
		return p.slice(v, l, typed)
	case reflect.Struct:
		return p.structure(v, l, typed)
	}
	return literal{}, fmt.Errorf("golang: a %s has no literal", t)
}

func (p *Package) typeName(t reflect.Type) (*jen.Statement, int) {
	switch {
	case t.Kind() == reflect.Slice:
		s, n := p.typeName(t.Elem())
		return jen.Index().Add(s), n + 2
	case t.Kind() == reflect.Pointer:
		s, n := p.typeName(t.Elem())
		return jen.Op("*").Add(s), n + 1
	case t.PkgPath() == "":
		return jen.Id(t.Name()), len(t.Name())
	case t.PkgPath() == reflect.TypeFor[plan.Op]().PkgPath():
		return jen.Qual(p.plan(), t.Name()), len(t.Name()) + 5
	}
	return jen.Qual(t.PkgPath(), t.Name()), len(t.Name()) + 8
}

func (p *Package) convert(t reflect.Type, code *jen.Statement, width int, typed bool) literal {
	if !typed || t.PkgPath() == "" && (t.Kind() == reflect.String || t.Kind() == reflect.Bool) {
		return literal{code, width}
	}
	name, n := p.typeName(t)
	return literal{name.Call(code), width + n + 2}
}

func (p *Package) float(t reflect.Type, f float64, typed bool) literal {
	bits := 64
	if t.Kind() == reflect.Float32 {
		bits = 32
	}
	if math.IsNaN(f) || math.IsInf(f, 0) || f == 0 && math.Signbit(f) {
		sign := "1"
		if f <= 0 {
			sign = "-1"
		}
		code := jen.Qual("math", "Inf").Call(jen.Id(sign))
		switch {
		case math.IsNaN(f):
			code = jen.Qual("math", "NaN").Call()
		case f == 0:
			code = jen.Qual("math", "Copysign").Call(jen.Id("0"), jen.Id("-1"))
		}
		return p.convert(t, code, 20, typed || t != reflect.TypeFor[float64]())
	}
	s := strconv.FormatFloat(f, 'g', -1, bits)
	return p.convert(t, jen.Id(s), len(s), typed)
}

func (p *Package) pointer(v reflect.Value, l Literals) (literal, error) {
	if v.IsNil() {
		return literal{jen.Nil(), 3}, nil
	}
	if l.Ref != nil {
		if code := l.Ref(v.Interface()); code != nil {
			return literal{code, 20}, nil
		}
	}
	e, err := p.literal(v.Elem(), l, true)
	return literal{jen.Op("&").Add(e.code), e.width + 1}, err
}

func (p *Package) slice(v reflect.Value, l Literals, typed bool) (literal, error) {
	var items []literal
	for i := range v.Len() {
		item, err := p.literal(v.Index(i), l, false)
		if err != nil {
			return literal{}, err
		}
		items = append(items, item)
	}
	head, width := jen.Empty(), 0
	if typed {
		head, width = p.typeName(v.Type())
	}
	return values(head, width, items, v.Type().Elem().Kind() == reflect.Struct), nil
}

func (p *Package) structure(v reflect.Value, l Literals, typed bool) (literal, error) {
	t := v.Type()
	var items []literal
	field := func(name string, value literal) {
		items = append(items, literal{jen.Id(name).Op(":").Add(value.code), value.width + len(name) + 2})
	}
	for i := range t.NumField() {
		f := v.Field(i)
		if f.Kind() == reflect.Func {
			if fn, ok := l.function(v, t.Field(i).Name); ok {
				field(t.Field(i).Name, literal{jen.Id(fn), len(fn)})
			}
			continue
		}
		if fn, ok := l.variants(v, t.Field(i).Name); ok {
			field(t.Field(i).Name, literal{jen.Id(fn), len(fn)})
			continue
		}
		negativeZero := (f.Kind() == reflect.Float32 || f.Kind() == reflect.Float64) && math.Signbit(f.Float())
		if f.IsZero() && !negativeZero {
			continue
		}
		value, err := p.literal(f, l, f.Kind() == reflect.Slice || f.Kind() == reflect.Struct)
		if err != nil {
			return literal{}, fmt.Errorf("%w (field %s of %s)", err, t.Field(i).Name, t)
		}
		field(t.Field(i).Name, value)
	}
	head, width := jen.Empty(), 0
	if typed {
		head, width = p.typeName(t)
	}
	return values(head, width, items, false), nil
}

// function names the function that field of a plan.Kernel holds.
func (l Literals) function(kernel reflect.Value, field string) (string, bool) {
	k, ok := kernel.Interface().(plan.Kernel)
	if !ok {
		return "", false
	}
	fn, ok := l.Functions[k.Name]
	if !ok {
		return "", false
	}
	switch field {
	case "Run":
		return fn.Run, true
	case "Work":
		return fn.Work, true
	case "Scratch":
		return fn.Scratch, true
	}
	return "", false
}

// variants names the list that holds a plan.Kernel's variants.
func (l Literals) variants(kernel reflect.Value, field string) (string, bool) {
	k, ok := kernel.Interface().(plan.Kernel)
	if !ok || field != "Variants" || l.Functions[k.Name].Variants == "" {
		return "", false
	}
	return l.Functions[k.Name].Variants, true
}

// values is head{items}, on one line where it fits and is not a list of structs.
func values(head *jen.Statement, width int, items []literal, rows bool) literal {
	for _, i := range items {
		width += i.width + 2
	}
	flat := width <= lineWidth && !(rows && len(items) > 1)
	code := head.ValuesFunc(func(g *jen.Group) {
		for _, i := range items {
			if flat {
				g.Add(i.code)
			} else {
				g.Line().Add(i.code)
			}
		}
		if !flat {
			g.Line()
		}
	})
	if !flat {
		width = lineWidth + 1
	}
	return literal{code, width}
}
