package web

import (
	"stancebot/bot/contract"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/rollcall"
)

// The objects of the API. Each part that tells something of the world has the receipt that it rests on, and words are beside codes in the
// language asked for; texts of records are in English. Lists are never null.

// A CountryEntry is a country in a list.
type CountryEntry struct {
	Country knowledge.Country `json:"country"`
	Name    string            `json:"name"`
	Covered bool              `json:"covered" doc:"Whether a source labels the country, on whatever day."`
	Labels  []LabelFact       `json:"labels"`
}

// A LabelFact is a label on one axis, with who says so and how old that is.
type LabelFact struct {
	Axis    knowledge.Axis     `json:"axis"`
	Label   knowledge.Label    `json:"label"`
	Says    string             `json:"says" doc:"The label in words, with the mark of our own readings."`
	Basis   knowledge.Basis    `json:"basis" doc:"Who gives it: the article, our reading of it, the desk, or nobody."`
	Since   *knowledge.Day     `json:"since"`
	AgeDays *int               `json:"age_days" doc:"Days since then. Age alone makes no label stale."`
	Claims  []string           `json:"claims" doc:"The receipts that it rests on."`
	Of      []contract.Reading `json:"of" doc:"The labels that a contested one is torn between, each with its place in the article."`
}

// A StaleFact is one reason for which the labels are stale.
type StaleFact struct {
	Why      knowledge.StaleKind `json:"why"`
	Since    *knowledge.Day      `json:"since"`
	Receipts []string            `json:"receipts" doc:"What makes them so."`
}

// A SourceFact is a page that a record rests on.
type SourceFact struct {
	URL       string          `json:"url"`
	Publisher string          `json:"publisher"`
	Published *knowledge.Date `json:"published"`
}

// A ClaimFact is a claim of the article, with what checks of it found.
type ClaimFact struct {
	Receipt  string           `json:"receipt"`
	Kind     knowledge.Kind   `json:"kind"`
	Text     string           `json:"text" doc:"A paraphrase, in English."`
	Quote    string           `json:"quote"`
	Where    knowledge.Where  `json:"where" doc:"The section and the paragraph of the article."`
	From     *knowledge.Date  `json:"from"`
	To       *knowledge.Date  `json:"to"`
	Undated  bool             `json:"undated"`
	Supports bool             `json:"supports" doc:"Whether a label rests on it."`
	Verdict  knowledge.Status `json:"verdict"`
	Says     string           `json:"says" doc:"The verdict in words."`
	Note     string           `json:"note" doc:"What the check found, in English."`
	Check    *string          `json:"fact_check" doc:"The receipt of the fact check about it."`
	Finding  string           `json:"finding" doc:"What that found, in English."`
	Sources  []SourceFact     `json:"sources"`
}

// A CheckFact is a finding that belongs beside the claims of a country, and says nothing for or against them.
type CheckFact struct {
	Receipt string           `json:"receipt"`
	Verdict knowledge.Status `json:"verdict"`
	Says    string           `json:"says" doc:"The verdict in words."`
	Finding string           `json:"finding" doc:"In English."`
	Claims  []string         `json:"claims" doc:"The receipts of the claims that it is about."`
}

// A VoteFact is how a country took part in one roll call, or is said to have.
type VoteFact struct {
	Country    knowledge.Country  `json:"country"`
	Resolution string             `json:"resolution" doc:"The receipt of the roll call, too."`
	Date       knowledge.Day      `json:"date"`
	Title      string             `json:"title"`
	Position   knowledge.Position `json:"position"`
	Says       string             `json:"says"`
	Disputed   *DisputeFact       `json:"disputed"`
	Desk       *DeskCellFact      `json:"desk" doc:"What the desk recorded where the record has another position, or none."`
}

// A DisputeFact is what is said against one vote of the record.
type DisputeFact struct {
	Other knowledge.Position `json:"other"`
	By    string             `json:"by"`
}

