package models

import (
	"testing"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/source"
)

func TestSpecsBuild(t *testing.T) {
	prog, err := source.Load("../../../specs")
	if err != nil {
		t.Fatal(err)
	}
	ops := map[*spec.Op]*plan.Op{}
	for _, o := range prog.Ops {
		if !o.Scalar() {
			ops[o] = Op(o)
		}
	}
	built, err := Build(prog, ops)
	if err != nil {
		t.Fatal(err)
	}
	if len(built) != len(prog.Models) {
		t.Errorf("%d plans for %d models", len(built), len(prog.Models))
	}
}
