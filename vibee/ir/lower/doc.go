// Package lower turns the Spec IR into loops. In: an op (or a format's encoder),
// the formats of its weights, and a mode: the exact meaning, its tolerance, or the
// scheduled program of a target. Out: a loop.Program. Only licences that the op
// grants change arithmetic; a schedule changes which loop runs when, never a bit.
package lower
