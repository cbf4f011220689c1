package amxemu

import (
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	tiles    = 8
	maxRows  = 16
	maxBytes = 64 // of a row
)

// unit is the tiles of one thread, as Intel's manual has them in palette 1.
type unit struct {
	configured bool
	start      int // the row that a load or a store begins with
	rows       [tiles]int
	bytes      [tiles]int // of a row
	tile       [tiles][maxRows][maxBytes]byte
}

// memory is that of the program.
type memory interface {
	read(at uint64, b []byte) error
	write(at uint64, b []byte) error
}

// fault is an access to memory that failed.
type fault struct{ at uint64 }

func (f *fault) Error() string { return fmt.Sprintf("amxemu: no access to memory at %#x", f.at) }

var errNotConfigured = errors.New("amxemu: tiles are used that no configuration was loaded for")

// run does one instruction. at is its address, stride that of its index, where it has them.
func (u *unit) run(i instruction, m memory, at, stride uint64) error {
	if i.kind == loadConfig {
		var b [64]byte
		if err := m.read(at, b[:]); err != nil {
			return err
		}
		return u.configure(b[:])
	}
	if i.kind == release { // of what is not configured, too
		*u = unit{}
		return nil
	}
	if !u.configured {
		return errNotConfigured
	}
	used := []int{i.dst}
	if i.kind == product || i.kind == pairs {
		used = []int{i.dst, i.a, i.b}
	}
	for _, t := range used {
		if u.rows[t] == 0 {
			return fmt.Errorf("amxemu: tile %d has no rows in the configuration", t)
		}
	}
	switch i.kind {
	case zero:
		u.tile[i.dst] = [maxRows][maxBytes]byte{}
	case load:
		t := &u.tile[i.dst]
		for r := range maxRows {
			switch {
			case r >= u.rows[i.dst]:
				t[r] = [maxBytes]byte{}
			case r >= u.start:
				var row [maxBytes]byte
				if err := m.read(at+uint64(r)*stride, row[:u.bytes[i.dst]]); err != nil {
					u.start = r
					return err
				}
				t[r] = row
			}
		}
	case store:
		for r := u.start; r < u.rows[i.dst]; r++ {
			if err := m.write(at+uint64(r)*stride, u.tile[i.dst][r][:u.bytes[i.dst]]); err != nil {
				u.start = r
				return err
			}
		}
	case product, pairs:
		return u.multiply(i)
	}
	u.start = 0
	return nil
}

// configure loads a configuration. One that is in force must be released first: a processor does not ask for it, but
// code that forgets it leaves a thread with tiles to save.
func (u *unit) configure(b []byte) error {
	if u.configured {
		return errors.New("amxemu: the configuration before was not released")
	}
	if b[0] != 1 {
		return fmt.Errorf("amxemu: palette %d", b[0])
	}
	next := unit{configured: true, start: int(b[1])}
	for _, reserved := range [][]byte{b[2:16], b[32:48], b[56:64]} {
		for _, v := range reserved {
			if v != 0 {
				return errors.New("amxemu: reserved bytes of the configuration are set")
			}
		}
	}
	for t := range tiles {
		next.bytes[t], next.rows[t] = int(binary.LittleEndian.Uint16(b[16+2*t:])), int(b[48+t])
		if next.bytes[t] > maxBytes || next.rows[t] > maxRows || (next.bytes[t] == 0) != (next.rows[t] == 0) {
			return fmt.Errorf("amxemu: tile %d is configured with %d rows of %d bytes", t, next.rows[t], next.bytes[t])
		}
	}
	*u = next
	return nil
}

// multiply adds products of two tiles to a third.
func (u *unit) multiply(i instruction) error {
	c, a, b := i.dst, i.a, i.b
	switch {
	case c == a || c == b || a == b:
		return errors.New("amxemu: a product of tiles that are not three")
	case u.bytes[c]%4 != 0 || u.bytes[a]%4 != 0:
		return fmt.Errorf("amxemu: rows of %d and %d bytes are no multiples of four", u.bytes[c], u.bytes[a])
	case u.rows[c] != u.rows[a] || u.bytes[c] != u.bytes[b] || u.bytes[a]/4 != u.rows[b]:
		return fmt.Errorf("amxemu: a product of %d x %d and %d x %d bytes is no %d x %d",
			u.rows[a], u.bytes[a], u.rows[b], u.bytes[b], u.rows[c], u.bytes[c])
	}
	if i.kind == pairs {
		u.multiplyPairs(c, a, b)
	} else {
		u.multiplyBytes(c, a, b, i.signedA, i.signedB)
	}
	u.start = 0
	return nil
}

// multiplyBytes adds by fours: C[m, n] += sum over k and j < 4 of A[m, 4k+j] * B[k, 4n+j], which wraps.
func (u *unit) multiplyBytes(c, a, b int, signedA, signedB bool) {
	value := func(v byte, signed bool) int32 {
		if signed {
			return int32(int8(v))
		}
		return int32(v)
	}
	var out [maxRows][maxBytes]byte
	for m := range u.rows[c] {
		for n := range u.bytes[c] / 4 {
			sum := int32(binary.LittleEndian.Uint32(u.tile[c][m][4*n:]))
			for k := range u.rows[b] {
				for j := range 4 {
					sum += value(u.tile[a][m][4*k+j], signedA) * value(u.tile[b][k][4*n+j], signedB)
				}
			}
			binary.LittleEndian.PutUint32(out[m][4*n:], uint32(sum))
		}
	}
	u.tile[c] = out
}
