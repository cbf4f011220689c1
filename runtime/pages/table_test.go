package pages

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func newTable(t *testing.T, sequences, context, page, capacity int) *Table {
	t.Helper()
	table, err := New(sequences, context, page, capacity)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func span(seq int32, lo, hi int) (places []Place) {
	for p := lo; p < hi; p++ {
		places = append(places, Place{seq, int32(p)})
	}
	return
}

func none(dst, src int32) { panic("no page is shared") }

func add(t *testing.T, table *Table, seq int32, n int) {
	t.Helper()
	have, _ := table.Len(seq)
	if err := table.Reserve(span(seq, have, have+n), none); err != nil {
		t.Fatal(err)
	}
	table.Commit()
}

func TestPagesAreTakenAsNeeded(t *testing.T) {
	table := newTable(t, 2, 10, 4, 0)
	if table.Span() != 3 || table.Capacity() != 6 || table.Sequences() != 2 {
		t.Fatalf("span %d, capacity %d", table.Span(), table.Capacity())
	}
	a, _ := table.Open()
	b, _ := table.Open()
	if _, err := table.Open(); err == nil || err.Error() != "pages: all 2 sequences are in use" {
		t.Errorf("%v", err)
	}
	add(t, table, a, 4)
	add(t, table, b, 5)
	add(t, table, a, 1)
	if diff := cmp.Diff([]int32{0, 3, None, 1, 2, None}, table.Entries()); diff != "" {
		t.Error(diff)
	}
	if err := table.Truncate(b, 4); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int32{0, 3, None, 1, None, None}, table.Entries()); diff != "" {
		t.Error(diff)
	}
	add(t, table, a, 4) // takes the page that b gave back
	if diff := cmp.Diff([]int32{0, 3, 2, 1, None, None}, table.Entries()); diff != "" {
		t.Error(diff)
	}
	if table.InUse() != 4 || table.Used() != 4 {
		t.Errorf("%d pages in use, %d were", table.InUse(), table.Used())
	}
	if err := table.Close(a); err != nil {
		t.Fatal(err)
	}
	if err := table.Close(a); err == nil {
		t.Error("closed twice")
	}
	if again, err := table.Open(); again != a || err != nil {
		t.Errorf("%d, %v", again, err)
	}
	if n, err := table.Len(a); n != 0 || err != nil || table.InUse() != 1 {
		t.Errorf("a new sequence has %d positions, %v; %d pages are in use", n, err, table.InUse())
	}
}

func TestTableRefuses(t *testing.T) {
	table := newTable(t, 3, 10, 4, 4)
	seq, _ := table.Open()
	other, _ := table.Open()
	add(t, table, seq, 6)
	before := slices.Clone(table.Entries())
	for _, test := range []struct {
		places []Place
		want   string
	}{
		{span(seq, 6, 11), "context of 10 is full: it holds 6 positions and 5 more do not fit"},
		{span(seq, 5, 7), "position 5 of sequence 0 is written already"},
		{span(seq, 7, 8), "position 7 of sequence 0 is written before position 6"},
		{[]Place{{seq, 6}, {seq, 8}}, "position 8 of sequence 0 is written before position 7"},
		{[]Place{{seq, 6}, {other, 0}, {seq, 6}}, "position 6 of sequence 0 is given twice"},
		{[]Place{{seq, -1}}, "position -1 of sequence 0 is negative"},
		{[]Place{{seq, 1<<31 - 1}}, "position 2147483647 of sequence 0 is written before position 6"},
		{span(2, 0, 1), "2 is no open sequence"},
		{span(3, 0, 1), "3 is no open sequence"},
		{span(-1, 0, 1), "-1 is no open sequence"},
		{append(span(seq, 6, 9), span(other, 0, 10)...), "all 4 pages of the cache are in use"},
	} {
		if err := table.Reserve(test.places, none); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v: %v, want %s", test.places, err, test.want)
		}
		if diff := cmp.Diff(before, table.Entries()); diff != "" {
			t.Errorf("%v changed the table: %s", test.places, diff)
		}
	}
	err := table.Reserve(span(seq, 6, 11), none)
	if full, ok := errors.AsType[*FullError](err); !ok || *full != (FullError{10, 6, 5}) {
		t.Errorf("%v", err)
	}
	for _, n := range []int{-1, 7} {
		if err := table.Truncate(seq, n); err == nil {
			t.Errorf("cut at %d", n)
		}
	}
	for _, bad := range [][4]int{{0, 1, 1, 0}, {1, 0, 1, 0}, {1, 1, 0, 0}, {1, 1, 1, -1}, {1 << 20, 1 << 30, 1, 0}, {1 << 40, 1, 1, 0}} {
		if _, err := New(bad[0], bad[1], bad[2], bad[3]); err == nil {
			t.Errorf("a table of %v", bad)
		}
	}
}

// TestRandomUse keeps what should be in each place beside a memory of pages, through forks, cuts
// and refused batches.
func TestRandomUse(t *testing.T) {
	const seed, page = 11, 4
	random := rand.New(rand.NewPCG(seed, seed))
	for range 50 {
		table := newTable(t, 5, 30, page, 12+random.IntN(30))
		var memory [64 * page]int
		copyPage := func(dst, src int32) { copy(memory[dst*page:][:page], memory[src*page:][:page]) }
		want := map[int32][]int{}
		stamp := 0
		for range 300 {
			var open []int32
			for s := range want {
				open = append(open, s)
			}
			slices.Sort(open)
			if len(open) == 0 || random.IntN(8) == 0 {
				if s, err := table.Open(); err == nil {
					want[s] = nil
				}
				continue
			}
			s := open[random.IntN(len(open))]
			switch n := len(want[s]); random.IntN(8) {
			case 0:
				if to, err := table.Fork(s); err == nil {
					want[to] = slices.Clone(want[s])
				}
			case 1:
				cut := random.IntN(n + 1)
				if err := table.Truncate(s, cut); err != nil {
					t.Fatal(err)
				}
				want[s] = want[s][:cut]
			case 2:
				if err := table.Close(s); err != nil {
					t.Fatal(err)
				}
				delete(want, s)
			default:
				var places []Place
				for _, s := range open {
					places = append(places, span(s, len(want[s]), len(want[s])+random.IntN(7))...)
				}
				random.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
				if table.Reserve(places, copyPage) != nil || random.IntN(5) == 0 {
					break // refused, or given up before it was written
				}
				slices.SortFunc(places, comparePlaces)
				for _, p := range places {
					stamp++
					memory[int(table.row(p.Seq)[p.Pos/page])*page+int(p.Pos)%page] = stamp
					want[p.Seq] = append(want[p.Seq], stamp)
				}
				table.Commit()
			}
			for s, stamps := range want {
				if n, err := table.Len(s); n != len(stamps) || err != nil {
					t.Fatalf("seed %d: sequence %d has %d positions, want %d", seed, s, n, len(stamps))
				}
				for pos, stamp := range stamps {
					if have := memory[int(table.row(s)[pos/page])*page+pos%page]; have != stamp {
						t.Fatalf("seed %d: position %d of sequence %d holds %d, want %d", seed, pos, s, have, stamp)
					}
				}
			}
		}
		for s := range want {
			if err := table.Close(s); err != nil {
				t.Fatal(err)
			}
		}
		if table.InUse() != 0 || table.Used() > table.Capacity() {
			t.Fatalf("seed %d: %d pages are lost, %d were used of %d", seed, table.InUse(), table.Used(), table.Capacity())
		}
	}
}
