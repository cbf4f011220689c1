package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// TestCommands: what each command prints, and its exit code, are testdata/golden/NAME.txt.
func TestCommands(t *testing.T) {
	for _, test := range []struct{ name, args string }{
		{"nothing", ""},
		{"help", "--help"},
		{"no_such_command", "chekc testdata/specs"},
		{"no_such_folder", "check testdata/nowhere"},
		{"flag_unknown", "check --fast testdata/specs"},
		{"argument_too_many", "check testdata/specs testdata/wrong"},

		{"check_right", "check testdata/specs"},
		{"check_one_file", "check testdata/loose/loose.vibee"},
		{"check_wrong", "check testdata/wrong"},
		{"check_syntax", "check testdata/syntax"},
		{"check_empty", "check testdata/empty"},

		{"fmt_without_a_path", "fmt -l"},
		{"fmt_of_no_such_file", "fmt testdata/nowhere.vibee"},
		{"fmt_list", "fmt -l testdata/loose testdata/specs"},
		{"fmt_diff", "fmt -d testdata/loose"},
		{"fmt_list_and_diff", "fmt -l -d testdata/loose"},
		{"fmt_right", "fmt testdata/specs"},
		{"fmt_syntax", "fmt -l testdata/syntax testdata/loose"},

		{"dump_without_a_name", "dump --stage ast"},
		{"dump_stage_unknown", "dump --stage lop half.sums_q8 testdata/specs"},
		{"dump_program_unknown", "dump --program exakt half.sums_q8 testdata/specs"},
		{"dump_program_of_a_tree", "dump --stage ast --program vm half.sums testdata/specs"},
		{"dump_ast_format", "dump --stage ast half.q8 testdata/specs"},
		{"dump_ast_op", "dump --stage ast tiny.gather testdata/specs"},
		{"dump_ast_layer", "dump --stage ast tiny.block testdata/specs"},
		{"dump_ast_of_wrong", "dump --stage ast wrong.f testdata/wrong"},
		{"dump_ast_unknown", "dump --stage ast half.sum testdata/specs"},
		{"dump_spec_op", "dump --stage spec half.sums testdata/specs"},
		{"dump_spec_state", "dump --stage spec half.append testdata/specs"},
		{"dump_spec_format", "dump --stage spec half.q8 testdata/specs"},
		{"dump_spec_page", "dump --stage spec half.page testdata/specs"},
		{"dump_spec_model", "dump --stage spec tiny.tiny testdata/specs"},
		{"dump_spec_unknown", "dump --stage spec half.q9 testdata/specs"},
		{"dump_spec_of_wrong", "dump --stage spec wrong.f testdata/wrong"},
		{"dump_plan", "dump --stage plan tiny.tiny testdata/specs"},
		{"dump_plan_unknown", "dump --stage plan tiny.tinny testdata/specs"},
		{"dump_loop", "dump --stage loop half.sums_q8 testdata/specs"},
		{"dump_loop_vm", "dump --stage loop --program vm half.sums_q8 testdata/specs"},
		{"dump_loop_exact", "dump half.sums_q8 testdata/specs --stage loop --program exact"},
		{"dump_bytecode", "dump --stage bytecode tiny.gather_q8 testdata/specs"},
		{"dump_bytecode_tolerance", "dump --program tolerance half.sums_q8 testdata/specs"},
		{"dump_without_tolerance", "dump --program tolerance half.append testdata/specs"},
		{"dump_op_of_formats", "dump half.sums testdata/specs"},
		{"dump_scalar_op", "dump half.once testdata/specs"},
		{"dump_name_unknown", "dump half.sums_q4 testdata/specs"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			code := status(run(strings.Fields(test.args), &out), &errs)
			got := fmt.Sprintf("$ vibeec %s\n%s-- stderr --\n%s-- exit %d --\n", test.args, &out, filepath.ToSlash(errs.String()), code)
			name := filepath.Join("testdata/golden", test.name+".txt")
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// TestFmtWrites: fmt without -l or -d brings a file into the layout, and has nothing to do the second time.
func TestFmtWrites(t *testing.T) {
	src, err := os.ReadFile("testdata/loose/loose.vibee")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "loose.vibee")
	if err := os.WriteFile(name, src, 0o644); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for range 2 {
		if err := run([]string{"fmt", name}, &out); err != nil {
			t.Fatal(err)
		}
	}
	laid, _ := os.ReadFile(name)
	want := "vibee 1\npackage loose\n\nop f(x: f32[T]) -> y: f32[T] {\n  y[t] = x[t] * 2 // twice\n}\n"
	if d := cmp.Diff(want, string(laid)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if err := run([]string{"fmt", "-l", name}, &out); err != nil || out.Len() > 0 {
		t.Errorf("a laid out file is listed: %q, %v", out.String(), err)
	}
}

// TestCompile: what is written is up to date, until a spec changes or a file is touched.
func TestCompile(t *testing.T) {
	specs, gen := t.TempDir(), t.TempDir()
	for _, name := range []string{"half.vibee", "tiny.vibee"} {
		src, err := os.ReadFile(filepath.Join("testdata/specs", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(specs, name), src, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	args := []string{specs, "--out", gen}
	if err := run(append(args, "--check"), &out); err == nil {
		t.Error("an empty folder is up to date")
	}
	if err := run(args, &out); err != nil {
		t.Fatal(err)
	}
	if err := run(append(args, "--check"), &out); err != nil {
		t.Error(err)
	}
	stale := filepath.Join(gen, "halfops", "sums_q8.go")
	code, err := os.ReadFile(stale)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(stale, append(code, '\n'), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(append(args, "--check"), &out); err == nil || !strings.Contains(err.Error(), "sums_q8.go") {
		t.Errorf("a changed file is not named: %v", err)
	}
}