// A DeskCellFact is a vote as the desk recorded it.
type DeskCellFact struct {
	Receipt  string             `json:"receipt"`
	Position knowledge.Position `json:"position"`
}

// A MembershipFact is what a country is to an organisation.
type MembershipFact struct {
	Receipt  string             `json:"receipt"`
	Country  knowledge.Country  `json:"country"`
	Group    knowledge.GroupID  `json:"group"`
	Name     string             `json:"name"`
	Standing knowledge.Standing `json:"standing"`
	From     *knowledge.Date    `json:"from" doc:"Null where the start was not read."`
	To       *knowledge.Date    `json:"to"`
	Attested *knowledge.Date    `json:"attested" doc:"A day on which a source names it."`
}

// A MeasureFact is a sanction, a listing or the like.
type MeasureFact struct {
	Receipt string            `json:"receipt"`
	Country knowledge.Country `json:"country"`
	Kind    string            `json:"kind"`
	Says    string            `json:"says"`
	From    *knowledge.Date   `json:"from"`
	To      *knowledge.Date   `json:"to"`
}

// An AgreementFact is how much a country agreed with the poles in the votes of one year.
type AgreementFact struct {
	Receipt         string   `json:"receipt"`
	Year            int      `json:"year"`
	Russia          *float64 `json:"russia" minimum:"0" maximum:"1"`
	VotesRussia     int      `json:"votes_russia"`
	Washington      *float64 `json:"washington" minimum:"0" maximum:"1"`
	VotesWashington int      `json:"votes_washington"`
}

// A ShiftFact is a change that the article tells in words.
type ShiftFact struct {
	Receipt string            `json:"receipt"`
	Country knowledge.Country `json:"country"`
	Kind    string            `json:"kind" enum:"change,continuity,forecast,undated" doc:"Only changes are shifts."`
	From    string            `json:"from" doc:"The article's words, in English."`
	To      string            `json:"to"`
	Cause   string            `json:"cause"`
	When    string            `json:"when" doc:"The article's own words for the time."`
	Start   *knowledge.Date   `json:"start"`
	End     *knowledge.Date   `json:"end"`
}

// A RelabelFact is a change that the desk recorded: from one label to another.
type RelabelFact struct {
	Receipt string            `json:"receipt"`
	Country knowledge.Country `json:"country"`
	Axis    knowledge.Axis    `json:"axis"`
	From    knowledge.Label   `json:"from"`
	To      knowledge.Label   `json:"to"`
	Since   *knowledge.Day    `json:"since"`
}

// An EventFact is something that happened. It sets no label.
type EventFact struct {
	Receipt string            `json:"receipt"`
	Country knowledge.Country `json:"country"`
	On      *knowledge.Date   `json:"on"`
	Kind    knowledge.Kind    `json:"kind"`
	Text    string            `json:"text"`
}

// A ContradictionFact is a pair of statements of the article that do not go together.
type ContradictionFact struct {
	Receipt   string              `json:"receipt"`
	Countries []knowledge.Country `json:"countries"`
	A         QuoteFact           `json:"a"`
	B         QuoteFact           `json:"b"`
	Why       string              `json:"why" doc:"In English."`
}

// A QuoteFact is a piece of the article.
type QuoteFact struct {
	Quote string          `json:"quote"`
	Where knowledge.Where `json:"where"`
}

// A CorrectionFact is what the desk says is right about a record.
type CorrectionFact struct {
	Receipt string `json:"receipt"`
	Of      string `json:"of" doc:"The receipt of the record."`
	Text    string `json:"text"`
}

// A speaker turns records into facts in one language.
type speaker struct{ *phrases.Catalogue }

