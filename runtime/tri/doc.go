// Package tri reads and writes .tri files: a model's metadata and its weights in the forms that kernels take
// them, page-aligned, so that a mapped file is used as it lies. docs/tri.md has the layout.
//
// In: the bytes of a file, of which nothing is believed before it is checked. Out: its sections, as windows on
// those bytes. What the metadata says and what a format means is not known here.
package tri
