// Package modelfile opens model files, GGUF and .tri, which it tells apart by their first bytes.
//
// In: a path, and the formats of the specs. Out: a File: keys and values, and tensors, each with its
// format and its rows as windows on the file's bytes. Who runs a model need not know of which kind its file is.
package modelfile
