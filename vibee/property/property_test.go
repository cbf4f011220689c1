package property_test

import (
	"regexp"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/property"
	"github.com/trinity-engine/trinity/vibee/source"
)

// run does all cases of a property of testdata, and gives the first error.
func run(t *testing.T, name string, mode lower.Mode) (compared int, err error) {
	t.Helper()
	prog, err := source.Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	runner := property.On(property.NewVM(mode))
	for _, p := range prog.Properties {
		if p.FullName() != "rows."+name {
			continue
		}
		for _, c := range property.Cases(p, prog.Formats, 16) {
			n, err := runner.Run(c)
			if compared += n; err != nil {
				return compared, err
			}
		}
		return compared, nil
	}
	t.Fatalf("there is no property %s", name)
	return 0, nil
}

// TestCases: a property that holds compares something, one that does not fails with the place, the seed
// and the sizes.
func TestCases(t *testing.T) {
	for _, test := range []struct {
		name string
		mode lower.Mode
		want string // of the error; "": it holds
	}{
		{"double.add", lower.Exact, ""},
		{"double.add", lower.Scheduled, ""},
		{"ends.order", lower.Exact, ""},
		{"ends.order", lower.Scheduled, ""},
		{"mean.huge", lower.Exact, ""},
		{"mean.huge", lower.Scheduled, `^rows.mean.huge \(seed \d+, T = \d+, D = \d+\): testdata/rows.vibee:51: the tensors differ at \[\d+\]: .* is not .*$`},
		{"double.once", lower.Exact, `^rows.double.once \(seed \d+, T = \d+, D = \d+\): testdata/rows.vibee:39: the tensors differ at \[0 0\]: \S+ \(0x\S+\) is not \S+ \(0x\S+\)$`},
		{"double.once", lower.Scheduled, `the tensors differ`},
		{"double.never", lower.Exact, `testdata/rows.vibee:45: the claim does not hold at \[\d+ \d+\]$`},
		{"double.never", lower.Scheduled, `the claim does not hold`},
		{"double.sizes", lower.Exact, `^rows.double.sizes: \d+ sizes were drawn, and none complies with its facts and domains$`},
	} {
		compared, err := run(t, test.name, test.mode)
		switch {
		case test.want == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.want == "" && compared == 0:
			t.Errorf("%s compares nothing", test.name)
		case test.want != "" && (err == nil || !regexp.MustCompile(test.want).MatchString(err.Error())):
			t.Errorf("%s: %v\nwant %s", test.name, err, test.want)
		}
	}
}

// TestReplay: a seed gives the same failure each time, and seeds differ.
func TestReplay(t *testing.T) {
	prog, err := source.Load("testdata")
	if err != nil {
		t.Fatal(err)
	}
	seen, runner := map[string]bool{}, property.On(property.NewVM(lower.Exact))
	for _, p := range prog.Properties {
		if p.FullName() != "rows.double.never" {
			continue
		}
		for seed := range uint64(20) {
			c := property.Case{Property: p, Seed: seed}
			_, first := runner.Run(c)
			_, second := runner.Run(c)
			if first == nil {
				continue
			}
			if second == nil || first.Error() != second.Error() {
				t.Errorf("seed %d: %v, then %v", seed, first, second)
			}
			seen[first.Error()] = true
		}
	}
	if len(seen) < 5 {
		t.Errorf("20 seeds give %d failures", len(seen))
	}
}
