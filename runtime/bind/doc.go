// Package bind makes a model file runnable. In: a plan.Model, a model file
// of either kind. Out: a Program: config evaluated, loops unrolled, every step with its
// kernel and its weights' memory, steps gathered in passes, and what only a batch can
// tell (T, R) left as expressions. What the file lacks, or holds and the model does not read, is an
// error that names it.
package bind
