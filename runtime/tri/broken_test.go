package tri_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/runtime/tri"
)

// Places in the file that small makes.
const (
	versionAt = 8
	lengthAt  = 12
	countAt   = 16
	first     = 20         // the entry of the metadata
	a         = first + 24 // that of tensor a, whose name is at +28
	b         = a + 24 + 4 + 1 + 4 + 8 + 4 + 3 + 4 + 2 + 4
	offset    = 4 // in an entry
	size      = 12
)

// signed makes the header's checksum right again.
func signed(data []byte) []byte {
	end := binary.LittleEndian.Uint32(data[lengthAt:]) - 4
	binary.LittleEndian.PutUint32(data[end:], crc32.Checksum(data[:end], crc32.MakeTable(crc32.Castagnoli)))
	return data
}

// table makes a file of entries, each of a section of a byte.
func table(entries ...[]byte) []byte {
	d := append([]byte(tri.Magic), 1, 0, 0, 0, 0, 0, 0, 0, byte(len(entries)), 0, 0, 0)
	for i, e := range entries {
		e = bytes.Clone(e)
		binary.LittleEndian.PutUint64(e[offset:], uint64(4096*(i+1)))
		binary.LittleEndian.PutUint64(e[size:], 1)
		binary.LittleEndian.PutUint32(e[size+8:], tri.Sum([]byte{0}))
		d = append(d, e...)
	}
	d = append(d, 0, 0, 0, 0)
	binary.LittleEndian.PutUint32(d[lengthAt:], uint32(len(d)))
	if len(entries) > 0 {
		d = append(d, make([]byte, 4096*len(entries)+1-len(d))...)
	}
	return signed(d)
}

