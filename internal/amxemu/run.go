package amxemu

import (
	"errors"
	"os"
)

// ErrUnavailable is the error of Run where programs can't be traced.
var ErrUnavailable = errors.New("amxemu: programs can't be traced here")

// variable tells a program that it runs under Run.
const variable = "TRINITY_TEST_TILES_EMULATED"

// Active reports whether this program runs under Run, which does its tile instructions.
func Active() bool { return os.Getenv(variable) != "" }
