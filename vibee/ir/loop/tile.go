package loop

// Tile is a register of Rows rows of Columns elements: bytes (MemU8, MemI8) and their sums (MemI32), or MemBF16 and
// their sums (MemF32).
type Tile struct {
	Name          string // an identifier, unique in its program
	Elem          Mem
	Rows, Columns int
}

// Tiled runs Body, which has tiles; their elements are 0 at first. Tiled stands in no other.
type Tiled struct {
	Tiles []*Tile
	Body  []Stmt
}

// Clear makes the elements of a tile 0.
type Clear struct{ Tile *Tile }

// Fill reads a tile: row r lies side by side from Index + r*Stride on, both in the buffer's units.
// Elem is Buf.Elem, unless Buf.Bytes.
type Fill struct {
	Tile          *Tile
	Buf           *Buf
	Index, Stride Expr
}

// Multiply adds products. Of bytes by fours: C[r, c] += sum over k and j < 4 of A[r, 4k+j] * B[k, 4c+j], which wraps
// at 32 bits. Of bf16 by twos: even = sum over k of A[r, 2k] * B[k, 2c], odd likewise of the columns after them, both
// from +0 and k ascending, and C[r, c] = C[r, c] + (even + odd). There products are not rounded, but each sum is, and
// what is subnormal, of C, A and B or as a result, is 0 with its sign. C, A and B are three.
type Multiply struct{ C, A, B *Tile }

// Drain writes a tile as Fill reads one.
type Drain struct {
	Tile          *Tile
	Buf           *Buf
	Index, Stride Expr
}

func (*Tiled) stmt()    {}
func (*Clear) stmt()    {}
func (*Fill) stmt()     {}
func (*Multiply) stmt() {}
func (*Drain) stmt()    {}
