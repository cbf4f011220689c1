// Package sample chooses the next token.
//
// In: a model's logits, one for each token of the vocabulary, the tokens so far,
// and what the user or the file asks for. Out: a token, and the probabilities of
// the best ones. The same seed gives the same tokens on every machine: sums run in
// a stated order, no product is fused into a sum, ties go to the smaller id, exp
// and log are the caller's, and the random numbers are PCG-DXSM's.
package sample
