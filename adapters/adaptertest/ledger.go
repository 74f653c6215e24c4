package adaptertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// Ledger is the suite of ledger.Store. Open returns two stores on one new, empty database, opened apart where that can be
// done, and closes them at the end of the test.
func Ledger(t *testing.T, open func(testing.TB) (a, b ledger.Store)) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, ledger.Store, ledger.Store){
		"nothing yet":                nothingYet,
		"append and read":            appendAndRead,
		"bytes are kept":             bytesAreKept,
		"a taken id":                 takenID,
		"all or none":                allOrNone,
		"desks apart":                desksApart,
		"concurrent appends":         concurrentAppends,
		"appends at a head":          appendsAtAHead,
		"only one decides":           onlyOneDecides,
		"a large batch":              largeBatch,
		"large entries":              largeEntries,
		"slow and stopping readers":  slowReaders,
		"checkpoints go forward":     checkpoints,
		"changes are signalled":      changes,
		"an ended context":           endedContext,
		"contexts that end any time": anyTime,
	} {
		t.Run(name, func(t *testing.T) {
			a, b := open(t)
			test(t, a, b)
		})
	}
}

const (
	desk  = knowledge.DefaultDesk
	other = knowledge.DeskID("другая редакция")
)

var recorded = time.Date(2026, 11, 1, 12, 0, 0, 123456789, time.FixedZone("", -3*60*60))

// Draft returns the i-th of any number of drafts that differ.
func Draft(i int) ledger.Draft {
	return ledger.Draft{
		At: recorded.Add(time.Duration(i) * time.Millisecond), Author: "console:ana", Kind: ledger.EventRecorded, Reason: "said <aloud>",
		Payload: ledger.Event{Country: "COL", On: knowledge.Date(2026_08_07), Kind: "leader", Text: fmt.Sprintf("событие %d", i), Source: "https://example.org/"},
	}
}

func drafts(n int) []ledger.Draft {
	all := make([]ledger.Draft, n)
	for i := range all {
		all[i] = Draft(i)
	}
	return all
}

func must[T any](tb testing.TB) func(T, error) T {
	tb.Helper()
	return func(value T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return value
	}
}

// Whole verifies a desk's chain against its recorded head, fails the test where it does not hold, and returns its rows.
func Whole(tb testing.TB, s ledger.Store, desk knowledge.DeskID) []ledger.Row {
	tb.Helper()
	rows, _ := Behind(tb, s, ledger.Head{Desk: desk})
	return rows
}

// Behind does as Whole with the rows behind a head, and returns the recorded head, too. A chain that grows meanwhile, as by
// the last transaction of a process that was killed, is read again.
func Behind(tb testing.TB, s ledger.Store, from ledger.Head) ([]ledger.Row, ledger.Head) {
	tb.Helper()
	for {
		var rows []ledger.Row
		seen := func(yield func(ledger.Row, error) bool) {
			for row, err := range s.Rows(tb.Context(), from.Desk, from.Seq) {
				rows = append(rows, row)
				if !yield(row, err) {
					return
				}
			}
		}
		head := must[ledger.Head](tb)(s.Head(tb.Context(), from.Desk))
		_, err := ledger.Verify(from, seen, &head)
		if must[ledger.Head](tb)(s.Head(tb.Context(), from.Desk)) != head {
			continue
		}
		if err != nil {
			tb.Errorf("the chain does not hold: %v", err)
		}
		return rows, head
	}
}

func nothingYet(t *testing.T, a, _ ledger.Store) {
	none := ledger.Head{Desk: desk}
	if head := must[ledger.Head](t)(a.Head(t.Context(), desk)); head != none {
		t.Errorf("Head is %v", head)
	}
	if head := must[ledger.Head](t)(a.Checkpoint(t.Context(), desk)); head != none {
		t.Errorf("Checkpoint is %v", head)
	}
	if desks := must[[]knowledge.DeskID](t)(a.Desks(t.Context())); len(desks) != 0 {
		t.Errorf("Desks are %v", desks)
	}
	if entries := must[[]ledger.Entry](t)(a.Append(t.Context(), desk)); len(entries) != 0 {
		t.Errorf("an append of nothing gives %v", entries)
	}
	if rows := Whole(t, a, desk); len(rows) != 0 {
		t.Errorf("rows are %v", rows)
	}
	if desks := must[[]knowledge.DeskID](t)(a.Desks(t.Context())); len(desks) != 0 {
		t.Errorf("Desks are %v", desks)
	}
}

