package corpus

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
	"stancebot/knowledge/rollcall"
)

// lintRollCall holds a roll call against its arithmetic. One that fails is refused whole.
func (l *linter) lintRollCall(at place, r *knowledge.RollCall) {
	want := strings.ToLower(strings.ReplaceAll(r.ID, "/", "-")) + ".yaml"
	if base := path.Base(at.file); base != want {
		l.add(at.sub("id"), fmt.Sprintf("the file is called %s but holds %s", base, r.ID), "call it "+want+" or correct the id")
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
	if len(r.Sources) == 0 {
		l.add(at.sub("sources"), "the roll call has no source", "name the UN's record")
	}
	l.lintSources(at.sub("sources"), r.Sources)
	for i := range r.Cells {
		l.lintSources(at.sub("cells[%d].source", i), []string{r.Cells[i].Source})
	}
}

func (l *linter) lintDispute(at place, d *knowledge.Dispute) {
	l.lintMember(at.sub("country"), d.Country)
	l.lintSources(at.sub("sources"), d.Sources)
	name := rollCallsDir + "/" + strings.ToLower(strings.ReplaceAll(d.RollCall, "/", "-")) + ".yaml"
	r, ok := l.docs[name].(*knowledge.RollCall)
	if !ok {
		l.add(at.sub("rollcall"), "no roll call has the id "+d.RollCall, "correct the id")
		return
	}
	if !slices.Contains(r.Votes[d.Record], d.Country) {
		l.add(at.sub("record"), fmt.Sprintf("the roll call does not have %s as %s", d.Country, d.Record), "say what the record has")
	}
	if d.Other == d.Record || !slices.Contains(knowledge.Positions, d.Other) {
		l.add(at.sub("other"), fmt.Sprintf("%q is no other position", d.Other), "use one of: "+list(knowledge.Positions))
	}
}

func (l *linter) lintMembership(at place, m *knowledge.Membership) {
	l.lintMember(at.sub("country"), m.Country)
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

func (l *linter) lintDates(at place, from, to knowledge.Date) {
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
	for _, share := range []float64{a.USA, a.Russia} {
		if share < 0 || share > 1 {
			l.add(at, fmt.Sprintf("%v is no share", share), "write shares from 0 to 1")
		}
	}
}
