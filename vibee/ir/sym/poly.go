package sym

import (
	"fmt"
	"slices"
	"strings"
)

// Atom is what a polynomial takes as indivisible. Two atoms are the same when their
// keys are.
type Atom interface {
	Key() string
	Range() Interval
}

// Var is a named atom; Of may hold what it stands for. Rank is its place among the variables of a term;
// those of one rank are sorted by name.
type Var struct {
	Name   string
	Bounds Interval
	Of     any
	Rank   int
}

func (v *Var) Key() string     { return v.Name }
func (v *Var) Range() Interval { return v.Bounds }

// Quot and Rem are the quotient and the remainder of a division that could not be taken apart.
type (
	Quot struct{ X, Y Poly }
	Rem  struct{ X, Y Poly }
)

func (q *Quot) Key() string     { return "(" + q.X.String() + ")/(" + q.Y.String() + ")" }
func (r *Rem) Key() string      { return "(" + r.X.String() + ")%(" + r.Y.String() + ")" }
func (q *Quot) Range() Interval { return q.X.Range().Div(q.Y.Range()) }
func (r *Rem) Range() Interval  { return r.X.Range().Mod(r.Y.Range()) }

// Term is Coef times its atoms, which are sorted.
type Term struct {
	Coef  int64
	Atoms []Atom
}

// Poly is a sum of terms in normal form: sorted, no two alike, no zeros. The zero
// Poly is 0.
type Poly struct{ Terms []Term }

// Const is the polynomial v.
func Const(v int64) Poly {
	if v == 0 {
		return Poly{}
	}
	return Poly{[]Term{{Coef: v}}}
}

// Of is the polynomial that is one atom.
func Of(a Atom) Poly { return Poly{[]Term{{1, []Atom{a}}}} }

// Named is the polynomial of a variable that is known by its name and is never negative.
func Named(name string) Poly { return Of(&Var{Name: name, Bounds: Natural}) }

func (t Term) key() string {
	keys := make([]string, len(t.Atoms))
	for i, a := range t.Atoms {
		keys[i] = a.Key()
	}
	return strings.Join(keys, "*")
}

func normal(terms []Term) Poly {
	keys := make(map[string]int, len(terms))
	var out []Term
	for _, t := range terms {
		k := t.key()
		if i, ok := keys[k]; ok {
			out[i].Coef += t.Coef
			continue
		}
		keys[k] = len(out)
		out = append(out, t)
	}
	out = slices.DeleteFunc(out, func(t Term) bool { return t.Coef == 0 })
	slices.SortFunc(out, compareTerms)
	return Poly{out}
}

// Add is p + q.
func (p Poly) Add(q Poly) Poly { return normal(slices.Concat(p.Terms, q.Terms)) }

// Sub is p - q.
func (p Poly) Sub(q Poly) Poly { return p.Add(q.Scale(-1)) }

// Scale is p * c.
func (p Poly) Scale(c int64) Poly {
	out := make([]Term, len(p.Terms))
	for i, t := range p.Terms {
		out[i] = Term{t.Coef * c, t.Atoms}
	}
	return normal(out)
}

// MaxTerms is how long a product may be. A longer one panics with TooLong, for which who normalizes what
// people write waits.
const MaxTerms = 1 << 12

// TooLong is the panic of a product of too many terms.
type TooLong struct{}

// Mul is p * q.
func (p Poly) Mul(q Poly) Poly {
	if len(p.Terms)*len(q.Terms) > MaxTerms {
		panic(TooLong{})
	}
	var out []Term
	for _, a := range p.Terms {
		for _, b := range q.Terms {
			atoms := slices.Concat(a.Atoms, b.Atoms)
			slices.SortStableFunc(atoms, compareAtoms)
			out = append(out, Term{a.Coef * b.Coef, atoms})
		}
	}
	return normal(out)
}

// Equal reports whether the normal forms are the same.
func (p Poly) Equal(q Poly) bool { return len(p.Sub(q).Terms) == 0 }

// Constant gives p's value where it has no atoms.
func (p Poly) Constant() (int64, bool) {
	switch {
	case len(p.Terms) == 0:
		return 0, true
	case len(p.Terms) == 1 && len(p.Terms[0].Atoms) == 0:
		return p.Terms[0].Coef, true
	}
	return 0, false
}

// Single gives the atom that p is, if it is one.
func (p Poly) Single() (Atom, bool) {
	if len(p.Terms) == 1 && p.Terms[0].Coef == 1 && len(p.Terms[0].Atoms) == 1 {
		return p.Terms[0].Atoms[0], true
	}
	return nil, false
}

// Range bounds p from its atoms' intervals.
func (p Poly) Range() Interval {
	out := Exactly(0)
	for _, t := range p.Terms {
		r := Exactly(t.Coef)
		for _, a := range t.Atoms {
			r = r.Mul(a.Range())
		}
		out = out.Add(r)
	}
	return out
}

// Atoms calls f for every atom, inside quotients and remainders too.
func (p Poly) Atoms(f func(Atom)) {
	for _, t := range p.Terms {
		for _, a := range t.Atoms {
			f(a)
			switch a := a.(type) {
			case *Quot:
				a.X.Atoms(f)
				a.Y.Atoms(f)
			case *Rem:
				a.X.Atoms(f)
				a.Y.Atoms(f)
			}
		}
	}
}

// Has reports whether an atom of that key occurs in p.
func (p Poly) Has(key string) bool {
	found := false
	p.Atoms(func(a Atom) { found = found || a.Key() == key })
	return found
}

// Replace puts f's polynomial in the place of each atom for which it reports true.
func (p Poly) Replace(f func(Atom) (Poly, bool)) Poly {
	out := Poly{}
	for _, t := range p.Terms {
		product := Const(t.Coef)
		for _, a := range t.Atoms {
			product = product.Mul(replaceAtom(a, f))
		}
		out = out.Add(product)
	}
	return out
}

func replaceAtom(a Atom, f func(Atom) (Poly, bool)) Poly {
	if q, ok := f(a); ok {
		return q
	}
	switch a := a.(type) {
	case *Quot:
		return a.X.Replace(f).Div(a.Y.Replace(f))
	case *Rem:
		return a.X.Replace(f).Mod(a.Y.Replace(f))
	}
	return Of(a)
}

// Linear takes p apart as slope*atom + rest; ok is false where the atom occurs in
// another way.
func (p Poly) Linear(key string) (slope, rest Poly, ok bool) {
	var with, without []Term
	for _, t := range p.Terms {
		i := slices.IndexFunc(t.Atoms, func(a Atom) bool { return a.Key() == key })
		if i < 0 {
			without = append(without, t)
			continue
		}
		with = append(with, Term{t.Coef, slices.Delete(slices.Clone(t.Atoms), i, i+1)})
	}
	slope, rest = normal(with), normal(without)
	return slope, rest, !slope.Has(key) && !rest.Has(key)
}

func (p Poly) String() string {
	if len(p.Terms) == 0 {
		return "0"
	}
	var b strings.Builder
	for i, t := range p.Terms {
		c := t.Coef
		switch {
		case i > 0 && c < 0:
			b.WriteString(" - ")
			c = -c
		case i > 0:
			b.WriteString(" + ")
		}
		switch k := t.key(); {
		case k == "":
			fmt.Fprint(&b, c)
		case c == 1:
			b.WriteString(k)
		case c == -1:
			b.WriteString("-" + k)
		default:
			fmt.Fprintf(&b, "%d*%s", c, k)
		}
	}
	return b.String()
}
