package tokenizer

import "fmt"

// Tokenizer is a vocabulary and the rules by which text becomes its tokens. It
// doesn't change after New, so any number of goroutines may use it.
type Tokenizer struct {
	vocab   vocabulary
	coder   coder
	user    matcher // tokens that are recognized in any text
	special matcher // these and the control tokens
	ends    map[int32]bool
	bos     int32 // none when absent
	eos     int32
	unknown int32
	addBOS  bool
	addEOS  bool
}

// coder is a family of tokenizers: what becomes of text between special tokens.
type coder interface {
	// encode appends the ids of text.
	encode(ids []int32, text string) []int32
	// appendPiece appends what the ordinary token id stands for.
	appendPiece(buf []byte, id int32) []byte
	// prefix is whether encode puts a space before the text.
	prefix() bool
}

// New reads a vocabulary. An error names the key that is missing, inconsistent or
// not supported.
func New(m Metadata) (*Tokenizer, error) {
	keys := reader{m}
	model, err := keys.text(keyModel, "")
	if err != nil {
		return nil, err
	}
	t := &Tokenizer{}
	switch model {
	case "gpt2":
		err = t.loadByteLevel(keys)
	case "llama":
		err = t.loadSentencePiece(keys)
	case "":
		err = fmt.Errorf("tokenizer: the file has no %s: it holds no vocabulary", keyModel)
	default:
		err = fmt.Errorf("tokenizer: %s is %q, which is not supported: this reads gpt2 (byte-level BPE) and llama (SentencePiece)", keyModel, model)
	}
	if err != nil {
		return nil, err
	}
	return t, nil
}

// Options say how Encode treats a text.
type Options struct {
	// Special makes the text of a control token (<|im_end|>, </s>) that token, as
	// a rendered chat template needs; else it is ordinary text, as a user's words
	// should be. User-defined tokens are recognized either way.
	Special bool
	// BOS and EOS put these tokens around the text, where the vocabulary has them.
	// AddBOS and AddEOS tell what the file asks for.
	BOS, EOS bool
}

// Encode gives the ids of text. A byte for which the vocabulary has no token, and
// no unknown token either, is left out.
func (t *Tokenizer) Encode(text string, opt Options) []int32 {
	ids := make([]int32, 0, len(text)/3+2)
	if opt.BOS && t.bos != none {
		ids = append(ids, t.bos)
	}
	marks := &t.user
	if opt.Special {
		marks = &t.special
	}
	for len(text) > 0 {
		at, end, id := marks.find(text)
		if at > 0 {
			ids = t.coder.encode(ids, text[:at])
		}
		if id != none {
			ids = append(ids, id)
		}
		text = text[end:]
	}
	if opt.EOS && t.eos != none {
		ids = append(ids, t.eos)
	}
	return ids
}

// Size is the number of tokens: ids are 0 ≤ id < Size.
func (t *Tokenizer) Size() int { return len(t.vocab.tokens) }

// BOS is the token that begins a text, if the vocabulary has one.
func (t *Tokenizer) BOS() (int32, bool) { return t.bos, t.bos != none }

// EOS is the token that ends a text, if the vocabulary has one.
func (t *Tokenizer) EOS() (int32, bool) { return t.eos, t.eos != none }

// AddBOS tells whether the model expects BOS before a text.
func (t *Tokenizer) AddBOS() bool { return t.addBOS }

// AddEOS tells whether the model expects EOS after a text.
func (t *Tokenizer) AddEOS() bool { return t.addEOS }

// EOG tells whether the model ends its answer with this token: EOS, the end of a
// turn, of a message, of a file.
func (t *Tokenizer) EOG(id int32) bool { return t.ends[id] }

// Special tells whether a token stands for no text: control, unknown or unused.
func (t *Tokenizer) Special(id int32) bool {
	return t.has(id) && t.vocab.types[id].hidden()
}

// ID finds a token by the text that the file gives it ("<|im_end|>", "Ġthe").
func (t *Tokenizer) ID(token string) (int32, bool) {
	id, ok := t.vocab.ids[token]
	return id, ok
}

func (t *Tokenizer) has(id int32) bool { return id >= 0 && int(id) < len(t.vocab.tokens) }
