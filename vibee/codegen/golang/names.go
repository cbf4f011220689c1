package golang

import (
	"go/token"
	"strconv"
	"strings"
)

// reserved are names that generated code needs as they are: predeclared ones it uses,
// and the packages it imports.
var reserved = []string{"any", "bool", "byte", "float32", "float64", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16",
	"uint32", "uint64", "len", "min", "max", "nil", "true", "false", "iota", "string", "append", "copy", "cap", "clear", "new", "make", "panic",
	"init", "main", "math", "binary", "plan", "half", "error", "real", "imag", "print", "close", "delete", "complex", "recover", "rune"}

// names hands out identifiers; an inner one never shadows an outer one.
type names struct {
	taken   map[string]bool
	outer   *names
	program map[string]bool // names that the program will use, at the root
}

func newNames() *names {
	n := &names{taken: map[string]bool{}, program: map[string]bool{}}
	for _, r := range reserved {
		n.taken[r] = true
	}
	return n
}

func (n *names) inner() *names { return &names{taken: map[string]bool{}, outer: n} }

func (n *names) has(s string) bool {
	for ; n != nil; n = n.outer {
		if n.taken[s] {
			return true
		}
	}
	return token.IsKeyword(s)
}

// fresh takes the first free one of base, base2, base3, …
func (n *names) fresh(base string) string {
	s := base
	for i := 2; n.has(s); i++ {
		s = numbered(base, i)
	}
	n.taken[s] = true
	return s
}

// lanes takes base0 … base(count-1), or, where one of them is taken, base_0, base__0, …
func (n *names) lanes(base string, count int) []string {
	for {
		all := make([]string, count)
		free := true
		for i := range all {
			all[i] = numbered(base, i)
			free = free && !n.has(all[i])
		}
		if free {
			for _, s := range all {
				n.taken[s] = true
			}
			return all
		}
		base += "_"
	}
}

// numbered appends i so that it reads as a number of its own.
func numbered(base string, i int) string {
	if last := base[len(base)-1]; last >= '0' && last <= '9' {
		base += "_"
	}
	return base + strconv.Itoa(i)
}

// camel writes "matmul_q4_1" as "matmulQ4_1".
func camel(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c != '_' {
			b.WriteByte(c)
			continue
		}
		switch {
		case i+1 == len(s) || b.Len() == 0:
		case s[i+1] >= 'a' && s[i+1] <= 'z':
			b.WriteByte(s[i+1] - 'a' + 'A')
			i++
		case digit(s[i+1]) && digit(s[i-1]):
			b.WriteByte('_')
		}
	}
	return b.String()
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// temp takes a name for a value of the emitter's own; it keeps off the program's names.
func (n *names) temp(base string) string {
	root := n
	for root.outer != nil {
		root = root.outer
	}
	s := base
	for i := 2; n.has(s) || root.program[s]; i++ {
		s = numbered(base, i)
	}
	n.taken[s] = true
	return s
}
