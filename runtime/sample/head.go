package sample

// A candidate is a token that may still be chosen.
type candidate struct {
	id     int32
	key    float32 // what candidates are ordered by: the greatest first, ties by id
	logit  float32 // first the logit, then how far it lies below the greatest
	weight float32 // the probability relative to the likeliest's
}

func (a candidate) before(b candidate) bool {
	return a.key > b.key || a.key == b.key && a.id < b.id
}

// head gives the first candidates in their order, up to and including the first
// for which enough holds. It reorders c and gives a part of it.
func head(c []candidate, enough func(candidate) bool) []candidate {
	for i := len(c)/2 - 1; i >= 0; i-- {
		sift(c, i)
	}
	n := len(c)
	for n > 0 {
		n--
		c[0], c[n] = c[n], c[0] // what is taken gathers at the end, the first last
		if enough(c[n]) {
			break
		}
		sift(c[:n], 0)
	}
	taken := c[n:]
	for i, j := 0, len(taken)-1; i < j; i, j = i+1, j-1 {
		taken[i], taken[j] = taken[j], taken[i]
	}
	return taken
}

// sift moves c[i] down until no child is before its parent.
func sift(c []candidate, i int) {
	for {
		first := 2*i + 1
		if first >= len(c) {
			return
		}
		if next := first + 1; next < len(c) && c[next].before(c[first]) {
			first = next
		}
		if !c[first].before(c[i]) {
			return
		}
		c[i], c[first] = c[first], c[i]
		i = first
	}
}
