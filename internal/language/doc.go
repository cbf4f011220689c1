// Package language compiles the examples of docs/language.md. In: the page. Out: a failing test for an example
// that does not compile, or for a mistake whose message is another.
package language
