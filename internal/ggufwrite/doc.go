// Package ggufwrite makes GGUF files for tests.
//
// In: metadata as Go values, tensors as bytes. Out: the bytes of a file, and where
// each of its fields lies, so that a test can break any of them. It writes what it
// is told, names given twice among it, and panics on what GGUF can't express.
package ggufwrite
