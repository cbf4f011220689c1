package gguf_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

func parse(t testing.TB, data []byte) *gguf.File {
	t.Helper()
	f, err := gguf.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// all asks every accessor for the value, and lists those that have one.
func all(v gguf.Value) map[string]any {
	got := map[string]any{}
	note := func(name string, x any, ok bool) {
		if ok {
			got[name] = x
		}
	}
	u, ok := v.Uint()
	note("uint", u, ok)
	i, ok := v.Int()
	note("int", i, ok)
	f, ok := v.Float()
	note("float", f, ok)
	b, ok := v.Bool()
	note("bool", b, ok)
	s, ok := v.Text()
	note("text", s, ok)
	ts, ok := v.Texts()
	note("texts", ts, ok)
	fs, ok := v.Floats()
	note("floats", fs, ok)
	is, ok := v.Ints()
	note("ints", is, ok)
	bs, ok := v.Bools()
	note("bools", bs, ok)
	raw, ok := v.Bytes()
	note("bytes", raw, ok)
	return got
}

func TestValues(t *testing.T) {
	for _, c := range []struct {
		in   any
		kind gguf.Kind
		want map[string]any
		text string
	}{
		{uint8(255), gguf.Uint8, map[string]any{"uint": uint64(255), "int": int64(255)}, "255"},
		{int8(-128), gguf.Int8, map[string]any{"int": int64(-128)}, "-128"},
		{uint16(65535), gguf.Uint16, map[string]any{"uint": uint64(65535), "int": int64(65535)}, "65535"},
		{int16(-2), gguf.Int16, map[string]any{"int": int64(-2)}, "-2"},
		{uint32(4e9), gguf.Uint32, map[string]any{"uint": uint64(4e9), "int": int64(4e9)}, "4000000000"},
		{int32(7), gguf.Int32, map[string]any{"uint": uint64(7), "int": int64(7)}, "7"},
		{uint64(math.MaxUint64), gguf.Uint64, map[string]any{"uint": uint64(math.MaxUint64)}, "18446744073709551615"},
		{int64(math.MinInt64), gguf.Int64, map[string]any{"int": int64(math.MinInt64)}, "-9223372036854775808"},
		{float32(0.1), gguf.Float32, map[string]any{"float": float64(float32(0.1))}, "0.1"},
		{1e300, gguf.Float64, map[string]any{"float": 1e300}, "1e+300"},
		{math.Inf(-1), gguf.Float64, map[string]any{"float": math.Inf(-1)}, "-Inf"},
		{true, gguf.Bool, map[string]any{"bool": true}, "true"},
		{false, gguf.Bool, map[string]any{"bool": false}, "false"},
		{"a\n\"ĠĊ", gguf.String, map[string]any{"text": "a\n\"ĠĊ"}, `"a\n\"ĠĊ"`},
		{"", gguf.String, map[string]any{"text": ""}, `""`},
		{"\xff", gguf.String, map[string]any{"text": "\xff"}, `"\xff"`},
		{strings.Repeat("é", 81), gguf.String, map[string]any{"text": strings.Repeat("é", 81)}, `"` + strings.Repeat("é", 80) + `"…`},
		{[]string{"a", "", "bc"}, gguf.Array, map[string]any{"texts": []string{"a", "", "bc"}}, `string[3] {"a", "", "bc"}`},
		{[]string{}, gguf.Array, map[string]any{"texts": []string{}}, `string[0] {}`},
		{[]float32{1, -0.5}, gguf.Array, map[string]any{"floats": []float32{1, -0.5}}, `f32[2] {1, -0.5}`},
		{[]float64{1, -0.5}, gguf.Array, map[string]any{"floats": []float32{1, -0.5}}, `f64[2] {1, -0.5}`},
		{[]float64{0.1}, gguf.Array, map[string]any{}, `f64[1] {0.1}`},
		{[]int32{1, 2, 3, 4, 5, 6, 7}, gguf.Array, map[string]any{"ints": []int64{1, 2, 3, 4, 5, 6, 7}}, `i32[7] {1, 2, 3, 4, 5, 6, …}`},
		{[]int16{-1}, gguf.Array, map[string]any{"ints": []int64{-1}}, `i16[1] {-1}`},
		{[]uint64{1 << 63}, gguf.Array, map[string]any{}, `u64[1] {9223372036854775808}`},
		{[]uint64{1<<63 - 1}, gguf.Array, map[string]any{"ints": []int64{1<<63 - 1}}, `u64[1] {9223372036854775807}`},
		{[]uint8{1, 200}, gguf.Array, map[string]any{"ints": []int64{1, 200}, "bytes": []byte{1, 200}}, `u8[2] {1, 200}`},
		{[]int8{-1}, gguf.Array, map[string]any{"ints": []int64{-1}, "bytes": []byte{255}}, `i8[1] {-1}`},
		{make([]int8, 1<<16+1), gguf.Array, map[string]any{"bytes": make([]byte, 1<<16+1)}, `i8[65537] {0, 0, 0, 0, 0, 0, …}`},
		{[]bool{true, false}, gguf.Array, map[string]any{"bools": []bool{true, false}}, `bool[2] {true, false}`},
		{[][]int16{{1, 2}, {}}, gguf.Array, map[string]any{}, `array[2] {i16[2] {1, 2}, i16[0] {}}`},
	} {
		t.Run(fmt.Sprintf("%T %.20s", c.in, c.text), func(t *testing.T) {
			f := parse(t, ggufwrite.New().Set("before", "x").Set("k", c.in).Set("after", uint8(1)).Bytes())
			v, ok := f.Value("k")
			if !ok {
				t.Fatal("the key is not there")
			}
			if v.Kind() != c.kind {
				t.Errorf("kind %v, want %v", v.Kind(), c.kind)
			}
			if diff := cmp.Diff(c.want, all(v)); diff != "" {
				t.Errorf("accessors (-want +got):\n%s", diff)
			}
			if v.String() != c.text {
				t.Errorf("String: %s, want %s", v.String(), c.text)
			}
		})
	}
}

func TestFloatsThatAreNoNumbers(t *testing.T) {
	f := parse(t, ggufwrite.New().Set("k", []float64{math.NaN(), math.Inf(1)}).Bytes())
	v, _ := f.Value("k")
	if got, ok := v.Floats(); !ok || !math.IsNaN(float64(got[0])) || !math.IsInf(float64(got[1]), 1) {
		t.Errorf("%v, %v", got, ok)
	}
}

func TestZeroValue(t *testing.T) {
	var v gguf.Value
	if got := all(v); len(got) != 0 || v.String() != "none" || v.Len() != 0 {
		t.Errorf("the zero value has %v, %q", got, v)
	}
}

func TestNestedElements(t *testing.T) {
	f := parse(t, sample().Bytes())
	v, _ := f.Value("deep")
	var got []string
	for i, a := range v.Elements() {
		got = append(got, fmt.Sprint(i, a.Elem(), a.Len()))
		for _, b := range a.Elements() {
			texts, ok := b.Texts()
			got = append(got, fmt.Sprint(texts, ok))
		}
	}
	if diff := cmp.Diff([]string{"0 array 1", "[x y] true", "1 array 0"}, got); diff != "" {
		t.Error(diff)
	}
	for i := range v.Elements() {
		if i > 0 {
			t.Error("the loop went on after break")
		}
		break
	}
}

func TestKeysAndTensorsKeepTheFilesOrder(t *testing.T) {
	b := ggufwrite.New().Set("z", uint8(1)).Set("a", uint8(2)).Set("m", uint8(3)).
		Add("z", 0, []uint64{1}, make([]byte, 4)).Add("a", 0, []uint64{1}, make([]byte, 4))
	b.Version = 2
	f := parse(t, b.Bytes())
	if f.Version != 2 || f.Alignment != 32 {
		t.Errorf("version %d, alignment %d", f.Version, f.Alignment)
	}
	if want := []string{"z", "a", "m"}; !slices.Equal(f.Keys(), want) {
		t.Errorf("keys %q", f.Keys())
	}
	if f.Tensors[0].Name != "z" || f.Tensors[1].Name != "a" {
		t.Errorf("tensors %v", f.Tensors)
	}
	for i, key := range f.Keys() {
		v, ok := f.Value(key)
		if x, _ := v.Uint(); !ok || x != uint64(i+1) {
			t.Errorf("%s = %v", key, v)
		}
	}
	for _, absent := range []string{"", "b", "zz"} {
		if _, ok := f.Value(absent); ok {
			t.Errorf("found key %q", absent)
		}
	}
}
