package core_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

func with(tb testing.TB, c *core.Core, o *knowledge.Overlay) *core.Core {
	tb.Helper()
	laid, err := c.With(o)
	if err != nil {
		tb.Fatal(err)
	}
	return laid
}

func labelRecord(receipt string, country knowledge.Country, axis knowledge.Axis, label knowledge.Label, since, on knowledge.Day) *knowledge.DeskRecord {
	r := &knowledge.DeskRecord{
		Recording: knowledge.Recording{Receipt: receipt, On: on}, Country: country,
		Assessment: &knowledge.Assessment{Country: country, Axis: axis, Label: label, Basis: knowledge.BasisDesk, Since: since, Claims: []string{receipt}},
	}
	r.Settle()
	return r
}

// entries makes a chain of drafts.
func entries(tb testing.TB, drafts ...ledger.Draft) iter.Seq2[ledger.Entry, error] {
	tb.Helper()
	head := ledger.Head{Desk: knowledge.DefaultDesk}
	var list []ledger.Entry
	for _, d := range drafts {
		e, next, err := head.Next(d)
		if err != nil {
			tb.Fatal(err)
		}
		head, list = next, append(list, e)
	}
	return func(yield func(ledger.Entry, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func at(day knowledge.Day) time.Time { return day.Time().Add(15 * time.Hour) }

func recorded(day knowledge.Day, kind ledger.Kind, payload any) ledger.Draft {
	return ledger.Draft{At: at(day), Author: "console:ana", Kind: kind, Payload: payload}
}

func replayed(tb testing.TB, until time.Time, drafts ...ledger.Draft) *knowledge.Overlay {
	tb.Helper()
	o, err := ledger.Replay(knowledge.DefaultDesk, entries(tb, drafts...), until)
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

const page = "https://example.org/page"

// bolivia is what a desk records of Bolivia over a year.
func bolivia() []ledger.Draft {
	assess := func(label knowledge.Label, since knowledge.Day) ledger.Assessment {
		return ledger.Assessment{Country: "BOL", Axis: knowledge.TowardRussia, Label: label, Since: since, Source: page}
	}
	return []ledger.Draft{
		recorded(2025_11_20, ledger.AssessmentRecorded, assess(knowledge.InTransition, 2025_11_08)),     // D-1
		recorded(2026_02_01, ledger.AssessmentRecorded, assess(knowledge.LeaningAdversary, 2026_01_10)), // D-2
		recorded(2026_03_01, ledger.AssessmentRecorded, assess(knowledge.Neutral, 2026_01_10)),          // D-3, of the same day
		recorded(2026_04_01, ledger.Withdrawn, ledger.Withdrawal{Of: 3}),                                // D-4
	}
}

func TestWhichLabelOfTheDeskHolds(t *testing.T) {
	_, shared := theRecords(t)
	c := with(t, shared, replayed(t, time.Time{}, bolivia()...))
	article := askOf(shared, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"BOL"}}).Stances[0].Labels[0].Label()
	for _, tt := range []struct {
		name        string
		on, knownAt knowledge.Day
		label       knowledge.Label
		receipt     string
	}{
		{"now", 0, 0, knowledge.LeaningAdversary, "D-2"},
		{"before the first counts", 2025_11_07, 0, article, ""},
		{"from the day on which it is true, although it was recorded later", 2025_11_08, 0, knowledge.InTransition, "D-1"},
		{"as known before it was recorded", 2025_11_10, 2025_11_19, article, ""},
		{"as known on the day of the recording", 2025_11_10, 2025_11_20, knowledge.InTransition, "D-1"},
		{"before the second was recorded", 2026_01_31, 2026_01_31, knowledge.InTransition, "D-1"},
		{"the later entry of one day", 2026_01_10, 2026_03_15, knowledge.Neutral, "D-3"},
		{"until it was withdrawn", 2026_01_10, 2026_03_31, knowledge.Neutral, "D-3"},
		{"from the withdrawal on", 2026_01_10, 2026_04_01, knowledge.LeaningAdversary, "D-2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := askOf(c, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"BOL"}, AsOf: tt.on, KnownAt: tt.knownAt})
			l := a.Stances[0].Labels[0]
			if l.Label() != tt.label {
				t.Errorf("label %s, want %s", l.Label(), tt.label)
			}
			if tt.receipt != "" && (l.Basis() != knowledge.BasisDesk || !slices.Equal(l.Assessment.Claims, []string{tt.receipt})) {
				t.Errorf("by %s, receipts %v, want the desk's %s", l.Basis(), l.Assessment.Claims, tt.receipt)
			}
			if tt.receipt == "" && l.Basis() == knowledge.BasisDesk {
				t.Errorf("the desk's %v holds", l.Assessment.Claims)
			}
		})
	}
}

func TestAChangedLabelIsARecordedShift(t *testing.T) {
	_, shared := theRecords(t)
	c := with(t, shared, replayed(t, time.Time{}, append(bolivia(),
		recorded(2026_05_01, ledger.AssessmentRecorded, ledger.Assessment{ // the same label again is no change
			Country: "BOL", Axis: knowledge.TowardRussia, Label: knowledge.LeaningAdversary, Since: 2026_04_30, Source: page,
		}),
		recorded(2026_05_02, ledger.AssessmentRecorded, ledger.Assessment{ // a first label is none
			Country: "FRA", Axis: knowledge.TowardRussia, Label: knowledge.Adversary, Since: 2026_04_30, Source: page,
		}))...))
	shifts := func(q knowledge.Query) []string {
		q.Intent = knowledge.IntentShifts
		var found []string
		for _, r := range askOf(c, q).Relabels {
			found = append(found, fmt.Sprintf("%s %s→%s %s", r.To.Country, r.From.Label, r.To.Label, r.To.Since))
		}
		return found
	}
	second := "BOL in_transition→leaning_adversary 2026-01-10"
	if got := shifts(knowledge.Query{Countries: countries{"BOL"}}); len(got) == 0 || got[0] != second {
		t.Errorf("shifts of Bolivia: %q", got)
	}
	if got := shifts(knowledge.Query{Since: 2026_01_01}); !slices.Equal(got, []string{second}) {
		t.Errorf("all shifts since 2026: %q", got)
	}
	if got := shifts(knowledge.Query{Countries: countries{"BOL"}, Axis: knowledge.TowardWashington}); got != nil {
		t.Errorf("shifts toward Washington: %q", got)
	}
	if got := shifts(knowledge.Query{Countries: countries{"FRA"}}); got != nil {
		t.Errorf("shifts of France: %q", got)
	}
}

func TestARecordedEventMakesALabelStale(t *testing.T) {
	_, shared := theRecords(t)
	event := recorded(2026_08_08, ledger.EventRecorded, ledger.Event{Country: "COL", On: 2026_08_07, Kind: "leader", Text: "A new president took office.", Source: page})
	c := with(t, shared, replayed(t, time.Time{}, event))
	ask := func(c *core.Core, on knowledge.Day) []knowledge.Stale {
		return askOf(c, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"COL"}, AsOf: on}).Stances[0].Stale
	}
	due := func(s knowledge.Stale) bool { return s.Kind == knowledge.HandoverDue }
	told := func(s knowledge.Stale) bool {
		return s.Kind == knowledge.NewerRecord && s.Ended.ID == "D-1" && len(s.Claims) > 0
	}
	if !slices.ContainsFunc(ask(shared, 0), due) {
		t.Fatal("without the event, the handover is not said to be due")
	}
	if got := ask(c, 0); slices.ContainsFunc(got, due) || !slices.ContainsFunc(got, told) {
		t.Errorf("with the event: %+v", got)
	}
	if got := ask(c, 2026_08_06); slices.ContainsFunc(got, told) {
		t.Errorf("the day before: %+v", got)
	}
	labelled := with(t, shared, replayed(t, time.Time{}, event, recorded(2026_09_01, ledger.AssessmentRecorded, ledger.Assessment{
		Country: "COL", Axis: knowledge.TowardRussia, Label: knowledge.Neutral, Since: 2026_08_20, Source: page,
	}), recorded(2026_09_01, ledger.AssessmentRecorded, ledger.Assessment{
		Country: "COL", Axis: knowledge.TowardWashington, Label: knowledge.Leaning, Since: 2026_08_20, Source: page,
	})))
	if got := ask(labelled, 0); len(got) > 0 {
		t.Errorf("labels that are newer than the event are stale: %+v", got)
	}
}

