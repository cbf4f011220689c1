// Vibeec compiles .vibee specs. In: a folder of specs. Out: gen/, which holds Go and
// bytecode; or what is wrong with the specs.
package main
