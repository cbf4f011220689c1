package tokenizer

// Piece is what a token stands for: its bytes, which may be a part of a
// character, or the text of a special token. An id that isn't one has none.
func (t *Tokenizer) Piece(id int32) string {
	if !t.has(id) {
		return ""
	}
	return string(t.appendPiece(nil, id))
}

func (t *Tokenizer) appendPiece(buf []byte, id int32) []byte {
	text := t.vocab.tokens[id]
	switch k := t.vocab.types[id]; {
	case k == kindByte:
		b, _ := byteToken(text)
		return append(buf, b)
	case k == kindUser || k.hidden():
		return append(buf, text...)
	}
	return t.coder.appendPiece(buf, id)
}

// Decode gives the text that Encode took: the pieces in a row, without control
// tokens and without the spaces that Encode put before the text. Its bytes are
// exact; cut inside a character they are no valid UTF-8.
func (t *Tokenizer) Decode(ids []int32) string {
	buf := make([]byte, 0, 4*len(ids))
	start := true
	for _, id := range ids {
		switch {
		case !t.has(id):
		case t.Special(id):
			start = true
		default:
			before := len(buf)
			buf = t.appendPiece(buf, id)
			user := t.vocab.types[id] == kindUser
			if start && !user && t.coder.prefix() && len(buf) > before && buf[before] == ' ' {
				buf = append(buf[:before], buf[before+1:]...)
			}
			start = user
		}
	}
	return string(buf)
}
