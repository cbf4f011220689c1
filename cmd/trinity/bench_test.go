package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// benched runs bench with --json.
func benched(t *testing.T, args ...string) (r report) {
	t.Helper()
	out := must(t, append([]string{"bench", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return r
}

func TestBench(t *testing.T) {
	r := benched(t, "-p", "4", "-n", "2", "--runs", "2", "--threads", "1", "tales", "tales")
	if len(r.Models) != 2 || r.Machine.Threads != 1 || !(r.Machine.Read > 1e8 && r.Machine.Dots > 1e6) {
		t.Fatalf("%+v", r)
	}
	for _, b := range r.Models {
		if b.Model != "tales" || b.Type != "tq2_0" || b.Threads != 1 || b.Runs != 2 || b.Size < 2e6 || b.Size > 4e6 {
			t.Errorf("%+v", b)
		}
		for _, s := range []speed{b.Prefill, b.Decode} {
			if !(s.Median > 0 && s.Spread >= 0 && s.Share > 0) {
				t.Errorf("%+v", s)
			}
		}
		if b.Prefill.Tokens != 4 || b.Decode.Tokens != 2 || b.Decode.Work < 2e6 || b.Decode.Work > 4e6 || b.Prefill.Work < 5e6 || b.Prefill.Work > 8e6 {
			t.Errorf("%+v", b)
		}
	}
}

// TestBenchTable: every line has the columns of the first.
func TestBenchTable(t *testing.T) {
	out := must(t, "bench", "-p", "4", "-n", "2", "-r", "1", "tales")
	lines := strings.Split(out, "\n")
	if len(lines) < 5 || !strings.Contains(lines[0], "| model | ") || !strings.Contains(lines[2], "| pp4: ") || !strings.Contains(lines[2], "| tg2: ") || !strings.Contains(lines[4], " GB/s") {
		t.Fatalf("%s", out)
	}
	for _, l := range lines[1:3] {
		if strings.Count(l, "|") != strings.Count(lines[0], "|") || len([]rune(l)) != len([]rune(lines[0])) {
			t.Errorf("%q below %q", l, lines[0])
		}
	}
}

// TestBenchSave: what is written is the synthetic model; what can't be leaves no file.
func TestBenchSave(t *testing.T) {
	path := filepath.Join(t.TempDir(), "small.gguf")
	must(t, "bench", "--synthetic", "smol135:q4_0", "--save", path)
	r := benched(t, "-p", "1", "-n", "1", "-r", "1", path)
	if b := r.Models[0]; b.Model != "small.gguf" || b.Type != "q4_0" || b.Exact || b.Size < 75e6 || b.Size > 80e6 {
		t.Errorf("%+v", b)
	}
	if o := run(t, "", "bench", "--synthetic", "smol135:q4_k", "--save", path+"2"); o.code != exitFailed || !strings.Contains(o.stderr, "width 576") {
		t.Errorf("%+v", o)
	}
	if _, err := os.Stat(path + "2"); err == nil {
		t.Error("a file is left")
	}
}

func TestFit(t *testing.T) {
	f := &benchFlags{}
	f.command = benchCommand()
	for _, c := range []struct {
		tokens, tried int
		took          time.Duration
		want          int
	}{{512, 64, time.Second, 512}, {512, 64, 2 * time.Second, 256}, {512, 64, time.Minute, 64}, {8, 8, time.Minute, 8}} {
		if got := f.fit("prompt", c.tokens, c.tried, c.took); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
	if err := f.command.Flags().Set("prompt", "512"); err != nil {
		t.Fatal(err)
	}
	if got := f.fit("prompt", 512, 64, time.Minute); got != 512 {
		t.Errorf("%d tokens of the 512 that were asked for", got)
	}
}
