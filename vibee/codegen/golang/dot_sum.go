package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// dotSum is a sum with a lane for each row. Products are added to fields, which never are negative: they begin
// with what the products may take away. Before they overflow, fields with sums of products are added to the
// halves of a word, one for each of two rows.
type dotSum struct {
	v     *loop.Var
	first loop.Expr // of all lanes, where it is declared here
	from  value     // first, unless that is zero

	narrow bool  // sure to be an i32
	least  int64 // what one multiplication adds to a field at least, 0 or less
	turns  int   // multiplications until fields are full
	left   int   // multiplications to come
	filled int   // since fields were added to halves
	bias   int64 // of each half

	fields, halves string // variables, once they are declared
	anew           bool   // text is the first since then
	text           *value // not yet written
}

// add adds a word of fields of products.
func (s *dotSum) add(g *gen, f fields, product value) {
	if s.filled == 0 {
		s.anew = true
		if bias := -s.least * int64(min(s.turns, s.left)); bias > 0 {
			s.bias += bias
			product = infix(kU64, "+", precAdd, g.each(f, bias), product)
		}
	}
	if s.text != nil {
		product = infix(kU64, "+", precAdd, *s.text, product)
	}
	s.text = &product
	s.filled++
	s.left--
	if s.filled == s.turns || s.left == 0 {
		s.write(g)
		s.empty(g, f)
	}
}

// write emits what is added to fields.
func (s *dotSum) write(g *gen) {
	switch {
	case s.text == nil:
		return
	case s.fields == "":
		s.fields = g.names.temp("products")
		g.emit(jen.Id(s.fields).Op(":=").Add(s.text.code))
	case s.anew:
		g.emit(jen.Id(s.fields).Op("=").Add(s.text.code))
	default:
		g.emit(jen.Id(s.fields).Op("+=").Add(s.text.code))
	}
	s.anew, s.text = false, nil
}

// empty adds the upper field of each row to its half.
func (s *dotSum) empty(g *gen, f fields) {
	s.filled = 0
	if f == pairs {
		s.halves = s.fields
		return
	}
	sums := infix(kU64, ">>", precMul, ident(kU64, s.fields), intLiteral(int64(f.width*(f.columns-1))))
	sums = infix(kU64, "&", precMul, sums, g.each(pairs, 1<<f.width-1))
	op := "+="
	if s.halves == "" {
		s.halves, op = g.names.temp("sums"), ":="
	}
	g.emit(jen.Id(s.halves).Op(op).Add(sums.code))
}

// store gives row l its sum, which is half of a word.
func (s *dotSum) store(g *gen, l lane, half value) {
	sum := call(kInt, "int", half)
	switch {
	case s.first == nil:
		sum = infix(kInt, "+", precAdd, g.evalRef(s.v, l), sum)
	case s.from.code != nil:
		sum = infix(kInt, "+", precAdd, s.from, sum)
	}
	if s.bias > 0 {
		sum = infix(kInt, "-", precAdd, sum, intLiteral(s.bias))
	}
	if !s.narrow {
		sum = call(kI32, "int32", sum).to(kInt)
	}
	g.emit(g.target(s.v, l).Op("=").Add(sum.code))
}

// upper is the upper half of a word.
func upper(word string) value {
	return infix(kU64, ">>", precMul, ident(kU64, word), intLiteral(32))
}
