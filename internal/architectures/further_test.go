package architectures

// The models of testdata.
func init() {
	examples = append(examples,
		example{"phi2", phi2, phi2Logits, nil},
		example{"falcon", falcon(false), falconLogits, nil},
		example{"falcon with two norms", falcon(true), falconLogits, nil},
		example{"bloom", bloom, bloomLogits, nil},
		example{"olmo", olmo(1.5), olmoLogits, nil},
		example{"olmo without clamp", olmo(0), olmoLogits, nil},
		example{"openelm", openelm, openelmLogits, nil},
		example{"starcoder2", starcoder2, starcoder2Logits, nil},
		example{"anchor", anchor, anchorLogits, nil},
		example{"olmoe", olmoe, olmoeLogits, nil},
		example{"quince", quince(true), quinceLogits, []packing{inCubes}},
		example{"odd", odd, oddLogits, nil},
		example{"quince with less", quince(false), quinceLogits, nil},
	)
}

func phi2(p packing) *file {
	keys := sizes(map[string]any{"attention.layer_norm_epsilon": float32(eps), "rope.dimension_count": uint32(8)})
	f := newFile("phi2", p, keys)
	f.biased("output", vocabulary, dModel)
	f.matrix("token_embd", vocabulary, dModel)
	f.centred("output_norm", dModel)
	for i := range layers {
		f.centred(blk(i, "attn_norm"), dModel)
		f.biased(blk(i, "attn_qkv"), (nHead+2*nKV)*dHead, dModel)
		f.biased(blk(i, "attn_output"), dModel, nHead*dHead)
		f.biased(blk(i, "ffn_up"), dFF, dModel)
		f.biased(blk(i, "ffn_down"), dModel, dFF)
	}
	return f
}

func phi2Logits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: 8, base: 10000}
	for i := range layers {
		h := f.layerNorm(x, blk(i, "attn_norm"), eps)
		qkv := f.linear(h, blk(i, "attn_qkv"))
		a := attention{a: dHead, scale: 0.25}.attend(turn.rotate(qkv.columns(0, 64)), turn.rotate(qkv.columns(64, 96)), qkv.columns(96, 128))
		x = x.plus(f.linear(a, blk(i, "attn_output"))).plus(f.plain(h, i, gelu))
	}
	return f.linear(f.layerNorm(x, "output_norm", eps), "output")
}

func falcon(two bool) func(packing) *file {
	return func(p packing) *file {
		keys := sizes(map[string]any{"attention.layer_norm_epsilon": float32(eps), "tensor_data_layout": "jploski"})
		delete(keys, "attention.head_count_kv")
		delete(keys, "feed_forward_length")
		f := newFile("falcon", p, keys)
		f.matrix("token_embd", vocabulary, dModel)
		f.centred("output_norm", dModel)
		for i := range layers {
			f.centred(blk(i, "attn_norm"), dModel)
			if two {
				f.centred(blk(i, "attn_norm_2"), dModel)
			}
			f.matrix(blk(i, "attn_qkv"), (nHead+2)*dHead, dModel)
			f.matrix(blk(i, "attn_output"), dModel, nHead*dHead)
			f.matrix(blk(i, "ffn_up"), 4*dModel, dModel)
			f.matrix(blk(i, "ffn_down"), dModel, 4*dModel)
		}
		return f
	}
}

func falconLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: dHead, base: 10000}
	for i := range layers {
		h := f.layerNorm(x, blk(i, "attn_norm"), eps)
		in := h
		if _, two := f.tensors[blk(i, "attn_norm_2.weight")]; two {
			in = f.layerNorm(x, blk(i, "attn_norm_2"), eps)
		}
		qkv := f.linear(in, blk(i, "attn_qkv"))
		a := attention{a: dHead, scale: 0.25}.attend(turn.rotate(qkv.columns(0, 64)), turn.rotate(qkv.columns(64, 80)), qkv.columns(80, 96))
		x = x.plus(f.linear(a, blk(i, "attn_output"))).plus(f.plain(h, i, geluErf))
	}
	return f.linear(f.layerNorm(x, "output_norm", eps), "token_embd")
}

