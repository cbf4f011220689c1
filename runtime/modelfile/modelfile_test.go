package modelfile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/tri"
)

var formats = []plan.Format{
	{Name: "f32", GGUF: 0, Rows: 1, Block: 1, Bytes: 4, Digest: "00"},
	{Name: "tailed", GGUF: 9, Rows: 1, Block: 2, Bytes: 1, Tail: 4, Digest: "09"},
	{Name: "tailed_x4", GGUF: -1, Rows: 4, Block: 2, Bytes: 3, Tail: 4, Packs: "tailed", Digest: "94"},
}

// seen is what a file shows of a tensor.
type seen struct {
	Name, Type, Format string
	Dims               []uint64
	Rows, Tail         string
	Err                string
}

func look(f *modelfile.File) (all []seen) {
	for i := range f.Tensors {
		x := &f.Tensors[i]
		s := seen{Name: x.Name, Type: x.Type, Dims: x.Dims}
		if x.Format != nil {
			rows, tail, err := x.Data()
			s.Format, s.Rows, s.Tail = x.Format.Name, string(rows), string(tail)
			if err != nil {
				s.Err = err.Error()
			}
		}
		all = append(all, s)
	}
	return all
}

// opened writes bytes to a file and opens it.
func opened(t *testing.T, data []byte) (*modelfile.File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := modelfile.Open(path, formats)
	if err == nil {
		t.Cleanup(func() { f.Close() })
	} else if !strings.HasPrefix(err.Error(), path+": ") {
		t.Errorf("%v does not begin with the path", err)
	}
	return f, err
}

