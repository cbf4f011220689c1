// Package properties runs every property of specs/ on the exact program, on the scheduled program in the VM
// and on the generated kernels. In: the specs and gen. Out: failing tests, each with the command that replays it.
package properties
