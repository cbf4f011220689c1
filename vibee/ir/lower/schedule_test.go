package lower_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
)

const scheduled = `vibee 1
package p

op f(x: f32[T, D], g: f32[D]) -> y: f32[T, D] {
  let s[t] = sum[k in 0 .. D](x[t, k] * g[k])
  let low[t] = max[e in 0 .. D](x[t, e])
  let z[t, c in 0 .. D] = x[t, c] * s[t]
  y[t, d] = z[t, d] + low[t]
  order ascending(k)
}
`

// arranged lowers f with schedules for go.
func arranged(t *testing.T, schedules string) *loop.Program {
	t.Helper()
	file, err := grammar.Parse("p.vibee", []byte(scheduled+schedules))
	if err != nil {
		t.Fatal(err)
	}
	prog, err := check.Check([]*grammar.File{file})
	if err != nil {
		t.Fatal(err)
	}
	p, err := lower.Op(prog.Ops[0], lower.Options{Target: "go"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSchedulesAgree: however the loops of an op are arranged, and whatever case holds, its bits are the same.
func TestSchedulesAgree(t *testing.T) {
	plain := arranged(t, "")
	for name, schedules := range map[string]string{
		"unroll": "schedule f for go { unroll k by 4  unroll e by 3  unroll c by 5  unroll d by 2 }",
		"lanes":  "schedule f for go { lanes d by 8  lanes c by 4 }",
		"ahead":  "schedule f for go { loop t, d  prefetch x along t  prefetch y along d }",
		"nest":   "schedule f for go { loop t, d  parallel t by 2  unroll t by 2 }",
		"turns":  "schedule f for go { loop t, d  parallel d  unroll t by 3 }",
		"cases": `schedule f for go when T <= 1 { lanes d by 4 }
			schedule f for go when T > 1 && T % 2 == 0 { unroll t by 2  unroll k by 2 }
			schedule f for go when T > 1 && T % 2 == 1 { loop d, t  unroll d by 3 }`,
		"cases of a width": `schedule f for go when D % 4 == 0 { lanes d by 4 }
			schedule f for go when D % 4 != 0 && D < 9 { unroll c by 7 }
			schedule f for go when D % 4 != 0 && D >= 9 { unroll k by 3 }`,
	} {
		t.Run(name, func(t *testing.T) {
			p := arranged(t, schedules)
			if chooses := strings.Contains(loop.Print(p), " if "); chooses != (strings.HasPrefix(name, "cases") || name == "turns") {
				t.Errorf("chooses at run time: %v\n%s", chooses, loop.Print(p))
			}
			if name == "unroll" && !strings.Contains(loop.Print(p), "for k in 0..D by 4 whole") {
				t.Errorf("nothing is unrolled:\n%s", loop.Print(p))
			}
			if read := strings.Contains(loop.Print(p), "let read"); read != (name == "cases" || name == "turns") {
				t.Errorf("turns read at once what they share: %v\n%s", read, loop.Print(p))
			}
			r := rand.New(rand.NewPCG(1, 2))
			for _, T := range []int64{0, 1, 2, 3, 4, 5} {
				for _, D := range []int64{0, 1, 3, 4, 7, 8, 9, 13, 16} {
					x, g := randomFloats(r, T*D), randomFloats(r, D)
					want, got := run(t, plain, x, g, T, D), run(t, p, x, g, T, D)
					if want != got {
						t.Fatalf("T = %d, D = %d: the bits differ", T, D)
					}
				}
			}
		})
	}
}

// TestOrderOfAnInlinedSum: a sum keeps the order of the op that states it, wherever that op is put in place.
func TestOrderOfAnInlinedSum(t *testing.T) {
	file, err := grammar.Parse("p.vibee", []byte(`vibee 1
package p

op poly(x: f32) -> y: f32 {
  y = sum[k in 0 .. 4](x * f32(k))
  order ascending(k)
}

op f(x: f32[T, D]) -> y: f32[T] {
  y[t] = sum[k](poly(x[t, k]))
  order lanes(k, 8)
}
`))
	if err != nil {
		t.Fatal(err)
	}
	prog, err := check.Check([]*grammar.File{file})
	if err != nil {
		t.Fatal(err)
	}
	p, err := lower.Op(prog.Ops[1], lower.Options{Target: "go"})
	if err != nil {
		t.Fatal(err)
	}
	if text := loop.Print(p); !strings.Contains(text, "f32<8> = 0f<8>") || !strings.Contains(text, "in 0..4 {") {
		t.Errorf("lanes outside, one after the other inside:\n%s", text)
	}
}

func randomFloats(r *rand.Rand, n int64) (out []byte) {
	for range n {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(r.NormFloat64())))
	}
	return out
}

func run(t *testing.T, p *loop.Program, x, g []byte, T, D int64) string {
	t.Helper()
	mem := looptest.Memory{p.Bufs[0]: x, p.Bufs[1]: g, p.Bufs[2]: make([]byte, 4*T*D)}
	dims := []int64{T, D}
	if err := looptest.Run(p, mem, dims, nil, 0, looptest.Value(p, p.Work, dims)); err != nil {
		t.Fatal(fmt.Errorf("%w\n%s", err, loop.Print(p)))
	}
	return string(mem[p.Bufs[2]])
}
