package sheet

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// ByteOrderMark is what spreadsheets know UTF-8 by, at the beginning of a file.
const ByteOrderMark = "\ufeff"

// Row writes the cells of one row, guarded and quoted, without an end of line.
func Row(cells ...string) string {
	written := make([]string, len(cells))
	for i, cell := range cells {
		written[i] = quote(Guard(cell))
	}
	return strings.Join(written, ",")
}

// quote puts a cell between quotation marks where it holds what ends one.
func quote(cell string) string {
	if !strings.ContainsAny(cell, "\",;\t\r\n") && strings.TrimSpace(cell) == cell {
		return cell
	}
	return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
}

// separators are what some spreadsheets part cells by, whatever the quotation marks say: those of the countries that write
// a comma in numbers know no other than the semicolon.
const separators = ";\t\r\n"

// Guard puts an apostrophe before what a spreadsheet would run as a formula, at the beginning of the cell and behind each
// separator in it, and before an apostrophe that stands there already. Unguard gives back what it was.
func Guard(cell string) string {
	return eachPart(cell, func(part string) string {
		if strings.HasPrefix(part, "'") || runs(part) {
			return "'" + part
		}
		return part
	})
}

// Unguard takes away what Guard put in.
func Unguard(cell string) string {
	return eachPart(cell, func(part string) string { return strings.TrimPrefix(part, "'") })
}

// eachPart changes the parts of a cell between separators, which stay.
func eachPart(cell string, change func(string) string) string {
	var b strings.Builder
	for {
		end := strings.IndexAny(cell, separators)
		if end < 0 {
			b.WriteString(change(cell))
			return b.String()
		}
		b.WriteString(change(cell[:end]))
		b.WriteByte(cell[end])
		cell = cell[end+1:]
	}
}

// runs reports whether a spreadsheet may take a part for a formula: what comes first, behind spaces, quotation marks and
// what does not show, is one of their signs, in full width too.
func runs(part string) bool {
	part = strings.TrimLeftFunc(part, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Quotation_Mark)
	})
	first, _ := utf8.DecodeRuneInString(part)
	return part != "" && strings.ContainsRune("=+-@|%＝＋－＠", first)
}
