package trinity

import (
	"fmt"
	"os"

	"github.com/trinity-engine/trinity/runtime/cpu"
)

// processorVariable forces the kernels of a variant that is not the best: generic, avx2, avx512, avx512vbmi, amx.
const processorVariable = "TRINITY_CPU"

// Processor names the variant of the kernels that Open uses, and says why. A variant that TRINITY_CPU asks for and
// that is unknown, or that this processor lacks, is an error.
func Processor() (name, why string, err error) {
	asked := os.Getenv(processorVariable)
	if name, err = cpu.Choose(asked); err != nil {
		return "", "", fmt.Errorf("%s=%s: %w", processorVariable, asked, err)
	}
	if asked != "" {
		return name, processorVariable + " asks for it", nil
	}
	if name == cpu.Generic {
		return name, "there are no others for this processor", nil
	}
	why = "the best that this processor has"
	for _, v := range cpu.Variants {
		if !cpu.Has(v.Name) {
			why += fmt.Sprintf("; it lacks %s: %s", v.Name, v.Has)
		}
	}
	return name, why, nil
}
