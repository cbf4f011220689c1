package architectures

import (
	"io/fs"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
	"github.com/trinity-engine/trinity/vibee/source"
)

// engine is what the compiler makes of the specs and of testdata.
type engine struct {
	unit    *codegen.Unit
	models  map[string]*plan.Model // by architecture
	formats map[int]plan.Format    // by GGUF id
	code    fs.FS
}

var compileOnce = sync.OnceValues(func() (*engine, error) {
	prog, err := source.Load("../../specs", "testdata")
	if err != nil {
		return nil, err
	}
	unit, err := codegen.Build(prog)
	if err != nil {
		return nil, err
	}
	files, err := bytecode.Target{}.Emit(unit)
	if err != nil {
		return nil, err
	}
	e := &engine{unit: unit, models: map[string]*plan.Model{}, formats: map[int]plan.Format{}, code: tree(files)}
	for _, m := range unit.Models {
		e.models[m.Plan.Arch] = m.Plan
	}
	for _, f := range unit.Formats {
		e.formats[f.GGUF] = f
	}
	return e, nil
})

func compiled(t testing.TB) *engine {
	t.Helper()
	e, err := compileOnce()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// tree gives the bytecode as the VM reads it.
func tree(files manifest.Files) fs.FS {
	out := fstest.MapFS{}
	for path, data := range files {
		out[path] = &fstest.MapFile{Data: data}
	}
	sub, err := fs.Sub(out, "bytecode")
	if err != nil {
		panic(err)
	}
	return sub
}
