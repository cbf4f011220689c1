package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

const usage = `vibeec compiles .vibee specs.

  vibeec SPECS [--check] [--out gen]   compile a folder of specs into gen/; --check: only compare
  vibeec check [SPECS]                 report what is wrong with specs
  vibeec test [--cases N] [--seed S] SPECS [PROPERTY]
                                       run properties on the exact and on the scheduled program
  vibeec fmt [-l|-d] SPECS...          bring specs into the one layout; -l: list, -d: show what differs
  vibeec dump [--stage ast|spec|loop|bytecode] [--program go|vm|exact|tolerance|avx2|…] NAME [SPECS]
                                       print what a stage makes of a declaration, as linear.matmul, or
                                       of a program, as linear.matmul_q4_1: scheduled for a target,
                                       exact, or the bound between them
`

// errUsage is a mistake in the arguments.
var errUsage = errors.New("usage")

func main() { os.Exit(status(run(os.Args[1:], os.Stdout), os.Stderr)) }

// status prints an error, and gives the exit code: 1 for what failed, 2 for a mistake in the arguments.
func status(err error, out io.Writer) int {
	switch {
	case err == nil:
		return 0
	case err == errUsage:
		fmt.Fprint(out, usage)
		return 2
	case errors.Is(err, errUsage):
		fmt.Fprintf(out, "vibeec: %v; see vibeec --help\n", err)
		return 2
	}
	fmt.Fprintln(out, err)
	return 1
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
		return check(args[1:])
	case "fmt":
		return layout(args[1:], out)
	case "test":
		return test(args[1:], out)
	case "dump":
		return dump(args[1:], out)
	}
	flags := newFlags("vibeec")
	only := flags.Bool("check", false, "")
	dir := flags.String("out", "gen", "")
	rest, err := parse(flags, args, 1, 1)
	if _, absent := os.Stat(args[0]); absent != nil {
		if near := meant(args[0], "check", "fmt", "dump"); near != "" {
			return mistake{"there is no command " + args[0] + near}
		}
	}
	if err != nil {
		return err
	}
	return compile(rest[0], *dir, *only)
}

func newFlags(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

// parse reads flags wherever they stand, and gives the other arguments, of which there are least to most.
func parse(flags *flag.FlagSet, args []string, least, most int) (rest []string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return nil, mistake{err.Error()}
		}
		if args = flags.Args(); len(args) > 0 {
			rest, args = append(rest, args[0]), args[1:]
		}
	}
	switch {
	case len(rest) < least:
		return nil, mistake{flags.Name() + ": an argument is missing"}
	case len(rest) > most:
		return nil, mistake{fmt.Sprintf("%s: what is %s for?", flags.Name(), rest[most])}
	}
	return rest, nil
}

// mistake is an errUsage that says more.
type mistake struct{ text string }

func (m mistake) Error() string        { return m.text }
func (m mistake) Is(target error) bool { return target == errUsage }
