// Package reference runs kernels in the VM. In: the calls that the engine makes. Out:
// the same results by interpreted bytecode: the scheduled program (Loop) or the exact one
// (Spec). It is the only way from the runtime to the VM.
package reference
