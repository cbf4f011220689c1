// Package mapped gives the bytes of a file, mapped into memory where the system can.
//
// In: a path. Out: the file's bytes, read only, and how to give them back. What they
// mean is not known here.
package mapped
