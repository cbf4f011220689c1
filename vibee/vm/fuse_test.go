package vm

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
)

// fused holds a line "-" wherever an instruction may come between others that are linked as one.
const fused = `
program fused 1
dim N
const %3 int 0
const %4 int 1
const %5 int COUNT
const %6 int 13
const %7 int 0x7ffffff0
const %8 int 16
const %9 int 32
local %10 int 4
local %11 int 16
local %12 int 4
local %13 int 16
local %14 int 4
local %15 int 4
local %16 int 1
in w u8 bytes
inout y i64
work {
} %4
code
  load_s i8 %11 w %3 %4
  load_s i8 %12 w %8 %4
  copy %14 %7
  shr %13 %11 %5
  -
  and %13 %13 %6
  store_s i64 y %3 %4 %13
  dot %15 %13 %12
  -
  add %15 %14 %15
  -
  wrap i32 %14 %15
  store_s i64 y %8 %4 %15
  mul %16 %8 %4
  add %16 %16 %8
  dot %12 %13 %12
  -
  add %12 %14 %12
  -
  wrap i32 %14 %12
  dot %15 %11 %13
  -
  add %15 %14 %15
  -
  wrap i32 %14 %15
  store_s i64 y %16 %4 %12
  store_s i64 y %9 %4 %14
`

// TestFused: instructions that are linked as one leave what they leave apart, in all registers.
func TestFused(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, count := range []string{"0", "3", "63", "64", "-1"} {
		var results [2][]byte
		var failed [2]string
		w := make([]byte, 64)
		for i := range w {
			w[i] = byte(r.Uint32())
		}
		for i, between := range []string{"", "copy %10 %3"} {
			p, err := Assemble(strings.NewReplacer("COUNT", count, "\n  -", "\n"+between).Replace(fused))
			if err != nil {
				t.Fatal(err)
			}
			if apart := len(p.linked.code) >= len(p.Code); apart != (i == 1) {
				t.Errorf("%d instructions are linked as %d", len(p.Code), len(p.linked.code))
			}
			y := make([]byte, 8*64)
			if err := new(Machine).Run(p, &Args{Bufs: [][]byte{w, y}, Dims: []int{1}}, 0, 1, Limits{}); err != nil {
				_, failed[i], _ = strings.Cut(err.Error(), ": shift")
			}
			results[i] = y
		}
		if !bytes.Equal(results[0], results[1]) || failed[0] != failed[1] {
			t.Errorf("a shift by %s: %x %q, apart %x %q", count, results[0], failed[0], results[1], failed[1])
		}
		if bad := count == "64" || count == "-1"; bad != (failed[0] != "") {
			t.Errorf("a shift by %s: %q", count, failed[0])
		}
	}
}
