// Package scalars puts what lies in small scratch memory into variables (scalar replacement of aggregates).
// In: a verified program. Out: the program with the loops over such memory unrolled, and
// each of its places, which is written once and read at constant indices, a variable: registers in
// assembly. A program without such memory stays as it is. No value changes.
package scalars
