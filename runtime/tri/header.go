package tri

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// header gives the bytes of a file up to its first section's page.
func header(sections []section) ([]byte, error) {
	b := binary.LittleEndian.AppendUint32([]byte(Magic), Version)
	b = binary.LittleEndian.AppendUint32(b, 0) // its length, below
	b = binary.LittleEndian.AppendUint32(b, uint32(len(sections)))
	for i := range sections {
		b = sections[i].append(b)
	}
	if len(b)+4 > mostHeader {
		return nil, fmt.Errorf("header: %d sections take %d bytes, at most %d are allowed", len(sections), len(b)+4, mostHeader)
	}
	binary.LittleEndian.PutUint32(b[len(Magic)+4:], uint32(len(b)+4))
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)), nil
}

// parseHeader reads and checks the header of a file.
func parseHeader(data []byte) (version uint32, sections []section, length int, err error) {
	if len(data) < leastHeader {
		return 0, nil, 0, fmt.Errorf("header: the file has %d bytes, no header is so short: copy the whole file again", len(data))
	}
	if string(data[:len(Magic)]) != Magic {
		return 0, nil, 0, fmt.Errorf("magic: the file begins with %q: it is no .tri file, or was copied as text", data[:len(Magic)])
	}
	c := cursor{data: data[:leastHeader], pos: len(Magic)}
	version, _ = c.u32("version")
	switch {
	case version > Version:
		return version, nil, 0, fmt.Errorf("version: the file is of version %d, this program reads %d: get a newer one, or convert the model again", version, Version)
	case version != Version:
		return version, nil, 0, fmt.Errorf("version: %d is none: convert the model again", version)
	}
	size, _ := c.u32("length")
	switch {
	case size < uint32(leastHeader) || size > mostHeader:
		return version, nil, 0, fmt.Errorf("header: %d bytes long, it must have %d to %d: copy the file again", size, leastHeader, mostHeader)
	case uint64(size) > uint64(len(data)):
		return version, nil, 0, fmt.Errorf("header: ends at %d, the file at %d: copy the whole file again", size, len(data))
	}
	end := int(size) - 4
	if sum := crc32.Checksum(data[:end], castagnoli); sum != binary.LittleEndian.Uint32(data[end:]) {
		return version, nil, 0, fmt.Errorf("header: is damaged, its checksum is %08x and not %08x: copy the file again", sum, binary.LittleEndian.Uint32(data[end:]))
	}
	c.data = data[:end]
	sections, err = c.table()
	return version, sections, int(size), err
}
