package digest_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if bottest.Update() {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got; run with -update when the change is meant):\n%s", diff)
	}
}

func label(country knowledge.Country, l knowledge.Label, since knowledge.Day, note string) ledger.Assessment {
	return ledger.Assessment{Country: country, Axis: knowledge.TowardRussia, Label: l, Since: since, Source: page, Claims: []string{"ARG-03"}, Note: note}
}

func lapse(country knowledge.Country, axis knowledge.Axis, l knowledge.Label, rule knowledge.StaleKind, claims, causes []string) desk.Lapse {
	return desk.Lapse{Country: country, Axis: axis, Label: l, Since: 2025_10_16, Claims: claims, Rule: rule, Causes: causes}
}

// A note is what an entry records, and why.
type note struct {
	reason  string
	payload any
}

// What each kind of change says, in English.
func TestWhatAChangeSays(t *testing.T) {
	southern := digest.Filter{Group: "southern_cone"}
	of := func(countries ...knowledge.Country) digest.Filter { return digest.Filter{Countries: countries} }
	tests := []struct {
		name  string
		about digest.Filter
		after int64
		notes []note
	}{
		{"label", southern, 0, []note{{"agreed at the desk", label("ARG", knowledge.Neutral, 2026_11_20, "the new foreign minister reopened talks")}}},
		{"label_first", of(), 0, []note{{"", label("GUY", knowledge.Neutral, 2026_11_20, "")}}},
		{"label_kept", of("ARG"), 0, []note{{"", label("ARG", knowledge.LeaningAdversary, 2026_11_20, "")}}},
		{"label_past", southern, 0, []note{{"found in the archive", label("ARG", knowledge.LeaningAlly, 2014_07_12, "")}}},
		{"label_again", of("ARG"), 0, []note{
			{"", label("ARG", knowledge.Neutral, 2026_11_20, "")}, {"", label("ARG", knowledge.LeaningAlly, 2026_11_21, "")}, {"", ledger.Withdrawal{Of: 1}},
		}},
		{"event", of(), 0, []note{{"", ledger.Event{Country: "COL", On: 2026_08_07, Kind: "leader", Text: "The new president took office.", Source: page, Against: []string{"COL-02"}}}}},
		{"membership", digest.Filter{Group: "brics"}, 0, []note{{"", ledger.Membership{Country: "ARG", Group: "brics", Standing: knowledge.Invited, From: 2026_11_19, Source: page, Note: "asked again"}}}},
		{"measure", of(), 0, []note{{"announced by the ministry", ledger.Measure{Country: "PER", Measure: "visa_free_with_russia", From: 2026_11_00, Source: page}}}},
		{"cell", of(), 0, []note{{"", ledger.Vote{RollCall: "ES-11/7", Country: "VEN", Position: knowledge.Abstain, Source: page, Note: "its own statement"}}}},
		{"withdrawal", of(), 1, []note{{"", label("ARG", knowledge.Neutral, 2026_11_20, "")}, {"the source withdrew its report", ledger.Withdrawal{Of: 1}}}},
		{"withdrawal_within", of(), 0, []note{{"", label("ARG", knowledge.Neutral, 2026_11_20, "")}, {"a slip", ledger.Withdrawal{Of: 1}}}},
		{"correction", of(), 0, []note{{"the vote was on 3 March", ledger.Correction{Of: "PER-05", Country: "PER", Was: "It voted on 2 March.", Text: "It voted on 3 March.", Source: page}}}},
		{"stale", of(), 0, []note{
			{"", lapse("PER", knowledge.TowardRussia, knowledge.LeaningAdversary, knowledge.LeaderLeft, []string{"PER-05"}, []string{"F-02", "E:PER:2025-10-10"})},
			{"", lapse("PER", knowledge.TowardWashington, knowledge.Aligned, knowledge.LeaderLeft, []string{"PER-08"}, []string{"F-02", "E:PER:2025-10-10"})},
		}},
		{"records", of(), 0, []note{
			{"", changed("agreement.csv", "A:ARG:2025", "added")},
			{"", changed("checks.yaml", "F-02", "changed")},
			{"", changed("countries/PER.yaml", "PER.russia", "changed")},
			{"", changed("events.yaml", "E:PER:2025-10-10", "added")},
			{"", changed("sources.yaml", "1lurer-2023-02-15", "removed")},
		}},
		{"records_of_one", of("PER"), 0, []note{
			{"", changed("agreement.csv", "A:ARG:2025", "added")}, {"", changed("checks.yaml", "F-02", "changed")}, {"", changed("disputes.yaml", "ES-11/4 PER", "added")},
		}},
		{"record_rollcall", of(), 0, []note{{"", changed("rollcalls/es-11-7.yaml", "ES-11/7", "added")}}},
		{"empty", southern, 0, []note{{"", ledger.Proposal{Kind: ledger.EventRecorded}}, {"", ledger.Move{From: "other", Entries: 1}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := newNewsroom(t)
			for _, note := range tt.notes {
				n.record(t, note.reason, note.payload)
			}
			golden(t, tt.name, text(n.Compose(n.occasion(t, tt.about, tt.after))))
		})
	}
}

func changed(file, id, change string) desk.RecordChange {
	return desk.RecordChange{File: file, ID: id, Change: change, From: "v1", To: "v2"}
}

// What an imported roll call shows: nothing where its meaning is not rated, and else who left the usual side, and an axis split.
func TestWhatARollCallShows(t *testing.T) {
	n := newNewsroom(t)
	left := n.usual()
	left["ARG"], left["PRY"], left["USA"] = knowledge.Abstain, knowledge.Abstain, knowledge.No
	tests := []struct {
		name  string
		about digest.Filter
		call  ledger.RollCall
	}{
		{"rollcall_unrated", digest.Filter{Countries: []knowledge.Country{"ARG", "CHL"}}, n.rollCall(knowledge.Unrated, left)},
		{"rollcall_mixed", digest.Filter{}, n.rollCall(knowledge.MixedMeaning, left)},
		{"rollcall_sides", digest.Filter{Group: "southern_cone"}, n.rollCall(knowledge.AgainstRussia, left)},
		{"rollcall_usual", digest.Filter{Countries: []knowledge.Country{"CHL"}}, n.rollCall(knowledge.ForRussia, left)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n := newNewsroom(t)
			n.record(t, "", tt.call)
			golden(t, tt.name, text(n.Compose(n.occasion(t, tt.about, 0))))
		})
	}
}

