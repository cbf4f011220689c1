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

// BenchmarkDots is a matmul of codes of four bits and int8 activations, as schedules put it: 16 rows, four columns
// side by side.
func BenchmarkDots(b *testing.B) {
	p, err := Assemble(`
program dots 16
dim K
const %3 int 0
const %4 int 1
const %5 int 4
const %6 int 15
const %7 int 64
local %8 int 1
local %9 int 1
local %10 int 64
local %11 int 64
local %12 int 4
local %13 int 16
local %14 int 16
in w u8 bytes
in x i8
out y i32
work {
} %4
code
  copy %14 %3
  for %8 %3 $K 8
    mul %9 %8 %7
    load_s u8 %10 w %9 %4
    and %11 %10 %6
    load_s i8 %12 x %8 %4
    dot %13 %11 %12
    add %13 %14 %13
    wrap i32 %14 %13
    shr %11 %10 %5
    and %11 %11 %6
    add %9 %8 %5
    load_s i8 %12 x %9 %4
    dot %13 %11 %12
    add %13 %14 %13
    wrap i32 %14 %13
  end
  store_s i32 y %3 %4 %14
`)
	if err != nil {
		b.Fatal(err)
	}
	const K = 4096
	a := Args{Bufs: [][]byte{make([]byte, 64*K), make([]byte, K), make([]byte, 64)}, Dims: []int{K}}
	var m Machine
	for b.Loop() {
		if err := m.Run(p, &a, 0, 1, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(16*K), "ns/product")
}
