package amxemu

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDecode reads what an assembler makes of each instruction.
func TestDecode(t *testing.T) {
	at := func(base, index int, scale uint, disp int64) address { return address{base, index, scale, disp} }
	for _, test := range []struct {
		text string
		code []byte
		want instruction
	}{
		{"ldtilecfg (%rax)", []byte{0xc4, 0xe2, 0x78, 0x49, 0x00}, instruction{kind: loadConfig, at: at(0, -1, 0, 0), bytes: 5}},
		{"ldtilecfg 64(%r12)", []byte{0xc4, 0xc2, 0x78, 0x49, 0x44, 0x24, 0x40}, instruction{kind: loadConfig, at: at(12, -1, 0, 64), bytes: 7}},
		{"tilerelease", []byte{0xc4, 0xe2, 0x78, 0x49, 0xc0}, instruction{kind: release, bytes: 5}},
		{"tilezero %tmm7", []byte{0xc4, 0xe2, 0x7b, 0x49, 0xf8}, instruction{kind: zero, dst: 7, bytes: 5}},
		{"tileloadd (%rax,%rdx,1), %tmm3", []byte{0xc4, 0xe2, 0x7b, 0x4b, 0x1c, 0x10}, instruction{kind: load, dst: 3, at: at(0, 2, 0, 0), bytes: 6}},
		{"tileloadd -8(%r8,%r9,4), %tmm1", []byte{0xc4, 0x82, 0x7b, 0x4b, 0x4c, 0x88, 0xf8}, instruction{kind: load, dst: 1, at: at(8, 9, 2, -8), bytes: 7}},
		{"tilestored %tmm5, 4096(%rbx,%rcx,1)", []byte{0xc4, 0xe2, 0x7a, 0x4b, 0xac, 0x0b, 0x00, 0x10, 0x00, 0x00}, instruction{kind: store, dst: 5, at: at(3, 1, 0, 4096), bytes: 10}},
		{"tdpbssd %tmm2, %tmm1, %tmm0", []byte{0xc4, 0xe2, 0x6b, 0x5e, 0xc1}, instruction{kind: product, a: 1, b: 2, signedA: true, signedB: true, bytes: 5}},
		{"tdpbsud %tmm7, %tmm6, %tmm5", []byte{0xc4, 0xe2, 0x42, 0x5e, 0xee}, instruction{kind: product, dst: 5, a: 6, b: 7, signedA: true, bytes: 5}},
		{"tdpbusd %tmm7, %tmm6, %tmm5", []byte{0xc4, 0xe2, 0x41, 0x5e, 0xee}, instruction{kind: product, dst: 5, a: 6, b: 7, signedB: true, bytes: 5}},
		{"tdpbuud %tmm7, %tmm6, %tmm5", []byte{0xc4, 0xe2, 0x40, 0x5e, 0xee}, instruction{kind: product, dst: 5, a: 6, b: 7, bytes: 5}},
		{"tdpbf16ps %tmm2, %tmm1, %tmm0", []byte{0xc4, 0xe2, 0x6a, 0x5c, 0xc1}, instruction{kind: pairs, a: 1, b: 2, bytes: 5}},
		{"tdpbf16ps %tmm7, %tmm6, %tmm5", []byte{0xc4, 0xe2, 0x42, 0x5c, 0xee}, instruction{kind: pairs, dst: 5, a: 6, b: 7, bytes: 5}},
	} {
		got, err := decode(append(test.code, 0x90))
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
		}
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(instruction{}, address{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.text, diff)
		}
	}
	for _, code := range [][]byte{{0x0f, 0x0b}, {0xc4, 0xe2, 0x78, 0x49}, {0xc4, 0xe2, 0x7b, 0x5c, 0xc1}, {0xc4, 0xe2, 0xfb, 0x4b, 0x1c, 0x10}, {0xc4, 0xe2, 0x7b, 0x4b, 0x1c}} {
		if _, err := decode(code); err == nil || !strings.Contains(err.Error(), "no tile instruction") {
			t.Errorf("% x: %v", code, err)
		}
	}
}
