// Package limits measures what this machine can do at most: the bytes that it reads from memory a second, and the
// multiply-adds of integers. In: a number of threads; for the latter an op of the specs that does little else, on
// operands that fit a first cache. Out: rates, each the best of several short windows.
package limits
