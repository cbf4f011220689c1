package vm

import (
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
)

// frame is a program around a piece of code. %4.. are constants, %10.. locals of one lane, %20..
// of four.
const frame = `
program f 1
dim D
const %3 int 0
const %4 int 1
const %5 int 7
const %6 f32 0x7fc00000
const %7 f64 1e300
const %8 int 70
local %9 int 1
local %10 int 1
local %11 f32 1
local %12 f64 1
local %13 bool 1
local %14 int 4
local %15 f32 4
local %16 bool 4
local %17 int 3
in a i32
out y f32
inout raw u8 bytes
temp tmp f64 size {
} %5
table tab u8 = 0102
view one a 1 3
view four raw 4 6
map @0 u8 %9 {
  convert %11 %9
} %11
work {
} $D
code
`

func TestVerifyRefuses(t *testing.T) {
	cases := []struct{ code, want string }{
		{"add %9 %3 %10", "%10 is read before it holds a value"},
		{"add %9 %3 %99", "out of range"},
		{"add $D %3 %3", "%0 is a parameter or constant"},
		{"copy %5 %3", "parameter or constant"},
		{"add %9 %3 %6", "%6 is f32<1>, want int<1>"},
		{"copy %14 %3\ncopy %17 %14", "%14 is int<4>, want int<3>"},
		{"sqrt %9 %3", "no sqrt of int"},
		{"mod %11 %6 %6", "no mod of f32"},
		{"eq %13 %3 %6", "want int"},
		{"eq %13 %3 %3\nlt %13 %13 %13", "no lt of bool"},
		{"convert %9 %3", "no convert from int to int"},
		{"bits %12 %6", "no bits from f32 to f64"},
		{"wrap f16 %9 %3", "no wrap to f16"},
		{"round i8 %11 %6", "no round to i8"},
		{"copy %17 %3\nreduce_add %9 %17", "no reduce_add of int<3>"},
		{"load u8 %9 a %3", `buffer "a" holds i32, not u8`},
		{"load f32 %9 raw %3", "want f32<1>"},
		{"store i32 a %3 %3", `buffer "a" is read only`},
		{"store u8 tab %3 %3", `buffer "tab" is read only`},
		{"copy %14 %3\nstore u8 raw %3 %14", "want int<1>"},
		{"peek i32 %9 one %3", `view "one" is read before it is opened`},
		{"open four %3", "has 4 lanes"},
		{"open one %3\npeek i32 %14 one %3", "want int<1>"},
		{"open one %3\npeek_map @0 %11 one %3", `holds i32, not u8`},
		{"for %9 %3 %5 0\nend", "step 0"},
		{"for %9 %3 %5 1\ncopy %9 %3\nend", "%9 is the counter of a loop"},
		{"for %9 %3 %5 1\nfor %9 %3 %5 1\nend\nend", "%9 is the counter of a loop"},
		{"whole %9 %9 %3 %5 1\nend", "counter and rest"},
		{"for %9 %3 %5 1\nend\nadd %10 %9 %9", "%9 is read before"},
		{"for %9 %3 %5 1\ncopy %10 %3\nend\nadd %9 %10 %10", "%10 is read before"},
		{"eq %13 %3 %3\nif %13\ncopy %9 %3\nend\nadd %10 %9 %9", "%9 is read before"},
		{"eq %13 %3 %3\nif %13\ncopy %9 %3\nelse\nopen one %3\nend\nadd %10 %9 %9", "%9 is read before"},
		{"for %9 %3 %5 1\nelse\nend", "outside of an if"},
		{"for %9 %3 %5 1", "1 blocks have no end"},
		{"end", "outside of a block"},
		{"eq %13 %3 %3\n" + strings.Repeat("if %13\n", 201), "more than 200 blocks deep"},
	}
	for _, c := range cases {
		_, err := Assemble(frame + c.code)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.code, err, c.want)
		}
	}
}

// three is the first index beyond y, for a step of one lane.
const three = "add %9 %4 %4\nadd %9 %9 %4\n"

