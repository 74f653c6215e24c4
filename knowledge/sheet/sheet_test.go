package sheet_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"stancebot/knowledge/sheet"
)

func TestWhatASpreadsheetWouldRunIsGuarded(t *testing.T) {
	for cell, want := range map[string]string{
		"Peru":                        "Peru",
		"":                            "",
		`=HYPERLINK("http://e")`:      `"'=HYPERLINK(""http://e"")"`,
		"+1":                          "'+1",
		"-1":                          "'-1",
		"@SUM(A1)":                    "'@SUM(A1)",
		"\t=1":                        "\"\t'=1\"",
		"\r=1":                        "\"\r'=1\"",
		" =1":                         "' =1",
		"a;=1":                        `"a;'=1"`,
		"＝1":                          "'＝1",
		"'tis":                        "''tis",
		"one, two":                    `"one, two"`,
		"Bolivia\nrecorded \"again\"": "\"Bolivia\nrecorded \"\"again\"\"\"",
	} {
		if got := sheet.Row(cell); got != want {
			t.Errorf("%q is written %q, not %q", cell, got, want)
		}
	}
}

func TestUnguardGivesBackWhatItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+\-@;\t a]{0,12}`)).Draw(t, "cell")
		if back := sheet.Unguard(sheet.Guard(cell)); back != cell {
			t.Fatalf("%q came back as %q", cell, back)
		}
	})
}

func TestAnotherProgramReadsTheCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := rapid.SliceOfN(rapid.StringMatching(`[a-z=+",; \n']{1,12}`), 2, 6).Draw(t, "cells")
		rows, err := csv.NewReader(strings.NewReader(sheet.Row(cells...) + "\r\n")).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) != len(cells) {
			t.Fatalf("%q was read as %q, %v", cells, rows, err)
		}
		for i, cell := range rows[0] {
			if sheet.Unguard(cell) != cells[i] || strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Fatalf("%q was read as %q", cells[i], cell)
			}
		}
	})
}
