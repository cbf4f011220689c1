// Package tiles is for targets that have no tiles. In: a program. Out: the same program with each tile in scratch
// memory, and loops in the place of what is done with it; itself where it has no tiles.
package tiles
