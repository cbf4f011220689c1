package check_test

import (
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
)

// TestIndices: what is proved of an index, and the next larger one that is not.
func TestIndices(t *testing.T) {
	for _, test := range []struct{ name, head, within, beyond string }{
		{"an offset", "", "d in 0 .. D - 1: x[t, d + 1]", "d in 0 .. D: x[t, d + 1]"},
		{"a fact", "where 2 * P <= D", "i in 0 .. P: x[t, i + P]", "i in 0 .. P: x[t, i + P + 1]"},
		{"a strict fact", "where P < D", "i in 0 .. P: x[t, i + 1]", "i in 0 .. P: x[t, i + 2]"},
		{"a fact the other way round", "where D >= 2 * P", "i in 0 .. P: x[t, 2 * i + 1]", "i in 0 .. P: x[t, 2 * i + 2]"},
		{"whole groups", "where D % P == 0", "g in 0 .. D / P, i in 0 .. P: x[t, g * P + i]", "g in 0 .. D / P, i in 0 .. P: x[t, g * P + i + 1]"},
		{"a quotient", "", "d in 0 .. 2 * D: x[t, d / 2]", "d in 0 .. 2 * D: x[t, d / 2 + 1]"},
		{"half of an index", "", "d in 0 .. D: x[t, d / 2]", "d in 0 .. D: x[t, d / 2 + D]"},
		{"a remainder", "where P <= D", "d in 0 .. D: x[t, d % P]", "d in 0 .. D: x[t, d % P + 1]"},
		{"a condition", "where P <= D", "d in 0 .. D: if d >= P { x[t, d - P] } else { 0 }", "d in 0 .. D: if d > P { x[t, d - P - 2] } else { 0 }"},
		{"two conditions", "where P <= D", "d in 0 .. D: if d > 0 && d < P { x[t, d - 1] } else { 0 }", "d in 0 .. D: if d > 0 || d < P { x[t, d - 1] } else { 0 }"},
		{"the other side", "where P <= D", "d in 0 .. D: if d < P { 0 } else { x[t, d - P] }", "d in 0 .. D: if d < P { x[t, d - P] } else { 0 }"},
		{"a minimum", "where P <= D", "d in 0 .. D: x[t, min(d + P, D - 1)]", "d in 0 .. D: x[t, min(d + P, D)]"},
		{"a maximum", "where P <= D", "d in 0 .. D: x[t, max(d - P, 0)]", "d in 0 .. D: x[t, max(d - P, d + 1)]"},
		{"a clamp", "where P <= D", "d in 0 .. D: x[t, clamp(d - P, 0, D - 1)]", "d in 0 .. D: x[t, clamp(d + P, 1, D)]"},
		{"a table", "where P <= D", "d in 0 .. D: f32(level[d % 4]) + x[t, d]", "d in 0 .. D: f32(level[d % 5]) + x[t, d]"},
		{"a table by data", "where P <= D", "d in 0 .. D: f32(level[bits(q[d], 0, 2)]) + x[t, d]", "d in 0 .. D: f32(level[bits(q[d], 0, 3)]) + x[t, d]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := indexed(t, test.head, test.within); err != nil {
				t.Errorf("%s: %v", test.within, err)
			}
			err := indexed(t, test.head, test.beyond)
			if err == nil || !strings.Contains(err.Error(), "below") && !strings.Contains(err.Error(), "has the places") {
				t.Errorf("%s: %v", test.beyond, err)
			}
		})
	}
}

// indexed checks an op that reads a tensor, for indices "i in 0 .. n: " before what it reads.
func indexed(t *testing.T, facts, read string) error {
	t.Helper()
	ranges, value, _ := strings.Cut(read, ": ")
	src := "vibee 1\npackage p\nop f(x: f32[T, D], q: u8[D], P: dim) -> y: f32[T] " + facts + ` {
  table level : u8[4] = { 1, 2, 3, 4 }
  let all = f32(level[0]) + f32(P)
  let each[d] = f32(q[d])
  y[t] = all + max[d](each[d]) + max[` + ranges + `](` + value + `)
}
`
	file, err := grammar.Parse("p.vibee", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	_, err = check.Check([]*grammar.File{file})
	return err
}
