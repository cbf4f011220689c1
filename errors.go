package trinity

import (
	"errors"

	"github.com/trinity-engine/trinity/runtime/bind"
)

// Errors to be told apart with errors.Is; a file that is absent is fs.ErrNotExist, and a context that ends
// gives its own cause.
var (
	// ErrContextFull: a prompt, or a prompt with its answer, has more tokens than the context has positions.
	ErrContextFull = errors.New("the context is full")
	// ErrEmptyPrompt: a prompt has no token.
	ErrEmptyPrompt = errors.New("the prompt is empty")
	// ErrUnknownArchitecture: no spec describes the models of the file's general.architecture.
	ErrUnknownArchitecture = errors.New("unknown architecture")
	// ErrPacked: the weights of a .tri file lie as activations of 8 bits meet them, and exact ones were asked for.
	ErrPacked = bind.ErrPacked
	// ErrClosed: the model was closed.
	ErrClosed = errors.New("the model is closed")
)
