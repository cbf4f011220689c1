// Package architectures tests that a model is described by one .vibee file and nothing else. In: the
// specs, the further models of testdata, and tiny random GGUF files made for each. Out: logits of the VM
// and of the generated Go, compared with float64 programs of their own (reference_test.go), which share no
// code with the product.
package architectures
