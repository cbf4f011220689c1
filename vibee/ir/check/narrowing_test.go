package check_test

import (
	"fmt"
	"testing"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
)

// TestNarrowing: a value is narrowed to u8 where it is proved to fit, to the last number.
func TestNarrowing(t *testing.T) {
	for value, fits := range map[string]bool{
		"u8(b[t])":                       true,
		"u8(b[t] + 1)":                   false,
		"u8(b[t] - 1)":                   false,
		"u8(b[t] / 2 + 128)":             true,
		"u8(b[t] / 2 + 129)":             false,
		"u8(b[t] * 256 >> 8)":            true,
		"u8(b[t] * 257 >> 8)":            true,
		"u8(b[t] * 258 >> 8)":            false,
		"u8(bits(n[t], 0, 8))":           true,
		"u8(bits(n[t], 0, 9))":           false,
		"u8(n[t])":                       false,
		"u8(abs(n[t]) % 256)":            true,
		"u8(n[t] & 255)":                 true,
		"u8(n[t] & 256)":                 false,
		"wrap_u8(n[t])":                  true,
		"u8(clamp(x[t], 0, 255))":        true,
		"u8(clamp(x[t], 0, 255.5))":      true,
		"u8(clamp(x[t], 0, 256))":        false,
		"u8(clamp(x[t], -0.5, 255))":     true,
		"u8(clamp(x[t], -1, 255))":       false,
		"u8(max(x[t], 0))":               false,
		"u8(min(max(0, x[t]), 255))":     false, // of a NaN, max(0, x) is x
		"u8(x[t])":                       false,
		"u8(if b[t] < 9 { 0 } else {1})": true,
	} {
		source := fmt.Sprintf("vibee 1\npackage p\nop f(b: u8[T], n: i32[T], x: f32[T]) -> y: f32[T] {\n  y[t] = x[t] + f32(b[t] & n[t]) + f32(%s)\n}\n", value)
		file, err := grammar.Parse("narrowing.vibee", []byte(source))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = check.Check([]*grammar.File{file}); (err == nil) != fits {
			t.Errorf("%s: fits: %t, want %t: %v", value, err == nil, fits, err)
		}
	}
}
