// Package speed times the kernels that multiply a weight, one by one, against what the machine can do (make bench).
// In: the generated ops. Out: Go benchmarks, with the bytes of weights that a kernel reads a second, its multiply-adds, and the
// share of the machine's limit.
package speed
