package architectures

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Models that bring what no spec has: quince a format, a cache and ops, olmoe experts.

// inCubes makes blocks of quince's own format.
var inCubes = packing{"q4_cubic", func(r *rand.Rand, n int) (typ uint32, data []byte, values []float64) {
	for range n / 16 {
		e := 13 + r.IntN(2) // the scale is 1/4 or 1/2
		codes := make([]byte, 16)
		for i := range codes {
			codes[i] = byte(r.IntN(16))
			c := float64(2*int(codes[i])-15) / 15
			values = append(values, c*c*c*math.Ldexp(1, e-15))
		}
		for i := range 8 {
			data = append(data, codes[2*i]|codes[2*i+1]<<4)
		}
		data = append(data, 0, byte(e<<2))
	}
	return 200, data, values
}}

var (
	quinceHeads = []uint32{4, 2, 6, 4}
	quinceFF    = []uint32{64, 96, 32, 64}
)

// quince has all that its spec knows, or only what it asks for.
func quince(full bool) func(packing) *file {
	return func(p packing) *file {
		keys := sizes(map[string]any{"attention.key_length": uint32(dHead), "attention.head_count": quinceHeads, "feed_forward_length": quinceFF, "attention.head_count_kv": uint32(nKV)})
		if full {
			keys["attention.layer_norm_rms_epsilon"] = float32(eps)
			keys["attention.sliding_window_pattern"] = []bool{false, true, true, false}
			keys["attention.sliding_window"] = uint16(11)
			keys["attention.decay"] = []float32{0.5, 0, 1, 0.25}
			keys["residual_scale"] = float64(0.75)
			keys["pooling"] = "last"
			keys["trained_by.whom"] = []string{"nobody"}
		}
		f := newFile("quince", p, keys)
		f.matrix("token_embd", vocabulary, dModel)
		f.matrix("position_embd", 80, dModel)
		f.vector("rope_freqs.weight", 2, dHead/2)
		for i := range layers {
			h := int(quinceHeads[i])
			f.scale(blk(i, "attn_norm"), dModel)
			f.matrix(blk(i, "attn_qkv"), (h+2*nKV)*dHead, dModel)
			f.vector(blk(i, "attn_sinks.weight"), 1, h)
			f.matrix(blk(i, "attn_output"), dModel, h*dHead)
			f.matrix(blk(i, "ffn_up"), int(quinceFF[i]), dModel)
			f.matrix(blk(i, "ffn_down"), dModel, int(quinceFF[i]))
			f.vector(blk(i, "layer_scale"), 1, 1)
			if full && i%2 == 0 {
				f.vector(blk(i, "attn_qkv.bias"), 0, (h+2*nKV)*dHead)
				f.scale(blk(i, "ffn_norm"), dModel)
			}
		}
		if full {
			f.scale("output_norm", dModel)
			f.biased("output", vocabulary, dModel)
			f.vector("vision.patch", 0, 3)
		}
		return f
	}
}

// inCodes is what quince's cache keeps of a row of values.
func inCodes(row []float64) []float64 {
	out := make([]float64, len(row))
	for at := 0; at < len(row); at += dHead {
		top := 0.0
		for _, v := range row[at : at+dHead] {
			top = max(top, math.Abs(v))
		}
		for i, v := range row[at : at+dHead] {
			out[at+i] = math.RoundToEven(v*32767/top) * top / 32767
		}
	}
	return out
}

func quinceLogits(f *file, ids []int) rows {
	_, full := f.keys["quince.pooling"]
	e, mix := 1e-6, 1/math.Sqrt(2*layers)
	if full {
		e, mix = eps, 0.75
	}
	x := f.embed("token_embd.weight", ids)
	for t := range ids {
		at := f.embed("position_embd.weight", []int{t + 2})
		x[t] = rows{x[t]}.plus(at)[0]
	}
	turn := rope{a: dHead, n: dHead, base: 10000, factors: f.tensors["rope_freqs.weight"].values}
	for i := range layers {
		h := f.rmsNorm(x, blk(i, "attn_norm"), e)
		qkv := f.linear(h, blk(i, "attn_qkv"))
		group := int(quinceHeads[i]) / nKV
		pick := func(lo, n int) rows {
			return qkv.split(func(r []float64) (out []float64) {
				for g := range nKV {
					at := (g*(group+2) + lo) * dHead
					out = append(out, r[at:at+n*dHead]...)
				}
				return out
			})
		}
		q, k, v := pick(0, group), pick(group, 1), pick(group+1, 1)
		local := i%2 == 0
		o := attention{a: dHead, scale: 0.25, sinks: f.tensors[blk(i, "attn_sinks.weight")].values, decay: 1 / float64(i+2)}
		if full {
			local = []bool{false, true, true, false}[i]
			o.decay = []float64{0.5, 0, 1, 0.25}[i]
			if local {
				o.window = 11
			}
		}
		if i == 0 {
			o.window = 0
		}
		if i == 0 || !local {
			q, k = turn.rotate(q), turn.rotate(k)
		}
		z := f.linear(o.attend(q, k, v.split(inCodes)), blk(i, "attn_output")).scaled(mix)
		if _, normed := f.tensors[blk(i, "ffn_norm.weight")]; normed {
			h = f.rmsNorm(x.plus(z), blk(i, "ffn_norm"), e)
		}
		bent := func(v float64) float64 {
			b := max(v, 0) + v/8
			if v > 0 {
				return b * b
			}
			return b
		}
		x = x.plus(z).plus(f.plain(h, i, bent)).scaled(f.tensors[blk(i, "layer_scale")].values[0])
	}
	head := "token_embd"
	if full {
		head = "output"
	}
	return f.linear(f.rmsNorm(x, "output_norm", e), head)
}

