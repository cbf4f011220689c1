// Package plan is the leaf package of types between generated code and the
// runtime. In: nothing. Out: how a kernel is called (Call, Kernel, Op), what a weight's
// format is (Format), and a model as data (Model: config, weights, states, steps),
// which the runtime binds to a file and executes without a branch per model.
package plan
