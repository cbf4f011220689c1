// Package memory reserves address space that costs real memory only where it is
// touched. In: a size, and how much is touched at once, which chooses large or small pages.
// Out: zeroed bytes, aligned to 64, outside Go's heap where the system allows it, until they
// are released.
package memory
