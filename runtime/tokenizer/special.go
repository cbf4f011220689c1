package tokenizer

import "fmt"

// defaults are what a family takes for keys that the file doesn't have.
type defaults struct {
	bos, eos, unknown int32
	addBOS            bool
}

// endings are the texts of tokens that end an answer, a turn, a message or a file,
// whatever the keys say.
var endings = []string{
	"<|endoftext|>", "<|end_of_text|>", "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>",
	"<|return|>", "<|call|>", "<end_of_turn>", "<end_of_utterance>", "<｜end▁of▁sentence｜>",
	"</s>", "<eos>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]",
	"<|fim_pad|>", "<fim_pad>", "<|repo_name|>", "<|file_sep|>",
}

// loadSpecial finds the tokens that are no ordinary text. mergeable: ordinary text
// can become this token.
func (t *Tokenizer) loadSpecial(keys reader, d defaults, mergeable func(id int32) bool) error {
	size := len(t.vocab.tokens)
	eot, eom := none, none
	for _, k := range []struct {
		key       string
		id        *int32
		otherwise int32
		kind      kind
	}{
		{keyBOS, &t.bos, d.bos, kindControl},
		{keyEOS, &t.eos, d.eos, kindControl},
		{keyEOT, &eot, none, kindControl},
		{keyEOM, &eom, none, kindControl},
		{keyUnknown, &t.unknown, d.unknown, kindUnknown},
	} {
		id, err := keys.id(k.key, k.otherwise, size)
		if err != nil {
			return err
		}
		*k.id = id
		if id != none && !t.vocab.typed {
			t.vocab.types[id] = k.kind
		}
	}
	t.ends = map[int32]bool{}
	for _, id := range []int32{t.eos, eot, eom} {
		if id != none {
			t.ends[id] = true
		}
	}
	for _, text := range endings {
		if id, ok := t.vocab.ids[text]; ok && !mergeable(id) {
			t.ends[id] = true
			t.vocab.types[id] = kindControl // some files call it normal
		}
	}
	if err := t.loadAdds(keys, d); err != nil {
		return err
	}
	t.loadMatchers(keys)
	return nil
}

func (t *Tokenizer) loadAdds(keys reader, d defaults) error {
	for _, k := range []struct {
		key, idKey string
		id         int32
		otherwise  bool
		add        *bool
	}{
		{keyAddBOS, keyBOS, t.bos, d.addBOS && t.bos != none, &t.addBOS},
		{keyAddEOS, keyEOS, t.eos, false, &t.addEOS},
	} {
		add, err := keys.flag(k.key, k.otherwise)
		if err != nil {
			return err
		}
		if add && k.id == none {
			return fmt.Errorf("tokenizer: %s is true, and the file has no %s", k.key, k.idKey)
		}
		*k.add = add
	}
	return nil
}

func (t *Tokenizer) loadMatchers(keys reader) {
	strips, _ := keys.Bool(keyStrips)
	if _, pieces := t.coder.(*sentencePiece); !pieces {
		strips = false
	}
	for id, k := range t.vocab.types {
		text := t.vocab.tokens[id]
		if text == "" || k != kindUser && k != kindControl && k != kindUnknown {
			continue
		}
		m := mark{id: int32(id), strip: strips && text != "<unk>" && text != "<s>" && text != "<|endoftext|>"}
		t.special.add(text, m)
		if k == kindUser {
			t.user.add(text, m)
		}
	}
}
