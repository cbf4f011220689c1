package bind

import (
	"fmt"
	"strings"
)

// unread refuses a file that holds what the model neither reads nor ignores: a tensor, or a
// key of its architecture.
func (b *binder) unread() error {
	var tensors, keys []string
	for _, t := range b.file.Tensors {
		if !b.read[t.Name] && !b.ignored(t.Name) {
			tensors = append(tensors, t.Name)
		}
	}
	for _, k := range b.file.Keys() {
		if strings.HasPrefix(k, b.model.Arch+".") && !b.read[k] && !b.ignored(k) {
			keys = append(keys, k)
		}
	}
	switch {
	case len(tensors) > 0:
		return fmt.Errorf("the file holds tensors that the model does not read: %s", list(tensors))
	case len(keys) > 0:
		return fmt.Errorf("the file holds keys that the model does not read: %s", list(keys))
	}
	return nil
}

func (b *binder) ignored(name string) bool {
	for _, pattern := range b.model.Ignore {
		if matches(pattern, name) {
			return true
		}
	}
	return false
}

// matches reports whether name is pattern, in which * stands for any run of characters.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	last := len(parts) - 1
	if last == 0 {
		return pattern == name
	}
	if !strings.HasPrefix(name, parts[0]) {
		return false
	}
	name = name[len(parts[0]):]
	for _, p := range parts[1:last] {
		i := strings.Index(name, p)
		if i < 0 {
			return false
		}
		name = name[i+len(p):]
	}
	return strings.HasSuffix(name, parts[last])
}
