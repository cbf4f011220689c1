// Trinity runs language models from the command line. In: a model (a GGUF or .tri file, or
// "tales") and a prompt. Out: text on standard output as it is generated; what it took on
// standard error.
package main
