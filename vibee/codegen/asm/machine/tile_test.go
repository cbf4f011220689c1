package machine

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/printer"
	"github.com/mmcloughlin/avo/x86"
)

// TestTileCodes: the bytes are those of an assembler (LLVM's, with +amx-tile,+amx-int8,+amx-bf16).
func TestTileCodes(t *testing.T) {
	for _, test := range []struct {
		code       TileCode
		text, want string
	}{
		{TileConfig(), "LDTILECFG (AX)", "c4e2784900"},
		{TileRelease(), "TILERELEASE", "c4e27849c0"},
		{TileZero(0), "TILEZERO TMM0", "c4e27b49c0"},
		{TileZero(7), "TILEZERO TMM7", "c4e27b49f8"},
		{TileLoad(0), "TILELOADD (AX)(DX*1), TMM0", "c4e27b4b0410"},
		{TileLoad(3), "TILELOADD (AX)(DX*1), TMM3", "c4e27b4b1c10"},
		{TileLoad(7), "TILELOADD (AX)(DX*1), TMM7", "c4e27b4b3c10"},
		{TileStore(0), "TILESTORED TMM0, (AX)(DX*1)", "c4e27a4b0410"},
		{TileStore(5), "TILESTORED TMM5, (AX)(DX*1)", "c4e27a4b2c10"},
		{TileMultiply(0, 1, 2, true, true), "TDPBSSD TMM2, TMM1, TMM0", "c4e26b5ec1"},
		{TileMultiply(5, 6, 7, true, false), "TDPBSUD TMM7, TMM6, TMM5", "c4e2425eee"},
		{TileMultiply(5, 6, 7, false, true), "TDPBUSD TMM7, TMM6, TMM5", "c4e2415eee"},
		{TileMultiply(5, 6, 7, false, false), "TDPBUUD TMM7, TMM6, TMM5", "c4e2405eee"},
		{TileMultiply(3, 0, 4, true, true), "TDPBSSD TMM4, TMM0, TMM3", "c4e25b5ed8"},
		{TileMultiplyPairs(0, 1, 2), "TDPBF16PS TMM2, TMM1, TMM0", "c4e26a5cc1"},
		{TileMultiplyPairs(5, 6, 7), "TDPBF16PS TMM7, TMM6, TMM5", "c4e2425cee"},
	} {
		if got := hex.EncodeToString(test.code.Bytes); got != test.want || test.code.Text != test.text {
			t.Errorf("%s: %s, want %s: %s", test.code.Text, got, test.text, test.want)
		}
	}
}

// TestTilePrinted: what the assembler is given has the bytes in their order, and says what they are.
func TestTilePrinted(t *testing.T) {
	b, err := New("f", "func()", nil)
	if err != nil {
		t.Fatal(err)
	}
	b.Tile(TileLoad(3))
	b.Tile(TileMultiply(0, 1, 2, true, true))
	b.Emit(x86.RET())
	fn, err := b.Finish(Limits{Vectors: 32, Bytes: 64})
	if err != nil {
		t.Fatal(err)
	}
	file := ir.NewFile()
	file.AddSection(fn)
	text, err := printer.NewGoAsm(printer.Config{Name: "test"}).Print(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "// T") || strings.Contains(line, "$0x") {
			got = append(got, strings.Join(strings.Fields(line), " "))
		}
	}
	want := []string{"// TILELOADD (AX)(DX*1), TMM3", "LONG $0x4b7be2c4", "WORD $0x101c", "// TDPBSSD TMM2, TMM1, TMM0", "LONG $0x5e6be2c4", "BYTE $0xc1"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("printed:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
