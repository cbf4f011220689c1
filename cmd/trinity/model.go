package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

// modelFlags are the flags of every command that runs a model.
type modelFlags struct {
	threads, context, batch int
	vm                      string
	exact, fast             bool
	command                 *cobra.Command
}

func (f *modelFlags) add(c *cobra.Command) {
	f.command = c
	f.addSizes(c)
	c.Flags().IntVar(&f.context, "ctx", 0, "`positions` of the context (default: the model's, at most 2048)")
	c.Flags().StringVar(&f.vm, "vm", "", "compute in the VM: `loop` gives the same bits, spec the exact meaning")
	c.Flags().Lookup("vm").NoOptDefVal = "loop"
	c.Flags().BoolVar(&f.exact, "exact", false, "f32 activations instead of int8: slower, and what the file means to the last digit")
	c.Flags().BoolVar(&f.fast, "fast", false, "with AMX, bf16 weights meet bf16 activations; other processors give other bits")
	_ = c.RegisterFlagCompletionFunc("vm", cobra.FixedCompletions([]string{"loop", "spec"}, cobra.ShellCompDirectiveNoFileComp))
}

func (f *modelFlags) addSizes(c *cobra.Command) {
	f.command = c
	c.Flags().IntVar(&f.threads, "threads", 0, "`threads` (default: as many as GOMAXPROCS)")
	c.Flags().IntVar(&f.batch, "batch", 0, "`tokens` of a prompt computed at once (default 128)")
}

// mostThreads is more than any machine has use for.
const mostThreads = 1024

func (f *modelFlags) validate() error {
	for _, n := range []struct {
		name        string
		value, most int
	}{{"threads", f.threads, mostThreads}, {"ctx", f.context, 1 << 30}, {"batch", f.batch, 1 << 20}} {
		if f.changed(n.name) && (n.value < 1 || n.value > n.most) {
			return usagef("--%s is %d: give 1 to %d", n.name, n.value, n.most)
		}
	}
	if f.exact && f.fast {
		return usagef("--exact and --fast: one keeps every bit, the other gives them up: give one of them")
	}
	if f.vm != "" && f.vm != "loop" && f.vm != "spec" {
		return usagef("--vm=%s: give --vm=loop or --vm=spec", f.vm)
	}
	return nil
}

func (f *modelFlags) changed(flag string) bool { return f.command.Flags().Changed(flag) }

// options are for one text at a time.
func (f *modelFlags) options() trinity.Options {
	o := trinity.Options{Threads: f.threads, Context: f.context, Batch: f.batch, Parallel: 1, Exact: f.exact, Fast: f.fast}
	switch f.vm {
	case "loop":
		o.Engine = trinity.LoopInVM
	case "spec":
		o.Engine = trinity.SpecInVM
	}
	return o
}

// open opens the model.
func (f *modelFlags) open(path string) (*trinity.Model, error) {
	p := startProgress("loading " + filepath.Base(path))
	m, err := trinity.Open(path, f.options())
	p.stop()
	if err != nil {
		return nil, modelError{err}
	}
	if n := m.TrainedContext(); n > 0 && f.context > n {
		fmt.Fprintf(os.Stderr, "trinity: the model was trained for a context of %d: beyond it, text may make no sense\n", n)
	}
	return m, nil
}

// completeModel completes the first argument: tales, a model file, or a folder on the way to one. A second
// argument is a file where files says so.
func completeModel(files bool) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		switch {
		case len(args) == 1 && files:
			return nil, cobra.ShellCompDirectiveDefault
		case len(args) > 0:
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return models(typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// models gives what MODEL may be that begins with typed.
func models(typed string) (all []string) {
	if strings.HasPrefix("tales", typed) {
		all = append(all, "tales")
	}
	dir, base := filepath.Split(typed)
	entries, _ := os.ReadDir(filepath.Clean("./" + dir))
	if filepath.IsAbs(dir) {
		entries, _ = os.ReadDir(dir)
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), base) || strings.HasPrefix(e.Name(), ".") && base == "" {
			continue
		}
		switch info, err := os.Stat(filepath.Join(dir, e.Name())); {
		case err != nil:
		case info.IsDir():
			all = append(all, dir+e.Name()+string(filepath.Separator))
		case slices.Contains([]string{".gguf", ".tri"}, strings.ToLower(filepath.Ext(e.Name()))):
			all = append(all, dir+e.Name())
		}
	}
	return all
}
