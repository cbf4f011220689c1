// Package jinja renders chat templates: the part of Jinja2 that model files use,
// with the values, the whitespace rules and the errors of Python's.
//
// In: a template's text (Parse), and its variables as ordered values (FromJSON).
// Out: the text it renders, or an error with line and column. A template reads no
// file, starts nothing and ends: what it may do and write is limited by Options.
package jinja
