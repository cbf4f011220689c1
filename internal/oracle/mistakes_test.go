package oracle

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/amxemu"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// TestMistakes runs the assembly of every kernel on calls that are wrong: a buffer too short, a dim too large, an index
// of nowhere, a range of work that is not there. It may refuse them, or find nothing wrong; it may not touch memory
// that is not its own.
func TestMistakes(t *testing.T) {
	kernels := natives(t)
	t.Logf("seed %d", *seed)
	var bench Bench
	refused := 0
	for _, k := range kernels {
		t.Run(k.Name(), func(t *testing.T) {
			for n := range 3 * casesPerRound {
				c, err := k.Case(*seed, n)
				if err != nil {
					t.Fatal(err)
				}
				work, err := vm.Work(k.Loop, c.Dims)
				if err != nil {
					t.Fatal(err)
				}
				r := rand.New(rand.NewPCG(*seed, uint64(n)))
				lo, hi := mistake(r, c, work)
				for _, v := range k.Variants {
					if v.Name == "go" || scratchOf(v, c) > 1<<24 {
						continue
					}
					_, err := bench.native(k, v, c, r.IntN(2) == 0, [][2]int{{lo, hi}})
					switch {
					case err == nil:
					case strings.Contains(err.Error(), "refused"):
						refused++
					default:
						t.Errorf("%s, case %d, work %d..%d of %d: %v\n%v", v.Name, n, lo, hi, work, err, c)
					}
				}
			}
		})
	}
	if len(kernels) > 0 && len(kernels[0].Variants) > 1 && refused < 1000 || refused == 0 && amxemu.Active() {
		t.Errorf("only %d calls were refused", refused)
	}
}

func scratchOf(v Variant, c *Case) int { return v.Scratch(&plan.Call{Dim: c.Dims, F: c.F}) }

// mistake makes one in a case, and gives the range of work to run.
func mistake(r *rand.Rand, c *Case, work int) (lo, hi int) {
	hi = work
	switch r.IntN(4) {
	case 0: // a buffer is too short
		m := &c.Bufs[r.IntN(len(c.Bufs))]
		m.Data = m.Data[:len(m.Data)-min(len(m.Data), m.Elem.Bytes()*(1+r.IntN(3)))]
	case 1: // a dim is another
		c.Dims = slices.Clone(c.Dims)
		i := r.IntN(len(c.Dims))
		c.Dims[i] += []int{1, 2, 16, 64, -1, -c.Dims[i] - 1, 1 << 20, 1 << 31, math.MaxInt / 2}[r.IntN(9)]
	case 2: // an index is outside
		for i := range c.Bufs {
			if m := &c.Bufs[i]; m.Elem == vm.I32 && !m.Write {
				for at := 0; at+4 <= len(m.Data); at += 4 {
					if r.IntN(3) == 0 {
						v := []int32{-1, math.MinInt32, math.MaxInt32, 1 << 20, int32(r.IntN(1000))}[r.IntN(5)]
						binary.LittleEndian.PutUint32(m.Data[at:], uint32(v))
					}
				}
			}
		}
	default: // there is less work
		lo, hi = -r.IntN(3), work+1+r.IntN(40)
	}
	return lo, hi
}