// rich records something of every kind.
func rich(tb testing.TB, n *newsroom) {
	tb.Helper()
	n.record(tb, "", label("ARG", knowledge.Neutral, 2026_11_20, "the new foreign minister reopened talks"), label("GUY", knowledge.Neutral, 2026_11_19, ""))
	n.record(tb, "", ledger.Event{Country: "COL", On: 2026_08_07, Kind: "leader", Text: "The new president took office.", Source: page})
	n.record(tb, "", ledger.Membership{Country: "ARG", Group: "brics", Standing: knowledge.Invited, From: 2026_11_19, Source: page})
	n.record(tb, "", ledger.Measure{Country: "PER", Measure: "visa_free_with_russia", From: 2026_11_00, Source: page})
	n.record(tb, "", ledger.Vote{RollCall: "ES-11/7", Country: "VEN", Position: knowledge.Abstain, Source: page})
	n.record(tb, "", label("CHL", knowledge.Ally, 2026_11_20, ""), ledger.Withdrawal{Of: 7})
	n.record(tb, "the vote was on 3 March", ledger.Correction{Of: "PER-05", Was: "a", Text: "b", Source: page})
	n.record(tb, "",
		lapse("PER", knowledge.TowardRussia, knowledge.LeaningAdversary, knowledge.LeaderLeft, []string{"PER-05"}, []string{"F-02", "E:PER:2025-10-10"}),
		lapse("COL", knowledge.TowardRussia, knowledge.Neutral, knowledge.HandoverDue, n.claims("COL"), []string{"E:COL:2026-08-07"}))
	votes := n.usual()
	votes["ARG"], votes["PRY"], votes["CHL"], votes["USA"] = knowledge.Abstain, knowledge.Abstain, knowledge.Absent, knowledge.No
	n.record(tb, "", n.rollCall(knowledge.AgainstRussia, votes))
	n.record(tb, "", desk.RecordChange{File: "checks.yaml", ID: "F-02", Change: "changed", From: "v1", To: "v2"},
		desk.RecordChange{File: "countries/PER.yaml", ID: "PER.russia", Change: "changed", From: "v1", To: "v2"})
}

