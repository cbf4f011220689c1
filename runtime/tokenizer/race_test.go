//go:build race

package tokenizer_test

import "time"

const oneLetterLimit = 40 * time.Second // the race detector slows tenfold and more
