package shared

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Root is the folder of golden data: $TRINITY_SHARED, else ../shared beside the
// project's root.
func Root() string {
	if dir := os.Getenv("TRINITY_SHARED"); dir != "" {
		return dir
	}
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..", "shared")
}

// Path gives the place of a golden file, and skips the test when it is absent.
func Path(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(Root(), filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("shared: %s is absent: set TRINITY_SHARED to the folder of golden data", path)
	}
	return path
}

// Model gives the path of a real model ("smollm2"), and skips the test when it
// can't be had.
func Model(t testing.TB, name string) string {
	t.Helper()
	get := Path(t, "models/get")
	out, err := exec.Command(get, name).Output()
	if err != nil {
		t.Skipf("shared: %s %s: %v", get, name, err)
	}
	return strings.TrimSpace(string(out))
}
