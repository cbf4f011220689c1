package lower_test

import (
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/source"
)

// TestSpecsLower lowers every op for every format in every mode.
func TestSpecsLower(t *testing.T) {
	prog, err := source.Load("../../../specs")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range prog.Ops {
		if o.Scalar() {
			continue
		}
		for _, formats := range lower.FormatChoices(o, prog.Formats) {
			for _, opt := range []lower.Options{{Mode: lower.Exact}, {Mode: lower.Tolerance}, {Target: "go"}, {Target: "vm"}} {
				if opt.Mode == lower.Tolerance && len(o.Tolerances) == 0 {
					continue
				}
				opt.Formats = formats
				p, err := lower.Op(o, opt)
				if err != nil {
					t.Errorf("%s mode %d %s: %v", lower.Name(o, formats), opt.Mode, opt.Target, err)
					continue
				}
				if len(p.Body) == 0 {
					t.Errorf("%s: empty", p.Name)
				}
			}
		}
	}
}