func TestOtherRecordsOfTheDesk(t *testing.T) {
	_, shared := theRecords(t)
	c := with(t, shared, replayed(t, time.Time{},
		recorded(2026_02_01, ledger.MembershipRecorded, ledger.Membership{Country: "PER", Group: "brics", Standing: knowledge.Member, From: 2026_01_01, Source: page}),
		recorded(2026_02_01, ledger.MeasureRecorded, ledger.Measure{Country: "PER", Measure: knowledge.UnfriendlyList, From: 2026_01_15, Source: page}),
		recorded(2026_02_01, ledger.VoteRecorded, ledger.Vote{RollCall: "80/223", Country: "PER", Position: knowledge.Yes, Source: page}),
		recorded(2026_02_01, ledger.RollCallImported, ledger.RollCall{Source: page, RollCall: knowledge.RollCall{
			ID: "70/1", Date: 2015_09_25, Title: "A text", Meaning: knowledge.Unrated, Grade: "U", Tally: knowledge.Tally{Yes: 1},
			Votes: map[knowledge.Position]knowledge.Codes{knowledge.Yes: {"PER"}},
		}}),
	))
	if a := askOf(c, knowledge.Query{Intent: knowledge.IntentGroup, Group: "brics"}); !slices.Contains(a.Countries, "PER") {
		t.Errorf("brics: %v", a.Countries)
	}
	if a := askOf(c, knowledge.Query{Intent: knowledge.IntentGroup, Group: "brics", KnownAt: 2026_01_31}); slices.Contains(a.Countries, "PER") {
		t.Error("brics holds Peru before that was recorded")
	}
	if a := askOf(c, knowledge.Query{Intent: knowledge.IntentStance, Countries: countries{"PER"}}); a.Stances[0].Record.Unfriendly == nil {
		t.Error("Peru is not on the list")
	}
	vote := func(id string, knownAt knowledge.Day) knowledge.Vote {
		a := askOf(c, knowledge.Query{Intent: knowledge.IntentVotes, Countries: countries{"PER"}, Resolution: id, KnownAt: knownAt})
		if len(a.Votes) == 0 {
			return knowledge.Vote{}
		}
		return a.Votes[0]
	}
	if v := vote("80/223", 0); v.Position != knowledge.Yes || v.Cell == nil {
		t.Errorf("80/223: %+v", v)
	}
	if v := vote("80/223", 2026_01_31); v.Cell != nil {
		t.Errorf("80/223 before that was recorded: %+v", v)
	}
	if v := vote("70/1", 0); v.Position != knowledge.Yes || v.Call.Recorded.Receipt != "D-4" {
		t.Errorf("70/1: %+v", v)
	}
	for id, want := range map[string]knowledge.Outcome{"D-1": knowledge.Answered, "D-4": knowledge.Answered, "D-5": knowledge.NotFound} {
		a := askOf(c, knowledge.Query{Intent: knowledge.IntentSource, Receipt: id})
		if a.Outcome != want || want == knowledge.Answered && (a.Record.Desk == nil || len(a.Record.Sources) != 1 || a.Record.Sources[0].URL != page) {
			t.Errorf("source %s: %s %+v", id, a.Outcome, a.Record)
		}
	}
}

