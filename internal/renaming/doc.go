// Package renaming shows that nothing is built in: it renames every name that the specs declare, compiles them
// again, and compares. In: specs/. Out: a failing test where the generated Go, bytecode or plans differ by
// more than names.
package renaming
