package tri

import (
	"fmt"
	"io"
)

// Writer writes a file, one section after another. Until Close the file has no header, so that nothing takes what is
// half written for a whole.
type Writer struct {
	out      io.WriteSeeker
	sections []section
	next     int
	at       uint64 // bytes written
}

// NewWriter begins a file at the start of out, with its metadata.
func NewWriter(out io.WriteSeeker, metadata []byte, tensors []Tensor) (*Writer, error) {
	w := &Writer{out: out, sections: []section{{kind: kindMetadata}}}
	for _, t := range tensors {
		w.sections = append(w.sections, section{kind: kindTensor, tensor: t})
	}
	head, err := header(w.sections)
	if err == nil { // is what it says allowed?
		_, _, _, err = parseHeader(head)
	}
	if err == nil {
		err = w.put(make([]byte, len(head)))
	}
	if err == nil {
		err = w.section(metadata)
	}
	if err != nil {
		return nil, fmt.Errorf("tri: %w", err)
	}
	return w, nil
}

// Write writes the data of the next tensor.
func (w *Writer) Write(rows []byte) error {
	if w.next == len(w.sections) {
		return fmt.Errorf("tri: all %d tensors are written", w.next-1)
	}
	if err := w.section(rows); err != nil {
		return fmt.Errorf("tri: %w", err)
	}
	return nil
}

func (w *Writer) section(data []byte) error {
	s := &w.sections[w.next]
	if len(data) == 0 {
		return fmt.Errorf("%v is empty", s)
	}
	if err := w.put(make([]byte, aligned(w.at)-w.at)); err != nil {
		return err
	}
	s.offset, s.size, s.sum = w.at, uint64(len(data)), Sum(data)
	w.next++
	return w.put(data)
}

func (w *Writer) put(b []byte) error {
	n, err := w.out.Write(b)
	w.at += uint64(n)
	return err
}

// Close writes the header, which makes the file whole. It does not close what is written to.
func (w *Writer) Close() error {
	if w.next < len(w.sections) {
		return fmt.Errorf("tri: %v is not written", &w.sections[w.next])
	}
	head, err := header(w.sections)
	if err == nil {
		_, err = w.out.Seek(0, io.SeekStart)
	}
	if err == nil {
		_, err = w.out.Write(head)
	}
	if err != nil {
		return fmt.Errorf("tri: %w", err)
	}
	return nil
}
