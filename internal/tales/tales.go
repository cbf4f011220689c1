// Package tales holds Trinity Tales 7M, a ternary model that writes children's stories
// (Apache-2.0), so that the program runs a model with no file and no network. Out: the
// bytes of its GGUF file.
package tales

import _ "embed"

// GGUF is the model file.
//
//go:embed tales.gguf
var GGUF []byte
