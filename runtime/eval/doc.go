// Package eval computes the expressions of a plan. In: a plan.Expr and an Env that
// knows its names. Out: a Value, or the expression folded to what only a batch can
// tell (T, R). Integers are exact or an error: what does not divide, overflows or
// is divided by zero is refused; floats are f64.
package eval
