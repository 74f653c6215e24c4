package unfile

import (
	"errors"
	"fmt"
	"io"

	"stancebot/knowledge"
)

// Options say how a file is read.
type Options struct {
	// Members returns who was a member of the United Nations on a day, sorted, or nothing where that is not known as a whole.
	// Without it, and on such days, a roll call rests on its own sums.
	Members func(knowledge.Day) []knowledge.Country
}

// The General Assembly has had some 6,000 recorded votes in its time. What has far more of them, or is refused in so many
// rows, is another file.
const (
	maxCalls    = 30_000
	maxRefusals = 100_000
)

// A File is what was read: the roll calls that hold, and the report.
type File struct {
	Report Report

	calls []call
	codes []knowledge.Country
}

// A Report tells what was read and what was refused.
type Report struct {
	Rows         int       `json:"rows"`       // behind the header
	Calls        int       `json:"roll_calls"` // that they are of
	Accepted     int       `json:"accepted"`   // roll calls that hold
	RefusedCalls []Refusal `json:"refused_roll_calls"`
	RefusedRows  []Refusal `json:"refused_rows"`
	Notes        []string  `json:"notes,omitempty"` // how the file was understood where it can be in two ways
}

// A Refusal is a row or a roll call that was not taken.
type Refusal struct {
	Line int    `json:"line"`         // of the row, or of the first row of the roll call
	ID   string `json:"id,omitempty"` // the symbol of the roll call, else the library's number, where it is known
	What string `json:"what"`
	Do   string `json:"do"`
}

// A cell is one state in one roll call: its code, and its position in the lowest two bits.
type cell uint16

// A remark is the note on a row.
type remark struct {
	of   cell
	text string
}

// A call is one roll call as the file has it, and what settle makes of it at the end.
type call struct {
	line    int             // of its first row
	text    [columns]string // what its rows have in common
	cells   []cell          // in the order of the file
	lines   []uint32        // of the cells
	remarks []remark
	differs string // the first row that does not go with the others, in words
	refused int    // rows

	accepted bool
	id       string
	date     knowledge.Day
}

// shared are the columns that all rows of a roll call have in common.
var shared = []column{
	idColumn, resolutionColumn, dateColumn, yesColumn, noColumn, abstainColumn, absentColumn, membersColumn, titleColumn, linkColumn,
}

// name returns the symbol of the roll call as the file spells it, else the library's number.
func (c *call) name() string {
	if c.text[resolutionColumn] != "" {
		return c.text[resolutionColumn]
	}
	return c.text[idColumn]
}

// A loader reads the rows of a file.
type loader struct {
	header
	file    *File
	byKey   map[string]int
	codes   map[[3]byte]cell // without a position
	lastKey string
	last    int
}

// Read reads a file to its end and holds every roll call in it against the arithmetic. What is wrong with single roll calls
// and rows stands in the report of the file; a *FileError tells that the whole is not what it should be. Other errors are
// those of reading.
func Read(r io.Reader, o Options) (*File, error) {
	rows := newRowReader(r)
	if err := rows.sniff(); err != nil {
		return nil, err
	}
	h, err := readHeader(rows)
	if err != nil {
		return nil, err
	}
	f := &File{Report: Report{RefusedCalls: []Refusal{}, RefusedRows: []Refusal{}}}
	l := &loader{header: *h, file: f, byKey: map[string]int{}, codes: map[[3]byte]cell{}, last: -1}
	for {
		row, line, fault, err := rows.next()
		switch {
		case errors.Is(err, io.EOF):
			f.settle(o)
			return f, nil
		case err != nil:
			return nil, err
		case fault != "":
			l.refuse(nil, line, string(fault), "close the quotation mark, or "+again)
		case len(row) == 1 && len(row[0]) == 0:
			continue // an empty line
		default:
			l.row(row, line)
		}
		f.Report.Rows++
		if err := f.sane(line); err != nil {
			return nil, err
		}
	}
}

// sane ends the reading of what cannot be the library's file.
func (f *File) sane(line int) error {
	switch {
	case len(f.Report.RefusedRows) > maxRefusals:
		return &FileError{line, fmt.Sprintf("more than %d rows were refused", maxRefusals), "this is another file, or a damaged one: " + again}
	case len(f.calls) > maxCalls:
		return &FileError{line, fmt.Sprintf("there are more than %d roll calls, more than there ever were", maxCalls), again}
	}
	return nil
}

