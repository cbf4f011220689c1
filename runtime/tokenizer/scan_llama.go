package tokenizer

// scanLlama matches the pattern of Llama 3 (digits in threes) and of Qwen 2 (one
// by one), D being their number:
//
//	(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,D}|
//	 ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
//
// Only ASCII letters fold.
func scanLlama(digits int) scan {
	return func(s string) int {
		if n := contraction(s, 0x20); n > 0 {
			return n
		}
		c, n := first(s)
		switch c {
		case letter:
			return n + run(s[n:], letter)
		case number:
			return few(s, number, digits)
		}
		if n < len(s) && !newline(s[0]) {
			if d, _ := first(s[n:]); d == letter {
				return n + run(s[n:], letter)
			} else if d == other && s[0] == ' ' {
				c = other
			}
		}
		if c == other {
			n += run(s[n:], other)
			for n < len(s) && newline(s[n]) {
				n++
			}
			return n
		}
		if n := lastNewline(s); n > 0 {
			return n
		}
		return blanks(s)
	}
}

func newline(b byte) bool { return b == '\n' || b == '\r' }

// lastNewline matches \s*[\r\n]+: up to the last of the newlines among the spaces
// that s begins with.
func lastNewline(s string) int {
	end, i := 0, 0
	for i < len(s) {
		c, n := first(s[i:])
		if c != space {
			break
		}
		i += n
		if newline(s[i-n]) {
			end = i
		}
	}
	return end
}

// few is the length of up to limit characters of class c that s begins with.
func few(s string, c class, limit int) int {
	i := 0
	for ; limit > 0 && i < len(s); limit-- {
		d, n := first(s[i:])
		if d != c {
			break
		}
		i += n
	}
	return i
}
