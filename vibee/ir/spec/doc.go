// Package spec is the Spec IR: what ops and formats mean, with every name
// resolved, every type known and every index ranged. In: what package check makes
// of the AST. Out: the exact meaning, for package lower (loops) and for the
// builder of plans. It says nothing about order or speed but what the spec says.
package spec
