package stop

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPush(t *testing.T) {
	for _, c := range []struct {
		name          string
		stops, pieces []string
		want          []string // what each piece gives, then what Flush gives
		met           string
	}{
		{"no stops", nil, []string{"a", "", "bc"}, []string{"a", "", "bc", ""}, ""},
		{"in one piece", []string{"END"}, []string{"abENDcd"}, []string{"ab", ""}, "END"},
		{"over pieces", []string{"END"}, []string{"abE", "N", "Dcd", "ef"}, []string{"ab", "", "", "", ""}, "END"},
		{"not after all", []string{"END"}, []string{"abEN", "x"}, []string{"ab", "ENx", ""}, ""},
		{"held at the end", []string{"END"}, []string{"abEN"}, []string{"ab", "EN"}, ""},
		{"begins again", []string{"aab"}, []string{"a", "a", "a", "a", "b"}, []string{"", "", "a", "a", "", ""}, "aab"},
		{"first to end", []string{"abcd", "bc"}, []string{"xab", "cd"}, []string{"x", "a", ""}, "bc"},
		{"longest of those", []string{"bc", "abc"}, []string{"xabc"}, []string{"x", ""}, "abc"},
		{"first of two", []string{"\n\n", "User:"}, []string{"Hi\n", "\nUser:"}, []string{"Hi", "", ""}, "\n\n"},
		{"at once", []string{"a"}, []string{"a"}, []string{"", ""}, "a"},
		{"characters", []string{"é!"}, []string{"aé", "b", "é", "!"}, []string{"a", "éb", "", "", ""}, "é!"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := New(c.stops...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range c.pieces {
				text, stopped := m.Push(p)
				got = append(got, text)
				if stopped != (m.Met() != "") {
					t.Errorf("stopped %v, met %q", stopped, m.Met())
				}
			}
			got = append(got, m.Flush())
			if diff := cmp.Diff(c.want, got); diff != "" || m.Met() != c.met {
				t.Errorf("met %q, want %q\n%s", m.Met(), c.met, diff)
			}
		})
	}
}

func TestEmptyStop(t *testing.T) {
	if _, err := New("a", ""); err == nil {
		t.Error("no error")
	}
}

// cut is what Push and Flush come to, found by looking at every place.
func cut(text string, stops []string) (before, met string) {
	for end := 1; end <= len(text); end++ {
		for _, s := range stops {
			if strings.HasSuffix(text[:end], s) && len(s) > len(met) {
				met = s
			}
		}
		if met != "" {
			return text[:end-len(met)], met
		}
	}
	return text, ""
}

// FuzzPush cuts a text into pieces anywhere: the result is that of the whole, and
// what is held back can always become a stop string.
func FuzzPush(f *testing.F) {
	f.Add("abENDcd", "END|EN", uint64(5))
	f.Add("aaaab", "aab|ab", uint64(0xaaaa))
	f.Add("Hi\n\nUser:", "\n\n|User:", uint64(0x11))
	f.Add("日本語。", "語。|。", uint64(0xff))
	f.Fuzz(func(t *testing.T, text, list string, cuts uint64) {
		stops := strings.FieldsFunc(list, func(c rune) bool { return c == '|' })
		m, err := New(stops...)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		pushed := 0
		for i := range len(text) {
			if cuts>>(i%64)&1 == 0 && i != len(text)-1 {
				continue
			}
			out, stopped := m.Push(text[pushed : i+1])
			pushed = i + 1
			b.WriteString(out)
			if stopped {
				break
			}
			held, possible := text[b.Len():pushed], b.Len() == pushed
			for _, s := range stops {
				possible = possible || strings.HasPrefix(s, held)
			}
			if !possible {
				t.Fatalf("%q is held back, of %q", held, text[:pushed])
			}
		}
		b.WriteString(m.Flush())
		if want, met := cut(text, stops); b.String() != want || m.Met() != met {
			t.Fatalf("%q by %q; want %q by %q", b.String(), m.Met(), want, met)
		}
	})
}
