package language

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/trinity-engine/trinity"

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// TestImports holds the rules of who may import whom.
func TestImports(t *testing.T) {
	rules := []struct{ from, may string }{ // of this module's packages; may: prefixes, separated by spaces
		{"vibee/grammar", ""},
		{"vibee/ir/", "vibee/grammar vibee/ir/ runtime/plan"},
		{"vibee/vm", ""},
		{"vibee/codegen", "vibee/grammar vibee/ir/ vibee/codegen vibee/vm runtime/plan runtime/cpu"},
		{"vibee/source", "vibee/grammar vibee/ir/check"},
		{"vibee/property", "vibee/ir/ vibee/codegen/bytecode vibee/vm runtime/plan"},
		{"runtime/reference", "runtime/plan vibee/vm"},
		{"runtime/", "runtime/"},
		{"gen/", "runtime/plan gen/"},
		{"cmd/trinity", "runtime/"}, // and the root
	}
	seen := map[string]bool{}
	for _, line := range goList(t, "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...") {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(fields[0], module+"/")
		namesNoOp(t, name, fields[1:])
		i := slices.IndexFunc(rules, func(r struct{ from, may string }) bool { return strings.HasPrefix(name, r.from) })
		if i < 0 {
			continue
		}
		seen[rules[i].from] = true
		for _, imported := range fields[1:] {
			short, own := strings.CutPrefix(imported, module+"/")
			if own && !slices.ContainsFunc(strings.Fields(rules[i].may), func(p string) bool { return strings.HasPrefix(short, p) }) {
				t.Errorf("%s imports %s: it may import %q", name, short, rules[i].may)
			}
		}
	}
	if len(seen) != len(rules) {
		t.Errorf("of %d rules %d apply to a package", len(rules), len(seen))
	}
}

// namesNoOp: who imports the package of an op's kernels names the op.
func namesNoOp(t *testing.T, name string, imports []string) {
	for _, imported := range imports {
		short, _ := strings.CutPrefix(imported, module+"/")
		if strings.HasPrefix(short, "gen/") && short != "gen/bytecode" && short != "gen/half" && name != "gen" && !strings.HasPrefix(name, "gen/") {
			t.Errorf("%s imports %s: Go names no op of the specs, but finds it in package gen", name, short)
		}
	}
}

// TestLinked: the program links no part of the compiler and none of its libraries.
func TestLinked(t *testing.T) {
	deps := goList(t, "-deps", "./cmd/trinity")
	if !slices.Contains(deps, module+"/vibee/vm") {
		t.Error("the program does not link the VM: is this the program?")
	}
	for _, d := range deps {
		for _, never := range []string{"participle", "jennifer", "avo", module + "/vibee/grammar", module + "/vibee/ir", module + "/vibee/codegen"} {
			if strings.Contains(d, never) {
				t.Errorf("the program links %s", d)
			}
		}
	}
}
