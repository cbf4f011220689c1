package tokenizer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// scan gives the length of the first word of s, which isn't empty: at least one
// byte, and whole characters.
type scan func(s string) int

// pretokenizer cuts a text into words, which tokens never cross.
type pretokenizer struct {
	scans      []scan // each cuts the words of the one before
	wholeWords bool   // a word that is a token needs no merging
	addBOS     bool   // unless the file says otherwise
}

var (
	gpt2        = pretokenizer{scans: []scan{scanGPT2}}
	digitwise   = pretokenizer{scans: []scan{scanDigit, scanGPT2}}
	llama3      = pretokenizer{scans: []scan{scanLlama(3)}, wholeWords: true, addBOS: true}
	threeDigits = pretokenizer{scans: []scan{scanLlama(3)}}
	qwen2       = pretokenizer{scans: []scan{scanLlama(1)}}
	plain       = pretokenizer{scans: []scan{scanPunctuation, scanGPT2, scanNumber, scanTriple}}
)

// pretokenizers are the values of tokenizer.ggml.pre. A file without one is "default".
var pretokenizers = map[string]pretokenizer{
	"default": plain,

	"gpt-2": gpt2, "gpt2": gpt2, "phi-2": gpt2, "mpt": gpt2, "olmo": gpt2, "jais": gpt2,
	"jina-es": gpt2, "jina-de": gpt2, "jina-v2-es": gpt2, "jina-v2-de": gpt2,
	"gigachat": gpt2, "a.x-4.0": gpt2, "mellum": gpt2, "modern-bert": gpt2, "exaone4": gpt2,
	"trillion": gpt2, "granite-docling": gpt2,

	"smollm": digitwise, "starcoder": digitwise, "refact": digitwise, "command-r": digitwise,
	"codeshell": digitwise, "exaone": digitwise, "minerva-7b": digitwise, "mellum2": digitwise,

	"llama-bpe": llama3, "llama3": llama3, "llama-v3": llama3, "falcon3": llama3,
	"falcon-h1": llama3, "pixtral": llama3, "midm-2.0": llama3, "lfm2": llama3,
	"jina-v5-nano": llama3,

	"dbrx": threeDigits, "smaug-bpe": threeDigits, "glm4": threeDigits, "chatglm-bpe": threeDigits,

	"qwen2": qwen2, "stablelm2": qwen2, "deepseek-r1-qwen": qwen2, "kormo": qwen2,
	"megrez": qwen2, "hunyuan": qwen2, "solar-open": qwen2, "grok-2": qwen2,
	"f2llmv2": qwen2,
}

func readPretokenizer(keys reader) (pretokenizer, error) {
	name, err := keys.text(keyPre, "default")
	if err != nil {
		return pretokenizer{}, err
	}
	p, ok := pretokenizers[name]
	if !ok {
		return p, fmt.Errorf("tokenizer: %s is %.60q, which is not supported: this knows %s",
			keyPre, name, strings.Join(slices.Sorted(maps.Keys(pretokenizers)), ", "))
	}
	return p, nil
}

// words calls yield with each word of text in order.
func (p pretokenizer) words(text string, yield func(word string)) { cut(text, p.scans, yield) }

func cut(text string, scans []scan, yield func(string)) {
	if len(scans) == 0 {
		yield(text)
		return
	}
	for len(text) > 0 {
		n := scans[0](text)
		cut(text[:n], scans[1:], yield)
		text = text[n:]
	}
}
