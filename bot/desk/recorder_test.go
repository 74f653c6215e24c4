package desk_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus/corpustest"
	"stancebot/knowledge/ledger"
)

const (
	today knowledge.Day = 2026_11_23
	page                = "https://example.org/page"
	ana                 = desk.Author("console:ana")
)

// A newsroom is a recorder over an empty ledger, whose snapshots follow it.
type newsroom struct {
	*desk.Recorder
	follower *ledger.Follower
	now      time.Time
}

// shared is the snapshot of the shipped records, which none changes: to build it takes longer than most tests do.
var shared struct {
	sync.Once
	core *core.Core
}

func shipped(t *testing.T) *core.Core {
	t.Helper()
	shared.Do(func() {
		snapshot, err := core.Build(corpustest.Records(t))
		if err != nil {
			t.Fatal(err)
		}
		shared.core = snapshot
	})
	if shared.core == nil {
		t.Fatal("the records do not load")
	}
	return shared.core
}

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	shared := shipped(t)
	db := storetest.Open(t, "sqlite::memory:")
	holder := core.NewHolder(shared)
	n := &newsroom{now: today.Time().Add(9 * time.Hour)}
	n.Recorder = &desk.Recorder{
		Ledger: storedledger.New(db), Snapshot: holder.Core, Editors: desk.Editors{ana}, Now: func() time.Time { return n.now },
		Today: func() knowledge.Day { return today },
	}
	n.follower = ledger.NewFollower(n.Ledger, holder.Lay, nil)
	return n
}

func (n *newsroom) record(t *testing.T, payload any) (ledger.Entry, error) {
	t.Helper()
	plan, err := n.Prepare(desk.Change{Desk: knowledge.DefaultDesk, Author: ana, Payload: payload})
	if err != nil {
		return ledger.Entry{}, err
	}
	e, err := n.Do(t.Context(), plan)
	if err != nil {
		t.Fatal(err)
	}
	if err := n.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return e, nil
}

func assessment(change func(*ledger.Assessment)) ledger.Assessment {
	a := ledger.Assessment{Country: "BOL", Axis: knowledge.TowardRussia, Label: knowledge.LeaningAdversary, Since: 2025_11_08, Source: page, Note: "ties restored"}
	change(&a)
	return a
}

// A refusal is what may not be recorded, and what is said of it.
type refusal struct {
	name    string
	payload any
	says    string // field and a word of what is wrong
}

