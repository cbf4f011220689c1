// Package shared finds the golden data and the real models that lie beside the
// project. In: a path inside that folder. Out: its place on this machine; a test
// whose file is absent is skipped and says so.
package shared
