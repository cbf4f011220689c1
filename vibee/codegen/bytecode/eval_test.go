package bytecode

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// The evaluator walks a program's tree, one lane at a time: slow, and as close to the comments of
// package loop as it can be. A lane is an integer or the bits of a float.

type lanes []uint64

type evaluator struct {
	mem   map[*loop.Buf][]byte
	vars  map[*loop.Var]lanes
	views map[*loop.View][]int64
}

type fault struct{ error }

func trap(format string, args ...any) { panic(fault{fmt.Errorf(format, args...)}) }

func evaluate(p *loop.Program, bufs [][]byte, dims []int, scalars []float32, lo, hi int) (err error) {
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(fault)
			if !ok {
				panic(r)
			}
			err = f.error
		}
	}()
	e := &evaluator{map[*loop.Buf][]byte{}, map[*loop.Var]lanes{}, map[*loop.View][]int64{}}
	for i, d := range p.Dims {
		e.vars[d] = lanes{uint64(dims[i])}
	}
	for i, s := range p.Scalars {
		e.vars[s] = lanes{f32bits(scalars[i])}
	}
	e.vars[p.Lo], e.vars[p.Hi] = lanes{uint64(lo)}, lanes{uint64(hi)}
	for i, b := range p.Bufs {
		e.mem[b] = bufs[i]
		if b.Size != nil {
			n := int(e.int(b.Size)) * unit(b)
			if n > len(bufs[i]) {
				return errors.New("too short a buffer")
			}
			e.mem[b] = bufs[i][:n]
		}
	}
	for _, b := range p.Temps {
		e.mem[b] = make([]byte, int(e.int(b.Size))*unit(b))
		for i := range e.mem[b] {
			e.mem[b][i] = 0xff
		}
	}
	for _, b := range p.Tables {
		e.mem[b] = table(b)
	}
	e.block(p.Body)
	return nil
}

func unit(b *loop.Buf) int {
	if b.Bytes {
		return 1
	}
	return b.Elem.Bytes()
}

func f32bits(f float32) uint64             { return uint64(math.Float32bits(f)) }
func asF32(v uint64) float32               { return math.Float32frombits(uint32(v)) }
func (e *evaluator) int(x loop.Expr) int64 { return int64(e.expr(x)[0]) }

func (e *evaluator) block(list []loop.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *loop.Def:
			e.vars[s.Var] = e.expr(s.Value)
		case *loop.Set:
			e.vars[s.Var] = e.expr(s.Value)
		case *loop.If:
			if e.int(s.Cond) != 0 {
				e.block(s.Then)
			} else {
				e.block(s.Else)
			}
		case *loop.For:
			i, hi := e.int(s.Lo), e.int(s.Hi)
			for ; s.Whole && i+s.Step <= hi || !s.Whole && i < hi; i += s.Step {
				e.vars[s.Var] = lanes{uint64(i)}
				e.block(s.Body)
			}
			if s.Rest != nil {
				e.vars[s.Rest] = lanes{uint64(i)}
			}
		case *loop.Open:
			v := s.View
			start, stride := e.int(v.Index), int64(0)
			if v.Lanes > 1 {
				stride = e.int(v.Stride)
			}
			at := make([]int64, v.Lanes)
			for l := range at {
				at[l] = start + int64(l)*stride
				if at[l] < 0 || (at[l]+int64(v.Size))*int64(unit(v.Buf)) > int64(len(e.mem[v.Buf])) {
					trap("view %s at %d", v.Name, at[l])
				}
			}
			e.views[v] = at
		case *loop.Store:
			v := e.expr(s.Value)
			for l, i := range e.index(s.Index, s.Stride, len(v)) {
				b := e.at(s.Buf, s.Mem, i)
				encode(b, s.Mem, v[l])
			}
		}
	}
}