// everything asks all that the records can be asked of a country, and for all of it.
func everything(r *knowledge.Records, desk knowledge.DeskID) []knowledge.Query {
	var all []knowledge.Query
	for _, country := range deskCountries(r) {
		for _, intent := range []knowledge.Intent{
			knowledge.IntentStance, knowledge.IntentShifts, knowledge.IntentEvidence, knowledge.IntentMeasures,
		} {
			all = append(all, knowledge.Query{Desk: desk, Intent: intent, Countries: countries{country}, Today: today})
		}
	}
	for _, group := range []knowledge.GroupID{"brics", "alba", "unfriendly_list", "andean"} {
		all = append(all, knowledge.Query{Desk: desk, Intent: knowledge.IntentGroup, Group: group, Today: today})
	}
	all = append(all, knowledge.Query{Desk: desk, Intent: knowledge.IntentShifts, Today: today})
	for i := range 30 {
		all = append(all, knowledge.Query{Desk: desk, Intent: knowledge.IntentSource, Receipt: fmt.Sprintf("D-%d", i+1), Today: today})
	}
	return all
}

// No query crosses desks: one desk's records change no answer of another.
func TestDesksNeverSeeEachOther(t *testing.T) {
	r, shared := theRecords(t)
	rng := rand.New(rand.NewPCG(5, 6))
	h := core.NewHolder(shared)
	overlays := map[knowledge.DeskID]*knowledge.Overlay{}
	for _, id := range []knowledge.DeskID{"a", "b"} {
		o, err := ledger.Replay(id, entries(t, randomDrafts(rng, r, 30)...), time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		overlays[id] = o
		if err := h.Lay(o); err != nil {
			t.Fatal(err)
		}
	}
	differ := 0
	for id, o := range overlays {
		alone := with(t, shared, o)
		for _, q := range everything(r, id) {
			got, want := h.Core(q.Desk).Answer(q), alone.Answer(q)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("desk %s, %s of %v%s%s: not what its own records say", id, q.Intent, q.Countries, q.Group, q.Receipt)
			}
			if !reflect.DeepEqual(got, shared.Answer(q)) {
				differ++
			}
			none := q
			none.Desk = "c"
			if !reflect.DeepEqual(h.Core(none.Desk).Answer(none), shared.Answer(none)) {
				t.Errorf("a desk without records: %s of %v%s is not what the shared records say", q.Intent, q.Countries, q.Group)
			}
		}
	}
	if differ < 20 {
		t.Errorf("only %d answers differ from those of the shared records: the test shows little", differ)
	}
}