func TestARichNoticeInEveryLanguage(t *testing.T) {
	n := newNewsroom(t)
	rich(t, n)
	for _, language := range phrases.Languages() {
		t.Run(language, func(t *testing.T) {
			o := n.occasion(t, digest.Filter{}, 0)
			o.Subscription.Language = language
			o.Alerted = map[int64]bool{3: true}
			golden(t, "rich."+language, text(n.Compose(o)))
		})
	}
}

func TestAnAlert(t *testing.T) {
	n := newNewsroom(t)
	n.record(t, "", label("ARG", knowledge.Neutral, 2026_11_20, ""))
	o := n.occasion(t, digest.Filter{Countries: []knowledge.Country{"ARG"}}, 0)
	o.Subscription.Kind = digest.Watch
	golden(t, "alert", text(n.Compose(o)))
	r := n.Compose(o).Summary
	if r.About.Intent != knowledge.IntentWatch || r.About.Seq != 1 || !slices.Equal(r.About.Countries, []knowledge.Country{"ARG"}) {
		t.Errorf("it is about %+v", r.About)
	}
	if r.Links["D-1"] != page || !slices.Contains(r.Receipts, "D-1") || !slices.Contains(r.Receipts, "ARG-03") {
		t.Errorf("it rests on %v, which lead to %v", r.Receipts, r.Links)
	}
}

// However much changed, no more than a summary and a few messages come, each of readable size; every asserting line has its
// receipt, and each change that concerns the filter is on one line.
func TestEveryChangeIsToldOnce(t *testing.T) {
	n := newNewsroom(t)
	for range 3 {
		richer(t, n)
	}
	for _, f := range []digest.Filter{{}, {Group: "southern_cone"}, {Group: "brics"}, {Countries: []knowledge.Country{"PER", "ARG"}}, {Countries: []knowledge.Country{"FJI"}}} {
		for _, after := range []int64{0, 5, n.chain.head.Seq - 3} {
			for i, language := range phrases.Languages() {
				if i > 0 && after > 0 {
					continue
				}
				o := n.occasion(t, f, after)
				o.Subscription.Language, o.Alerted = language, map[int64]bool{1: true, 9: true, n.chain.head.Seq: true}
				toldOnce(t, n, o)
			}
		}
	}
}

func richer(tb testing.TB, n *newsroom) {
	tb.Helper()
	for i, c := range []knowledge.Country{"ARG", "PER", "CHL", "BOL", "GUY", "URY", "MEX"} {
		n.record(tb, strings.Repeat("because ", 80), label(c, []knowledge.Label{knowledge.Neutral, knowledge.Ally}[i%2], knowledge.Day(2026_11_01+i), ""),
			ledger.Event{Country: c, On: knowledge.Date(2026_11_01 + i), Kind: "leader", Text: strings.Repeat("Something happened. ", 40), Source: page})
	}
	n.record(tb, "", ledger.Withdrawal{Of: ledger.ID(n.chain.head.Seq)}, ledger.Correction{Of: "PER-05", Was: "a", Text: "b", Source: page},
		ledger.Membership{Country: "ARG", Group: "brics", Standing: knowledge.LeftGroup, To: 2026_11_19, Source: page})
	for _, id := range []string{"F-01", "F-02", "X-01", "E:PER:2025-10-10", "PER-05", "ARG-01"} {
		n.record(tb, "", desk.RecordChange{File: "f.yaml", ID: id, Change: "changed", From: "v1", To: n.chain.head.Hash.String()[:1]})
	}
}

