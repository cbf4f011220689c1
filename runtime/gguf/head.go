package gguf

import "encoding/binary"

// Head is the beginning of a file in the making, of version 3: its metadata and the table of its tensors.
// The zero Head is empty.
type Head struct {
	keys, tensors []byte
	keyCount      uint64
	tensorCount   uint64
	data          uint64 // bytes of tensor data so far
}

// Set adds a key and its value.
func (h *Head) Set(key string, v Value) {
	h.keys = appendText(h.keys, key)
	h.keys = binary.LittleEndian.AppendUint32(h.keys, uint32(v.kind))
	h.keys = v.append(h.keys)
	h.keyCount++
}

// Add adds a tensor of so many bytes, dims the fastest varying first, and gives its offset from where tensor data begins.
func (h *Head) Add(name string, dims []uint64, typ uint32, bytes int) (offset uint64) {
	offset = aligned(h.data)
	h.tensors = appendText(h.tensors, name)
	h.tensors = binary.LittleEndian.AppendUint32(h.tensors, uint32(len(dims)))
	for _, d := range dims {
		h.tensors = binary.LittleEndian.AppendUint64(h.tensors, d)
	}
	h.tensors = binary.LittleEndian.AppendUint32(h.tensors, typ)
	h.tensors = binary.LittleEndian.AppendUint64(h.tensors, offset)
	h.tensorCount++
	h.data = offset + uint64(bytes)
	return offset
}

// Bytes gives the head, padded: tensor data follows it.
func (h *Head) Bytes() []byte {
	b := []byte("GGUF")
	b = binary.LittleEndian.AppendUint32(b, 3)
	b = binary.LittleEndian.AppendUint64(b, h.tensorCount)
	b = binary.LittleEndian.AppendUint64(b, h.keyCount)
	b = append(append(b, h.keys...), h.tensors...)
	return append(b, make([]byte, aligned(uint64(len(b)))-uint64(len(b)))...)
}

// Size is how many bytes of tensor data follow the head.
func (h *Head) Size() int { return int(h.data) }

func aligned(n uint64) uint64 { return (n + defaultAlignment - 1) &^ (defaultAlignment - 1) }

func appendText(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint64(b, uint64(len(s))), s...)
}
