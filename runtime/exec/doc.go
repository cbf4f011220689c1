// Package exec runs a bound model on batches. In: rows (token, sequence, position), which of
// them reach the outputs, and which outputs are wanted. Out: those outputs, as views of the
// arena. It supplies memory, pages and workers; what a step computes is its kernel's
// business. A row's result depends on no other row, nor on workers or batches.
package exec
