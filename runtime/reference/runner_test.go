package reference

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// scaled is y[w] = c x[w] for x: f32[T, D], w < T D.
const scaled = `
program scaled 2
dim T
dim D
scalar c
const %5 int 1
local %6 int 1
local %7 f32 1
in x f32 size {
  mul %6 $T $D
} %6
out y f32 size {
  mul %6 $T $D
} %6
work {
  mul %6 $T $D
} %6
code
  for %6 $lo $hi 1
    load f32 %7 x %6
    mul %7 %7 $c
    store f32 y %6 %7
  end
`

// exact is the same program by another name, and of c + c.
var exact = strings.Replace(strings.Replace(scaled, "scaled", "exact", 1), "mul %7 %7 $c", "add %7 $c $c", 1)

func files(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{"damaged.vbc": {Data: []byte("TRIVM")}}
	for name, text := range map[string]string{"scaled": scaled, "exact": exact} {
		p, err := vm.Assemble(text)
		if err != nil {
			t.Fatal(err)
		}
		out[name+".vbc"] = &fstest.MapFile{Data: p.Encode()}
	}
	broken := slices.Clone(out["scaled.vbc"].Data)
	broken[len(broken)-1] ^= 1
	out["broken.vbc"] = &fstest.MapFile{Data: broken}
	return out
}

var kernel = &plan.Kernel{Name: "scaled", Loop: "scaled", Spec: "exact"}

// TestRunner runs ranges on several goroutines, as an engine does.
func TestRunner(t *testing.T) {
	const seed = 2
	random := rand.New(rand.NewPCG(seed, seed))
	x := make([]float32, 7*5)
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	for stage, want := range map[Stage]func(i int) float32{
		Loop: func(i int) float32 { return 3 * x[i] },
		Spec: func(int) float32 { return 6 },
	} {
		r := New(files(t), stage)
		y := make([]float32, len(x))
		c := &plan.Call{Buf: []plan.Buf{plan.Of(x), plan.Of(y)}, Dim: []int{7, 5}, F: []float32{3}}
		items, grain, err := r.Work(kernel, c)
		if items != 35 || grain != 2 || err != nil {
			t.Fatalf("%d items by %d, %v", items, grain, err)
		}
		var all sync.WaitGroup
		for lo := 0; lo < items; lo += 4 {
			all.Go(func() {
				if err := r.Run(kernel, c, lo, min(lo+4, items), nil); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		for i := range y {
			if y[i] != want(i) {
				t.Errorf("stage %d: y[%d] = %v, want %v", stage, i, y[i], want(i))
			}
		}
	}
}

func TestRunnerRefuses(t *testing.T) {
	x := make([]float32, 6)
	whole := &plan.Call{Buf: []plan.Buf{plan.Of(x), plan.Of(x)}, Dim: []int{2, 3}, F: []float32{1}}
	short := &plan.Call{Buf: []plan.Buf{plan.Of(x), plan.Of(x[:5])}, Dim: []int{2, 3}, F: []float32{1}}
	few := &plan.Call{Buf: whole.Buf[:1], Dim: []int{2, 3}, F: []float32{1}}
	for _, test := range []struct {
		program string
		call    *plan.Call
		want    string
	}{
		{"absent", whole, "reference: kernel k has no program absent"},
		{"damaged", whole, "reference: damaged: vm: not a bytecode program"},
		{"broken", whole, "reference: broken: vm: "},
		{"scaled", short, `buffer "y": 20 bytes given, want 24`},
		{"scaled", few, "1 buffers given, want 2"},
	} {
		r := New(files(t), Loop)
		err := r.Run(&plan.Kernel{Name: "k", Loop: test.program}, test.call, 0, 6, nil)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %s", test.program, err, test.want)
		}
	}
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Error("the runtime is for machines whose bytes are in little-endian order")
	}
}
