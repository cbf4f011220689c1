// Package manifest keeps a folder of generated files. In: the whole set of files that the
// compiler generates. Out: the folder holds exactly these and a list of their hashes
// (Write), or a list of what is out of date (Check). Only files that the old
// list names, or that say in their first line that vibeec generated them, are ever removed.
package manifest