// refusing returns a newsroom that recorded an assessment, an event, and another that it withdrew, and what it refuses.
func refusing(t *testing.T) (*newsroom, []refusal) {
	t.Helper()
	n := newNewsroom(t)
	event := ledger.Event{Country: "COL", On: 2026_08_07, Kind: "leader", Text: "Took office.", Source: page}
	member := ledger.Membership{Country: "PER", Group: "brics", Standing: knowledge.Member, From: 2026_01_01, Source: page}
	vote := ledger.Vote{RollCall: "80/223", Country: "PER", Position: knowledge.Yes, Source: page}
	with := func(change func(*ledger.Event)) ledger.Event { e := event; change(&e); return e }
	withMember := func(change func(*ledger.Membership)) ledger.Membership { m := member; change(&m); return m }
	for _, payload := range []any{assessment(func(*ledger.Assessment) {}), event, event, ledger.Withdrawal{Of: 3}} {
		if _, err := n.record(t, payload); err != nil {
			t.Fatal(err)
		}
	}
	return n, []refusal{
		{"no such country", assessment(func(a *ledger.Assessment) { a.Country = "XYZ" }), "country: \"XYZ\""},
		{"no country", assessment(func(a *ledger.Assessment) { a.Country = "" }), "country: there is none"},
		{"a country that does not show", assessment(func(a *ledger.Assessment) { a.Country = "X\u202e\n\"" }), `country: "X\u202e\n\"" is no member`},
		{"a pole", assessment(func(a *ledger.Assessment) { a.Country = "RUS" }), "country: Russia is a pole"},
		{"no such axis", assessment(func(a *ledger.Assessment) { a.Axis = "moscow" }), "axis: \"moscow\""},
		{"a label of the other axis", assessment(func(a *ledger.Assessment) { a.Label = knowledge.Hostile }), "label: \"hostile\""},
		{"a contested label", assessment(func(a *ledger.Assessment) { a.Label = knowledge.Contested }), "label: \"contested\""},
		{"unassessed", assessment(func(a *ledger.Assessment) { a.Label = knowledge.Unassessed }), "label: \"unassessed\""},
		{"no label", assessment(func(a *ledger.Assessment) { a.Label = "" }), "label: there is none: use one of ally, "},
		{"no day", assessment(func(a *ledger.Assessment) { a.Since = 0 }), "since: there is none"},
		{"the future", assessment(func(a *ledger.Assessment) { a.Since = 2026_11_24 }), "since: 24 Nov 2026 lies in the future"},
		{"before the records", assessment(func(a *ledger.Assessment) { a.Since = 2005_12_31 }), "since: 31 Dec 2005 is before the records begin: use a day from 1 Jan 2006 on"},
		{"no source", assessment(func(a *ledger.Assessment) { a.Source = "" }), "source: there is none"},
		{"a source that is no address", assessment(func(a *ledger.Assessment) { a.Source = "the foreign ministry" }), "source: it is no address"},
		{"a source of another scheme", assessment(func(a *ledger.Assessment) { a.Source = "javascript:alert(1)" }), "source: it is no address"},
		{"a source with a password", assessment(func(a *ledger.Assessment) { a.Source = "https://u:p@example.org/" }), "source: it is no address"},
		{"a long source", assessment(func(a *ledger.Assessment) { a.Source += "/" + strings.Repeat("x", 2_000) }), "source: it is too long: use an address of at most 2000 characters"},
		{"no such claim", assessment(func(a *ledger.Assessment) { a.Claims = []string{"BOL-99"} }), "claim: BOL-99 is no record"},
		{"a note with hidden characters", assessment(func(a *ledger.Assessment) { a.Note = "a\u202eb" }), "note: it holds characters"},
		{"a note of two lines", assessment(func(a *ledger.Assessment) { a.Note = "a\nb" }), "note: it holds characters"},
		{"a long note", assessment(func(a *ledger.Assessment) { a.Note = strings.Repeat("x", 501) }), "note: it is too long"},
		{"recorded already", assessment(func(*ledger.Assessment) {}), "label: it is recorded already, as D-1"},
		{"an event in the future", with(func(e *ledger.Event) { e.On = 2026_12_01 }), "on: 1 Dec 2026 lies in the future"},
		{"an event without a day", with(func(e *ledger.Event) { e.On = 0 }), "on: there is no date"},
		{"an event without words", with(func(e *ledger.Event) { e.Text = " " }), "text: it is empty"},
		{"an event of no kind", with(func(e *ledger.Event) { e.Kind = "party" }), "kind: \"party\""},
		{"an event against no claim", with(func(e *ledger.Event) { e.Against = []string{"F-02"} }), "against: F-02 is no claim"},
		{"no such group", withMember(func(m *ledger.Membership) { m.Group = "andean" }), "group: \"andean\""},
		{"no such standing", withMember(func(m *ledger.Membership) { m.Standing = "friend" }), "standing: \"friend\""},
		{"no start", withMember(func(m *ledger.Membership) { m.From = 0 }), "from: there is no date"},
		{"no such ending", withMember(func(m *ledger.Membership) { m.From, m.To, m.Ended = 2025_01_01, 2026_01_01, "fell" }), "ended: \"fell\""},
		{"an end before the start", withMember(func(m *ledger.Membership) { m.To = 2025_01_01 }), "to: 1 Jan 2025 is before 1 Jan 2026"},
		{"an ending without an end", withMember(func(m *ledger.Membership) { m.Ended = "left" }), "ended: it has no end"},
		{"a membership that is held", ledger.Membership{Country: "BOL", Group: "brics_partner", Standing: knowledge.Partner, From: 2025_01_01, Source: page}, "from: it is recorded already, as M:BOL:brics_partner:2025"},
		{"no such measure", ledger.Measure{Country: "PER", Measure: "frown", From: 2026_01_01, Source: page}, "measure: \"frown\""},
		{"no such roll call", func() ledger.Vote { v := vote; v.RollCall = "99/1"; return v }(), "resolution: \"99/1\""},
		{"no roll call", func() ledger.Vote { v := vote; v.RollCall = ""; return v }(), "resolution: there is none"},
		{"no such position", func() ledger.Vote { v := vote; v.Position = "maybe"; return v }(), "position: \"maybe\""},
		{"a vote that is held", ledger.Vote{RollCall: "ES-11/1", Country: "PER", Position: knowledge.Yes, Source: page}, "position: it is what the records hold"},
		{"nothing to withdraw", ledger.Withdrawal{Of: 99}, "id: D-99 is no entry"},
		{"what was withdrawn", ledger.Withdrawal{Of: 3}, "id: D-3 was withdrawn already, by D-4: nothing would change"},
		{"a withdrawal", ledger.Withdrawal{Of: 4}, "id: D-4 (withdrawal) cannot be withdrawn: "},
		{"a correction of no record", ledger.Correction{Of: "BRA-99", Text: "x", Source: page}, "id: \"BRA-99\" is no record"},
		{"a correction of a roll call", ledger.Correction{Of: "ES-11/1", Text: "x", Source: page}, "id: ES-11/1 says nothing in words"},
		{"a correction of what was withdrawn", ledger.Correction{Of: "D-3", Text: "x", Source: page}, "id: D-3 was withdrawn, by D-4: nothing rests"},
		{"a correction that changes nothing", ledger.Correction{Of: "D-2", Text: event.Text, Source: page}, "text: it is what the record says already"},
	}
}

