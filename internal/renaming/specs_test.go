package renaming

import (
	"bytes"
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/codegen/golang"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// generate compiles the specs, after change has been at their trees.
func generate(t *testing.T, change func([]*grammar.File)) (*codegen.Unit, manifest.Files) {
	t.Helper()
	var files []*grammar.File
	err := filepath.WalkDir("../../specs", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f, err := grammar.Parse(filepath.ToSlash(path), src)
		if err != nil {
			return err
		}
		files = append(files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	change(files)
	prog, err := check.Check(files)
	if err != nil {
		t.Fatal(err)
	}
	unit, err := codegen.Build(prog)
	if err != nil {
		t.Fatal(err)
	}
	out, err := codegen.Generate(unit, golang.Target{Module: "example.org/m"}, bytecode.Target{})
	if err != nil {
		t.Fatal(err)
	}
	return unit, out
}

// TestNothingIsBuiltIn: with every name of the specs another, the code is the same but for names.
func TestNothingIsBuiltIn(t *testing.T) {
	_, want := generate(t, func([]*grammar.File) {})
	_, renamed := generate(t, rename)
	got := map[string][]byte{}
	marks := 0
	for name, data := range renamed {
		got[plain(name)] = data
		marks += bytes.Count(data, []byte(mark))
	}
	if len(got) != len(want) || marks < 10000 {
		t.Fatalf("%d files for %d, with %d renamed names", len(got), len(want), marks)
	}
	for name, data := range want {
		switch path.Ext(name) {
		case ".vbc":
			sameBytecode(t, name, data, got[name])
		default:
			sameGo(t, name, data, got[name])
		}
	}
}

// sameGo compares token by token: names map one to one, and strings are equal without marks.
func sameGo(t *testing.T, name string, want, got []byte) {
	a, b := tokens(want), tokens(got)
	names := bijection{map[string]string{}, map[string]string{}}
	for i := range min(len(a), len(b)) {
		x, y := a[i], b[i]
		same := x.kind == y.kind
		switch x.kind {
		case token.IDENT:
			same = same && names.take(qualified(a, i), qualified(b, i))
		case token.STRING:
			s, err := strconv.Unquote(y.text)
			same = same && err == nil && (strconv.Quote(plain(s)) == x.text || sameSorted(x.text, y.text))
		default:
			same = same && x.text == y.text
		}
		if !same {
			t.Errorf("%s: after %v, %q has become %q", name, a[max(0, i-12):i], x.text, y.text)
			return
		}
	}
	if len(a) != len(b) {
		t.Errorf("%s: %d tokens have become %d", name, len(a), len(b))
	}
	if x, y := comments(want), comments(got); !names.sameWords(x, y) {
		t.Errorf("%s: comments differ by more than names:\n%s\n%s", name, x, y)
	}
}

// bijection is a one-to-one map of names.
type bijection struct{ to, from map[string]string }

// take maps x to y, and reports whether neither is mapped otherwise.
func (b bijection) take(x, y string) bool {
	if b.to[x] == "" && b.from[y] == "" {
		b.to[x], b.from[y] = y, x
	}
	return b.to[x] == y
}

var word = regexp.MustCompile(`[A-Za-z_][A-Za-z_0-9]*|[^A-Za-z_\s]+`)

// sameWords compares comments: the code's names as the code has them, other words without marks.
func (b bijection) sameWords(want, got string) bool {
	x, y := word.FindAllString(want, -1), word.FindAllString(got, -1)
	return slices.EqualFunc(x, y, func(x, y string) bool { return x == plain(y) || b.to[x] == y })
}

// sameSorted compares the words of messages, in which the terms of a shape are sorted by name.
func sameSorted(want, got string) bool {
	x, y := word.FindAllString(want, -1), word.FindAllString(plain(got), -1)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

type goToken struct {
	kind token.Token
	text string
}

// qualified is an identifier with the package or value before its point.
func qualified(list []goToken, i int) string {
	if i >= 2 && list[i-1].kind == token.PERIOD && list[i-2].kind == token.IDENT {
		return list[i-2].text + "." + list[i].text
	}
	return list[i].text
}

func scan(src []byte, f func(kind token.Token, text string)) {
	set := token.NewFileSet()
	var s scanner.Scanner
	s.Init(set.AddFile("", set.Base(), len(src)), src, nil, scanner.ScanComments)
	for {
		_, kind, text := s.Scan()
		if kind == token.EOF {
			return
		}
		f(kind, text)
	}
}

// tokens are those of code, but for imports, which gofmt sorts by name, and commas that end a list on a
// line of its own.
func tokens(src []byte) (out []goToken) {
	importing := false
	scan(src, func(kind token.Token, text string) {
		switch {
		case kind == token.IMPORT:
			importing = true
		case kind == token.FUNC || kind == token.VAR || kind == token.TYPE || kind == token.CONST:
			importing = false
		}
		if importing || kind == token.COMMENT {
			return
		}
		if n := len(out) - 1; n >= 0 && out[n].kind == token.COMMA && (kind == token.RBRACE || kind == token.RPAREN) {
			out = out[:n]
		}
		if kind == token.SEMICOLON {
			text = ";"
		}
		out = append(out, goToken{kind, text})
	})
	return out
}

func comments(src []byte) string {
	var b strings.Builder
	scan(src, func(kind token.Token, text string) {
		if kind == token.COMMENT {
			b.WriteString(text + "\n")
		}
	})
	return b.String()
}

// sameBytecode compares programs: they hold names of dims, scalars, buffers and views, and nothing else
// may differ.
func sameBytecode(t *testing.T, name string, want, got []byte) {
	a, err := vm.Decode(want)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	b, err := vm.Decode(got)
	if err != nil {
		t.Fatalf("%s, renamed: %v", name, err)
	}
	unnamed(a)
	unnamed(b)
	if diff := cmp.Diff(a, b, cmpopts.IgnoreUnexported(vm.Program{})); diff != "" {
		t.Errorf("%s (-want +renamed):\n%s", name, diff)
	}
}

func unnamed(p *vm.Program) {
	p.Name = ""
	clear(p.Dims)
	clear(p.Scalars)
	for i := range p.Bufs {
		p.Bufs[i].Name = ""
	}
	for i := range p.Views {
		p.Views[i].Name = ""
	}
}

// TestPlain: marks go out of names as the generator joins and capitalizes them.
func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"zqnorm.zqrms.loop": "norm.rms.loop", "ZqsiluGate": "SiluGate", "zqmatmul_zqq4_1": "matmul_q4_1", "op_zqrms.go": "op_rms.go",
		"zqmatmulZqq4_1Work": "matmulQ4_1Work", "nothing": "nothing", "zq": "",
	} {
		if got := plain(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
	if got := strings.Join([]string{marked("rms.scale"), marked("x")}, " "); got != "zqrms.zqscale zqx" {
		t.Error(got)
	}
}