func appendAndRead(t *testing.T, a, b ledger.Store) {
	var want []ledger.Row
	for _, batch := range [][]ledger.Draft{drafts(1), drafts(3), drafts(2)} {
		for _, e := range must[[]ledger.Entry](t)(a.Append(t.Context(), desk, batch...)) {
			want = append(want, e.Row())
		}
	}
	if got := Whole(t, b, desk); !slices.EqualFunc(got, want, sameRow) {
		t.Errorf("rows are\n%v, want\n%v", got, want)
	}
	for after := range int64(7) {
		n := after
		for row, err := range b.Rows(t.Context(), desk, after) {
			if n++; err != nil || row.Seq != n {
				t.Fatalf("behind %d comes %d, %v; want %d", after, row.Seq, err, n)
			}
		}
		if n != 6 {
			t.Errorf("behind %d the last is %d", after, n)
		}
	}
	if head := must[ledger.Head](t)(b.Head(t.Context(), desk)); head.Seq != 6 || head.LastID != 6 || head.Hash != want[5].Hash {
		t.Errorf("the head is %v", head)
	}
}

func sameRow(a, b ledger.Row) bool {
	return a.Desk == b.Desk && a.Seq == b.Seq && a.Hash == b.Hash && bytes.Equal(a.Bytes, b.Bytes)
}

// The entry that Append returns, the one that is read back and the one that Head.Next makes alone are the same.
func bytesAreKept(t *testing.T, a, b ledger.Store) {
	for i, d := range []ledger.Draft{
		{At: recorded, Author: "slack:T1:U2", Kind: ledger.Proposed, Reason: "quoted \"so\", 'so' and \\", Payload: map[string]any{}},
		{At: time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC), Author: "telegram:77", Kind: "kind of later", Payload: map[string]any{"z": 1, "a": "中文 \u0000 \u2028"}},
		{At: time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC), Author: "ё", Kind: ledger.Corrected, Payload: map[string]any{"n": []int{1}}},
	} {
		head := must[ledger.Head](t)(a.Head(t.Context(), desk))
		want, _, err := head.Next(d)
		if err != nil {
			t.Fatal(err)
		}
		e := must[[]ledger.Entry](t)(a.Append(t.Context(), desk, d))[0]
		for row, err := range b.Rows(t.Context(), desk, int64(i)) {
			if err != nil {
				t.Fatal(err)
			}
			back, err := ledger.Parse(row.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(e.Bytes, want.Bytes) || !bytes.Equal(back.Bytes, want.Bytes) || !back.At.Equal(d.At.Truncate(time.Microsecond)) {
				t.Errorf("appended\n%s\nread\n%s\nwant\n%s", e.Bytes, back.Bytes, want.Bytes)
			}
		}
	}
	Whole(t, b, desk)
}

func takenID(t *testing.T, a, b ledger.Store) {
	moved := Draft(0)
	moved.ID = 17
	must[[]ledger.Entry](t)(a.Append(t.Context(), desk, Draft(1), moved))
	if next := must[[]ledger.Entry](t)(b.Append(t.Context(), desk, Draft(2))); next[0].ID != 18 {
		t.Errorf("behind D-17 comes %s, want D-18", next[0].ID)
	}
	between := Draft(3)
	between.ID = 5 // free, though lower than the highest
	must[[]ledger.Entry](t)(b.Append(t.Context(), desk, between))
	for _, batch := range [][]ledger.Draft{{moved}, {Draft(4), moved}, {Draft(5), {}, between}} {
		batch = slices.DeleteFunc(batch, func(d ledger.Draft) bool { return d.Kind == "" })
		_, err := a.Append(t.Context(), desk, batch...)
		taken := (*ledger.TakenError)(nil)
		if !errors.As(err, &taken) || taken.ID != batch[len(batch)-1].ID {
			t.Errorf("error is %v, want that %s is taken", err, batch[len(batch)-1].ID)
		}
	}
	twice := Draft(6)
	twice.ID = 40
	if _, err := a.Append(t.Context(), desk, twice, twice); err == nil {
		t.Error("one id twice in a batch is taken for two")
	}
	must[[]ledger.Entry](t)(a.Append(t.Context(), other, moved)) // another desk's ids are its own
	if rows := Whole(t, a, desk); len(rows) != 4 {
		t.Errorf("%d rows, want 4", len(rows))
	}
}

func allOrNone(t *testing.T, a, b ledger.Store) {
	must[[]ledger.Entry](t)(a.Append(t.Context(), desk, Draft(0)))
	bad := Draft(1)
	bad.Author = ""
	if _, err := a.Append(t.Context(), desk, Draft(2), Draft(3), bad); err == nil || strings.Contains(err.Error(), "store") {
		t.Errorf("a draft without an author: error is %v, want that of the ledger as it is", err)
	}
	if _, err := a.Append(t.Context(), other, bad); err == nil {
		t.Error("a draft without an author is appended")
	}
	if rows := Whole(t, b, desk); len(rows) != 1 {
		t.Errorf("%d rows, want the first alone", len(rows))
	}
	if desks := must[[]knowledge.DeskID](t)(b.Desks(t.Context())); !slices.Equal(desks, []knowledge.DeskID{desk}) {
		t.Errorf("desks are %v", desks)
	}
}

