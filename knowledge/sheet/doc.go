// Package sheet writes the cells of CSV files so that a spreadsheet shows them as they are: none is run as a formula, and none ends
// before it should.
//
// It imports the standard library alone.
package sheet
