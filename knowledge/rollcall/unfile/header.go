package unfile

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// A FileError tells that a file is not the library's, or is damaged as a whole, and what to do about it.
type FileError struct {
	Line     int
	What, Do string
}

// Error says the fault with its line and what to do.
func (e *FileError) Error() string { return fmt.Sprintf("line %d: %s: %s", e.Line, e.What, e.Do) }

// A column is one that is read. The others, such as subjects, are passed over.
type column int

// The columns, those first that every file has.
const (
	codeColumn column = iota
	voteColumn
	dateColumn
	resolutionColumn
	idColumn
	nameColumn
	titleColumn
	noteColumn
	linkColumn
	yesColumn
	noColumn
	abstainColumn
	absentColumn
	membersColumn
	columns // how many there are
)

// needed is how many of the columns no file can be without.
const needed = idColumn

// spellings are the names of each column in the versions of the file in use, the newest first. Hyphens in a header count
// as underscores.
var spellings = [columns][]string{
	codeColumn:       {"ms_code", "ms_codes"},
	voteColumn:       {"ms_vote", "ms_votes"},
	dateColumn:       {"date"},
	resolutionColumn: {"resolution", "resolutions"},
	idColumn:         {"undl_id"},
	nameColumn:       {"ms_name", "ms_names"},
	titleColumn:      {"title"},
	noteColumn:       {"vote_note"},
	linkColumn:       {"undl_link"},
	yesColumn:        {"total_yes", "yes"},
	noColumn:         {"total_no", "no"},
	abstainColumn:    {"total_abstentions", "abstentions"},
	absentColumn:     {"total_non_voting", "non_voting"},
	membersColumn:    {"total_ms", "total_voting"},
}

// String returns the newest name of the column.
func (c column) String() string { return spellings[c][0] }

// A header says in which place of a row each column stands, -1 for none, and how many places a row has.
type header struct {
	at    [columns]int
	width int
}

// field returns a column of a row, without blanks around it.
func (h *header) field(row [][]byte, c column) []byte {
	if h.at[c] < 0 {
		return nil
	}
	return bytes.TrimSpace(row[h.at[c]])
}

// again is what to do with a file that is not as it was downloaded.
const again = "download the CSV of the General Assembly's voting data from the UN Digital Library anew, and give it unchanged"

// sniff looks at the first line of a file for what is no text, passes over a mark of the byte order, and sees by which
// separator the line is parted.
func (r *rowReader) sniff() error {
	for !r.eof && r.end <= maxRow && bytes.IndexByte(r.buf[:r.end], '\n') < 0 {
		if err := r.fill(); err != nil {
			return err
		}
	}
	text := r.buf[:r.end]
	if bom := "\xef\xbb\xbf"; bytes.HasPrefix(text, []byte(bom)) {
		r.start = len(bom)
		text = text[len(bom):]
	}
	first, _, found := bytes.Cut(text, []byte("\n"))
	start := bytes.ToLower(bytes.TrimSpace(first[:min(len(first), 100)]))
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return &FileError{1, "the file is empty", again}
	case bytes.HasPrefix(text, []byte("PK\x03\x04")), bytes.HasPrefix(text, []byte("\x1f\x8b")):
		return &FileError{1, "the file is a packed one or a workbook", "unpack it, or " + again}
	case bytes.HasPrefix(text, []byte("\xff\xfe")), bytes.HasPrefix(text, []byte("\xfe\xff")), bytes.IndexByte(first, 0) >= 0:
		return &FileError{1, "the file is UTF-16, or no text", "save it as CSV in UTF-8, or " + again}
	case bytes.HasPrefix(start, []byte("<")):
		return &FileError{1, "the file is a web page", again}
	case bytes.IndexByte(bytes.TrimRight(first, "\r"), '\r') >= 0:
		return &FileError{1, "the lines end in a bare carriage return", "save it with the line ends of Windows or Unix, or " + again}
	case !found && !r.eof && len(text) > maxRow:
		return &FileError{1, string(longRow), again}
	}
	for _, s := range []byte{';', '\t'} { // as spreadsheets save it where the comma is in numbers
		if bytes.IndexByte(first, s) >= 0 && bytes.IndexByte(first, ',') < 0 {
			r.separator = s
		}
	}
	return nil
}

// readHeader reads the first row.
func readHeader(r *rowReader) (*header, error) {
	row, line, fault, err := r.next()
	switch {
	case err != nil:
		return nil, err
	case fault != "":
		return nil, &FileError{line, string(fault), again}
	}
	h := &header{width: len(row)}
	for c := range h.at {
		h.at[c] = -1
	}
	for i, field := range row {
		name := strings.ReplaceAll(strings.ToLower(string(bytes.TrimSpace(field))), "-", "_")
		c := slices.IndexFunc(spellings[:], func(names []string) bool { return slices.Contains(names, name) })
		if c < 0 {
			continue
		}
		if h.at[c] >= 0 {
			return nil, &FileError{line, fmt.Sprintf("two columns are %s", column(c)), again}
		}
		h.at[c] = i
	}
	var missing []string
	for c := range needed {
		if h.at[c] < 0 {
			missing = append(missing, strings.Join(spellings[c], " or "))
		}
	}
	if len(missing) > 0 {
		return nil, &FileError{line, "the header lacks the columns " + strings.Join(missing, ", "), again}
	}
	return h, nil
}
