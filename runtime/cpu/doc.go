// Package cpu says which kernels this processor runs. In: CPUID and XCR0 (what the operating system
// saves for a thread), and the name of a variant that is asked for. Out: the variants there are,
// the best of them that may be used, and why; and kernels as a variant runs them, no call longer than others can wait.
package cpu
