package vm

import (
	"strings"
	"testing"
)

// wide64 is matmul as the schedule of a 4-bit format makes it: 64 rows a strip, blocks of 32.
func BenchmarkMatmul64(b *testing.B) {
	text := `
program matmul 64
dim M
dim K
const %4 int 0
const %5 int 1
const %6 int 360
const %7 f32 0
const %8 int 15
const %9 int 16
const %10 int 4
const %11 int 20
const %12 int 32
const %13 int 2
local %14 int 1
local %15 int 1
local %16 int 1
local %17 int 1
local %18 int 1
local %19 f32 1
local %20 f32 64
local %21 f32 64
local %22 f32 64
local %23 int 1
local %24 f32 1
in w u8 bytes
in x f32
out y f32
view row w 64 20
view xs x 1 32
map @0 u8 %14 {
  and %14 %14 %8
  convert %24 %14
} %24
map @1 u8 %14 {
  div %14 %14 %9
  convert %24 %14
} %24
work {
  copy %14 $M
} %14
code
  whole %14 %23 $lo $hi 64
    copy %20 %7
    for %15 %4 $K 32
      mul %16 %14 %6
      div %17 %15 %12
      mul %17 %17 %11
      add %16 %16 %17
      open_s row %16 %6
      open xs %15
      copy %21 %7
      for %17 %4 %9 1
        add %18 %17 %10
        peek f32 %19 xs %17
        map_muladd @0 %21 %21 row %18 %19
      end
      for %17 %4 %9 1
        add %18 %17 %9
        peek f32 %19 xs %18
        add %18 %17 %10
        map_muladd @1 %21 %21 row %18 %19
      end
      peek f16 %22 row %4
      muladd %20 %20 %22 %21
      peek f16 %22 row %13
      load f32 %19 x %15
      muladd %20 %20 %22 %19
    end
    store_s f32 y %14 %5 %20
  end
`
	p, err := Assemble(text)
	if err != nil {
		b.Fatal(err)
	}
	const M, K = 1536, 576
	w := []byte(strings.Repeat("abcdefghij\x00\x04\xff\x01\xf0kmoz4", M*K/32))
	a := Args{Bufs: [][]byte{w, make([]byte, 4*K), make([]byte, 4*M)}, Dims: []int{M, K}}
	var m Machine
	b.ResetTimer()
	for b.Loop() {
		if err := m.Run(p, &a, 0, M, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(M*K), "ns/weight")
}
