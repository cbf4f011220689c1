package grammar

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// context is what may stand in one kind of body.
type context struct {
	where     string // "an op"
	items     map[string]production
	keywords  []string // of items, in the order that messages give them
	equations bool
	calls     bool
}

type production func(*lexer.PeekingLexer) (Item, error)

type entry struct {
	keyword string
	production
}

func item[P Item](keyword string, parse func(*lexer.PeekingLexer) (P, error)) entry {
	return entry{keyword, func(lex *lexer.PeekingLexer) (Item, error) { return parse(lex) }}
}

func (c *context) set(entries ...entry) {
	c.items = map[string]production{}
	for _, e := range entries {
		c.items[e.keyword] = e.production
		c.keywords = append(c.keywords, e.keyword)
	}
}

var (
	inFormat   = &context{where: "a format"}
	inEncode   = &context{where: "encode", equations: true}
	inPack     = &context{where: "pack", equations: true}
	inOp       = &context{where: "an op", equations: true}
	inKernel   = &context{where: "a kernel", equations: true}
	inLayer    = &context{where: "a layer", equations: true, calls: true}
	inModel    = &context{where: "a model"}
	inForward  = &context{where: "forward", equations: true, calls: true}
	inPass     = &context{where: "a pass", equations: true, calls: true}
	inProperty = &context{where: "a property", calls: true}
	contexts   = []*context{inFormat, inEncode, inPack, inOp, inKernel, inLayer, inModel, inForward, inPass, inProperty}
)

func init() {
	tensor, scalar := item("let", rule[Let](nil)), item("let", single)
	table, order := item("table", rule[Table](nil)), item("order", rule[Order](nil))
	weight, require := item("weight", rule[Weight](nil)), item("require", rule[Require](nil))
	inEncode.set(scalar, table, order)
	inPack.set(scalar)
	inFormat.set(item("bytes", rule[size](nil)), item("gguf", rule[kind](nil)), item("field", field), item("tail", rule[Tail](nil)),
		table, item("code", rule[Code](nil)), scalar, item("decode", rule[Decode](nil)), item("sums", rule[Sums](nil)),
		item("encode", rule[Encode](inEncode)), item("pack", rule[Pack](inPack)))
	inOp.set(table, scalar, item("relax", rule[Relax](nil)), order, item("tolerate", rule[Tolerate](nil)))
	inKernel.set(table, scalar, order)
	inPass.set(tensor)
	pass := item("pass", rule[Pass](inPass))
	inLayer.set(weight, item("state", rule[State](nil)), require, tensor, pass)
	inModel.set(item("config", rule[Config](nil)), item("ignore", rule[Ignore](nil)),
		item("assume", rule[Assume](nil)), require, weight, item("forward", rule[Forward](inForward)))
	inForward.set(tensor, item("repeat", rule[Repeat](inForward)), pass)
	inProperty.set(tensor, item("expect", rule[Expect](nil)))
}

// parse reads an item. One that begins with no keyword is an equation or a call, and so is one whose
// keyword is a thing's name: order[t] = ….
func (c *context) parse(lex *lexer.PeekingLexer) (Item, error) {
	t, next := lex.Peek(), ahead(lex, 1)
	if t.Type != ident {
		return nil, participle.NextMatch
	}
	named := next.Value == "=" || next.Value == "." || next.Value == "[" && t.Value != "decode"
	parse, ok := c.items[t.Value]
	if !ok || named {
		parse = c.equation
	}
	x, err := parse(lex)
	if err == nil && lex.Peek().Value == ";" {
		lex.Next()
	}
	return x, err
}

