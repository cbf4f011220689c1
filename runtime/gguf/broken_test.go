package gguf_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

// A broken file, and what the error must contain: one of the texts.
type broken struct {
	what string
	data []byte
	want []string
}

// element is the part of an error that says where in an array it is.
var element = regexp.MustCompile(`element \d+: `)

// truncations cuts the sample at and inside each of its fields.
func truncations() []broken {
	data, fields := sample().Layout()
	var all []broken
	for _, f := range fields {
		label := f.Owner + ": " + f.Name
		// A count is refused as soon as what it counts can't be there.
		want := []string{strings.TrimPrefix(label, ": "), f.Owner + ": array count", "tensor count", "key count"}
		if f.Name == "data" {
			want = []string{f.Owner + ": offset"}
		}
		cuts := []int{f.Start, f.Start + (f.End-f.Start)/2, f.End - 1}
		if f.Name == "data" {
			cuts = cuts[:1]
		}
		for i, cut := range cuts {
			if cut >= f.Start && cut < f.End && (i == 0 || cut != cuts[i-1]) {
				all = append(all, broken{fmt.Sprintf("%s cut at %d", label, cut), data[:cut:cut], want})
			}
		}
	}
	return all
}

// lies puts other numbers into the sample's lengths, counts, types and offsets.
func lies() []broken {
	data, fields := sample().Layout()
	size := uint64(len(data))
	long := []uint64{size, 1 << 31, 1 << 32, 1<<62 - 1, 1<<63 - 1, 1 << 63, 1<<64 - 8, 1<<64 - 1}
	numbers := map[string][]uint64{
		"name length":     append([]uint64{0}, long...),
		"string length":   long,
		"array count":     long,
		"tensor count":    long,
		"key count":       long,
		"array type":      {13, 1<<32 - 1},
		"dimension count": {0, 5, 1 << 31, 1<<32 - 1},
		"dimension":       {0, 1 << 63, 1<<64 - 1},
		"offset":          {1, 31, size &^ 31, 1 << 63, 1<<64 - 32, 1<<64 - 1},
		"bool":            {2, 255},
		"name":            {0xff, 0xc0},
		"version":         {0, 1, 4, 1 << 24, 2 << 24, 3 << 24, 0xffffffff},
		"magic":           {0, 'g'},
	}
	var all []broken
	for _, f := range fields {
		lies := numbers[f.Name]
		if f.Name == "type" && strings.HasPrefix(f.Owner, "key") {
			lies = []uint64{13, 1 << 31, 1<<32 - 1}
		}
		for _, n := range lies {
			b := bytes.Clone(data)
			switch f.End - f.Start {
			case 4:
				binary.LittleEndian.PutUint32(b[f.Start:], uint32(n))
			case 8:
				binary.LittleEndian.PutUint64(b[f.Start:], n)
			default:
				b[f.Start] = byte(n)
			}
			if f.Name == "name" || f.Name == "magic" {
				b = bytes.Clone(data)
				b[f.Start] = byte(n)
			}
			label := strings.TrimPrefix(f.Owner+": "+strings.TrimSuffix(f.Name, " length"), ": ")
			all = append(all, broken{fmt.Sprintf("%s: %s = %d", f.Owner, f.Name, n), b, []string{label}})
		}
	}
	return all
}

