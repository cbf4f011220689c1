package sample

// Kept gives the tokens which the steps leave, and their probabilities.
func (s *Sampler) Kept(logits []float32) map[int]float64 {
	c := s.truncate(s.possible(logits))
	sum, kept := total(c), map[int]float64{}
	for _, x := range c {
		kept[int(x.id)] = float64(x.weight) / sum
	}
	return kept
}
