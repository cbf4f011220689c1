package imports

import (
	"slices"
	"strings"
	"testing"
)

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
	for path, imports := range list(t, "./...", "Imports") {
		name := strings.TrimPrefix(path, "./")
		namesNoOp(t, name, imports)
		i := slices.IndexFunc(rules, func(r struct{ from, may string }) bool { return strings.HasPrefix(name, r.from) })
		if i < 0 {
			continue
		}
		seen[rules[i].from] = true
		for _, imported := range imports {
			short, own := strings.CutPrefix(imported, "./")
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
		short, _ := strings.CutPrefix(imported, "./")
		if strings.HasPrefix(short, "gen/") && short != "gen/bytecode" && short != "gen/half" && name != "gen" && !strings.HasPrefix(name, "gen/") {
			t.Errorf("%s imports %s: Go names no op of the specs, but finds it in package gen", name, short)
		}
	}
}

// TestLinked: the program links the VM, and no part of the compiler nor its libraries, wherever they are kept.
func TestLinked(t *testing.T) {
	deps := list(t, "./cmd/trinity", "Deps")["./cmd/trinity"]
	if !slices.Contains(deps, "./vibee/vm") {
		t.Error("the program does not link the VM: is this the program?")
	}
	for _, d := range deps {
		for _, never := range []string{"participle", "jennifer", "avo", "./vibee/grammar", "./vibee/ir", "./vibee/codegen"} {
			if strings.Contains(d, never) {
				t.Errorf("the program links %s", d)
			}
		}
	}
}
