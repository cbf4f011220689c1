// Mutants breaks the project on purpose, one change at a time, and asks a test to notice. In: the tables of
// this package, each entry an exact piece of a source file and what stands there instead. Out: which test
// noticed; exit status 1 where one did not. The working tree stays as it is: go builds with an overlay, and what a mutated
// compiler generates goes into the overlay too. Tests that only compare generated text are in no entry.
package main
