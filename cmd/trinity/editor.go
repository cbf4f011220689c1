package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

const (
	promptFirst = "> "
	promptMore  = ". " // of the further lines of a paste
)

// longest is how many characters golang.org/x/term takes in a line; it drops the others.
const longest = 4096

var errTooLong = fmt.Errorf("a line has at most %d characters: give a longer prompt on standard input", longest)

// newLineReader edits lines where both ends are a terminal that can, else it reads them as they come.
func newLineReader(in, out *os.File) lineReader {
	if os.Getenv("TERM") == "dumb" || !term.IsTerminal(int(in.Fd())) || !term.IsTerminal(int(out.Fd())) {
		return &plainLines{in: bufio.NewReader(in), out: out}
	}
	e := &editor{in: in, out: out}
	e.term = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{keys{in}, out}, promptFirst)
	e.term.History = newHistory()
	e.term.AutoCompleteCallback = e.key
	return e
}

// plainLines reads lines without editing.
type plainLines struct {
	in  *bufio.Reader
	out io.Writer
}

func (p *plainLines) ReadLine() (string, error) {
	fmt.Fprint(p.out, promptFirst)
	line, err := p.in.ReadString('\n')
	if line != "" && errors.Is(err, io.EOF) {
		err = nil
	}
	return strings.TrimRight(line, "\r\n"), err
}

// editor reads lines with editing and history. The terminal is raw only while it reads, so that Ctrl-C is a
// signal while a model answers.
type editor struct {
	in, out *os.File
	term    *term.Terminal
}

// ReadLine gives a line, or the lines of a paste with the rest that was typed after it.
func (e *editor) ReadLine() (string, error) {
	state, err := term.MakeRaw(int(e.in.Fd()))
	if err != nil {
		return "", err
	}
	defer term.Restore(int(e.in.Fd()), state)
	e.term.SetBracketedPasteMode(true)
	defer e.term.SetBracketedPasteMode(false)
	if width, height, err := term.GetSize(int(e.out.Fd())); err == nil && width > 0 {
		_ = e.term.SetSize(width, height)
	}
	var lines []string
	defer e.term.SetPrompt(promptFirst)
	for tooLong := false; ; {
		line, err := e.term.ReadLine()
		tooLong = tooLong || utf8.RuneCountInString(line) >= longest
		pasted := errors.Is(err, term.ErrPasteIndicator)
		switch {
		case err != nil && !pasted:
			fmt.Fprint(e.out, "\r\n")
			return "", err
		case !pasted && tooLong:
			return "", errTooLong
		}
		lines = append(lines, line)
		if !pasted {
			return strings.Join(lines, "\n"), nil
		}
		e.term.SetPrompt(promptMore)
	}
}

const (
	ctrlC    = 3
	clearKey = 28 // what Ctrl-C is here: the terminal's own ends the input
	tab      = '\t'
)

// keys gives a terminal's input with clearKey for Ctrl-C.
type keys struct{ io.Reader }

func (k keys) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	for i, b := range p[:n] {
		if b == ctrlC {
			p[i] = clearKey
		}
	}
	return n, err
}

// key does what the terminal leaves to its user: Ctrl-C drops the line, Tab completes a command.
func (e *editor) key(line string, pos int, key rune) (string, int, bool) {
	switch key {
	case clearKey:
		if line == "" {
			fmt.Fprintln(e.term, "Ctrl-D or /quit ends")
		}
		return "", 0, true
	case tab:
		if name, ok := completeCommand(line[:pos]); ok && strings.HasPrefix(line, "/") {
			line = name + " " + line[pos:]
			return line, len(name) + 1, true
		}
		return line, pos, true
	}
	return "", 0, false
}