func (s speaker) labels(labels []knowledge.Labelled) []LabelFact {
	facts := make([]LabelFact, len(labels))
	for i, l := range labels {
		facts[i] = LabelFact{Axis: l.Axis, Label: l.Label(), Says: s.Label(l), Basis: l.Basis(), Claims: []string{}, Of: []contract.Reading{}}
		if a := l.Assessment; a != nil {
			facts[i].Since, facts[i].AgeDays, facts[i].Claims = contract.OrNull(a.Since), &l.AgeDays, contract.OrEmpty(a.Claims)
			facts[i].Of = each(a.Of, func(r knowledge.Reading) contract.Reading { return contract.Reading{Label: r.Label, Where: r.At} })
		}
	}
	return facts
}

func staleFact(st knowledge.Stale) StaleFact {
	return StaleFact{Why: st.Kind, Since: contract.OrNull(st.Day()), Receipts: contract.OrEmpty(st.Causes())}
}

func sourceFact(s *knowledge.Source) SourceFact {
	return SourceFact{URL: s.URL, Publisher: s.Publisher, Published: contract.OrNull(s.Published)}
}

func (s speaker) claim(cc *knowledge.CheckedClaim) ClaimFact {
	c := cc.Claim
	f := ClaimFact{
		Receipt: c.ID, Kind: c.Kind, Text: c.Text, Quote: c.Quote, Where: c.At, From: contract.OrNull(c.From), To: contract.OrNull(c.To), Undated: c.Undated,
		Supports: cc.Supports, Verdict: cc.Verdict, Says: s.Status(cc.Verdict), Note: cc.Note, Sources: each(cc.Sources, sourceFact),
	}
	if cc.Finding != nil {
		f.Check, f.Finding = &cc.Finding.ID, cc.Finding.Finding
	}
	return f
}

func (s speaker) check(f *knowledge.FactCheck) CheckFact {
	return CheckFact{Receipt: f.ID, Verdict: f.Verdict, Says: s.Status(f.Verdict), Finding: f.Finding, Claims: contract.OrEmpty(f.Claims)}
}

// votes are those that were read.
func (s speaker) votes(votes []knowledge.Vote) []VoteFact {
	facts := []VoteFact{}
	for _, v := range votes {
		if v.Position == "" {
			continue
		}
		f := VoteFact{
			Country: v.Country, Resolution: v.Call.ID, Date: v.Call.Date, Title: v.Call.Titles.Or(s.Language, v.Call.Title), Position: v.Position,
			Says: s.Say("position." + string(v.Position)),
		}
		if d := v.Dispute; d != nil {
			f.Disputed = &DisputeFact{Other: d.Other, By: d.By}
		}
		if c := v.Cell; c != nil {
			f.Desk = &DeskCellFact{Receipt: c.Recorded.Receipt, Position: c.Position}
		}
		facts = append(facts, f)
	}
	return facts
}

func (s speaker) membership(m *knowledge.Membership) MembershipFact {
	return MembershipFact{
		Receipt: m.ID(), Country: m.Country, Group: m.Group, Name: s.Group(m.Group), Standing: m.Standing,
		From: contract.OrNull(m.From), To: contract.OrNull(m.To), Attested: contract.OrNull(m.Attested),
	}
}

func (s speaker) measure(m *knowledge.Measure) MeasureFact {
	return MeasureFact{
		Receipt: m.ID(), Country: m.Country, Kind: m.Kind, Says: s.Say("measure." + m.Kind), From: contract.OrNull(m.From), To: contract.OrNull(m.To),
	}
}

func agreementFact(a *knowledge.Agreement) AgreementFact {
	f := AgreementFact{Receipt: a.ID(), Year: a.Year, VotesRussia: a.VotesRus, VotesWashington: a.VotesUSA}
	if a.VotesRus > 0 {
		f.Russia = &a.Russia
	}
	if a.VotesUSA > 0 {
		f.Washington = &a.USA
	}
	return f
}