// refuse notes that a row is not taken, and with it the roll call that it is of, where that is known.
func (l *loader) refuse(c *call, line int, what, do string) {
	r := Refusal{Line: line, What: what, Do: do}
	if c != nil {
		c.refused++
		r.ID = c.name()
	}
	l.file.Report.RefusedRows = append(l.file.Report.RefusedRows, r)
}

// row takes in one row.
func (l *loader) row(row [][]byte, line int) {
	if len(row) != l.width {
		l.refuse(nil, line, fmt.Sprintf("%d columns, and the header has %d", len(row), l.width), again)
		return
	}
	key := l.field(row, idColumn)
	if len(key) == 0 {
		key = l.field(row, resolutionColumn)
	}
	if len(key) == 0 {
		l.refuse(nil, line, "neither an id nor a symbol says of which roll call the row is", "fill in undl_id or resolution")
		return
	}
	c := l.callOf(key, row, line)
	for _, col := range shared {
		if v := l.field(row, col); c.differs == "" && string(v) != c.text[col] {
			c.differs = fmt.Sprintf("%s is %q in line %d and %q in line %d", col, c.text[col], c.line, short(v), line)
		}
	}
	state, ok := l.state(l.field(row, codeColumn))
	if !ok {
		l.refuse(c, line, fmt.Sprintf("ms_code is %q, of %q: no three capital letters", short(l.field(row, codeColumn)), short(l.field(row, nameColumn))), "fill in the code of the state")
		return
	}
	position, ok := positionOf(l.field(row, voteColumn))
	if !ok {
		l.refuse(c, line, fmt.Sprintf("ms_vote is %q", short(l.field(row, voteColumn))), "write Y, N, A, and X or NV for a state that did not vote")
		return
	}
	c.cells = append(c.cells, state|position)
	c.lines = append(c.lines, uint32(line))
	if note := l.field(row, noteColumn); len(note) > 0 {
		c.remark(state, note)
	}
}

// callOf returns the roll call with the key. Rows of one mostly stand together.
func (l *loader) callOf(key []byte, row [][]byte, line int) *call {
	if l.last < 0 || string(key) != l.lastKey {
		i, ok := l.byKey[string(key)]
		if !ok {
			i = len(l.file.calls)
			c := call{line: line}
			for _, col := range shared {
				c.text[col] = string(l.field(row, col))
			}
			l.file.calls = append(l.file.calls, c)
			l.byKey[string(key)] = i
		}
		l.last, l.lastKey = i, string(key)
	}
	return &l.file.calls[l.last]
}

// state returns the cell of a code, without a position. Codes of states that are gone are as good as others.
func (l *loader) state(code []byte) (cell, bool) {
	if len(code) != 3 {
		return 0, false
	}
	key := [3]byte(code)
	if s, ok := l.codes[key]; ok {
		return s, true
	}
	for _, b := range key {
		if b < 'A' || b > 'Z' {
			return 0, false
		}
	}
	if len(l.file.codes) > int(^cell(0)>>2) { // never: the letters have 17,576 codes
		return 0, false
	}
	s := cell(len(l.file.codes)) << 2
	l.file.codes = append(l.file.codes, knowledge.Country(code))
	l.codes[key] = s
	return s, true
}

// positionOf returns the place of a vote among knowledge.Positions. The library leaves the cell of who did not take part
// empty in some versions.
func positionOf(vote []byte) (cell, bool) {
	switch string(vote) {
	case "Y":
		return 0, true
	case "N":
		return 1, true
	case "A":
		return 2, true
	case "X", "NV", "":
		return 3, true
	}
	return 0, false
}

// remark keeps the note on a row.
func (c *call) remark(of cell, note []byte) {
	if n := len(c.remarks); n > 0 && c.remarks[n-1].text == string(note) {
		c.remarks = append(c.remarks, remark{of, c.remarks[n-1].text}) // the same note on every row is held once
		return
	}
	c.remarks = append(c.remarks, remark{of, string(note)})
}

// short cuts a text for a report.
func short(text []byte) []byte {
	const most = 60
	if len(text) <= most {
		return text
	}
	return append(text[:most:most], "…"...)
}
