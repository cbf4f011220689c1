// Package gguf reads GGUF files, versions 2 and 3, without copying them.
//
// In: the bytes of a file, mapped into memory where the system can, of which
// nothing is believed before it is checked. Out: the metadata as typed values
// and the tensors as windows on the file's bytes. What a tensor's type means is
// not known here: whoever knows the format says so to [Tensor.Sized].
// A [Head] is the way back: metadata and a table of tensors as the bytes of a file.
package gguf
