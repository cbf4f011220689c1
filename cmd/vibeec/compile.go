package main

import (
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/asm"
	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/codegen/golang"
	"github.com/trinity-engine/trinity/vibee/source"
)

const module = "github.com/trinity-engine/trinity"

// lowered compiles specs up to the Loop IR and the plans.
func lowered(specs string) (*codegen.Unit, error) {
	files, err := source.Read(specs)
	if err != nil {
		return nil, err
	}
	return codegen.Compile(files)
}

// check reports everything that is wrong with specs.
func check(args []string) error {
	rest, err := parse(newFlags("check"), args, 0, 1)
	if err != nil {
		return err
	}
	_, err = lowered(append(rest, "specs")[0])
	return err
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
