package tri

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/trinity-engine/trinity/runtime/workers"
)

// piece is how many bytes of a section are summed at a time: each by whoever is free.
const piece = 1 << 20

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Sum is a section's checksum: the CRC32C of the CRC32Cs, little-endian, of its pieces of 1 MiB, the last of which
// may be shorter.
func Sum(data []byte) uint32 {
	var all uint32
	for ; len(data) > 0; data = data[min(piece, len(data)):] {
		all = extend(all, pieceSum(data))
	}
	return all
}

// pieceSum is that of the first piece of data.
func pieceSum(data []byte) uint32 { return crc32.Checksum(data[:min(piece, len(data))], castagnoli) }

// extend adds the sum of the next piece to those before.
func extend(sum, next uint32) uint32 {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], next)
	return crc32.Update(sum, castagnoli, b[:])
}

// sums gives the checksum of each of several parts, computed by all workers of a pool.
func sums(pool *workers.Pool, parts [][]byte) ([]uint32, error) {
	s := &summing{}
	for _, p := range parts {
		for ; len(p) > 0; p = p[min(piece, len(p)):] {
			s.pieces = append(s.pieces, p)
		}
	}
	s.out = make([]uint32, len(s.pieces))
	if err := pool.Do(len(s.pieces), 1, s); err != nil {
		return nil, err
	}
	all, next := make([]uint32, len(parts)), s.out
	for i, p := range parts {
		for range (len(p) + piece - 1) / piece {
			all[i], next = extend(all[i], next[0]), next[1:]
		}
	}
	return all, nil
}

// summing is a task of workers: the sums of pieces.
type summing struct {
	pieces [][]byte // each to the end of its part
	out    []uint32
}

func (s *summing) Run(_, lo, hi int) error {
	for i := lo; i < hi; i++ {
		s.out[i] = pieceSum(s.pieces[i])
	}
	return nil
}
