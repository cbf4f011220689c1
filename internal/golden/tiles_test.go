package golden

import (
	"bytes"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/amxemu"
	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// tiled runs the kernels that have tiles with them, and the others in plain Go.
type tiled struct {
	exec.Native
	calls *atomic.Int64
}

func (r tiled) Run(k *plan.Kernel, c *plan.Call, lo, hi int, scratch []byte) error {
	for _, v := range k.Variants {
		if v.CPU == "amx" {
			k = cpu.Kernel(k, v.CPU)
			lines := make([][64]byte, k.Scratch(c)/64+1)
			scratch = plan.View[byte](plan.Of(lines))
			r.calls.Add(1)
		}
	}
	k.Run(c, lo, hi, scratch)
	return nil
}

// packed binds a model whose activations are of 8 bits.
func packed(t *testing.T, path string) *bind.Program {
	f, err := gguf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	v, _ := f.Value("general.architecture")
	arch, _ := v.Text()
	p, err := bind.BindPacked(gen.Models[arch], modelfile.OfGGUF(f, gen.Formats), bind.Packing{Op: gen.Host["pack"], Formats: gen.Formats})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestTiles: whole models of each type have the same bits with tiles as in plain Go, in a child for which tiles are
// emulated where this processor has none.
func TestTiles(t *testing.T) {
	dir := shared.Path(t, "golden/quant")
	if !cpu.Has("avx512") {
		t.Skip("this processor lacks avx512, which kernels with tiles use too")
	}
	if !amxemu.Active() {
		var out bytes.Buffer
		n, err := amxemu.Run([]string{os.Args[0], "-test.run=^TestTiles$", "-test.v", "-test.count=1"}, &out)
		switch {
		case errors.Is(err, amxemu.ErrUnavailable):
			t.Skip(err)
		case err != nil || !strings.Contains(out.String(), "--- PASS: TestTiles"):
			t.Errorf("%v\n%s", err, out.String())
		case n == 0 && !cpu.Has("amx"):
			t.Errorf("no tile was used\n%s", out.String())
		}
		t.Logf("%d instructions emulated", n)
		return
	}
	cpu.Has("amx") // asks the kernel for tiles, where there are any
	files, err := filepath.Glob(filepath.Join(dir, "*Q*.gguf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no models in %s: %v", dir, err)
	}
	list := tokens(t, filepath.Join(dir, "tokens.json"))
	for _, path := range append(files, shared.Path(t, "golden/arch/bitnet-b1.58-i2_s.gguf")) { // the last has one scale a tensor
		t.Run(strings.TrimSuffix(filepath.Base(path), ".gguf"), func(t *testing.T) {
			p := packed(t, path)
			want := logits(t, p, list, exec.Options{Batch: 32, Runner: exec.Native{CPU: cpu.Generic}})
			calls := &atomic.Int64{}
			got := logits(t, p, list, exec.Options{Batch: 32, Runner: tiled{calls: calls}})
			for i := range want {
				if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
					t.Fatalf("logit %d is %v, in plain Go %v", i, got[i], want[i])
				}
			}
			if calls.Load() == 0 {
				t.Error("no kernel with tiles was called")
			}
		})
	}
}
