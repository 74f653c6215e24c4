package picture

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A Fact is one thing that a picture shows: what the records say of its subject, and which of them. What the calendar
// alone changes, such as an age, is no fact.
type Fact struct {
	Subject
	Value    string // what the records say, in words of the records
	Receipts []string
	say      func(*phrases.Catalogue) (subject, value string)
}

// A Subject is what a fact is about. A picture shows one fact at most about each.
type Subject struct {
	Of      FactKind
	Country knowledge.Country
	Axis    knowledge.Axis
	ID      string // of a text, a change, an event, a year …
}

// A FactKind tells what kind of thing a fact is.
type FactKind string

// The kinds of facts.
const (
	OfLabel      FactKind = "label"
	OfStaleness  FactKind = "stale"
	OfVote       FactKind = "vote"
	OfTally      FactKind = "tally"
	OfShift      FactKind = "shift"
	OfRelabel    FactKind = "relabel"
	OfEvent      FactKind = "event"
	OfAgreement  FactKind = "agreement"
	OfMembership FactKind = "membership"
	OfMeasure    FactKind = "measure"
	OfCheck      FactKind = "check"
	OfCorrection FactKind = "correction"
)

// Say says what the fact is about, and what is said of it.
func (f *Fact) Say(p *phrases.Catalogue) (subject, value string) { return f.say(p) }

// line is the fact in the form that digests are made of. Its receipts count: what says the same by another record is
// another fact.
func (f *Fact) line() string {
	return strings.Join([]string{string(f.Of), string(f.Country), string(f.Axis), f.ID, f.Value, strings.Join(f.Receipts, " ")}, "\t")
}

// Facts lists what a picture of the answer shows, sorted.
func Facts(a *knowledge.Answer) []Fact {
	var facts []Fact
	switch KindOf(a) {
	case Map:
		facts = mapFacts(a)
	case Card:
		facts = cardFacts(&a.Stances[0])
	case Comparison:
		facts = compareFacts(a.Stances)
	case Timeline:
		facts = timelineFacts(a)
	case AgreementChart:
		for _, ag := range a.Agreements {
			facts = append(facts, agreementFacts(ag, a.Query.Axis)...)
		}
	case VoteStrip:
		facts = append(facts, tallyFact(a.RollCall))
		for _, v := range a.Votes {
			facts = append(facts, voteFact(v))
		}
	}
	facts = append(facts, correctionFacts(a, receiptsOf(facts))...)
	slices.SortFunc(facts, func(x, y Fact) int { return cmp.Compare(x.line(), y.line()) })
	return slices.CompactFunc(facts, func(x, y Fact) bool { return x.line() == y.line() })
}

