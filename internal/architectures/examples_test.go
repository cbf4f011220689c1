package architectures

import "math"

// example is a model to be tested: files of it, and what it computes.
type example struct {
	name     string
	file     func(packing) *file
	forward  func(f *file, ids []int) rows // logits
	packings []packing                     // further ones of matrices
}

// examples are the models of the specs that no golden file covers, then those of testdata.
var examples = []example{
	{"gemma2", gemma2, gemma2Logits, nil},
	{"gptneox", gptneox(true), neoxLogits, nil},
	{"gptneox in sequence", gptneox(false), neoxLogits, nil},
	{"stablelm", stablelm(false), stablelmLogits, nil},
	{"stablelm parallel", stablelm(true), stablelmLogits, nil},
	{"granite", granite, graniteLogits, nil},
	{"smollm3", smollm3, smollm3Logits, nil},
	{"cohere2", cohere2, cohere2Logits, nil},
}

// The sizes of all examples: layers, width, feed-forward width, heads, those of keys, their width.
const (
	layers = 4
	dModel = 64
	dFF    = 96
	nHead  = 4
	nKV    = 2
	dHead  = 16
	eps    = 1e-3 // large, so that its place matters
)

// sizes are the keys that files of most architectures have; more come on top.
func sizes(more map[string]any) map[string]any {
	keys := map[string]any{"block_count": uint32(layers), "context_length": uint32(256), "embedding_length": uint32(dModel),
		"feed_forward_length": uint32(dFF), "attention.head_count": uint32(nHead), "attention.head_count_kv": uint32(nKV)}
	for k, v := range more {
		keys[k] = v
	}
	return keys
}

// separate adds the matrices of a gated block with separate queries, keys and values.
func (f *file) separate(i int) {
	f.matrix(blk(i, "attn_q"), nHead*dHead, dModel)
	f.matrix(blk(i, "attn_k"), nKV*dHead, dModel)
	f.matrix(blk(i, "attn_v"), nKV*dHead, dModel)
	f.matrix(blk(i, "attn_output"), dModel, nHead*dHead)
	f.matrix(blk(i, "ffn_gate"), dFF, dModel)
	f.matrix(blk(i, "ffn_up"), dFF, dModel)
	f.matrix(blk(i, "ffn_down"), dModel, dFF)
}

func gemma2(p packing) *file {
	f := newFile("gemma2", p, sizes(map[string]any{"attention.layer_norm_rms_epsilon": float32(eps), "attention.key_length": uint32(dHead),
		"attention.value_length": uint32(dHead), "attn_logit_softcapping": float32(4), "final_logit_softcapping": float32(6), "attention.sliding_window": uint32(9)}))
	f.matrix("token_embd", vocabulary, dModel)
	f.scale("output_norm", dModel)
	for i := range layers {
		f.separate(i)
		for _, n := range []string{"attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"} {
			f.scale(blk(i, n), dModel)
		}
	}
	return f
}

func gemma2Logits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids).scaled(math.Sqrt(dModel))
	turn := rope{a: dHead, n: dHead, base: 10000}
	for i := range layers {
		h := f.rmsNorm(x, blk(i, "attn_norm"), eps)
		o := attention{a: dHead, scale: 0.25, cap: 4}
		if i%2 == 0 {
			o.window = 9
		}
		a := o.attend(turn.rotate(f.linear(h, blk(i, "attn_q"))), turn.rotate(f.linear(h, blk(i, "attn_k"))), f.linear(h, blk(i, "attn_v")))
		x = x.plus(f.rmsNorm(f.linear(a, blk(i, "attn_output")), blk(i, "post_attention_norm"), eps))
		h = f.rmsNorm(x, blk(i, "ffn_norm"), eps)
		x = x.plus(f.rmsNorm(f.gated(h, i, gelu), blk(i, "post_ffw_norm"), eps))
	}
	return f.linear(f.rmsNorm(x, "output_norm", eps), "token_embd").capped(6)
}

// gated is the feed-forward network of layer i.
func (f *file) gated(h rows, i int, act func(float64) float64) rows {
	return f.linear(f.linear(h, blk(i, "ffn_gate")).each(act).times(f.linear(h, blk(i, "ffn_up"))), blk(i, "ffn_down"))
}

