// Package sym is arithmetic on symbolic integers: shapes and indices. In: atoms
// (dims, loop counters, anything with an interval). Out: polynomials over them in
// normal form, with division and remainder taken apart wherever intervals or
// facts prove how; two shapes are equal when their normal forms are.
package sym
