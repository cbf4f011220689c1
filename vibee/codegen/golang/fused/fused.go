package fused

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// Targets are settings of the environment for which Go fuses a*b + c.
var Targets = []string{"GOARCH=arm64", "GOARCH=amd64 GOAMD64=v3", "GOARCH=riscv64", "GOARCH=ppc64le", "GOARCH=s390x", "GOARCH=loong64"}

// instruction matches the mnemonic of a listing's line: FMADDS, FNMSUBD, VFMADD231SS, VFMLA, …
var instruction = regexp.MustCompile(`^\t0x[0-9a-f]+ [0-9]+ \((.*?)\)\t(V?FN?M(?:ADD|SUB|LA|LS)[A-Z0-9]*)\t`)

// function matches the line that starts a function in a listing.
var function = regexp.MustCompile(`^\S+ STEXT`)

// Find compiles the packages that patterns name, from dir, for target, and lists fused
// multiply-adds: "file:line: VFMADD231SS".
func Find(dir, target string, patterns ...string) ([]string, error) {
	cmd := exec.Command("go", append([]string{"build", "-gcflags=-S"}, patterns...)...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux"), strings.Fields(target)...)
	listing, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("fused: %s go build %s: %w\n%s", target, strings.Join(patterns, " "), err, listing)
	}
	var found []string
	functions := 0
	for line := range bytes.Lines(listing) {
		if function.Match(line) {
			functions++
		}
		if m := instruction.FindSubmatch(line); m != nil {
			found = append(found, fmt.Sprintf("%s: %s", m[1], m[2]))
		}
	}
	if functions == 0 {
		return nil, fmt.Errorf("fused: %s go build %s: an empty listing", target, strings.Join(patterns, " "))
	}
	return found, nil
}
