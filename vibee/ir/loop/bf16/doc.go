// Package bf16 makes dots of bf16 pairs of products and sums, for targets that have none.
// In: a program that the verifier accepts. Out: one that computes the same bits without loop.Pairs; the words that
// variables hold are opened once, where they are defined.
package bf16
