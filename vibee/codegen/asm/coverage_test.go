package asm

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mmcloughlin/avo/ir"

	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/source"
)

// needs are the extensions that each variant stands for; a processor that has the variant has them all. What avo calls
// MMX+ is a part of SSE, here PREFETCHT1.
var needs = map[string][]string{
	"avx2":       {"AVX", "AVX2", "BMI2", "CMOV", "F16C", "MMX+", "SSE2"},
	"avx512":     {"AVX", "AVX2", "BMI2", "CMOV", "F16C", "MMX+", "SSE2", "AVX512F", "AVX512BW", "AVX512DQ", "AVX512VL", "AVX512VNNI"},
	"avx512vbmi": {"AVX", "AVX2", "BMI2", "CMOV", "F16C", "MMX+", "SSE2", "AVX512F", "AVX512BW", "AVX512DQ", "AVX512VL", "AVX512VNNI", "AVX512VBMI"},
	"amx":        {"AVX", "AVX2", "BMI2", "CMOV", "F16C", "MMX+", "SSE2", "AVX512F", "AVX512BW", "AVX512DQ", "AVX512VL", "AVX512VNNI", "AVX512VBMI"}, // and tiles
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
	count, permuted := 0, 0
	for _, op := range unit.Ops {
		for i, k := range op.Plan.Kernels {
			missed := map[string]bool{}
			for _, v := range cpu.Variants {
				name, p := v.Name, op.Variants[i][v.Name]
				if p == nil && v.Tiles { // no schedule asks for them
					continue
				}
				if p == nil {
					t.Errorf("%s has no program for %s", k.Name, name)
					continue
				}
				if of := v.Extends; p == op.Variants[i][of] && !missed[of] {
					continue // it has no form of its own
				}
				fn, _, miss, err := compile(p, p.Name, isas[name], newConstants(p.Name))
				missed[name] = miss
				if err != nil {
					t.Errorf("%s: %v", op.Plan.Name, err)
					continue
				}
				count++
				if slices.ContainsFunc(fn.Instructions(), func(i *ir.Instruction) bool { return slices.Contains(i.ISA, "AVX512VBMI") }) {
					permuted++
				}
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
	if permuted == 0 {
		t.Error("nothing has an instruction of VBMI")
	}
}

// TestLeftOut: a variant that extends another has a form of its own where there is a better one, and nowhere else.
func TestLeftOut(t *testing.T) {
	for _, p := range dots() {
		op := &codegen.Op{Source: "specs/random.vibee", Package: "random"}
		names, err := Target{module}.kernel(manifest.Files{}, op, p.Name, map[string]*loop.Program{"avx512": p, "avx512vbmi": p})
		if err != nil {
			t.Fatal(err)
		}
		var text [2]string
		for i, name := range []string{"avx512", "avx512vbmi"} {
			fn, _, _, err := compile(p, "same", isas[name], newConstants("same"))
			if err != nil {
				t.Fatal(err)
			}
			for _, inst := range fn.Instructions() {
				text[i] += fmt.Sprintln(inst.Opcode, inst.Operands)
			}
		}
		if own := slices.Contains(names, "avx512vbmi"); own != (text[0] != text[1]) {
			t.Errorf("%s: it has a form of its own: %v, which differs: %v", p.Name, own, text[0] != text[1])
		}
	}
}
