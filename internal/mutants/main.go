package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"time"
)

func main() {
	n := flag.Int("sample", 0, "how many mutants to try; 0: all")
	seed := flag.String("seed", time.Now().UTC().Format(time.DateOnly), "what chooses the sample")
	name := flag.String("run", "", "try only the mutants whose name or file matches")
	flag.Parse()
	if err := run(*n, *seed, *name); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(n int, seed, name string) error {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	wanted, err := regexp.Compile(name)
	if err != nil {
		return err
	}
	all := slices.DeleteFunc(everything(), func(m mutant) bool { return !wanted.MatchString(m.name) && !wanted.MatchString(m.file) })
	chosen := sample(all, n, seed)
	fmt.Printf("%d of %d mutants; again: go run ./internal/mutants -run %q -sample %d -seed %s\n", len(chosen), len(all), name, n, seed)

	passed := map[check]bool{}
	var bad []string
	for _, m := range chosen {
		start := time.Now()
		noticed, err := "", error(nil)
		if !passed[m.by] {
			err = sound(root, m.by)
			passed[m.by] = err == nil
		}
		if err == nil {
			noticed, err = try(root, m)
		}
		seconds := time.Since(start).Seconds()
		switch {
		case err != nil:
			fmt.Printf("ERROR     %5.1f s  %v\n", seconds, err)
			bad = append(bad, m.name)
		case noticed == "":
			fmt.Printf("SURVIVES  %5.1f s  %-60s  %s saw nothing\n", seconds, m.name, m.by)
			bad = append(bad, m.name)
		default:
			fmt.Printf("noticed   %5.1f s  %-60s  %s %s\n", seconds, m.name, m.by.pkg, noticed)
		}
	}
	if len(bad) > 0 {
		return fmt.Errorf("%d of %d mutants were not noticed: %q", len(bad), len(chosen), bad)
	}
	return nil
}
