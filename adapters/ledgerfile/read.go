package ledgerfile

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"unicode/utf8"

	"stancebot/knowledge/ledger"
	"stancebot/knowledge/sheet"
)

// A File is what was read from one.
type File struct {
	Head    ledger.Head // of the chain, with its desk
	Entries []ledger.Entry
}

// Read reads a file whole. What is wrong with it is an *Error: with its form, with an entry, or with the chain, which must
// hold from its first entry up to the head that the file names.
func Read(r io.Reader, f Format) (*File, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("ledgerfile: %w", err)
	}
	raw = bytes.TrimPrefix(raw, []byte(sheet.ByteOrderMark))
	if at := invalid(raw); at >= 0 {
		return nil, &Error{fmt.Sprintf("line %d", lineAt(raw, at)), "it is not in UTF-8", "save the file in UTF-8, or export it again"}
	}
	var h head
	var records []record
	switch f {
	case JSON:
		h, records, err = readJSON(raw)
	case YAML:
		h, records, err = readYAML(raw)
	case CSV:
		h, records, err = readCSV(string(raw))
	default:
		return nil, unknown(f)
	}
	if err != nil {
		return nil, err
	}
	return hold(h, records)
}

// invalid returns where the text stops being UTF-8, or -1.
func invalid(text []byte) int {
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// lineAt returns the line of a place in a text, from 1.
func lineAt(text []byte, at int) int { return 1 + bytes.Count(text[:at], []byte("\n")) }

// hold puts the records in their order, and holds them against the chain.
func hold(h head, records []record) (*File, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(records, func(a, b record) int { return cmp.Compare(a.Seq, b.Seq) })
	if err := whole(h, records); err != nil {
		return nil, err
	}
	f := &File{ledger.Head{Desk: h.Desk}, make([]ledger.Entry, 0, len(records))}
	for e, err := range ledger.Follow(f.Head, rows(h, records)) {
		if broken := (*ledger.BrokenError)(nil); errors.As(err, &broken) {
			return nil, &Error{records[len(f.Entries)].where(), broken.What, takeAnother}
		}
		if err != nil {
			return nil, err
		}
		f.Entries = append(f.Entries, e)
		f.Head = ledger.Head{Desk: h.Desk, Seq: e.Seq, LastID: max(f.Head.LastID, e.ID), Hash: e.Hash}
	}
	if f.Head.Hash != h.Hash {
		return nil, &Error{"the file", fmt.Sprintf("its head names the hash %.12s, and its last entry has %.12s", h.Hash, f.Head.Hash), takeAnother}
	}
	return f, nil
}

// whole makes sure that each place up to the head is taken once, and each id.
func whole(h head, records []record) error {
	ids := map[ledger.ID]*record{}
	for i := range records {
		r := &records[i]
		switch want := int64(i + 1); {
		case r.Seq > want:
			return &Error{fmt.Sprintf("entry %d", want), "it is missing", takeAnother}
		case r.Seq < want && i > 0:
			return &Error{r.where(), fmt.Sprintf("entry %d stands in line %d, too", r.Seq, records[i-1].line), "leave one of them out"}
		case r.Seq > h.Seq:
			return &Error{r.where(), fmt.Sprintf("it stands behind the head of the file, which names entry %d", h.Seq), takeAnother}
		}
		if other := ids[r.ID]; other != nil {
			return &Error{r.where(), fmt.Sprintf("entry %d has the same id", other.Seq), takeAnother}
		}
		ids[r.ID] = r
	}
	if n := int64(len(records)); n < h.Seq {
		return &Error{"the file", fmt.Sprintf("it ends at entry %d, and its head names entry %d: the rest was cut off", n, h.Seq), takeAnother}
	}
	return nil
}

// rows builds the rows of the records anew.
func rows(h head, records []record) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		for i := range records {
			row, err := records[i].row(h.Desk)
			if !yield(row, err) || err != nil {
				return
			}
		}
	}
}
