package loop_test

import (
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/source"
)

// TestSpecsVerify: whatever the specs are lowered to is valid.
func TestSpecsVerify(t *testing.T) {
	prog, err := source.Load("../../../specs")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
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
					t.Fatal(err)
				}
				if err := loop.Verify(p); err != nil {
					t.Errorf("%+v: %v", opt, err)
				}
				count++
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d programs", count)
	}
}
