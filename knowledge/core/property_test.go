package core_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus/corpustest"
)

// dayBetween draws calendar days from a span, often its ends.
func dayBetween(from, to knowledge.Day) *rapid.Generator[knowledge.Day] {
	return rapid.Map(rapid.IntRange(0, to.Sub(from)), func(n int) knowledge.Day {
		return knowledge.DayOf(from.Time().AddDate(0, 0, n))
	})
}

// A gathering is everything of a kind that an answer leads to, wherever it stands: fields that an answer may grow
// are found as well.
type gathering struct {
	events         []*knowledge.Event
	shifts         []*knowledge.Shift
	claims         []*knowledge.CheckedClaim
	bare           []*knowledge.Claim
	findings       []*knowledge.FactCheck
	assessments    []*knowledge.Assessment
	contradictions []*knowledge.Contradiction
	leaders        []*knowledge.Leader
}

func gather(a knowledge.Answer) *gathering {
	g := &gathering{}
	g.walk(reflect.ValueOf(a))
	return g
}

func (g *gathering) walk(v reflect.Value) {
	switch x := v.Interface().(type) {
	case *knowledge.Event:
		if x != nil {
			g.events = append(g.events, x)
		}
		return
	case *knowledge.Shift:
		if x != nil {
			g.shifts = append(g.shifts, x)
		}
		return
	case *knowledge.Claim:
		if x != nil {
			g.bare = append(g.bare, x)
		}
		return
	case *knowledge.FactCheck:
		if x != nil {
			g.findings = append(g.findings, x)
		}
		return
	case *knowledge.Assessment:
		if x != nil {
			g.assessments = append(g.assessments, x)
		}
		return
	case *knowledge.Contradiction:
		if x != nil {
			g.contradictions = append(g.contradictions, x)
		}
		return
	case *knowledge.Leader:
		if x != nil {
			g.leaders = append(g.leaders, x)
		}
		return
	case *knowledge.CheckedClaim:
		if x != nil {
			g.claims = append(g.claims, x)
		}
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			g.walk(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				g.walk(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			g.walk(v.Index(i))
		}
	}
}

// An oracle tells from the records as they were read, not from what Build made of them, when something was known.
type oracle struct {
	sources map[string]knowledge.Date
	checks  map[string]knowledge.Check
}

func newOracle(r *knowledge.Records) *oracle {
	o := &oracle{map[string]knowledge.Date{}, map[string]knowledge.Check{}}
	for _, s := range r.Sources {
		o.sources[s.ID] = s.Published
	}
	for i := range r.Claims {
		o.checks[r.Claims[i].ID] = r.Claims[i].Check
	}
	return o
}

// event returns the day from which an event was known: that of its first page with a day, never before it
// happened, except that a day which is due is known ahead.
func (o *oracle) event(e *knowledge.Event) knowledge.Day {
	first := compiled
	for _, id := range e.Sources {
		if d := o.sources[id]; !d.IsZero() {
			first = min(first, d.Last())
		}
	}
	if e.Kind == knowledge.Scheduled {
		return first
	}
	return max(first, e.On.First())
}

// check returns the day from which a claim's check was known: that of the last page that it rests on.
func (o *oracle) check(id string) knowledge.Day {
	var last knowledge.Day
	for _, source := range o.checks[id].Sources {
		d := o.sources[source]
		if d.IsZero() {
			return compiled
		}
		last = max(last, d.Last())
	}
	if last == 0 {
		return compiled
	}
	return last
}

func (o *oracle) finding(f *knowledge.FactCheck) knowledge.Day {
	var last knowledge.Day
	for _, id := range f.Claims {
		last = max(last, o.check(id))
	}
	return last
}

// queries draws questions of every kind that the core answers, about random days and days of knowing.
func queries(r *knowledge.Records) *rapid.Generator[knowledge.Query] {
	covered := coveredCountries(r)
	asked := append(slices.Clone(covered), "FRA", "BHS", "HUN", "EGY", knowledge.Russia)
	return rapid.Custom(func(rt *rapid.T) knowledge.Query {
		q := knowledge.Query{Today: today}
		q.Intent = rapid.SampledFrom([]knowledge.Intent{
			knowledge.IntentStance, knowledge.IntentStance, knowledge.IntentCompare, knowledge.IntentGroup,
			knowledge.IntentShifts, knowledge.IntentEvidence, knowledge.IntentContradictions,
		}).Draw(rt, "intent")
		switch q.Intent {
		case knowledge.IntentGroup:
			q.Group = rapid.SampledFrom(r.Groups).Draw(rt, "group").ID
		case knowledge.IntentCompare:
			q.Countries = rapid.SliceOfNDistinct(rapid.SampledFrom(asked), 2, 5, rapid.ID).Draw(rt, "countries")
		default:
			q.Countries = countries{rapid.SampledFrom(asked).Draw(rt, "country")}
		}
		q.Axis = rapid.SampledFrom([]knowledge.Axis{"", "", knowledge.TowardRussia, knowledge.TowardWashington}).Draw(rt, "axis")
		// Half of the days lie where the records are dense: around the article and after it.
		day := rapid.OneOf(rapid.Just(knowledge.Day(0)), dayBetween(spanFrom, today), dayBetween(2025_09_01, today))
		q.AsOf = day.Draw(rt, "as of")
		q.KnownAt = rapid.OneOf(rapid.Just(knowledge.Day(0)), dayBetween(published, today)).Draw(rt, "known at")
		return q
	})
}

// clocksOf returns the two clocks by which a question is answered.
func clocksOf(q knowledge.Query) (on, knownAt knowledge.Day) {
	on, knownAt = q.AsOf, q.KnownAt
	if knownAt == 0 {
		knownAt = q.Today
	}
	if on == 0 {
		on = min(q.Today, knownAt)
	}
	return on, knownAt
}

func TestNothingLaterThanTheClocks(t *testing.T) {
	r, c := theRecords(t)
	o := newOracle(corpustest.Records(t))
	rapid.Check(t, func(rt *rapid.T) {
		q := queries(r).Draw(rt, "query")
		on, knownAt := clocksOf(q)
		g := gather(c.Answer(q))
		for _, e := range g.events {
			if e.On.First() > on || o.event(e) > knownAt {
				rt.Errorf("%s, known on %s, is told on %s, known at %s", e.ID, o.event(e), on, knownAt)
			}
		}
		for _, s := range g.shifts {
			if s.Period.Undated && on < published || s.Period.From.First() > on {
				rt.Errorf("%s is told on %s", s.ID, on)
			}
		}
		for _, cl := range g.bare {
			if cl.Undated && on < published || cl.From.First() > on {
				rt.Errorf("%s is told on %s", cl.ID, on)
			}
		}
		for _, f := range g.findings {
			if o.finding(f) > knownAt {
				rt.Errorf("%s, known on %s, is told at %s", f.ID, o.finding(f), knownAt)
			}
		}
		for _, cc := range g.claims {
			known := o.check(cc.Claim.ID) <= knownAt
			if !known && (cc.Verdict != "" || cc.Note != "" || len(cc.Sources) != 0 || cc.Published) {
				rt.Errorf("the check of %s, known on %s, is told at %s: %q", cc.Claim.ID, o.check(cc.Claim.ID), knownAt, cc.Verdict)
			}
			for _, s := range cc.Sources {
				if !s.Published.IsZero() && s.Published.Last() > knownAt {
					rt.Errorf("%s rests on %s, which came out later than %s", cc.Claim.ID, s.ID, knownAt)
				}
			}
		}
		for _, a := range g.assessments {
			if a.Since > on || a.Since > knownAt {
				rt.Errorf("a label since %s is given on %s, known at %s", a.Since, on, knownAt)
			}
		}
		if on < published && len(g.contradictions) > 0 {
			rt.Errorf("%v are told on %s", contradictionIDs(g.contradictions), on)
		}
		for _, ld := range g.leaders {
			if ld.From.First() > on || ld.From.First() > knownAt {
				rt.Errorf("%s, in office from %s, is told on %s, known at %s", ld.Name, ld.From, on, knownAt)
			}
		}
	})
}

// visible returns the records without the events and shifts that the clocks hide, and without what speaks of them.
func visible(whole *knowledge.Records, on, knownAt knowledge.Day) *knowledge.Records {
	r := *whole // Build writes to these lists, so that each snapshot needs its own
	r.Assessments, r.Claims, r.FactChecks = slices.Clone(r.Assessments), slices.Clone(r.Claims), slices.Clone(r.FactChecks)
	r.Shifts, r.Caveats, r.Contradictions = slices.Clone(r.Shifts), slices.Clone(r.Caveats), slices.Clone(r.Contradictions)
	r.Events, r.Leaders, r.Groups = slices.Clone(r.Events), slices.Clone(r.Leaders), slices.Clone(r.Groups)
	o := newOracle(&r)
	gone := map[string]bool{}
	r.Events = slices.DeleteFunc(r.Events, func(e knowledge.Event) bool {
		gone[e.ID] = e.On.First() > on || o.event(&e) > knownAt
		return gone[e.ID]
	})
	r.Shifts = slices.DeleteFunc(r.Shifts, func(s knowledge.Shift) bool {
		return s.Period.Undated && on < published || s.Period.From.First() > on
	})
	r.FactChecks = slices.DeleteFunc(r.FactChecks, func(f knowledge.FactCheck) bool {
		gone[f.ID] = o.finding(&f) > knownAt
		return gone[f.ID]
	})
	r.Caveats = slices.DeleteFunc(r.Caveats, func(cv knowledge.Caveat) bool {
		return slices.ContainsFunc(cv.Receipts, func(id string) bool { return gone[id] })
	})
	for i := range r.Leaders {
		ld := &r.Leaders[i]
		if gone[ld.EndedBy] {
			ld.EndedBy = ""
		}
		if gone[ld.Due] {
			ld.Due = ""
		}
	}
	for i := range r.Claims {
		if cl := &r.Claims[i]; o.check(cl.ID) > knownAt {
			cl.Check = knowledge.Check{} // nobody had looked yet
		}
	}
	return &r
}

func TestHiddenRecordsLeaveNoTrace(t *testing.T) {
	r, c := theRecords(t)
	whole := corpustest.Records(t)
	// What a term of office and a claim lead on to was taken away on one side.
	ignore := cmp.Options{
		cmpopts.IgnoreFields(knowledge.Leader{}, "EndedBy", "Due"),
		cmpopts.IgnoreFields(knowledge.Claim{}, "Check"),
	}
	rapid.Check(t, func(rt *rapid.T) {
		q := queries(r).Draw(rt, "query")
		on, knownAt := clocksOf(q)
		want := build(t, visible(whole, on, knownAt)).Answer(q)
		if diff := cmp.Diff(want, c.Answer(q), ignore); diff != "" {
			rt.Fatalf("on %s, known at %s (-without what is hidden +with it):\n%s", on, knownAt, diff)
		}
	})
}

// plain writes an answer out, so that two can be compared whole, whichever snapshot they point into.
func plain(tb testing.TB, a knowledge.Answer) string {
	tb.Helper()
	text, err := json.Marshal(a)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

func TestAnswerIsDeterministic(t *testing.T) {
	r, c := theRecords(t)
	again := build(t, corpustest.Records(t)) // maps iterate in another order there
	rapid.Check(t, func(rt *rapid.T) {
		q := queries(r).Draw(rt, "query")
		first := plain(t, c.Answer(q))
		if plain(t, c.Answer(q)) != first {
			rt.Error("the same snapshot answers differently")
		}
		if plain(t, again.Answer(q)) != first {
			rt.Error("another snapshot of the same records answers differently")
		}
	})
}

func TestAnswerChangesNoRecord(t *testing.T) {
	r, untouched := corpustest.Records(t), corpustest.Records(t)
	c := build(t, r)
	build(t, untouched) // Build fills in the clocks, on both sides
	rapid.Check(t, func(rt *rapid.T) {
		q := queries(r).Draw(rt, "query")
		asked := slices.Clone(q.Countries)
		c.Answer(q)
		if !slices.Equal(asked, q.Countries) {
			rt.Errorf("the question now names %v, not %v", q.Countries, asked)
		}
	})
	for i := range r.Claims {
		c.Answer(knowledge.Query{Intent: knowledge.IntentSource, Receipt: r.Claims[i].ID, Today: today})
	}
	if diff := cmp.Diff(untouched, r); diff != "" {
		t.Errorf("answers changed the records (-before +after):\n%s", diff)
	}
}

func TestAnswersWhileASnapshotIsSwapped(t *testing.T) {
	// Run with -race this also shows that an answer only reads.
	r, shared := theRecords(t)
	overlays := []*knowledge.Overlay{{Desk: "a"}, {Desk: "a"}}
	var asked []knowledge.Query
	for i, country := range coveredCountries(r) {
		rec := labelRecord(fmt.Sprintf("D-%d", i+1), country, knowledge.TowardRussia, knowledge.Neutral, 2026_01_01, 2026_01_02)
		overlays[1].Records = append(overlays[1].Records, rec)
		for _, intent := range []knowledge.Intent{knowledge.IntentStance, knowledge.IntentEvidence, knowledge.IntentShifts} {
			asked = append(asked, knowledge.Query{Desk: "a", Intent: intent, Countries: countries{country}, Today: today})
		}
	}
	want := make([][]knowledge.Answer, len(overlays))
	for i, o := range overlays {
		c := with(t, shared, o)
		for _, q := range asked {
			want[i] = append(want[i], c.Answer(q))
		}
	}
	if reflect.DeepEqual(want[0], want[1]) {
		t.Fatal("the two snapshots answer alike: nothing would show")
	}
	h := core.NewHolder(shared)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for range 5 {
				for i, q := range asked {
					if got := h.Core("a").Answer(q); !reflect.DeepEqual(got, want[0][i]) && !reflect.DeepEqual(got, want[1][i]) {
						t.Errorf("%s of %v is what neither snapshot says", q.Intent, q.Countries)
					}
				}
			}
		})
	}
	readers.Go(func() {
		for i := range 300 {
			if err := h.Lay(overlays[i%2]); err != nil {
				t.Error(err)
			}
		}
	})
	readers.Wait()
}

func BenchmarkAnswerStance(b *testing.B) {
	r, c := theRecords(b)
	covered := coveredCountries(r)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		q := knowledge.Query{Intent: knowledge.IntentStance, Countries: covered[i%len(covered) : i%len(covered)+1], Today: today}
		if a := c.Answer(q); len(a.Stances) != 1 {
			b.Fatalf("%s", a.Outcome)
		}
		i++
	}
}