func TestBrokenFiles(t *testing.T) {
	whole := small(t)
	put32 := func(at int, x uint32) []byte {
		d := bytes.Clone(whole)
		binary.LittleEndian.PutUint32(d[at:], x)
		return d
	}
	put64 := func(at int, x uint64) []byte {
		d := bytes.Clone(whole)
		binary.LittleEndian.PutUint64(d[at:], x)
		return signed(d)
	}
	header := int(binary.LittleEndian.Uint32(whole[lengthAt:]))
	for _, c := range []struct {
		what string
		data []byte
		want string
	}{
		{"nothing", nil, "tri: header: the file has 0 bytes, no header is so short: copy the whole file again"},
		{"another file", bytes.Repeat([]byte("GGUF"), 10), `tri: magic: the file begins with "GGUFGGUF": it is no .tri file, or was copied as text`},
		{"line ends changed", bytes.Replace(whole, []byte("\r\n"), []byte("\n\n"), 1), `tri: magic: the file begins with "\x89TRI\n\n\x1a\n": it is no .tri file, or was copied as text`},
		{"a newer version", put32(versionAt, 2), "tri: version: the file is of version 2, this program reads 1: get a newer one, or convert the model again"},
		{"version 0", put32(versionAt, 0), "tri: version: 0 is none: convert the model again"},
		{"a short header", put32(lengthAt, 23), "tri: header: 23 bytes long, it must have 24 to 16777216: copy the file again"},
		{"a huge header", put32(lengthAt, 1<<31), "tri: header: 2147483648 bytes long, it must have 24 to 16777216: copy the file again"},
		{"a header past the end", put32(lengthAt, 1<<20), "tri: header: ends at 1048576, the file at 12291: copy the whole file again"},
		{"a damaged header", put32(first, 7), "tri: header: is damaged, its checksum is "},
		{"an unknown kind", signed(put32(first, 7)), "tri: header: section 0: kind: 7 is unknown"},
		{"no section", table(), "tri: header: the first section is not the metadata"},
		{"no metadata", table(whole[b : header-4]), "tri: header: the first section is not the metadata"},
		{"two sections of metadata", table(whole[first:a], whole[first:a]), "tri: header: there are two sections of metadata"},
		{"many sections", signed(put32(countAt, 1<<31)), "tri: header: 2147483648 sections do not fit its "},
		{"a section less", signed(put32(countAt, 2)), "bytes follow its last section"},
		{"a section more", signed(put32(countAt, 4)), "tri: header: section 3: kind: needs 4 bytes, the header has 0 left"},
		{"a name past the end", signed(put32(a+24, 200)), "tri: header: section 1: name: needs 200 bytes, the header has "},
		{"a long name", signed(put32(a+24, 1<<31)), "tri: header: section 1: name: 2147483648 bytes, it must have 1 to 256"},
		{"a name that is not UTF-8", signed(func() []byte { d := bytes.Clone(whole); d[a+28] = 0xff; return d }()), `tri: header: section 1: name: "\xff" is not UTF-8`},
		{"one name twice", signed(func() []byte { d := bytes.Clone(whole); d[b+28] = 'a'; return d }()), `tri: header: there are two sections "a"`},
		{"a misaligned section", put64(a+offset, 8192+8), `tri: section "a" begins at 8200, which is no multiple of 4096`},
		{"overlapping sections", put64(b+offset, 4096), `tri: section "b" begins at 4096, before section "a" ends, at 8208`},
		{"a section over the header", put64(first+offset, 0), "tri: the metadata begins at 0, before the header ends, at "},
		{"a gap", put64(b+offset, 16384), `tri: section "b" begins at 16384, and should at 12288, on the first page after section "a"`},
		{"an empty section", put64(a+size, 0), `tri: section "a" is empty`},
		{"a section past all files", put64(b+size, 1<<63), `tri: section "b" has 9223372036854775808 bytes, more than a file can`},
		{"a section past the file", put64(b+size, 1<<40), `tri: section "b" ends at 1099511640064, the file at 12291: copy the whole file again`},
		{"dims that overflow", put64(a+33, 1<<63), `tri: header: section 1: "a": dims: [9223372036854775808] are no tensor's`},
		{"truncated in data", whole[:12290], `tri: section "b" ends at 12291, the file at 12290: copy the whole file again`},
		{"truncated between", whole[:9000], `tri: section "b" ends at 12291, the file at 9000: copy the whole file again`},
		{"truncated in the header", whole[:header-1], "tri: header: ends at "},
		{"something after it", append(bytes.Clone(whole), 0), `tri: the file goes on after section "b", which ends at 12291: it has 12292 bytes: copy it again`},
		{"damaged metadata", func() []byte { d := bytes.Clone(whole); d[4096] ^= 1; return d }(), "tri: the metadata is damaged, its checksum is "},
	} {
		_, err := tri.Parse(c.data)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		} else if text := err.Error(); !strings.HasPrefix(text, "tri: ") || strings.ContainsAny(text, "\n\x00") || len(text) > 400 {
			t.Errorf("%s: the error is not one short sentence: %q", c.what, text)
		}
	}
}

// TestEveryBit: a flipped bit is noticed wherever it is, but in what fills up pages.
func TestEveryBit(t *testing.T) {
	whole := small(t)
	filled := make([]bool, len(whole))
	f, err := tri.Parse(whole)
	if err != nil {
		t.Fatal(err)
	}
	for i := range int(binary.LittleEndian.Uint32(whole[lengthAt:])) {
		filled[i] = true
	}
	for _, start := range []int{4096, 8192, 12288} {
		for i, n := 0, map[int]int{4096: len(f.Metadata), 8192: 16, 12288: 3}[start]; i < n; i++ {
			filled[start+i] = true
		}
	}
	for i := range whole {
		if !filled[i] && i%100 != 0 {
			continue // of those a few are enough
		}
		for bit := range 8 {
			d := bytes.Clone(whole)
			d[i] ^= 1 << bit
			f, err := tri.Parse(d)
			if err == nil {
				err = f.Check(1)
			}
			if (err != nil) != filled[i] {
				t.Fatalf("bit %d of byte %d: %v", bit, i, err)
			}
			if i >= 12288 && !strings.HasPrefix(err.Error(), `tri: section "b" is damaged, its checksum is `) {
				t.Fatalf("bit %d of byte %d: the error does not name the section: %v", bit, i, err)
			}
		}
	}
}
