package grammar

import (
	"strings"
	"unicode/utf8"
)

// margin is the longest line that the printer writes where a line can be broken.
const margin = 140

// doc is text that says where it may be broken.
type doc struct {
	kind   docKind
	text   string // of a word or remark
	own    bool   // a remark on a line of its own
	all    bool   // a group that breaks everywhere or nowhere
	indent int    // of a group's lines after the first
	width  int    // on one line; never for what holds a remark
	parts  []*doc
}

type docKind uint8

const (
	word   docKind = iota
	gap            // a space, or a new line
	joint          // nothing, or a new line
	group          // as much on a line as fits
	remark         // a comment, which ends its line
)

const never = 1 << 30

func plain(s string) *doc { return &doc{kind: word, text: s, width: utf8.RuneCountInString(s)} }

var (
	gapDoc   = &doc{kind: gap, width: 1}
	jointDoc = &doc{kind: joint}
)

// cat is a group of words (strings) and docs; nil parts are left out.
func cat(indent int, parts ...any) *doc {
	d := &doc{kind: group, indent: indent}
	for _, x := range parts {
		switch x := x.(type) {
		case string:
			d.add(plain(x))
		case *doc:
			if x != nil {
				d.add(x)
			}
		}
	}
	return d
}

func (d *doc) add(x *doc) {
	d.parts = append(d.parts, x)
	d.width = min(never, d.width+x.width)
}

// head is the width up to the first place where d may be broken, and whether there is one.
func (d *doc) head() (width int, ends bool) {
	switch d.kind {
	case gap, joint, remark:
		return 0, true
	case word:
		return d.width, false
	}
	return headOf(d.parts)
}

func headOf(parts []*doc) (width int, ends bool) {
	for _, x := range parts {
		w, end := x.head()
		if width += w; end {
			return width, true
		}
	}
	return width, false
}

// writer lays docs out. New lines and spaces wait for the word that follows, so that a
// comment can still take its place at the end of a line.
type writer struct {
	out      strings.Builder
	col      int // characters on the line
	indent   int
	newlines int
	space    bool
	fresh    bool // the line is empty but for the indentation
	remarked bool // the line ends with a comment
}

func (w *writer) word(s string) {
	core := strings.Trim(s, " ")
	if core == "" {
		w.space = w.space || s != ""
		return
	}
	if w.newlines == 0 && !w.fresh && (w.space || s[0] == ' ') {
		w.out.WriteByte(' ')
		w.col++
	}
	w.begin()
	w.fresh, w.remarked, w.space = false, false, strings.HasSuffix(s, " ")
	w.out.WriteString(core)
	w.col += utf8.RuneCountInString(core)
}

// begin writes the new lines that wait, and the indentation.
func (w *writer) begin() {
	if w.newlines > 0 {
		w.out.WriteString(strings.Repeat("\n", w.newlines))
		w.out.WriteString(strings.Repeat(" ", w.indent))
		w.col, w.fresh = w.indent, true
	}
	w.newlines, w.space = 0, false
}

func (w *writer) newline(n int) { w.newlines = max(w.newlines, n) }

func (w *writer) remark(text string, own bool) {
	switch {
	case w.fresh:
	case own || w.remarked:
		w.newline(1)
	default:
		w.newlines, w.space = 0, true
	}
	w.word(text)
	w.remarked = true
	w.newline(1)
}

// at is the column where the next word would go.
func (w *writer) at() int {
	if w.newlines > 0 {
		return w.indent
	}
	if w.space {
		return w.col + 1
	}
	return w.col
}

// print lays d out; rest is the width of what follows it on the same line.
func (w *writer) print(d *doc, flat bool, rest int) {
	switch d.kind {
	case word:
		w.word(d.text)
	case gap:
		w.space = true
	case joint:
	case remark:
		w.remark(d.text, d.own)
	case group:
		if flat || w.at()+d.width+rest <= margin {
			for _, x := range d.parts {
				w.print(x, true, 0)
			}
			return
		}
		w.indent += d.indent
		w.fill(d, rest)
		w.indent -= d.indent
	}
}

// fill breaks a group: a part between two breaks goes on a new line if it fits there and not here. One
// that fits on no line stays and is broken itself.
func (w *writer) fill(d *doc, rest int) {
	for i := 0; i < len(d.parts); {
		end := i + 1
		for end < len(d.parts) && d.parts[end].kind != gap && d.parts[end].kind != joint {
			end++
		}
		part, after := d.parts[i:end], 0
		if end == len(d.parts) {
			after = rest
		}
		if first := part[0]; first.kind == gap || first.kind == joint {
			w.breakOrNot(d, first, part[1:], after)
			part = part[1:]
		}
		for k, x := range part {
			w.print(x, false, widthOf(part[k+1:])+after)
		}
		i = end
	}
}

func (w *writer) breakOrNot(d, at *doc, part []*doc, after int) {
	width := widthOf(part) + after
	here := w.at()
	if !w.space {
		here += at.width
	}
	head, _ := headOf(part)
	stays := here+width <= margin || w.indent+width > margin && here+head <= margin
	if d.all || !stays {
		w.newline(1)
		return
	}
	w.space = w.space || at.kind == gap
}

func widthOf(parts []*doc) (width int) {
	for _, x := range parts {
		width = min(never, width+x.width)
	}
	return width
}