func toldOnce(t *testing.T, n *newsroom, o *digest.Occasion) {
	t.Helper()
	notice := n.Compose(o)
	if again := n.Compose(o); text(again) != text(notice) {
		t.Error("it says something else when it is composed again")
	}
	told, unlisted := map[string]int{}, 0
	for _, l := range n.Lines(o) {
		for i := range l.Changes {
			told[key(&l.Changes[i])]++
		}
		if strings.Count(text(notice), l.Text+" ["+strings.Join(l.Receipts, ", ")+"]") != 1 {
			unlisted++
		}
	}
	if counted := phrases.In(o.Subscription.Language).Say("digest.rest", "n", unlisted, "from", "{", "to", ""); unlisted > 0 && !strings.Contains(text(notice), counted[:strings.IndexByte(counted, '{')]) {
		t.Errorf("%d lines are neither told nor counted", unlisted)
	}
	for i := range o.Changes {
		if k := key(&o.Changes[i]); told[k] != 1 {
			t.Errorf("%s is told %d times", k, told[k])
		}
	}
	if len(told) != len(o.Changes) {
		t.Errorf("%d changes are told, of %d", len(told), len(o.Changes))
	}
	if len(notice.Below) > 6 {
		t.Errorf("%d messages come below", len(notice.Below))
	}
	for i, r := range append([]bot.Reply{notice.Summary}, notice.Below...) {
		if len(r.Blocks) > 12 || utf8.RuneCountInString(r.Text()) > 5000 {
			t.Errorf("message %d has %d blocks and %d characters", i, len(r.Blocks), utf8.RuneCountInString(r.Text()))
		}
		if heading, ok := r.Blocks[0].(bot.Heading); !ok && len(o.Changes) > 0 || utf8.RuneCountInString(heading.Text) > 150 {
			t.Errorf("message %d has the heading %q", i, heading.Text)
		}
		receipted(t, &r)
	}
}

func key(c *digest.Change) string {
	k := string(c.Kind) + " " + c.Entry.String()
	if c.Kind == digest.SideChange {
		k += " " + string(c.Countries[0])
	}
	return k
}

func receipted(t *testing.T, r *bot.Reply) {
	t.Helper()
	said := r.Text()
	if strings.ContainsAny(said, "{}") || strings.Contains(said, "[change.") || strings.Contains(said, "[digest.") || strings.Contains(said, "U2") {
		t.Errorf("a slot or a key is open, or a person is named:\n%s", said)
	}
	for _, blk := range r.Blocks {
		row, ok := blk.(bot.Row)
		if !ok {
			continue
		}
		if len(row.Receipts) == 0 || !strings.HasPrefix(row.Receipts[0], "D-") {
			t.Errorf("it rests on %v: %s", row.Receipts, row.Text)
		}
		for _, id := range row.Receipts {
			if knowledge.ReceiptKindOf(id) == "" || !slices.Contains(r.Receipts, id) {
				t.Errorf("the receipt %q is none, or the reply lacks it", id)
			}
		}
	}
}

