package lower_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
)

const multiplied = `vibee 1
package p

format bytes : block[16, 4] of f32 packs plain {
  bytes 128
  field d : f32[16]
  field qs : u8[1, 64]
  code c[r, i] : u8 = bits(qs[i / 4, 4 * r + i % 4], 0, 7)
  decode[r, i] = d[r] * f32(c[r, i])
  pack(w) {
    d[r] = w.d[r]
    qs[g, p] = w.c[p / 4, 4 * g + p % 4]
  }
}

format plain : block[4] of f32 {
  bytes 8
  field d : f32
  field qs : u8[4]
  code c[i] : u8 = bits(qs[i], 0, 7)
  decode[i] = d * f32(c[i])
}

format signed : block[4] of f32 {
  bytes 12
  field d : f32
  field s : i32[1]
  field qs : i8[4]
  code c[i] : i8 = qs[i]
  decode[i] = d * f32(c[i])
  sums s by 4
  encode(x) {
    let q[i] = int(rint(clamp(x[i], -127, 127)))
    d = 1
    s[j] = wrap_i32(sum[i](q[i]))
    qs[j] = q[j]
  }
}

op f(W: bytes[M, K], x: signed[T, K]) -> y: f32[T, M] {
  y[t, m] = f32(sum[k] as f64 (f64(W[m, k]) * f64(x[t, k])))
  relax eval(f32), factor(W), factor(x)
  order blocks(k, W, x)
  tolerate 1
}
`

// TestPrefetch: what an access will take in the next turn is asked for beside it, once a line, where turns side by
// side share it or nothing stands side by side.
func TestPrefetch(t *testing.T) {
	shared := "\nschedule f for go { loop m, t  parallel m by 16  lanes m by 16  unroll t by 8  prefetch W along m }"
	for name, c := range map[string]struct {
		source string
		want   []string
		err    string
	}{
		"a tensor":      {scheduled + "schedule f for go { loop t, d  prefetch x along t }", []string{"prefetch x[D * t + k + D]", "prefetch x[D * t + e + D]", "prefetch x[D * t + c + D]"}, ""},
		"in lanes":      {scheduled + "schedule f for go { loop t, d  lanes d by 32  prefetch y along t }", []string{"prefetch y[D * t + d + D step 1]<32>", "prefetch y[D * t + d2 + D]"}, ""},
		"along lanes":   {scheduled + "schedule f for go { loop t, d  lanes d by 8  prefetch g along d }", nil, "nothing of it is read or written there"},
		"shared":        {multiplied + shared, []string{"prefetch W.u8[w + 64 + K / 4 * 128 step 1]<64>", "prefetch W.f32[w + K / 4 * 128 step 4]<16>"}, ""},
		"no loop alone": {scheduled + "schedule f for go { parallel t, d  prefetch x along t }", nil, "nothing of it is read or written there"},
		"no tensor":     {scheduled + "schedule f for go { loop t, d  prefetch z along t }", nil, "f has no tensor z: there are x, g, y"},
		"no loop":       {scheduled + "schedule f for go { loop t, d  prefetch x along k }", nil, "k is no index of every result"},
		"twice":         {scheduled + "schedule f for go { loop t, d  prefetch x along t  prefetch x along d }", nil, "x stands in a prefetch step already"},
		"no index":      {scheduled + "schedule f for go { prefetch x }", nil, "prefetch needs an index"},
		"a number":      {scheduled + "schedule f for go { prefetch x by 2 along t }", nil, "prefetch takes no `by`"},
		"another":       {scheduled + "schedule f for go { unroll d by 2 along t }", nil, "unroll takes no `along`"},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := compiled(c.source)
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Fatalf("%v, want %q", err, c.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for line := range strings.Lines(loop.Print(p)) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, "prefetch ") {
					got = append(got, line)
				}
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s\n%s", d, loop.Print(p))
			}
		})
	}
}

func compiled(source string) (*loop.Program, error) {
	file, err := grammar.Parse("p.vibee", []byte(source))
	if err != nil {
		return nil, err
	}
	prog, err := check.Check([]*grammar.File{file})
	if err != nil {
		return nil, err
	}
	return lower.Op(prog.Ops[0], lower.Options{Target: "go"})
}
