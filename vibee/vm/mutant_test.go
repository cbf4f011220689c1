package vm

import (
	"bytes"
	"flag"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

var mutants = flag.Int("mutants", 3000, "programs to change at random")

// guard is what lies around the buffers of a call.
const guard = 0xc3

// contained runs p on buffers of n elements between guards, and tells when it wrote outside of them or to an input.
func contained(t *testing.T, m *Machine, p *Program, n int) (fault error) {
	const around = 64
	a := Args{Dims: make([]int, len(p.Dims)), Scalars: make([]float32, len(p.Scalars))}
	for i := range a.Dims {
		a.Dims[i] = n
	}
	var whole, before [][]byte
	for i := range p.Bufs {
		if !p.Bufs[i].Role.param() {
			continue
		}
		size := n * n * n * p.Bufs[i].unit()
		b := bytes.Repeat([]byte{guard}, size+2*around)
		for j := range size {
			b[around+j] = byte(j % 5)
		}
		whole, before = append(whole, b), append(before, slices.Clone(b))
		a.Bufs = append(a.Bufs, b[around:around+size])
	}
	fault = m.Run(p, &a, 0, n, Limits{Steps: 20000, Memory: 1 << 20})
	for i, b := range whole {
		end := len(b) - around
		if !bytes.Equal(b[:around], before[i][:around]) || !bytes.Equal(b[end:], before[i][end:]) {
			t.Fatalf("%s: it wrote beside buffer %s:\n%s", p.Name, p.Bufs[i].Name, Disassemble(p))
		}
		if p.Bufs[i].Role == In && !bytes.Equal(b, before[i]) {
			t.Fatalf("%s: it wrote to input %s:\n%s", p.Name, p.Bufs[i].Name, Disassemble(p))
		}
	}
	return fault
}

// TestMutants changes programs of the specs: what is still accepted has the same text and bytes, and runs
// within its buffers and limits, without a panic.
func TestMutants(t *testing.T) {
	all := programs(t)
	names := slices.Sorted(maps.Keys(all))
	const seed = 1
	r := rand.New(rand.NewPCG(seed, seed))
	var m Machine
	accepted, faults := 0, 0
	for range *mutants {
		p := mutant(all[names[r.IntN(len(names))]], r)
		if p.Verify() != nil {
			continue
		}
		accepted++
		q, err := Assemble(Disassemble(p))
		if err != nil || !bytes.Equal(q.Encode(), p.Encode()) {
			t.Fatalf("its text is another program: %v\n%s", err, Disassemble(p))
		}
		for n := range 4 {
			if contained(t, &m, p, n) != nil {
				faults++
			}
		}
	}
	t.Logf("seed %d: of %d mutants %d are accepted; %d of %d runs end by a fault", seed, *mutants, accepted, faults, 4*accepted)
	if accepted < *mutants/10 || faults == 0 {
		t.Errorf("of %d mutants %d are accepted, %d runs fault: the changes don't try the verifier", *mutants, accepted, faults)
	}
}

// FuzzMutant lets the fuzzer choose the changes.
func FuzzMutant(f *testing.F) {
	all := programs(f)
	names := slices.Sorted(maps.Keys(all))
	for i := range uint16(32) {
		f.Add(i*7, uint64(i))
	}
	f.Fuzz(func(t *testing.T, which uint16, seed uint64) {
		p := mutant(all[names[int(which)%len(names)]], rand.New(rand.NewPCG(seed, 0)))
		if p.Verify() != nil {
			return
		}
		var m Machine
		for n := range 4 {
			_ = contained(t, &m, p, n)
		}
	})
}

// mutant is a copy of p with one to three changes.
func mutant(p *Program, r *rand.Rand) *Program {
	q := *p
	q.Code = slices.Clone(p.Code)
	q.Consts = slices.Clone(p.Consts)
	q.Locals = slices.Clone(p.Locals)
	q.Views = slices.Clone(p.Views)
	q.Bufs = slices.Clone(p.Bufs)
	for range 1 + r.IntN(3) {
		q.change(r)
	}
	return &q
}

func (p *Program) change(r *rand.Rand) {
	switch r.IntN(10) {
	case 0:
		if len(p.Consts) > 0 {
			c := &p.Consts[r.IntN(len(p.Consts))]
			values := []uint64{0, 1, 2, c.Bits + 1, c.Bits - 1, 1 << 62, ^uint64(0), uint64(r.Uint32())}
			c.Bits = values[r.IntN(len(values))]
		}
	case 1:
		if len(p.Views) > 0 {
			v := &p.Views[r.IntN(len(p.Views))]
			v.Size, v.Buf = r.IntN(2*v.Size+2), r.IntN(len(p.Bufs))
		}
	case 2:
		b := &p.Bufs[r.IntN(len(p.Bufs))]
		b.Bytes, b.Elem = r.IntN(2) == 0, Mem(r.IntN(len(mems)))
	case 3:
		if len(p.Locals) > 0 {
			l := &p.Locals[r.IntN(len(p.Locals))]
			l.Lanes = 1 + r.IntN(MaxLanes)
		}
	case 4:
		if n := len(p.Code); n > 1 {
			i := r.IntN(n - 1)
			p.Code[i], p.Code[i+1] = p.Code[i+1], p.Code[i]
		}
	case 5:
		if n := len(p.Code); n > 0 {
			i := r.IntN(n)
			p.Code = slices.Delete(p.Code, i, i+1)
		}
	default:
		if len(p.Code) > 0 {
			p.argument(&p.Code[r.IntN(len(p.Code))], r)
		}
	}
}

// argument changes an operation to one of the same signature, or one of its arguments.
func (p *Program) argument(in *Ins, r *rand.Rand) {
	sig := ops[in.Op].sig
	if len(sig) == 0 || r.IntN(4) == 0 {
		if op := Op(r.IntN(int(opCount))); ops[op].sig == sig {
			in.Op = op
		}
		return
	}
	i := r.IntN(len(sig))
	limit := map[byte]int{'d': p.registers(), 'r': p.registers(), 'm': len(mems), 'b': len(p.Bufs), 'v': len(p.Views), 'p': len(p.Maps), 'i': 9}[sig[i]]
	in.Arg[i] = int64(r.IntN(max(limit, 1)))
}
