package jinja

import (
	"fmt"
	"strings"
	"time"
)

const (
	defaultSteps  = 10_000_000
	defaultOutput = 16 << 20
	maxSource     = 1 << 20
	maxDepth      = 4000    // evaluations within each other
	maxText       = 1 << 26 // bytes of one text
	madePerStep   = 8       // bytes of text
	readPerStep   = 64
)

// Template is a parsed template; it may render in several goroutines at once.
type Template struct {
	src  string
	body []stmt
}

// Options of a rendering; the zero value is good.
type Options struct {
	Now    time.Time // what strftime_now tells; zero: the present
	Steps  int       // evaluations; making 8 bytes of text is one too; 0: 10 million
	Output int       // bytes written; 0: 16 MiB
}

// Parse reads a template as Hugging Face's library sets Jinja up: trim_blocks,
// lstrip_blocks, loop controls, {% generation %}. Other templates can't be included
// or imported; there is no autoescape, so that |e and |safe give plain text; names
// are looked up when they are used, where Python decides some when it compiles.
func Parse(src string) (t *Template, err error) {
	if len(src) > maxSource {
		return nil, &Error{1, 1, fmt.Sprintf("a template of more than %d bytes", maxSource), true}
	}
	src = normalize(src)
	defer catch(src, &err)
	p := &parser{toks: lex(src)}
	body, _ := p.body(0)
	return &Template{src, body}, nil
}

// Render gives the template's text for vars, which may be nil. The error is a
// *RaisedError where the template itself refuses, otherwise an *Error.
func (t *Template) Render(vars *Dict, o Options) (text string, err error) {
	r := &renderer{now: o.Now, left: o.Steps, output: o.Output, vars: vars, out: new(strings.Builder)}
	if r.left <= 0 {
		r.left = defaultSteps
	}
	if r.output <= 0 {
		r.output = defaultOutput
	}
	if r.vars == nil {
		r.vars = NewDict()
	}
	r.scope = &scope{}
	defer catch(t.src, &err)
	r.exec(t.body)
	return r.out.String(), nil
}

// renderer runs one rendering.
type renderer struct {
	now    time.Time
	left   int // steps
	output int // bytes that one text being written may take
	depth  int
	at     int // where the node that runs stands
	vars   *Dict
	scope  *scope
	out    *strings.Builder
}

func (r *renderer) fail(format string, a ...any)      { fail(r.at, format, a...) }
func (r *renderer) failLimit(format string, a ...any) { failLimit(r.at, format, a...) }

// step takes n steps from those that are left.
func (r *renderer) step(n int) {
	if r.left -= n; r.left < 0 {
		r.failLimit("the template takes too many steps")
	}
}

// made and read count the steps of n bytes of text, before they are made or read.
func (r *renderer) made(n int) {
	if n > maxText {
		r.failLimit("a text of more than %d bytes", maxText)
	}
	r.step(n/madePerStep + 1)
}

func (r *renderer) read(n int) { r.step(n / readPerStep) }

func (r *renderer) enter() {
	r.step(1)
	if r.depth++; r.depth > maxDepth {
		r.failLimit("nested more than %d deep", maxDepth)
	}
}

func (r *renderer) leave() { r.depth-- }

func (r *renderer) write(s string) {
	r.made(len(s))
	if r.out.Len()+len(s) > r.output {
		r.failLimit("the template writes more than %d bytes", r.output)
	}
	r.out.WriteString(s)
}

// capture gives what run writes.
func (r *renderer) capture(run func()) Str {
	out := r.out
	r.out = new(strings.Builder)
	run()
	s := r.out.String()
	r.out = out
	return Str(s)
}
