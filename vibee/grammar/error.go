package grammar

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Error is one mistake at a place.
type Error struct {
	Pos     Pos
	Message string
	Line    string // the offending line, "" where it isn't known
	Suggest string // a name that may have been meant
}

// Error gives file:line:col: message, then the line with a caret.
func (e *Error) Error() string {
	s := fmt.Sprintf("%s:%d:%d: %s", e.Pos.File, e.Pos.Line, e.Pos.Col, e.Message)
	if e.Suggest != "" {
		s += fmt.Sprintf(" (did you mean `%s`?)", e.Suggest)
	}
	if e.Line == "" {
		return s
	}
	line, col := clip(strings.Map(visible, e.Line), e.Pos.Col)
	return s + "\n\t" + line + "\n\t" + caret(line, col)
}

// visible keeps what would command a terminal from it.
func visible(r rune) rune {
	if r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
		return utf8.RuneError
	}
	return r
}

// clip cuts a long line down to what stands round column col, and gives the column in it.
func clip(line string, col int) (string, int) {
	const width = 160
	runes := []rune(line)
	if len(runes) <= width {
		return line, col
	}
	from := max(0, min(col-width/2, len(runes)-width))
	return string(runes[from : from+width]), col - from
}

// caret stands under column col of line; tabs stay tabs.
func caret(line string, col int) string {
	var b strings.Builder
	for _, r := range line {
		if col--; col <= 0 {
			break
		}
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String() + "^"
}

// maxErrors is how many errors are printed.
const maxErrors = 10

// Errors are all mistakes of a run.
type Errors []*Error

func (e Errors) Error() string {
	var lines []string
	for i, x := range e {
		if i == maxErrors {
			lines = append(lines, fmt.Sprintf("… and %d more errors", len(e)-maxErrors))
			break
		}
		lines = append(lines, x.Error())
	}
	return strings.Join(lines, "\n")
}

// Sorted orders errors by place.
func (e Errors) Sorted() Errors {
	out := slices.Clone(e)
	slices.SortStableFunc(out, func(a, b *Error) int {
		return cmp.Or(strings.Compare(a.Pos.File, b.Pos.File), comparePos(a.Pos, b.Pos))
	})
	return out
}

func comparePos(a, b Pos) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col)) }

func before(a, b Pos) bool { return comparePos(a, b) < 0 }

// Quote adds the offending lines from the files' texts.
func (e Errors) Quote(files []*File) Errors {
	lines := map[string][]string{}
	for _, f := range files {
		lines[f.File] = strings.Split(string(f.Text), "\n")
	}
	for _, x := range e {
		text := lines[x.Pos.File]
		if n := x.Pos.Line; x.Line == "" && n >= 1 && n <= len(text) {
			x.Line = strings.ToValidUTF8(strings.TrimSuffix(text[n-1], "\r"), "�")
		}
	}
	return e
}

// Nearest is the name that differs least from name, or "" where none is near. Of a single letter
// only the other case is near.
func Nearest(name string, among []string) string {
	const longest = 100 // distance is quadratic
	if len(name) > longest {
		return ""
	}
	best, least := "", max(1, utf8.RuneCountInString(name)/3)+1
	for _, a := range among {
		if len(a) > len(name)+least || len(name) == 1 && !strings.EqualFold(name, a) {
			continue
		}
		if d := distance(name, a); d < least && d > 0 {
			best, least = a, d
		}
	}
	return best
}

// distance is how many letters are missing, added, changed or exchanged with their neighbour (optimal
// string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
