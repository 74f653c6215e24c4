package ledgerfile_test

import (
	"encoding/csv"
	"strings"

	"pgregory.net/rapid"
)

// csvCells reads a table as another program does.
func csvCells(tb rapid.TB, text string) []string {
	tb.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var cells []string
	for _, row := range rows {
		cells = append(cells, row...)
	}
	return cells
}
