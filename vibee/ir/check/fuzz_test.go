package check

import (
	"testing"

	"github.com/trinity-engine/trinity/vibee/grammar"
)

// FuzzCheck: whatever the bytes, parsing and checking end, and do not panic.
func FuzzCheck(f *testing.F) {
	f.Add([]byte("vibee 1\npackage p\nop f(x: f32[T, D]) -> y: f32[T, D] {\n  y[t, d] = x[t, d] * 2\n}\n"))
	f.Add([]byte("vibee 1\npackage p\nformat q : block[32] of f32 {\n  bytes 18\n  field d : f16\n  field q : u8[16]\n  code c[i] : u8 = bits(q[i % 16], 4 * (i / 16), 4)\n  decode[i] = f32(d) * f32(c[i])\n}\n"))
	f.Add([]byte("vibee 1\npackage p\nmodel m @arch(\"m\") {\n  config L : dim @gguf(\"m.l\") = 1\n  forward(tok: i32[T]) -> y: f32[T, L] {\n    repeat i in 0 .. L {\n      y = f(tok, L:)\n    }\n  }\n}\n"))
	f.Add([]byte("vibee 1\npackage p\nop f(W: any[M, K], x: f32[T, K], c: f32) -> y: f32[T, M] {\n  y[t, m] = W[m, t % 2] * x[t, 0] * c\n}\n" +
		"property f.a(W: any[M, K] in 0 .. 1, x: f32[T, K] in magnitude 1 .. 2^9, c: f32 in {1, 2}) where K % 2 == 0 {\n" +
		"  let z[t, k] = x[t, k] * c\n  let y = f(W, z, 1)\n  expect f(W, x as [T, K], c: c) == y\n  expect y[t, m] < sum[k] (x[t, k])\n}\n"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := grammar.Parse("fuzz.vibee", src)
		if err != nil {
			return
		}
		_, _ = Check([]*grammar.File{file})
	})
}
