// Package memory reserves address space that costs real memory only where it is
// touched. In: a size. Out: zeroed bytes, aligned to 64, outside Go's heap where the
// system allows it, until they are released.
package memory
