package models

import (
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
)

const pair = `vibee 1
package p

/// A comment.
format half : block[4] of f32 {
  bytes 6
  gguf 99
  field d : f16
  field qs : u8[4]
  table level : i8[4] = { -3, -1, 1, 3 }
  code c[i] : i8 = level[bits(qs[i], 0, 2)]
  decode[i] = f32(d) * f32(c[i])
}

format half_x2 : block[2, 4] of f32 packs half {
  bytes 12
  field d : f16[2]
  field qs : u8[4, 2]
  code c[r, i] : i8 = qs[i, r] % 4 - 3
  decode[r, i] = f32(d[r]) * f32(c[r, i])
  pack(w) {
    let raised[r in 0 .. 2, i in 0 .. 4] = w.c[r, i] + 3
    d[r] = w.d[r]
    qs[i, r] = raised[r, i]
  }
}

op packed_as(W: any[M, K]) -> y: packed[M, K] {
  y[m, k] = W[m, k]
}

op twice(W: any[M, K]) -> y: f32[M, K] {
  y[m, k] = 2 * W[m, k]
}
`

// TestDigest: it changes with what bytes mean, and with nothing else.
func TestDigest(t *testing.T) {
	digests := func(src string) (half, packed string) {
		t.Helper()
		f, err := grammar.Parse("p.vibee", []byte(src))
		if err != nil {
			t.Fatal(err)
		}
		prog, err := check.Check([]*grammar.File{f})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range prog.Formats {
			if f.Packs == nil {
				half = Format(f).Digest
			} else {
				packed = Format(f).Digest
			}
		}
		return half, packed
	}
	half, packed := digests(pair)
	if len(half) != 16 || len(packed) != 16 || half == packed {
		t.Fatalf("%q, %q", half, packed)
	}
	for _, c := range []struct {
		what, old, new             string
		changesHalf, changesPacked bool
	}{
		{"a comment", "/// A comment.", "/// Another.\n// And one.", false, false},
		{"a field's name", "qs", "quants", false, false},
		{"a table's name", "level", "step", false, false},
		{"a let's name", "raised", "up", false, false},
		{"an index", "[i]", "[n]", false, false},
		{"a format's name", "half", "small", false, false},
		{"a gguf number", "gguf 99", "gguf 98", false, false},
		{"a table", "{ -3, -1,", "{ -3, -2,", true, false},
		{"a code", "bits(qs[i], 0, 2)", "bits(qs[i], 2, 2)", true, false},
		{"decode", "f32(d) * f32(c[i])", "f32(d) * f32(c[i] + 1)", true, false},
		{"the order of fields", "field d : f16\n  field qs : u8[4]\n", "field qs : u8[4]\n  field d : f16\n", true, false},
		{"a packed code", "qs[i, r] % 4 - 3", "qs[i, r] % 8 - 3", false, true},
		{"packed decode", "f32(d[r]) * f32(c[r, i])", "f32(c[r, i]) * f32(d[r])", false, true},
		{"pack", "qs[i, r] = raised[r, i]", "qs[i, r] = raised[1 - r, i]", false, true},
	} {
		src := strings.ReplaceAll(pair, c.old, c.new)
		if src == pair {
			t.Errorf("%s: no such text", c.what)
		}
		h, p := digests(src)
		if (h != half) != c.changesHalf || (p != packed) != c.changesPacked {
			t.Errorf("%s: half changes: %v, packed: %v", c.what, h != half, p != packed)
		}
	}
}