// The heading is a push preview: its first 120 characters tell the finding.
func TestAHeadingTellsTheFinding(t *testing.T) {
	n := newNewsroom(t)
	rich(t, n)
	for _, language := range phrases.Languages() {
		p := phrases.In(language)
		o := n.occasion(t, digest.Filter{Group: "southern_cone"}, 0)
		o.Subscription.Language = language
		heading, _ := n.Compose(o).Summary.Blocks[0].(bot.Heading)
		preview := string([]rune(heading.Text)[:min(120, utf8.RuneCountInString(heading.Text))])
		for _, want := range []string{p.Country("ARG"), p.Say("label.russia.neutral")} {
			if !strings.Contains(preview, want) {
				t.Errorf("%s: the preview lacks %q: %s", language, want, preview)
			}
		}
	}
}

// A ledger is read once, and nothing is told while it is away.
func TestTheLedgerIsReadOnce(t *testing.T) {
	n := newNewsroom(t)
	rich(t, n)
	for range 3 {
		if _, err := n.Changes(t.Context(), knowledge.DefaultDesk, 0, n.chain.head.Seq); err != nil {
			t.Fatal(err)
		}
	}
	if n.chain.reads != len(n.chain.entries) {
		t.Errorf("%d rows were read, of %d", n.chain.reads, len(n.chain.entries))
	}
	if _, err := n.Changes(t.Context(), knowledge.DefaultDesk, 0, n.chain.head.Seq+1); err == nil {
		t.Error("an entry is told that there is not")
	}
	n.Ledger = func() ledger.Store { return nil }
	if _, err := n.Changes(t.Context(), knowledge.DefaultDesk, 0, 1); err != digest.ErrAway { //nolint:errorlint // it is returned as it is
		t.Errorf("away: %v", err)
	}
}

// Several deliveries are composed at once, each for its own channel.
func TestNoticesAreComposedAtOnce(t *testing.T) {
	n := newNewsroom(t)
	rich(t, n)
	want := text(n.Compose(n.occasion(t, digest.Filter{}, 0)))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			changes, err := n.Changes(t.Context(), knowledge.DefaultDesk, 0, n.chain.head.Seq)
			o := n.occasion(t, digest.Filter{}, 0)
			o.Changes = n.Concerning(knowledge.DefaultDesk, digest.Filter{}, changes)
			if got := text(n.Compose(o)); err != nil || got != want {
				t.Errorf("%v:\n%s", err, got)
			}
		})
	}
	all.Wait()
}

// A ledger that is another one than was read is read anew, and nothing is told of it before.
func TestAnotherLedgerIsReadAnew(t *testing.T) {
	n := newNewsroom(t)
	rich(t, n)
	n.occasion(t, digest.Filter{}, 0)
	first := n.chain
	n.chain = &chain{head: ledger.Head{Desk: knowledge.DefaultDesk}}
	for range first.entries {
		n.record(t, "", ledger.Event{Country: "PER", On: 2026_11_20, Kind: "leader", Text: "Another.", Source: page})
	}
	n.record(t, "", ledger.Event{Country: "PER", On: 2026_11_21, Kind: "leader", Text: "One more.", Source: page})
	broken := (*ledger.BrokenError)(nil)
	if _, err := n.Changes(t.Context(), knowledge.DefaultDesk, 0, n.chain.head.Seq); !errors.As(err, &broken) {
		t.Fatalf("%v", err)
	}
	changes, err := n.Changes(t.Context(), knowledge.DefaultDesk, 0, n.chain.head.Seq)
	if err != nil || len(changes) != len(n.chain.entries) || changes[0].Kind != digest.EventChange {
		t.Errorf("%d changes, %v", len(changes), err)
	}
}

func BenchmarkCompose(b *testing.B) {
	n := newNewsroom(b)
	for range 3 {
		richer(b, n)
	}
	o := n.occasion(b, digest.Filter{}, 0)
	for b.Loop() {
		n.Compose(o)
	}
}

func BenchmarkChanges(b *testing.B) {
	n := newNewsroom(b)
	for range 3 {
		richer(b, n)
	}
	for b.Loop() {
		n.occasion(b, digest.Filter{}, 0)
	}
}
