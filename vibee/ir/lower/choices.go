package lower

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// CountChoices is how many FormatChoices there are, or a number beyond 1<<30.
func CountChoices(o *spec.Op, formats []*spec.Format) int {
	blocks := 0
	for _, f := range formats {
		if !f.Page {
			blocks++
		}
	}
	n := 1
	for _, p := range o.Params {
		if p.Kind == spec.Weight && p.Format == nil && n < 1<<30 {
			n *= blocks
		}
	}
	return n
}

// whole reports whether a row of p may be whole blocks of f.
func whole(p *spec.Param, f *spec.Format) bool {
	width, ok := p.Shape[1].(*spec.IntLit)
	return !ok || width.V%int64(f.Count) == 0
}

// FormatChoices lists the formats that an op's weights of any format may have, one entry
// for each kernel: none for an op without such weights. A packed result holds the weights before it; one of any
// format is of those that can be written.
func FormatChoices(o *spec.Op, formats []*spec.Format) [][]*spec.Format {
	out := [][]*spec.Format{nil}
	for _, p := range slices.Concat(o.Params, o.Outs) {
		if p.Kind != spec.Weight || p.Format != nil {
			continue
		}
		var next [][]*spec.Format
		for _, head := range out {
			for _, f := range formats {
				fits := !f.Page && f.GGUF >= 0
				switch {
				case p.Stored:
					fits = fits || f.Packs != nil && f.Packs.GGUF >= 0
				case p.Packed:
					fits = f.Packs != nil && f.Packs.GGUF >= 0
					switch {
					case p.Out:
						fits = fits && slices.Contains(head, f.Packs)
					case p.Uniform:
						fits = fits && f.Uniform
					case p.Paired:
						fits = fits && f.Paired
					default:
						fits = fits && !f.Paired && len(f.Pack.Once) == 0 && f.Count == f.Packs.Count // any tensor can be packed so
					}
				case p.Out:
					fits = fits && f.Encode != nil && len(f.Tail) == 0
				}
				if fits && whole(p, f) {
					next = append(next, slices.Concat(head, []*spec.Format{f}))
				}
			}
		}
		out = next
	}
	return out
}