// deskCountries are those that the random entries are about.
func deskCountries(r *knowledge.Records) countries { return append(coveredCountries(r)[:4:4], "FRA") }

// randomDrafts are entries about a few countries, so that they meet, in the order of their recording.
func randomDrafts(rng *rand.Rand, r *knowledge.Records, n int) []ledger.Draft {
	about := deskCountries(r)
	day := func() knowledge.Day {
		return knowledge.DayOf(published.Time().AddDate(0, 0, rng.IntN(400)-30))
	}
	var drafts []ledger.Draft
	when := at(published)
	for i := range n {
		when = when.Add(time.Duration(rng.IntN(20*24)) * time.Hour)
		country := about[rng.IntN(len(about))]
		axis := knowledge.Axes[rng.IntN(2)]
		d := ledger.Draft{At: when, Author: "console:ana"}
		switch rng.IntN(6) {
		case 0, 1:
			labels := knowledge.LabelsOf(axis)
			d.Kind, d.Payload = ledger.AssessmentRecorded, ledger.Assessment{
				Country: country, Axis: axis, Label: labels[rng.IntN(len(labels)-1)], Since: day(), Source: page,
			}
		case 2:
			d.Kind, d.Payload = ledger.EventRecorded, ledger.Event{Country: country, On: day().Date(), Kind: "leader", Text: "x", Source: page}
		case 3:
			d.Kind, d.Payload = ledger.MembershipRecorded, ledger.Membership{
				Country: country, Group: "brics", Standing: knowledge.Member, From: day().Date(), Source: page,
			}
		case 4:
			d.Kind, d.Payload = ledger.MeasureRecorded, ledger.Measure{Country: country, Measure: knowledge.UnfriendlyList, From: day().Date(), Source: page}
		case 5:
			if i == 0 {
				continue
			}
			of := ledger.ID(1 + rng.IntN(i))
			d.Kind, d.Payload = ledger.Withdrawn, ledger.Withdrawal{Of: of}
		}
		d.ID = ledger.ID(i + 1)
		drafts = append(drafts, d)
	}
	return drafts
}