func (e *evaluator) index(x, stride loop.Expr, n int) []int64 {
	first, step := e.expr(x), int64(0)
	if stride != nil {
		step = e.int(stride)
	}
	at := make([]int64, n)
	for l := range at {
		if stride != nil {
			at[l] = int64(first[0]) + int64(l)*step
		} else {
			at[l] = int64(first[l])
		}
	}
	return at
}

func (e *evaluator) at(b *loop.Buf, m loop.Mem, i int64) []byte {
	mem := e.mem[b]
	if i < 0 || i > int64(len(mem)) || int(i)*unit(b)+m.Bytes() > len(mem) {
		trap("index %d of %s", i, b.Name)
	}
	return mem[int(i)*unit(b):][:m.Bytes()]
}

func decode(b []byte, m loop.Mem) uint64 {
	var raw [8]byte
	copy(raw[:], b)
	v := binary.LittleEndian.Uint64(raw[:])
	switch m {
	case loop.MemI8:
		return uint64(int64(int8(v)))
	case loop.MemI16:
		return uint64(int64(int16(v)))
	case loop.MemI32:
		return uint64(int64(int32(v)))
	case loop.MemF16:
		return f32bits(halfValue(uint16(v)))
	case loop.MemBF16:
		return v << 16
	}
	return v
}

func encode(b []byte, m loop.Mem, v uint64) {
	switch m {
	case loop.MemF16:
		v = uint64(nearest(asF32(v), func(h uint16) float32 { return halfValue(h) }))
	case loop.MemBF16:
		v = uint64(nearest(asF32(v), func(h uint16) float32 { return asF32(uint64(h) << 16) }))
	}
	for i := range b {
		b[i] = byte(v >> (8 * i))
	}
}

// halfValue is the definition of binary16.
func halfValue(h uint16) float32 {
	exp, frac := int(h>>10&31), float64(h&1023)
	v := math.Ldexp(1+frac/1024, exp-15)
	switch {
	case exp == 31 && frac != 0:
		return float32(math.NaN())
	case exp == 31:
		v = math.Inf(1)
	case exp == 0:
		v = math.Ldexp(frac, -24)
	}
	if h>>15 == 1 {
		v = -v
	}
	return float32(v)
}

// nearest finds the 16-bit float next to f by bisection over its magnitudes, ties to even. The
// step beyond the largest counts as infinity.
func nearest(f float32, value func(uint16) float32) uint16 {
	sign := uint16(math.Float32bits(f) >> 16 & 0x8000)
	mag := math.Abs(float64(f))
	inf := uint16(0x7c00)
	if value(0x7c00) < 1e38 {
		inf = 0x7f80
	}
	if f != f {
		return sign | inf | inf>>1
	}
	val := func(h uint16) float64 {
		if h == inf {
			return 2*float64(value(inf-1)) - float64(value(inf-2)) + 0 // as if the exponent went on
		}
		return float64(value(h))
	}
	lo, hi := uint16(0), inf
	if mag >= val(inf) {
		return sign | inf
	}
	for hi-lo > 1 {
		if mid := (lo + hi) / 2; val(mid) <= mag {
			lo = mid
		} else {
			hi = mid
		}
	}
	below, above := mag-val(lo), val(hi)-mag
	if above < below || above == below && hi&1 == 0 {
		lo = hi
	}
	return sign | lo
}

