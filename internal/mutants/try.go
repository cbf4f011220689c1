package main

import (
	"fmt"
	"os"
)

// sound reports whether a check passes, and skips nothing, on the project as it is. It is partial where it tries less
// than on a processor with all variants, and may skip: what survives it may show on another.
func sound(root string, c check) (partial bool, err error) {
	got, err := newOverlay(root, "").run(c)
	switch {
	case err != nil:
		return false, err
	case got.failed != "":
		return false, fmt.Errorf("%s: %s fails without a mutant:\n%s", c, got.failed, got.text)
	case got.skipped > 0 && !got.partial():
		return false, fmt.Errorf("%s skips, so that it can notice nothing:\n%s", c, got.text)
	}
	return got.partial(), nil
}

// try gives the test that notices a mutant, "" where it survives.
func try(root string, m mutant) (noticed string, err error) {
	src, err := m.source(root)
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "mutant")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	o := newOverlay(root, dir)
	if err := o.put(m.file, src); err != nil {
		return "", err
	}
	if m.generates() {
		if err := o.generate(); err != nil {
			return "", fmt.Errorf("mutant %q: %w", m.name, err)
		}
	}
	got, err := o.run(m.by)
	if err != nil {
		return "", fmt.Errorf("mutant %q: %w", m.name, err)
	}
	return got.failed, nil
}
