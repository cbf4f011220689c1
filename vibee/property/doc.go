// Package property runs the properties of specs. In: a checked property, formats for its weights, a seed, and
// an engine (the exact program or the scheduled one, in the VM; a test adds the native kernels). Out: how
// many elements were compared, or the first that differs, with the sizes and values that led to it. All
// inputs follow from the seed.
package property
