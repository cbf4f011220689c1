package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table writes rows in columns, the first row above a line, as Markdown has it. align has l or r for each column.
func table(w io.Writer, align string, rows [][]string) error {
	widths := make([]int, len(align))
	for _, row := range rows {
		for c, cell := range row {
			widths[c] = max(widths[c], utf8.RuneCountInString(cell))
		}
	}
	line := make([]string, len(align))
	for c, n := range widths {
		line[c] = strings.Repeat("-", n)
		if align[c] == 'r' {
			line[c] = line[c][1:] + ":"
		}
	}
	for i, row := range append([][]string{rows[0], line}, rows[1:]...) {
		cells := make([]string, len(align))
		for c, cell := range row {
			pad := strings.Repeat(" ", widths[c]-utf8.RuneCountInString(cell))
			if cells[c] = cell + pad; align[c] == 'r' && i != 1 {
				cells[c] = pad + cell
			}
		}
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")); err != nil {
			return err
		}
	}
	return nil
}