// told is all that an answer says but its roll calls, without when the records in it were taken back: later than what
// it knows.
func told(tb rapid.TB, a knowledge.Answer) string {
	tb.Helper()
	for i := range a.Stances {
		a.Stances[i].Record.Votes, a.Stances[i].Record.Splits = nil, nil
	}
	a.Splits = nil
	text, err := json.Marshal(a)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// Two clocks: what the whole ledger answers for a known-at day is what the ledger of that day answers, and the order in
// which entries arrive changes nothing.
func TestKnownAtIsReplay(t *testing.T) {
	r, shared := theRecords(t)
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		drafts := randomDrafts(rng, r, 25)
		day := func(name string) knowledge.Day {
			return knowledge.DayOf(published.Time().AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, name)))
		}
		knownAt := day("known at")
		lay := func(drafts []ledger.Draft, until time.Time) *core.Core {
			head := ledger.Head{Desk: knowledge.DefaultDesk}
			replayer := ledger.NewReplayer(knowledge.DefaultDesk)
			for _, d := range drafts {
				e, next, err := head.Next(d)
				if err != nil {
					t.Fatal(err)
				}
				head = next
				if !until.IsZero() && e.At.After(until) {
					continue
				}
				if err := replayer.Add(&e); err != nil {
					t.Fatal(err)
				}
			}
			c, err := shared.With(replayer.Overlay())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		whole := lay(drafts, time.Time{})
		then := lay(drafts, knownAt.Time().AddDate(0, 0, 1).Add(-time.Microsecond))
		shuffled := slices.Clone(drafts)
		rng.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		moved := lay(shuffled, time.Time{})
		asOf := day("as of")
		for _, q := range everything(r, knowledge.DefaultDesk) {
			q.AsOf, q.KnownAt = asOf, knownAt
			want := told(t, then.Answer(q))
			if got := told(t, whole.Answer(q)); got != want {
				t.Fatalf("%s of %v%s%s as of %s, known %s:\n%s\nthe ledger of that day says\n%s", q.Intent, q.Countries, q.Group, q.Receipt, asOf, knownAt, got, want)
			}
			if got := told(t, moved.Answer(q)); got != want {
				t.Fatalf("%s of %v%s%s as of %s, known %s: another order of arrival answers otherwise", q.Intent, q.Countries, q.Group, q.Receipt, asOf, knownAt)
			}
			q.KnownAt = 0
			if got := told(t, moved.Answer(q)); got != told(t, whole.Answer(q)) {
				t.Fatalf("%s of %v%s%s as of %s: another order of arrival answers otherwise", q.Intent, q.Countries, q.Group, q.Receipt, asOf)
			}
		}
	})
}

// BenchmarkSnapshotOfALedger lays a ledger of ten and of a hundred thousand entries over the shared records: read from its
// rows as at a start, and again after one more entry.
func BenchmarkSnapshotOfALedger(b *testing.B) {
	r, shared := theRecords(b)
	for _, n := range []int{10_000, 100_000} {
		drafts := randomDrafts(rand.New(rand.NewPCG(7, 8)), r, n)
		head := ledger.Head{Desk: knowledge.DefaultDesk}
		rows := make([]ledger.Row, len(drafts))
		for i, d := range drafts {
			e, next, err := head.Next(d)
			if err != nil {
				b.Fatal(err)
			}
			head, rows[i] = next, e.Row()
		}
		read := func() *ledger.Replayer {
			replayer := ledger.NewReplayer(knowledge.DefaultDesk)
			all := func(yield func(ledger.Row, error) bool) {
				for _, row := range rows {
					if !yield(row, nil) {
						return
					}
				}
			}
			for e, err := range ledger.Follow(ledger.Head{Desk: knowledge.DefaultDesk}, all) {
				if err == nil {
					err = replayer.Add(&e)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
			return replayer
		}
		b.Run(fmt.Sprintf("%d/start", n), func(b *testing.B) {
			for b.Loop() {
				with(b, shared, read().Overlay())
			}
		})
		replayer := read()
		b.Run(fmt.Sprintf("%d/entry", n), func(b *testing.B) {
			for b.Loop() {
				with(b, shared, replayer.Overlay())
			}
		})
	}
}
