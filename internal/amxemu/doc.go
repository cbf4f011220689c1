// Package amxemu runs a program that uses Intel's AMX tiles on a processor that has none. In: a command line. Out: what
// the program prints, and an error where it fails. The program runs as a traced child: each tile instruction is an
// illegal one there, and is done in its place on the child's registers and memory, as the manual says; any other
// illegal instruction, and a use of tiles that a processor refuses, is an error. Where a processor has tiles, they are
// its own: the program asks the kernel for them.
package amxemu
