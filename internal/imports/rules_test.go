package imports

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/trinity-engine/trinity"

// list gives, for each package that a pattern matches, what it imports (its Imports or Deps), tests left
// out. Packages of the module are written ./path, the root ".".
func list(t *testing.T, pattern, field string) map[string][]string {
	t.Helper()
	c := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .`+field+` " "}}`, pattern)
	c.Dir = "../.."
	out, err := c.Output()
	if err != nil {
		t.Fatalf("go list %s: %v", pattern, err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		for i, f := range fields {
			if f == module {
				fields[i] = "."
			} else if rest, ok := strings.CutPrefix(f, module+"/"); ok {
				fields[i] = "./" + rest
			}
		}
		all[fields[0]] = fields[1:]
	}
	if len(all) == 0 {
		t.Fatalf("no package is %s", pattern)
	}
	return all
}

// within tells whether path is one of the patterns: a path, or a folder with all below it, "./gen/...".
func within(path string, patterns []string) bool {
	for _, p := range patterns {
		if dir, ok := strings.CutSuffix(p, "/..."); ok && (path == dir || strings.HasPrefix(path, dir+"/")) || p == path {
			return true
		}
	}
	return false
}

// TestNever: what may not be linked, by whatever way.
func TestNever(t *testing.T) {
	compilers := []string{"./vibee/grammar/...", "./vibee/ir/...", "./vibee/codegen/...", "./vibee/source/..."}
	libraries := []string{"github.com/alecthomas/participle/...", "github.com/dave/jennifer/...", "github.com/mmcloughlin/avo/...", "golang.org/x/tools/..."}
	for _, c := range []struct {
		pattern string
		never   []string
	}{
		{"./vibee/grammar/...", []string{".", "./gen/...", "./runtime/...", "./vibee/ir/...", "./vibee/codegen/...", "./vibee/vm/...", "./vibee/source/..."}},
		{"./vibee/ir/...", []string{".", "./gen/...", "./vibee/codegen/...", "./vibee/vm/...", "./vibee/source/..."}},
		{"./vibee/codegen/...", []string{".", "./gen/..."}},
		{"./vibee/vm", append(compilers, ".", "./gen/...", "./runtime/...")},
		{"./runtime/...", append(compilers, ".", "./cmd/...")},
		{".", append(compilers, libraries...)},
		{"./cmd/trinity", append(compilers, libraries...)},
	} {
		for pkg, deps := range list(t, c.pattern, "Deps") {
			for _, d := range deps {
				if within(d, c.never) {
					t.Errorf("%s links %s", pkg, d)
				}
			}
		}
	}
}

// TestOnly: what of the module, or of modules beyond the standard library, may be imported.
func TestOnly(t *testing.T) {
	for _, c := range []struct {
		pattern string
		only    []string
	}{
		{"./cmd/trinity", []string{".", "github.com/spf13/cobra", "github.com/spf13/pflag", "golang.org/x/term"}},
		{"./gen/...", []string{"./gen/...", "./runtime/plan", "golang.org/x/sys/cpu"}},
		{"./runtime/plan", nil},
		{"./vibee/ir/...", []string{"./vibee/ir/...", "./vibee/grammar", "./runtime/plan"}},
	} {
		for pkg, imports := range list(t, c.pattern, "Imports") {
			for _, i := range imports {
				if first, _, _ := strings.Cut(i, "/"); strings.Contains(first, ".") && !within(i, c.only) {
					t.Errorf("%s imports %s", pkg, i)
				}
			}
		}
	}
}

// TestVM: the runtime reaches the VM in one place.
func TestVM(t *testing.T) {
	var users []string
	for pkg, imports := range list(t, "./...", "Imports") {
		for _, i := range imports {
			if within(pkg, []string{".", "./runtime/...", "./cmd/trinity"}) && within(i, []string{"./vibee/..."}) {
				users = append(users, pkg+" "+i)
			}
		}
	}
	if len(users) != 1 || users[0] != "./runtime/reference ./vibee/vm" {
		t.Errorf("vibee is reached by %q, want runtime/reference alone, and no more of it than vm", users)
	}
}
