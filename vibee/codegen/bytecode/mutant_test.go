package bytecode

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/vm"
)

// TestMutants changes verified programs at random: what the machine still accepts must run without a
// panic, in its buffers.
func TestMutants(t *testing.T) {
	var m vm.Machine
	accepted, faults := 0, 0
	for seed := range uint64(60) {
		g := newGenerator(seed)
		p := g.program()
		good, err := Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		data := good.Encode()
		bufs := arguments(p, g.Rand)
		for i := range bufs {
			bufs[i] = bufs[i][:len(bufs[i]):len(bufs[i])]
		}
		for range 40 {
			q, err := vm.Decode(data)
			if err != nil {
				t.Fatal(err)
			}
			change := mutate(q, g.Rand)
			if q.Verify() != nil {
				continue
			}
			accepted++
			t.Logf("seed %d: %s", seed, change)
			if m.Run(q, &vm.Args{Bufs: bufs, Dims: []int{4}, Scalars: []float32{1.5}}, 2, 9, vm.Limits{Steps: 1 << 16}) != nil {
				faults++
			}
		}
	}
	if accepted < 200 || faults == 0 {
		t.Errorf("%d mutants accepted, %d of them end by a fault", accepted, faults)
	}
}

// mutate changes one to three numbers of q.
func mutate(q *vm.Program, r *rand.Rand) (change string) {
	for range 1 + r.IntN(3) {
		code := q.Code
		if len(q.Maps) > 0 && r.IntN(8) == 0 {
			code = q.Maps[r.IntN(len(q.Maps))].Code
		}
		if len(code) == 0 {
			continue
		}
		at := r.IntN(len(code))
		switch in := &code[at]; r.IntN(6) {
		case 0:
			in.Op = vm.Op(r.IntN(64))
		case 1:
			in.Arg[r.IntN(6)] = int64(r.Uint64() >> r.IntN(64))
		case 2:
			code[at], code[(at+1)%len(code)] = code[(at+1)%len(code)], code[at]
		case 3:
			if len(q.Views) > 0 {
				q.Views[r.IntN(len(q.Views))].Size = r.IntN(40)
			}
		case 4:
			q.Consts[r.IntN(len(q.Consts))].Bits = r.Uint64() >> r.IntN(64)
		default:
			in.Arg[r.IntN(6)] += int64(r.IntN(9)) - 4
		}
		change += fmt.Sprintf(" %d", at)
	}
	return change
}
