package sample

// truncate drops the tokens that typical-p, top-p and min-p exclude, at least one
// stays, and gives the others the weights of the temperature.
func (s *Sampler) truncate(c []candidate) []candidate {
	p := &s.params
	s.weigh(c, 1)
	if p.TypicalP < 1 {
		c = typical(c, p.TypicalP)
	}
	if p.TopP < 1 {
		c = topP(c, p.TopP)
	}
	if p.MinP > 0 {
		c = minP(c, p.MinP)
	}
	s.weigh(c, p.Temperature)
	return c
}

// weigh makes logits relative to the greatest one and weights exp(logit / t).
func (s *Sampler) weigh(c []candidate, t float32) {
	greatest := c[0].logit
	for _, x := range c {
		greatest = max(greatest, x.logit)
	}
	for i := range c {
		c[i].logit = below(c[i].logit, greatest)
		c[i].weight = s.math.weight(c[i].logit / t)
	}
}

// total adds the weights in the candidates' order.
func total(c []candidate) float64 {
	sum := 0.0
	for _, x := range c {
		sum += float64(x.weight)
	}
	return sum
}

func topK(c []candidate, k int) []candidate {
	return head(c, func(candidate) bool { k--; return k == 0 })
}

// topP is nucleus sampling (Holtzman et al. 2019).
func topP(c []candidate, p float32) []candidate {
	want, sum := float64(float64(p)*total(c)), 0.0
	return head(c, func(x candidate) bool { sum += float64(x.weight); return sum >= want })
}

// minP keeps the order.
func minP(c []candidate, p float32) []candidate {
	most := float32(0)
	for _, x := range c {
		most = max(most, x.weight)
	}
	least, kept := float32(p*most), c[:0]
	for _, x := range c {
		if x.weight >= least {
			kept = append(kept, x)
		}
	}
	return kept
}

// typical is locally typical sampling (Meister et al. 2022): it prefers tokens
// whose information, -log(prob), is near the expected one, the entropy. With prob =
// exp(logit) / sum the sum's logarithm is in both and drops out of the difference.
func typical(c []candidate, p float32) []candidate {
	all, mean := total(c), 0.0
	for _, x := range c {
		if x.weight > 0 {
			mean += float64(float64(x.weight) * float64(x.logit))
		}
	}
	mean /= all
	for i := range c {
		if d := float64(c[i].logit) - mean; d < 0 {
			c[i].key = float32(d)
		} else {
			c[i].key = float32(-d)
		}
	}
	want, sum := float64(float64(p)*all), 0.0
	c = head(c, func(x candidate) bool { sum += float64(x.weight); return sum >= want })
	for i := range c {
		c[i].key = c[i].logit
	}
	return c
}
