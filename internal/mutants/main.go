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
	fmt.Printf("%d of %d mutants; again: go run ./internal/mutants -sample %d -seed %s -run %q\n", len(chosen), len(all), n, seed, name)

	partial := map[check]bool{} // of those that are sound
	var bad []string
	for _, m := range chosen {
		start := time.Now()
		noticed, err := "", error(nil)
		if _, known := partial[m.by]; !known {
			var less bool
			if less, err = sound(root, m.by); err == nil {
				partial[m.by] = less
			}
		}
		if err == nil {
			noticed, err = try(root, m)
		}
		seconds := time.Since(start).Seconds()
		switch {
		case err != nil:
			fmt.Printf("error     %5.1f s  %v\n", seconds, err)
		case noticed == "" && partial[m.by]:
			fmt.Printf("undecided %5.1f s  %s: %s; %s saw nothing, but %s some of what it tries\n", seconds, m.file, m.name, m.by, lacking)
			continue
		case noticed == "":
			fmt.Printf("survives  %5.1f s  %s: %s; %s saw nothing\n", seconds, m.file, m.name, m.by)
		default:
			fmt.Printf("noticed   %5.1f s  %s: %s  <-  %s %s\n", seconds, m.file, m.name, m.by.pkg, noticed)
			continue
		}
		bad = append(bad, m.name)
	}
	if len(bad) > 0 {
		return fmt.Errorf("mutants: %d of %d were not noticed: %q", len(bad), len(chosen), bad)
	}
	return nil
}
