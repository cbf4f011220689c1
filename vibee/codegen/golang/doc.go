// Package golang turns Loop IR into Go source. In: loop programs and values of package plan.
// Out: the files of a generated package: for each program the functions of a
// plan.Kernel, the tables they share, and plan values as composite literals. The code is
// memory-safe, has no fused multiply-add on any target, keeps every rounding and every
// order of additions of its program, and is meant to be read.
package golang
