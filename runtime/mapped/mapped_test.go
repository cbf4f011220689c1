package mapped_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/runtime/mapped"
)

func TestOpen(t *testing.T) {
	want := []byte("some bytes of a file")
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	data, release, err := mapped.Open(path)
	if err != nil || !bytes.Equal(data, want) {
		t.Errorf("%q, %v", data, err)
	}
	if release != nil {
		if err := release(); err != nil {
			t.Error(err)
		}
	}
	data, isMapped, err := mapped.LoadUnmapped(path)
	if err != nil || isMapped || !bytes.Equal(data, want) {
		t.Errorf("where nothing can be mapped: %q, mapped: %v, %v", data, isMapped, err)
	}
}

// TestForget: what is forgotten is read again, and memory that is no part of the file keeps what it holds.
func TestForget(t *testing.T) {
	page := os.Getpagesize()
	want := bytes.Repeat([]byte("words "), page)
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	data, release, err := mapped.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	other := slices.Clone(want)
	for _, part := range [][]byte{nil, data, data[1:], data[:page], data[page : 2*page], data[1 : len(data)-1], data[len(data):], other} {
		mapped.Forget(data, part)
		mapped.Forget(nil, part)
		if !bytes.Equal(data, want) || !bytes.Equal(other, want) {
			t.Errorf("%d bytes forgotten: something else is read", len(part))
		}
	}
	if release != nil {
		if err := release(); err != nil {
			t.Error(err)
		}
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ path, want string }{
		{dir, dir + " is a directory: name the model file inside it"},
		{empty, empty + " is empty: fetch the model again"},
		{os.DevNull, os.DevNull + " is not a regular file"},
	} {
		if _, _, err := mapped.Open(c.path); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	if _, _, err := mapped.Open(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}