// shifts are all that a list of shifts holds, what is no change behind what is.
func shifts(a *knowledge.Answer) []ShiftFact {
	facts := []ShiftFact{}
	for _, part := range []struct {
		kind string
		list []*knowledge.Shift
	}{{"change", a.Shifts}, {"undated", a.Set.Undated}, {"continuity", a.Set.Continuities}, {"forecast", a.Set.Forecasts}} {
		for _, s := range part.list {
			facts = append(facts, ShiftFact{
				Receipt: s.ID, Country: s.Country, Kind: part.kind, From: s.From, To: s.To, Cause: s.Cause, When: s.When,
				Start: contract.OrNull(s.Period.From), End: contract.OrNull(s.Period.Until(a.On).To),
			})
		}
	}
	return facts
}

func relabelFact(r knowledge.Relabel) RelabelFact {
	f := RelabelFact{
		Receipt: r.To.Recorded.Receipt, Country: r.To.Country, Axis: r.To.Axis, From: knowledge.Unassessed, To: r.To.Label, Since: contract.OrNull(r.To.Since),
	}
	if r.From != nil {
		f.From = r.From.Label
	}
	return f
}

func eventFact(e *knowledge.Event) EventFact {
	return EventFact{Receipt: e.ID, Country: e.Country, On: contract.OrNull(e.On), Kind: e.Kind, Text: e.Text}
}

func contradictionFact(x *knowledge.Contradiction) ContradictionFact {
	return ContradictionFact{
		Receipt: x.ID, Countries: contract.OrEmpty(x.Countries), A: QuoteFact{Quote: x.A.Quote, Where: x.A.At}, B: QuoteFact{Quote: x.B.Quote, Where: x.B.At}, Why: x.Why,
	}
}

// A Dossier is all that the records hold of one country, as of a day and as known on one.
type Dossier struct {
	Country        knowledge.Country   `json:"country"`
	Name           string              `json:"name"`
	Language       string              `json:"language"`
	Outcome        knowledge.Outcome   `json:"outcome"`
	Covered        bool                `json:"covered" doc:"Whether a source labels the country, on whatever day."`
	On             knowledge.Day       `json:"on" doc:"The day that this speaks of."`
	CheckedTo      knowledge.Date      `json:"checked_to" doc:"How far events were checked."`
	Labels         []LabelFact         `json:"labels"`
	Stale          []StaleFact         `json:"stale"`
	Claims         []ClaimFact         `json:"claims"`
	Context        []CheckFact         `json:"context"`
	Votes          []VoteFact          `json:"votes"`
	Memberships    []MembershipFact    `json:"memberships"`
	Measures       []MeasureFact       `json:"measures"`
	Agreement      []AgreementFact     `json:"agreement" doc:"The newest year first."`
	Shifts         []ShiftFact         `json:"shifts"`
	Relabels       []RelabelFact       `json:"relabels"`
	Events         []EventFact         `json:"events"`
	Contradictions []ContradictionFact `json:"contradictions"`
	Corrections    []CorrectionFact    `json:"corrections"`
	Receipts       []string            `json:"receipts" doc:"All that it rests on."`
}

// dossier puts together what the snapshot answers to each question about a country. What it holds of other days than were asked for is
// nobody's to tell, so a day that it does not know is not asked for here.
func (s speaker) dossier(c *core.Core, q knowledge.Query) Dossier {
	answer := func(intent knowledge.Intent) knowledge.Answer {
		q.Intent = intent
		return c.Answer(q)
	}
	country := q.Countries[0]
	stance := answer(knowledge.IntentStance)
	told, votes, measures := answer(knowledge.IntentShifts), answer(knowledge.IntentVotes), answer(knowledge.IntentMeasures)
	agreement := c.Answer(c.Agreeing(q))
	d := Dossier{
		Country: country, Name: s.Country(country), Language: s.Language, Outcome: stance.Outcome, On: stance.On, CheckedTo: stance.CheckedTo,
		Labels: []LabelFact{}, Stale: []StaleFact{}, Context: []CheckFact{}, Events: []EventFact{},
		Claims:    each(answer(knowledge.IntentEvidence).Evidence, s.claim),
		Votes:     s.votes(votes.Votes),
		Agreement: each(agreement.Agreements, agreementFact),
		Shifts:    shifts(&told), Relabels: each(told.Relabels, relabelFact),
		Memberships: each(measures.Memberships, s.membership), Measures: each(measures.Measures, s.measure),
		Contradictions: each(answer(knowledge.IntentContradictions).Contradictions, contradictionFact),
	}
	if len(stance.Stances) > 0 { // a pole has none
		st := &stance.Stances[0]
		d.Covered, d.Labels, d.Stale = st.Covered, s.labels(st.Labels), each(st.Stale, staleFact)
		d.Context, d.Events = each(st.Context, s.check), each(st.Events, eventFact)
	}
	d.Receipts = d.receipts()
	d.Corrections = corrections(stance.Corrected, d.Receipts)
	for _, x := range d.Corrections {
		d.Receipts = append(d.Receipts, x.Receipt)
	}
	return d
}

