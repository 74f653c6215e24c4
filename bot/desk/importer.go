package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

// An Importer takes entries of another ledger into a desk's. They keep their ids, times and authors; that they came, from
// where and by whom, is an entry behind them.
type Importer struct {
	Ledger  ledger.Store
	Shared  *core.Core // the shared records, over which what the desk then recorded must lie
	Editors Editors
	Now     func() time.Time // the running clock
}

// An Import is what an editor wants taken in. The entries were held against their chain, up to the head that they come from.
type Import struct {
	Desk    knowledge.DeskID // into which
	Author  Author
	Reason  string
	From    ledger.Head
	Entries []ledger.Entry
}

// An ImportPlan is an import that was checked. It is shown before it is done.
type ImportPlan struct {
	Import Import
	New    []ledger.Entry // those that the desk does not have, in their order
	Known  int            // how many it has already
	Behind ledger.Head    // the end of the desk's chain that they were held against
}

// A Conflict is an entry whose id the desk has given to another one.
type Conflict struct {
	ID     ledger.ID
	Fields []string // in which the two differ
}

// A ConflictError tells each entry that keeps an import from being done. Nothing was.
type ConflictError struct {
	Desk      knowledge.DeskID
	Conflicts []Conflict
}

// Error tells each conflict on a line of its own.
func (e *ConflictError) Error() string {
	var b strings.Builder
	for _, c := range e.Conflicts {
		fmt.Fprintf(&b, "%s: desk %s has another entry by that id, with another %s\n", c.ID, e.Desk, strings.Join(c.Fields, ", "))
	}
	return b.String() + "nothing was imported: import into another desk, or record anew what is missing here"
}

// Prepare holds an import against what the desk has. It fails with a *NotEditorError, with a *ConflictError, or with an
// *InvalidError for what could not be read once it is there, or would show on a terminal as something else.
func (i *Importer) Prepare(ctx context.Context, in Import) (*ImportPlan, error) {
	if !i.Editors.Has(in.Author) {
		return nil, &NotEditorError{in.Author}
	}
	check := &problems{}
	check.text("field.reason", in.Reason, false)
	check.shown(string(in.Desk), "field.desk")
	check.shown(string(in.From.Desk), "field.desk")
	replayer := ledger.NewReplayer(in.Desk)
	here, end, err := i.entries(ctx, in.Desk, replayer)
	if err != nil {
		return nil, err
	}
	plan, refused := &ImportPlan{Import: in, Behind: end}, &ConflictError{Desk: in.Desk}
	for k := range in.Entries {
		e := &in.Entries[k]
		held := here[e.ID]
		if held == nil {
			plan.New = append(plan.New, *e)
			check.entry(e)
			if err := replayer.Add(e); err != nil {
				check.add("field.entry", "problem.unreadable", "entry", e.ID, "why", phrases.English(err.Error()))
			}
		} else if fields := differ(held, e); len(fields) > 0 {
			refused.Conflicts = append(refused.Conflicts, Conflict{e.ID, fields})
		} else {
			plan.Known++
		}
	}
	if len(refused.Conflicts) > 0 {
		return nil, refused
	}
	if _, err := i.Shared.With(replayer.Overlay()); err != nil {
		check.add("field.entries", "problem.overlay", "why", phrases.English(err.Error()))
	}
	return plan, check.err()
}

// entries returns what the desk has and where its chain ends, and replays it.
func (i *Importer) entries(ctx context.Context, desk knowledge.DeskID, r *ledger.Replayer) (map[ledger.ID]*ledger.Entry, ledger.Head, error) {
	here, end := map[ledger.ID]*ledger.Entry{}, ledger.Head{Desk: desk}
	for e, err := range ledger.Follow(end, i.Ledger.Rows(ctx, desk, 0)) {
		if err != nil {
			return nil, end, err
		}
		if err := r.Add(&e); err != nil {
			return nil, end, err
		}
		here[e.ID] = &e
		end = ledger.Head{Desk: desk, Seq: e.Seq, LastID: max(end.LastID, e.ID), Hash: e.Hash}
	}
	return here, end, nil
}

// entry checks what readers will see of an entry. A Recorder lets no sign through that controls a terminal, and a file
// that was made by hand shall not bring one.
func (p *problems) entry(e *ledger.Entry) {
	for _, text := range []string{e.Author, string(e.Kind), e.Reason} {
		p.shown(text, "field.entry", "entry", e.ID)
	}
	if strings.ContainsFunc(unescaped(e.Payload), func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }) {
		p.add("field.entry", "problem.unshown", "entry", e.ID)
	}
}

// shown checks a text of a field, which pairs may name.
func (p *problems) shown(text, field string, pairs ...any) {
	if strings.ContainsFunc(text, hidden) {
		p.add(field, "problem.unshown", pairs...)
	}
}

// unescaped returns the texts of a payload, keys and values, as they are read.
func unescaped(payload json.RawMessage) string {
	var b strings.Builder
	for dec := json.NewDecoder(bytes.NewReader(payload)); ; {
		token, err := dec.Token()
		if err != nil { // the end: a payload is JSON
			return b.String()
		}
		if text, ok := token.(string); ok {
			b.WriteString(text)
		}
	}
}

// differ names the fields in which two entries differ. Desk and place are none: an entry that was moved has others.
func differ(a, b *ledger.Entry) []string {
	var fields []string
	for _, f := range []struct {
		name string
		same bool
	}{
		{"time", a.At.Equal(b.At)},
		{"author", a.Author == b.Author},
		{"kind", a.Kind == b.Kind},
		{"reason", a.Reason == b.Reason},
		{"payload", bytes.Equal(a.Payload, b.Payload)},
	} {
		if !f.same {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// Do appends what is new and, behind it, the entry that tells of the import; all of it or nothing. It returns the entries.
// Where there is nothing new it appends nothing. Where the desk recorded something since Prepare it is a
// *ledger.MovedError: what was shown is not what would come of it.
func (i *Importer) Do(ctx context.Context, p *ImportPlan) ([]ledger.Entry, error) {
	if len(p.New) == 0 {
		return nil, nil
	}
	drafts := make([]ledger.Draft, 0, len(p.New)+1)
	for k := range p.New {
		drafts = append(drafts, p.New[k].Draft())
	}
	in := &p.Import
	drafts = append(drafts, ledger.Draft{
		At: i.Now(), Author: string(in.Author), Kind: ledger.LedgerImported, Reason: in.Reason,
		Payload: ledger.Move{From: in.From.Desk, Entries: len(p.New), Head: in.From.Hash},
	})
	return i.Ledger.AppendAt(ctx, p.Behind, drafts...)
}