func (e *evaluator) expr(x loop.Expr) lanes {
	switch x := x.(type) {
	case *loop.ConstInt:
		return lanes{uint64(x.V)}
	case *loop.ConstFloat:
		if x.T == loop.F32 {
			return lanes{f32bits(float32(x.V))}
		}
		return lanes{math.Float64bits(x.V)}
	case *loop.Ref:
		return e.vars[x.Var]
	case *loop.Load:
		var out lanes
		for _, i := range e.index(x.Index, x.Stride, x.Lanes()) {
			out = append(out, decode(e.at(x.Buf, x.Mem, i), x.Mem))
		}
		return out
	case *loop.Peek:
		i := e.int(x.Index)
		if i < 0 || i*int64(unit(x.View.Buf))+int64(x.Mem.Bytes()) > int64(x.View.Size)*int64(unit(x.View.Buf)) {
			trap("peek %d of %s", i, x.View.Name)
		}
		var out lanes
		for _, start := range e.views[x.View] {
			out = append(out, decode(e.at(x.View.Buf, x.Mem, start+i), x.Mem))
		}
		return out
	case *loop.Splat:
		v, out := e.expr(x.A)[0], make(lanes, x.N)
		for i := range out {
			out[i] = v
		}
		return out
	case *loop.Iota:
		out := make(lanes, x.N)
		for i := range out {
			out[i] = uint64(i)
		}
		return out
	case *loop.Reduce:
		v := append(lanes{}, e.expr(x.A)...)
		for len(v) > 1 {
			half := len(v) / 2
			for i := range half {
				v[i] = binaryLane(x.Op, x.Type(), v[i], v[i+half])
			}
			v = v[:half]
		}
		return v
	case *loop.Dot:
		a, b := e.expr(x.A), e.expr(x.B)
		out := make(lanes, x.Lanes())
		for i := range a {
			out[i/4] += a[i] * b[i%len(b)]
		}
		return out
	case *loop.Pairs:
		sum, a, b := e.expr(x.Sum), e.expr(x.A), e.expr(x.B)
		out := make(lanes, len(sum))
		for i := range out {
			out[i] = sum[i]
			for _, shift := range []uint{16, 0} {
				p := binaryLane(loop.Mul, loop.F32, a[i]>>shift<<16&0xffffffff, b[i]>>shift<<16&0xffffffff)
				out[i] = binaryLane(loop.Add, loop.F32, out[i], p)
			}
		}
		return out
	case *loop.Binary:
		a, b := e.expr(x.A), e.expr(x.B)
		out := make(lanes, len(a))
		for i := range a {
			out[i] = binaryLane(x.Op, x.A.Type(), a[i], b[i])
		}
		return out
	case *loop.Select:
		c, a, b := e.expr(x.Cond), e.expr(x.A), e.expr(x.B)
		out := append(lanes{}, b...)
		for i := range c {
			if c[i] != 0 {
				out[i] = a[i]
			}
		}
		return out
	}
	a := e.expr(loop.Operands(x)[0])
	out := make(lanes, len(a))
	for i, v := range a {
		switch x := x.(type) {
		case *loop.Unary:
			out[i] = unaryLane(x.Op, x.Type(), v)
		case *loop.Convert:
			out[i] = convertLane(x.A.Type(), x.To, v)
		case *loop.Wrap:
			var b [8]byte
			encode(b[:x.Mem.Bytes()], x.Mem, v)
			out[i] = decode(b[:x.Mem.Bytes()], x.Mem)
		case *loop.Bits:
			out[i] = v
			if x.To == loop.F32 {
				out[i] = v & 0xffffffff
			}
		case *loop.Round:
			var b [2]byte
			encode(b[:], x.Mem, v)
			out[i] = decode(b[:], x.Mem)
		default:
			panic(fmt.Sprintf("unknown expression %T", x))
		}
	}
	return out
}