// receipts are those of all parts, each once, in the order of the parts.
func (d *Dossier) receipts() []string {
	var all receipts
	for _, l := range d.Labels {
		all.add(l.Claims...)
	}
	for _, x := range d.Stale {
		all.add(x.Receipts...)
	}
	for _, x := range d.Claims {
		all.add(x.Receipt)
		if x.Check != nil {
			all.add(*x.Check)
		}
	}
	addEach(&all, d.Context, func(x CheckFact) string { return x.Receipt })
	for _, x := range d.Votes {
		all.add(x.Resolution)
		if x.Desk != nil {
			all.add(x.Desk.Receipt)
		}
	}
	addEach(&all, d.Memberships, func(x MembershipFact) string { return x.Receipt })
	addEach(&all, d.Measures, func(x MeasureFact) string { return x.Receipt })
	addEach(&all, d.Agreement, func(x AgreementFact) string { return x.Receipt })
	addEach(&all, d.Shifts, func(x ShiftFact) string { return x.Receipt })
	addEach(&all, d.Relabels, func(x RelabelFact) string { return x.Receipt })
	addEach(&all, d.Events, func(x EventFact) string { return x.Receipt })
	addEach(&all, d.Contradictions, func(x ContradictionFact) string { return x.Receipt })
	return contract.OrEmpty(all.list)
}

// corrections are those of the records that something rests on, in its order.
func corrections(corrected map[string]*knowledge.Correction, of []string) []CorrectionFact {
	facts := []CorrectionFact{}
	for _, id := range of {
		if x := corrected[id]; x != nil {
			facts = append(facts, CorrectionFact{Receipt: x.Recorded.Receipt, Of: x.Of, Text: x.Text})
		}
	}
	return facts
}

// A ResolutionEntry is a roll call in a list.
type ResolutionEntry struct {
	Resolution string            `json:"resolution" doc:"Its symbol, or its date where the symbol was not read. The receipt, too."`
	Date       knowledge.Day     `json:"date"`
	Title      string            `json:"title"`
	Meaning    knowledge.Meaning `json:"meaning" doc:"What a Yes means toward Russia, as we read it. Mixed and unrated texts are never scored."`
	Tally      knowledge.Tally   `json:"tally"`
	Grade      knowledge.Grade   `json:"grade" doc:"How well it is proved: A, B, C by a second source, D and U by one alone, P in part."`
	Partial    bool              `json:"partial" doc:"Whether only some votes are known."`
}

// A ResolutionFact is one roll call with all its votes.
type ResolutionFact struct {
	ResolutionEntry
	Language string            `json:"language"`
	Outcome  knowledge.Outcome `json:"outcome"`
	Proof    string            `json:"proof" doc:"The arithmetic of the votes."`
	Votes    []VoteFact        `json:"votes"`
	Sources  []SourceFact      `json:"sources"`
	Receipts []string          `json:"receipts"`
}

func (s speaker) resolution(r *knowledge.RollCall) ResolutionEntry {
	return ResolutionEntry{
		Resolution: r.ID, Date: r.Date, Title: r.Titles.Or(s.Language, r.Title), Meaning: r.Meaning, Tally: r.Tally, Grade: r.Grade, Partial: r.Partial,
	}
}

