package golden

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/exec"
)

// TestVariants: whole models have the same bits on every variant as in plain Go.
func TestVariants(t *testing.T) {
	for _, v := range cpu.Variants {
		if !cpu.Has(v.Name) {
			t.Logf("this processor lacks %s (%s)", v.Name, v.Has)
		}
	}
	for folder, ids := range map[string]string{"golden/arch": "llama.json", "golden/quant": "tokens.json"} {
		dir := shared.Path(t, folder)
		files, err := filepath.Glob(filepath.Join(dir, "*.gguf"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no models in %s: %v", dir, err)
		}
		list := tokens(t, filepath.Join(dir, ids))
		for _, path := range files {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".gguf"), func(t *testing.T) {
				p := program(t, path)
				want := logits(t, p, list, exec.Options{Batch: 32, Runner: exec.Native{CPU: cpu.Generic}})
				for _, v := range cpu.Variants {
					if !cpu.Has(v.Name) {
						continue
					}
					for _, batch := range []int{1, 32} {
						got := logits(t, p, list, exec.Options{Batch: batch, Runner: exec.Native{CPU: v.Name}})
						for i := range want {
							if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
								t.Errorf("%s, batches of %d: logit %d is %v, in plain Go %v", v.Name, batch, i, got[i], want[i])
								break
							}
						}
					}
				}
			})
		}
	}
}
