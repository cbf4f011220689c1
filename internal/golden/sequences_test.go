package golden

import (
	"context"
	"math"
	"path/filepath"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/exec"
)

// TestSequences runs sequences of different tokens side by side in ragged batches: each has the bits that it has
// alone.
func TestSequences(t *testing.T) {
	dir := shared.Path(t, "golden/quant")
	ids := tokens(t, filepath.Join(dir, "tokens.json"))
	p := program(t, filepath.Join(dir, "Q4_1.gguf"))
	texts := [][]int32{ids[:21], ids[9:], ids[4:5], ids[2:]}
	e, err := exec.New(p, exec.Options{Context: 64, Sequences: len(texts), Batch: 32, Outputs: 32})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	which, want := output(t, p, "logits")
	seqs, got := make([]int32, len(texts)), make([][]float32, len(texts))
	for s := range seqs {
		if seqs[s], err = e.Open(); err != nil {
			t.Fatal(err)
		}
	}
	for done := 0; done < 32; done += 5 { // position by position, the sequences in turns
		var rows []exec.Row
		var outs []int32
		var of []int
		for pos := done; pos < done+5; pos++ {
			for s, text := range texts {
				if pos < len(text) {
					outs, of = append(outs, int32(len(rows))), append(of, s)
					rows = append(rows, exec.Row{Token: text[pos], Seq: seqs[s], Pos: int32(pos)})
				}
			}
		}
		if err := e.Forward(context.Background(), rows, outs, want); err != nil {
			t.Fatal(err)
		}
		all := e.Output(which)
		for i, s := range of {
			row := len(all) / len(of)
			got[s] = append(got[s], all[i*row:][:row]...)
		}
	}
	for s, text := range texts {
		alone := logits(t, p, text, exec.Options{Batch: 32})
		if len(alone) != len(got[s]) {
			t.Fatalf("sequence %d: %d logits, want %d", s, len(got[s]), len(alone))
		}
		for i := range alone {
			if math.Float32bits(alone[i]) != math.Float32bits(got[s][i]) {
				t.Fatalf("sequence %d: logit %d is %v among others and %v alone", s, i, got[s][i], alone[i])
			}
		}
	}
}
