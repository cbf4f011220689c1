// Package bytecode is the emitter for the machine of package vm. In: any valid program of the
// Loop IR. Out: a verified vm.Program with the same bits as result. Variables and
// intermediate values get registers that are used again when they are dead, values
// that are equal in all lanes are kept in one, sums of products become one
// instruction (with both roundings), and functions of one byte become tables.
package bytecode
