package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/trinity-engine/trinity/vibee/source"
)

const usage = `vibeec compiles .vibee specs.

  vibeec SPECS [--check] [--out gen]   compile a folder of specs into gen/; --check: only compare
  vibeec check SPECS                   report what is wrong with specs
  vibeec test [--cases N] [--seed S] SPECS [PROPERTY]
                                       run properties on the exact and on the scheduled program
  vibeec fmt [-l|-d] SPECS             bring specs into the one layout; -l: list, -d: show what differs
  vibeec dump --stage loop|bytecode|spec|tolerance NAME [SPECS]
                                       print a program: NAME is linear.matmul_q4_1
`

// errUsage is a mistake in the arguments.
var errUsage = errors.New("usage")

func main() {
	err := run(os.Args[1:], os.Stdout)
	switch {
	case err == nil:
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errUsage
	}
	switch args[0] {
	case "-h", "--help", "help":
		fmt.Fprint(out, usage)
		return nil
	case "check":
		if len(args) != 2 {
			return errUsage
		}
		_, err := source.Load(args[1])
		return err
	case "fmt":
		return layout(args[1:], out)
	case "test":
		return test(args[1:], out)
	case "dump":
		return dump(args[1:], out)
	}
	flags := flag.NewFlagSet("vibeec", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	only := flags.Bool("check", false, "compare only")
	dir := flags.String("out", "gen", "output folder")
	if err := flags.Parse(args[1:]); err != nil || flags.NArg() > 0 {
		return errUsage
	}
	return compile(args[0], *dir, *only)
}
