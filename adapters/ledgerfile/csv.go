package ledgerfile

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/knowledge/ledger"
)

// columns are those of a CSV file. The first row below them is the head: its seq is the word head, its payload says the
// rest. The entry before the first one is an empty cell, since a spreadsheet would make a number of its zeros.
var columns = []string{"seq", "id", "at", "author", "kind", "reason", "payload", "prev", "hash"}

const headSeq = "head"

// A csvEncoder writes a row an entry, behind a mark by which spreadsheets know UTF-8.
type csvEncoder struct{ w *bufio.Writer }

func (e *csvEncoder) begin(h head) error {
	if _, err := e.w.WriteString(byteOrderMark + strings.Join(columns, ",") + "\n"); err != nil {
		return err
	}
	payload, err := plainJSON(h)
	if err != nil {
		return err
	}
	return e.row(headSeq, "", "", "", "", "", string(payload), "", hashCell(h.Hash))
}

func (e *csvEncoder) entry(r *record) error {
	return e.row(strconv.FormatInt(r.Seq, 10), r.ID.String(), r.At, r.Author, string(r.Kind), r.Reason, string(r.Payload), hashCell(r.Prev), hashCell(r.Hash))
}

func (e *csvEncoder) end() error { return nil }

func (e *csvEncoder) row(cells ...string) error {
	for i, cell := range cells {
		cells[i] = quote(guard(cell))
	}
	_, err := e.w.WriteString(strings.Join(cells, ",") + "\n")
	return err
}

func hashCell(h ledger.Hash) string {
	if h == (ledger.Hash{}) {
		return ""
	}
	return h.String()
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

// guard puts an apostrophe before what a spreadsheet would run as a formula, at the beginning of the cell and behind each
// separator in it, and before an apostrophe that stands there already. unguard gives back what it was.
func guard(cell string) string {
	return eachPart(cell, func(part string) string {
		if strings.HasPrefix(part, "'") || runs(part) {
			return "'" + part
		}
		return part
	})
}

func unguard(cell string) string {
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

// readCSV reads what csvEncoder writes, and what a spreadsheet makes of it.
func readCSV(text string) (head, []record, error) {
	var h head
	var records []record
	named := false // whether the columns were
	for row, err := range csvRows(text) {
		if err != nil {
			return h, nil, err
		}
		switch {
		case row.empty():
		case !named:
			if !slices.Equal(row.cells, columns) {
				return h, nil, &Error{
					row.where(), fmt.Sprintf("the first row is %.60q", strings.Join(row.cells, ",")),
					"keep the columns as export writes them, with commas between them: " + strings.Join(columns, ","),
				}
			}
			named = true
		case len(row.cells) != len(columns):
			return h, nil, &Error{row.where(), fmt.Sprintf("it has %d cells, and there are %d columns", len(row.cells), len(columns)), correct}
		case row.cells[0] == headSeq:
			if h, err = row.head(h.Version > 0); err != nil {
				return h, nil, err
			}
		default:
			r, err := row.record()
			if err != nil {
				return h, nil, err
			}
			records = append(records, r)
		}
	}
	return h, records, nil
}

// A csvRow is one row, whose cells are as they were before guard.
type csvRow struct {
	line  int
	cells []string
}

func (r *csvRow) where() string { return fmt.Sprintf("line %d", r.line) }

func (r *csvRow) empty() bool {
	return !slices.ContainsFunc(r.cells, func(cell string) bool { return cell != "" })
}

func (r *csvRow) head(again bool) (head, error) {
	var h head
	if again {
		return h, &Error{r.where(), "it is a second head", "give each ledger a file of its own"}
	}
	if err := decode([]byte(r.cells[6]), &h); err != nil {
		return h, &Error{r.where(), "the head: " + because(err), takeAnother}
	}
	if r.cells[8] != hashCell(h.Hash) {
		return h, &Error{r.where(), "the head names two hashes", takeAnother}
	}
	return h, nil
}

func (r *csvRow) record() (record, error) {
	c := r.cells
	x := record{At: c[2], Author: c[3], Kind: ledger.Kind(c[4]), Reason: c[5], Payload: []byte(c[6]), line: r.line}
	var err error
	fail := func(column, cell string) (record, error) {
		return x, &Error{r.where(), fmt.Sprintf("%.80q is no %s", cell, column), correct}
	}
	if x.Seq, err = strconv.ParseInt(c[0], 10, 64); err != nil {
		return fail("seq", c[0])
	}
	if x.ID, err = ledger.ParseID(c[1]); err != nil {
		return fail("id", c[1])
	}
	if x.Prev, err = parseHashCell(c[7]); err != nil {
		return fail("hash", c[7])
	}
	if x.Hash, err = parseHashCell(c[8]); err != nil {
		return fail("hash", c[8])
	}
	return x, nil
}

func parseHashCell(cell string) (ledger.Hash, error) {
	if cell == "" {
		return ledger.Hash{}, nil
	}
	return ledger.ParseHash(cell)
}
