package grammar

import (
	"slices"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// precedence of binary operators, from loose to tight. All associate to the left but ^.
var precedence = map[string]int{
	"||": 1,
	"&&": 2,
	"==": comparison, "!=": comparison, "<": comparison, "<=": comparison, ">": comparison, ">=": comparison,
	"|":   4,
	"xor": 5,
	"&":   6,
	"<<":  7, ">>": 7,
	"+": 8, "-": 8,
	"*": 9, "/": 9, "%": 9,
	"^": power,
}

const (
	comparison = 3
	unary      = 10
	power      = 11
	postfix    = 12
)

var reductions = []string{"sum", "max", "min", "any", "all"}

// expressions is a parser by precedence. A mistake unwinds it to within.
type expressions struct {
	lex   *lexer.PeekingLexer
	depth int
}

type mistake struct{ err error }

func within(lex *lexer.PeekingLexer, parse func(*expressions)) (err error) {
	e := &expressions{lex: lex}
	start := lex.Cursor()
	defer func() {
		switch m := recover().(type) {
		case nil:
		case mistake:
			if err = m.err; lex.Cursor() == start {
				err = participle.NextMatch
			}
		default:
			panic(m)
		}
	}()
	parse(e)
	return nil
}

func parseExpr(lex *lexer.PeekingLexer) (x Expr, err error) {
	err = within(lex, func(e *expressions) { x = e.expr() })
	return x, err
}

func (e *expressions) fail(pos Pos, format string, args ...any) {
	panic(mistake{errorf(pos, format, args...)})
}

func (e *expressions) missing(what string) {
	panic(mistake{expected(e.lex.Peek(), what)})
}

func (e *expressions) is(word string) bool { return e.lex.Peek().Value == word }

func (e *expressions) accept(word string) bool {
	if e.is(word) {
		e.lex.Next()
		return true
	}
	return false
}

func (e *expressions) want(word string) Pos {
	if !e.is(word) {
		e.missing("`" + word + "`")
	}
	return at(e.lex.Next())
}

func (e *expressions) name() *Name {
	if e.lex.Peek().Type != ident {
		e.missing("a name")
	}
	t := e.lex.Next()
	return &Name{at(t), t.Value}
}

// enter counts a level of nesting; the function it gives leaves it and all that were entered since.
func (e *expressions) enter() func() {
	depth := e.depth
	e.deeper()
	return func() { e.depth = depth }
}

func (e *expressions) deeper() {
	if e.depth++; e.depth > maxNesting {
		e.fail(at(e.lex.Peek()), "the expression nests deeper than %d levels: give a part of it a name with let", maxNesting)
	}
}

func (e *expressions) expr() Expr { return e.binary(1) }

func (e *expressions) binary(least int) Expr {
	defer e.enter()()
	x := e.unary()
	for {
		t := e.lex.Peek()
		level := precedence[t.Value]
		if level < least || t.Type == text {
			return x
		}
		e.lex.Next()
		e.deeper()
		x = &Binary{Pos: at(t), Op: t.Value, X: x, Y: e.binary(level + 1)}
		if next := e.lex.Peek(); level == comparison && precedence[next.Value] == comparison {
			e.fail(at(next), "comparisons do not chain: join two with &&")
		}
	}
}

func (e *expressions) unary() Expr {
	if !e.is("-") && !e.is("!") && !e.is("~") {
		return e.power()
	}
	defer e.enter()()
	t := e.lex.Next()
	return &Unary{at(t), t.Value, e.unary()}
}

func (e *expressions) power() Expr {
	x := e.postfix()
	if !e.is("^") {
		return x
	}
	defer e.enter()()
	return &Binary{Pos: e.want("^"), Op: "^", X: x, Y: e.unary()}
}

func (e *expressions) postfix() Expr {
	defer e.enter()()
	x := e.primary()
	for ; ; e.deeper() {
		switch {
		case e.is("("):
			switch x.(type) {
			case *Ident, *Member:
			default:
				e.fail(at(e.lex.Peek()), "only a name can be called")
			}
			x = &Call{x.At(), x, e.args()}
		case e.is("["):
			x = &Subscript{x.At(), x, e.exprs()}
		case e.is("."):
			e.lex.Next()
			x = &Member{x.At(), x, e.name()}
		case e.is("as") && ahead(e.lex, 1).Value == "[":
			x = &Reshape{e.want("as"), x, e.exprs()}
		default:
			return x
		}
	}
}

// exprs reads [a, b].
func (e *expressions) exprs() []Expr {
	e.want("[")
	out := []Expr{e.expr()}
	for e.accept(",") && !e.is("]") {
		out = append(out, e.expr())
	}
	e.want("]")
	return out
}

func (e *expressions) args() (out []*Arg) {
	e.want("(")
	for !e.is(")") {
		a := &Arg{Pos: at(e.lex.Peek())}
		if e.lex.Peek().Type == ident && ahead(e.lex, 1).Value == ":" {
			a.Name = e.name()
			e.want(":")
		}
		if a.Name != nil && (e.is(",") || e.is(")")) {
			a.Value = &Ident{a.Pos, a.Name.Text}
		} else {
			a.Value = e.expr()
		}
		if out = append(out, a); !e.accept(",") {
			break
		}
	}
	e.want(")")
	return out
}

func (e *expressions) primary() Expr {
	t := e.lex.Peek()
	switch {
	case t.Type == number:
		e.lex.Next()
		return &Number{at(t), t.Value}
	case t.Type == text:
		s := new(Text)
		_ = s.Parse(e.lex)
		return s
	case t.Value == "if":
		return e.conditional()
	case t.Type == ident:
		e.lex.Next()
		if e.is("[") && slices.Contains(reductions, t.Value) {
			return e.reduce(t)
		}
		return &Ident{at(t), t.Value}
	case t.Value == "(":
		e.lex.Next()
		x := e.expr()
		e.want(")")
		if b, ok := x.(*Binary); ok {
			b.Parens = true
		}
		return x
	}
	e.missing("an expression")
	return nil
}

func (e *expressions) conditional() Expr {
	defer e.enter()()
	x := &If{Pos: e.want("if"), Cond: e.expr()}
	x.Then = e.braced()
	e.want("else")
	if e.is("if") {
		x.Else = e.conditional()
	} else {
		x.Else = e.braced()
	}
	return x
}

func (e *expressions) braced() Expr {
	e.want("{")
	x := e.expr()
	e.want("}")
	return x
}

// reduce reads what follows a reduction's kind: [k, j in a .. b] as f64 (body).
func (e *expressions) reduce(kind *lexer.Token) Expr {
	r := &Reduce{Pos: at(kind), Kind: kind.Value}
	e.want("[")
	for {
		if r.Index = append(r.Index, e.index()); !e.accept(",") {
			break
		}
	}
	e.want("]")
	if e.accept("as") {
		r.As = e.name()
	}
	e.want("(")
	r.Body = e.expr()
	e.want(")")
	return r
}

func (e *expressions) index() *Index {
	n := e.name()
	i := &Index{Pos: n.Pos, Name: n}
	if e.accept("in") {
		i.Lo = e.expr()
		e.want("..")
		i.Hi = e.expr()
	}
	return i
}
