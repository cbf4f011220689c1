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

// near sums what a row sees of a state, by pages of 4.
const near = `vibee 1
package p

format pages(G: dim, A: dim) : page[4] {
  field v : f32[G, slot, A]
}

op near(x: f32[T, H, A], g: f32[A], s: pages(G, A), at: place[T], window: dim) -> y: f32[T, H, A] where H % G == 0 {
  let first[t] = if window > 0 { max(at[t].pos + 1 - window, 0) } else { 0 }
  y[t, h, a] = sum[p in first[t] .. at[t].pos + 1](x[t, h, a] * (g[a] + g[a]) * s.v[at[t].seq, p, h / (H / G), a])
}

kernel paged implements near {
  let double[e in 0 .. A] = g[e] + g[e]
  let first[t] = if window > 0 { max(at[t].pos + 1 - window, 0) } else { 0 }
  let part[t, h, j in first[t] / 4 .. at[t].pos / 4 + 1, a in 0 .. A] =
    sum[v in max(first[t] - 4 * j, 0) .. min(at[t].pos + 1 - 4 * j, 4)](x[t, h, a] * double[a] * s.v[at[t].seq, 4 * j + v, h / (H / G), a])
  y[t, h, a] = sum[j in first[t] / 4 .. at[t].pos / 4 + 1](part[t, h, j, a])
  order ascending(v), ascending(j)
}

schedule near for go { loop h, t  parallel h, t  lanes a by 4 UNROLL }
`

const (
	nearSeqs, nearPages = 2, 4                  // sequences, and pages each may have
	nearH, nearG, nearA = int64(6), int64(2), 6 // a head of the state for three
)

// TestSideBySide: rows of several sequences, at places that follow each other or don't, with a window or without, give the
// same bits whether those that agree run side by side or not, however the work is cut; and it is those that do.
func TestSideBySide(t *testing.T) {
	const seed = 1
	r := rand.New(rand.NewPCG(seed, 2))
	joined, apart := 0, 0
	for trial := range 60 {
		n := 2 + trial%3
		plain, p := lowerNear(t, ""), lowerNear(t, fmt.Sprintf("unroll t by %d", n))
		c := newNear(r, 1+trial%13, []int{0, 3, 6}[trial/3%3])
		want, got := c.run(t, plain, 0, c.work()), []byte{}
		cut := r.Int64N(c.work() + 1)
		first, second := c.run(t, p, 0, cut), c.run(t, p, cut, c.work())
		for i := range want { // what a range does not compute stays 0
			got = append(got, first[i]|second[i])
		}
		y := plain.Bufs[len(plain.Bufs)-1]
		if at := looptest.Differs(y, want, got); at >= 0 {
			t.Fatalf("seed %d, trial %d: y[%d] differs\n%s", seed, trial, at, loop.Print(p))
		}
		leaveOut(t, p)
		left := c.run(t, p, 0, c.work())
		for w := range c.work() {
			at := 4 * nearA * (w%c.rows*nearH + w/c.rows)
			row := string(left[at : at+4*nearA])
			together := c.agree(w-w%int64(n), int64(n))
			if done := row == string(want[at:at+4*nearA]); done == together {
				t.Fatalf("seed %d, trial %d: item %d agrees with its neighbours: %v; it is computed alone: %v", seed, trial, w, together, done)
			}
			if together {
				joined++
			} else {
				apart++
			}
		}
	}
	if joined < 100 || apart < 100 {
		t.Errorf("%d items ran side by side, %d alone", joined, apart)
	}
}

func lowerNear(t *testing.T, unroll string) *loop.Program {
	t.Helper()
	file, err := grammar.Parse("p.vibee", []byte(strings.ReplaceAll(near, "UNROLL", unroll)))
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
	if text := loop.Print(p); strings.Contains(text, "let read") != (unroll != "") {
		t.Fatalf("what is read once for several turns:\n%s", text)
	}
	return p
}

// leaveOut takes what turns do side by side out of a program.
func leaveOut(t *testing.T, p *loop.Program) {
	found := 0
	loop.WalkStmts(p.Body, func(s loop.Stmt) {
		if s, ok := s.(*loop.If); ok && loop.Text(s.Cond) == "alike" {
			s.Then = nil
			found++
		}
	})
	if found != 1 {
		t.Fatalf("there are %d places where turns run side by side\n%s", found, loop.Print(p))
	}
}

// nearCase is a batch of rows.
type nearCase struct {
	rows     int64
	window   int64
	seq, pos []int64
	mem      map[string][]byte
}

func newNear(r *rand.Rand, rows, window int) *nearCase {
	c := &nearCase{rows: int64(rows), window: int64(window), mem: map[string][]byte{}}
	for t := range rows {
		seq, pos := r.Int64N(nearSeqs), r.Int64N(4*nearPages)
		if t > 0 && r.IntN(6) > 0 { // it follows the row before
			seq, pos = c.seq[t-1], min(c.pos[t-1]+1, 4*nearPages-1)
		}
		c.seq, c.pos = append(c.seq, seq), append(c.pos, pos)
		c.mem["atSeq"] = binary.LittleEndian.AppendUint32(c.mem["atSeq"], uint32(seq))
		c.mem["atPos"] = binary.LittleEndian.AppendUint32(c.mem["atPos"], uint32(pos))
	}
	for _, page := range r.Perm(nearSeqs * nearPages) {
		c.mem["sTable"] = binary.LittleEndian.AppendUint32(c.mem["sTable"], uint32(page))
	}
	c.mem["x"] = randomFloats(r, c.rows*nearH*nearA)
	for _, hard := range []float64{math.Copysign(0, -1), math.Inf(1), math.NaN()} { // what more or fewer products would change
		binary.LittleEndian.PutUint32(c.mem["x"][4*r.IntN(len(c.mem["x"])/4):], math.Float32bits(float32(hard)))
	}
	c.mem["g"] = randomFloats(r, nearA)
	c.mem["s"] = randomFloats(r, nearSeqs*nearPages*4*nearG*nearA)
	return c
}

func (c *nearCase) work() int64 { return c.rows * nearH }

// run computes items lo to hi of what else holds 0.
func (c *nearCase) run(t *testing.T, p *loop.Program, lo, hi int64) []byte {
	t.Helper()
	mem := looptest.Memory{}
	for _, b := range p.Bufs {
		mem[b] = c.mem[b.Name]
	}
	y := make([]byte, 4*c.work()*nearA)
	mem[p.Bufs[len(p.Bufs)-1]] = y
	var dims []int64
	for _, d := range p.Dims {
		dims = append(dims, map[string]int64{"T": c.rows, "H": nearH, "A": nearA, "G": nearG, "sPages": nearPages, "window": c.window}[d.Name])
	}
	if err := looptest.Run(p, mem, dims, nil, lo, hi); err != nil {
		t.Fatalf("%v\n%s", err, loop.Print(p))
	}
	return y
}

// agree reports whether n items from w on read the same pages of one head.
func (c *nearCase) agree(w, n int64) bool {
	if w+n > c.work() {
		return false
	}
	reads := func(w int64) [4]int64 {
		t, first := w%c.rows, int64(0)
		if c.window > 0 {
			first = max(c.pos[t]+1-c.window, 0)
		}
		return [4]int64{c.seq[t], first / 4, c.pos[t] / 4, w / c.rows / (nearH / nearG)}
	}
	for i := range n {
		if reads(w+i) != reads(w) {
			return false
		}
	}
	return true
}
