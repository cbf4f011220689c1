package sym

import (
	"math/rand/v2"
	"testing"
)

// TestNormalFormsKeepValues: a normal form has the value of what it was made from, within the interval that
// is stated of it.
func TestNormalFormsKeepValues(t *testing.T) {
	const seed = 1
	r := rand.New(rand.NewPCG(seed, 1))
	atoms := []*Var{
		{Name: "n", Bounds: Natural}, {Name: "i", Bounds: Interval{0, 7}}, {Name: "j", Bounds: Interval{0, 31}}, {Name: "k", Bounds: Interval{-1, 2}},
	}
	counter := &Var{Name: "c", Bounds: Natural, Of: limit{Of(atoms[0])}} // 0 <= c < n
	for trial := range 20000 {
		n := 1 + r.Int64N(9)
		values := map[string]int64{"n": n, "c": r.Int64N(n), "i": r.Int64N(8), "j": r.Int64N(32), "k": r.Int64N(4) - 1}
		p, want := Of(counter), values["c"]
		text := "c"
		if r.IntN(2) == 0 {
			p, want, text = Const(0), 0, "0"
		}
		for range 1 + r.IntN(5) {
			a := atoms[r.IntN(len(atoms))]
			v, c := values[a.Name], 1+r.Int64N(40)
			if r.IntN(2) == 0 {
				c = 1 << r.IntN(6)
			}
			switch r.IntN(8) {
			case 0:
				p, want, text = p.Add(Of(a).Scale(c)), want+v*c, text+" + c*"+a.Name
			case 1:
				p, want, text = p.Sub(Of(a)), want-v, text+" - "+a.Name
			case 2:
				p, want, text = p.Mul(Of(a).Add(Const(c))), want*(v+c), "("+text+")*("+a.Name+" + c)"
			case 3:
				p, want, text = p.Scale(c), want*c, "("+text+")*c"
			case 4:
				p, want, text = p.Div(Const(c)), floor(want, c), "("+text+")/c"
			case 5:
				p, want, text = p.Mod(Const(c)), want-c*floor(want, c), "("+text+")%c"
			case 6:
				p, want, text = p.Sub(Const(c)), want-c, text+" - c"
			default:
				p, text = p.Mul(Of(atoms[0])).Add(Of(counter)).Div(Of(atoms[0])), "("+text+")*n + c over n"
			}
		}
		if got := at(p, values); got != want {
			t.Fatalf("seed %d, trial %d: %v has the value %d, want %d: %s, for %v", seed, trial, p, got, want, text, values)
		}
		if bounds := p.Range(); want < bounds.Lo || want > bounds.Hi {
			t.Fatalf("seed %d, trial %d: %d is not within %v: %v, for %v", seed, trial, want, bounds, p, values)
		}
		if slope, rest, ok := p.Linear("i"); ok && at(slope, values)*values["i"]+at(rest, values) != want {
			t.Fatalf("seed %d, trial %d: %v is not i*(%v) + %v", seed, trial, p, slope, rest)
		}
	}
}

type limit struct{ p Poly }

func (l limit) Limit() (Poly, bool) { return l.p, true }

func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// at evaluates a polynomial.
func at(p Poly, values map[string]int64) (sum int64) {
	for _, t := range p.Terms {
		product := t.Coef
		for _, a := range t.Atoms {
			switch a := a.(type) {
			case *Var:
				product *= values[a.Name]
			case *Quot:
				product *= floor(at(a.X, values), at(a.Y, values))
			case *Rem:
				x, y := at(a.X, values), at(a.Y, values)
				product *= x - y*floor(x, y)
			}
		}
		sum += product
	}
	return sum
}