func TestWhatIsRefused(t *testing.T) {
	n, refusals := refusing(t)
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			_, err := n.record(t, tt.payload)
			if invalid := (*desk.InvalidError)(nil); !errors.As(err, &invalid) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error is %v, want …%s…", err, tt.says)
			}
		})
	}
	if head, err := n.Ledger.Head(t.Context(), knowledge.DefaultDesk); err != nil || head.Seq != 4 {
		t.Errorf("after the refusals the chain ends at %d, %v", head.Seq, err)
	}
}

func TestEverythingThatIsWrongIsToldAtOnce(t *testing.T) {
	n := newNewsroom(t)
	_, err := n.Prepare(desk.Change{Desk: knowledge.DefaultDesk, Author: ana, Payload: ledger.Assessment{Country: "XYZ", Axis: "x", Source: "y"}})
	invalid := (*desk.InvalidError)(nil)
	if !errors.As(err, &invalid) || len(invalid.Problems) != 4 {
		t.Fatalf("error is %v, want one of country, axis, since and source", err)
	}
}

func TestOnlyEditorsRecord(t *testing.T) {
	n := newNewsroom(t)
	_, err := n.Prepare(desk.Change{Desk: knowledge.DefaultDesk, Author: "console:eve", Payload: assessment(func(*ledger.Assessment) {})})
	if not := (*desk.NotEditorError)(nil); !errors.As(err, &not) || not.Author != "console:eve" {
		t.Errorf("error is %v, want a NotEditorError", err)
	}
}

func TestFourEyesMakeAProposal(t *testing.T) {
	n := newNewsroom(t)
	n.FourEyes = true
	e, err := n.record(t, assessment(func(*ledger.Assessment) {}))
	if err != nil {
		t.Fatal(err)
	}
	p, err := ledger.Decode[ledger.Proposal](&e)
	if err != nil || e.Kind != ledger.Proposed || p.Kind != ledger.AssessmentRecorded || !strings.Contains(string(p.Payload), `"leaning_adversary"`) {
		t.Errorf("entry %s, proposal %+v, %v", e.Kind, p, err)
	}
	a := n.Snapshot(knowledge.DefaultDesk).Answer(knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{"BOL"}, Today: today})
	if a.Stances[0].Labels[0].Basis() == knowledge.BasisDesk {
		t.Error("a proposal changes an answer")
	}
}

func TestWhatIsRecordedAnswersAtOnceAndWithdrawnNoMore(t *testing.T) {
	n := newNewsroom(t)
	n.now = n.now.AddDate(1, 0, 0) // the running clock, not the calendar of answers, is what the ledger keeps
	label := func() knowledge.Labelled {
		a := n.Snapshot(knowledge.DefaultDesk).Answer(knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{"BOL"}, Today: today})
		return a.Stances[0].Labels[0]
	}
	plan, err := n.Prepare(desk.Change{Desk: knowledge.DefaultDesk, Author: ana, Payload: assessment(func(*ledger.Assessment) {})})
	if err != nil || plan.Before == nil || plan.Before.Label != knowledge.InTransition {
		t.Fatalf("plan %+v, %v; want the article's label before", plan, err)
	}
	e, err := n.record(t, plan.Change.Payload)
	if err != nil {
		t.Fatal(err)
	}
	if l := label(); l.Label() != knowledge.LeaningAdversary || l.Article == nil || l.Article.Label != knowledge.InTransition {
		t.Errorf("recorded: %s, article %+v", l.Label(), l.Article)
	}
	if _, err := n.record(t, ledger.Withdrawal{Of: e.ID}); err != nil {
		t.Fatal(err)
	}
	if l := label(); l.Label() != knowledge.InTransition {
		t.Errorf("withdrawn: %s", l.Label())
	}
	if _, err := n.record(t, ledger.Withdrawal{Of: e.ID}); err == nil || !strings.Contains(err.Error(), "withdrawn already, by D-2") {
		t.Errorf("withdrawn again: %v", err)
	}
	if _, err := n.record(t, ledger.Withdrawal{Of: 2}); err == nil || !strings.Contains(err.Error(), "cannot be withdrawn") {
		t.Errorf("the withdrawal withdrawn: %v", err)
	}
}

func TestEditors(t *testing.T) {
	var e desk.Editors
	if err := e.Decode(" slack:T1:U2, telegram:77 ,,console:ana"); err != nil || len(e) != 3 || !e.Has("slack:T1:U2") || e.Has("slack:T1") {
		t.Errorf("editors %v, %v", e, err)
	}
	for _, bad := range []string{"zoe", ":zoe", "zoe:", "zoe:a b", "zoe::"} {
		if err := e.Decode("console:ana," + bad); err == nil || strings.Contains(err.Error(), bad) {
			t.Errorf("%q: %v; want an error that does not show it", bad, err)
		}
	}
}
