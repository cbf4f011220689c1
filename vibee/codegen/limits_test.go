package codegen_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/grammar"
)

// repeated joins f(0) … f(n - 1).
func repeated(n int, sep string, f func(i int) string) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = f(i)
	}
	return strings.Join(parts, sep)
}

// before is the name that declaration i calls twice: with each the work doubles.
func before(i int) string {
	if i == 0 {
		return "g"
	}
	return fmt.Sprintf("g%d", i-1)
}

// TestLimits: what is short to write and long to compile is refused soon, by what is too large.
func TestLimits(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"size", "// " + strings.Repeat("x", 1<<20), "the limit is 1048576"},
		{"brackets", "op f(x: f32[T]) -> y: f32[T] { y[t] = " + strings.Repeat("(", 300), "nest deeper than 200"},
		{"operators", "op f(x: f32[T]) -> y: f32[T] { y[t] = " + repeated(10000, "+", func(int) string { return "x[t]" }) + " }", "nests deeper than 200"},
		{"dims", "op f(x: f32[" + repeated(40, ", ", func(i int) string { return fmt.Sprintf("D%d", i) }) + "]) -> y: f32[D0] { y[i] = 1 }",
			"40 dims are too many"},
		{"polynomials", "op f(x: f32[A, B, C, D]) -> y: f32[A] { y[i] = x[" + repeated(40, "*", func(int) string { return "(A + B + C + D + i)" }) + ", 0, 0, 0] }",
			"too long"},
		{"calls that double", "op g(x: f32) -> y: f32 { y = x + x }\n" + repeated(40, "\n", func(i int) string {
			return fmt.Sprintf("op g%d(x: f32) -> y: f32 { y = %s(%s(x)) }", i, before(i), before(i))
		}) + "\nop f(x: f32[T]) -> y: f32[T] { y[t] = g39(x[t]) }", "the program of f grows too large"},
		{"lets of a format that double", "format q : block[8] of f32 {\n bytes 8 gguf 100\n field v : u8[8]\n let a0[i in 0 .. 8] = bits(v[i], 0, 1)\n" +
			repeated(40, "\n", func(i int) string {
				return fmt.Sprintf(" let a%d[i in 0 .. 8] = (a%d[i] + a%d[7 - i]) %% 2", i+1, i, i)
			}) + "\n code c[i] : u8 = a40[i]\n decode[i] = f32(c[i]) * 2\n}\n" +
			"op f(W: any[M, K], x: f32[T, K]) -> y: f32[T, M] {\n y[t, m] = sum[k](W[m, k] * x[t, k])\n relax factor(W)\n order blocks(k, W)\n}",
			"the program of f grows too large"},
		{"loops side by side", "op f(x: f32[A, B, C, D, E]) -> y: f32[A, B, C, D, E] { y[a, b, c, d, e] = x[a, b, c, d, e] }\n" +
			"schedule f for go, vm { unroll a by 64 unroll b by 64 unroll c by 64 unroll d by 64 unroll e by 64 }", "the program of f grows too large"},
		{"weights of any format", repeated(20, "\n", func(i int) string {
			return fmt.Sprintf("format q%d : block[1] of f32 { bytes 4 field v : f32 decode[i] = v }", i)
		}) + "\nop f(" + repeated(6, ", ", func(i int) string { return fmt.Sprintf("w%d: any[M, K]", i) }) + ") -> y: f32[M, K] { y[m, k] = " +
			repeated(6, " + ", func(i int) string { return fmt.Sprintf("w%d[m, k]", i) }) + " }", "64000000 kernels"},
		{"layers that double", "op g(x: f32[T, D]) -> y: f32[T, D] { y[t, d] = x[t, d] }\n" + repeated(40, "\n", func(i int) string {
			return fmt.Sprintf("layer g%d(x: f32[T, D]) -> y: f32[T, D] { y = %s(%s(x)) }", i, before(i), before(i))
		}), "the plan has more than 65536 steps"},
		{"cases", "op f(x: f32[T]) -> y: f32[T] { y[t] = x[t] }\n" +
			"schedule f for go when T % 65521 == 0 { parallel t }\nschedule f for go when T % 65519 != 0 { parallel t }", "the limit is 65536"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, err := grammar.Parse("p.vibee", []byte("vibee 1\npackage p\n"+test.src))
			if err == nil {
				_, err = codegen.Compile([]*grammar.File{file})
			}
			list, ok := err.(grammar.Errors)
			if !ok {
				t.Fatalf("no error: %v", err)
			}
			if !strings.Contains(list[0].Error(), test.want) {
				t.Errorf("not %q but %v", test.want, list)
			}
		})
	}
}
