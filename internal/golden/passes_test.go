package golden

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/modelfile"
)

// TestPasses: whole models, with exact and with int8 activations, have the same bits as where each step runs alone, whatever
// the batch and the number of threads.
func TestPasses(t *testing.T) {
	const seed = 5
	random := rand.New(rand.NewPCG(seed, seed))
	ids := make([]int32, 65)
	for i := range ids {
		ids[i] = random.Int32N(256)
	}
	var files []string
	for _, folder := range []string{"golden/arch", "golden/quant"} {
		found, err := filepath.Glob(filepath.Join(shared.Path(t, folder), "*.gguf"))
		if err != nil || len(found) == 0 {
			t.Fatalf("no models in %s: %v", folder, err)
		}
		files = append(files, found...)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".gguf"), func(t *testing.T) {
			for _, p := range []*bind.Program{program(t, path), quantizing(t, path)} {
				if len(p.Passes) >= len(p.Steps) {
					t.Errorf("%d passes for %d steps: none are together", len(p.Passes), len(p.Steps))
				}
				want := logits(t, p, ids, exec.Options{Batch: 65, Threads: 1, Observer: alone{}})
				for i, batch := range []int{1, 2, 64, 65} {
					for threads := 1; threads <= 4; threads++ {
						if (i+threads)%2 == 0 && testing.Short() {
							continue
						}
						got := logits(t, p, ids, exec.Options{Batch: batch, Threads: threads})
						for i := range want {
							if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
								t.Fatalf("batches of %d, %d threads: logit %d is %v, where steps run alone %v (seed %d)", batch, threads, i, got[i], want[i], seed)
							}
						}
					}
				}
			}
		})
	}
}

// alone sees each step, so that it runs alone.
type alone struct{}

func (alone) Before(*exec.Observation) error { return nil }
func (alone) After(*exec.Observation) error  { return nil }

// quantizing binds a model with int8 activations.
func quantizing(t *testing.T, path string) *bind.Program {
	t.Helper()
	f, err := modelfile.Open(path, gen.Formats)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	v, _ := f.Value("general.architecture")
	arch, _ := v.Text()
	p, err := bind.BindPacked(gen.Models[arch], f, bind.Packing{Op: gen.Host["pack"], Formats: gen.Formats})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
