package jinja

import (
	"errors"
	"strings"
	"testing"
)

// TestHostile runs templates that would take for ever, or all memory.
func TestHostile(t *testing.T) {
	nest := func(open, inner, end string, n int) string {
		return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
	}
	cases := map[string]string{
		"loops":          "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
		"doubled text":   "{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
		"doubled sum":    "{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
		"doubled list":   "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
		"doubled tree":   "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
		"tree as JSON":   "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s|tojson }}",
		"tree as key":    "{% set ns = namespace(s=(1,)) %}{% for i in range(99) %}{% set ns.s = (ns.s, ns.s) %}{% endfor %}{{ {ns.s: 1} }}",
		"trees equal":    "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}",
		"trees in order": "{% set ns = namespace(s=[1], t=[1]) %}{% for i in range(99) %}{% set ns.s = [ns.s, ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s < ns.t }}",
		"deep value":     "{% set ns = namespace(s=[]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
		"cycle":          "{% set ns = namespace() %}{% set ns.a = [ns, ns] %}{{ ns }}",
		"output":         "{% for i in range(99999) %}{% for j in range(999) %}{{ 'a' * 999 }}{% endfor %}{% endfor %}",
		"repeat":         "{{ 'a' * 99999999999 }}",
		"repeat big":     "{{ 'a' * 10**40 }}",
		"repeat list":    "{{ ([1] * 99999999999)|length }}",
		"center":         "{{ 'a'.center(9999999999) }}",
		"zfill":          "{{ 'a'.zfill(9999999999) }}",
		"percent width":  "{{ '%999999999d' % 1 }}",
		"percent star":   "{{ '%*d' % (9999999999, 1) }}",
		"percent digits": "{{ '%.999999999f' % 1 }}",
		"brace width":    "{{ '{:999999999}'.format(1) }}",
		"brace digits":   "{{ '{:.999999999f}'.format(1.0) }}",
		"expandtabs":     "{{ '\\t'.expandtabs(9999999999) }}",
		"indent":         "{{ 'a\\nb'|indent(9999999999) }}",
		"tojson indent":  "{{ [1]|tojson(indent=9999999999) }}",
		"replace":        "{% set a = 'a' * 99999 %}{{ a.replace('', a) }}",
		"join":           "{% set a = 'a' * 99999 %}{{ range(99999)|join(a) }}",
		"batch":          "{{ [1]|batch(9999999999, 'x')|list }}",
		"slice":          "{{ [1]|slice(9999999999, 'x')|list }}",
		"power":          "{{ 10 ** (10 ** 10) }}",
		"shifted power":  "{{ 2 ** 9999999 }}",
		"product":        "{% set ns = namespace(s=3) %}{% for i in range(99) %}{% set ns.s = ns.s * ns.s %}{% endfor %}",
		"macro":          "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
		"macro twice":    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(64) }}",
		"default":        "{% macro m(a=m()) %}{% endmacro %}{{ m() }}",
		"loop":           "{% for x in [1] recursive %}{{ loop([1]) }}{% endfor %}",
		"caller":         "{% macro m() %}{{ caller() }}{% call m() %}{% endcall %}{% endmacro %}{% call m() %}{% endcall %}",
		"set in macro":   "{% macro m(x) %}{{ m([x, x]) }}{% endmacro %}{{ m(1) }}",
		"filter map":     "{% set ns = namespace(s=range(99999)|list) %}{% for i in range(9999) %}{% set ns.s = ns.s|map('string')|list %}{% endfor %}",
		"sort":           "{% for i in range(9999) %}{% set x = range(99999)|sort(reverse=true) %}{% endfor %}",
		"parentheses":    nest("{{ ", nest("(", "1", ")", 9999), " }}", 1),
		"brackets":       "{{ " + nest("[", "", "]", 9999) + " }}",
		"nots":           "{{ " + strings.Repeat("not ", 9999) + "1 }}",
		"minuses":        "{{ " + strings.Repeat("-", 9999) + "1 }}",
		"ifs":            nest("{% if 1 %}", "", "{% endif %}", 9999),
		"inline ifs":     "{{ " + strings.Repeat("1 if 0 else ", 9999) + "1 }}",
		"targets":        "{% set " + nest("(", "a", ")", 9999) + " = 1 %}",
		"long sum":       "{{ 1" + strings.Repeat("+1", 9999) + " }}",
		"long filters":   "{{ 1" + strings.Repeat("|string", 9999) + " }}",
		"long path":      "{{ a" + strings.Repeat(".a", 9999) + " }}",
		"digits":         "{{ " + strings.Repeat("9", 9999) + " }}",
		"source":         strings.Repeat("x", 2<<20),
	}
	for name, src := range cases {
		t.Run(name, func(t *testing.T) {
			tpl, err := Parse(src)
			if err == nil {
				_, err = tpl.Render(nil, Options{Steps: 1_000_000})
			}
			if !errors.Is(err, ErrLimit) {
				t.Errorf("error %v; want a limit", err)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	tpl, err := Parse("{% for i in range(100) %}abc{% endfor %}")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		o  Options
		ok bool
	}{
		{Options{}, true},
		{Options{Steps: 2000, Output: 300}, true},
		{Options{Steps: 100}, false},
		{Options{Output: 299}, false},
	} {
		text, err := tpl.Render(nil, c.o)
		if c.ok != (err == nil) || !c.ok && !errors.Is(err, ErrLimit) || c.ok && len(text) != 300 {
			t.Errorf("%+v: %d bytes, error %v", c.o, len(text), err)
		}
	}
}
