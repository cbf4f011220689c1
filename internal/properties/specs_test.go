package properties

import (
	"flag"
	"fmt"
	"regexp"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/property"
	"github.com/trinity-engine/trinity/vibee/source"
)

var (
	seeds = flag.Int("seeds", 16, "cases of each property")
	seed  = flag.Int64("seed", -1, "run the cases of this seed alone")
)

func load(t testing.TB) *check.Program {
	t.Helper()
	prog, err := source.Load("../../specs")
	if err != nil {
		t.Fatal(err)
	}
	return prog
}

// engines are the ways to compute an op.
var engines = map[string]property.Engine{
	"exact": property.NewVM(lower.Exact), "scheduled": property.NewVM(lower.Scheduled), "go": native{},
}

// TestSpecs: every property holds on every engine, and compares something.
func TestSpecs(t *testing.T) {
	prog := load(t)
	if len(prog.Properties) == 0 {
		t.Fatal("the specs have no properties")
	}
	for _, p := range prog.Properties {
		for name, engine := range engines {
			runner := property.On(engine)
			t.Run(p.FullName()+"/"+name, func(t *testing.T) {
				compared := 0
				for _, c := range property.Cases(p, prog.Formats, *seeds) {
					if *seed >= 0 {
						c.Seed = uint64(*seed)
					}
					n, err := runner.Run(c)
					if compared += n; err != nil {
						t.Fatalf("%v\nreplay: %s", err, replay(t, c))
					}
				}
				if compared == 0 && *seed < 0 {
					t.Error("no element was ever compared")
				}
				t.Logf("seeds 0 to %d: %d elements hold", *seeds-1, compared)
			})
		}
	}
}

// replay is the command that runs a failing case again.
func replay(t *testing.T, c property.Case) string {
	return fmt.Sprintf("go test ./internal/properties -run '^%s$' -seed %d", regexp.MustCompile(`/`).ReplaceAllString(regexp.QuoteMeta(t.Name()), "$$/^"), c.Seed)
}
