package gguf_test

import (
	"github.com/trinity-engine/trinity/internal/ggufwrite"
)

// sample is a file with every kind of value and tensors of one to four dimensions.
func sample() *ggufwrite.Builder {
	return ggufwrite.New().
		Set("general.architecture", "llama").
		Set("general.alignment", uint32(32)).
		Set("u8", uint8(200)).Set("i8", int8(-100)).
		Set("u16", uint16(60000)).Set("i16", int16(-30000)).
		Set("u32", uint32(4e9)).Set("i32", int32(-2e9)).
		Set("u64", uint64(1<<63)).Set("i64", int64(-1<<63)).
		Set("f32", float32(1e-5)).Set("f64", 1e300).
		Set("true", true).Set("false", false).
		Set("empty", "").
		Set("texts", []string{"a", "", "Ġthe", "\xff\xfe"}).
		Set("floats", []float32{0, -1.5, 3e38}).
		Set("doubles", []float64{0.5, -2}).
		Set("types", []int32{1, -1, 3}).
		Set("bytes", []uint8{1, 2, 255}).
		Set("flags", []bool{true, false, true}).
		Set("none", []string{}).
		Set("nested", [][]int16{{1, 2}, {}, {-3}}).
		Set("deep", [][][]string{{{"x", "y"}}, {}}).
		Add("token_embd.weight", 0, []uint64{8, 3}, make([]byte, 96)).
		Add("blk.0.attn_norm.weight", 0, []uint64{5}, make([]byte, 20)).
		Add("blk.0.attn_q.weight", 8, []uint64{32, 2}, make([]byte, 68)).
		Add("cube", 1, []uint64{2, 3, 4, 5}, make([]byte, 240))
}