func TestGGUF(t *testing.T) {
	data := ggufwrite.New().Set("a", "x").Add("plain", 0, []uint64{2}, []byte("12345678")).
		Add("tailed", 9, []uint64{4, 2}, []byte("abcdTAIL")).Add("other", 99, []uint64{1}, []byte("?")).Bytes()
	f, err := opened(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if f.Kind != modelfile.GGUF || f.Version != 3 || f.Size() != len(data) || f.Check(1) != nil {
		t.Errorf("%s version %d of %d bytes", f.Kind, f.Version, f.Size())
	}
	if diff := cmp.Diff([]string{"f32", "tailed"}, f.Supported()); diff != "" {
		t.Error(diff)
	}
	want := []seen{
		{Name: "plain", Type: "0", Format: "f32", Dims: []uint64{2}, Rows: "12345678"},
		{Name: "tailed", Type: "9", Format: "tailed", Dims: []uint64{4, 2}, Rows: "abcd", Tail: "TAIL"},
		{Name: "other", Type: "99", Dims: []uint64{1}},
	}
	if diff := cmp.Diff(want, look(f)); diff != "" {
		t.Error(diff)
	}
	if x, ok := f.Tensor("tailed"); !ok || x.Values() != 8 {
		t.Errorf("%v, %v", x, ok)
	}
	if v, ok := f.Value("a"); !ok || v.String() != `"x"` {
		t.Errorf("%v, %v", v, ok)
	}
}

// stored is a tensor of a .tri file.
type stored struct {
	tri.Tensor
	rows string
}

func triOf(t *testing.T, metadata []byte, tensors ...stored) []byte {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var table []tri.Tensor
	for _, x := range tensors {
		table = append(table, x.Tensor)
	}
	w, err := tri.NewWriter(file, metadata, table)
	for i := 0; err == nil && i < len(tensors); i++ {
		err = w.Write([]byte(tensors[i].rows))
	}
	if err == nil {
		err = w.Close()
	}
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestTri(t *testing.T) {
	keys := ggufwrite.New().Set("a", "x").Bytes()
	data := triOf(t, keys,
		stored{tri.Tensor{Name: "plain", Dims: []uint64{2}, Format: "f32", Digest: "00"}, "12345678"},
		stored{tri.Tensor{Name: "packed", Dims: []uint64{4, 5}, Format: "tailed_x4", Digest: "94", Tail: []byte("TAIL")}, "abcdefghijkl"},
		stored{tri.Tensor{Name: "older", Dims: []uint64{2}, Format: "f32", Digest: "01"}, "12345678"},
		stored{tri.Tensor{Name: "short", Dims: []uint64{3}, Format: "f32", Digest: "00"}, "12345678"},
		stored{tri.Tensor{Name: "narrow", Dims: []uint64{3, 1}, Format: "tailed", Digest: "09", Tail: []byte("TAIL")}, "1"},
		stored{tri.Tensor{Name: "tailless", Dims: []uint64{2, 1}, Format: "tailed", Digest: "09"}, "1"},
		stored{tri.Tensor{Name: "huge", Dims: []uint64{1 << 62}, Format: "f32", Digest: "00"}, "1"},
		stored{tri.Tensor{Name: "other", Dims: []uint64{1}, Format: "q99", Digest: "00"}, "?"},
	)
	f, err := opened(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if f.Kind != modelfile.Tri || f.Version != tri.Version || f.Size() != len(data) {
		t.Errorf("%s version %d of %d bytes", f.Kind, f.Version, f.Size())
	}
	if err := f.Check(2); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]string{"f32", "tailed", "tailed_x4"}, f.Supported()); diff != "" {
		t.Error(diff)
	}
	got := map[string]string{}
	for _, s := range look(f) {
		got[s.Name] = s.Format + "|" + s.Rows + "|" + s.Tail + "|" + s.Err
	}
	want := map[string]string{
		"plain":    "f32|12345678||",
		"packed":   "tailed_x4|abcdefghijkl|TAIL|",
		"older":    `f32|12345678||tri: tensor "older" is stored as f32 of another version: convert the model again`,
		"short":    `f32|12345678||tri: tensor "short": [3] values of f32 are not 8 bytes`,
		"narrow":   `tailed|1|TAIL|tri: tensor "narrow": width 3 is no multiple of the 2 values of a block of tailed`,
		"tailless": `tailed|1||tri: tensor "tailless": a tail of 0 bytes, tailed has 4`,
		"huge":     `f32|1||tri: tensor "huge": [4611686018427387904] values of f32 are not 1 bytes`,
		"other":    "|||",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if v, ok := f.Value("a"); !ok || v.String() != `"x"` || len(f.Keys()) != 1 {
		t.Errorf("%v, %v", v, ok)
	}
	data[len(data)-1] ^= 1
	f, err = opened(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Check(2); err == nil || !strings.HasPrefix(err.Error(), `tri: section "other" is damaged, `) {
		t.Errorf("damaged: %v", err)
	}
}

func TestErrors(t *testing.T) {
	keys := ggufwrite.New().Set("a", "x").Bytes()
	for _, c := range []struct {
		what string
		data []byte
		want string
	}{
		{"no model", []byte("hello, world"), `gguf: magic: the file begins with "hell"`},
		{"a copy made as text", []byte("\x89TRI\n\x1a\n and more than a header takes"), "tri: magic: the file begins with "},
		{"metadata that is none", triOf(t, []byte("none")), "tri: the metadata: gguf: magic: "},
		{"metadata with a tensor", triOf(t, ggufwrite.New().Add("a", 0, []uint64{1}, make([]byte, 4)).Bytes()), "tri: the metadata lists 1 tensors of its own"},
		{"a file without its end", triOf(t, keys)[:4100], "tri: the metadata ends at "},
	} {
		if _, err := opened(t, c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
	if _, err := modelfile.Open(filepath.Join(t.TempDir(), "absent"), formats); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
}

// TestClose: the memory is given back once, and the file is empty then.
func TestClose(t *testing.T) {
	n := 0
	f, err := modelfile.Own(ggufwrite.New().Set("a", "x").Bytes(), func() error { n++; return errors.New("stuck") }, formats)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err == nil || err.Error() != "close: stuck" {
		t.Error(err)
	}
	if err := f.Close(); err != nil || n != 1 {
		t.Errorf("given back %d times, %v", n, err)
	}
	if _, ok := f.Value("a"); ok || len(f.Keys()) != 0 || len(f.Tensors) != 0 {
		t.Error("a closed file has contents")
	}
}
