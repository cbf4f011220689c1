package vm

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// divided holds one division of lanes and one of a single value, by DIVISOR, which is a constant or read from memory.
const divided = `
program divided 1
dim N
const %3 int 0
const %4 int 1
const %5 int COUNT
local %6 int 4
local %7 int 4
local %8 int 1
local %9 int 1
in x i64
inout y i64
work {
} %4
code
  load_s i64 %6 x %3 %4
  load i64 %8 x %3
  copy %9 %5
  OP %7 %6 DIVISOR
  OP %8 %8 DIVISOR
  store_s i64 y %3 %4 %7
  add %9 %4 %4
  add %9 %9 %9
  store i64 y %9 %8
`

// TestDivide: division by a constant power of two, which is no division, gives what division does.
func TestDivide(t *testing.T) {
	x := []int64{-1, 7, math.MinInt64, math.MaxInt64}
	for _, by := range []int64{1, 2, 3, 32, 1 << 62, -8} {
		for _, op := range []string{"div", "mod"} {
			for _, divisor := range []string{"%5", "%9"} {
				p, err := Assemble(strings.NewReplacer("COUNT", fmt.Sprint(by), "OP", op, "DIVISOR", divisor).Replace(divided))
				if err != nil {
					t.Fatal(err)
				}
				for first := range x {
					in := append(append([]int64(nil), x[first:]...), x[:first]...)
					want := make([]int64, 5)
					for i, a := range append(in, in[0]) {
						if want[i] = a / by; op == "mod" {
							want[i] = a % by
						}
					}
					got := run64(t, p, in, 5)
					if d := cmp.Diff(want, got); d != "" {
						t.Errorf("%v %s %d, divisor %s: %s", in, op, by, divisor, d)
					}
				}
			}
		}
	}
}

func run64(t *testing.T, p *Program, in []int64, results int) []int64 {
	t.Helper()
	var m Machine
	x, y := []byte{}, make([]byte, 8*results)
	for _, v := range in {
		x = binary.LittleEndian.AppendUint64(x, uint64(v))
	}
	if err := m.Run(p, &Args{Bufs: [][]byte{x, y}, Dims: []int{1}}, 0, 1, Limits{}); err != nil {
		t.Fatal(err)
	}
	out := make([]int64, results)
	for i := range out {
		out[i] = int64(binary.LittleEndian.Uint64(y[8*i:]))
	}
	return out
}
