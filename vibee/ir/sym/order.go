package sym

import (
	"cmp"
	"slices"
	"strings"
)

// Terms are sorted by what they are, and by names last: of variables that have a Rank, names say nothing.

func compareTerms(s, t Term) int {
	return cmp.Or(len(t.Atoms)-len(s.Atoms), slices.CompareFunc(s.Atoms, t.Atoms, compareAtoms))
}

func compareAtoms(a, b Atom) int {
	x, xok := a.(*Var)
	y, yok := b.(*Var)
	switch {
	case xok && yok:
		return cmp.Or(cmp.Compare(x.Rank, y.Rank), strings.Compare(x.Name, y.Name))
	case xok:
		return 1
	case yok:
		return -1
	}
	ax, ay, arem := parts(a)
	bx, by, brem := parts(b)
	return cmp.Or(comparePolys(ax, bx), comparePolys(ay, by), arem-brem)
}

// parts takes a quotient (0) or a remainder (1) apart.
func parts(a Atom) (x, y Poly, kind int) {
	switch a := a.(type) {
	case *Quot:
		return a.X, a.Y, 0
	case *Rem:
		return a.X, a.Y, 1
	}
	return Poly{}, Poly{}, 2
}

func comparePolys(p, q Poly) int {
	return slices.CompareFunc(p.Terms, q.Terms, func(s, t Term) int { return cmp.Or(compareTerms(s, t), cmp.Compare(s.Coef, t.Coef)) })
}
