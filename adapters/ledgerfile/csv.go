package ledgerfile

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"stancebot/knowledge/ledger"
	"stancebot/knowledge/sheet"
)

// columns are those of a CSV file. The first row below them is the head: its seq is the word head, its payload says the
// rest. The entry before the first one is an empty cell, since a spreadsheet would make a number of its zeros.
var columns = []string{"seq", "id", "at", "author", "kind", "reason", "payload", "prev", "hash"}

const headSeq = "head"

// A csvEncoder writes a row an entry, behind a mark by which spreadsheets know UTF-8.
type csvEncoder struct{ w *bufio.Writer }

func (e *csvEncoder) begin(h head) error {
	if _, err := e.w.WriteString(sheet.ByteOrderMark + strings.Join(columns, ",") + "\n"); err != nil {
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
	_, err := e.w.WriteString(sheet.Row(cells...) + "\n")
	return err
}

func hashCell(h ledger.Hash) string {
	if h == (ledger.Hash{}) {
		return ""
	}
	return h.String()
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

// A csvRow is one row, whose cells are as they were before they were guarded.
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
