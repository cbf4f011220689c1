package oracle

import (
	"bytes"
	"fmt"
	"slices"
)

// parts checks that some items of work touch no more than their own part of what the op says so of: in all programs
// they give the same where the rest of it is junk, and leave the rest of results as it was. want is what all items give.
func (b *Bench) parts(k *Kernel, c *Case, items int, scheduled, exact [][]byte) error {
	if k.Op.Split == nil || items == 0 {
		return nil
	}
	lo := c.rand.IntN(items)
	hi := lo + 1 + c.rand.IntN(items-lo)
	own := k.parts(c, lo, hi)
	if !slices.ContainsFunc(own, func(p *part) bool { return p != nil }) {
		return nil
	}
	few := *c
	few.Bufs = slices.Clone(c.Bufs)
	for i, m := range c.Bufs {
		if own[i] != nil {
			few.Bufs[i].Data = bytes.Repeat([]byte{0xff}, len(m.Data)) // NaNs, and indices below all
			own[i].copy(few.Bufs[i].Data, m.Data)
		}
	}
	check := func(name string, got, all [][]byte, err error) error {
		if err != nil {
			return fmt.Errorf("%s, items %d to %d: %w", name, lo, hi, err)
		}
		for i, m := range c.Bufs {
			if own[i] == nil || !m.Write {
				continue
			}
			want := slices.Clone(few.Bufs[i].Data)
			own[i].copy(want, all[i])
			if err := same(m.Elem, got[i], want); err != nil {
				return fmt.Errorf("%s, items %d to %d alone, what is not theirs junk: %s: %w", name, lo, hi, m.Name, err)
			}
		}
		return nil
	}
	ranges := [][2]int{{lo, hi}}
	got, err := interpret(k.Loop, &few, few.buffers(), ranges)
	if err := check("the scheduled program", got, scheduled, err); err != nil {
		return err
	}
	got, err = interpret(k.Spec, &few, few.buffers(), ranges)
	if err := check("the exact program", got, exact, err); err != nil {
		return err
	}
	for _, v := range k.Variants {
		got, err = b.native(k, v, &few, true, ranges)
		if err := check(v.Name, got, scheduled, err); err != nil {
			return err
		}
	}
	return nil
}

// part is bytes lo to hi of each of the runs of a buffer.
type part struct{ run, lo, hi int }

func (p *part) copy(to, from []byte) {
	for at := 0; at < len(to); at += p.run {
		copy(to[at+p.lo:at+p.hi], from[at+p.lo:at+p.hi])
	}
}

// parts gives, for each buffer, the part that items lo to hi have of it; nil: they may touch any.
func (k *Kernel) parts(c *Case, lo, hi int) []*part {
	rows := max(k.Rows, 1)
	lo, hi = lo*rows, min(hi*rows, c.split)
	out := make([]*part, len(c.Bufs))
	for i, m := range c.Bufs {
		if m.runs > 0 && len(m.Data) > 0 {
			run := len(m.Data) / m.runs
			out[i] = &part{run, run / c.split * lo, run / c.split * hi}
		}
	}
	return out
}
