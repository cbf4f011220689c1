package architectures

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/pages"
	"github.com/trinity-engine/trinity/runtime/reference"
)

// tolerance is the largest difference of a logit, as a share of the largest logit.
const tolerance = 3e-5

// session runs a program.
type session struct {
	*exec.Engine
	t      testing.TB
	logits int
	want   bind.Outputs
}

func start(t testing.TB, p *bind.Program, o exec.Options) *session {
	t.Helper()
	o.Context, o.Sequences, o.Outputs = 256, 2, o.Batch
	e, err := exec.New(p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	s := &session{Engine: e, t: t}
	if s.want, err = p.Want("logits"); err != nil {
		t.Fatal(err)
	}
	for i := range p.Outputs {
		if s.want.Has(i) {
			s.logits = i
		}
	}
	return s
}

// run gives the logits of ids, in batches as large as the engine allows.
func (s *session) run(ids []int) []float32 {
	s.t.Helper()
	seq, err := s.Open()
	if err != nil {
		s.t.Fatal(err)
	}
	in, outs := make([]exec.Row, len(ids)), make([]int32, len(ids))
	for i, id := range ids {
		in[i], outs[i] = exec.Row{Token: int32(id), Seq: seq, Pos: int32(i)}, int32(i)
	}
	var all []float32
	err = s.Each(context.Background(), in, outs, s.want, func(int, int) error {
		all = append(all, s.Output(s.logits)...)
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// ragged runs two texts of one length at once, in batches that hold rows of both by turns, and gives the
// logits of the first.
func (s *session) ragged(ids, other []int) []float32 {
	s.t.Helper()
	random := rand.New(rand.NewPCG(3, 5))
	a, err := s.Open()
	if err != nil {
		s.t.Fatal(err)
	}
	b, err := s.Open()
	if err != nil {
		s.t.Fatal(err)
	}
	var all []float32
	for i, j := 0, 0; i < len(ids); {
		var in []exec.Row
		var outs []int32
		for range 1 + random.IntN(9) {
			if random.IntN(2) == 0 && i < len(ids) {
				outs = append(outs, int32(len(in)))
				in = append(in, exec.Row{Token: int32(ids[i]), Seq: a, Pos: int32(i)})
				i++
			} else if j < len(other) {
				in = append(in, exec.Row{Token: int32(other[j]), Seq: b, Pos: int32(j)})
				j++
			}
		}
		if err := s.Forward(context.Background(), in, outs, s.want); err != nil {
			s.t.Fatal(err)
		}
		if len(outs) > 0 {
			all = append(all, s.Output(s.logits)...)
		}
	}
	return all
}

func text(seed uint64, n int) []int {
	random := rand.New(rand.NewPCG(seed, seed))
	ids := make([]int, n)
	for i := range ids {
		ids[i] = random.IntN(vocabulary)
	}
	return ids
}

// TestModels runs each example as the VM does, by its loops and by its exact programs, against float64; how rows come in batches
// changes no bit.
func TestModels(t *testing.T) {
	e := compiled(t)
	for _, x := range examples {
		for _, p := range append([]packing{inF32, inQ8}, x.packings...) {
			t.Run(x.name+"/"+p.name, func(t *testing.T) {
				f := x.file(p)
				model := e.models[f.arch]
				if model == nil {
					t.Fatalf("no model for %q", f.arch)
				}
				program, err := bind.Bind(model, e.formats, f.open(t))
				if err != nil {
					t.Fatal(err)
				}
				ids := text(1, 72) // more than a page
				want := x.forward(f, ids)
				loop := reference.New(e.code, reference.Loop)
				whole := start(t, program, exec.Options{Batch: 72, Runner: loop}).run(ids)
				close(t, "loop", whole, want)
				if p.name == inF32.name {
					same(t, "one by one", start(t, program, exec.Options{Batch: 1, Threads: 2, Runner: loop}).run(ids), whole)
				}
				same(t, "two sequences", start(t, program, exec.Options{Batch: 16, Runner: loop}).ragged(ids, text(2, 72)), whole)
				exact := start(t, program, exec.Options{Batch: 72, Runner: reference.New(e.code, reference.Spec)})
				close(t, "spec", exact.run(ids), want)
			})
		}
	}
}

func close(t *testing.T, what string, got []float32, want rows) {
	t.Helper()
	n := len(want[0])
	if len(got) != len(want)*n {
		t.Fatalf("%s: %d logits, want %d", what, len(got), len(want)*n)
	}
	largest, worst, at := 0.0, 0.0, 0
	for i, v := range got {
		w := want[i/n][i%n]
		largest = max(largest, math.Abs(w))
		if d := math.Abs(float64(v) - w); d > worst || math.IsNaN(d) {
			worst, at = d, i
		}
	}
	t.Logf("%s: largest difference %.2g of the largest logit, %.3g", what, worst/largest, largest)
	if !(worst <= tolerance*largest) {
		t.Errorf("%s: logit %d of position %d is %v, want %v: off by %.3g of the largest", what, at%n, at/n, got[at], want[at/n][at%n], worst/largest)
	}
}

func same(t *testing.T, what string, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d logits, want %d", what, len(got), len(want))
	}
	for i := range got {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: logit %d is %v, not %v", what, i, got[i], want[i])
		}
	}
}

// TestPositionsEnd: a context ends where the table of positions does: 80 rows, of which quince leaves out two.
func TestPositionsEnd(t *testing.T) {
	e := compiled(t)
	program, err := bind.Bind(e.models["quince"], e.formats, quince(true)(inF32).open(t))
	if err != nil {
		t.Fatal(err)
	}
	s := start(t, program, exec.Options{Batch: 80, Runner: reference.New(e.code, reference.Loop)})
	if s.Context() != 78 {
		t.Errorf("a context of %d", s.Context())
	}
	seq, err := s.Open()
	if err != nil {
		t.Fatal(err)
	}
	in := make([]exec.Row, 79)
	for i := range in {
		in[i] = exec.Row{Seq: seq, Pos: int32(i)}
	}
	var full *pages.FullError
	if err := s.Forward(context.Background(), in, nil, 0); !errors.As(err, &full) {
		t.Errorf("79 positions: %v", err)
	}
	if err := s.Forward(context.Background(), in[:78], nil, 0); err != nil {
		t.Errorf("78 positions: %v", err)
	}
}
