// Package source reads specs from disk. In: a folder. Out: the parsed files, or the checked
// program, of all .vibee files below it; or grammar.Errors that quote the offending lines.
package source
