// Package fused looks for fused multiply-adds in compiled Go. In: packages of a module. Out:
// each such instruction that the compiler chooses for a target, with its line. It reads the
// compiler's own listing, since `go tool objdump` can't decode VEX instructions (VFMADD231SS
// reads as a MOVL there).
package fused
