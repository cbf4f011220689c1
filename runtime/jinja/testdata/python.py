"""Writes python.json: what Python's jinja2, set up as Hugging Face's transformers does, makes of the templates below.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install jinja2==3.1.6 && /tmp/venv/bin/python python.py
"""

import datetime
import json
import pathlib

import jinja2
import jinja2.ext
import jinja2.sandbox


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


class Generation(jinja2.ext.Extension):
    """transformers' tag around what the assistant says: a call block without a name."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("write"), [], [], body).set_lineno(line)

    def write(self, caller):
        return caller()


env = jinja2.sandbox.ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols, Generation]
)
env.filters["tojson"] = tojson
env.globals["raise_exception"] = raise_exception
env.globals["strftime_now"] = datetime.datetime(2026, 7, 4, 12, 0, 0).strftime

INPUT = {
    "n": 7, "neg": -3, "big": 123456789012345678901234567890, "x": 2.5, "yes": True, "no": False, "nil": None,
    "s": "Hello, World", "u": "héllo wörld ß 日本", "blank": "", "sp": "  a b\tc \n",
    "xs": [3, 1, 2], "names": ["bob", "Alice", "carol", "Bob"], "deep": [1, [2, [3, []]]], "nothing": [],
    "d": {"b": 1, "a": {"c": [1, 2]}, "items": "shadow", "é": None}, "empty": {},
    "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi <b>&\"'"},
        {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "f", "arguments": {"k": 1.0}}}]},
        {"role": "user", "content": " bye\n"},
    ],
}

def expressions(text):
    """One template for each line: the expression in braces."""
    return ["{{ " + line + " }}" for line in text.strip().splitlines()]


CASES = {
    "arithmetic": expressions("""
1 + 2 * 3 - 4 / 2
7 // 2, -7 // 2, 7 // -2, -7 % 3, 7 % -3, 7.5 // 2, -7.5 % 2, 7.5 % -2
2 ** 10, 2 ** 3 ** 2, -2 ** 2, 2 ** -1, 0 ** 0, 4 ** 0.5, (-1) ** 3, (-1) ** -2
1 / 3, 10 / 5, 1e3, 1.5e-7, 1e16, 1e15, 123456789.123, 0.1 + 0.2, 1e22, 5e-324, 1.7976931348623157e308
9223372036854775807 + 1, 9223372036854775807 * 9223372036854775807, -9223372036854775808 - 1
big * big, big // 7, big % 7, big / 3, -big, big + 1.0
2 ** 100, 10 ** 30 // 3
1 / 0
1 // 0
1 % 0
1.0 / 0
0 ** -1
true + true, true * 3, -true, +false, true / 2, not true
1 + "a"
"a" + 1
"a" - "b"
[1] + (2,)
[1] + [2] + [], (1,) + (2, 3), "a" + "b"
"ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, [1, 2] * 2, (1,) * 3, "a" * true
"a" * 1.5
nil + 1
-"a"
+"a"
-x, +x, - -n, -n|abs, -3|abs, (-3)|abs
n ~ "-" ~ x ~ nil ~ yes ~ xs ~ missing
1_000 + 0x1F + 0o17 + 0b101 + 1_0.5_0
1.0, 100.0, 1e2, 3.14, -0.0, 0.0, 1e-5, 0.0001
1.5 == 1.5, 1 == 1.0, true == 1, 2 == true, "1" == 1, nil == false, nil == nil
9007199254740993 == 9007199254740992.0, big == big, big > 1e10, big < 1e300
n % 2 == 0, "%d" % 3, "%s and %s" % (1, "b"), "%5.2f|%-5d|%05d|%+d|%x|%X|%o|%%|%c" % (2.5, 3, 4, 5, 255, 255, 8, "z")
"%(a)s %(b)r" % {"a": 1, "b": "x"}, "%s" % [1], "%r" % "q'", "%e %g %G" % (12345.678, 0.00001, 1e20)
"%10s|%-10s|%.2s|%*d" % ("a", "b", "cde", 5, 42)
"%d" % "a"
"%s %s" % 1
"%s" % (1, 2)
"x" % [1], "x" % {}, "x" % missing, "%s" % missing, "%s" % nil
0 / -1, false / -1, 0 * -1, -0.0 * 1, 0 // -1
"%d %i" % (3.9, -3.9), "%5.3d" % 7, "% d" % 5, "%#x" % 255, "%05.1f" % -2.25
"""),
    "compare": expressions("""
