// Package looptest holds Loop IR programs that tests of the emitters share, among them
// the exact matmul of Q4_1, and an evaluator that walks the tree. In: nothing.
// Out: programs, arguments for them, and what they compute.
package looptest
