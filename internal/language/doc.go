// Package language keeps the pages under docs/ true. In: docs/language.md, docs/architecture.md and the
// project's packages. Out: a failing test for an example that does not compile, a mistake whose message is
// another, a package that is not named, an import that the rules forbid.
package language
