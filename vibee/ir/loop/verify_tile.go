package loop

// tiled checks a body with tiles, which end with it.
func (v *verifier) tiled(s *Tiled) {
	v.at = "tiles"
	if len(v.tiles) > 0 || len(s.Tiles) == 0 {
		v.fault("they stand within others, or there are none")
	}
	for _, t := range s.Tiles {
		v.at = "tile " + t.Name
		v.name(t.Name)
		if _, sum := sums[t.Elem]; !sum && t.Elem != MemI32 && t.Elem != MemF32 {
			v.fault("its elements are %v: they are bytes, bf16, i32 or f32", t.Elem)
		}
		if t.Rows < 1 || t.Columns < 1 {
			v.fault("%d x %d elements", t.Rows, t.Columns)
		}
		v.tiles[t] = true
	}
	v.block(s.Body)
	clear(v.tiles)
}

func (v *verifier) tile(t *Tile) {
	if !v.tiles[t] {
		v.fault("tile %s is not in scope", t.Name)
	}
}

// moved checks a tile's way from or to memory.
func (v *verifier) moved(what string, t *Tile, b *Buf, index, stride Expr) {
	v.at = what + " " + t.Name
	v.tile(t)
	v.listed(b)
	v.mem(b, t.Elem)
	v.oneInt("index", index)
	v.oneInt("stride", stride)
	last := int64(t.Columns - 1)
	if b.Bytes {
		last = int64(t.Columns*t.Elem.Bytes() - 1)
	}
	if c, ok := stride.(*ConstInt); ok && c.V > 0 {
		last += c.V * int64(t.Rows-1)
	}
	v.inside(b, index, last)
}

func (v *verifier) multiply(s *Multiply) {
	v.at = "product " + s.C.Name
	for _, t := range []*Tile{s.C, s.A, s.B} {
		v.tile(t)
	}
	a, okA := sums[s.A.Elem]
	b, okB := sums[s.B.Elem]
	n := 4 / s.A.Elem.Bytes() // elements that a product adds
	switch {
	case s.C == s.A || s.C == s.B || s.A == s.B:
		v.fault("three tiles are wanted")
	case !okA || !okB || a != b || s.C.Elem != a:
		v.fault("products of %v and %v as %v: they are of bytes, and sums are i32, or of bf16, and sums are f32", s.A.Elem, s.B.Elem, s.C.Elem)
	case s.C.Rows != s.A.Rows || n*s.C.Columns != s.B.Columns || s.A.Columns != n*s.B.Rows:
		v.fault("%d x %d %v by %d x %d are no %d x %d sums", s.A.Rows, s.A.Columns, s.A.Elem, s.B.Rows, s.B.Columns, s.C.Rows, s.C.Columns)
	}
}

// sums are the elements of tiles that are multiplied, and those of their products.
var sums = map[Mem]Mem{MemU8: MemI32, MemI8: MemI32, MemBF16: MemF32}
