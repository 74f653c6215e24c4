package ledger_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

var noon = time.Date(2026, 11, 1, 12, 0, 0, 123456789, time.FixedZone("", -3*60*60))

func draft(i int) ledger.Draft {
	return ledger.Draft{
		At: noon.Add(time.Duration(i) * time.Minute), Author: "console:ana", Kind: ledger.EventRecorded, Reason: "said <aloud> & printed",
		Payload: ledger.Event{Country: "COL", On: knowledge.Date(2026_08_07), Kind: "leader", Text: fmt.Sprintf("event %d", i), Source: "https://example.org/"},
	}
}

func chain(tb testing.TB, n int) ([]ledger.Row, ledger.Head) {
	tb.Helper()
	head := ledger.Head{Desk: knowledge.DefaultDesk}
	var rows []ledger.Row
	for i := range n {
		e, next, err := head.Next(draft(i))
		if err != nil {
			tb.Fatal(err)
		}
		head, rows = next, append(rows, e.Row())
	}
	return rows, head
}

func each(rows []ledger.Row) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func TestBytesAreCanonical(t *testing.T) {
	e, head, err := ledger.Head{Desk: "main"}.Next(draft(0))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"at":"2026-11-01T15:00:00.123456Z","author":"console:ana","desk":"main","id":"D-1","kind":"event",` +
		`"payload":{"country":"COL","kind":"leader","on":"2026-08-07","source":"https://example.org/","text":"event 0"},` +
		`"prev":"0000000000000000000000000000000000000000000000000000000000000000","reason":"said <aloud> & printed","seq":1}`
	if string(e.Bytes) != want {
		t.Errorf("bytes:\n%s\nwant:\n%s", e.Bytes, want)
	}
	back, err := ledger.Parse(e.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if back.Hash != e.Hash || !back.At.Equal(e.At) || back.ID != 1 || string(back.Payload) != string(e.Payload) || head.Hash != e.Hash {
		t.Errorf("read back %+v, want %+v", back, e)
	}
}

func TestVerifyFindsTheFirstBrokenEntry(t *testing.T) {
	const n = 8
	whole, head := chain(t, n)
	if got, err := ledger.Verify(ledger.Head{Desk: "main"}, each(whole), &head); err != nil || got != head {
		t.Fatalf("Verify of the whole chain: %v, %v", got, err)
	}
	for _, tt := range []struct {
		name  string
		spoil func([]ledger.Row) []ledger.Row
		at    int64
		says  string
	}{
		{"a flipped byte", func(r []ledger.Row) []ledger.Row { r[3].Bytes[70] ^= 1; return r }, 4, "bytes"},
		{"a flipped byte with its hash", func(r []ledger.Row) []ledger.Row {
			r[3].Bytes = []byte(strings.Replace(string(r[3].Bytes), "event 3", "event 9", 1))
			e, err := ledger.Parse(r[3].Bytes)
			if err != nil {
				t.Fatal(err)
			}
			r[3].Hash = e.Hash
			return r
		}, 5, "before it"},
		{"an entry taken out", func(r []ledger.Row) []ledger.Row { return append(r[:2], r[3:]...) }, 3, "missing or doubled"},
		{"an entry doubled", func(r []ledger.Row) []ledger.Row { return append(r[:3], r[2:]...) }, 4, "missing or doubled"},
		{"two entries exchanged", func(r []ledger.Row) []ledger.Row { r[1], r[2] = r[2], r[1]; return r }, 2, "missing or doubled"},
		{"a cut tail", func(r []ledger.Row) []ledger.Row { return r[:n-1] }, n, "cut off"},
		{"no entry at all", func([]ledger.Row) []ledger.Row { return nil }, 1, "cut off"},
		{"another desk's row", func(r []ledger.Row) []ledger.Row { r[5].Desk = "other"; return r }, 6, "desk"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			rows, _ := chain(t, n)
			_, err := ledger.Verify(ledger.Head{Desk: "main"}, each(tt.spoil(rows)), &head)
			broken := (*ledger.BrokenError)(nil)
			if !errors.As(err, &broken) {
				t.Fatalf("error is %v, want a BrokenError", err)
			}
			if broken.Seq != tt.at || !strings.Contains(broken.What, tt.says) {
				t.Errorf("broken at %d: %q, want at %d: …%s…", broken.Seq, broken.What, tt.at, tt.says)
			}
		})
	}
}

func TestEveryFlippedBitShows(t *testing.T) {
	rows, head := chain(t, 3)
	for i := range rows {
		for at := range rows[i].Bytes {
			rows[i].Bytes[at] ^= 1
			if _, err := ledger.Verify(ledger.Head{Desk: "main"}, each(rows), &head); err == nil {
				t.Errorf("a flip in byte %d of entry %d does not show", at, i+1)
			}
			rows[i].Bytes[at] ^= 1
		}
	}
}

func TestVerifyGoesOnFromACheckpoint(t *testing.T) {
	rows, head := chain(t, 6)
	middle, err := ledger.Verify(ledger.Head{Desk: "main"}, each(rows[:4]), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := ledger.Verify(middle, each(rows[4:]), &head); err != nil || got != head {
		t.Errorf("from the checkpoint: %v, %v; want %v", got, err, head)
	}
	if _, err := ledger.Verify(middle, each(rows[3:]), &head); err == nil {
		t.Error("a row before the checkpoint does not show")
	}
}

// An entry that is moved keeps its receipt, author and time, and a chain moved whole keeps its bytes.
func TestAMovedChainHasTheSameBytes(t *testing.T) {
	rows, head := chain(t, 5)
	moved := ledger.Head{Desk: "main"}
	for _, row := range rows {
		e, err := ledger.Parse(row.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if _, moved, err = moved.Next(e.Draft()); err != nil {
			t.Fatal(err)
		}
	}
	if moved != head {
		t.Errorf("moved to %v, want %v", moved, head)
	}
}

func TestNextRefuses(t *testing.T) {
	good := draft(0)
	for _, tt := range []struct {
		name   string
		change func(*ledger.Draft)
		says   string
	}{
		{"an id below 1", func(d *ledger.Draft) { d.ID = -1 }, "the id"},
		{"no author", func(d *ledger.Draft) { d.Author = "" }, "author"},
		{"no kind", func(d *ledger.Draft) { d.Kind = "" }, "kind"},
		{"no time", func(d *ledger.Draft) { d.At = time.Time{} }, "time"},
		{"a time beyond the form", func(d *ledger.Draft) { d.At = noon.AddDate(9000, 0, 0) }, "time"},
		{"a long reason", func(d *ledger.Draft) { d.Reason = strings.Repeat("x", ledger.MaxReason+1) }, "reason"},
		{"broken UTF-8", func(d *ledger.Draft) { d.Reason = "\xff" }, "UTF-8"},
		{"a kind in broken UTF-8", func(d *ledger.Draft) { d.Kind = "\xff" }, "UTF-8"},
		{"a payload that is no object", func(d *ledger.Draft) { d.Payload = []int{1} }, "object"},
		{"no payload", func(d *ledger.Draft) { d.Payload = nil }, "object"},
		{"a payload that does not encode", func(d *ledger.Draft) { d.Payload = func() {} }, "payload"},
		{"a payload that is too long", func(d *ledger.Draft) { d.Payload = map[string]string{"x": strings.Repeat("x", ledger.MaxPayload)} }, "at most"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := good
			tt.change(&d)
			head := ledger.Head{Desk: "main", Seq: 3}
			_, after, err := head.Next(d)
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error is %v, want …%s…", err, tt.says)
			}
			if after != head {
				t.Errorf("the head moved to %v", after)
			}
		})
	}
}

func TestIDs(t *testing.T) {
	for text, want := range map[string]ledger.ID{"D-1": 1, "d-17": 17, "D-": 0, "D-0": 0, "D-+1": 0, "D-01": 0, "D--1": 0, "17": 0, "": 0, "D-99999999999999999999": 0} {
		got, err := ledger.ParseID(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("ParseID(%q) = %v, %v; want %d", text, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	rows, _ := chain(f, 2)
	f.Add(string(rows[0].Bytes))
	f.Add(string(rows[1].Bytes))
	f.Add(`{"at":"2026-11-01T15:00:00.123456Z","id":"D-1"}`)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := ledger.Parse([]byte(text))
		if err != nil {
			return
		}
		head := ledger.Head{Desk: e.Desk, Seq: e.Seq - 1, Hash: e.Prev}
		again, _, err := head.Next(e.Draft())
		if err != nil {
			return // not an object, or too long
		}
		back, err := ledger.Parse(again.Bytes)
		if err != nil || back.Hash != again.Hash || !json.Valid(back.Payload) {
			t.Errorf("%q: read back as %q, %v", text, back.Bytes, err)
		}
	})
}
