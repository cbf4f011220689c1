package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// sizes states how large each parameter in memory is, where its shape says so. How many pages a state has, the
// caller decides.
func (b *builder) sizes() {
	for p, bufs := range b.bufs {
		switch p.Kind {
		case spec.Tensor, spec.Place:
			n := sym.Const(1)
			for _, d := range b.polys(p.Shape) {
				n = n.Mul(d)
			}
			for _, buf := range bufs {
				buf.Size = b.scalar(n)
			}
		case spec.Weight:
			rows := b.poly(p.Shape[0])
			if n := int64(b.formats[p].Rows); n > 1 {
				rows = rows.Add(sym.Const(n - 1)) // the last block may lack some
			}
			bufs[0].Size = b.scalar(b.blockAt(p, rows, sym.Poly{}))
		}
	}
}
