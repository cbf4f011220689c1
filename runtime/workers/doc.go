// Package workers runs ranges of work on a fixed set of goroutines. In: a Task and how many
// items it has. Out: all items done, or the error of one of them; a panic is an error
// too. Who does which items is left to chance, so a Task's result must not depend on it.
package workers
