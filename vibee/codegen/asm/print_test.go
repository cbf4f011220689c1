package asm

import (
	"os"
	"testing"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/printer"

	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/source"
)

func TestPrintOne(t *testing.T) {
	want := os.Getenv("PROGRAM")
	prog, err := source.Load("../../../specs")
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range prog.Ops {
		if o.Scalar() {
			continue
		}
		for _, formats := range lower.FormatChoices(o, prog.Formats) {
			if o.Package+"."+lower.Name(o, formats) != want {
				continue
			}
			p, err := lower.Op(o, lower.Options{Target: "avx512", Instead: "go", Formats: formats})
			if err != nil {
				t.Fatal(err)
			}
			fn, _, err := compile(p, p.Name, isas["avx512"], newConstants(p.Name))
			if err != nil {
				t.Fatal(err)
			}
			f := ir.NewFile()
			f.AddSection(fn)
			out, err := printer.NewGoAsm(printer.Config{Name: "x"}).Print(f)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s", out)
		}
	}
}