func desksApart(t *testing.T, a, b ledger.Store) {
	names := []knowledge.DeskID{"zeta", desk, "Alpha", other, "alpha", "éclair"}
	for i, name := range names {
		must[[]ledger.Entry](t)(a.Append(t.Context(), name, drafts(i+1)...))
	}
	for i, name := range names {
		if rows := Whole(t, b, name); len(rows) != i+1 {
			t.Errorf("%d rows of %s, want %d", len(rows), name, i+1)
		}
	}
	slices.Sort(names)
	if got := must[[]knowledge.DeskID](t)(b.Desks(t.Context())); !slices.Equal(got, names) {
		t.Errorf("desks are %q, want %q", got, names)
	}
}

// Appends by several at once stand one behind the other, each batch together.
func concurrentAppends(t *testing.T, a, b ledger.Store) {
	const writers, batches, size = 6, 10, 3
	var all sync.WaitGroup
	for w := range writers {
		s := []ledger.Store{a, b}[w%2]
		all.Go(func() {
			for i := range batches {
				entries, err := s.Append(t.Context(), desk, Draft(i), Draft(i+1), Draft(i+2))
				if err != nil {
					t.Error(err)
					return
				}
				for k, e := range entries {
					if e.Seq != entries[0].Seq+int64(k) {
						t.Errorf("a batch stands at %d and %d", entries[0].Seq, e.Seq)
					}
				}
			}
		})
	}
	all.Wait()
	if rows := Whole(t, a, desk); len(rows) != writers*batches*size {
		t.Errorf("%d rows, want %d", len(rows), writers*batches*size)
	}
}

func appendsAtAHead(t *testing.T, a, b ledger.Store) {
	none := ledger.Head{Desk: desk}
	first := must[[]ledger.Entry](t)(a.AppendAt(t.Context(), none, drafts(2)...))
	at := must[ledger.Head](t)(b.Head(t.Context(), desk))
	if len(first) != 2 || at.Seq != 2 || at.Hash != first[1].Hash {
		t.Errorf("behind nothing stand %d entries, and the head is %v", len(first), at)
	}
	must[[]ledger.Entry](t)(b.Append(t.Context(), other, Draft(0))) // another desk's chain moves nothing
	must[[]ledger.Entry](t)(b.AppendAt(t.Context(), at, Draft(2)))
	changed := at
	changed.Seq++ // the right place, and another chain
	for name, head := range map[string]ledger.Head{"nothing": none, "an earlier head": at, "another hash": changed, "a later head": {Desk: desk, Seq: 9}} {
		_, err := a.AppendAt(t.Context(), head, Draft(3))
		moved := (*ledger.MovedError)(nil)
		if !errors.As(err, &moved) || moved.Thought != head || moved.Ends.Seq != 3 {
			t.Errorf("behind %s: error is %v, want that the chain has moved to 3", name, err)
		}
	}
	if rows := Whole(t, b, desk); len(rows) != 3 {
		t.Errorf("%d rows, want 3", len(rows))
	}
}

