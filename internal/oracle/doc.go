// Package oracle runs one kernel in three ways: native, its loop in the VM, its spec in
// the VM. In: a plan.Kernel and a plan.Call. Out: the bytes that each of them leaves in
// the call's buffers, for tests to compare.
package oracle
