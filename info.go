package trinity

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/trinity-engine/trinity/gen"
)

// Version is the module's version and the toolchain that built it.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "trinity (unknown build)"
	}
	return fmt.Sprintf("trinity %s, %s", info.Main.Version, info.GoVersion)
}

// Info describes a model file: its metadata and its tensors.
func Info(path string, w io.Writer) error {
	file, err := openFile(path)
	if err != nil {
		return err
	}
	defer file.Close()
	fmt.Fprintf(w, "GGUF v%d, %d keys, %d tensors, %d bytes\n\n", file.Version, len(file.Keys()), len(file.Tensors), file.Size())
	for _, k := range file.Keys() {
		v, _ := file.Value(k)
		fmt.Fprintf(w, "%s = %s\n", k, v)
	}
	names := map[uint32]string{}
	for _, f := range gen.Formats {
		names[uint32(f.GGUF)] = f.Name
	}
	fmt.Fprintln(w)
	for _, t := range file.Tensors {
		name := names[uint32(t.Type)]
		if name == "" {
			name = fmt.Sprintf("type %d", t.Type)
		}
		fmt.Fprintf(w, "%-40s %-8s %v\n", t.Name, name, t.Dims)
	}
	return nil
}
