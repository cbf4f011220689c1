package looptest

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// Memory is the bytes of a program's bufs, parameters and tables alike; temps are made by Run.
type Memory map[*loop.Buf][]byte

// Run interprets p for the items lo <= w < hi, node by node as package loop defines them. Of
// a trap (an access outside a buffer or view, a division by zero) it gives an error.
func Run(p *loop.Program, mem Memory, dims []int64, scalars []float32, lo, hi int64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("looptest: %s: %v", p.Name, r)
		}
	}()
	m := &machine{mem: Memory{}, vars: map[*loop.Var][]cell{}, views: map[*loop.View][]int64{}, tiles: map[*loop.Tile][]cell{}}
	for b, data := range mem {
		m.mem[b] = data
	}
	for i, d := range p.Dims {
		m.vars[d] = []cell{{i: dims[i]}}
	}
	for i, s := range p.Scalars {
		m.vars[s] = []cell{{f: float64(scalars[i])}}
	}
	m.vars[p.Lo], m.vars[p.Hi] = []cell{{i: lo}}, []cell{{i: hi}}
	for _, b := range p.Temps {
		m.mem[b] = make([]byte, m.int(b.Size)*int64(unit(b)))
	}
	for _, b := range p.Tables {
		m.mem[b] = tableBytes(b)
	}
	m.stmts(p.Body)
	return nil
}

// Value evaluates an Int expression over dims.
func Value(p *loop.Program, e loop.Expr, dims []int64) int64 {
	m := &machine{vars: map[*loop.Var][]cell{}}
	for i, d := range p.Dims {
		m.vars[d] = []cell{{i: dims[i]}}
	}
	return m.int(e)
}

func tableBytes(b *loop.Buf) []byte {
	out := make([]byte, 0, len(b.Data)*unit(b))
	for _, d := range b.Data {
		out = append(out, binary.LittleEndian.AppendUint64(nil, uint64(d))[:unit(b)]...)
	}
	return out
}

// unit is the size in bytes of what b's indices count.
func unit(b *loop.Buf) int {
	if b.Bytes {
		return 1
	}
	return b.Elem.Bytes()
}

// cell is one lane: i for Int, f for floats (an F32 is kept exactly), b for Bool.
type cell struct {
	i int64
	f float64
	b bool
}

type machine struct {
	mem   Memory
	vars  map[*loop.Var][]cell
	views map[*loop.View][]int64 // start of each lane, in the buffer's units
	tiles map[*loop.Tile][]cell  // row after row
}

func (m *machine) int(e loop.Expr) int64 { return m.eval(e)[0].i }

func (m *machine) stmts(body []loop.Stmt) {
	for _, s := range body {
		m.stmt(s)
	}
}

func (m *machine) stmt(s loop.Stmt) {
	switch s := s.(type) {
	case *loop.For:
		lo, hi := m.int(s.Lo), m.int(s.Hi)
		v := lo
		for ; s.Whole && v+s.Step <= hi || !s.Whole && v < hi; v += s.Step {
			m.vars[s.Var] = []cell{{i: v}}
			m.stmts(s.Body)
		}
		if s.Rest != nil {
			m.vars[s.Rest] = []cell{{i: v}}
		}
	case *loop.If:
		if m.eval(s.Cond)[0].b {
			m.stmts(s.Then)
		} else {
			m.stmts(s.Else)
		}
	case *loop.Def:
		m.vars[s.Var] = m.eval(s.Value)
	case *loop.Set:
		m.vars[s.Var] = m.eval(s.Value)
	case *loop.Open:
		at := m.strided(s.View.Index, s.View.Stride, s.View.Lanes)
		for _, i := range at {
			if i < 0 || (i+int64(s.View.Size))*int64(unit(s.View.Buf)) > int64(len(m.mem[s.View.Buf])) {
				panic(fmt.Sprintf("view %s at %d of %s", s.View.Name, i, s.View.Buf.Name))
			}
		}
		m.views[s.View] = at
	case *loop.Prefetch:
	case *loop.Store:
		value := m.eval(s.Value)
		for l, i := range m.places(s.Index, s.Stride, len(value)) {
			m.store(s.Buf, s.Mem, i, value[l])
		}
	default:
		m.tileStmt(s)
	}
}

