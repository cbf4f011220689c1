package tokenizer

// scanDigit cuts out each \p{N}.
func scanDigit(s string) int {
	if c, n := first(s); c == number {
		return n
	}
	return until(s, number)
}

// scanNumber cuts out each \p{N}+.
func scanNumber(s string) int {
	if n := run(s, number); n > 0 {
		return n
	}
	return until(s, number)
}

// scanTriple cuts out each [0-9][0-9][0-9].
func scanTriple(s string) int {
	if triple(s) {
		return 3
	}
	for i := range len(s) {
		if triple(s[i:]) {
			return i
		}
	}
	return len(s)
}

func triple(s string) bool {
	return len(s) >= 3 && digit(s[0]) && digit(s[1]) && digit(s[2])
}

func digit(b byte) bool { return '0' <= b && b <= '9' }

// until is the length of s before its first character of class c.
func until(s string, c class) int {
	i := 0
	for i < len(s) {
		d, n := first(s[i:])
		if d == c {
			break
		}
		i += n
	}
	return i
}
