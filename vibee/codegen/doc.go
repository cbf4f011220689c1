// Package codegen is what all targets of the compiler have in common. In: one Unit, the
// compiled specs. Out: generated files of each Target; package manifest
// writes them, removes stale ones and tells what is out of date.
package codegen
