package vm

import (
	"bytes"
	"sync"
	"testing"
)

// TestParallel: machines share a program, and ranges of one call in any order give the same bytes.
func TestParallel(t *testing.T) {
	p, err := Assemble(matmul)
	if err != nil {
		t.Fatal(err)
	}
	p.Bufs[1].Size = nil
	if err := p.Verify(); err != nil {
		t.Fatal(err)
	}
	const M, K = 64, 14
	w, x := bytes.Repeat([]byte{3, 0x3c, 200, 17, 9, 44, 255}, M*16/7+1), bytes.Repeat(f32s(1, -2.5, 1e-3, 7), 7)
	want, got := make([]byte, 4*M), make([]byte, 4*M)
	var m Machine
	if err := m.Run(p, &Args{Bufs: [][]byte{w, x, want}, Dims: []int{M, K}}, 0, M, Limits{}); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for lo := M - 4; lo >= 0; lo -= 4 {
		group.Go(func() {
			var m Machine
			if err := m.Run(p, &Args{Bufs: [][]byte{w, x, got}, Dims: []int{M, K}}, lo, lo+4, Limits{}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if !bytes.Equal(want, got) {
		t.Error("ranges give other bytes")
	}
}
