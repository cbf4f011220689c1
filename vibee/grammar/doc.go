// Package grammar turns the text of .vibee files into a tree with positions and
// back. In: bytes. Out: *File, or Errors with line, column and the offending line;
// Layout and Print give a file's text in the one layout, comments kept. The tags of the
// tree's types are the grammar (participle); expressions are parsed by precedence. Names,
// types and shapes have no meaning here.
package grammar
