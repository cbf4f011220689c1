// Package imports holds the packages to the directions in which they may know of each
// other. In: what go list says of the module, and docs/architecture.md. Out: a failing test
// for each import that goes against them, and for a package that the page does not name.
package imports
