package vm

import (
	"encoding/binary"
	"hash/crc32"
)

const (
	magic   = "trVM"
	version = 1
	header  = len(magic) + 2 + 4 // magic, version, CRC32C of the rest
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Encode gives p's serialized form: the header, then every number as a varint in the order of
// Program's fields.
func (p *Program) Encode() []byte {
	w := writer{b: make([]byte, header, 1024)}
	copy(w.b, magic)
	binary.LittleEndian.PutUint16(w.b[len(magic):], version)
	w.text(p.Name)
	w.num(p.Grain)
	w.names(p.Dims)
	w.names(p.Scalars)
	w.num(len(p.Bufs))
	for i := range p.Bufs {
		w.buf(&p.Bufs[i])
	}
	w.num(len(p.Consts))
	for _, c := range p.Consts {
		w.num(int(c.Type))
		w.b = binary.AppendUvarint(w.b, c.Bits)
	}
	w.num(len(p.Locals))
	for _, l := range p.Locals {
		w.num(int(l.Type))
		w.num(l.Lanes)
	}
	w.num(len(p.Views))
	for _, v := range p.Views {
		w.text(v.Name)
		w.num(v.Buf)
		w.num(v.Lanes)
		w.num(v.Size)
	}
	w.num(len(p.Maps))
	for _, m := range p.Maps {
		w.num(int(m.Mem))
		w.num(m.Param)
		w.fn(m.Func)
	}
	w.fn(p.Work)
	w.code(p.Code)
	binary.LittleEndian.PutUint32(w.b[header-4:], crc32.Checksum(w.b[header:], castagnoli))
	return w.b
}

type writer struct{ b []byte }

func (w *writer) num(n int) { w.b = binary.AppendUvarint(w.b, uint64(n)) }

func (w *writer) text(s string) {
	w.num(len(s))
	w.b = append(w.b, s...)
}

func (w *writer) names(list []string) {
	w.num(len(list))
	for _, s := range list {
		w.text(s)
	}
}

func (w *writer) flag(f bool) {
	if f {
		w.num(1)
	} else {
		w.num(0)
	}
}

func (w *writer) buf(b *Buf) {
	w.text(b.Name)
	w.num(int(b.Role))
	w.num(int(b.Elem))
	w.flag(b.Bytes)
	w.flag(b.Size != nil)
	if b.Size != nil {
		w.fn(*b.Size)
	}
	if b.Role == Table {
		w.text(string(b.Data))
	}
}

func (w *writer) fn(f Func) {
	w.code(f.Code)
	w.num(f.Result)
}

func (w *writer) code(code []Ins) {
	w.num(len(code))
	for _, in := range code {
		w.num(int(in.Op))
		for i := range ops[in.Op].sig {
			w.b = binary.AppendUvarint(w.b, uint64(in.Arg[i]))
		}
	}
}
