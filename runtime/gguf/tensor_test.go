package gguf_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

func TestTensorData(t *testing.T) {
	a, b := bytes.Repeat([]byte{1}, 40), bytes.Repeat([]byte{2}, 16)
	build := ggufwrite.New().Set("general.alignment", uint32(64)).
		Add("a", 0, []uint64{5, 2}, a).Add("b", 0, []uint64{4}, b)
	build.Alignment = 64
	f := parse(t, build.Bytes())
	if f.Alignment != 64 {
		t.Errorf("alignment %d", f.Alignment)
	}
	for _, c := range []struct {
		name   string
		offset uint64
		data   []byte
		region int
	}{{"a", 0, a, 64}, {"b", 64, b, 16}} {
		tensor, ok := f.Tensor(c.name)
		if !ok || tensor.Offset != c.offset || len(tensor.Data) != c.region {
			t.Errorf("%s: found %v, offset %d, %d bytes", c.name, ok, tensor.Offset, len(tensor.Data))
		}
		data, err := tensor.Sized(1, 4, 0)
		if err != nil || !bytes.Equal(data, c.data) {
			t.Errorf("%s: %v, %v", c.name, data, err)
		}
		if cap(data) != len(data) || cap(tensor.Data) != len(tensor.Data) {
			t.Errorf("%s: appending would write into the file", c.name)
		}
	}
}

func TestSized(t *testing.T) {
	f := parse(t, ggufwrite.New().
		Add("a", 0, []uint64{256, 2, 3}, make([]byte, 128)).
		Add("b", 0, []uint64{math.MaxInt64}, make([]byte, 32)).
		Add("c", 0, []uint64{128, 2}, make([]byte, 96)).Bytes())
	// The data begins at 160: a at 160, b at 288, c at 320, and the file ends at 416.
	for _, c := range []struct {
		tensor              string
		values, bytes, tail int
		want                int
		err                 string
	}{
		{tensor: "c", values: 128, bytes: 32, tail: 32, want: 96},
		{tensor: "c", values: 128, bytes: 48, tail: 0, want: 96},
		{tensor: "c", values: 1, bytes: 1, tail: 0, err: `gguf: tensor "c": data ends at 576, file at 416: fetch the whole file again`},
		{tensor: "c", values: 128, bytes: 32, tail: 33, err: `gguf: tensor "c": data ends at 417, file at 416: fetch the whole file again`},
		{tensor: "c", values: 128, bytes: 32, tail: math.MaxInt, err: `gguf: tensor "c": data ends at 9223372036854776191, file at 416: fetch the whole file again`},
		{tensor: "c", values: 1, bytes: math.MaxInt, tail: 0, err: `gguf: tensor "c": [128 2] values are more bytes than a file can hold`},
		{tensor: "c", values: 1, bytes: 1 << 56, tail: 0, err: `gguf: tensor "c": [128 2] values are more bytes than a file can hold`},
		{tensor: "c", values: 256, bytes: 1, err: `gguf: tensor "c": width 128 is no multiple of the 256 values of a block`},
		{tensor: "c", values: 0, bytes: 1, err: `gguf: tensor "c": a block of 0 values in 1 bytes, then 0 bytes: no such format`},
		{tensor: "c", values: 1, bytes: -1, err: `gguf: tensor "c": a block of 1 values in -1 bytes, then 0 bytes: no such format`},
		{tensor: "c", values: 1, bytes: 1, tail: -1, err: `gguf: tensor "c": a block of 1 values in 1 bytes, then -1 bytes: no such format`},
		{tensor: "a", values: 256, bytes: 21, want: 126},
		{tensor: "a", values: 256, bytes: 22, err: `gguf: tensor "a": data ends at 292, tensor "b" begins at 288`},
		{tensor: "b", values: 1, bytes: 4, err: `gguf: tensor "b": [9223372036854775807] values are more bytes than a file can hold`},
		{tensor: "b", values: 1, bytes: 2, tail: 2, err: `gguf: tensor "b": [9223372036854775807] values are more bytes than a file can hold`},
		{tensor: "b", values: 1, bytes: 1, err: `gguf: tensor "b": data ends at 9223372036854776095, tensor "c" begins at 320`},
	} {
		tensor, _ := f.Tensor(c.tensor)
		data, err := tensor.Sized(c.values, c.bytes, c.tail)
		switch {
		case c.err == "" && (err != nil || len(data) != c.want):
			t.Errorf("%s of %d values in %d bytes: %d bytes, %v; want %d", c.tensor, c.values, c.bytes, len(data), err, c.want)
		case c.err != "" && (err == nil || err.Error() != c.err):
			t.Errorf("%s of %d values in %d bytes:\n got %v\nwant %s", c.tensor, c.values, c.bytes, err, c.err)
		}
	}
	if _, err := (gguf.Tensor{}).Sized(1, 1, 0); err == nil {
		t.Error("a tensor of no file has a size")
	}
}