func (s speaker) rollCall(a *knowledge.Answer, sources []*knowledge.Source) ResolutionFact {
	f := ResolutionFact{
		ResolutionEntry: s.resolution(a.RollCall), Language: s.Language, Outcome: a.Outcome, Votes: s.votes(a.Votes), Sources: each(sources, sourceFact),
	}
	if !a.RollCall.Partial {
		f.Proof = rollcall.Proof(a.RollCall.Tally)
	}
	all := receipts{list: []string{a.RollCall.ID}}
	for _, v := range f.Votes {
		if v.Desk != nil {
			all.add(v.Desk.Receipt)
		}
	}
	f.Receipts = all.list
	return f
}

// A GroupEntry is a group in a list.
type GroupEntry struct {
	Group knowledge.GroupID `json:"group"`
	Name  string            `json:"name"`
}

// A GroupFact is a group on a day, with where its members stand: what a map of it shows.
type GroupFact struct {
	GroupEntry
	Kind        knowledge.GroupKind `json:"kind"`
	Language    string              `json:"language"`
	Outcome     knowledge.Outcome   `json:"outcome"`
	On          knowledge.Day       `json:"on"`
	Members     []CountryEntry      `json:"members"`
	Memberships []MembershipFact    `json:"memberships" doc:"What makes the members so, where rows do."`
	Measures    []MeasureFact       `json:"measures" doc:"Likewise, of Russia's list of unfriendly states."`
	Beside      []MembershipFact    `json:"beside" doc:"Observers, partners, suspended and the like: no members."`
	Unread      []MembershipFact    `json:"unread" doc:"Members whose start was not read."`
	Receipts    []string            `json:"receipts"`
}

func (s speaker) group(a *knowledge.Answer) GroupFact {
	g := a.Group.Group
	f := GroupFact{
		GroupEntry: GroupEntry{g.ID, s.Group(g.ID)}, Kind: g.Kind, Language: s.Language, Outcome: a.Outcome, On: a.On, Members: []CountryEntry{},
		Memberships: each(a.Memberships, s.membership), Measures: each(a.Measures, s.measure),
		Beside: each(a.Beside, s.membership), Unread: each(a.Unread, s.membership),
	}
	var all receipts
	all.add(g.Receipts...)
	for i := range a.Stances {
		st := &a.Stances[i]
		f.Members = append(f.Members, CountryEntry{st.Country, s.Country(st.Country), st.Covered, s.labels(st.Labels)})
		for _, l := range st.Labels {
			if l.Assessment != nil {
				all.add(l.Assessment.Claims...)
			}
		}
	}
	for _, country := range a.Group.Missing {
		f.Members = append(f.Members, CountryEntry{country, s.Country(country), false, []LabelFact{}})
	}
	for _, list := range [][]MembershipFact{f.Memberships, f.Beside, f.Unread} {
		addEach(&all, list, func(x MembershipFact) string { return x.Receipt })
	}
	addEach(&all, f.Measures, func(x MeasureFact) string { return x.Receipt })
	f.Receipts = contract.OrEmpty(all.list)
	return f
}

// A receipts list holds each receipt once, in the order in which they came.
type receipts struct {
	list []string
	seen map[string]bool
}

func (r *receipts) add(ids ...string) {
	if r.seen == nil {
		r.seen = map[string]bool{}
		for _, id := range r.list {
			r.seen[id] = true
		}
	}
	for _, id := range ids {
		if id != "" && !r.seen[id] {
			r.seen[id] = true
			r.list = append(r.list, id)
		}
	}
}

func addEach[T any](r *receipts, list []T, id func(T) string) {
	for _, x := range list {
		r.add(id(x))
	}
}

// each returns a list of what f makes of each, and never nil.
func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, x := range list {
		out[i] = f(x)
	}
	return out
}
