// Mutants breaks the project on purpose, one change at a time, and asks a test to notice. In: the tables of
// this package. Out: which test noticed what; exit status 1 where one did not, or where a table is stale. The
// working tree stays as it is: go builds with an overlay, into which goes, too, what a mutated compiler
// generates. docs/testing.md says how to add one.
package main
