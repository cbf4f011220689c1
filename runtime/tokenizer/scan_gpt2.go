package tokenizer

// scanGPT2 matches GPT-2's pattern:
//
//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
func scanGPT2(s string) int {
	if n := contraction(s, 0); n > 0 {
		return n
	}
	lead := 0
	if s[0] == ' ' && len(s) > 1 {
		lead = 1
	}
	c, n := first(s[lead:])
	if c == space {
		return blanks(s)
	}
	n += lead
	return n + run(s[n:], c)
}

// contraction is the length of an English one ('s 't 'm 'd 're 've 'll) at the
// start of s. fold = 0x20 takes capitals too.
func contraction(s string, fold byte) int {
	if len(s) < 2 || s[0] != '\'' {
		return 0
	}
	a := s[1] | fold
	switch a {
	case 's', 't', 'm', 'd':
		return 2
	}
	if len(s) < 3 {
		return 0
	}
	b := s[2] | fold
	if a == 'r' && b == 'e' || a == 'v' && b == 'e' || a == 'l' && b == 'l' {
		return 3
	}
	return 0
}