// places is where each lane of an access is.
func (m *machine) places(index, stride loop.Expr, n int) []int64 {
	if stride != nil {
		return m.strided(index, stride, n)
	}
	var at []int64
	for _, c := range m.eval(index) {
		at = append(at, c.i)
	}
	return at
}

func (m *machine) strided(index, stride loop.Expr, n int) []int64 {
	at := make([]int64, n)
	at[0] = m.int(index)
	for l := 1; l < n; l++ {
		at[l] = at[0] + int64(l)*m.int(stride)
	}
	return at
}

func (m *machine) load(b *loop.Buf, mem loop.Mem, i int64) cell {
	at := i * int64(unit(b))
	var w [8]byte
	copy(w[:], m.mem[b][at:at+int64(mem.Bytes())])
	u := binary.LittleEndian.Uint64(w[:])
	switch mem {
	case loop.MemF16:
		return cell{f: halfToFloat(uint16(u))}
	case loop.MemBF16:
		return cell{f: float64(math.Float32frombits(uint32(u) << 16))}
	case loop.MemF32:
		return cell{f: float64(math.Float32frombits(uint32(u)))}
	case loop.MemF64:
		return cell{f: math.Float64frombits(u)}
	}
	return cell{i: wrap(mem, int64(u))}
}

func (m *machine) store(b *loop.Buf, mem loop.Mem, i int64, c cell) {
	at := i * int64(unit(b))
	u := uint64(c.i)
	switch mem {
	case loop.MemF16:
		u = uint64(floatToHalf(c.f))
	case loop.MemBF16:
		u = uint64(math.Float32bits(float32(roundBF16(c.f))) >> 16)
	case loop.MemF32:
		u = uint64(math.Float32bits(float32(c.f)))
	case loop.MemF64:
		u = math.Float64bits(c.f)
	}
	copy(m.mem[b][at:at+int64(mem.Bytes())], binary.LittleEndian.AppendUint64(nil, u))
}

// wrap keeps the low bits of i and extends them as mem says.
func wrap(mem loop.Mem, i int64) int64 {
	n := 64 - 8*uint(mem.Bytes())
	switch mem {
	case loop.MemU8, loop.MemU16, loop.MemU32:
		return int64(uint64(i) << n >> n)
	}
	return i << n >> n
}

// halfToFloat is the definition: (-1)^s * 2^(e-15) * (1 + m/1024), subnormals below.
func halfToFloat(h uint16) float64 {
	e, f := int(h>>10&31), float64(h&1023)
	switch {
	case e == 31 && f != 0:
		return math.NaN()
	case e == 31:
		f = math.Inf(1)
	case e == 0:
		f = math.Ldexp(f, -24)
	default:
		f = math.Ldexp(1024+f, e-25)
	}
	if h&0x8000 != 0 {
		f = -f
	}
	return f
}

// floatToHalf searches for the nearest value: ties go to the even one.
func floatToHalf(f float64) uint16 {
	sign := uint16(0)
	if math.Signbit(f) {
		sign, f = 0x8000, -f
	}
	switch {
	case math.IsNaN(f):
		return sign | 0x7e00
	case f >= 65520: // halfway beyond the largest
		return sign | 0x7c00
	}
	lo, hi := uint16(0), uint16(0x7c00)
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; halfToFloat(mid) <= f {
			lo = mid
		} else {
			hi = mid
		}
	}
	if hi == 0x7c00 {
		return sign | lo
	}
	below, above := f-halfToFloat(lo), halfToFloat(hi)-f
	if above < below || above == below && hi&1 == 0 {
		lo = hi
	}
	return sign | lo
}

// roundBF16 rounds an f32 to 8 significant bits, to nearest even.
func roundBF16(f float64) float64 {
	if math.IsNaN(f) || math.IsInf(f, 0) || f == 0 {
		return f
	}
	_, e := math.Frexp(f)
	unit := math.Ldexp(1, max(e-8, -133))
	r := math.RoundToEven(f/unit) * unit
	if math.Abs(r) > math.MaxFloat32 {
		return math.Inf(int(math.Copysign(1, f)))
	}
	return math.Copysign(r, f)
}
