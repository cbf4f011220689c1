package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// outcome is what go test says of one check.
type outcome struct {
	passed, skipped int
	failed          string // the first test that failed
	broken          bool   // it did not build
	text            string // what was printed
}

// lacking is what tests print of a variant of the kernels that this processor can't run.
const lacking = "this processor lacks"

// partial reports whether a test did less than it does on a processor with all variants.
func (o outcome) partial() bool { return strings.Contains(o.text, lacking) }

// run runs one check on the project as the overlay has it.
func (o *overlay) run(c check) (outcome, error) {
	args := []string{"go", "test", "-json", "-count=1", "-failfast", "-vet=off", "-timeout=120s", "-run", pattern(c.test), c.pkg}
	if c.args != "" {
		args = append(append(args, "-args"), strings.Fields(c.args)...)
	}
	out, err := o.command(args...).CombinedOutput()
	got := read(out, strings.Count(c.test, "/"))
	switch {
	case got.broken:
		return got, fmt.Errorf("%s does not build:\n%s", c, got.text)
	case err != nil && got.failed == "":
		return got, fmt.Errorf("%s: %w\n%s", c, err, got.text)
	case got.passed+got.skipped == 0 && got.failed == "":
		return got, fmt.Errorf("%s: there is no such test", c)
	}
	return got, nil
}

// pattern is what -run takes to find a test by its whole name.
func pattern(test string) string {
	parts := strings.Split(test, "/")
	for i, p := range parts {
		parts[i] = "^" + p + "$"
	}
	return strings.Join(parts, "/")
}

// read takes the lines of go test -json. What passes counts where it is a subtest so deep: a test without the one that was
// asked for passes, too.
func read(lines []byte, depth int) (got outcome) {
	for line := range bytes.Lines(lines) {
		var e struct{ Action, Test, Output, FailedBuild string }
		if json.Unmarshal(line, &e) != nil {
			got.text += string(line)
			continue
		}
		got.text += e.Output
		switch {
		case e.Action == "build-fail" || e.FailedBuild != "":
			got.broken = true
		case e.Test == "", e.Action != "fail" && strings.Count(e.Test, "/") < depth:
		case e.Action == "pass":
			got.passed++
		case e.Action == "skip":
			got.skipped++
		case e.Action == "fail" && got.failed == "":
			got.failed = e.Test
		}
	}
	return got
}
