package core

import (
	"cmp"
	"slices"
	"strings"

	"stancebot/knowledge"
)

// A trait is a value that a facet has of what is judged, and the receipts that show it.
type trait struct {
	facet  knowledge.Facet
	value  string
	days   int // with the age
	causes []string
}

func is[T ~string](facet knowledge.Facet, value T, causes ...string) trait {
	return trait{facet: facet, value: string(value), causes: causes}
}

// A judge says by the rules what may be published, as far as the clocks let it see.
type judge struct {
	*Core
	w         clocks
	corrected map[string]*knowledge.Correction
}

// safe says what may be published of countries, of a vote, or of what a receipt leads to.
func (c *Core) safe(a knowledge.Answer, w clocks) knowledge.Answer {
	j := &judge{c, w, a.Corrected}
	q := &a.Query
	switch id := cmp.Or(q.Receipt, q.Resolution); {
	case q.Receipt == "" && q.Resolution != "" && len(q.Countries) > 0:
		return j.safeVotes(a)
	case id != "":
		return j.safeReceipt(a, id)
	}
	a = c.stance(a, w)
	for i := range a.Stances {
		a.Publish = append(a.Publish, j.safeStance(&a.Stances[i])...)
	}
	return a
}

// safeReceipt judges what a receipt leads to.
func (j *judge) safeReceipt(a knowledge.Answer, id string) knowledge.Answer {
	if !j.sees(id, j.w) {
		a.Outcome = knowledge.NotFound
		return a
	}
	a.Record = j.open(id, j.w)
	a.Countries = a.Record.Countries()
	p := knowledge.Publication{Country: a.Record.Country, Record: a.Record}
	if a.Record.RollCall != nil {
		p.Disputes = j.disputesOn(a.Record.RollCall)
	}
	a.Publish = []knowledge.Publication{j.decide(p, j.recordTraits(a.Record))}
	return a
}

// safeVotes judges how countries voted on one text.
func (j *judge) safeVotes(a knowledge.Answer) knowledge.Answer {
	a.Countries = a.Query.Countries
	r := j.book.Call(a.Query.Resolution)
	if r == nil || !j.w.rollCall(r) {
		a.Outcome = knowledge.NotFound
		return a
	}
	a.RollCall = r
	for _, country := range a.Countries {
		v := j.vote(country, r, j.w)
		a.Votes = append(a.Votes, v)
		a.Publish = append(a.Publish, j.safeVote(&v))
		if v.Position == "" {
			a.Outcome = knowledge.Partial
		}
	}
	return a
}

// safeStance judges the labels of a country and, beside them, the votes that could be told in their place.
func (j *judge) safeStance(s *knowledge.Stance) []knowledge.Publication {
	var list []knowledge.Publication
	for i := range s.Labels {
		l := &s.Labels[i]
		list = append(list, j.decide(knowledge.Publication{Country: s.Country, Label: l}, j.labelTraits(s, l)))
	}
	for i := range s.Record.Votes {
		list = append(list, j.safeVote(&s.Record.Votes[i]))
	}
	return list
}

func (j *judge) safeVote(v *knowledge.Vote) knowledge.Publication {
	return j.decide(knowledge.Publication{Country: v.Country, Vote: v}, j.cellTraits(v))
}

// decide puts what the traits lead to into p. All rules are looked at, and the worst decision counts. What no rule knows is not
// used, but for an age: that no rule minds it.
func (j *judge) decide(p knowledge.Publication, traits []trait) knowledge.Publication {
	grounds := map[knowledge.Decision][]knowledge.Ground{}
	known := make([]bool, len(traits))
	for i := range j.publish {
		r := &j.publish[i]
		g := knowledge.Ground{Rule: r}
		met := false
		for k, t := range traits {
			if t.facet == r.On && r.Decides(t.value, t.days) {
				known[k], met = true, true
				g.Causes = appendNew(g.Causes, t.causes)
			}
		}
		if met {
			grounds[r.Decision] = append(grounds[r.Decision], g)
		}
	}
	for k, t := range traits {
		if !known[k] && t.facet != knowledge.AgeFacet {
			grounds[knowledge.DoNotUse] = append(grounds[knowledge.DoNotUse], knowledge.Ground{Causes: t.causes})
		}
	}
	for _, d := range knowledge.Decisions {
		if len(grounds[d]) > 0 {
			p.Decision, p.Grounds = d, grounds[d]
		}
	}
	if p.Grounds == nil { // nothing is known of it at all
		p.Decision, p.Grounds = knowledge.DoNotUse, []knowledge.Ground{{}}
	}
	return p
}