// wrongs are files that are wrong in one stated way.
func wrongs() []broken {
	file := ggufwrite.New
	one, four := []uint64{1}, make([]byte, 4)
	deep := func(n int) []byte { // an array in an array in …
		b := file().Set("deep", []uint8{}).Bytes()
		head, tail := b[:24+8+4+4], b[24+8+4+4:]
		nest := bytes.Repeat([]byte{9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}, n)
		return slices.Concat(head, nest, tail)
	}
	misplaced := func() []byte {
		b, fields := file().Add("a", 0, one, four).Add("b", 0, one, four).Layout()
		for _, f := range fields {
			if f.Owner == `tensor "b"` && f.Name == "offset" {
				binary.LittleEndian.PutUint64(b[f.Start:], 0)
			}
		}
		return b
	}
	crowd := file()
	for i := range 1000 {
		crowd.Add(fmt.Sprint("t", i), 0, one, nil)
	}
	big := []byte("GGUF\x00\x00\x00\x03" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "\x00\x00\x00\x00\x00\x00\x00\x01")
	return []broken{
		{"nothing", nil, []string{"magic: needs 4 bytes, the file has 0 left"}},
		{"one byte", []byte("G"), []string{"magic: needs 4 bytes, the file has 1 left"}},
		{"an old ggml file", []byte("lmgg\x01\x00\x00\x00aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), []string{`magic: the file begins with "lmgg"`}},
		{"a web page", []byte("<!DOCTYPE html><html>not found</html>"), []string{`magic: the file begins with "<!DO"`}},
		{"big-endian", big, []string{"version: the file is big-endian (version 3)"}},
		{"version 1", []byte("GGUF\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"), []string{"version: 1 is too old"}},
		{"version 4", []byte("GGUF\x04\x00\x00\x00"), []string{"version: 4 is unknown"}},
		{"alignment 0", file().Set("general.alignment", uint32(0)).Bytes(), []string{`key "general.alignment": 0 is no alignment`}},
		{"alignment 4", file().Set("general.alignment", uint32(4)).Bytes(), []string{`key "general.alignment": 4 is no alignment`}},
		{"alignment 24", file().Set("general.alignment", uint32(24)).Bytes(), []string{`key "general.alignment": 24 is no alignment`}},
		{"alignment -32", file().Set("general.alignment", int32(-32)).Bytes(), []string{`key "general.alignment": -32 is no alignment`}},
		{"alignment 32.0", file().Set("general.alignment", float32(32)).Bytes(), []string{`key "general.alignment": 32 is no alignment`}},
		{"alignment as text", file().Set("general.alignment", "32").Bytes(), []string{`key "general.alignment": "32" is no alignment`}},
		{"a huge alignment", file().Set("general.alignment", uint64(1<<63)).Add("a", 0, one, four).Bytes(), []string{`tensor "a": offset: 0 after the start of data at 9223372036854775808`}},
		{"a key twice", file().Set("a", uint8(1)).Set("b", uint8(1)).Set("a", "x").Bytes(), []string{`key 2: "a" was given before, by key 0`}},
		{"a tensor twice", file().Add("a", 0, one, four).Add("b", 0, one, four).Add("b", 0, one, four).Bytes(), []string{`tensor 2: "b" was given before, by tensor 1`}},
		{"two tensors at one place", misplaced(), []string{`tensor "b": offset: 0 is where tensor "a" begins`}},
		{"tensors without bytes", crowd.Bytes(), []string{`tensor "t0": offset: 0 after the start of data`}},
		{"a thousand tensors in 4 bytes", append(crowd.Bytes(), 1, 2, 3, 4), []string{"tensor count: 1000 tensors cannot all begin in 4 bytes of data"}},
		{"no dimensions", file().Add("a", 0, nil, four).Bytes(), []string{`tensor "a": dimension count: 0, must be 1 to 4`}},
		{"five dimensions", file().Add("a", 0, []uint64{1, 1, 1, 1, 1}, four).Bytes(), []string{`tensor "a": dimension count: 5, must be 1 to 4`}},
		{"dimensions that overflow", file().Add("a", 0, []uint64{1 << 32, 1 << 31}, four).Bytes(), []string{`tensor "a": dimension 1: the product of [4294967296 2147483648] overflows`}},
		{"dimensions that wrap to 1", file().Add("a", 0, []uint64{1 << 32, 1 << 32, 1}, four).Bytes(), []string{`tensor "a": dimension 1: the product of`}},
		{"dimensions of which one is 0", file().Add("a", 0, []uint64{4, 0, math.MaxUint64}, four).Bytes(), []string{`tensor "a": dimension 1: is 0`}},
		{"a tensor without a name", file().Add("", 0, one, make([]byte, 99)).Bytes(), []string{"tensor 0: name: is empty"}},
		{"a tensor with a long name", file().Add(strings.Repeat("x", 257), 0, one, four).Bytes(), []string{"tensor 0: name: 257 bytes long, at most 256 are allowed"}},
		{"a tensor whose name is not UTF-8", file().Add("a\xff", 0, one, four).Bytes(), []string{`tensor 0: name: "a\xff" is not UTF-8`}},
		{"a key without a name", file().Set("", uint64(0)).Bytes(), []string{"key 0: name: is empty"}},
		{"a long key", file().Set(strings.Repeat("x", 1<<16), uint8(0)).Bytes(), []string{"key 0: name: 65536 bytes long, at most 65535 are allowed"}},
		{"a key that is not UTF-8", file().Set("\xc3(", uint8(0)).Bytes(), []string{`key 0: name: "\xc3(" is not UTF-8`}},
		{"arrays 9 deep", deep(8), []string{`key "deep": element 0: element 0: element 0: element 0: element 0: element 0: element 0: element 0: array: nested more than 8 deep`}},
		{"arrays 100,000 deep", deep(100000), []string{"array: nested more than 8 deep"}},
	}
}

func allBroken() []broken { return append(append(truncations(), lies()...), wrongs()...) }

func TestBrokenFiles(t *testing.T) {
	all := allBroken()
	if len(all) < 300 {
		t.Errorf("only %d broken files were made", len(all))
	}
	for _, c := range all {
		f, err := gguf.Parse(c.data)
		if err == nil {
			t.Errorf("%s: no error (%d keys, %d tensors)", c.what, len(f.Keys()), len(f.Tensors))
			continue
		}
		named := false
		for _, want := range c.want {
			named = named || strings.Contains(err.Error(), want) || strings.Contains(element.ReplaceAllString(err.Error(), ""), want)
		}
		if !named {
			t.Errorf("%s: the error does not name it: %v (want one of %q)", c.what, err, c.want)
		}
		if text := err.Error(); !strings.HasPrefix(text, "gguf: ") || strings.ContainsAny(text, "\n\x00") || len(text) > 1000 {
			t.Errorf("%s: the error is not one short sentence: %q", c.what, text)
		}
	}
	t.Logf("%d broken files", len(all))
}

func TestArraysNestedToTheLimit(t *testing.T) {
	for _, c := range wrongs() {
		if c.what == "arrays 9 deep" {
			b := bytes.Clone(c.data) // one level less: drop one array's head
			f := parse(t, append(b[:40], b[52:]...))
			if v, ok := f.Value("deep"); !ok || !strings.HasSuffix(v.String(), "u8[0] {}}}}}}}}") {
				t.Errorf("deep = %v", v)
			}
			return
		}
	}
	t.Fatal("no such file")
}

// A file whose end is missing opens: only who knows the formats can tell, in Sized.
func TestTruncatedData(t *testing.T) {
	data, fields := sample().Layout()
	last := fields[len(fields)-1]
	f := parse(t, data[:last.End-1])
	tensor, _ := f.Tensor("cube")
	_, err := tensor.Sized(1, 2, 0)
	want := fmt.Sprintf(`gguf: tensor "cube": data ends at %d, file at %d: fetch the whole file again`, last.End, last.End-1)
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
