// Package stop ends a streamed text at stop strings.
//
// In: the stop strings (New), then the text piece by piece (Push). Out: the text
// that can no longer be part of a stop string, at once, and whether one was met;
// nothing of it is given out. How the text is cut into pieces changes nothing.
package stop