1 < 2 < 3, 1 < 3 < 2, 3 > 2 > 1 == 1, 1 != 2
"a" < "b", "a" < "B", "é" > "z", [1, 2] < [1, 3], (1,) < (1, 0), [] < [1], "" < "a"
1 < "a"
nil < 1
[1] < ["a"]
[1, "a"] < [2, 1]
{} < {}
missing < 1
missing == missing, missing == nil, missing == other, missing != 1, missing == ""
[1, [2]] == [1, [2.0]], {"a": 1, "b": 2} == {"b": 2, "a": 1}, {"a": 1} == {"a": 2}, (1, 2) == [1, 2]
range(3) == range(0, 3), range(0) == range(5, 5), range(3) == [0, 1, 2]
1 in xs, 9 in xs, 9 not in xs, "lo" in s, "" in s, "b" in d, "z" in d, 1 in {1.0: 2}, "a" in missing, nil in [nil]
1 in "abc"
missing in "abc"
missing in xs, missing in {"a": 1}
[] in {"a": 1}
1 in 5
not 1 in xs, not (n == 7), not n == 8, not not yes
yes and "x", no and "x", nil or "d", blank or [] or {} or 0.0, n and nil and boom.bang
missing and missing.x, missing or "default"
"a" if yes else "b", "a" if no else "b", "a" if no, ("a" if yes) ~ "z", 1 if no else 2 if no else 3
n is number and n is not string, x is float, n is integer, yes is integer, yes is number, yes is boolean, n is boolean
nil is none, missing is none, missing is defined, nil is defined, missing is undefined, d.zz is defined, d.b is defined
s is string, xs is string, d is mapping, xs is mapping, xs is iterable, s is iterable, n is iterable, missing is iterable, nil is iterable
xs is sequence, s is sequence, d is sequence, n is sequence, missing is sequence, range(2) is sequence, d.items() is sequence, (1,) is sequence
n is odd, n is even, 6 is divisibleby 3, 6 is divisibleby(4), 2.0 is even, "abc" is lower, "ABC" is upper, "aB" is lower
1 is eq 1, 1 is equalto(2), 1 is ne 2, 1 is lt 2, 2 is gt 1, 2 is ge 2, 2 is le 1, 1 is lessthan 2, 2 is greaterthan 3
1 is in [1, 2], "a" is in "abc", 3 is not in [1]
nil is sameas nil, yes is sameas true, xs is sameas xs, [] is sameas []
true is true, 1 is true, false is false, no is true, "x" is callable, range is callable, s.upper is callable, missing is callable
"upper" is filter, "nope" is filter, "odd" is test, "nope" is test
n is nope
n is not defined or n is defined, not n is defined
s is string and n is string or yes
"a" is divisibleby 2
nil is odd
'abc' is escaped
"" is string, blank is none
"""),
    "access": expressions("""
