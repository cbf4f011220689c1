// Package imports holds the packages to the directions in which they may know of each
// other. In: what go list says of the module. Out: a failing test for each import that
// goes against them.
package imports
