package corpus

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/check"
	"stancebot/knowledge/places"
	"stancebot/knowledge/rollcall"
)

// lintRollCall holds a roll call against its arithmetic. One that fails is refused whole.
func (l *linter) lintRollCall(at place, r *knowledge.RollCall) {
	if want := rollCallFile(r.ID); at.file != want {
		l.add(at.sub("id"), fmt.Sprintf("the file is called %s but holds %s", path.Base(at.file), r.ID), "call it "+path.Base(want)+" or correct the id")
	}
	for _, f := range rollcall.Verify(r, places.MembersOn(r.Date)) {
		what := f.What
		if f.Country != "" {
			what = string(f.Country) + ": " + what
		}
		l.add(at.sub("%s", f.Where), what, "compare the roll call with its record and correct it")
	}
	if !slices.Contains(knowledge.Grades, r.Grade) {
		l.add(at.sub("grade"), fmt.Sprintf("unknown grade %q", r.Grade), "use one of: "+list(knowledge.Grades))
	}
	if !slices.Contains(knowledge.Topics, r.Topic) {
		l.add(at.sub("topic"), fmt.Sprintf("unknown topic %q", r.Topic), "use one of: "+list(knowledge.Topics))
	}
	meanings := []knowledge.Meaning{knowledge.AgainstRussia, knowledge.ForRussia, knowledge.MixedMeaning, knowledge.Unrated}
	if !slices.Contains(meanings, r.Meaning) {
		l.add(at.sub("meaning"), fmt.Sprintf("unknown meaning %q", r.Meaning), "use one of: "+list(meanings))
	}
	l.lintInOthers(at.sub("titles"), r.Titles)
	if len(r.Sources) == 0 {
		l.add(at.sub("sources"), "the roll call has no source", "name the UN's record")
	}
	l.lintSources(at.sub("sources"), r.Sources)
	for i := range r.Cells {
		l.lintSources(at.sub("cells[%d].source", i), []string{r.Cells[i].Source})
	}
}

func (l *linter) lintDisputes(at place, disputes []knowledge.Dispute) {
	first := map[string]bool{}
	for i := range disputes {
		d, at := &disputes[i], at.sub("disputes[%d]", i)
		l.lintDispute(at, d)
		cell := d.RollCall + " " + string(d.Country)
		if first[cell] {
			l.add(at.sub("rollcall"), "two disputes are about the vote of "+string(d.Country)+" on "+d.RollCall, "say both sides in one")
		}
		first[cell] = true
	}
}

func (l *linter) lintDispute(at place, d *knowledge.Dispute) {
	l.lintMember(at.sub("country"), d.Country)
	if len(d.Sources) == 0 {
		l.add(at.sub("sources"), "the dispute has no source", "name who says otherwise")
	}
	l.lintSources(at.sub("sources"), d.Sources)
	r, ok := l.docs[rollCallFile(d.RollCall)].(*knowledge.RollCall)
	if !ok {
		l.add(at.sub("rollcall"), "no roll call has the id "+d.RollCall, "correct the id")
		return
	}
	if !r.Has(d.Record, d.Country) {
		l.add(at.sub("record"), fmt.Sprintf("the roll call does not have %s as %s", d.Country, d.Record), "say what the record has")
	}
	if d.Other == d.Record || !slices.Contains(knowledge.Positions, d.Other) {
		l.add(at.sub("other"), fmt.Sprintf("%q is no other position", d.Other), "use one of: "+list(knowledge.Positions))
	}
}

