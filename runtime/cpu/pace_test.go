package cpu

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// TestPace: a range is done once, in order, in parts that last no longer than they are to. Each item takes as long as a
// clock says that nobody waits for.
func TestPace(t *testing.T) {
	const us = time.Microsecond
	for _, test := range []struct {
		name   string
		dims   []int
		grain  int
		strip  int
		items  int
		each   time.Duration // of an item
		fails  int           // the item that is refused; 0: none
		want   []int         // sizes of the parts
		longer bool          // a single item lasts too long
	}{
		{name: "little work is run at once", dims: []int{1000, 2000}, grain: 4, items: 1000, each: us, want: []int{1000}},
		{name: "a grain, then what fits", dims: []int{16000, 2048, 1}, grain: 4, items: 1000, each: us, want: []int{4, 64, 200, 200, 200, 200, 132}},
		{name: "nothing", dims: []int{16000, 2048, 1}, grain: 4},
		{name: "a clock that stands still", dims: []int{16000, 2048, 1}, grain: 4, items: 1000, want: []int{4, 64, 932}},
		{name: "much in an item", dims: []int{2560, 6912, 512}, grain: 4, items: 6, each: 110 * us, want: []int{1, 1, 1, 1, 1, 1}},
		{name: "a grain fits", dims: []int{2560, 6912, 512}, grain: 4, items: 11, each: 40 * us, want: []int{1, 4, 4, 2}},
		{name: "neighbours stay together", dims: []int{2560, 6912, 512}, grain: 1, strip: 8, items: 100, each: 10 * us, want: []int{1, 16, 16, 16, 16, 16, 19}},
		{name: "a strip is whole, however long it takes", dims: []int{2560, 6912, 512}, grain: 64, strip: 8, items: 20, each: 90 * us, want: []int{1, 8, 8, 3}, longer: true},
		{name: "an item too long", dims: []int{2560, 6912, 512}, grain: 4, items: 2, each: 900 * us, want: []int{1, 1}, longer: true},
		{name: "refused", dims: []int{16000, 2048, 1}, grain: 4, items: 1000, each: us, fails: 70, want: []int{4, 64}},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := &plan.Kernel{Grain: test.grain, Work: func(c *plan.Call) int { return (c.Dim[0] + 15) / 16 }}
			var clock time.Duration
			var parts []int
			next := 7
			run := func(_ *plan.Call, lo, hi int, _ []byte) bool {
				if lo != next {
					t.Errorf("a part begins at %d, not at %d", lo, next)
				}
				if test.fails > 0 && hi-7 > test.fails {
					return false
				}
				took := time.Duration(hi-lo) * test.each
				if took > longest && !test.longer {
					t.Errorf("%d items take %v", hi-lo, took)
				}
				clock += took
				next = hi
				parts = append(parts, hi-lo)
				return true
			}
			if len(test.want) == 1 {
				test.longer = true
			}
			done := pace(k, test.strip, run, func() time.Duration { return clock }, &plan.Call{Dim: test.dims}, 7, 7+test.items, nil)
			if done != next {
				t.Errorf("done up to %d, not %d", done, next)
			}
			if diff := cmp.Diff(test.want, parts); diff != "" {
				t.Errorf("parts (-want +got):\n%s", diff)
			}
		})
	}
}
