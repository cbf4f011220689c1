package jinja

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestErrors(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{"{{ x.y }}", "jinja: 1:5: 'x' is undefined"},
		{"a\nb {{ 1 + nil + d.zz.q }}", "jinja: 2:8: '+' can't take 'int' and 'NoneType'"},
		{"é{{ d.zz.q }}", "jinja: 1:9: 'dict object' has no attribute 'zz'"},
		{"{% if 1 %}\nx", "jinja: 1:4: this block is never closed by 'endif'"},
		{"a\r\n{{ 'x }}", "jinja: 2:4: this string is never closed by '"},
		{"{{ a b }}", "jinja: 1:6: expected '}}', found 'b'"},
		{"{{ (1 }}", "jinja: 1:7: unexpected '}', expected ')'"},
		{"{{ x", "jinja: 1:1: this tag is never closed by '}}'"},
		{"{% nope %}", "jinja: 1:4: unknown tag 'nope'"},
		{"{% include 'x' %}", "jinja: 1:4: 'include' reads another template: a chat template stands alone"},
		{"{{ 1|nope }}", "jinja: 1:6: there is no filter 'nope'"},
		{"{{ 1 is nope }}", "jinja: 1:6: there is no test 'nope'"},
		{"{{ 'a'.center() }}", "jinja: 1:14: center needs its argument 'width'"},
		{"{{ 'a'.center(1, 'b', 3) }}", "jinja: 1:14: center takes at most 2 arguments, not 3"},
		{"{{ 'a'.center(with=1) }}", "jinja: 1:14: center takes no argument 'with'"},
		{"{{ 5() }}", "jinja: 1:5: a 'int' can't be called"},
		{"{% for a, b in [[1]] %}{% endfor %}", "jinja: 1:8: 1 values for 2 names"},
		{"{% set d.x = 1 %}", "jinja: 1:8: only a namespace's attributes can be set"},
		{"{{ raise_exception('no ' ~ 1) }}", "jinja: 1:19: the template refuses: no 1"},
		{"{{ d.update(d) }}", "jinja: 1:12: access to attribute 'update' of 'dict' object is unsafe"},
	} {
		_, err := renderJSON(c.src, []byte(`{"nil": null, "d": {}}`))
		if err == nil || err.Error() != c.want {
			t.Errorf("%q\ngot  %v\nwant %s", c.src, err, c.want)
		}
	}
}

func TestRaised(t *testing.T) {
	_, err := renderJSON("x\n {{ raise_exception('Only users.') }}", []byte("{}"))
	var raised *RaisedError
	if !errors.As(err, &raised) {
		t.Fatalf("error %v", err)
	}
	if diff := cmp.Diff(&RaisedError{2, 20, "Only users."}, raised); diff != "" {
		t.Error(diff)
	}
}

func TestFromJSON(t *testing.T) {
	tpl, err := Parse("{{ v }}")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ json, want string }{
		{`null`, "None"},
		{`[true, false, 1, -0, 1.0, 1e2, "a"]`, "[True, False, 1, 0, 1.0, 100.0, 'a']"},
		{`{"b": 1, "a": {"d": 2, "c": 3}, "b": 4}`, "{'b': 4, 'a': {'d': 2, 'c': 3}}"},
		{`123456789012345678901234567890`, "123456789012345678901234567890"},
		{`1e999`, "inf"},
		{"\"\\u00e9\\n\"", "é\n"},
		{` [] `, "[]"},
	} {
		v, err := FromJSON([]byte(c.json))
		if err != nil {
			t.Errorf("%s: %v", c.json, err)
			continue
		}
		vars := NewDict()
		vars.Set("v", v)
		if got, err := tpl.Render(vars, Options{}); err != nil || got != c.want {
			t.Errorf("%s: %q, %v; want %q", c.json, got, err, c.want)
		}
	}
	deep := make([]byte, 2000)
	for i := range deep {
		deep[i] = '['
	}
	for _, bad := range []string{"", " ", "{", "[1", "[1,]", `{"a"}`, `{"a":}`, "{} {}", "nul", "'a'", "NaN", string(deep), `{1: 2}`} {
		if v, err := FromJSON([]byte(bad)); err == nil {
			t.Errorf("%.20q: no error, but %v", bad, v)
		}
	}
}

// TestNow has the template tell the time that it is given, or else the present.
func TestNow(t *testing.T) {
	tpl, err := Parse("{{ strftime_now('%Y-%m-%d') }}")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := tpl.Render(nil, Options{Now: time.Date(2001, 2, 3, 0, 0, 0, 0, time.UTC)}); got != "2001-02-03" {
		t.Errorf("%q", got)
	}
	if got, _ := tpl.Render(nil, Options{}); got < "2025" {
		t.Errorf("%q", got)
	}
}

// TestTogether renders one template in several goroutines.
func TestTogether(t *testing.T) {
	tpl, err := Parse("{% macro m(x) %}{{ x }}{{ loop is defined }}{% endmacro %}{% set c = cycler(1, 2) %}{% for x in xs|map('string') %}{{ m(x) }}{{ c.next() }}{% endfor %}")
	if err != nil {
		t.Fatal(err)
	}
	vars := NewDict()
	vars.Set("xs", NewList(Int(1), Str("b"), None))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got, err := tpl.Render(vars, Options{}); got != "1False1bFalse2NoneFalse1" {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkRender(b *testing.B) {
	tpl, err := Parse("{% for m in messages %}{{ '<|' + m.role + '|>' + m.content | trim + '<|end|>\n' }}{% endfor %}")
	if err != nil {
		b.Fatal(err)
	}
	list := NewList()
	for range 100 {
		m := NewDict()
		m.Set("role", Str("user"))
		m.Set("content", Str(" Tell me a story about a fox and a red balloon. "))
		list.items = append(list.items, m)
	}
	vars := NewDict()
	vars.Set("messages", list)
	for b.Loop() {
		if _, err := tpl.Render(vars, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