func (l *linter) lintMembership(at place, m *knowledge.Membership) {
	l.lintMember(at.sub("country"), m.Country)
	if !slices.Contains(knowledge.Organisations, m.Group) {
		l.add(at.sub("group"), fmt.Sprintf("unknown group %q", m.Group), "use one of: "+list(knowledge.Organisations))
	}
	if !slices.Contains(knowledge.Standings, m.Standing) {
		l.add(at.sub("status"), fmt.Sprintf("unknown status %q", m.Standing), "use one of: "+list(knowledge.Standings))
	}
	if (m.Ended != "") != !m.To.IsZero() {
		l.add(at.sub("ended"), "an end has a date and a word for how it ended", "give both or neither")
	}
	if m.Ended != "" && !slices.Contains(knowledge.Endings, m.Ended) {
		l.add(at.sub("ended"), fmt.Sprintf("unknown ending %q", m.Ended), "use one of: "+list(knowledge.Endings))
	}
	l.lintDates(at, m.From, m.To)
	l.lintSources(at.sub("source"), m.Sources)
}

func (l *linter) lintMeasure(at place, m *knowledge.Measure) {
	l.lintMember(at.sub("country"), m.Country)
	if !slices.Contains(knowledge.MeasureKinds, m.Kind) {
		l.add(at.sub("kind"), fmt.Sprintf("unknown kind of measure %q", m.Kind), "use one of: "+list(knowledge.MeasureKinds))
	}
	l.lintDates(at, m.From, m.To)
	l.lintSources(at.sub("source"), m.Sources)
}

// lintSymbols holds the symbols of each session against their days: the later text has the higher number.
func (l *linter) lintSymbols() {
	var calls []*knowledge.RollCall
	for _, name := range l.set.names() {
		if r, ok := l.docs[name].(*knowledge.RollCall); ok && name == rollCallFile(r.ID) {
			calls = append(calls, r)
		}
	}
	slices.SortFunc(calls, func(a, b *knowledge.RollCall) int {
		return cmp.Or(cmp.Compare(rollcall.Session(a.ID), rollcall.Session(b.ID)), cmp.Compare(rollcall.Number(a.ID), rollcall.Number(b.ID)))
	})
	for i := 1; i < len(calls); i++ {
		before, r := calls[i-1], calls[i]
		if session := rollcall.Session(r.ID); session != "" && session == rollcall.Session(before.ID) && before.Date > r.Date {
			l.add(place{file: rollCallFile(r.ID), at: "date"}, fmt.Sprintf("%s is of %s, and %s before it of %s", r.ID, r.Date, before.ID, before.Date),
				"compare both dates with their records")
		}
	}
}

// rollCallFile returns the name of the file of a roll call.
func rollCallFile(id string) string {
	return rollCallsDir + "/" + strings.ToLower(strings.ReplaceAll(id, "/", "-")) + ".yaml"
}

func (l *linter) lintDates(at place, from, to knowledge.Date) {
	for key, date := range map[string]knowledge.Date{"from": from, "to": to} {
		if !date.IsZero() && date.First() > l.article.Compiled {
			l.add(at.sub("%s", key), fmt.Sprintf("%s is after the day %s, on which the records were compiled", date, l.article.Compiled), "correct the date, or compile anew")
		}
	}
	if !from.IsZero() && !to.IsZero() && from.First() > to.Last() {
		l.add(at.sub("to"), fmt.Sprintf("the end %s is before the start %s", to, from), "put the dates in order")
	}
}

// firstAgreement is the first year of which agreement is computed.
const firstAgreement = 1992

func (l *linter) lintAgreement(at place, a *knowledge.Agreement) {
	l.lintMember(at.sub("country"), a.Country)
	if a.Year < firstAgreement || a.Year > l.article.Compiled.Year() {
		l.add(at.sub("year"), fmt.Sprintf("the year %d lies outside the records", a.Year), fmt.Sprintf("want %d or later", firstAgreement))
	}
	for _, with := range []struct {
		key   string
		share float64
		votes int
	}{{"usa", a.USA, a.VotesUSA}, {"russia", a.Russia, a.VotesRus}} {
		if with.share < 0 || with.share > 1 {
			l.add(at.sub("%s", with.key), fmt.Sprintf("%v is no share", with.share), "write shares from 0 to 1")
		}
		if with.votes < 0 || with.votes == 0 && with.share != 0 {
			l.add(at.sub("n_%s", with.key), fmt.Sprintf("a share of %v over %d votes", with.share, with.votes), "give the number of votes behind the share")
		}
	}
}