func bloom(p packing) *file {
	keys := sizes(map[string]any{"attention.layer_norm_epsilon": float32(eps), "attention.head_count": uint32(6), "attention.head_count_kv": uint32(6), "embedding_length": uint32(96)})
	f := newFile("bloom", p, keys)
	f.matrix("token_embd", vocabulary, 96)
	f.centred("token_embd_norm", 96)
	f.centred("output_norm", 96)
	for i := range layers {
		f.centred(blk(i, "attn_norm"), 96)
		f.centred(blk(i, "ffn_norm"), 96)
		f.biased(blk(i, "attn_qkv"), 3*96, 96)
		f.biased(blk(i, "attn_output"), 96, 96)
		f.biased(blk(i, "ffn_up"), dFF, 96)
		f.biased(blk(i, "ffn_down"), 96, dFF)
	}
	return f
}

func bloomLogits(f *file, ids []int) rows {
	x := f.layerNorm(f.embed("token_embd.weight", ids), "token_embd_norm", eps)
	// Six heads: those of four, then two of those of eight.
	slopes := []float64{1. / 4, 1. / 16, 1. / 64, 1. / 256, 1. / 2, 1. / 8}
	for i := range layers {
		qkv := f.linear(f.layerNorm(x, blk(i, "attn_norm"), eps), blk(i, "attn_qkv"))
		pick := func(which int) rows {
			return qkv.split(func(r []float64) (out []float64) {
				for h := range 6 {
					out = append(out, r[(3*h+which)*16:(3*h+which+1)*16]...)
				}
				return out
			})
		}
		a := attention{a: 16, scale: 0.25, slopes: slopes}.attend(pick(0), pick(1), pick(2))
		x = x.plus(f.linear(a, blk(i, "attn_output")))
		x = x.plus(f.plain(f.layerNorm(x, blk(i, "ffn_norm"), eps), i, gelu))
	}
	return f.linear(f.layerNorm(x, "output_norm", eps), "token_embd")
}

func olmo(clip float32) func(packing) *file {
	return func(p packing) *file {
		keys := sizes(map[string]any{"attention.layer_norm_epsilon": float32(eps)})
		if clip > 0 {
			keys["attention.clamp_kqv"] = clip
		}
		f := newFile("olmo", p, keys)
		f.matrix("token_embd", vocabulary, dModel)
		f.matrix("output", vocabulary, dModel)
		for i := range layers {
			f.separate(i)
		}
		return f
	}
}

func olmoLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: dHead, base: 10000, pairs: true}
	clip := func(x rows) rows { return x }
	if c, ok := f.keys["olmo.attention.clamp_kqv"]; ok {
		clip = func(x rows) rows { return x.clamped(float64(c.(float32))) }
	}
	for i := range layers {
		h := f.layerNorm(x, "", eps)
		q, k, v := clip(f.linear(h, blk(i, "attn_q"))), clip(f.linear(h, blk(i, "attn_k"))), clip(f.linear(h, blk(i, "attn_v")))
		x = x.plus(f.linear(attention{a: dHead, scale: 0.25}.attend(turn.rotate(q), turn.rotate(k), v), blk(i, "attn_output")))
		x = x.plus(f.gated(f.layerNorm(x, "", eps), i, silu))
	}
	return f.linear(f.layerNorm(x, "", eps), "output")
}

var (
	elmHeads = []int32{2, 4, 4, 6}
	elmKV    = []int32{1, 2, 4, 2}
	elmFF    = []int32{32, 64, 96, 128}
)

func openelm(p packing) *file {
	f := newFile("openelm", p, sizes(map[string]any{"attention.layer_norm_rms_epsilon": float32(eps), "attention.key_length": uint32(dHead), "attention.value_length": uint32(dHead),
		"rope.dimension_count": uint32(dHead), "attention.head_count": elmHeads, "attention.head_count_kv": elmKV, "feed_forward_length": elmFF, "rope.freq_base": float32(10000)}))
	f.matrix("token_embd", vocabulary, dModel)
	f.scale("output_norm", dModel)
	for i := range layers {
		h, g, ff := int(elmHeads[i]), int(elmKV[i]), int(elmFF[i])
		f.scale(blk(i, "attn_norm"), dModel)
		f.scale(blk(i, "ffn_norm"), dModel)
		f.scale(blk(i, "attn_q_norm"), dHead)
		f.scale(blk(i, "attn_k_norm"), dHead)
		f.matrix(blk(i, "attn_qkv"), (h+2*g)*dHead, dModel)
		f.matrix(blk(i, "attn_output"), dModel, h*dHead)
		f.matrix(blk(i, "ffn_gate"), ff, dModel)
		f.matrix(blk(i, "ffn_up"), ff, dModel)
		f.matrix(blk(i, "ffn_down"), dModel, ff)
	}
	return f
}

func openelmLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: dHead, base: 10000}
	for i := range layers {
		h, g := int(elmHeads[i])*dHead, int(elmKV[i])*dHead
		qkv := f.linear(f.rmsNorm(x, blk(i, "attn_norm"), eps), blk(i, "attn_qkv"))
		q := turn.rotate(f.norm(qkv.columns(0, h), blk(i, "attn_q_norm"), dHead, eps, false))
		k := turn.rotate(f.norm(qkv.columns(h, h+g), blk(i, "attn_k_norm"), dHead, eps, false))
		x = x.plus(f.linear(attention{a: dHead, scale: 0.25}.attend(q, k, qkv.columns(h+g, h+2*g)), blk(i, "attn_output")))
		x = x.plus(f.gated(f.rmsNorm(x, blk(i, "ffn_norm"), eps), i, silu))
	}
	return f.linear(f.rmsNorm(x, "output_norm", eps), "token_embd")
}

func starcoder2(p packing) *file {
	f := newFile("starcoder2", p, sizes(map[string]any{"attention.layer_norm_epsilon": float32(eps), "rope.dimension_count": uint32(dHead),
		"rope.freq_base": float32(999999.4), "attention.sliding_window": uint32(20)}))
	f.matrix("token_embd", vocabulary, dModel)
	f.centred("output_norm", dModel)
	for i := range layers {
		f.centred(blk(i, "attn_norm"), dModel)
		f.centred(blk(i, "ffn_norm"), dModel)
		f.biased(blk(i, "attn_q"), nHead*dHead, dModel)
		f.biased(blk(i, "attn_k"), nKV*dHead, dModel)
		f.biased(blk(i, "attn_v"), nKV*dHead, dModel)
		f.biased(blk(i, "attn_output"), dModel, nHead*dHead)
		f.biased(blk(i, "ffn_up"), dFF, dModel)
		f.biased(blk(i, "ffn_down"), dModel, dFF)
	}
	return f
}

func starcoder2Logits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: dHead, base: float64(float32(999999.4))}
	for i := range layers {
		h := f.layerNorm(x, blk(i, "attn_norm"), eps)
		q, k := turn.rotate(f.linear(h, blk(i, "attn_q"))), turn.rotate(f.linear(h, blk(i, "attn_k")))
		a := attention{a: dHead, scale: 0.25, window: 20}.attend(q, k, f.linear(h, blk(i, "attn_v")))
		x = x.plus(f.linear(a, blk(i, "attn_output")))
		x = x.plus(f.plain(f.layerNorm(x, blk(i, "ffn_norm"), eps), i, gelu))
	}
	return f.linear(f.layerNorm(x, "output_norm", eps), "token_embd")
}

func anchor(p packing) *file {
	f := newFile("anchor", p, sizes(map[string]any{"attention.layer_norm_rms_epsilon": float32(eps), "attention.sliding_window": uint32(9), "rope.scaling.factor": float32(2)}))
	f.matrix("token_embd", vocabulary, dModel)
	f.vector("rope_freqs.weight", 2, dHead/2)
	for i := range layers {
		f.biased(blk(i, "attn_q"), nHead*dHead, dModel)
		f.biased(blk(i, "attn_k"), nKV*dHead, dModel)
		f.biased(blk(i, "attn_v"), nKV*dHead, dModel)
		f.biased(blk(i, "attn_output"), dModel, nHead*dHead)
		f.vector(blk(i, "attn_sinks.weight"), 1, nHead)
		f.matrix(blk(i, "ffn_up"), dFF, dModel)
		f.matrix(blk(i, "ffn_down"), dModel, dFF)
	}
	return f
}

func anchorLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	var factors []float64
	for _, v := range f.tensors["rope_freqs.weight"].values {
		factors = append(factors, 2*v)
	}
	turn := rope{a: dHead, n: dHead, base: 10000, factors: factors}
	for i := range layers {
		h := f.rmsNorm(x, "", eps)
		o := attention{a: dHead, scale: 0.25, sinks: f.tensors[blk(i, "attn_sinks.weight")].values}
		if i%2 == 0 {
			o.window = 9
		}
		a := o.attend(turn.rotate(f.linear(h, blk(i, "attn_q"))), turn.rotate(f.linear(h, blk(i, "attn_k"))), f.linear(h, blk(i, "attn_v")))
		x = x.plus(f.linear(a, blk(i, "attn_output")))
		x = x.plus(f.plain(f.rmsNorm(x, "", eps), i, relu))
	}
	return f.linear(f.rmsNorm(x, "", eps), "token_embd")
}