// appendNew appends the ids that are not in the list yet.
func appendNew(list, ids []string) []string {
	for _, id := range ids {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// labelTraits returns the traits of one label of a country.
func (j *judge) labelTraits(s *knowledge.Stance, l *knowledge.Labelled) []trait {
	as := l.Assessment
	if as == nil {
		return []trait{is(knowledge.BasisFacet, knowledge.BasisNone)}
	}
	traits := []trait{
		is(knowledge.BasisFacet, as.Basis, as.Claims...), {facet: knowledge.AgeFacet, days: l.AgeDays, causes: as.Claims},
	}
	if slices.Contains(knowledge.LabelFacet.Values(), string(as.Label)) {
		traits = append(traits, is(knowledge.LabelFacet, as.Label, as.Claims...))
	}
	for i := range s.Stale {
		if st := &s.Stale[i]; as.TouchedBy(st.Day()) {
			traits = append(traits, is(knowledge.StaleFacet, st.Kind, st.Causes()...))
		}
	}
	if as.Basis == knowledge.BasisDesk {
		return traits
	}
	for _, x := range s.Contradictions {
		traits = append(traits, is(knowledge.StateFacet, knowledge.ContradictedWithin, x.ID))
	}
	for _, id := range as.Claims {
		traits = append(traits, j.supportTraits(j.checkedClaim(j.claims[id], j.w))...)
	}
	return traits
}

// supportTraits returns what a claim is to a label that rests on it.
func (j *judge) supportTraits(cc *knowledge.CheckedClaim) []trait {
	traits := []trait{is(knowledge.RestsOnFacet, verdict(cc), verdictBy(cc)...)}
	if j.corrected[cc.Claim.ID] != nil {
		traits = append(traits, is(knowledge.RestsOnFacet, knowledge.CorrectedByDesk, cc.Claim.ID))
	}
	return traits
}

// verdict is that on a claim. Where no check was known yet, nobody had checked it.
func verdict(cc *knowledge.CheckedClaim) knowledge.Status {
	return cmp.Or(cc.Verdict, knowledge.NotChecked)
}

// verdictBy returns the receipts of a verdict: the claim, which holds its own check, and the fact check that agrees.
func verdictBy(cc *knowledge.CheckedClaim) []string {
	ids := []string{cc.Claim.ID}
	if cc.Finding != nil && cc.Finding.Verdict == cc.Verdict {
		ids = append(ids, cc.Finding.ID)
	}
	return ids
}

// cellTraits returns the traits of how one state voted on one text.
func (j *judge) cellTraits(v *knowledge.Vote) []trait {
	id := v.Call.ID
	traits := append(j.callTraits(v.Call), j.correctedTraits(id)...)
	if v.Position == "" {
		traits = append(traits, is(knowledge.StateFacet, knowledge.CellUnread, id))
	}
	if v.Dispute != nil || v.Cell != nil && v.Cell.Position != v.Position {
		traits = append(traits, is(knowledge.StateFacet, knowledge.SourcesDiffer, id))
	}
	if v.Cell != nil {
		traits = append(traits, is(knowledge.EntryFacet, knowledge.EntryRecorded, v.Cell.Recorded.Receipt))
	}
	return traits
}

// recordTraits returns the traits of what a receipt leads to.
func (j *judge) recordTraits(r *knowledge.Record) []trait {
	traits := j.correctedTraits(r.ID)
	switch {
	case r.Desk != nil:
		return append(traits, j.entryTraits(r.Desk)...)
	case r.Claim != nil:
		return j.claimTraits(r.Claim)
	case r.Shift != nil:
		return append(traits, j.shiftTraits(r.Shift)...)
	case r.FactCheck != nil:
		return append(traits, j.factCheckTraits(r)...)
	case r.Contradiction != nil:
		return append(traits, is(knowledge.StateFacet, knowledge.ContradictedWithin, r.ID))
	case r.Event != nil:
		return append(traits, eventTraits(r.Event)...)
	case r.RollCall != nil:
		return append(traits, j.rollCallTraits(r.RollCall)...)
	case r.Membership != nil:
		return append(traits, j.membershipTraits(r.Membership)...)
	case r.Measure != nil:
		return append(traits, j.measureTraits(r.Measure)...)
	case r.Agreement != nil:
		return append(traits, is(knowledge.StateFacet, knowledge.Computed, r.ID))
	}
	return nil
}

// correctedTraits returns what a correction by the desk is to what it corrects. The correction itself is told beside that.
func (j *judge) correctedTraits(id string) []trait {
	if j.corrected[id] == nil {
		return nil
	}
	return []trait{is(knowledge.StateFacet, knowledge.CorrectedByDesk, id)}
}

func (j *judge) claimTraits(cc *knowledge.CheckedClaim) []trait {
	cl := cc.Claim
	traits := append(j.correctedTraits(cl.ID), is(knowledge.VerdictFacet, verdict(cc), verdictBy(cc)...), is(knowledge.ClaimFacet, cl.Kind, cl.ID))
	if cl.Forecast {
		traits = append(traits, is(knowledge.StateFacet, knowledge.Foretold, cl.ID))
	}
	if cl.Check.Hold && cl.Check.KnownOn <= j.w.knownAt {
		traits = append(traits, is(knowledge.StateFacet, knowledge.NoteHeld, cl.ID))
	}
	if cc.Verdict == knowledge.Confirmed && len(cc.Sources) == 0 {
		traits = append(traits, is(knowledge.StateFacet, knowledge.Uncited, cl.ID))
	}
	traits = append(traits, j.clashTraits(cl)...)
	return append(traits, j.presentTraits(cl.ID, cl.Country, cl.Period)...)
}

// clashTraits returns what the article itself, the record and the sources of the record say against a claim.
func (j *judge) clashTraits(cl *knowledge.Claim) []trait {
	var traits []trait
	for _, x := range j.contradictions {
		if (cl.Country == "" || slices.Contains(x.Countries, cl.Country)) && (isSide(cl, &x.A) || isSide(cl, &x.B)) {
			traits = append(traits, is(knowledge.StateFacet, knowledge.ContradictedWithin, x.ID))
		}
	}
	for i := range j.findings {
		if f := &j.findings[i]; f.Rule == knowledge.AgainstRecord && slices.Contains(f.Claims, cl.ID) && j.known(f.Receipts, j.w) {
			traits = append(traits, is(knowledge.StateFacet, knowledge.AgainstTheRecord, f.Receipts...))
		}
	}
	if ids := j.disputed(cl); len(ids) > 0 {
		traits = append(traits, is(knowledge.StateFacet, knowledge.SourcesDiffer, ids...))
	}
	return traits
}

// isSide reports whether the words that a claim paraphrases are those of one side of a contradiction.
func isSide(cl *knowledge.Claim, side *knowledge.Quote) bool {
	return cl.At == side.At && (strings.Contains(cl.Quote, side.Quote) || strings.Contains(side.Quote, cl.Quote))
}

// disputed returns the texts on which a claim tells of a vote that sources differ on.
func (j *judge) disputed(cl *knowledge.Claim) []string {
	var ids []string
	for i := range cl.Asserts {
		as := &cl.Asserts[i]
		if as.Vote == "" {
			continue
		}
		for _, r := range j.book.Calls() {
			told := slices.Contains(as.Texts, r.ID) || len(as.Texts) == 0 && strings.HasPrefix(r.ID, emergency) && cl.Covers(r.Date)
			if told && j.w.rollCall(r) && j.book.Dispute(r.ID, cmp.Or(as.Country, cl.Country)) != nil {
				ids = append(ids, r.ID)
			}
		}
	}
	return ids
}

// presentTraits returns what has come over a statement since it was made, where it is told in the present tense: its age, that the
// leader whom it names has left, that an event speaks against it, which may be older than the statement.
func (j *judge) presentTraits(id string, country knowledge.Country, p knowledge.Period) []trait {
	var traits []trait
	for _, e := range j.eventsOf[country] {
		switch {
		case !slices.Contains(e.Against, id) || !j.w.event(e):
		case e.On.First() < j.article.Published:
			traits = append(traits, is(knowledge.StateFacet, knowledge.AgainstTheRecord, e.ID))
		default:
			traits = append(traits, is(knowledge.StaleFacet, knowledge.NewerRecord, e.ID))
		}
	}
	if !p.To.IsZero() && p.To.Last() <= j.w.on {
		return traits
	}
	if st, ok := j.leaderStale(country, j.w); ok && slices.Contains(st.Claims, id) {
		traits = append(traits, is(knowledge.StaleFacet, st.Kind, st.Causes()...))
	}
	return append(traits, trait{facet: knowledge.AgeFacet, days: j.w.knownAt.Sub(j.article.Published), causes: []string{id}})
}

// shiftTraits returns the traits of a change that the article tells: nobody has checked it as such.
func (j *judge) shiftTraits(s *knowledge.Shift) []trait {
	traits := []trait{is(knowledge.VerdictFacet, knowledge.NotChecked, s.ID)}
	if s.Forecast {
		traits = append(traits, is(knowledge.StateFacet, knowledge.Foretold, s.ID))
	}
	if s.Implicit {
		traits = append(traits, is(knowledge.StateFacet, knowledge.Implied, s.ID))
	}
	return append(traits, j.presentTraits(s.ID, s.Country, s.Period)...)
}

// factCheckTraits returns the traits of a finding: its own verdict, and all that is known of the claims that it is about.
func (j *judge) factCheckTraits(r *knowledge.Record) []trait {
	traits := []trait{is(knowledge.VerdictFacet, r.FactCheck.Verdict, r.ID)}
	for _, cc := range r.Checks {
		traits = append(traits, j.claimTraits(cc)...)
	}
	return traits
}

func eventTraits(e *knowledge.Event) []trait {
	return append(deskTraits(e.Recorded), is(knowledge.EventFacet, e.Kind, e.ID), pagesTrait(e.ID, e.Sources))
}

// rollCallTraits returns the traits of a whole roll call.
func (j *judge) rollCallTraits(r *knowledge.RollCall) []trait {
	traits := j.callTraits(r)
	if len(j.disputesOn(r)) > 0 {
		traits = append(traits, is(knowledge.StateFacet, knowledge.SourcesDiffer, r.ID))
	}
	return traits
}

// disputesOn returns the votes of a roll call on which sources differ.
func (j *judge) disputesOn(r *knowledge.RollCall) []*knowledge.Dispute {
	var disputes []*knowledge.Dispute
	for _, p := range knowledge.Positions {
		for _, country := range j.inPosition(r, p) {
			if d := j.book.Dispute(r.ID, country); d != nil {
				disputes = append(disputes, d)
			}
		}
	}
	return disputes
}

// callTraits returns the traits that a roll call shares with each vote in it.
func (j *judge) callTraits(r *knowledge.RollCall) []trait {
	traits := append(deskTraits(r.Recorded), is(knowledge.GradeFacet, r.Grade, r.ID))
	if r.Unnumbered {
		traits = append(traits, is(knowledge.StateFacet, knowledge.SymbolUnread, r.ID))
	}
	return traits
}

func (j *judge) membershipTraits(m *knowledge.Membership) []trait {
	traits := append(deskTraits(m.Recorded), is(knowledge.StandingFacet, m.Standing, m.ID()), pagesTrait(m.ID(), m.Sources))
	return append(traits, j.timeTraits(m.ID(), m.From, m.End())...)
}

func (j *judge) measureTraits(m *knowledge.Measure) []trait {
	traits := append(deskTraits(m.Recorded), pagesTrait(m.ID(), m.Sources))
	var end knowledge.Day
	if !m.To.IsZero() {
		end = m.To.Last()
	}
	return append(traits, j.timeTraits(m.ID(), m.From, end)...)
}

// timeTraits returns what is known of the time over which something held.
func (j *judge) timeTraits(id string, from knowledge.Date, end knowledge.Day) []trait {
	var traits []trait
	if from.IsZero() {
		traits = append(traits, is(knowledge.StateFacet, knowledge.StartUnread, id))
	}
	if end != 0 && end <= j.w.on {
		traits = append(traits, is(knowledge.StateFacet, knowledge.HasEnded, id))
	}
	return traits
}

// deskTraits returns what it is that a desk recorded a thing, and nothing of what is shared.
func deskTraits(r knowledge.Recording) []trait {
	if r.Receipt == "" {
		return nil
	}
	return []trait{is(knowledge.EntryFacet, knowledge.EntryRecorded, r.Receipt)}
}

// pagesTrait counts the pages that a record rests on.
func pagesTrait(id string, sources []string) trait {
	number := knowledge.SeveralPages
	switch len(sources) {
	case 0:
		number = knowledge.NoPage
	case 1:
		number = knowledge.OnePage
	}
	return is(knowledge.PagesFacet, number, id)
}

// entryTraits returns the traits of an entry of the desk's ledger, with those of what it records.
func (j *judge) entryTraits(r *knowledge.DeskRecord) []trait {
	switch {
	case r.WithdrawnBy != "":
		return []trait{is(knowledge.EntryFacet, knowledge.EntryWithdrawn, r.Receipt, r.WithdrawnBy)}
	case r.Proposed != nil:
		return []trait{is(knowledge.EntryFacet, knowledge.EntryProposed, r.Receipt)}
	case !r.Holds():
		return []trait{is(knowledge.EntryFacet, knowledge.EntryInternal, r.Receipt)}
	case r.Assessment != nil:
		as := r.Assessment
		l := knowledge.Labelled{Axis: as.Axis, Assessment: as, AgeDays: j.w.knownAt.Sub(as.Since)}
		s := knowledge.Stance{Country: as.Country, Stale: j.stale(as.Country, []knowledge.Labelled{l}, j.w)}
		return j.labelTraits(&s, &l)
	case r.Event != nil:
		return eventTraits(r.Event)
	case r.Membership != nil:
		return j.membershipTraits(r.Membership)
	case r.Measure != nil:
		return j.measureTraits(r.Measure)
	case r.RollCall != nil:
		return j.rollCallTraits(r.RollCall)
	}
	return []trait{is(knowledge.EntryFacet, knowledge.EntryRecorded, r.Receipt)}
}