// lintAssertion holds an assertion against its forms: one sort, with what that sort needs.
func (l *linter) lintAssertion(at place, cl *knowledge.Claim, a *knowledge.Assertion) {
	sorts := 0
	for _, is := range []bool{a.Vote != "", a.Member != "", a.Measure != "", a.Label != "", len(a.None) > 0, a.Count > 0} {
		if is {
			sorts++
		}
	}
	if sorts != 1 {
		l.add(at, "an assertion is of one sort: vote, member, measure, label, none or count", "split it, or say what it asserts")
	}
	if a.Country != "" {
		l.lintMember(at.sub("country"), a.Country)
	}
	if a.Vote != "" && !slices.Contains(knowledge.Positions, a.Vote) {
		l.add(at.sub("vote"), fmt.Sprintf("unknown position %q", a.Vote), "use one of: "+list(knowledge.Positions))
	}
	l.lintReceipts(at.sub("texts"), a.Texts, knowledge.RollCallReceipt)
	if a.Measure != "" && !slices.Contains(knowledge.MeasureKinds, a.Measure) {
		l.add(at.sub("measure"), fmt.Sprintf("unknown kind of measure %q", a.Measure), "use one of: "+list(knowledge.MeasureKinds))
	}
	if (a.Label != "" || len(a.None) > 0) && a.Axis.Pole() == "" {
		l.add(at.sub("axis"), fmt.Sprintf("unknown axis %q", a.Axis), "use russia or washington")
		return
	}
	for _, label := range append(slices.Clone(a.None), a.Label) {
		if label != "" && !slices.Contains(knowledge.LabelsOf(a.Axis), label) {
			l.add(at, fmt.Sprintf("unknown label %q toward %s", label, a.Axis), "use one of: "+list(knowledge.LabelsOf(a.Axis)))
		}
	}
	if needsStart := a.Vote != "" && len(a.Texts) == 0 || a.Member != "" && a.On.IsZero(); needsStart && cl.Undated {
		l.add(at, "an undated claim gives the assertion no time", "name the texts or the day")
	}
}

// lintVerdicts holds curated verdicts against those that the record gives: a curated one may be stricter, with a note
// that says why, and never milder.
func (l *linter) lintVerdicts() {
	records, err := l.set.Records()
	if err != nil {
		l.add(place{file: "."}, err.Error(), "generate the compact form again")
		return
	}
	verdicts := check.New(records).Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		curated := worst(v.Claim, records.FactChecks)
		at := l.ids[v.Claim.ID]
		at.at = strings.TrimSuffix(at.at, ".id") + ".check.status"
		if v.Milder(curated) {
			l.add(at, fmt.Sprintf("the verdict on %s is %s, and the record says %s: %s", v.Claim.ID, curated, v.Status, v), "raise the verdict, or correct the assertion")
		}
		if v.Status == knowledge.Confirmed && curated.Faulted() && v.Claim.Check.Note == "" {
			l.add(at, fmt.Sprintf("the verdict on %s is %s, and the record says confirmed", v.Claim.ID, curated), "say in the note why the verdict is stricter")
		}
	}
}

// worst returns the curated verdict that counts: the worse one of a claim's check and the fact checks about it.
func worst(cl *knowledge.Claim, checks []knowledge.FactCheck) knowledge.Status {
	status := cl.Check.Status
	for i := range checks {
		if f := &checks[i]; f.Verdict != knowledge.Context && slices.Contains(f.Claims, cl.ID) && f.Verdict.Rank() > status.Rank() {
			status = f.Verdict
		}
	}
	return status
}
