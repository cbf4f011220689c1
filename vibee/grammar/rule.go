package grammar

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// rule gives the parser that the tags of T describe. It sets the place, and gives NextMatch where no T
// begins. One token decides what follows.
func rule[T any, P interface {
	*T
	place(Pos)
}](items *context) func(*lexer.PeekingLexer) (P, error) {
	options := []participle.Option{participle.Lexer(alphabet), participle.UseLookahead(0), participle.ParseTypeWith(parseExpr)}
	if items != nil {
		options = append(options, participle.ParseTypeWith(items.parse))
	}
	parser := participle.MustBuild[T](options...)
	return func(lex *lexer.PeekingLexer) (P, error) {
		start, cursor := lex.Peek(), lex.Cursor()
		x, err := parser.ParseFromLexer(lex, participle.AllowTrailing(true))
		if err != nil {
			if _, ours := err.(*Error); !ours && lex.Cursor() == cursor {
				return nil, participle.NextMatch
			}
			return nil, err
		}
		P(x).place(at(start))
		if s, ok := any(x).(settler); ok {
			if err := s.settle(); err != nil {
				return nil, err
			}
		}
		return x, nil
	}
}

func (p *Pos) place(pos Pos) { *p = pos }

// settler is a node with more to it than its tags say.
type settler interface{ settle() error }

// Types that stand inside others: the second type has the tags without the method Parse.
type (
	fieldRule  Field
	stepRule   Step
	paramRule  Param
	typeRule   Type
	domainRule Domain
	choiceRule OrderItem
)

var inner struct {
	field  func(*lexer.PeekingLexer, *fieldRule) error
	step   func(*lexer.PeekingLexer, *stepRule) error
	param  func(*lexer.PeekingLexer, *paramRule) error
	typ    func(*lexer.PeekingLexer, *typeRule) error
	domain func(*lexer.PeekingLexer, *domainRule) error
	choice func(*lexer.PeekingLexer, *choiceRule) error
}

func init() { // the types refer to each other
	inner.field = into(rule[fieldRule](nil))
	inner.step = into(rule[stepRule](nil))
	inner.param = into(rule[paramRule](nil))
	inner.typ = into(rule[typeRule](nil))
	inner.domain = into(rule[domainRule](nil))
	inner.choice = into(rule[choiceRule](nil))
}

func into[T any](parse func(*lexer.PeekingLexer) (*T, error)) func(*lexer.PeekingLexer, *T) error {
	return func(lex *lexer.PeekingLexer, to *T) error {
		x, err := parse(lex)
		if err == nil {
			*to = *x
		}
		return err
	}
}

// Parse reads field qs : u8[16].
func (f *Field) Parse(lex *lexer.PeekingLexer) error { return inner.field(lex, (*fieldRule)(f)) }

// Parse reads a parameter.
func (p *Param) Parse(lex *lexer.PeekingLexer) error { return inner.param(lex, (*paramRule)(p)) }

// Parse reads a type.
func (t *Type) Parse(lex *lexer.PeekingLexer) error { return inner.typ(lex, (*typeRule)(t)) }

// Parse reads what follows a parameter's `in`.
func (d *Domain) Parse(lex *lexer.PeekingLexer) error { return inner.domain(lex, (*domainRule)(d)) }

// Parse reads a call and its alternatives.
func (o *OrderItem) Parse(lex *lexer.PeekingLexer) error { return inner.choice(lex, (*choiceRule)(o)) }

var steps = []string{"loop", "parallel", "lanes", "unroll", "tile", "prefetch"}

// Parse reads a schedule's step.
func (s *Step) Parse(lex *lexer.PeekingLexer) error {
	if t := lex.Peek(); t.Type == ident && !slices.Contains(steps, t.Value) {
		lex.Next() // what has been taken is no other rule's
		err := errorf(at(t), "there is no step %s: there are %s", quoted(t), strings.Join(steps, ", "))
		err.Suggest = Nearest(t.Value, steps)
		return err
	}
	if err := inner.step(lex, (*stepRule)(s)); err != nil {
		return err
	}
	switch {
	case s.Kind == "loop" && s.By != nil:
		return errorf(s.By.Pos, "loop takes no `by`: it says the order of loops alone")
	case s.Kind == "lanes" && s.By == nil:
		return errorf(s.Pos, "lanes needs their number, as in `lanes m by 16`")
	case s.Kind == "tile" && s.By == nil:
		return errorf(s.Pos, "tile needs a number, as in `tile t by 32`")
	case s.Kind == "prefetch" && s.Along == nil:
		return errorf(s.Pos, "prefetch needs an index, as in `prefetch W along m`")
	case s.Kind != "prefetch" && s.Along != nil:
		return errorf(s.Along.Pos, "%s takes no `along`", s.Kind)
	case s.Kind == "prefetch" && s.By != nil:
		return errorf(s.By.Pos, "prefetch takes no `by`: it is one turn ahead")
	case s.Kind != "loop" && s.Kind != "parallel" && len(s.Names) > 1:
		return errorf(s.Names[1].Pos, "%s takes one name", s.Kind)
	}
	return nil
}
