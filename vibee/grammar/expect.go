package grammar

import (
	"errors"
	"regexp"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// expected says what is needed where t stands.
func expected(t *lexer.Token, what string) *Error {
	if err := illegible(t); err != nil {
		return err
	}
	err := errorf(at(t), "expected %s, found %s", what, describe(t))
	if t.Type == ident {
		var among []string
		for _, m := range quotedWord.FindAllStringSubmatch(what, -1) {
			among = append(among, m[1])
		}
		err.Suggest = Nearest(t.Value, among)
	}
	return err
}

var (
	quotedWord = regexp.MustCompile("`([a-z]+)`")
	needed     = regexp.MustCompile(`\(expected (.*)\)$`)
	literal    = regexp.MustCompile(`^"((?:[^"\\]|\\.)*)"`)
	named      = regexp.MustCompile(`^[A-Za-z]+`)
)

// kinds of node, as messages call them.
var kinds = map[string]string{
	"Name": "a name", "Path": "a name", "Number": "a number", "Text": "a string", "Expr": "an expression",
	"Index": "an index", "Call": "a call", "Param": "a parameter", "Type": "a type", "Domain": "a domain",
	"Brace": "`}`", "OrderItem": "a call",
}

// translate turns an error of participle into ours.
func translate(err error) *Error {
	if e, ok := err.(*Error); ok {
		return e
	}
	var unexpected *participle.UnexpectedTokenError
	if errors.As(err, &unexpected) {
		t := unexpected.Unexpected
		what := "something else"
		if m := needed.FindStringSubmatch(unexpected.Message()); m != nil {
			what = first(m[1])
		}
		return expected(&t, what)
	}
	if e, ok := err.(participle.Error); ok {
		p := e.Position()
		return errorf(Pos{p.Filename, p.Line, p.Column}, "%s", e.Message())
	}
	return errorf(Pos{}, "%s", err)
}

// first is what a rule in EBNF begins with.
func first(rule string) string {
	if group, ok := strings.CutPrefix(rule, "("); ok {
		var all []string
		group, _, _ = strings.Cut(group, ")")
		for part := range strings.SplitSeq(group, " | ") {
			all = append(all, first(part))
		}
		return strings.Join(all, " or ")
	}
	if m := literal.FindStringSubmatch(rule); m != nil {
		return "`" + m[1] + "`"
	}
	name := named.FindString(rule)
	if kind, ok := kinds[name]; ok {
		return kind
	}
	return name
}