messages[0].role, messages[0]["role"], messages[-1].content, messages[1]['content'], messages.0.role
messages[9], messages[9] is defined, messages[-9] is undefined, d["zz"], d.zz, d.zz is defined
messages[9].role
missing.x
missing["x"]
missing[1:]
missing()
nil.x, nil["x"], n.x, s.zz
nil.x.y
n[0], s[0], s[-1], s[99], u[1], u[-2], s["x"], yes[0]
xs[true], xs["0"], xs[0.0], xs[nil], xs[missing] is defined, d[xs] is defined, d[nil] is defined
d.items is callable, d["items"], d.keys()|list, d.values()|list, d.items()|list
d.get("b"), d.get("zz"), d.get("zz", 5)
{"a": 1}["items"] is callable, "abc"["upper"](), d.get is callable
d.b, d.a.c[1], d["a"]["c"][-1], d.a["c"].0
s[1:4], s[:5], s[-5:], s[::2], s[::-1], s[5:1], s[:], s[10:100], s[-100:3], u[1:4], s[4:1:-1]
xs[1:], xs[:-1], xs[::-1], xs[5:], xs[0:2:1], (1, 2, 3)[1:], range(10)[2:8:3], range(10)[::-1]|list, xs[-1::-1]
xs[nil:2], xs[true:], messages[1:]|length
xs[::0]
xs["a":]
d[1:]
n[1:]
xs[1, 2] is defined, {(1, 2): "t"}[1, 2]
xs.append(4)
xs.append is defined, d.update is defined, d.pop is undefined, xs.sort is defined, d.clear is callable
d.update({"q": 1})
s.__class__ is defined, xs.__len__ is defined
s.__class__.__mro__
xs.count(1), xs.index(2), (1, 1).count(1), xs.copy(), d.copy().b, "abc".count("b")
xs.index(99)
range(3), range(1, 3), range(0, 10, 2), range(3)|list, range(3)[1], range(5, 0, -2)|list, range(3)|length, 2 in range(3)
range(1000000)
range(0, 5, 0)
dict(a=1, b=2), dict({"x": 1}, y=2), dict([("k", 1), ["l", 2]])
{"a": 1, "a": 2, 1: "x", 1.0: "y", true: "z", nil: 0, (1, 2): 3}
{[]: 1}
[1, 2,], (1,), (), (1, 2,), {"a": 1,}, [[]], 1, 2
namespace(a=1).a, namespace(a=1).b is defined, namespace({"z": 9}).z, namespace(a=1)
"a" "b" 'c', "it's", 'say "x"', "\\n" ~ '\\'', "\\x41\\u00e9\\U0001F600\\101\\q"
["it's", 'say "x"', "both'\\"", "a\\nb\\t\\\\", "é\\x00\\x7f\\u200b😀\\xa0"]
[1.0, nil, true, "x", (1,), {"k": [1]}, 1e100], nil, true, [nil]
n.real is defined, foo.bar is defined
cycler is defined, strftime_now is defined, raise_exception is defined, loop is defined
5()
s()
"x".nope()
n.nope()
range("a")
range()
dict(1)
strftime_now("%Y-%m-%d %H:%M:%S %a %A %b %B %d %j %p %I %y %% %U %W %w %u %V %G %e %D %F %T %R %c %x %X %C %h %f")
strftime_now("%-d %-m %-H %-I %-j"), strftime_now(""), strftime_now("é %d")
strftime_now(5)
raise_exception("no: " ~ n)
raise_exception("")
raise_exception()
"""),
    "strings": expressions("""
s.upper(), s.lower(), s.title(), s.swapcase(), s.capitalize(), "hELLO wORLD".title(), "they're bill's ßa".title(), u.upper(), u.capitalize(), "1a b2c".title()
sp.strip(), sp.lstrip(), sp.rstrip(), "xxaxx".strip("x"), "abcab".lstrip("ab"), "abc".rstrip("cb"), "  ".strip(), "x".strip(nil)
"a,b,,c".split(","), " a  b ".split(), "a b c".split(" ", 1), "a  b c ".split(nil, 1), "".split(), "".split(","), "abc".split("bc"), "a,b".split(sep=",")
"a,b,c".rsplit(",", 1), " a b  c ".rsplit(nil, 1), "abc".rsplit("x"), "a b".rsplit(maxsplit=0), " a b ".split(nil, 0), "a,b,c".split(",", 0)
"abc".split("")
"abc".split(1)
"a\\nb\\r\\nc\\n\\nd".splitlines(), "a\\nb\\n".splitlines(true), "".splitlines(), "a\\u2028b\\x0bc\\x85d".splitlines(), "\\n".splitlines()
"a-b-c".partition("-"), "abc".partition("-"), "a-b-c".rpartition("-"), "abc".rpartition("-")
"a".partition("")
",".join(["a", "b"]), "".join("abc"), "-".join([]), ",".join({"k": 1, "l": 2})
",".join([1, 2])
"abc".startswith("a"), "abc".startswith(("x", "ab")), "abc".endswith("c"), "abc".endswith(("x", "y")), "abc".startswith("b", 1), "abc".startswith("c", -1), "abc".endswith("b", 0, 2), "".startswith(""), "abc".startswith("", 4), "abc".startswith("", 3)
"abc".startswith(1)
"abc".startswith(["a"])
"hello".find("l"), "hello".rfind("l"), "hello".find("z"), "hello".find("l", 3), "hello".find("l", 4), "héllo".find("l"), "hello".index("e"), "hello".rindex("l"), "hello".find("", 9), "hello".find("", 5), "hello".find("l", -2), "hello".count("l"), "aaa".count("aa"), "abc".count(""), "abc".count("", 4), "abcabc".count("b", 2), "hello".rfind("l", 0, 3)
"hello".index("z")
"aaa".replace("a", "b"), "aaa".replace("a", "b", 2), "abc".replace("", "-"), "abc".replace("", "-", 2), "abc".replace("x", "y"), "abc".replace("b", ""), "aaa".replace("a", "b", -1), "aaa".replace("a", "b", 0)
"abc".replace("a", 1)
"abc".replace("a")
"abc".removeprefix("a"), "abc".removesuffix("c"), "abc".removeprefix("x")
"ab".center(6), "ab".center(5), "abc".center(6, "*"), "abc".center(2), "ab".ljust(4, "."), "ab".rjust(4), "42".zfill(5), "-42".zfill(5), "+4".zfill(4), "abc".zfill(2), "é".center(3)
"ab".center(5, "xy")
"a\\tb".expandtabs(), "a\\tb".expandtabs(4), "\\t\\n\\t".expandtabs(2), "ab\\tc".expandtabs(0)
"abc".isalpha(), "ab1".isalnum(), "12".isdigit(), "".isdigit(), "1.2".isnumeric(), "½".isnumeric(), "½".isdigit(), " \\t".isspace(), "".isspace(), "Abc Def".istitle(), "ABC".isupper(), "A1".isupper(), "1".isupper(), "abc".islower(), "é".isalpha(), "日本".isalpha(), "abc".isascii(), "é".isascii(), "".isascii(), "a b".isprintable(), "a\\n".isprintable(), "a1".isidentifier(), "1a".isidentifier(), "12".isdecimal()
"ß".upper(), "ÀÉ".lower(), "ÀÉ".casefold(), "aB".casefold()
"{} {}".format(1, "a"), "{0}{1}{0}".format("x", "y"), "{a} {b!r}".format(a=1, b="q"), "{{}}".format(), "{:>5}|{:<5}|{:^5}|{:*^7}|{:05d}|{:,}|{:.2f}|{:x}|{:#x}|{:b}|{:e}|{:%}|{:+}".format("a", "b", "c", "d", 42, 1234567, 3.14159, 255, 255, 5, 12345.678, 0.25, 3)
"{0[a]} {1[0]} {x.y}".format({"a": 1}, [2], x={"y": 3})
"{:.3}|{:10.3f}|{:g}|{!s:>4}|{:{}}|".format("abcdef", 2.0, 1e10, "x", "y", 3)
"{} {}".format(1)
"{".format(1)
"{a}".format(1)
"{:d}".format("x")
"{:d}".format(1.5)
"{:s}".format(1)
"{:.2}".format(1)
"{:5}".format(nil)
"{:+d} {:f} {:n} {:05} {:=+5d} {:>3}".format(true, 1, 5, "ab", 3, yes)
"{:z}".format(1)
"{!x}".format(1)
"{0[b]} {0[zz]}".format(d)
"{:,.2f} {:_} {:,}".format(1234567.891, 1234567, 1234.5)
"abc"|upper|lower|title|capitalize|length
"abc" in s.lower() or "hello" in s.lower()
s|replace("l", "L"), s|replace("l", "L", 1), 123|replace("2", "x"), missing|replace("a", "b")
sp|trim, "xxaxx"|trim("x"), nil|trim, 5|trim, missing|trim
s.strip("x", "y")
s.upper(1)
s.nope
"a".join("xyz"), "abc"[::-1].upper().lower()
"ǆ".title()
"""),
}
CASES |= {
    "filters": expressions("""
missing|default("x"), nil|default("x"), nil|default("x", true), blank|d("x", boolean=true), missing|default, n|default("x"), d.zz|default(d.b)
missing.x|default("x")
xs|length, s|length, d|length, missing|length, u|count, (1, 2)|length, range(4)|length, d.items()|length
n|length
nil|length
xs|map("string")|length
xs|first, xs|last, nothing|first, nothing|last, s|first, s|last, d|first, d|last, xs|map("string")|first, missing|first
xs|map("string")|last
n|first
xs|list, s|list, d|list, missing|list, range(2)|list, d.items()|list, (1, 2)|list
nil|list
xs|sort, names|sort, names|sort(case_sensitive=true), xs|sort(reverse=true), names|sort(true), nothing|sort, s|sort|join, d|sort
[1, "a"]|sort
messages|map(attribute="role")|sort|join(","), messages|sort(attribute="role")|map(attribute="content")|join("|"), messages|sort(attribute="role,content", reverse=true)|map(attribute="role")|list
messages|sort(attribute="zz")
[{"a": {"b": 2}}, {"a": {"b": 1}}]|sort(attribute="a.b"), [[2, 1], [1, 2]]|sort(attribute=1), [[2, 1], [1, 2]]|sort(attribute="0")
names|unique|list, names|unique(true)|list, [1, 1.0, true, 2]|unique|list, messages|unique(attribute="role")|map(attribute="role")|list
[[], []]|unique|list
xs|min, xs|max, names|min, names|max, nothing|min, names|max(true), messages|max(attribute="role") == messages[1], s|max
xs|sum, [0.5, 1]|sum, nothing|sum, xs|sum(start=10), [{"v": 1}, {"v": 2}]|sum(attribute="v"), [[1], [2]]|sum(start=[])
["a"]|sum
xs|join, xs|join(", "), s|join("-"), d|join(","), messages|join(",", attribute="role"), [nil, true, missing, 1.0]|join("|"), nothing|join, missing|join(","), xs|join(1), "ab"|join(d="+")
n|join
xs|reverse|list, s|reverse, u|reverse, d|reverse|list, (1, 2)|reverse|list, xs|map("string")|reverse
n|reverse
xs|map("string")|list, names|map("upper")|list, names|map("replace", "b", "x")|list, messages|map(attribute="role")|list, messages|map(attribute="zz", default="?")|list, messages|map(attribute="zz")|list|length, [[1, 2]]|map(attribute=0)|list, [{"a": {"b": 1}}]|map(attribute="a.b")|list, xs|map("default", 1)|list, ["1"]|map("int")|sum
xs|map("nope")|list
xs|map(foo="bar")|list
xs|select|list, [0, 1, nil, "a", blank]|select|list, [0, 1, nil]|reject|list, xs|select("odd")|list, xs|reject("odd")|list, xs|select(">", 1)|list, xs|select("gt", 1)|list, xs|reject("in", [1])|list, xs|select("divisibleby", 3)|list, names|select("equalto", "bob")|list
messages|selectattr("role", "equalto", "user")|list|length, messages|selectattr("tool_calls")|list|length, messages|selectattr("tool_calls", "defined")|map(attribute="role")|list, messages|rejectattr("role", "eq", "user")|map(attribute="role")|list, messages|selectattr("content", "none")|list|length, messages|selectattr("role", "in", ["user", "system"])|list|length, messages|rejectattr("tool_calls", "undefined")|list|length
xs|select("nope")|list
n|select|list
(xs|select("odd"))[0] is defined
d|items|list, {}|items|list, missing|items|list, d.items()|first
xs|items|list
d|dictsort, {"b": 1, "A": 2}|dictsort, {"b": 1, "A": 2}|dictsort(true), {"b": 1, "A": 2}|dictsort(by="value"), {"b": 1, "A": 2}|dictsort(false, "value", true), {"b": 1, "A": 2}|dictsort(reverse=true)
xs|dictsort
{"b": 1}|dictsort(by="x")
range(7)|batch(3)|list, range(7)|batch(3, "x")|list, nothing|batch(2)|list, range(4)|batch(2, 0)|list
range(7)|slice(3)|list, range(7)|slice(3, "x")|list, range(2)|slice(3)|list, range(6)|slice(3, "x")|list
messages|groupby("role")|map("first")|list, [{"a": 1, "v": 1}, {"a": 2, "v": 2}, {"a": 1, "v": 3}]|groupby("a"), ["b", "A", "a"]|groupby(0), [{"a": "x"}, {}]|groupby("a", default="z")|map(attribute="grouper")|list
"12"|int, " 12 "|int, "12.7"|int, "x"|int, "x"|int(5), "x"|int(default=-1), 3.9|int, -3.9|int, true|int, nil|int, xs|int(1), "1f"|int(base=16), "0x1f"|int(0, 16), "101"|int(base=2), "1_000"|int, ""|int, "1e3"|int, "-5"|int, "+5"|int, "--5"|int
missing|int
"1.5"|float, "x"|float, "x"|float(2.5), 3|float, nil|float, "1e5"|float, ""|float, true|float, " 2 "|float
missing|float
"inf"|float ~ "nan"|float ~ "-inf"|float
-5|abs, (-5.5)|abs, true|abs, big|abs
"a"|abs
2.5|round, 3.5|round, -2.5|round, 2.675|round(2), 42.55|round(1, "floor"), 42.55|round(1, "ceil"), 42|round, 1234|round(-2), 1250|round(-2), 1350|round(-2), 2.5|round(0, "common"), 0.5|round, 1234.5|round(-2), 3.14159|round(3), 3|round(method="ceil"), 3.0|round|int
"a"|round
2.5|round(0, "x")
n|string, nil|string, xs|string, missing|string, x|string, d|string, true|string
s|upper, 12|upper, nil|upper, missing|upper, s|lower, "hello-world (foo) [bar] {baz} <qux> o'neil a_b"|title, "hELLO"|capitalize, missing|capitalize, true|title, ""|capitalize
"<a href='x'>&\\"</a>"|e ~ 5|e ~ nil|escape ~ missing|e
"<p>a <b>b</b>\\n  c</p><!-- x > y -->"|striptags
"a b&c/d?é~_-."|urlencode, {"a b": 1, "c/d": "é"}|urlencode, [("k", "v w")]|urlencode, 5|urlencode
s|wordcount, "a b_c d-e"|wordcount, ""|wordcount
"foo bar baz qux"|truncate(9), "foo bar baz qux"|truncate(9, true), "foo bar baz qux"|truncate(11), "foo bar baz qux"|truncate(11, false, "...", 0), "foo bar"|truncate(5, leeway=0, end=""), "foobarbaz"|truncate(5, leeway=0)
"abc"|truncate(2)
xs|truncate(5), missing|truncate, d|truncate
xs|truncate(2, end="", leeway=0)
5|truncate
missing|indent
5|indent
"a\\nb\\n\\nc"|indent, "a\\nb"|indent(2), "a\\nb"|indent(2, true), "a\\n\\nb"|indent(2, blank=true), "a\\nb"|indent("> "), "a\\nb\\n"|indent(2), ""|indent(first=true)
"ab"|center(6), "ab"|center|length, 5|center(3)
"%s is %d"|format("a", 5), "%(x)s"|format(x=1), "%s"|format([1])
"a"|nope
n|nope.x
d|attr("items") is callable, d|attr("b") is defined, missing|default("x")|upper, s|attr("upper")()
xs|tojson, d|tojson, s|tojson, u|tojson, nil|tojson, yes|tojson, x|tojson, big|tojson, "<a>&'\\"\\\\/\\n\\t\\r\\x08\\x0c\\x01\\x7f\\u2028😀"|tojson, (1, (2,))|tojson, 1e100|tojson, 1e16|tojson, 100.0|tojson
d|tojson(indent=2), {}|tojson(indent=2), []|tojson(indent=2), [[], {}]|tojson(indent=1), xs|tojson(indent=0), [1]|tojson(indent="--"), [1]|tojson(indent=-1), d|tojson(indent=nil)
d|tojson(separators=(",", ":")), {"b": 1, "a": 2}|tojson(sort_keys=true), u|tojson(ensure_ascii=true), "😀\\x7f"|tojson(true), xs|tojson(indent=2, separators=(" ,", " :")), {1: 2, nil: 3, true: 4, 1.5: 5}|tojson
missing|tojson
[missing]|tojson
range(3)|tojson
d.items()|tojson
{(1, 2): 3}|tojson
{"b": 1, 2: 3}|tojson(sort_keys=true)
xs|map("string")|tojson
"inf"|float|tojson, ["nan"|float, "-inf"|float]|tojson
xs|length + 1, xs|length == 3 and yes, -xs|length, 1 + "2"|int, "a" ~ "b"|upper, "a" + "b"|upper, (xs|first) * 2, xs|sum // 2, not xs|length
xs|select("odd")|map("string")|join("+")|upper
d.keys()|first, d.values()|last is none, d.keys()|length, d.keys(), d.values(), d.items()
"x"|safe ~ "<y>"
xs|first(1)
xs|join(",", "a", "b")
[3, 1]|sort|first, "b,a"|list|sort|join, [1, 2]|last, [[1, 2], [3]]|map("sum")|list, [[1, 2], [3]]|map("length")|sum, ["a", nil]|map("default", "z", true)|list
"""),
    "tags": [
        "{% if yes %}a{% endif %}{% if no %}b{% else %}c{% endif %}{% if no %}d{% elif n == 7 %}e{% else %}f{% endif %}",
        "{% if missing %}a{% elif nothing %}b{% elif empty %}c{% elif blank %}d{% elif 0 %}e{% elif 0.0 %}f{% elif nil %}g{% else %}h{% endif %}",
        "{% if 1, %}tuple{% endif %}",
        "{% for x in xs %}{{ x }},{% endfor %}{% for x in nothing %}x{% else %}empty{% endfor %}{% for x in missing %}x{% else %}none{% endfor %}",
        "{% for x in xs %}{{ loop.index }}/{{ loop.length }} {{ loop.index0 }} {{ loop.revindex }} {{ loop.revindex0 }} {{ loop.first }} {{ loop.last }} {{ loop.depth }} {{ loop.depth0 }};{% endfor %}",
        "{% for x in xs %}[{{ loop.previtem }}|{{ x }}|{{ loop.nextitem }}|{{ loop.previtem is defined }}]{% endfor %}",
        "{% for x in xs %}{{ loop.cycle('a', 'b') }}{% endfor %}{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }} {% endfor %}",
        "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k in d %}{{ k }}{% endfor %}{% for c in u %}{{ c }}.{% endfor %}",
        "{% for a, (b, c) in [[1, [2, 3]], (4, (5, 6))] %}{{ a }}{{ b }}{{ c }} {% endfor %}{% for (a, b) in [(1, 2)] %}{{ a + b }}{% endfor %}",
        
        "{% for a, b in [[1, 2, 3]] %}{% endfor %}",
        "{% for a, b in [[1]] %}{% endfor %}",
        "{% for a, b in [1] %}{% endfor %}",
        "{% for x in n %}{% endfor %}",
        "{% for x in nil %}{% endfor %}",
        "{% for x in xs if x > 1 %}{{ loop.index }}:{{ x }}/{{ loop.length }} {% endfor %}{% for x in xs if x > 9 %}x{% else %}none{% endfor %}",
        "{% for m in messages if m.role == 'user' %}{{ m.content }}{% if not loop.last %}|{% endif %}{% endfor %}",
        "{% for x in xs %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}{% for x in range(9) %}{% if x == 3 %}{% break %}{% endif %}{{ x }}{% else %}no{% endfor %}",
        "{% for x in xs %}{% for y in xs %}{% if y == x %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{{ loop.index }};{% endfor %}",
        "{% break %}", "{% continue %}", "{% for x in xs %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
        "{% for x in xs recursive %}{{ x }}{% endfor %}{% for x in deep recursive %}{% if x is iterable %}<{{ loop(x) }}>{% else %}{{ loop.depth }}{{ x }}{% endif %}{% endfor %}",
        "{% for x in xs %}{{ loop(x) }}{% endfor %}",
        "{{ loop }}", "{% for x in xs %}{% endfor %}{{ x }}{{ loop is defined }}",
        "{% for x in xs %}{{ loop }}{% endfor %}",
        "{% set x = 1 %}{% for i in xs %}{{ x }}{% set x = i %}{{ x }} {% endfor %}{{ x }}",
        "{% set x = 1 %}{% for i in xs %}{% set x = x + i %}{{ x }} {% endfor %}{{ x }}",
        "{% for i in xs %}{% if loop.first %}{% set z = i %}{% endif %}{{ z }}{% endfor %}{{ z is defined }}",
        "{% set x = 1 %}{% if yes %}{% set x = 2 %}{% set w = 3 %}{% endif %}{{ x }}{{ w }}",
        "{% if no %}{% set messages = 1 %}{% endif %}{{ messages|length }}{% set messages = messages[1:] %}{{ messages|length }}",
        "{% set ns = namespace(c=0, f=false) %}{% for x in xs %}{% set ns.c = ns.c + x %}{% set ns.f = true %}{% endfor %}{{ ns.c }} {{ ns.f }} {{ ns }} {{ ns.zz is defined }}",
        "{% set ns = namespace() %}{% set ns.a = 1 %}{{ ns.a }}{% set ns.b, ns.c = 2, 3 %}{{ ns.b }}{{ ns.c }}{{ ns['a'] is defined }}",
        "{% set d.x = 1 %}", "{% set missing.x = 1 %}", "{% set nil.x = 1 %}", "{% set x.y.z = 1 %}", "{% set 5 = 1 %}", "{% set true = 1 %}", "{% set [a] = [1] %}",
        "{% set a, b = 1, 2 %}{{ a }}{{ b }}{% set a, b = b, a %}{{ a }}{{ b }}{% set (a, b) = 'xy' %}{{ a }}{{ b }}{% set a = 1, %}{{ a }}",
        "{% set a, b = 1 %}", "{% set a, b = [1] %}",
        "{% set x %}a{{ n }}b{% endset %}{{ x }}|{{ x|length }}{% set y | upper | replace('A', 'z') %}abc{% endset %}{{ y }}{% set z %}{% endset %}[{{ z }}]",
        "{% set x %}{% set inner = 5 %}{{ inner }}{% endset %}{{ x }}{{ inner is defined }}",
        "{% with a = 1, b = n %}{{ a }}{{ b }}{% set c = 3 %}{{ c }}{% endwith %}{{ a is defined }}{{ c is defined }}{% with %}x{% endwith %}",
        "{% set a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{{ a }}",
        "{% filter upper %}abc{{ s }}{% endfilter %}{% filter replace('a', 'b')|upper %}aXa{% endfilter %}",
        "{% macro m(a, b=2, c='x') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(a=1, c=5) }} {{ m() }} {{ m(1, c=2) }}",
        "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(b=1) }}",
        "{% macro m(a) %}{{ a is defined }}{{ a|default('z') }}{% endmacro %}{{ m() }}{{ m(nil) }}",
        "{% macro m(a) %}{{ a.b }}{% endmacro %}{{ m() }}",
        "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{% endmacro %}{{ m(z=2) }}", "{% macro m(a) %}{% endmacro %}{{ m(1, a=2) }}", "{% macro m(a=1, b) %}{% endmacro %}",
        "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}{{ m() }}",
        "{% macro m(a) %}{{ a }}{{ varargs|join(',') }}{% endmacro %}{{ m(1, 2, 3) }}{{ m(*[4, 5]) }}{{ m(*[6], **{'a': 7}) if no }}{{ m(**{'a': 7}) }}",
        "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}body{{ n }}{% endcall %}",
        "{% macro m(xs) %}{% for x in xs %}{{ caller(x, loop.index) }}{% endfor %}{% endmacro %}{% call(x, i=0) m(xs) %}{{ i }}:{{ x }} {% endcall %}",
        "{% macro m() %}{% if caller is defined %}{{ caller() }}{% else %}none{% endif %}{% endmacro %}{{ m() }}{% call m() %}x{% endcall %}",
        "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}", "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}", "{% call n %}{% endcall %}",
        "{% macro fact(n) %}{% if n > 1 %}{{ n * fact(n - 1)|int }}{% else %}1{% endif %}{% endmacro %}{{ fact(20) }}",
        "{% macro outer() %}{% macro inner() %}i{% endmacro %}{{ inner() }}{% endmacro %}{{ outer() }}{{ inner is defined }}",
        "{% set g = 1 %}{% macro m() %}{{ g }}{% set g = 5 %}{{ g }}{% endmacro %}{% set g = 2 %}{{ m() }}{{ g }}",
        "{% macro m() %}{{ later }}{% endmacro %}{% set later = 2 %}{{ m() }}",
        "{% macro m(x) %}  {{ x }}\n{% endmacro %}[{{ m(1)|trim }}]{{ m(1)|length }}{{ m is callable }}{{ m.name }}{{ m.arguments }}{{ m(1) is string }}",
        "{% for x in xs %}{% macro m() %}{{ x }}{{ loop.index }}{% endmacro %}{{ m() }}{% endfor %}",
        "{% macro m(a, a) %}{% endmacro %}{{ m(1, 2) }}",
        "{% raw %}{{ not }} {% this %}{% endraw %}{%- raw -%}  x  {%- endraw -%}  y",
        "a {# comment #} b {#- strip -#} c\n{# line #}\nd{# multi\nline #}",
        "{% print n, 1 %}{% print s %}",
        "{% block a %}x{{ n }}{% endblock %}{% block b scoped %}y{% endblock b %}",
        "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.next() }}{% set _ = c.reset() %}{{ c.current }}",
        "{% set j = joiner(', ') %}{% for x in xs %}{{ j() }}{{ x }}{% endfor %}{% set k = joiner() %}{{ k() }}{{ k() }}",
        "{% set gen = xs|map('string') %}{{ gen|list }}{{ gen|list }}{% set g2 = xs|select('odd') %}{% for x in g2 %}{{ x }}{% endfor %}{% for x in g2 %}{{ x }}{% else %}spent{% endfor %}",
        "{% set g = xs|map('string') %}{% if g %}yes{% endif %}{{ '1' in g }}{{ '1' in g }}{{ g is iterable }}{{ g is sequence }}",
        "{% include 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}", "{% extends 'x' %}", "{% do xs.append(1) %}", "{% nope %}", "{% endif %}", "{% else %}",
        "{% if yes %}", "{% for x in xs %}", "{% if %}{% endif %}", "{% for in xs %}{% endfor %}", "{% for x xs %}{% endfor %}", "{% for x.y in xs %}{% endfor %}", "{% if yes %}{% endfor %}", "{% set x %}", "{% macro %}{% endmacro %}", "{% macro m %}{% endmacro %}", "{% endfor %}", "{% if yes %}{% else %}{% else %}{% endif %}",
        "{% for m in messages %}{% set m = m.role %}{{ m }} {% endfor %}{% for tool in [{'function': {'name': 'f'}}] %}{% if tool.function is defined %}{% set tool = tool.function %}{% endif %}{{ tool.name }}{% endfor %}",
        "{% for x in xs %}{% set ns = namespace(v=x) %}{% for y in xs %}{% set ns.v = ns.v + y %}{% endfor %}{{ ns.v }} {% endfor %}",
        "{% set xs = xs + [4] %}{{ xs }}{% set d = dict(d, z=1) %}{{ d.z }}{{ d|length }}",
        "{{ raise_exception('stop') if no }}{{ raise_exception('go') if yes }}",
        "{% if not (messages[0].role == 'user') %}{{ raise_exception('first must be user, not ' + messages[0]['role']) }}{% endif %}",
        "{% for role, group in messages|groupby('role') %}{{ role }}:{{ group|length }} {% endfor %}{% for g in messages|groupby('role') %}{{ g.grouper }}{{ g.list|length }}{% endfor %}",
        "{% for a in xs %}{% for b in nothing %}{% else %}{% if a == 1 %}{% continue %}{% endif %}{{ a }}{% endfor %}.{% endfor %}",
        "{% for a in xs %}{% set t %}x{% if a == 1 %}{% break %}{% endif %}{% endset %}{{ t }}{{ a }}{% endfor %}{{ t is defined }}",
        "{% for a in xs %}{% filter upper %}x{% if a == 1 %}{% continue %}{% endif %}y{% endfilter %}{{ a }}{% endfor %}",
        "{% set g = 5|map('nope') %}{{ g is defined }}{% for x in nil|map('upper') %}{% endfor %}{{ nil|select|list }}{{ 0|map|list }}{{ missing|selectattr|list }}",
        "{% generation %}x{% endgeneration %}",
        "{% set items = [] %}{% for x in xs %}{% set items = items + [x] %}{% endfor %}{{ items }}",
        "{% for x in xs %}{% if x is odd %}{% set v = x %}{% endif %}{{ v is defined }}{% endfor %}",
        "{% for x in xs %}{% else %}{% endfor %}{% for x in xs -%} {{ x }} {%- endfor %}",
        "{%- for m in messages -%}{{ m.role }}: {{ m.content if m.content is not none else m.tool_calls[0].function|tojson }};{%- endfor -%}",
    ],
    "syntax": [
        "{{", "{{ }}", "{{ 1", "{{ 1 }", "{%", "{% %}", "{# a", "{% raw %} a", "{{ 'a }}", "{{ 1 + }}", "{{ (1 }}", "{{ 1) }}", "{{ [1 }}", "{{ {'a' 1} }}", "{{ {1} }}",
        "{{ a b }}", "{{ 1 2 }}", "{{ a.}}", "{{ a.[1] }}", "{{ a | }}", "{{ a is }}", "{{ a is not }}", "{{ f(a=1, 2) }}", "{{ f(**{}, *[]) }}", "{{ f(a=1, a=2) }}", "{{ f(,) }}", "{{ [,] }}", "{{ (,) }}",
        "{{ ! }}", "{{ a ? b }}", "{{ a && b }}", "{{ a = b }}", "{{ not }}", "{{ if }}", "{{ and }}", "{{ a is string is string }}", "{{ a if }}", "{{ 1 if yes else }}", "{{ in }}", "{{ 01 }}", "{{ 1__0 }}", "{{ 1_ }}", "{{ 0x }}", "{{ 1.e5 }}", "{{ 1e }}", "{{ .5 }}",
        "{{ '\\x4' }}", "{{ '\\u12' }}", "{{ '\\N{DASH}' }}", "{{ '\\", "}} %} #}", "{ { % # }", "{{ '}}' }}{{ \"%}\" }}{% if '%}' %}x{% endif %}", "{{ {'a': {'b': 1}}.a.b }}{{ {'a':{}}}}", "{{ [[1]][0][0] }}",
        "{{-1}}", "{{- 1 -}}", "{{+1}}", "{{ 1 -}}  x", "x  {{- 1 }}", "{{ 1 - 1 }}", "{{ 5 -1 }}", "{{ xs|sort|join('-') }}", "{{\n1\n+\n2\n}}", "{{ n\t}}", "{%if yes%}a{%endif%}", "{%- if yes -%} a {%- endif -%}",
        "{{ True }}{{ False }}{{ None }}{{ true }}{{ none }}{{ TRUE }}", "{{ _x }}{{ été }}{{ s }}", "{{ yes and not no or no }}", "{{ not yes == no }}", "{{ 1 if 2 if no else 3 else 4 }}", "{{ (yes, no)[0] }}", "{{ -1 ** 2 }}", "{{ 2 * -3 }}", "{{ 1 <> 2 }}", "{{ 1;2 }}", "{{ a: 1 }}",
        "{{ '' }}{{ \"\" }}{{ 'a''b' }}", "{{ 'a\nb' }}", "{{ 'a\\\nb' }}", "{{ n.__class__ }}", "{{ xs | length }}", "{{ xs|length() }}", "{{ xs |\nlength }}", "{{ 'a' 'b' ~ 'c' }}", "{{ x is divisibleby(2) }}", "{{ n is divisibleby 7 and yes }}", "{{ n is sameas n or no }}", "{{ xs[0]|string + 'x' }}", "{{ 'x' * (n - 4) }}",
        "{% set x=1 -%}  \n  {{ x }}", "{% set x = 1 if yes else 2 %}{{ x }}", "{% for x in xs if yes else no %}{% endfor %}", "{% for x in xs if x > 1 recursive %}{{ x }}{% endfor %}", "{% for x in (1, 2) %}{{ x }}{% endfor %}{% for x in 1, 2 %}{{ x }}{% endfor %}", "{% if yes and\nno %}{% endif %}ok", "{% elif %}", "{% endraw %}", "{% set %}", "{% set x = %}", "{%+ if yes %}x{%+ endif +%}\ny",
        "{{ {} }}{{ {'a':1}['a'] }}{{ {}|length }}", "{{ [1,2,3][-1] }}{{ 'abc'[1] }}{{ ('a','b')[1] }}", "{{ range(3)|list == [0,1,2] }}", "{{ f is defined and f() }}", "{{ xs.0 }}{{ xs.5 is defined }}", "{{ 1.5.x is defined }}", "{{ 'a'.upper() }}{{ [1].count(1) }}{{ {'a':1}.get('a') }}", "{{ (1).x is defined }}",
    ],
    "whitespace": [
        "a\n", "a\n\n", "\n", "", " ", "a\r\nb\r\n", "a\rb", "{{ 'a\r\nb' }}", "\n{{ n }}\n", "{{ n }}\n\n{{ n }}\n",
        "  {% if yes %}\n    x\n  {% endif %}\n  y\n", "a {% if yes %} b {% endif %} c", "{% if yes %}\n{% endif %}\n\nx", "  {%- if yes %}\n x{% endif -%}\n  y", "  {%+ if yes %}\n  x\n  {%+ endif %}\n", "{% if yes +%}\n x{% endif +%}\n y",
        "  {# c #}\nx\n  {#- c -#}\n  y\n\t{#+ c +#}\nz", "a{# c #}\nb", "  {{ n }}  \n  {{- n -}}  \n  x", "\t {% set x = 1 %} \n\t{% set y = 2 %}\n{{ x }}", "x {% set y = 1 %}\n  {% set z = 1 %}\n z",
        "{% for x in xs %}\n  - {{ x }}\n{% endfor %}\ndone", "{% for x in xs -%}\n  {{ x }}\n{%- endfor %}\n", "{%- for x in xs %}\n\n{{ x }}{% endfor %}\n\n", "\n\n{%- if yes -%}\n\n a \n\n{%- endif -%}\n\n", "{% raw %}\n  x\n{% endraw %}\ny", "  {% raw %}  x  {% endraw %}  \n y", "{% raw -%}\n  x\n{%- endraw -%}\n y", "{%- raw %} {{ x }} {% endraw -%} z", "a  {%-raw-%}  b  {%+endraw+%}\n",
        "{{ n }}  {% if yes %}x{% endif %}", "{{ n }}\n  {% if yes %}x{% endif %}", "}}\n  {% if yes %}x{% endif %}", "{# a #}  {% if yes %}x{% endif %}", "{# a #}\n  {% if yes %}x{% endif %}", "{{ n -}}\n   {% if yes %}x{% endif %}", "\u00a0{% if yes %}x{% endif %}\u2003{%- if yes %}y{% endif %}", "a\x0b  {%- if yes %}x{% endif %}\x1c{%- if yes %}x{% endif -%}\x85b", "  \n\t  {% if yes %}\n\t\tx\n \t{% endif %}\n", "{% set x %}\n  a\n{% endset %}\n[{{ x }}]", "{% macro m() %}\n  a\n{% endmacro %}\n[{{ m() }}]", "{#-#}x", "{#--#} x", "x {#-a#}", "{##}", "{#}#}", "{# {{ n }} {% if %} #}x", "{{ '{# a #}' }}{{ '{% raw %}' }}", "{% raw %}{% raw %}{% endraw %}x", "{% raw %}{# a #}{{ b }}{% endraw %}",
    ],
}


def case(template):
    try:
        output = env.from_string(template).render(json.loads(json.dumps(INPUT)))
        return {"template": template, "input": None, "output": output}
    except Exception as e:
        return {"template": template, "input": None, "error": f"{type(e).__name__}: {e}"}


if __name__ == "__main__":
    cases = {f"{group}/{i}": case(t) for group, ts in CASES.items() for i, t in enumerate(ts)}
    for c in cases.values():
        del c["input"]
    text = json.dumps({"input": INPUT, "cases": cases}, ensure_ascii=False, indent=1)
    pathlib.Path(__file__).with_name("python.json").write_text(text + "\n")
