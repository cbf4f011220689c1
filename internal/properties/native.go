package properties

import (
	"fmt"
	"slices"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// native runs an op's generated kernel.
type native struct{}

func (native) Run(op *spec.Op, formats []*spec.Format, c *plan.Call) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the kernel %s.%s panics: %v", op.Package, lower.Name(op, formats), r)
		}
	}()
	for _, o := range gen.Ops {
		for i := range o.Kernels {
			k := &o.Kernels[i]
			if o.Name != op.FullName() || !slices.EqualFunc(k.Formats, formats, func(name string, f *spec.Format) bool { return name == f.Name }) {
				continue
			}
			scratch := make([][64]byte, k.Scratch(c)/64+1)
			for lo, items := 0, k.Work(c); lo < items; lo += 64 {
				k.Run(c, lo, min(lo+64, items), plan.View[byte](plan.Of(scratch)))
			}
			return nil
		}
	}
	return fmt.Errorf("there is no generated kernel %s.%s: run vibeec", op.Package, lower.Name(op, formats))
}
