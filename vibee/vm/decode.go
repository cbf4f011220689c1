package vm

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
)

// Decode reads and verifies a serialized program. Encode gives the same bytes again.
func Decode(data []byte) (*Program, error) {
	if len(data) < header || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("vm: not a bytecode program: no %q at its start", magic)
	}
	if v := binary.LittleEndian.Uint16(data[len(magic):]); v != version {
		return nil, fmt.Errorf("vm: bytecode version %d, this build reads version %d", v, version)
	}
	if crc32.Checksum(data[header:], castagnoli) != binary.LittleEndian.Uint32(data[header-4:]) {
		return nil, fmt.Errorf("vm: the checksum does not match: the program is damaged")
	}
	r := reader{b: data, pos: header}
	p := r.program()
	if r.err == nil && r.pos != len(data) {
		r.fail("the program ends at byte %d, the data at %d", r.pos, len(data))
	}
	if r.err != nil {
		return nil, r.err
	}
	if err := p.Verify(); err != nil {
		return nil, err
	}
	return p, nil
}

// A reader moves through the bytes until its first error; after it, it gives zeros.
type reader struct {
	b   []byte
	pos int
	err error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("vm: "+format, args...)
		r.pos = len(r.b)
	}
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b[r.pos:])
	if n <= 0 || n > 1 && r.b[r.pos+n-1] == 0 {
		r.fail("byte %d: a number is cut off, too large or too long", r.pos)
		return 0
	}
	r.pos += n
	return v
}

// num reads a number of at most limit.
func (r *reader) num(what string, limit int) int {
	at, v := r.pos, r.uvarint()
	if v > uint64(limit) {
		r.fail("byte %d: %s is %d, at most %d", at, what, v, limit)
		return 0
	}
	return int(v)
}

// count reads how many things follow, each of at least size bytes.
func (r *reader) count(what string, size int) int {
	at := r.pos
	n := r.num("the number of "+what, math.MaxInt32)
	if left := len(r.b) - r.pos; n*size > left {
		r.fail("byte %d: %d %s, but %d bytes are left", at, n, what, left)
		return 0
	}
	return n
}

func (r *reader) text(what string) string {
	n := r.count("bytes of "+what, 1)
	s := string(r.b[r.pos : r.pos+min(n, len(r.b)-r.pos)])
	r.pos += len(s)
	return s
}

// list reads a count, then as many elements by read.
func list[T any](r *reader, what string, size int, read func() T) []T {
	n := r.count(what, size)
	if n > maxItems {
		r.fail("%d %s, at most %d", n, what, maxItems)
	}
	if n == 0 {
		return nil
	}
	s := make([]T, 0, min(n, 1<<12))
	for i := 0; i < n && r.err == nil; i++ {
		s = append(s, read())
	}
	return s
}

func (r *reader) program() *Program {
	return &Program{
		Name:    r.text("the name"),
		Grain:   r.num("the grain", math.MaxInt32),
		Dims:    list(r, "dims", 1, func() string { return r.text("a dim") }),
		Scalars: list(r, "scalars", 1, func() string { return r.text("a scalar") }),
		Bufs:    list(r, "buffers", 5, r.buf),
		Consts: list(r, "constants", 2, func() Const {
			return Const{Type(r.num("a type", int(F64))), r.uvarint()}
		}),
		Locals: list(r, "locals", 2, func() Local {
			return Local{Type(r.num("a type", int(F64))), r.num("lanes", MaxLanes)}
		}),
		Views: list(r, "views", 4, func() View {
			return View{r.text("a view"), r.num("a buffer", maxItems), r.num("lanes", MaxLanes), r.num("a size", math.MaxInt32)}
		}),
		Maps: list(r, "maps", 4, func() Map {
			return Map{Mem(r.num("a memory type", int(F64M))), r.num("a register", maxItems), r.fn()}
		}),
		Work: r.fn(),
		Code: r.code(),
	}
}

func (r *reader) flag() bool { return r.num("a flag", 1) == 1 }

func (r *reader) buf() Buf {
	b := Buf{
		Name:  r.text("a buffer"),
		Role:  Role(r.num("a role", int(Table))),
		Elem:  Mem(r.num("a memory type", int(F64M))),
		Bytes: r.flag(),
	}
	if r.flag() {
		f := r.fn()
		b.Size = &f
	}
	if b.Role == Table {
		b.Data = []byte(r.text("a table"))
	}
	return b
}

func (r *reader) fn() Func { return Func{r.code(), r.num("a register", maxItems)} }

func (r *reader) code() []Ins {
	return list(r, "instructions", 1, func() Ins {
		in := Ins{Op: Op(r.num("an operation", int(opCount)-1))}
		for i := range ops[in.Op].sig {
			in.Arg[i] = int64(r.uvarint())
		}
		return in
	})
}
