package main

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// sample chooses n of the mutants, in the table's order; 0: all. The same seed chooses the same.
func sample(all []mutant, n int, seed string) []mutant {
	if n <= 0 || n >= len(all) {
		return all
	}
	h := fnv.New64a()
	h.Write([]byte(seed))
	chosen := rand.New(rand.NewPCG(h.Sum64(), 0)).Perm(len(all))[:n]
	slices.Sort(chosen)
	var out []mutant
	for _, i := range chosen {
		out = append(out, all[i])
	}
	return out
}
