package asm

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/operand"

	"github.com/trinity-engine/trinity/internal/amxemu"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/vibee/codegen/asm/machine"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
)

// TestTiles emits programs with tiles, for a processor that has them, which is emulated where this has none; and with
// loops in their place. All memory is compared bit for bit with the tree walk.
func TestTiles(t *testing.T) {
	for _, variant := range []string{"avx2", "avx512", "amx"} {
		t.Run(variant, func(t *testing.T) {
			run := func(dir string) ([]byte, error) { return goTest(dir, "-timeout=30s", "./gen/random") }
			switch {
			case cpu.Has(variant) && variant == "amx":
				run = permitted
			case cpu.Has(variant):
			case variant == "amx" && cpu.Has("avx512"):
				run = emulated
			default:
				t.Skipf("this processor lacks %s", variant)
			}
			var calls []call
			files := manifest.Files{}
			for i, p := range looptest.Tiles() {
				p.Name += "_" + variant
				emit(t, files, p, variant)
				calls = append(calls, random(p, variant, []int64{3}, uint64(i)))
			}
			compare(t, calls, files, func(dir string) ([]byte, error) {
				out, err := run(dir)
				if errors.Is(err, amxemu.ErrUnavailable) {
					t.Skip(err)
				}
				return out, err
			})
		})
	}
}

// permitted runs the test of a folder, which asks the kernel for tiles before.
func permitted(dir string) ([]byte, error) {
	const ask = `package random

import "syscall"

func init() { syscall.RawSyscall(syscall.SYS_ARCH_PRCTL, 0x1023, 18, 0) }
`
	if err := os.WriteFile(filepath.Join(dir, "gen/random/permit_test.go"), []byte(ask), 0o644); err != nil {
		return nil, err
	}
	return goTest(dir, "-timeout=30s", "./gen/random")
}

// emulated runs the test of a folder where there are no tiles.
func emulated(dir string) ([]byte, error) {
	binary := filepath.Join(dir, "random.test")
	if out, err := goTest(dir, "-c", "-o", binary, "./gen/random"); err != nil {
		return out, err
	}
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	if err := os.Chdir(dir); err != nil {
		return nil, err
	}
	defer func() { _ = os.Chdir(here) }()
	var out bytes.Buffer
	n, err := amxemu.Run([]string{binary, "-test.v", "-test.timeout=30s"}, &out)
	if err == nil && (n == 0 || !strings.Contains(out.String(), "--- PASS: TestRun")) {
		err = errors.New("no tile was used")
	}
	return out.Bytes(), err
}

// TestTileLimits: what is no tile of the processor is refused, not emitted.
func TestTileLimits(t *testing.T) {
	for name, change := range map[string]func(rows, columns *int){
		"rows":  func(rows, _ *int) { *rows = 17 },
		"bytes": func(_, columns *int) { *columns = 68 },
		"words": func(_, columns *int) { *columns = 62 },
	} {
		p := looptest.Tiles()[0]
		tiles := p.Body[0].(*loop.Tiled).Tiles
		change(&tiles[1].Rows, &tiles[1].Columns)
		if _, _, _, err := compile(p, "f", isas["amx"], newConstants("f")); !errors.Is(err, errUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := looptest.Tiles()[0]
	all := p.Body[0].(*loop.Tiled)
	for range 6 {
		all.Tiles = append(all.Tiles, &loop.Tile{Name: "more", Elem: loop.MemI8, Rows: 1, Columns: 4})
	}
	if _, _, _, err := compile(p, "f", isas["amx"], newConstants("f")); !errors.Is(err, errUnsupported) {
		t.Errorf("nine tiles: %v", err)
	}
}

// TestTilesReleased: between the configuration of tiles and a way out of a function there is a release, on the way where
// an index is outside, too.
func TestTilesReleased(t *testing.T) {
	p := looptest.Tiles()[0]
	p.Bufs[1].Size = nil // so that indices are compared with its length
	fn, _, _, err := compile(p, "f", isas["amx"], newConstants("f"))
	if err != nil {
		t.Fatal(err)
	}
	long := operand.U32(binary.LittleEndian.Uint32(machine.TileConfig().Bytes)) // of the release, too
	code := fn.Instructions()
	held, configured, exits := false, 0, 0
	for i, inst := range code {
		switch {
		case inst.Opcode == "LONG" && inst.Operands[0] == operand.Op(long):
			held = code[i+1].Operands[0] == operand.Op(operand.U8(0))
			if held {
				configured++
			}
		case inst.Opcode == "RET":
			if held {
				t.Errorf("exit %d of the function leaves with tiles", exits)
			}
			exits++
			held = true // what follows is jumped to from anywhere
		}
	}
	if configured != 1 || exits != 2 {
		t.Errorf("%d configurations and %d exits", configured, exits)
	}
}
