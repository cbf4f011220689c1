package jinja

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrLimit is what errors.Is finds in an error of a template that took too many
// steps, wrote too much or nested too deeply.
var ErrLimit = errors.New("jinja: limit reached")

// Error is a mistake in a template, or in what it does with its variables.
type Error struct {
	Line, Col int // from 1; Col counts characters
	Message   string
	limit     bool
}

func (e *Error) Error() string {
	return fmt.Sprintf("jinja: %d:%d: %s", e.Line, e.Col, e.Message)
}

// Is reports whether target is ErrLimit and e a limit that was reached.
func (e *Error) Is(target error) bool { return target == ErrLimit && e.limit }

// RaisedError is a template's own refusal, by raise_exception(Message).
type RaisedError struct {
	Line, Col int
	Message   string
}

func (e *RaisedError) Error() string {
	return fmt.Sprintf("jinja: %d:%d: the template refuses: %s", e.Line, e.Col, e.Message)
}

// fault is what lexer, parser and renderer panic with; catch makes it an error.
type fault struct {
	at            int // byte offset in the source
	message       string
	limit, raised bool
}

func fail(at int, format string, a ...any) {
	panic(fault{at: at, message: fmt.Sprintf(format, a...)})
}

func failLimit(at int, format string, a ...any) {
	panic(fault{at: at, message: fmt.Sprintf(format, a...), limit: true})
}

// catch, deferred, turns a fault into *err; any other panic goes on.
func catch(src string, err *error) {
	switch p := recover().(type) {
	case nil:
	case fault:
		line, col := place(src, p.at)
		if p.raised {
			*err = &RaisedError{line, col, p.message}
		} else {
			*err = &Error{line, col, p.message, p.limit}
		}
	default:
		panic(p)
	}
}

// place is the line and column, from 1, of a byte offset.
func place(src string, at int) (line, col int) {
	before := src[:min(at, len(src))]
	start := strings.LastIndexByte(before, '\n') + 1
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[start:]) + 1
}
