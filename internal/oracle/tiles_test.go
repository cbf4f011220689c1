package oracle

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/amxemu"
	"github.com/trinity-engine/trinity/runtime/cpu"
)

// TestTiles runs the kernels that have tiles in a child, for which tiles are emulated where this processor has none: it
// does what TestKernels and TestMistakes do.
func TestTiles(t *testing.T) {
	switch {
	case amxemu.Active():
		t.Skip("this is the child")
	case !cpu.Has("avx512"):
		t.Skip("this processor lacks avx512, which kernels with tiles use too")
	}
	for _, test := range []string{"TestKernels", "TestMistakes"} {
		t.Run(test, func(t *testing.T) {
			var out bytes.Buffer
			n, err := amxemu.Run([]string{os.Args[0], "-test.run=^" + test + "$", "-test.v", "-test.count=1",
				fmt.Sprintf("-seed=%d", *seed), fmt.Sprintf("-case=%d", *number), fmt.Sprintf("-rounds=%d", *rounds)}, &out)
			switch {
			case errors.Is(err, amxemu.ErrUnavailable):
				t.Skip(err)
			case err != nil || !strings.Contains(out.String(), "--- PASS: "+test):
				t.Errorf("%v\n%s", err, out.String())
			case n == 0 && *number < 0 && !cpu.Has("amx"):
				t.Error("no tile was used")
			}
			t.Logf("%d instructions emulated", n)
		})
	}
}
