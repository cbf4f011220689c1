package ggufwrite_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/trinity-engine/trinity/internal/ggufwrite"
)

// A file byte by byte, as the format's description has it.
func TestBytes(t *testing.T) {
	got := ggufwrite.New().Set("k", []string{"ab", ""}).Set("n", int16(-2)).
		Add("w", 35, []uint64{2, 3}, []byte{7, 8}).Add("v", 0, []uint64{1}, []byte{9}).Bytes()
	want := "GGUF\x03\x00\x00\x00" + u64(2) + u64(2) +
		u64(1) + "k" + u32(9) + u32(8) + u64(2) + u64(2) + "ab" + u64(0) +
		u64(1) + "n" + u32(3) + "\xfe\xff" +
		u64(1) + "w" + u32(2) + u64(2) + u64(3) + u32(35) + u64(0) +
		u64(1) + "v" + u32(1) + u64(1) + u32(0) + u64(32)
	for len(want)%32 != 0 {
		want += "\x00"
	}
	want += "\x07\x08" + string(make([]byte, 30)) + "\x09"
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func u32(n byte) string { return string([]byte{n, 0, 0, 0}) }
func u64(n byte) string { return u32(n) + u32(0) }

func TestLayoutCoversTheFile(t *testing.T) {
	data, fields := ggufwrite.New().Set("k", [][]uint8{{1}, {}}).Add("w", 0, []uint64{1}, []byte{1, 2, 3, 4}).Layout()
	at := 0
	for _, f := range fields {
		if f.Start != at && f.Name != "data" {
			t.Errorf("%s: %s begins at %d, want %d", f.Owner, f.Name, f.Start, at)
		}
		at = f.End
	}
	if at != len(data) {
		t.Errorf("the fields end at %d, the file at %d", at, len(data))
	}
}
