package sym

import "slices"

// Div is floor(p / d) for d >= 1.
func (p Poly) Div(d Poly) Poly {
	q, _ := p.divide(d)
	return q
}

// Mod is p - d*floor(p / d) for d >= 1.
func (p Poly) Mod(d Poly) Poly {
	_, r := p.divide(d)
	return r
}

// divide splits p = d*whole + rest term by term; where the rest's interval lies within
// one multiple of d the division is done, else the rest's quotient and remainder stay as atoms.
func (p Poly) divide(d Poly) (q, r Poly) {
	if len(d.Terms) != 1 {
		if p.Equal(d) {
			return Const(1), Poly{}
		}
		return p.opaque(d)
	}
	var whole, rest []Term
	by, constant := d.Constant()
	for _, t := range p.Terms {
		if len(t.Atoms) == 0 && constant { // q*d + r with 0 <= r < d
			r := (t.Coef%by + by) % by
			whole, rest = append(whole, Term{Coef: (t.Coef - r) / by}), append(rest, Term{Coef: r})
			continue
		}
		if part, ok := t.over(d.Terms[0]); ok {
			whole = append(whole, part)
		} else {
			rest = append(rest, t)
		}
	}
	q, r = normal(whole), normal(rest)
	if len(r.Terms) == 0 {
		return q, Poly{}
	}
	bounds := r.Range()
	if c, ok := d.Constant(); ok {
		if bounds.Within(Interval{0, c - 1}) {
			return q, r
		}
		if bounds.Within(Interval{-c, -1}) {
			return q.Sub(Const(1)), r.Add(d)
		}
	} else if below(r, d) {
		return q, r
	}
	rq, rr := r.opaque(d)
	return q.Add(rq), rr
}

// below reports 0 <= r < d where r is a variable that is known to count up to d.
func below(r, d Poly) bool {
	a, ok := r.Single()
	if !ok {
		return false
	}
	v, ok := a.(*Var)
	if !ok || v.Bounds.Lo < 0 {
		return false
	}
	limit, ok := v.Of.(interface{ Limit() (Poly, bool) })
	if !ok {
		return false
	}
	l, ok := limit.Limit()
	return ok && l.Equal(d)
}

func (p Poly) opaque(d Poly) (q, r Poly) {
	return Of(&Quot{p, d}), Of(&Rem{p, d})
}

// over divides one term by another where that leaves nothing.
func (t Term) over(d Term) (Term, bool) {
	if t.Coef%d.Coef != 0 {
		return Term{}, false
	}
	atoms := slices.Clone(t.Atoms)
	for _, a := range d.Atoms {
		i := slices.IndexFunc(atoms, func(b Atom) bool { return b.Key() == a.Key() })
		if i < 0 {
			return Term{}, false
		}
		atoms = slices.Delete(atoms, i, i+1)
	}
	return Term{t.Coef / d.Coef, atoms}, true
}

// Facts are what is known of atoms: K % 32 == 0 says that K is 32 times something.
type Facts struct{ put map[string]Poly }

// Divides records d | a, for a an atom: from here on a stands for d * (a/d).
func (f *Facts) Divides(d Poly, a Atom) {
	if f.put == nil {
		f.put = map[string]Poly{}
	}
	f.put[a.Key()] = d.Mul(Of(&Quot{Of(a), d}))
}

// Normal rewrites p by the facts.
func (f *Facts) Normal(p Poly) Poly {
	return p.Replace(func(a Atom) (Poly, bool) {
		q, ok := f.put[a.Key()]
		if ok {
			return q, true
		}
		if quot, isQuot := a.(*Quot); isQuot {
			// The quotient of a fact is normal already.
			if x, single := quot.X.Single(); single {
				if known, has := f.put[x.Key()]; has && known.Equal(quot.Y.Mul(Of(a))) {
					return Of(a), true
				}
			}
		}
		return Poly{}, false
	})
}

// Equal reports whether p and q are equal by the facts.
func (f *Facts) Equal(p, q Poly) bool { return f.Normal(p).Equal(f.Normal(q)) }
