package asm

import (
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/source"
)

// needs are the extensions that each variant stands for; a processor that has the variant has them all.
var needs = map[string][]string{
	"avx2":   {"AVX", "AVX2", "BMI2", "CMOV", "F16C", "SSE2"},
	"avx512": {"AVX", "AVX2", "BMI2", "CMOV", "F16C", "SSE2", "AVX512F", "AVX512BW", "AVX512DQ", "AVX512VL", "AVX512VNNI"},
}

// TestCoverage: there is an instruction for whatever the specs are lowered to, no variant holds one that its
// processors may lack, and none multiplies and adds with one rounding.
func TestCoverage(t *testing.T) {
	prog, err := source.Load("../../../specs")
	if err != nil {
		t.Fatal(err)
	}
	unit, err := codegen.Build(prog)
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, op := range unit.Ops {
		for i, k := range op.Plan.Kernels {
			for name, s := range isas {
				p := op.Variants[i][name]
				if p == nil {
					t.Errorf("%s has no program for %s", k.Name, name)
					continue
				}
				fn, _, _, err := compile(p, p.Name, s, newConstants(p.Name))
				if err != nil {
					t.Errorf("%s: %v", op.Plan.Name, err)
					continue
				}
				count++
				for _, inst := range fn.Instructions() {
					for _, fused := range []string{"VFMADD", "VFMSUB", "VFNM"} {
						if strings.HasPrefix(inst.Opcode, fused) {
							t.Errorf("%s for %s: %s is fused", k.Name, name, inst.Opcode)
						}
					}
					for _, ext := range inst.ISA {
						if !slices.Contains(needs[name], ext) {
							t.Errorf("%s for %s: %s needs %s", k.Name, name, inst.Opcode, ext)
						}
					}
				}
			}
		}
	}
	if count < 150 {
		t.Errorf("only %d programs", count)
	}
}
