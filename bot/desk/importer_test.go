package desk_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// importer returns what imports into the newsroom's desks, by ana.
func (n *newsroom) importer() *desk.Importer {
	return &desk.Importer{Ledger: n.Ledger, Shared: n.Snapshot(""), Editors: n.Editors, Now: n.Now}
}

// takeIn imports a chain whole.
func (n *newsroom) takeIn(t *testing.T, into knowledge.DeskID, chain []ledger.Entry) (*desk.ImportPlan, []ledger.Entry, error) {
	t.Helper()
	plan, err := n.importer().Prepare(t.Context(), desk.Import{Desk: into, Author: ana, Reason: "moved", From: headOf(chain), Entries: chain})
	if err != nil {
		return nil, nil, err
	}
	entries, err := n.importer().Do(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	return plan, entries, nil
}

func headOf(chain []ledger.Entry) ledger.Head {
	if len(chain) == 0 {
		return ledger.Head{Desk: knowledge.DefaultDesk}
	}
	e := chain[len(chain)-1]
	return ledger.Head{Desk: e.Desk, Seq: e.Seq, LastID: e.ID, Hash: e.Hash}
}

// chain returns a desk's chain, which must hold.
func (n *newsroom) chain(t *testing.T, id knowledge.DeskID) []ledger.Entry {
	t.Helper()
	var chain []ledger.Entry
	for e, err := range ledger.Follow(ledger.Head{Desk: id}, n.Ledger.Rows(t.Context(), id, 0)) {
		if err != nil {
			t.Fatal(err)
		}
		chain = append(chain, e)
	}
	return chain
}

// worked returns a newsroom whose desk recorded an assessment, a withdrawal and an event.
func worked(t *testing.T) *newsroom {
	t.Helper()
	n := newNewsroom(t)
	for _, payload := range []any{
		assessment(func(*ledger.Assessment) {}),
		ledger.Withdrawal{Of: 1},
		ledger.Event{Country: "COL", On: 2026_08_07, Kind: "leader", Text: "Took office.", Source: page},
	} {
		if _, err := n.record(t, payload); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

func sameEntries(a, b []ledger.Entry) bool {
	return slices.EqualFunc(a, b, func(a, b ledger.Entry) bool { return bytes.Equal(a.Bytes, b.Bytes) && a.Hash == b.Hash })
}

// Into an empty desk of the same name the chain comes out to the byte; the entry behind it tells of the move.
func TestAnImportedChainHasTheSameBytes(t *testing.T) {
	from, to := worked(t), newNewsroom(t)
	chain := from.chain(t, "main")
	plan, entries, err := to.takeIn(t, "main", chain)
	if err != nil || len(plan.New) != 3 || plan.Known != 0 || len(entries) != 4 {
		t.Fatalf("plan %+v, %d entries, %v", plan, len(entries), err)
	}
	got := to.chain(t, "main")
	if !sameEntries(got[:3], chain) {
		t.Error("the chains differ")
	}
	move, err := ledger.Decode[ledger.Move](&got[3])
	if err != nil || got[3].Kind != ledger.LedgerImported || got[3].Author != string(ana) || got[3].ID != 4 || got[3].Reason != "moved" ||
		*move != (ledger.Move{From: "main", Entries: 3, Head: chain[2].Hash}) {
		t.Errorf("the move is %+v, %+v, %v", got[3], move, err)
	}
}

func TestImportingAgainFindsNothingNew(t *testing.T) {
	from, to := worked(t), newNewsroom(t)
	chain := from.chain(t, "main")
	if _, _, err := to.takeIn(t, "main", chain[:2]); err != nil { // as exported earlier
		t.Fatal(err)
	}
	before := to.chain(t, "main")
	plan, entries, err := to.takeIn(t, "main", chain[:2])
	if err != nil || len(plan.New) != 0 || plan.Known != 2 || len(entries) != 0 || !sameEntries(to.chain(t, "main"), before) {
		t.Errorf("again: plan %+v, entries %v, %v", plan, entries, err)
	}
}

// An entry that the other desk recorded since has an id that this one gave to the move: each is told, and nothing is done.
func TestOtherEntriesByTheSameIDsRefuseTheImport(t *testing.T) {
	from, to := worked(t), newNewsroom(t)
	chain := from.chain(t, "main")
	for range 2 { // D-1 and D-2 of its own
		if _, err := to.record(t, ledger.Event{Country: "PER", On: 2026_07_28, Kind: "leader", Text: "Took office.", Source: page}); err != nil {
			t.Fatal(err)
		}
	}
	before := to.chain(t, "main")
	_, _, err := to.takeIn(t, "main", chain)
	refused := (*desk.ConflictError)(nil)
	if !errors.As(err, &refused) || len(refused.Conflicts) != 2 || refused.Conflicts[0].ID != 1 || refused.Conflicts[1].ID != 2 ||
		!slices.Equal(refused.Conflicts[0].Fields, []string{"kind", "payload"}) {
		t.Fatalf("error is %v, %+v", err, refused)
	}
	if !strings.Contains(err.Error(), "D-1: desk main has another entry by that id, with another kind, payload") || !strings.Contains(err.Error(), "\nD-2: ") {
		t.Errorf("error is %v", err)
	}
	if !sameEntries(to.chain(t, "main"), before) {
		t.Error("something was imported")
	}
}

// What the desk lacks is taken in around what it has, at the end of its chain.
func TestAnImportFillsWhatIsMissing(t *testing.T) {
	from, to := worked(t), newNewsroom(t)
	chain := from.chain(t, "main")
	if _, err := to.Ledger.Append(t.Context(), "main", chain[2].Draft()); err != nil {
		t.Fatal(err)
	}
	plan, _, err := to.takeIn(t, "main", chain)
	if err != nil || len(plan.New) != 2 || plan.Known != 1 {
		t.Fatalf("plan %+v, %v", plan, err)
	}
	var ids []ledger.ID
	for _, e := range to.chain(t, "main") {
		ids = append(ids, e.ID)
	}
	if !slices.Equal(ids, []ledger.ID{3, 1, 2, 4}) {
		t.Errorf("ids are %v", ids)
	}
}

func TestAnotherDeskTakesTheEntries(t *testing.T) {
	n := worked(t)
	if _, _, err := n.takeIn(t, "other", n.chain(t, "main")); err != nil {
		t.Fatal(err)
	}
	chain := n.chain(t, "other")
	if move, err := ledger.Decode[ledger.Move](&chain[3]); err != nil || move.From != "main" || chain[0].Author != string(ana) {
		t.Errorf("move %+v, %v", move, err)
	}
	if len(n.chain(t, "main")) != 3 {
		t.Error("the other desk has other entries than before")
	}
}

func TestOnlyEditorsImport(t *testing.T) {
	from, to := worked(t), newNewsroom(t)
	_, err := to.importer().Prepare(t.Context(), desk.Import{Desk: "main", Author: "console:eve", Entries: from.chain(t, "main")})
	if not := (*desk.NotEditorError)(nil); !errors.As(err, &not) || not.Author != "console:eve" {
		t.Errorf("error is %v, want a NotEditorError", err)
	}
}

// What could not be read once it is in the chain would keep the whole desk from answering: it does not come in.
func TestWhatCannotBeReadIsNotImported(t *testing.T) {
	to := newNewsroom(t)
	for name, tt := range map[string]struct {
		draft ledger.Draft
		says  string
	}{
		"a payload of another form": {ledger.Draft{Kind: ledger.EventRecorded, Payload: map[string]any{"land": "COL"}}, "D-1: "},
		"a vote on no roll call":    {ledger.Draft{Kind: ledger.VoteRecorded, Payload: ledger.Vote{RollCall: "99/1", Country: "PER", Position: knowledge.Yes, Source: page}}, "no roll call here"},
	} {
		tt.draft.At, tt.draft.Author = to.now, string(ana)
		e, _, err := ledger.Head{Desk: "main"}.Next(tt.draft)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = to.takeIn(t, "main", []ledger.Entry{e})
		if invalid := (*desk.InvalidError)(nil); !errors.As(err, &invalid) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: error is %v, want …%s…", name, err, tt.says)
		}
	}
	if chain := to.chain(t, "main"); len(chain) != 0 {
		t.Errorf("%d entries came in", len(chain))
	}
	later := ledger.Draft{At: to.now, Author: string(ana), Kind: "kind_of_later", Payload: map[string]any{"a": 1}}
	e, _, err := ledger.Head{Desk: "main"}.Next(later)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := to.takeIn(t, "main", []ledger.Entry{e}); err != nil {
		t.Errorf("a newer kind of entry is not carried along: %v", err)
	}
}

// What was shown is what is done: where the desk recorded something since the import was prepared, nothing is imported.
func TestWhatADeskRecordsMeanwhileEndsAnImport(t *testing.T) {
	from, to := worked(t), newNewsroom(t)
	chain := from.chain(t, "main")
	for _, already := range []int{0, 1, 2} { // into an empty desk, and into one that has a part
		if already > 0 {
			if _, err := to.Ledger.Append(t.Context(), "main", chain[already-1].Draft()); err != nil {
				t.Fatal(err)
			}
		}
		plan, err := to.importer().Prepare(t.Context(), desk.Import{Desk: "main", Author: ana, From: headOf(chain), Entries: chain})
		if err != nil || len(plan.New) != 3-already {
			t.Fatalf("plan %+v, %v", plan, err)
		}
		note := ledger.Draft{ID: ledger.ID(50 + already), At: to.now, Author: string(ana), Kind: "note", Payload: map[string]any{}}
		if _, err := to.Ledger.Append(t.Context(), "main", note); err != nil {
			t.Fatal(err)
		}
		before := to.chain(t, "main")
		_, err = to.importer().Do(t.Context(), plan)
		if moved := (*ledger.MovedError)(nil); !errors.As(err, &moved) {
			t.Errorf("%d already: error is %v, want a MovedError", already, err)
		}
		if !sameEntries(to.chain(t, "main"), before) {
			t.Errorf("%d already: something was imported", already)
		}
	}
	if _, entries, err := to.takeIn(t, "main", chain); err != nil || len(entries) != 2 {
		t.Errorf("prepared anew: %d entries, %v", len(entries), err)
	}
}

// A file that was made by hand has hashes that hold, and may yet bring what would move a terminal's cursor.
func TestWhatDoesNotShowIsNotImported(t *testing.T) {
	to := newNewsroom(t)
	for name, change := range map[string]func(*ledger.Head, *ledger.Draft){
		"desk":    func(h *ledger.Head, _ *ledger.Draft) { h.Desk = "ma\x1b[2Kin" },
		"author":  func(_ *ledger.Head, d *ledger.Draft) { d.Author = "console:\u202eana" },
		"kind":    func(_ *ledger.Head, d *ledger.Draft) { d.Kind = "note\nD-1" },
		"reason":  func(_ *ledger.Head, d *ledger.Draft) { d.Reason = "\x1b]0;title\a" },
		"payload": func(_ *ledger.Head, d *ledger.Draft) { d.Payload = map[string]any{"list": []string{"one", "\x1b[1m"}} },
		"key":     func(_ *ledger.Head, d *ledger.Draft) { d.Payload = map[string]any{"\x1b[1m": 1} },
	} {
		head, d := ledger.Head{Desk: "main"}, ledger.Draft{At: to.now, Author: string(ana), Kind: "note", Payload: map[string]any{"text": "two\nlines"}}
		change(&head, &d)
		e, from, err := head.Next(d)
		if err != nil {
			t.Fatal(err)
		}
		_, err = to.importer().Prepare(t.Context(), desk.Import{Desk: "main", Author: ana, From: from, Entries: []ledger.Entry{e}})
		if invalid := (*desk.InvalidError)(nil); !errors.As(err, &invalid) || len(invalid.Problems) != 1 || strings.ContainsAny(err.Error(), "\x1b\n\u202e") {
			t.Errorf("%s: error is %q", name, err)
		}
	}
}
