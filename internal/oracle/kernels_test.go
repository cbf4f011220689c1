package oracle

import (
	"flag"
	"testing"

	"github.com/trinity-engine/trinity/internal/amxemu"
)

var (
	seed   = flag.Uint64("seed", 1, "seed of the cases")
	number = flag.Int("case", -1, "run this case alone")
	rounds = flag.Int("rounds", 1, "multiplies the number of cases")
)

const casesPerRound = 24

// TestKernels runs every kernel in all ways on generated calls.
func TestKernels(t *testing.T) {
	t.Logf("seed %d", *seed)
	var bench Bench
	for _, k := range natives(t) {
		t.Run(k.Name(), func(t *testing.T) {
			ran := map[string]int{}
			lo, hi := 0, *rounds*casesPerRound
			if *number >= 0 {
				lo, hi = *number, *number+1
			}
			for n := lo; n < hi; n++ {
				c, err := k.Case(*seed, n)
				if err == nil {
					err = bench.Check(k, c, ran)
				}
				if err != nil {
					test := "TestKernels/" + k.Name()
					if amxemu.Active() {
						test = "TestTiles/TestKernels"
					}
					t.Errorf("%v\n%v\nreplay: go test ./internal/oracle -run '%s$' -seed %d -case %d", err, c, test, *seed, n)
				}
			}
			for _, v := range k.Variants {
				if ran[v.Name] == 0 && *number < 0 {
					t.Errorf("variant %s runs on this machine and computed nothing", v.Name)
				}
			}
		})
	}
}
