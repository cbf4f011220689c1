package cpu_test

import (
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
)

func TestChoose(t *testing.T) {
	if name, err := cpu.Choose(""); err != nil || name != cpu.Best() {
		t.Errorf("the best is %q (%v), not %q", name, err, cpu.Best())
	}
	if name, err := cpu.Choose(cpu.Generic); err != nil || name != cpu.Generic {
		t.Errorf("%q, %v", name, err)
	}
	for _, v := range cpu.Variants {
		name, err := cpu.Choose(v.Name)
		switch {
		case cpu.Has(v.Name) && (err != nil || name != v.Name):
			t.Errorf("%s: %q, %v", v.Name, name, err)
		case !cpu.Has(v.Name) && (err == nil || !strings.Contains(err.Error(), "lacks "+v.Name)):
			t.Errorf("%s: %v", v.Name, err)
		}
	}
	if _, err := cpu.Choose("sse9"); err == nil || !strings.Contains(err.Error(), `"sse9" is no variant: there are generic, avx2`) {
		t.Error(err)
	}
}

// TestOwnLoop: a form that adds in an order of its own is known by its program, which a processor without it does not take.
func TestOwnLoop(t *testing.T) {
	run := func(*plan.Call, int, int, []byte) bool { return true }
	k := &plan.Kernel{Loop: "sum", Variants: []plan.Variant{{CPU: "avx2", Run: run}, {CPU: "amx", Loop: "sum.amx", Run: run}}}
	for variant, want := range map[string]string{cpu.Generic: "sum", "avx2": "sum", "avx512": "sum", "amx": "sum.amx"} {
		if got := cpu.Kernel(k, variant).Loop; got != want {
			t.Errorf("%s runs the program %s, want %s", variant, got, want)
		}
	}
}

// TestKernel: a variant takes its own form of a kernel, or the next lower one; what a form refuses, the kernel's own Go does.
func TestKernel(t *testing.T) {
	var ran []string
	form := func(name string, ok bool) plan.Variant {
		return plan.Variant{CPU: name, Scratch: func(*plan.Call) int { return len(name) }, Run: func(*plan.Call, int, int, []byte) bool {
			ran = append(ran, name)
			return ok
		}}
	}
	k := &plan.Kernel{Name: "k", Scratch: func(*plan.Call) int { return 100 }, Run: func(_ *plan.Call, _, _ int, scratch []byte) {
		ran = append(ran, cpu.Generic)
		if len(scratch) < 100 {
			t.Errorf("%d bytes of scratch", len(scratch))
		}
	}}
	for _, test := range []struct {
		forms []plan.Variant
		name  string
		want  string
	}{
		{nil, "avx512", "generic"},
		{[]plan.Variant{form("avx2", true)}, "generic", "generic"},
		{[]plan.Variant{form("avx2", true)}, "avx512", "avx2"},
		{[]plan.Variant{form("avx2", true), form("avx512", true)}, "avx512", "avx512"},
		{[]plan.Variant{form("avx2", true), form("avx512", true)}, "avx2", "avx2"},
		{[]plan.Variant{form("avx512", true)}, "avx2", "generic"},
		{[]plan.Variant{form("avx512", false)}, "avx512", "avx512 generic"},
	} {
		ran = nil
		k.Variants = test.forms
		c := cpu.Kernel(k, test.name)
		c.Run(&plan.Call{}, 0, 1, make([]byte, max(c.Scratch(nil), 100)))
		if got := strings.Join(ran, " "); got != test.want {
			t.Errorf("%d forms, %s: ran %s, want %s", len(test.forms), test.name, got, test.want)
		}
	}
}