// plain is the feed-forward network of layer i, without a gate.
func (f *file) plain(h rows, i int, act func(float64) float64) rows {
	return f.linear(f.linear(h, blk(i, "ffn_up")).each(act), blk(i, "ffn_down"))
}

func gptneox(parallel bool) func(packing) *file {
	return func(p packing) *file {
		keys := sizes(map[string]any{"attention.layer_norm_epsilon": float32(eps), "rope.dimension_count": uint32(4), "use_parallel_residual": parallel})
		delete(keys, "attention.head_count_kv")
		f := newFile("gptneox", p, keys)
		f.matrix("token_embd", vocabulary, dModel)
		f.matrix("output", vocabulary, dModel)
		f.centred("output_norm", dModel)
		for i := range layers {
			f.centred(blk(i, "attn_norm"), dModel)
			f.centred(blk(i, "ffn_norm"), dModel)
			f.biased(blk(i, "attn_qkv"), 3*dModel, dModel)
			f.biased(blk(i, "attn_output"), dModel, dModel)
			f.biased(blk(i, "ffn_up"), dFF, dModel)
			f.biased(blk(i, "ffn_down"), dModel, dFF)
		}
		return f
	}
}

func neoxLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: 4, base: 10000}
	for i := range layers {
		qkv := f.linear(f.layerNorm(x, blk(i, "attn_norm"), eps), blk(i, "attn_qkv"))
		a := attention{a: dHead, scale: 0.25}.attend(turn.rotate(qkv.columns(0, 64)), turn.rotate(qkv.columns(64, 128)), qkv.columns(128, 192))
		z := x.plus(f.linear(a, blk(i, "attn_output")))
		in := z
		if f.keys["gptneox.use_parallel_residual"] == true {
			in = x
		}
		x = z.plus(f.plain(f.layerNorm(in, blk(i, "ffn_norm"), eps), i, geluErf))
	}
	return f.linear(f.layerNorm(x, "output_norm", eps), "output")
}

func stablelm(parallel bool) func(packing) *file {
	return func(p packing) *file {
		f := newFile("stablelm", p, sizes(map[string]any{"attention.layer_norm_epsilon": float32(eps), "rope.dimension_count": uint32(8), "use_parallel_residual": parallel}))
		f.matrix("token_embd", vocabulary, dModel)
		f.matrix("output", vocabulary, dModel)
		f.centred("output_norm", dModel)
		for i := range layers {
			f.separate(i)
			f.centred(blk(i, "attn_norm"), dModel)
			if parallel { // StableLM 2 12B
				f.scale(blk(i, "attn_q_norm"), nHead, dHead)
				f.scale(blk(i, "attn_k_norm"), nKV, dHead)
				continue
			}
			f.centred(blk(i, "ffn_norm"), dModel)
			f.vector(blk(i, "attn_q.bias"), 0, nHead*dHead)
			f.vector(blk(i, "attn_k.bias"), 0, nKV*dHead)
			f.vector(blk(i, "attn_v.bias"), 0, nKV*dHead)
		}
		return f
	}
}

func stablelmLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: 8, base: 10000}
	for i := range layers {
		h := f.layerNorm(x, blk(i, "attn_norm"), eps)
		q, k := f.linear(h, blk(i, "attn_q")), f.linear(h, blk(i, "attn_k"))
		_, parallel := f.tensors[blk(i, "attn_q_norm.weight")]
		if parallel {
			q, k = f.norm(q, blk(i, "attn_q_norm"), dHead, eps, true), f.norm(k, blk(i, "attn_k_norm"), dHead, eps, true)
		}
		z := x.plus(f.linear(attention{a: dHead, scale: 0.25}.attend(turn.rotate(q), turn.rotate(k), f.linear(h, blk(i, "attn_v"))), blk(i, "attn_output")))
		if !parallel {
			h = f.layerNorm(z, blk(i, "ffn_norm"), eps)
		}
		x = z.plus(f.gated(h, i, silu))
	}
	return f.linear(f.layerNorm(x, "output_norm", eps), "output")
}

