package vm

import (
	"encoding/binary"
	"math"
)

var le = binary.LittleEndian

// A reader of lanes fills d from b, lane i from byte off + i*stride; a writer is its inverse. The
// caller has checked the bounds.
type (
	laneLoad[T any]  func(d []T, b []byte, off, stride int)
	laneStore[T any] func(s []T, b []byte, off, stride int)
)

var intLoads = [...]laneLoad[int64]{
	U8: func(d []int64, b []byte, off, stride int) {
		for i := range d {
			d[i] = int64(b[off])
			off += stride
		}
	},
	I8: func(d []int64, b []byte, off, stride int) {
		for i := range d {
			d[i] = int64(int8(b[off]))
			off += stride
		}
	},
	U16: func(d []int64, b []byte, off, stride int) {
		for i := range d {
			d[i] = int64(le.Uint16(b[off:]))
			off += stride
		}
	},
	I16: func(d []int64, b []byte, off, stride int) {
		for i := range d {
			d[i] = int64(int16(le.Uint16(b[off:])))
			off += stride
		}
	},
	U32: func(d []int64, b []byte, off, stride int) {
		for i := range d {
			d[i] = int64(le.Uint32(b[off:]))
			off += stride
		}
	},
	I32: func(d []int64, b []byte, off, stride int) {
		for i := range d {
			d[i] = int64(int32(le.Uint32(b[off:])))
			off += stride
		}
	},
	I64: func(d []int64, b []byte, off, stride int) {
		for i := range d {
			d[i] = int64(le.Uint64(b[off:]))
			off += stride
		}
	},
}

var f32Loads = [...]laneLoad[float32]{
	F16: func(d []float32, b []byte, off, stride int) {
		for i := range d {
			d[i] = fromHalf(le.Uint16(b[off:]))
			off += stride
		}
	},
	BF16: func(d []float32, b []byte, off, stride int) {
		for i := range d {
			d[i] = fromBrain(le.Uint16(b[off:]))
			off += stride
		}
	},
	F32M: func(d []float32, b []byte, off, stride int) {
		for i := range d {
			d[i] = math.Float32frombits(le.Uint32(b[off:]))
			off += stride
		}
	},
}

var f64Loads = [...]laneLoad[float64]{
	F64M: func(d []float64, b []byte, off, stride int) {
		for i := range d {
			d[i] = math.Float64frombits(le.Uint64(b[off:]))
			off += stride
		}
	},
}

func storeInts8(s []int64, b []byte, off, stride int) {
	for _, v := range s {
		b[off] = byte(v)
		off += stride
	}
}

func storeInts16(s []int64, b []byte, off, stride int) {
	for _, v := range s {
		le.PutUint16(b[off:], uint16(v))
		off += stride
	}
}

func storeInts32(s []int64, b []byte, off, stride int) {
	for _, v := range s {
		le.PutUint32(b[off:], uint32(v))
		off += stride
	}
}

func storeInts64(s []int64, b []byte, off, stride int) {
	for _, v := range s {
		le.PutUint64(b[off:], uint64(v))
		off += stride
	}
}

var intStores = [...]laneStore[int64]{
	U8: storeInts8, I8: storeInts8, U16: storeInts16, I16: storeInts16, U32: storeInts32, I32: storeInts32, I64: storeInts64,
}

var f32Stores = [...]laneStore[float32]{
	F16: func(s []float32, b []byte, off, stride int) {
		for _, v := range s {
			le.PutUint16(b[off:], toHalf(v))
			off += stride
		}
	},
	BF16: func(s []float32, b []byte, off, stride int) {
		for _, v := range s {
			le.PutUint16(b[off:], toBrain(v))
			off += stride
		}
	},
	F32M: func(s []float32, b []byte, off, stride int) {
		for _, v := range s {
			le.PutUint32(b[off:], math.Float32bits(v))
			off += stride
		}
	},
}

var f64Stores = [...]laneStore[float64]{
	F64M: func(s []float64, b []byte, off, stride int) {
		for _, v := range s {
			le.PutUint64(b[off:], math.Float64bits(v))
			off += stride
		}
	},
}
