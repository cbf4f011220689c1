package architectures

import (
	"fmt"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

// load reads a file to be changed.
func load(t *testing.T, path string) *file {
	t.Helper()
	g, err := gguf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	f := &file{keys: map[string]any{}, tensors: map[string]tensor{}}
	for _, k := range g.Keys() {
		v, _ := g.Value(k)
		if i, ok := v.Int(); ok {
			f.keys[k] = i
		} else if x, ok := v.Float(); ok {
			f.keys[k] = x
		} else if b, ok := v.Bool(); ok {
			f.keys[k] = b
		} else if s, ok := v.Text(); ok {
			f.keys[k] = s
		}
	}
	f.arch = f.keys["general.architecture"].(string)
	for _, x := range g.Tensors {
		dims := []int{}
		for _, d := range slices.Backward(x.Dims) {
			dims = append(dims, int(d))
		}
		f.tensors[x.Name] = tensor{typ: x.Type, dims: dims, data: x.Data}
	}
	return f
}

// good are files of all architectures that the product knows.
func good(t *testing.T) map[string]*file {
	t.Helper()
	files := map[string]*file{}
	for _, f := range []*file{gemma2(inF32), gptneox(true)(inF32), stablelm(false)(inF32), granite(inF32), smollm3(inF32), cohere2(inF32)} {
		files[f.arch] = f
	}
	paths, _ := filepath.Glob(filepath.Join(shared.Path(t, "golden/arch"), "*.gguf"))
	for _, path := range paths {
		f := load(t, path)
		files[f.arch] = f
	}
	return files
}

func (f *file) clone() *file {
	return &file{arch: f.arch, keys: maps.Clone(f.keys), tensors: maps.Clone(f.tensors)}
}

// refusal binds a file; the error is "" where there is none.
func (e *engine) refusal(t *testing.T, f *file) string {
	t.Helper()
	g, err := gguf.Parse(f.write().Bytes())
	if err != nil {
		return err.Error()
	}
	if _, err := bind.Bind(e.models[f.arch], e.formats, g); err != nil {
		return err.Error()
	}
	return ""
}

// special are keys that change what a model computes where another engine knows them. No spec may pass over one.
var special = map[string]any{
	"rope.scaling.type": "yarn", "rope.scaling.attn_factor": float32(1.2), "rope.scaling.original_context_length": uint32(64),
	"rope.scaling.yarn_log_multiplier": float32(0.1), "rope.dimension_sections": []int32{4, 4, 4, 4}, "rope.scale_linear": float32(2),
	"attention.sliding_window": uint32(16), "attention.clamp_kqv": float32(1), "attention.max_alibi_bias": float32(8), "attention.scale": float32(0.5),
	"attention.causal": false, "attention.layer_norm_epsilon": float32(1e-5), "attention.layer_norm_rms_epsilon": float32(1e-5),
	"attention.temperature_length": uint32(64), "attention.sliding_window_pattern": uint32(3), "attention.q_lora_rank": uint32(8),
	"logit_scale": float32(0.5), "embedding_scale": float32(2), "residual_scale": float32(0.5), "attn_logit_softcapping": float32(30),
	"final_logit_softcapping": float32(30), "use_parallel_residual": true, "expert_count": uint32(4), "expert_used_count": uint32(2),
	"leading_dense_block_count": uint32(1), "interleave_moe_layer_step": uint32(2), "pooling_type": uint32(1), "ssm.conv_kernel": uint32(4),
	"swin_norm": true, "decoder_start_token_id": uint32(1), "rope.freq_base_swa": float32(1e4),
}

// reads says which of the special keys an architecture reads, or knows to be without meaning to it.
var reads = map[string][]string{
	"gemma2":   {"attention.sliding_window", "attn_logit_softcapping", "final_logit_softcapping", "attention.layer_norm_rms_epsilon"},
	"gemma3":   {"attention.sliding_window", "attention.sliding_window_pattern", "rope.freq_base_swa", "attention.layer_norm_rms_epsilon"},
	"gptneox":  {"use_parallel_residual", "attention.layer_norm_epsilon"},
	"stablelm": {"use_parallel_residual", "attention.layer_norm_epsilon"},
	"granite":  {"attention.scale", "embedding_scale", "residual_scale", "logit_scale", "attention.layer_norm_rms_epsilon"},
	"cohere2":  {"attention.sliding_window", "logit_scale", "attention.layer_norm_epsilon"},
	"phi3":     {"attention.sliding_window", "rope.scaling.original_context_length", "attention.layer_norm_rms_epsilon"},
	"gpt2":     {"attention.layer_norm_epsilon", "attention.layer_norm_rms_epsilon"},
}

func TestSpecialKeysAreRefused(t *testing.T) {
	e := compiled(t)
	for arch, f := range good(t) {
		known := reads[arch]
		if known == nil {
			known = []string{"attention.layer_norm_rms_epsilon"}
		}
		if text := e.refusal(t, f); text != "" {
			t.Errorf("%s: %s", arch, text)
			continue
		}
		for key, v := range special {
			g := f.clone()
			g.keys[arch+"."+key] = v
			text := e.refusal(t, g)
			switch {
			case slices.Contains(known, key):
				if text != "" && f.keys[arch+"."+key] != nil {
					t.Errorf("%s: %s: %s", arch, key, text)
				}
			case !strings.Contains(text, arch+"."+key):
				t.Errorf("%s with %s: %q", arch, key, text)
			}
		}
	}
}

// tied are tensors for which another stands where they are missing, or that may be missing.
var tied = []string{"output.weight", "attn_q.bias", "attn_k.bias", "attn_v.bias", "ffn_norm.weight"}

func TestTensorsAreChecked(t *testing.T) {
	e := compiled(t)
	for arch, f := range good(t) {
		for name, x := range f.tensors {
			if i := strings.Index(name, ".1."); strings.HasPrefix(name, "blk.") && i < 0 {
				continue // one layer is enough
			}
			change := func(what string, y tensor) {
				g := f.clone()
				g.tensors[name] = y
				if text := e.refusal(t, g); !strings.Contains(text, name) {
					t.Errorf("%s: %s %s: %q", arch, name, what, text)
				}
			}
			wide := x
			wide.dims, wide.data = slices.Clone(x.dims), slices.Concat(x.data, x.data)
			wide.dims[len(wide.dims)-1] *= 2
			change("twice as wide", wide)
			if name != "token_embd.weight" && name != "position_embd.weight" {
				tall := wide
				tall.dims = slices.Clone(x.dims)
				tall.dims[0] *= 2
				change("twice as high", tall)
			}
			deep := x
			deep.dims = append([]int{2, 1}, x.dims...)
			deep.data = slices.Concat(x.data, x.data)
			change("of one dim more", deep)
			strange := x
			strange.typ = 99
			change("of an unknown type", strange)
			short := x
			short.typ, short.data = 0, x.data[:4]
			change("cut short", short)
			g := f.clone()
			delete(g.tensors, name)
			if text := e.refusal(t, g); !strings.Contains(text, name) && !slices.ContainsFunc(tied, func(s string) bool { return strings.HasSuffix(name, s) }) {
				t.Errorf("%s without %s: %q", arch, name, text)
			}
		}
		for _, name := range []string{"blk.0.attn_output.scale", "blk.0.ffn_gate_inp.weight", "blk.9.attn_norm.weight", "rope_factors_long.weight", "output.bias", "token_types.weight", "blk.0.attn_sinks.weight", "cls.weight"} {
			g := f.clone()
			g.tensors[name] = tensor{0, []int{1}, make([]byte, 4), nil}
			if text := e.refusal(t, g); !strings.Contains(text, name) {
				t.Errorf("%s with %s: %q", arch, name, text)
			}
		}
	}
}

// harmless are keys that no model reads.
var harmless = []string{"context_length", "vocab_size", "tensor_data_layout"}

// free are keys of which any finite number has a meaning; windows may be 0, and larger than any text.
var free = []string{"logit_scale", "attention.scale", "embedding_scale", "residual_scale", "attention.sliding_window"}

func TestKeysAreChecked(t *testing.T) {
	e := compiled(t)
	for arch, f := range good(t) {
		for key, v := range f.keys {
			short, ours := strings.CutPrefix(key, arch+".")
			if !ours || slices.Contains(harmless, short) || arch == "gpt2" && (strings.HasPrefix(short, "rope.") || short == "attention.layer_norm_rms_epsilon") ||
				arch == "stablelm" && short == "use_parallel_residual" {
				continue
			}
			wrong := []any{[]string{"x"}, []int32{}, make([]int32, 5000)}
			any := slices.Contains(free, short)
			switch v.(type) {
			case string:
				wrong = append(wrong, int32(1), "strange")
			case bool:
				wrong = append(wrong, "true", uint8(1))
			case float32, float64:
				wrong = append(wrong, "1", math.NaN(), math.Inf(1), true)
				if !any {
					wrong = append(wrong, float32(-1))
				}
			default:
				wrong = append(wrong, "1", int8(-1), int64(math.MinInt64), uint64(1)<<63, 1.5, true)
				if !any {
					wrong = append(wrong, uint8(0), uint16(11), int64(1)<<40)
				}
			}
			for _, w := range wrong {
				g := f.clone()
				g.keys[key] = w
				if text := e.refusal(t, g); !strings.Contains(text, key) {
					t.Errorf("%s = %.40s: %q", key, fmt.Sprintf("%T(%v)", w, w), text)
				}
			}
		}
	}
}