func olmoe(p packing) *file {
	f := newFile("olmoe", p, sizes(map[string]any{"attention.layer_norm_rms_epsilon": float32(eps), "expert_count": uint32(6), "expert_used_count": uint32(2),
		"feed_forward_length": uint32(32)}))
	f.matrix("token_embd", vocabulary, dModel)
	f.matrix("output", vocabulary, dModel)
	f.scale("output_norm", dModel)
	for i := range layers {
		f.scale(blk(i, "attn_norm"), dModel)
		f.scale(blk(i, "ffn_norm"), dModel)
		f.matrix(blk(i, "attn_q"), nHead*dHead, dModel)
		f.matrix(blk(i, "attn_k"), nKV*dHead, dModel)
		f.matrix(blk(i, "attn_v"), nKV*dHead, dModel)
		f.matrix(blk(i, "attn_output"), dModel, nHead*dHead)
		f.scale(blk(i, "attn_q_norm"), nHead*dHead)
		f.scale(blk(i, "attn_k_norm"), nKV*dHead)
		f.matrix(blk(i, "ffn_gate_inp"), 6, dModel)
		for _, name := range []string{"ffn_gate_exps", "ffn_up_exps", "ffn_down_exps"} {
			m, k := 32, dModel
			if name == "ffn_down_exps" {
				m, k = dModel, 32
			}
			f.matrix(blk(i, name), 6*m, k)
			x := f.tensors[blk(i, name+".weight")]
			x.dims = []int{6, m, k}
			f.tensors[blk(i, name+".weight")] = x
		}
	}
	return f
}

func olmoeLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids)
	turn := rope{a: dHead, n: dHead, base: 10000}
	for i := range layers {
		h := f.rmsNorm(x, blk(i, "attn_norm"), eps)
		q, k := f.rmsNorm(f.linear(h, blk(i, "attn_q")), blk(i, "attn_q_norm"), eps), f.rmsNorm(f.linear(h, blk(i, "attn_k")), blk(i, "attn_k_norm"), eps)
		x = x.plus(f.linear(attention{a: dHead, scale: 0.25}.attend(turn.rotate(q), turn.rotate(k), f.linear(h, blk(i, "attn_v"))), blk(i, "attn_output")))
		x = x.plus(f.experts(f.rmsNorm(x, blk(i, "ffn_norm"), eps), i))
	}
	return f.linear(f.rmsNorm(x, "output_norm", eps), "output")
}

// experts adds, for each row, what the two experts of the largest probabilities give, times these.
func (f *file) experts(x rows, i int) rows {
	logits := f.linear(x, blk(i, "ffn_gate_inp"))
	out := x.scaled(0)
	for t := range x {
		sum := 0.0
		order := make([]int, len(logits[t]))
		for e, v := range logits[t] {
			sum += math.Exp(v)
			order[e] = e
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(logits[t][b], logits[t][a]) })
		for _, e := range order[:2] {
			one := &file{tensors: map[string]tensor{}}
			for _, name := range []string{"ffn_gate", "ffn_up", "ffn_down"} {
				w := f.tensors[blk(i, name+"_exps.weight")]
				n := w.dims[1] * w.dims[2]
				one.tensors[blk(i, name+".weight")] = tensor{dims: w.dims[1:], values: w.values[e*n : (e+1)*n]}
			}
			out[t] = rows{out[t]}.plus(one.gated(rows{x[t]}, i, silu).scaled(math.Exp(logits[t][e]) / sum))[0]
		}
	}
	return out
}

func odd(p packing) *file {
	f := newFile("odd", p, map[string]any{"embedding_length": uint32(dModel)})
	f.matrix("token_embd", vocabulary, dModel)
	return f
}

func oddLogits(f *file, ids []int) rows {
	x := f.embed("token_embd.weight", ids).each(func(v float64) float64 { return v + 4 })
	return f.linear(x, "token_embd")
}
