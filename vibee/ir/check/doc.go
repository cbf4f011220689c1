// Package check gives .vibee files their meaning. In: parsed files. Out: a Program of
// formats and ops in the Spec IR and of layers and models with their names
// resolved; or errors with places. What it can't give a meaning to is an error.
package check
