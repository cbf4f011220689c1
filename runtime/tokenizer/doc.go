// Package tokenizer turns text into token ids and back. In: the tokenizer.ggml.*
// metadata of a model file, as byte-level BPE ("gpt2") or SentencePiece with byte
// fallback ("llama"). Out: ids for a text, text for ids, and a Stream that gives
// the text of ids as they come, never half a character.
//
// A text is cut at special tokens, each part into words by the vocabulary's
// pre-tokenizer, and each word's symbols are merged pair by pair.
package tokenizer
