package ledgerfile

import (
	"fmt"
	"iter"
	"strings"

	"stancebot/knowledge/sheet"
)

// csvRows yields the rows of a CSV text after RFC 4180, each with the line in which it begins. The library's reader is not
// used since it turns line ends within cells into others. An error ends the rows.
func csvRows(text string) iter.Seq2[csvRow, error] {
	return func(yield func(csvRow, error) bool) {
		s := &csvScanner{rest: text, line: 1}
		for s.rest != "" {
			row, err := s.row()
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}

type csvScanner struct {
	rest string
	line int
}

// row takes one row and its end.
func (s *csvScanner) row() (csvRow, error) {
	row := csvRow{line: s.line}
	for {
		cell, err := s.cell()
		if err != nil {
			return row, err
		}
		row.cells = append(row.cells, sheet.Unguard(cell))
		switch {
		case s.take(","):
		case s.take("\r\n"), s.take("\n"):
			s.line++
			return row, nil
		case s.rest == "":
			return row, nil
		default:
			return row, s.wrong("there is text behind the closing quotation mark of a cell")
		}
	}
}

// cell takes one cell, and leaves what ends it.
func (s *csvScanner) cell() (string, error) {
	if !s.take(`"`) {
		end := strings.IndexAny(s.rest, ",\n")
		if end < 0 {
			end = len(s.rest)
		}
		if end > 0 && end < len(s.rest) && s.rest[end-1] == '\r' && s.rest[end] == '\n' {
			end--
		}
		cell := s.rest[:end]
		if strings.Contains(cell, `"`) {
			return "", s.wrong("there is a quotation mark in a cell that does not begin with one")
		}
		s.rest = s.rest[end:]
		return cell, nil
	}
	var b strings.Builder
	begun := s.line
	for {
		end := strings.IndexByte(s.rest, '"')
		if end < 0 {
			return "", &Error{fmt.Sprintf("line %d", begun), "a cell has no closing quotation mark: the rest was cut off, or a mark is missing", takeAnother}
		}
		b.WriteString(s.rest[:end])
		s.line += strings.Count(s.rest[:end], "\n")
		s.rest = s.rest[end+1:]
		if !s.take(`"`) {
			return b.String(), nil
		}
		b.WriteByte('"')
	}
}

// take takes a text where the rest begins with it.
func (s *csvScanner) take(text string) bool {
	rest, ok := strings.CutPrefix(s.rest, text)
	s.rest = rest
	return ok
}

func (s *csvScanner) wrong(what string) error {
	return &Error{fmt.Sprintf("line %d", s.line), what, "double quotation marks within a cell, or export it again"}
}
