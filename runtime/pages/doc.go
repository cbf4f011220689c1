// Package pages says in which page of a state each place (sequence, position) lies.
// In: the places of a batch. Out: a page table, i32[sequences, pages a sequence], with
// pages for all of them, or an error: a context that is full, a place given twice, a
// position that leaves a gap. Pages are shared by forked sequences until written to.
package pages