func (c *context) equation(lex *lexer.PeekingLexer) (x Item, err error) {
	t, next := lex.Next(), lex.Peek()
	follows := next.Value == "=" || next.Value == "." || next.Value == "[" || next.Value == "("
	called := c.calls && (next.Value == "." || next.Value == "(")
	switch {
	case !follows && isDeclaration(t.Value):
		return nil, errorf(at(t), "`%s` begins a declaration: is a } missing above?", t.Value)
	case !follows && c.homes(t.Value) != "":
		return nil, errorf(at(t), "`%s` stands in %s, not in %s", t.Value, c.homes(t.Value), c.where)
	case slices.Contains(words, t.Value):
		return nil, errorf(at(t), "the keyword `%s` begins no item", t.Value)
	case !c.equations && !called, !follows && next.Type == ident, next.Type == number, next.Type == text:
		err := errorf(at(t), "%s begins no item of %s: there are %s", quoted(t), c.where, strings.Join(c.keywords, ", "))
		err.Suggest = Nearest(t.Value, c.keywords)
		return nil, err
	}
	err = within(lex, func(e *expressions) {
		var target Expr = &Ident{at(t), t.Value}
		for e.accept(".") {
			target = &Member{at(t), target, e.name()}
		}
		switch {
		case c.calls && e.is("("):
			x = &Do{at(t), &Call{at(t), target, e.args()}}
			return
		case e.accept("("):
			e.fail(at(t), "a call of its own stands in layers and forward only; here it needs `let` or a target")
		case e.is("["):
			target = &Subscript{at(t), target, e.exprs()}
		}
		e.want("=")
		x = &Assign{at(t), target, e.expr()}
	})
	if err == participle.NextMatch {
		err = expected(next, "`=`")
	}
	return x, err
}

// words continue an expression or an item, so that none can begin one.
var words = []string{"as", "by", "else", "if", "in", "xor"}

// homes says where an item stands that isn't of c: "a layer or a model".
func (c *context) homes(keyword string) string {
	var in []string
	for _, o := range contexts {
		if o.items[keyword] != nil {
			in = append(in, o.where)
		}
	}
	if n := len(in); n > 1 {
		return strings.Join(in[:n-1], ", ") + " or " + in[n-1]
	}
	return strings.Join(in, "")
}

var anyLet = rule[Let](nil)

// single reads the let of an op, which has one name.
func single(lex *lexer.PeekingLexer) (*Let, error) {
	l, err := anyLet(lex)
	if err == nil && len(l.Names) > 1 {
		return nil, errorf(l.Names[1].Pos, "a let has one name here; only calls of layers have several results")
	}
	return l, err
}

func (l *Let) settle() error {
	if len(l.Names) > 1 && (l.Indexed || l.Type != nil) {
		return errorf(l.Pos, "a let of several names takes no index and no type")
	}
	return nil
}

func field(lex *lexer.PeekingLexer) (*Field, error) {
	f := new(Field)
	return f, f.Parse(lex)
}

// size and kind are items of a format until it settles.
type (
	size struct {
		Pos
		Value *Number `parser:"'bytes' @@"`
	}
	kind struct {
		Pos
		Value *Number `parser:"'gguf' @@"`
	}
)

// settle moves what stands once, and the fields, out of the body.
func (f *Format) settle() error {
	var rest []Item
	for _, x := range f.Body {
		twice := ""
		switch x := x.(type) {
		case *size:
			if f.Bytes != nil {
				twice = "bytes"
			}
			f.Bytes = x.Value
		case *kind:
			if f.GGUF != nil {
				twice = "gguf"
			}
			f.GGUF = x.Value
		case *Tail:
			if f.Tail != nil {
				twice = "tail"
			}
			f.Tail = x
		case *Field:
			f.Fields = append(f.Fields, x)
		default:
			rest = append(rest, x)
		}
		if twice != "" {
			return errorf(x.At(), "a format has `%s` once", twice)
		}
	}
	f.Body = rest
	return nil
}

func (m *Model) settle() error {
	var rest []Item
	for _, x := range m.Body {
		f, ok := x.(*Forward)
		if !ok {
			rest = append(rest, x)
			continue
		}
		if m.Forward != nil {
			return errorf(f.Pos, "a model has one forward")
		}
		m.Forward = f
	}
	if m.Body = rest; m.Forward == nil {
		return errorf(m.End.Pos, "the model lacks its forward(…)")
	}
	return nil
}
