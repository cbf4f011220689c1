// Package words reads bytes four at a time. In: a program whose loops walk over bytes in the views of lanes, each
// lane of which is a load of its own. Out: the same program with a word for each four of them, and the
// four steps that share it side by side. For targets where the loads of lanes are dear.
package words
