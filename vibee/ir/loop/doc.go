// Package loop is the Loop IR: what an op computes, as loops over scalars and
// lanes. In: programs built by package lower. Out: the same program for every
// emitter (Go, bytecode, assembly), a verifier and a text dump. Everything is
// explicit here: the order of additions, the rounding of each step, tails,
// scratch memory. No node means anything that its comment does not say.
package loop
