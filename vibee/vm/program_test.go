package vm

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// programs are those of the specs, by name.
func programs(t testing.TB) map[string]*Program {
	t.Helper()
	files, err := filepath.Glob("../../gen/bytecode/*.vbc")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs in gen/bytecode: %v", err)
	}
	out := map[string]*Program{}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Decode(data)
		if err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		if !bytes.Equal(p.Encode(), data) {
			t.Errorf("%s: encodes to other bytes", f)
		}
		out[filepath.Base(f)] = p
	}
	return out
}

// TestRoundTrip takes every program of the specs through its text, and back to the same bytes.
func TestRoundTrip(t *testing.T) {
	for name, p := range programs(t) {
		q, err := Assemble(Disassemble(p))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(q.Encode(), p.Encode()) {
			t.Errorf("%s: reassembles to other bytes", name)
		}
	}
}
