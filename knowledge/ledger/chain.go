package ledger

import (
	"crypto/sha256"
	"fmt"
	"iter"

	"stancebot/knowledge"
)

// A Row is an entry as a store keeps it: the columns by which it is found, and its bytes.
type Row struct {
	Desk  knowledge.DeskID
	Seq   int64
	Hash  Hash
	Bytes []byte
}

// Row returns the entry as a store keeps it.
func (e *Entry) Row() Row { return Row{e.Desk, e.Seq, e.Hash, e.Bytes} }

// A BrokenError names the first entry of a chain that is not what was recorded.
type BrokenError struct {
	Desk knowledge.DeskID
	Seq  int64 // the place at which the chain breaks
	What string
}

// Error tells where the chain breaks, and how.
func (e *BrokenError) Error() string {
	return fmt.Sprintf("ledger of desk %s: broken at entry %d: %s", e.Desk, e.Seq, e.What)
}

// Follow reads the rows behind a head in their order, and yields each entry with the head behind it once it was held
// against the chain. The first row that does not fit ends it with a *BrokenError, as an error of the rows does with that.
func Follow(head Head, rows iter.Seq2[Row, error]) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for row, err := range rows {
			if err != nil {
				yield(Entry{}, err)
				return
			}
			e, what := head.fits(row)
			if what != "" {
				yield(Entry{}, &BrokenError{head.Desk, head.Seq + 1, what})
				return
			}
			head = head.after(&e)
			if !yield(e, nil) {
				return
			}
		}
	}
}

// fits holds a row against the chain and returns its entry, or what is wrong with it.
func (h Head) fits(row Row) (Entry, string) {
	if row.Seq != h.Seq+1 {
		return Entry{}, fmt.Sprintf("entry %d stands there: entries are missing or doubled", row.Seq)
	}
	if sha256.Sum256(row.Bytes) != row.Hash {
		return Entry{}, "its bytes are not those that were hashed"
	}
	e, err := Parse(row.Bytes)
	switch {
	case err != nil:
		return Entry{}, err.Error()
	case e.Seq != row.Seq || e.Desk != h.Desk || row.Desk != h.Desk:
		return Entry{}, fmt.Sprintf("it is entry %d of desk %s", e.Seq, e.Desk)
	case e.Prev != h.Hash:
		return Entry{}, "it does not name the entry before it"
	}
	return e, ""
}

// Verify walks the rows behind a head and returns the head at their end. It fails with a *BrokenError on the first row
// that does not fit, and, where a head is expected, when the rows do not end there: a cut tail breaks no link.
func Verify(from Head, rows iter.Seq2[Row, error], want *Head) (Head, error) {
	head := from
	for e, err := range Follow(from, rows) {
		if err != nil {
			return head, err
		}
		head = head.after(&e)
	}
	if want != nil && *want != head {
		return head, &BrokenError{head.Desk, head.Seq + 1, fmt.Sprintf(
			"the chain ends at %d %.12s, and its recorded head is %d %.12s: entries were cut off", head.Seq, head.Hash, want.Seq, want.Hash)}
	}
	return head, nil
}
