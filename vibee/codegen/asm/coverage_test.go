package asm

import (
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/source"
)

// TestCoverage: there is an instruction for whatever the specs are lowered to.
func TestCoverage(t *testing.T) {
	prog, err := source.Load("../../../specs")
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range isas {
		for _, o := range prog.Ops {
			if o.Scalar() {
				continue
			}
			for _, formats := range lower.FormatChoices(o, prog.Formats) {
				p, err := lower.Op(o, lower.Options{Target: name, Instead: "go", Formats: formats})
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := compile(p, p.Name, s, newConstants(p.Name)); err != nil {
					t.Errorf("%s: %v", o.FullName(), err)
				}
			}
		}
	}
}
