package desk

import (
	"cmp"
	"context"
	"slices"
	"time"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
)

// Itself is the author of what the program records by itself.
const Itself = "stancebot"

// A Clerk records what the program notices by itself: labels that went stale, records that a new version of the corpus
// changed. Each is noted once, however many processes notice it.
type Clerk struct {
	Ledger   ledger.Store
	Versions Versions
	Snapshot func(knowledge.DeskID) *core.Core
	Now      func() time.Time     // the running clock
	Today    func() knowledge.Day // the calendar of answers
}

// A Lapse is the payload of an entry of the kind label_stale: a label, and the rule by which it is stale from now on.
type Lapse struct {
	Country knowledge.Country   `json:"country"`
	Axis    knowledge.Axis      `json:"axis"`
	Label   knowledge.Label     `json:"label"`
	Since   knowledge.Day       `json:"since"`
	Claims  []string            `json:"claims"` // receipts of the label
	Rule    knowledge.StaleKind `json:"rule"`
	Causes  []string            `json:"causes"` // receipts of what makes it stale
}

// A lapseKey tells lapses apart: one for each label and rule.
type lapseKey struct {
	country knowledge.Country
	axis    knowledge.Axis
	label   knowledge.Label
	since   knowledge.Day
	rule    knowledge.StaleKind
}

func (l *Lapse) key() lapseKey { return lapseKey{l.Country, l.Axis, l.Label, l.Since, l.Rule} }

// NoteStale records which labels of a desk went stale, each once for each rule, and returns how many it recorded.
func (c *Clerk) NoteStale(ctx context.Context, desk knowledge.DeskID) (int, error) {
	return c.decide(ctx, desk, func(entries []ledger.Entry) ([]ledger.Draft, error) {
		noted := map[lapseKey]bool{}
		for i := range entries {
			if e := &entries[i]; e.Kind == ledger.LabelStale {
				l, err := ledger.Decode[Lapse](e)
				if err != nil {
					return nil, err
				}
				noted[l.key()] = true
			}
		}
		var drafts []ledger.Draft
		for _, l := range c.lapses(desk) {
			if k := l.key(); !noted[k] {
				noted[k] = true
				drafts = append(drafts, ledger.Draft{At: c.Now(), Author: Itself, Kind: ledger.LabelStale, Payload: l})
			}
		}
		return drafts, nil
	})
}

// lapses returns the labels that are stale today, by country.
func (c *Clerk) lapses(desk knowledge.DeskID) []Lapse {
	snapshot, today := c.Snapshot(desk), c.Today()
	var all []Lapse
	for _, country := range places.Members() {
		a := snapshot.Answer(knowledge.Query{
			Desk: desk, Intent: knowledge.IntentStance, Countries: []knowledge.Country{country}, Today: today,
		})
		for i := range a.Stances {
			all = append(all, lapsesOf(&a.Stances[i])...)
		}
	}
	return all
}

func lapsesOf(s *knowledge.Stance) []Lapse {
	var all []Lapse
	for _, l := range s.Labels {
		for i := range s.Stale {
			st := &s.Stale[i]
			if l.Assessment == nil || l.Label() == knowledge.Unstated || !l.Assessment.TouchedBy(st.Day()) {
				continue // where the source states nothing, nothing goes stale
			}
			all = append(all, Lapse{
				Country: s.Country, Axis: l.Axis, Label: l.Label(), Since: l.Assessment.Since, Claims: l.Assessment.Claims,
				Rule: st.Kind, Causes: st.Causes(),
			})
		}
	}
	return all
}

// A Version is the shared records as a desk last saw them.
type Version struct {
	Version string
	Records map[RecordID]string // fingerprints
}

// A RecordID tells a shared record apart: its id, within its file.
type RecordID struct{ File, ID string }

// Versions keeps the version that each desk saw last. Implementations pass the suite in adapters/adaptertest.
type Versions interface {
	// Seen returns what a desk saw last, or nil where it has seen none.
	Seen(ctx context.Context, desk knowledge.DeskID) (*Version, error)
	// Save keeps what a desk saw.
	Save(ctx context.Context, desk knowledge.DeskID, v *Version) error
}

// A RecordChange is the payload of an entry of the kind record_changed.
type RecordChange struct {
	File   string `json:"file"`
	ID     string `json:"id"`
	Change string `json:"change"` // added, changed or removed
	From   string `json:"from"`   // the versions of the shared records
	To     string `json:"to"`
}

// NoteVersion records which shared records differ from those that a desk saw last, an entry for each, and returns how many
// it recorded. The first version that a desk sees is where it begins, and nothing is recorded. When a process dies
// between the entries and the mark that they are there, the next one finds them in the ledger.
func (c *Clerk) NoteVersion(ctx context.Context, desk knowledge.DeskID, now *Version) (int, error) {
	seen, err := c.Versions.Seen(ctx, desk)
	if err != nil || seen != nil && seen.Version == now.Version {
		return 0, err
	}
	n := 0
	if seen != nil {
		if n, err = c.noteChanges(ctx, desk, seen, now); err != nil {
			return n, err
		}
	}
	return n, c.Versions.Save(ctx, desk, now)
}

func (c *Clerk) noteChanges(ctx context.Context, desk knowledge.DeskID, seen, now *Version) (int, error) {
	return c.decide(ctx, desk, func(entries []ledger.Entry) ([]ledger.Draft, error) {
		if last, err := lastChange(entries); err != nil || last != nil && last.From == seen.Version && last.To == now.Version {
			return nil, err
		}
		var drafts []ledger.Draft
		for _, change := range changes(seen, now) {
			drafts = append(drafts, ledger.Draft{At: c.Now(), Author: Itself, Kind: ledger.RecordChanged, Payload: change})
		}
		return drafts, nil
	})
}

// lastChange returns the last change that is noted, or nil.
func lastChange(entries []ledger.Entry) (*RecordChange, error) {
	for i := len(entries) - 1; i >= 0; i-- {
		if entries[i].Kind == ledger.RecordChanged {
			return ledger.Decode[RecordChange](&entries[i])
		}
	}
	return nil, nil //nolint:nilnil // none is noted
}

// changes lists what differs between two versions, in the order of files and ids.
func changes(seen, now *Version) []RecordChange {
	var list []RecordChange
	add := func(id RecordID, what string) {
		list = append(list, RecordChange{File: id.File, ID: id.ID, Change: what, From: seen.Version, To: now.Version})
	}
	for id, fingerprint := range now.Records {
		switch was, ok := seen.Records[id]; {
		case !ok:
			add(id, "added")
		case was != fingerprint:
			add(id, "changed")
		}
	}
	for id := range seen.Records {
		if _, ok := now.Records[id]; !ok {
			add(id, "removed")
		}
	}
	slices.SortFunc(list, func(a, b RecordChange) int { return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.ID, b.ID)) })
	return list
}

// decide appends what is decided by the entries of a desk, and returns how many entries.
func (c *Clerk) decide(ctx context.Context, desk knowledge.DeskID, decision func([]ledger.Entry) ([]ledger.Draft, error)) (int, error) {
	appended, err := decideOn(ctx, c.Ledger, desk, func(_ ledger.Head, entries []ledger.Entry) ([]ledger.Draft, error) { return decision(entries) })
	return len(appended), err
}
