package tokenizer

// runes are the characters by which byte-level vocabularies write bytes: those
// that are visible in Latin-1 stand for themselves, the other 68 follow from
// U+0100 on.
var runes = func() (table [256]rune) {
	next := rune(0x100)
	for b := range table {
		table[b] = rune(b)
		if !visible(rune(b)) {
			table[b] = next
			next++
		}
	}
	return table
}()

func visible(r rune) bool {
	return '!' <= r && r <= '~' || 0xA1 <= r && r <= 0xAC || 0xAE <= r && r <= 0xFF
}

// hiddenBytes are the bytes that runes writes from U+0100 on, in that order.
var hiddenBytes = func() (bytes []byte) {
	for b := range 256 {
		if !visible(rune(b)) {
			bytes = append(bytes, byte(b))
		}
	}
	return bytes
}()

// runeByte is the byte that a character stands for.
func runeByte(r rune) (byte, bool) {
	if visible(r) {
		return byte(r), true
	}
	if i := int(r) - 0x100; i >= 0 && i < len(hiddenBytes) {
		return hiddenBytes[i], true
	}
	return 0, false
}
