// Package language keeps docs/language.md true. In: the page. Out: a failing test for an example that does not
// compile, and for a mistake whose message is another.
package language