func truth(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func convertLane(from, to loop.Type, v uint64) uint64 {
	var f float64
	switch from {
	case loop.Int:
		exact := new(big.Float).SetInt64(int64(v))
		if to == loop.F32 {
			r, _ := exact.Float32()
			return f32bits(r)
		}
		r, _ := exact.Float64()
		return math.Float64bits(r)
	case loop.F32:
		f = float64(asF32(v))
	case loop.F64:
		f = math.Float64frombits(v)
	}
	switch to {
	case loop.F32:
		return f32bits(float32(f))
	case loop.F64:
		return math.Float64bits(f)
	}
	if !(math.Abs(f) <= 1<<53) {
		trap("%v to int", f)
	}
	return uint64(int64(f))
}

func unaryLane(op loop.Op, t loop.Type, v uint64) uint64 {
	if t == loop.Bool {
		return 1 - v
	}
	if t == loop.Int {
		if op == loop.Neg || int64(v) < 0 {
			return -v
		}
		return v
	}
	f := math.Float64frombits(v)
	if t == loop.F32 {
		f = float64(asF32(v))
	}
	switch op {
	case loop.Neg:
		f = math.Copysign(f, -1)
		if math.Signbit(float64(asF32(v))) && t == loop.F32 || t == loop.F64 && v>>63 == 1 {
			f = -f
		}
	case loop.Abs:
		f = math.Abs(f)
	case loop.Sqrt:
		f = math.Sqrt(f)
	case loop.Floor:
		f = math.Floor(f)
	case loop.Ceil:
		f = math.Ceil(f)
	case loop.Trunc:
		f = math.Trunc(f)
	case loop.Rint:
		f = math.RoundToEven(f)
	}
	if t == loop.F32 {
		return f32bits(float32(f))
	}
	return math.Float64bits(f)
}

func binaryLane(op loop.Op, t loop.Type, a, b uint64) uint64 {
	switch t {
	case loop.Int:
		return intLane(op, int64(a), int64(b))
	case loop.Bool:
		switch op {
		case loop.And:
			return a & b
		case loop.Or:
			return a | b
		}
		return truth((a == b) == (op == loop.Eq))
	case loop.F32:
		if op >= loop.Eq {
			return floatLane(op, float64(asF32(a)), float64(asF32(b)), nil)
		}
		// One operation on f32 operands in f64, rounded to f32, is the operation in f32.
		var r float64
		floatLane(op, float64(asF32(a)), float64(asF32(b)), &r)
		return f32bits(float32(r))
	}
	var r float64
	if op >= loop.Eq {
		return floatLane(op, math.Float64frombits(a), math.Float64frombits(b), nil)
	}
	floatLane(op, math.Float64frombits(a), math.Float64frombits(b), &r)
	return math.Float64bits(r)
}

func intLane(op loop.Op, a, b int64) uint64 {
	switch op {
	case loop.Add:
		return uint64(a + b)
	case loop.Sub:
		return uint64(a - b)
	case loop.Mul:
		return uint64(a * b)
	case loop.Div, loop.Mod:
		if b == 0 {
			trap("division by zero")
		}
		if op == loop.Div {
			return uint64(a / b)
		}
		return uint64(a - (a/b)*b)
	case loop.Min:
		return uint64(min(a, b))
	case loop.Max:
		return uint64(max(a, b))
	case loop.And:
		return uint64(a & b)
	case loop.Or:
		return uint64(a | b)
	case loop.Xor:
		return uint64(a ^ b)
	case loop.Shl, loop.Shr:
		if b < 0 || b > 63 {
			trap("shift by %d", b)
		}
		if op == loop.Shl {
			return uint64(a) << b
		}
		return uint64(a) >> b
	case loop.Eq:
		return truth(a == b)
	case loop.Ne:
		return truth(a != b)
	case loop.Lt:
		return truth(a < b)
	case loop.Le:
		return truth(a <= b)
	case loop.Gt:
		return truth(a > b)
	}
	return truth(a >= b)
}

func floatLane(op loop.Op, a, b float64, r *float64) uint64 {
	switch op {
	case loop.Add:
		*r = a + b
	case loop.Sub:
		*r = a - b
	case loop.Mul:
		*r = a * b
	case loop.Div:
		*r = a / b
	case loop.Min:
		if *r = b; a < b {
			*r = a
		}
	case loop.Max:
		if *r = b; a > b {
			*r = a
		}
	case loop.Eq:
		return truth(a == b)
	case loop.Ne:
		return truth(a != b)
	case loop.Lt:
		return truth(a < b)
	case loop.Le:
		return truth(a <= b)
	case loop.Gt:
		return truth(a > b)
	case loop.Ge:
		return truth(a >= b)
	}
	return 0
}