// receiptsOf lists the receipts of facts, each once, in their order.
func receiptsOf(facts []Fact) []string {
	var ids []string
	seen := map[string]bool{}
	for i := range facts {
		for _, id := range facts[i].Receipts {
			if !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// correctionFacts are what the desk says is right about records.
func correctionFacts(a *knowledge.Answer, ids []string) []Fact {
	var facts []Fact
	for _, id := range ids {
		if c := a.Corrected[id]; c != nil {
			facts = append(facts, Fact{
				Subject: Subject{Of: OfCorrection, ID: id}, Value: c.Text, Receipts: []string{c.Recorded.Receipt},
				say: func(p *phrases.Catalogue) (string, string) {
					return id, p.Say("corrected", "date", c.Recorded.On, "id", c.Recorded.Receipt, "text", c.Text)
				},
			})
		}
	}
	return facts
}

// axesOf are the axes that an answer is about.
func axesOf(a *knowledge.Answer) []knowledge.Axis {
	if a.Query.Axis != "" {
		return []knowledge.Axis{a.Query.Axis}
	}
	return knowledge.Axes[:]
}

// mapFacts are the labels of all members on the axes that the map shows, and what makes them stale. One who has none is a
// fact, too.
func mapFacts(a *knowledge.Answer) []Fact {
	var facts []Fact
	labelled := map[knowledge.Country]bool{}
	for i := range a.Stances {
		s := a.Stances[i]
		labelled[s.Country] = true
		s.Labels = slices.DeleteFunc(slices.Clone(s.Labels), func(l knowledge.Labelled) bool { return !slices.Contains(mapAxes(a), l.Axis) })
		facts = append(append(facts, labelFacts(&s)...), staleFacts(&s)...)
	}
	for _, country := range a.Countries {
		if !labelled[country] {
			none := knowledge.Stance{Country: country}
			for _, axis := range mapAxes(a) {
				none.Labels = append(none.Labels, knowledge.Labelled{Axis: axis})
			}
			facts = append(facts, labelFacts(&none)...)
		}
	}
	return facts
}

// compareFacts are what a comparison shows: of votes, those on texts on which all countries have one.
func compareFacts(stances []knowledge.Stance) []Fact {
	var facts []Fact
	for i := range stances {
		facts = append(facts, flaggedFacts(&stances[i])...)
	}
	for _, votes := range shared(stances) {
		for _, v := range votes {
			facts = append(facts, voteFact(v))
		}
	}
	return facts
}

// flaggedFacts are the labels of a country, and what speaks against taking them as they stand.
func flaggedFacts(s *knowledge.Stance) []Fact {
	facts := append(labelFacts(s), staleFacts(s)...)
	for _, cc := range faulted(s) {
		facts = append(facts, Fact{
			Subject: Subject{Of: OfCheck, Country: s.Country, ID: cc.Claim.ID}, Value: string(cc.Verdict), Receipts: []string{cc.Claim.ID},
			say: func(p *phrases.Catalogue) (string, string) {
				return p.Country(s.Country) + ", " + cc.Claim.ID, p.Status(cc.Verdict)
			},
		})
	}
	return facts
}

// cardFacts are what a card shows of its country.
func cardFacts(s *knowledge.Stance) []Fact {
	facts := flaggedFacts(s)
	for _, v := range s.Record.Votes {
		facts = append(facts, voteFact(v))
	}
	for _, sh := range s.Reports {
		facts = append(facts, shiftFact(sh, knowledge.Period{From: sh.Period.From}))
	}
	for _, m := range shownGroups(s) {
		facts = append(facts, membershipFact(m))
	}
	if m := s.Record.Unfriendly; m != nil {
		facts = append(facts, Fact{
			Subject: Subject{Of: OfMeasure, Country: s.Country, ID: m.Kind}, Value: m.From.String(), Receipts: []string{m.ID()},
			say: func(p *phrases.Catalogue) (string, string) { return p.Country(s.Country), p.Say("measure." + m.Kind) },
		})
	}
	return facts
}

// timelineFacts are what has a date about one country, and what the source gives none for.
func timelineFacts(a *knowledge.Answer) []Fact {
	var facts []Fact
	for _, sh := range slices.Concat(a.Shifts, a.Set.Continuities, a.Set.Forecasts, a.Set.Undated) {
		facts = append(facts, shiftFact(sh, sh.Period.Until(a.On)))
	}
	for _, r := range a.Relabels {
		facts = append(facts, relabelFact(r))
	}
	for _, e := range shownEvents(a) {
		facts = append(facts, eventFact(e))
	}
	for _, v := range a.Votes {
		facts = append(facts, voteFact(v))
	}
	return facts
}

func labelFacts(s *knowledge.Stance) []Fact {
	var facts []Fact
	for _, l := range s.Labels {
		f := Fact{
			Subject: Subject{Of: OfLabel, Country: s.Country, Axis: l.Axis}, Value: string(l.Label()),
			say: func(p *phrases.Catalogue) (string, string) {
				return p.Country(s.Country) + ", " + p.Say("axis."+string(l.Axis)), labelText(p, l)
			},
		}
		if as := l.Assessment; as != nil {
			f.Value += " " + string(as.Basis) + " " + as.Since.String()
			for _, r := range as.Of {
				f.Value += " " + string(r.Label) + "@" + r.At.String()
			}
			f.Receipts = slices.Clone(as.Claims)
		}
		facts = append(facts, f)
	}
	return facts
}

func staleFacts(s *knowledge.Stance) []Fact {
	var facts []Fact
	for _, st := range s.Stale {
		facts = append(facts, Fact{
			Subject: Subject{Of: OfStaleness, Country: s.Country, ID: string(st.Kind) + " " + st.Day().String()}, Value: "stale", Receipts: staleReceipts(&st),
			say: func(p *phrases.Catalogue) (string, string) { return p.Country(s.Country), staleText(p, &st) },
		})
	}
	return facts
}

// staleReceipts are the records that tell of the leader, or of what is newer.
func staleReceipts(st *knowledge.Stale) []string {
	ids := st.Causes()
	if st.FactCheck == nil {
		ids = append(slices.Clone(st.Claims), ids...)
	}
	return ids
}

func voteFact(v knowledge.Vote) Fact {
	f := Fact{
		Subject: Subject{Of: OfVote, Country: v.Country, ID: v.Call.ID}, Value: string(v.Position), Receipts: []string{v.Call.ID},
		say: func(p *phrases.Catalogue) (string, string) {
			return p.Country(v.Country) + ", " + callText(p, v.Call), positionText(p, v)
		},
	}
	if v.Dispute != nil {
		f.Value += " disputed " + string(v.Dispute.Other)
	}
	if v.Cell != nil {
		f.Value += " desk " + string(v.Cell.Position)
		f.Receipts = append(f.Receipts, v.Cell.Recorded.Receipt)
	}
	return f
}

func tallyFact(r *knowledge.RollCall) Fact {
	t := r.Tally
	return Fact{
		Subject: Subject{Of: OfTally, ID: r.ID}, Value: strings.Join([]string{strconv.Itoa(t.Yes), strconv.Itoa(t.No), strconv.Itoa(t.Abstain), strconv.Itoa(t.Absent)}, " "),
		Receipts: []string{r.ID},
		say: func(p *phrases.Catalogue) (string, string) {
			return callText(p, r), tallyText(p, t)
		},
	}
}

func shiftFact(sh *knowledge.Shift, on knowledge.Period) Fact {
	return Fact{
		Subject: Subject{Of: OfShift, Country: sh.Country, ID: sh.ID}, Receipts: []string{sh.ID},
		Value: strings.Join([]string{on.From.String(), on.To.String(), strconv.FormatBool(sh.Continuity), strconv.FormatBool(sh.Forecast), sh.From, sh.To}, " | "),
		say: func(p *phrases.Catalogue) (string, string) {
			return p.Country(sh.Country) + ", " + p.Period(on), shiftText(p, sh)
		},
	}
}

func relabelFact(r knowledge.Relabel) Fact {
	value := func(as *knowledge.Assessment) string { return string(as.Label) + " " + string(as.Basis) }
	return Fact{
		Subject:  Subject{Of: OfRelabel, Country: r.To.Country, Axis: r.To.Axis, ID: r.To.Since.String()},
		Value:    value(r.From) + " " + value(r.To),
		Receipts: slices.Concat(r.To.Claims, r.From.Claims),
		say: func(p *phrases.Catalogue) (string, string) {
			return p.Country(r.To.Country) + ", " + p.Say("axis."+string(r.To.Axis)) + ", " + p.Date(r.To.Since.Date()), relabelText(p, r)
		},
	}
}

func eventFact(e *knowledge.Event) Fact {
	return Fact{
		Subject: Subject{Of: OfEvent, Country: e.Country, ID: e.ID}, Value: e.On.String() + " " + e.Text, Receipts: []string{e.ID},
		say: func(p *phrases.Catalogue) (string, string) {
			return p.Country(e.Country) + ", " + p.Date(e.On), english(p, e.Text)
		},
	}
}

func membershipFact(m *knowledge.Membership) Fact {
	return Fact{
		Subject: Subject{Of: OfMembership, Country: m.Country, ID: string(m.Group)}, Value: string(m.Standing), Receipts: []string{m.ID()},
		say: func(p *phrases.Catalogue) (string, string) {
			return p.Country(m.Country) + ", " + p.Group(m.Group), p.Say("standing." + string(m.Standing))
		},
	}
}

func agreementFacts(ag *knowledge.Agreement, asked knowledge.Axis) []Fact {
	var facts []Fact
	for _, axis := range knowledge.Axes {
		share, votes := ag.With(axis)
		if votes == 0 || asked != "" && axis != asked {
			continue
		}
		facts = append(facts, Fact{
			Subject: Subject{Of: OfAgreement, Country: ag.Country, Axis: axis, ID: strconv.Itoa(ag.Year)},
			Value:   strconv.Itoa(knowledge.Percent(share)) + " % of " + strconv.Itoa(votes), Receipts: []string{ag.ID()},
			say: func(p *phrases.Catalogue) (string, string) {
				return p.Country(ag.Country) + ", " + strconv.Itoa(ag.Year), p.Say("agreement.part", "share", knowledge.Percent(share), "pole", axis.Pole(), "n", votes)
			},
		})
	}
	return facts
}
