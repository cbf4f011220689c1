// Package golden compares whole models with the logits of other engines. In: the files of
// the golden folder. Out: failing tests where a logit or a greedy token differs.
package golden
