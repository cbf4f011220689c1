package sym

import "testing"

func TestNormalForms(t *testing.T) {
	h, g, a, k := Named("H"), Named("G"), Named("A"), Named("K")
	i := Of(&Var{Name: "i", Bounds: Interval{0, 255}})
	lo := Of(&Var{Name: "lo", Bounds: Interval{0, 31}})
	hi := Of(&Var{Name: "hi", Bounds: Interval{0, 7}})
	digits := hi.Scale(32).Add(lo)
	for _, c := range []struct {
		name string
		got  Poly
		want string
	}{
		{"sum", h.Mul(a).Add(a.Mul(h)), "2*A*H"},
		{"cancel", h.Sub(h), "0"},
		{"square", h.Add(Const(1)).Mul(h.Add(Const(1))), "H*H + 2*H + 1"},
		{"quotient of digits", digits.Div(Const(32)), "hi"},
		{"remainder of digits", digits.Mod(Const(32)), "lo"},
		{"two levels", h.Scale(128).Add(digits).Mod(Const(128)).Div(Const(32)), "((32*hi + lo)%(128))/(32)"},
		{"exact monomial", h.Mul(a).Div(a), "H"},
		{"kept apart", i.Div(Const(32)), "(i)/(32)"},
		{"below zero", Named("P").Scale(64).Sub(Const(1)).Div(Const(64)), "P - 1"},
		{"whole and rest", k.Scale(64).Add(i).Div(Const(32)), "(i)/(32) + 2*K"},
	} {
		if got := c.got.String(); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	var f Facts
	hAtom, _ := h.Single()
	f.Divides(g, hAtom)
	if !f.Equal(h.Div(g).Mul(g).Mul(a), h.Mul(a)) {
		t.Errorf("G | H: (H/G)*G*A = %v, H*A = %v", f.Normal(h.Div(g).Mul(g).Mul(a)), f.Normal(h.Mul(a)))
	}
	if f.Equal(h, g) {
		t.Error("H = G does not follow from G | H")
	}
}

func TestLinear(t *testing.T) {
	m, k := Named("m"), Named("K")
	slope, rest, ok := m.Mul(k).Add(Const(3)).Linear("m")
	if !ok || slope.String() != "K" || rest.String() != "3" {
		t.Errorf("got %v*m + %v, %v", slope, rest, ok)
	}
	if _, _, ok := m.Div(Const(32)).Linear("m"); ok {
		t.Error("m/32 is not linear in m")
	}
}
