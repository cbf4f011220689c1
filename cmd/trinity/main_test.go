package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// program is the binary under test.
var program string

func TestMain(m *testing.M) { os.Exit(build(m)) }

func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "trinity")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	program = filepath.Join(dir, "trinity")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// outcome is what a run of the program left.
type outcome struct {
	code           int // -1: a signal ended it
	stdout, stderr string
}

// run runs the program with no input but stdin.
func run(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	var out bytes.Buffer
	o := runInto(t, strings.NewReader(stdin), &out, args...)
	o.stdout = out.String()
	return o
}

func runInto(t *testing.T, stdin io.Reader, stdout io.Writer, args ...string) outcome {
	t.Helper()
	var stderr bytes.Buffer
	c := exec.Command(program, args...)
	c.Stdin, c.Stdout, c.Stderr = stdin, stdout, &stderr
	c.WaitDelay = time.Minute
	err := c.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		t.Fatalf("trinity %s: %v", strings.Join(args, " "), err)
	}
	return outcome{code: c.ProcessState.ExitCode(), stderr: stderr.String()}
}

// must runs the program, which must succeed, and gives its output.
func must(t *testing.T, args ...string) string {
	t.Helper()
	o := run(t, "", args...)
	if o.code != 0 {
		t.Fatalf("trinity %s: exit code %d: %s", strings.Join(args, " "), o.code, o.stderr)
	}
	return o.stdout
}
