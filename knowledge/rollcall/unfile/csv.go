package unfile

import (
	"bytes"
	"errors"
	"io"
)

// The sizes of the reader: how much it reads at once, and how long a row may be. The longest rows of the library's file
// have some 4,000 bytes.
const (
	chunk  = 256 << 10
	maxRow = 64 << 10
)

// A rowReader takes a CSV file apart without a copy of it. encoding/csv makes a string of each row, and gives up where a
// quote is out of place; here the row is refused, and reading goes on with the next line.
type rowReader struct {
	in         io.Reader
	separator  byte
	buf        []byte // what was read and not yet taken is buf[start:end]
	start, end int
	eof        bool
	line       int // of the next row, from 1
	fields     [][]byte
	unescaped  []byte // holds fields with doubled quotes
}

func newRowReader(in io.Reader) *rowReader {
	return &rowReader{in: in, separator: ',', buf: make([]byte, chunk+maxRow), line: 1}
}

// A row's fault is told to the reader of the report, so that it is no error of reading.
type rowFault string

// The faults of rows.
const (
	longRow    rowFault = "the row is longer than 65,536 bytes"
	openQuote  rowFault = "a quotation mark is opened and not closed"
	quotedMore rowFault = "text stands behind a closing quotation mark"
)

// next returns the fields of the next row and the line on which it begins. The fields are good until the next call. Empty
// lines are passed over. Behind a row with a fault the next one begins on the next line.
func (r *rowReader) next() (fields [][]byte, line int, fault rowFault, err error) {
	for {
		for r.start < r.end && (r.buf[r.start] == '\n' || r.buf[r.start] == '\r' && r.start+1 < r.end && r.buf[r.start+1] == '\n') {
			if r.buf[r.start] == '\n' {
				r.line++
			}
			r.start++
		}
		if r.start < r.end {
			var size, lines int
			size, lines, fault = r.split(r.buf[r.start:r.end])
			if size > 0 {
				line = r.line
				r.start += size
				r.line += lines
				return r.fields, line, fault, nil
			}
		} else if r.eof {
			return nil, r.line, "", io.EOF
		}
		if err := r.fill(); err != nil {
			return nil, r.line, "", err
		}
	}
}

// fill moves what is left to the front and reads more behind it.
func (r *rowReader) fill() error {
	r.end = copy(r.buf, r.buf[r.start:r.end])
	r.start = 0
	for range 100 { // readers may return nothing, but not for ever
		n, err := r.in.Read(r.buf[r.end:])
		r.end += n
		if errors.Is(err, io.EOF) {
			r.eof = true
			return nil
		}
		if err != nil {
			return err
		}
		if n > 0 {
			return nil
		}
	}
	return io.ErrNoProgress
}

// split takes the first row off the text. It returns its size, line end included, and how many lines it covers; no size
// where it does not end in the text and there may be more.
func (r *rowReader) split(text []byte) (size, lines int, fault rowFault) {
	first := bytes.IndexByte(text, '\n')
	switch {
	case first < 0 && !r.eof && len(text) < maxRow:
		return 0, 0, ""
	case first < 0 && !r.eof:
		return len(text), 0, longRow // the rest of it is a row of its own, and has a fault too
	}
	size = first + 1
	if first < 0 {
		first, size = len(text), len(text)
	}
	if first > maxRow {
		return size, 1, longRow
	}
	if bytes.IndexByte(text[:first], '"') < 0 {
		r.plain(text[:first])
		return size, 1, ""
	}
	quoted, covered, fault := r.quoted(text)
	switch {
	case fault == openQuote && !r.eof && len(text) < maxRow:
		return 0, 0, "" // it may be closed in what comes
	case fault != "":
		return size, 1, fault
	}
	return quoted, covered, ""
}

// plain takes a row without quotation marks apart.
func (r *rowReader) plain(row []byte) {
	r.fields = r.fields[:0]
	row = bytes.TrimSuffix(row, []byte("\r"))
	for {
		i := bytes.IndexByte(row, r.separator)
		if i < 0 {
			r.fields = append(r.fields, row)
			return
		}
		r.fields = append(r.fields, row[:i])
		row = row[i+1:]
	}
}

// quoted takes the first row off the text, with fields in quotation marks, which may hold line ends and, doubled,
// quotation marks. Within a field that does not begin with one they stand for themselves. A row that does not end in the
// text has an open quotation mark, or there is more to read.
func (r *rowReader) quoted(text []byte) (size, lines int, fault rowFault) {
	r.fields, r.unescaped = r.fields[:0], r.unescaped[:0]
	lines = 1
	for at := 0; ; {
		if at < len(text) && text[at] == '"' {
			field, n, closed := r.inQuotes(text[at:])
			if !closed {
				return 0, 0, openQuote
			}
			lines += bytes.Count(field, []byte("\n"))
			r.fields = append(r.fields, field)
			at += n
		} else {
			n := r.fieldEnd(text[at:])
			field := text[at : at+n]
			at += n
			if at == len(text) || text[at] == '\n' {
				field = bytes.TrimSuffix(field, []byte("\r"))
			}
			r.fields = append(r.fields, field)
		}
		switch rest := text[at:]; {
		case len(rest) == 0 && !r.eof, len(rest) == 1 && rest[0] == '\r' && !r.eof:
			return 0, 0, openQuote
		case len(rest) == 0, string(rest) == "\r":
			return len(text), lines, ""
		case rest[0] == '\n':
			return at + 1, lines, ""
		case rest[0] == '\r' && rest[1] == '\n':
			return at + 2, lines, ""
		case rest[0] == r.separator:
			at++
		default:
			return 0, 0, quotedMore
		}
	}
}

// fieldEnd returns where a field without quotation marks around it ends.
func (r *rowReader) fieldEnd(text []byte) int {
	for i, c := range text {
		if c == r.separator || c == '\n' {
			return i
		}
	}
	return len(text)
}

// inQuotes returns the field whose opening quotation mark the text begins with, and its size, both marks included. closed is
// false where the closing one is not in the text, or may be doubled in what comes.
func (r *rowReader) inQuotes(text []byte) (field []byte, size int, closed bool) {
	begin, from := len(r.unescaped), 1
	for at := 1; ; {
		i := bytes.IndexByte(text[at:], '"')
		if i < 0 || at+i+1 == len(text) && !r.eof { // a second mark may follow
			return nil, 0, false
		}
		at += i
		if at+1 == len(text) || text[at+1] != '"' {
			if begin == len(r.unescaped) {
				return text[1:at], at + 1, true
			}
			r.unescaped = append(r.unescaped, text[from:at]...)
			return r.unescaped[begin:], at + 1, true
		}
		r.unescaped = append(r.unescaped, text[from:at+1]...)
		at += 2
		from = at
	}
}
