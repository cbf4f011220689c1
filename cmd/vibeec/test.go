package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/property"
	"github.com/trinity-engine/trinity/vibee/source"
)

// test runs properties on the exact program and on the scheduled one, in the VM.
func test(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("test", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	cases := flags.Int("cases", 16, "")
	seed := flags.Int64("seed", -1, "")
	if err := flags.Parse(args); err != nil || flags.NArg() < 1 || flags.NArg() > 2 {
		return errUsage
	}
	specs, name := flags.Arg(0), flags.Arg(1)
	prog, err := source.Load(specs)
	if err != nil {
		return err
	}
	engines := []struct {
		name   string
		runner *property.Runner
	}{{"exact", property.On(property.NewVM(lower.Exact))}, {"scheduled", property.On(property.NewVM(lower.Scheduled))}}
	ran := 0
	for _, p := range prog.Properties {
		if name != "" && name != p.FullName() {
			continue
		}
		ran++
		for _, e := range engines {
			compared := 0
			for _, c := range property.Cases(p, prog.Formats, *cases) {
				if *seed >= 0 {
					c.Seed = uint64(*seed)
				}
				n, err := e.runner.Run(c)
				if err != nil {
					return fmt.Errorf("%s program: %w\nreplay: vibeec test --seed %d %s %s", e.name, err, c.Seed, specs, p.FullName())
				}
				compared += n
			}
			fmt.Fprintf(out, "%-30s %-10s %8d elements\n", p.FullName(), e.name, compared)
		}
	}
	if ran == 0 && name != "" {
		return fmt.Errorf("test: there is no property %s", name)
	}
	return nil
}
