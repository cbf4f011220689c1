//go:build !race

package tokenizer_test

import "time"

const oneLetterLimit = 2 * time.Second
