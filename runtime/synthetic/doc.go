// Package synthetic makes model files of random weights in the shapes of real models, so that speed can be
// measured without one. In: a shape and a type by name ("smol1.7b:q4_k"), the plan of the shape's architecture,
// the formats that weights may have, and an op that decodes them. Out: a GGUF file, piece by piece: the plan says which
// tensors there are, a format's fields what is random and what is a scale.
package synthetic
