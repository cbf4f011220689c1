package vm

// window gives the bytes that an instruction's lanes lie in: the buffer, the offset of lane 0
// and the bytes from lane to lane, once all of them are known to be inside.
func (m *Machine) window(in *ins, size int) (b []byte, off, stride int, ok bool) {
	b = m.mem[in.mem]
	n, unit := int64(len(b)), int64(in.unit)
	first := m.i[in.a]
	last, step := first, int64(0)
	if uint64(first) > uint64(n) {
		return nil, 0, 0, m.outside(in, first, step, size)
	}
	if in.b >= 0 && in.n > 1 {
		if step = m.i[in.b]; step > n || step < -n {
			return nil, 0, 0, m.outside(in, first, step, size)
		}
		last += int64(in.n-1) * step
	}
	if min(first, last) < 0 || max(first, last)*unit+int64(size) > n {
		return nil, 0, 0, m.outside(in, first, step, size)
	}
	return b, int(first * unit), int(step * unit), true
}

func (m *Machine) outside(in *ins, first, step int64, size int) bool {
	b := &m.p.Bufs[in.mem]
	return m.fail(in, "index %d, stride %d, %d lanes of %d bytes: buffer %q holds %d of %d bytes each",
		first, step, in.n, size, b.Name, len(m.mem[in.mem])/b.unit(), b.unit())
}

// each calls f with the offset of every lane of a gather or scatter.
func (m *Machine) each(in *ins, size int, f func(b []byte, i, off int)) bool {
	b := m.mem[in.mem]
	idx := m.i[in.a:][:in.n]
	for i, x := range idx {
		if uint64(x) > uint64(len(b)) || int(x)*int(in.unit)+size > len(b) {
			return m.outside(in, x, 0, size)
		}
		f(b, i, int(x)*int(in.unit))
	}
	return true
}

// open fixes where a view's lanes start, once all of it is known to be inside.
func open(m *Machine, in *ins) bool {
	v, buf := &m.views[in.mem], *in
	buf.mem = int32(in.x)
	size := m.p.Views[in.mem].Size * int(in.unit)
	b, off, stride, ok := m.window(&buf, size)
	*v = window{b, off, stride}
	return ok
}

// A window is an open view.
type window struct {
	b           []byte
	off, stride int
}

// look gives the view of a peek and where its lane 0 lies.
func (m *Machine) look(in *ins) (v *window, off int, ok bool) {
	v = &m.views[in.mem]
	idx := m.i[in.a]
	if idx < 0 || idx > in.x {
		return nil, 0, m.fail(in, "index %d: view %q holds %d", idx, m.p.Views[in.mem].Name, m.p.Views[in.mem].Size)
	}
	return v, v.off + int(idx)*int(in.unit), true
}

type action = func(m *Machine, in *ins) bool

// The actions of each Mem.
var loads, gathers, stores, scatters, peeks [len(mems)]action

func init() {
	for i := range mems {
		mem := Mem(i)
		switch mem.Type() {
		case Int:
			accessors(mem, func(m *Machine) []int64 { return m.i }, intLoads[mem], intStores[mem])
		case F32:
			accessors(mem, func(m *Machine) []float32 { return m.f }, f32Loads[mem], f32Stores[mem])
		case F64:
			accessors(mem, func(m *Machine) []float64 { return m.d }, f64Loads[mem], f64Stores[mem])
		}
	}
}

func accessors[T any](mem Mem, file func(*Machine) []T, load laneLoad[T], store laneStore[T]) {
	size := mem.Bytes()
	loads[mem] = func(m *Machine, in *ins) bool {
		b, off, stride, ok := m.window(in, size)
		if ok {
			load(file(m)[in.d:][:in.n], b, off, stride)
		}
		return ok
	}
	stores[mem] = func(m *Machine, in *ins) bool {
		b, off, stride, ok := m.window(in, size)
		if ok {
			store(file(m)[in.d:][:in.n], b, off, stride)
		}
		return ok
	}
	peeks[mem] = func(m *Machine, in *ins) bool {
		v, off, ok := m.look(in)
		if ok {
			load(file(m)[in.d:][:in.n], v.b, off, v.stride)
		}
		return ok
	}
	gathers[mem] = func(m *Machine, in *ins) bool {
		d := file(m)[in.d:][:in.n]
		return m.each(in, size, func(b []byte, i, off int) { load(d[i:i+1], b, off, 0) })
	}
	scatters[mem] = func(m *Machine, in *ins) bool {
		s := file(m)[in.d:][:in.n]
		return m.each(in, size, func(b []byte, i, off int) { store(s[i:i+1], b, off, 0) })
	}
}

func peekMap(m *Machine, in *ins) bool {
	v, off, ok := m.look(in)
	if !ok {
		return false
	}
	d, b, t := m.f[in.d:][:in.n], v.b, in.table
	for i := range d {
		d[i] = t[b[off]]
		off += v.stride
	}
	return true
}

func mapMulAdd(m *Machine, in *ins) bool {
	v, off, ok := m.look(in)
	if !ok {
		return false
	}
	d, b, t, stride := m.f[in.d:][:in.n], v.b, in.table, v.stride
	c, x := m.f[in.c:][:len(d)], m.f[in.b]
	for len(d) >= 8 {
		d8, c8 := (*[8]float32)(d), (*[8]float32)(c)
		o1 := off + stride
		o2 := o1 + stride
		o3 := o2 + stride
		d8[0] = c8[0] + float32(t[b[off]]*x)
		d8[1] = c8[1] + float32(t[b[o1]]*x)
		d8[2] = c8[2] + float32(t[b[o2]]*x)
		d8[3] = c8[3] + float32(t[b[o3]]*x)
		o4 := o3 + stride
		o5 := o4 + stride
		o6 := o5 + stride
		o7 := o6 + stride
		d8[4] = c8[4] + float32(t[b[o4]]*x)
		d8[5] = c8[5] + float32(t[b[o5]]*x)
		d8[6] = c8[6] + float32(t[b[o6]]*x)
		d8[7] = c8[7] + float32(t[b[o7]]*x)
		off = o7 + stride
		d, c = d[8:], c[8:]
	}
	for i := range d {
		d[i] = c[i] + float32(t[b[off]]*x)
		off += stride
	}
	return true
}

func mapMulAddWide(m *Machine, in *ins) bool {
	v, off, ok := m.look(in)
	if !ok {
		return false
	}
	d, b, t, stride := m.f[in.d:][:in.n], v.b, in.table, v.stride
	c, x := m.f[in.c:][:len(d)], m.f[in.b:][:len(d)]
	for i := range d {
		d[i] = c[i] + float32(t[b[off]]*x[i])
		off += stride
	}
	return true
}