func granite(p packing) *file {
	f := newFile("granite", p, sizes(map[string]any{"attention.layer_norm_rms_epsilon": float32(eps), "rope.dimension_count": uint32(dHead), "vocab_size": uint32(vocabulary),
		"attention.scale": float32(0.125), "embedding_scale": float32(12), "residual_scale": float32(0.22), "logit_scale": float32(8), "rope.freq_base": float32(5000)}))
	f.matrix("token_embd", vocabulary, dModel)
	f.scale("output_norm", dModel)
	for i := range layers {
		f.separate(i)
		f.scale(blk(i, "attn_norm"), dModel)
		f.scale(blk(i, "ffn_norm"), dModel)
	}
	return f
}

func graniteLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids).scaled(12)
	turn := rope{a: dHead, n: dHead, base: 5000, pairs: true}
	residual := float64(float32(0.22))
	for i := range layers {
		h := f.rmsNorm(x, blk(i, "attn_norm"), eps)
		a := attention{a: dHead, scale: 0.125}.attend(turn.rotate(f.linear(h, blk(i, "attn_q"))), turn.rotate(f.linear(h, blk(i, "attn_k"))), f.linear(h, blk(i, "attn_v")))
		x = x.plus(f.linear(a, blk(i, "attn_output")).scaled(residual))
		x = x.plus(f.gated(f.rmsNorm(x, blk(i, "ffn_norm"), eps), i, silu).scaled(residual))
	}
	return f.linear(f.rmsNorm(x, "output_norm", eps), "token_embd").scaled(1. / 8)
}

func smollm3(p packing) *file {
	f := newFile("smollm3", p, sizes(map[string]any{"attention.layer_norm_rms_epsilon": float32(eps), "rope.dimension_count": uint32(dHead), "rope.freq_base": float32(2e6)}))
	f.matrix("token_embd", vocabulary, dModel)
	f.scale("output_norm", dModel)
	for i := range layers {
		f.separate(i)
		f.scale(blk(i, "attn_norm"), dModel)
		f.scale(blk(i, "ffn_norm"), dModel)
	}
	return f
}

func smollm3Logits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: dHead, base: 2e6, pairs: true}
	for i := range layers {
		h := f.rmsNorm(x, blk(i, "attn_norm"), eps)
		q, k := f.linear(h, blk(i, "attn_q")), f.linear(h, blk(i, "attn_k"))
		if i != 3 {
			q, k = turn.rotate(q), turn.rotate(k)
		}
		x = x.plus(f.linear(attention{a: dHead, scale: 0.25}.attend(q, k, f.linear(h, blk(i, "attn_v"))), blk(i, "attn_output")))
		x = x.plus(f.gated(f.rmsNorm(x, blk(i, "ffn_norm"), eps), i, silu))
	}
	return f.linear(f.rmsNorm(x, "output_norm", eps), "token_embd")
}

func cohere2(p packing) *file {
	f := newFile("cohere2", p, sizes(map[string]any{"attention.layer_norm_epsilon": float32(eps), "rope.dimension_count": uint32(dHead), "rope.scaling.type": "none",
		"attention.key_length": uint32(dHead), "attention.value_length": uint32(dHead),
		"rope.freq_base": float32(50000), "logit_scale": float32(0.25), "attention.sliding_window": uint32(7), "vocab_size": uint32(vocabulary)}))
	f.matrix("token_embd", vocabulary, dModel)
	f.scale("output_norm", dModel)
	for i := range layers {
		f.separate(i)
		f.scale(blk(i, "attn_norm"), dModel)
	}
	return f
}

func cohere2Logits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: dHead, base: 50000, pairs: true}
	for i := range layers {
		h := f.layerNorm(x, blk(i, "attn_norm"), eps)
		q, k := f.linear(h, blk(i, "attn_q")), f.linear(h, blk(i, "attn_k"))
		o := attention{a: dHead, scale: 0.25}
		if i != 3 {
			q, k, o.window = turn.rotate(q), turn.rotate(k), 7
		}
		x = x.plus(f.linear(o.attend(q, k, f.linear(h, blk(i, "attn_v"))), blk(i, "attn_output"))).plus(f.gated(h, i, silu))
	}
	return f.linear(f.layerNorm(x, "output_norm", eps), "token_embd").scaled(0.25)
}
