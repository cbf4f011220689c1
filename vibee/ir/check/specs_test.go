package check_test

import (
	"testing"

	"github.com/trinity-engine/trinity/vibee/source"
)

func TestSpecsCheck(t *testing.T) {
	if _, err := source.Load("../../../specs"); err != nil {
		t.Fatal(err)
	}
}
