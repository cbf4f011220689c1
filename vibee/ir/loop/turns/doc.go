// Package turns computes several turns of a loop side by side (unroll and jam). In: a loop whose turns are independent, and
// how many. Out: the same turns in groups; where those of a group agree in what the places that they read depend on, which
// is found out when it runs, their loops are one, and what all of them read is read once. Each turn computes what it did,
// in its own order, so that no bit changes.
package turns
