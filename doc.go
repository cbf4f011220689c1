// Package trinity runs language models on ordinary CPUs, in-process. In: a GGUF or .tri file (or
// "tales", the model inside the package), a prompt or messages. Out: text as it is
// generated, token counts, logits. Nothing but the Go standard library is needed at run
// time.
package trinity
