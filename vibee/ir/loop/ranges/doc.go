// Package ranges bounds the values of Loop IR expressions. In: expressions, and what is known
// of their variables. Out: intervals that hold in every run, so that an emitter may use a
// narrower instruction. What it can't prove it calls unknown.
package ranges