func TestRunFaults(t *testing.T) {
	cases := []struct{ code, want string }{
		{"div %9 %5 %3", "vm: f: instruction 0, div %9 %5 %3: 7 divided by zero (lane 0)"},
		{"mod %9 %5 %3", "7 divided by zero"},
		{"shl %9 %5 %8", "shift by 70"},
		{"convert %9 %6", "NaN is no int"},
		{"convert %9 %7", "1e+300 is no int"},
		{"load i32 %9 a %5", `index 7, stride 0, 1 lanes of 4 bytes: buffer "a" holds 4 of 4 bytes each`},
		{"sub %9 %3 %4\nload i32 %9 a %9", "index -1"},
		{"load_s i32 %14 a %4 %4", "index 1, stride 1, 4 lanes"},
		{"sub %9 %3 %4\nload_s i32 %14 a %4 %9", "stride -1"},
		{"bits %9 %7\nload_s i32 %14 a %3 %9", "4 lanes of 4 bytes"},
		{three + "load f32 %11 y %9", `index 3, stride 0, 1 lanes of 4 bytes: buffer "y" holds 3 of 4 bytes each`},
		{three + "store f32 y %9 %6", `buffer "y" holds 3 of 4 bytes each`},
		{three + "mul %9 %9 %5\nadd %9 %9 %4\nadd %9 %9 %4\nload f32 %11 raw %9", "index 23, stride 0, 1 lanes of 4 bytes"},
		{three + "open_s four %3 %4\npeek f32 %15 four %9", `index 3: view "four" holds 6`},
		{"iota %14\nadd %14 %14 %4\ngather i32 %14 a %14", "index 4"},
		{"iota %14\nconvert %15 %14\nscatter f32 y %14 %15", `buffer "y" holds 3`},
		{"open one %5", "index 7"},
		{"open one %3\npeek i32 %9 one %5", `index 7: view "one" holds 3`},
		{"open_s four %3 %5", `buffer "raw" holds 26`},
		{"open_s four %3 %4\npeek f32 %15 four %5", `index 7: view "four" holds 6`},
		{"for %9 %3 %8 1\nfor %10 %3 %8 1\nend\nend", "the limit of steps is reached"},
	}
	var m Machine
	for _, c := range cases {
		p, err := Assemble(frame + c.code)
		if err != nil {
			t.Errorf("%q: %v", c.code, err)
			continue
		}
		a := Args{Bufs: [][]byte{make([]byte, 16), make([]byte, 12), make([]byte, 26)}, Dims: []int{1}}
		if err = m.Run(p, &a, 0, 1, Limits{Steps: 1000}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.code, err, c.want)
		}
	}
	p, err := Assemble(frame)
	if err != nil {
		t.Fatal(err)
	}
	bufs := [][]byte{nil, nil, nil}
	for want, f := range map[string]func() error{
		"2 dims given, want 1": func() error { return m.Run(p, &Args{Bufs: bufs, Dims: []int{1, 2}}, 0, 1, Limits{}) },
		"1 scalars given, want 0": func() error {
			return m.Run(p, &Args{Bufs: bufs, Dims: []int{1}, Scalars: []float32{1}}, 0, 1, Limits{})
		},
		"2 buffers given, want 3":  func() error { return m.Run(p, &Args{Bufs: bufs[:2], Dims: []int{1}}, 0, 1, Limits{}) },
		"4 buffers given, want 3":  func() error { return m.Run(p, &Args{Bufs: append(bufs, nil), Dims: []int{1}}, 0, 1, Limits{}) },
		"over the limit of memory": func() error { return m.Run(p, &Args{Bufs: bufs, Dims: []int{1}}, 0, 1, Limits{Memory: 55}) },
		"work is -2":               func() error { _, err := Work(p, []int{-2}); return err },
		"f: not verified":          func() error { return m.Run(&Program{Name: "f"}, &Args{}, 0, 1, Limits{}) },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

// seal gives data a right header.
func seal(data []byte) []byte {
	if len(data) < header {
		return data
	}
	data = append([]byte{}, data...)
	copy(data, magic)
	binary.LittleEndian.PutUint16(data[len(magic):], version)
	binary.LittleEndian.PutUint32(data[header-4:], crc32.Checksum(data[header:], castagnoli))
	return data
}

func TestDecodeRefuses(t *testing.T) {
	p, err := Assemble(matmul)
	if err != nil {
		t.Fatal(err)
	}
	good := p.Encode()
	if _, err := Decode(good); err != nil {
		t.Fatal(err)
	}
	for n := range good {
		if _, err := Decode(good[:n]); err == nil {
			t.Fatalf("the first %d bytes of %d are a program", n, len(good))
		}
		if _, err := Decode(seal(good[:n])); err == nil {
			t.Fatalf("the first %d bytes of %d are a program, with a checksum", n, len(good))
		}
		flipped := append([]byte{}, good...)
		flipped[n] ^= 0x10
		if _, err := Decode(flipped); err == nil {
			t.Fatalf("byte %d flipped: not noticed", n)
		}
	}
	next := append([]byte{}, good...)
	next[len(magic)]++
	longer := append(append([]byte{}, good[:header]...), good[header]|0x80, 0) // the same number in a byte more
	if _, err := Decode(seal(append(longer, good[header+1:]...))); err == nil {
		t.Error("two programs of different bytes are the same")
	}
	for want, data := range map[string][]byte{
		"not a bytecode program":      []byte("GGUF............"),
		"version 2, this build reads": next,
		"the program ends at byte":    seal(append(append([]byte{}, good...), 0)),
		"a number is cut off":         seal(append(good[:header:header], 0x80, 0)),
		"but 1 bytes are left":        seal(append(good[:header:header], 100, 1)),
	} {
		if _, err := Decode(data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

func TestAssembleRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"program p":          `line 1: "program" has 2 words, want 3`,
		"\nfoo":              `line 2: no declaration "foo"`,
		"in a x8":            `line 1: no memory type "x8"`,
		"const %1 int 3":     "line 1: register %1, want %2",
		"const %2 int x":     `line 1: "x" is no int`,
		"work {\nfrob":       `line 2: no operation "frob"`,
		"code\nadd %1 %2 $x": `line 2: no parameter "x"`,
		"code\nadd %1 %2":    `line 2: "add" has 3 words, want 4`,
		"code\nopen v %2":    `line 2: no view "v"`,
		"table t u8 = 0g":    "line 1: encoding/hex",
		"program 1a 1":       "the name is not an identifier",
		"program a 1\ndim x\ndim x\nwork {\n} $x": `parameter "x": declared twice`,
	} {
		if _, err := Assemble(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