// Of several who decide by one head, one appends.
func onlyOneDecides(t *testing.T, a, b ledger.Store) {
	const rounds, deciders = 5, 6
	for round := range rounds {
		head := must[ledger.Head](t)(a.Head(t.Context(), desk))
		var appended atomic.Int64
		var all sync.WaitGroup
		for i := range deciders {
			s := []ledger.Store{a, b}[i%2]
			all.Go(func() {
				_, err := s.AppendAt(t.Context(), head, Draft(round))
				moved := (*ledger.MovedError)(nil)
				switch {
				case err == nil:
					appended.Add(1)
				case !errors.As(err, &moved):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if appended.Load() != 1 {
			t.Errorf("%d appended behind one head", appended.Load())
		}
	}
	if rows := Whole(t, b, desk); len(rows) != rounds {
		t.Errorf("%d rows, want %d", len(rows), rounds)
	}
}

func largeBatch(t *testing.T, a, b ledger.Store) {
	const n = 5000
	if entries := must[[]ledger.Entry](t)(a.Append(t.Context(), desk, drafts(n)...)); len(entries) != n || entries[n-1].Seq != n {
		t.Errorf("%d entries", len(entries))
	}
	if rows := Whole(t, b, desk); len(rows) != n {
		t.Errorf("%d rows, want %d", len(rows), n)
	}
}

func largeEntries(t *testing.T, a, b ledger.Store) {
	const n = 4
	for i := range n {
		d := Draft(i)
		d.Payload = map[string]string{"text": strings.Repeat("ж", ledger.MaxPayload/2-20)}
		must[[]ledger.Entry](t)(a.Append(t.Context(), desk, d))
	}
	if rows := Whole(t, b, desk); len(rows) != n {
		t.Errorf("%d rows, want %d", len(rows), n)
	}
}

// Whoever reads slowly holds nobody up, and may append meanwhile.
func slowReaders(t *testing.T, a, b ledger.Store) {
	must[[]ledger.Entry](t)(a.Append(t.Context(), desk, drafts(20)...))
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	n := 0
	for row, err := range a.Rows(ctx, desk, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; row.Seq != int64(n) {
			t.Fatalf("row %d is entry %d", n, row.Seq)
		}
		if n <= 10 {
			must[[]ledger.Entry](t)(a.Append(ctx, desk, Draft(n)))
			must[[]ledger.Entry](t)(b.Append(ctx, other, Draft(n)))
		}
		if n == 15 {
			break
		}
	}
	Whole(t, a, desk)
}

func checkpoints(t *testing.T, a, b ledger.Store) {
	entries := must[[]ledger.Entry](t)(a.Append(t.Context(), desk, drafts(5)...))
	at := func(i int) ledger.Head {
		return ledger.Head{Desk: desk, Seq: entries[i].Seq, LastID: entries[i].ID, Hash: entries[i].Hash}
	}
	for _, step := range []struct{ verified, want int }{{2, 2}, {4, 4}, {3, 4}, {4, 4}} {
		if err := a.Verified(t.Context(), at(step.verified)); err != nil {
			t.Fatal(err)
		}
		if got := must[ledger.Head](t)(b.Checkpoint(t.Context(), desk)); got != at(step.want) {
			t.Errorf("after %v the checkpoint is %v, want %v", at(step.verified), got, at(step.want))
		}
	}
	if got := must[ledger.Head](t)(b.Checkpoint(t.Context(), other)); got != (ledger.Head{Desk: other}) {
		t.Errorf("another desk's checkpoint is %v", got)
	}
}

// Appends are signalled within a second; a machine that is busy may miss that once, and not each time.
func changes(t *testing.T, a, b ledger.Store) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	both := []<-chan struct{}{a.Changed(ctx), a.Changed(ctx)}
	soonest := time.Hour
	for i, s := range []ledger.Store{b, a, b, b} {
		for _, changed := range both { // what is of earlier
			for waits(changed, 300*time.Millisecond) {
			}
		}
		must[[]ledger.Entry](t)(s.Append(t.Context(), desk, Draft(i)))
		start := time.Now()
		for _, changed := range both {
			if !waits(changed, 10*time.Second) {
				t.Fatalf("append %d is not signalled", i)
			}
		}
		if s == b {
			soonest = min(soonest, time.Since(start))
		}
	}
	if soonest > time.Second {
		t.Errorf("the soonest signal came after %v, want it within a second", soonest)
	}
	end()
	for _, changed := range both {
		for open := true; open; {
			select {
			case _, open = <-changed:
			case <-time.After(10 * time.Second):
				t.Fatal("the channel is not closed when its context ends")
			}
		}
	}
}

// waits reports whether there is a signal within a time.
func waits(changed <-chan struct{}, atMost time.Duration) bool {
	select {
	case <-changed:
		return true
	case <-time.After(atMost):
		return false
	}
}

func endedContext(t *testing.T, a, b ledger.Store) {
	must[[]ledger.Entry](t)(a.Append(t.Context(), desk, drafts(3)...))
	ctx, end := context.WithCancel(t.Context())
	end()
	_, appending := a.Append(ctx, desk, Draft(9))
	_, appendingAt := a.AppendAt(ctx, must[ledger.Head](t)(b.Head(t.Context(), desk)), Draft(9))
	_, heading := a.Head(ctx, desk)
	var reading error
	for _, reading = range a.Rows(ctx, desk, 0) {
		break
	}
	for what, err := range map[string]error{
		"Append": appending, "AppendAt": appendingAt, "Head": heading, "Rows": reading, "Verified": a.Verified(ctx, ledger.Head{Desk: desk}),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v", what, err)
		}
	}
	if rows := Whole(t, b, desk); len(rows) != 3 {
		t.Errorf("%d rows, want 3", len(rows))
	}
}

// An append whose context ends in the middle either is acknowledged or left nothing.
func anyTime(t *testing.T, a, b ledger.Store) {
	acknowledged := 0
	for i := range 30 {
		ctx, end := context.WithTimeout(t.Context(), time.Duration(i)*150*time.Microsecond)
		entries, err := a.Append(ctx, desk, Draft(i), Draft(i+1))
		end()
		if acknowledged += len(entries); (err == nil) != (len(entries) == 2) {
			t.Errorf("%d entries with %v", len(entries), err)
		}
	}
	if rows := Whole(t, b, desk); len(rows) != acknowledged {
		t.Errorf("%d rows, %d were acknowledged", len(rows), acknowledged)
	}
}
