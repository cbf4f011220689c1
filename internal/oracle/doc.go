// Package oracle is the differential harness. In: the ops of gen and their bytecode, a seed
// and a case's number. Out: for every kernel the same call computed by each native variant,
// by the scheduled program in the VM and by the exact one, and an error where they
// differ: native from scheduled in any bit, scheduled from exact by more than the op's
// tolerance, or where native code touches memory that is not its own. -rounds N widens it.
package oracle
