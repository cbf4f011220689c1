package main

import (
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/asm"
	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/codegen/golang"
	"github.com/trinity-engine/trinity/vibee/source"
)

const module = "github.com/trinity-engine/trinity"

// lowered compiles a folder of specs up to the Loop IR.
func lowered(specs string) (*codegen.Unit, error) {
	prog, err := source.Load(specs)
	if err != nil {
		return nil, err
	}
	return codegen.Build(prog)
}

// compile writes gen/, or compares it with what the specs give.
func compile(specs, out string, only bool) error {
	unit, err := lowered(specs)
	if err != nil {
		return err
	}
	files, err := codegen.Generate(unit, golang.Target{Module: module}, asm.Target{Module: module}, bytecode.Target{})
	if err != nil {
		return err
	}
	if only {
		return files.Check(out)
	}
	return files.Write(out)
}
