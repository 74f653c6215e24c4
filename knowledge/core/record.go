package core

import (
	"cmp"
	"slices"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/rollcall"
)

// record is the part of a snapshot that is no words of a source: roll calls, memberships, measures, agreement.
type record struct {
	book           *rollcall.Book
	membershipsOf  map[knowledge.Country][]*knowledge.Membership
	rowsOf         map[knowledge.GroupID][]*knowledge.Membership
	firstRow       map[knowledge.GroupID]knowledge.Day // of a group: the first dated row
	membership     map[string]*knowledge.Membership
	measuresOf     map[knowledge.Country][]*knowledge.Measure
	listed         []*knowledge.Measure // on Russia's list of unfriendly states
	measure        map[string]*knowledge.Measure
	agreements     map[knowledge.Country][]*knowledge.Agreement // newest first
	agreed         map[string]*knowledge.Agreement
	firstAgreement knowledge.Day
	splits         []rollcall.Split
}

func newRecord(r *knowledge.Records) record {
	rec := record{
		book:          rollcall.NewBook(r.RollCalls, r.Disputes),
		membershipsOf: map[knowledge.Country][]*knowledge.Membership{}, rowsOf: map[knowledge.GroupID][]*knowledge.Membership{},
		firstRow: map[knowledge.GroupID]knowledge.Day{}, membership: map[string]*knowledge.Membership{},
		measuresOf: map[knowledge.Country][]*knowledge.Measure{}, measure: map[string]*knowledge.Measure{},
		agreements: map[knowledge.Country][]*knowledge.Agreement{}, agreed: map[string]*knowledge.Agreement{},
	}
	for i := range r.Memberships {
		m := &r.Memberships[i]
		rec.membership[m.ID()] = m
		rec.membershipsOf[m.Country] = append(rec.membershipsOf[m.Country], m)
		rec.rowsOf[m.Group] = append(rec.rowsOf[m.Group], m)
		if from := m.From.First(); from != 0 && (rec.firstRow[m.Group] == 0 || from < rec.firstRow[m.Group]) {
			rec.firstRow[m.Group] = from
		}
	}
	for i := range r.Measures {
		m := &r.Measures[i]
		rec.measure[m.ID()] = m
		rec.measuresOf[m.Country] = append(rec.measuresOf[m.Country], m)
		if m.Kind != knowledge.UnfriendlyList {
			continue
		}
		rec.listed = append(rec.listed, m)
		if from := m.From.First(); rec.firstRow[knowledge.UnfriendlyList] == 0 || from < rec.firstRow[knowledge.UnfriendlyList] {
			rec.firstRow[knowledge.UnfriendlyList] = from
		}
	}
	for i := range r.Agreements {
		a := &r.Agreements[i]
		rec.agreed[a.ID()] = a
		rec.agreements[a.Country] = append(rec.agreements[a.Country], a)
		if day := knowledge.Day(a.Year*10000 + 101); rec.firstAgreement == 0 || day < rec.firstAgreement {
			rec.firstAgreement = day
		}
	}
	for _, list := range rec.agreements {
		slices.SortFunc(list, func(a, b *knowledge.Agreement) int { return cmp.Compare(b.Year, a.Year) })
	}
	rec.splits = rec.book.Splits(lastDay)
	return rec
}

// seesCall: a vote is known from its day.
func (w clocks) rollCall(r *knowledge.RollCall) bool {
	return r.Date <= w.on && w.knows(r.Recorded, r.Date)
}

// membership: a standing is known from its own start, or from the day on which a source names it.
func (w clocks) membership(m *knowledge.Membership) bool {
	return m.HoldsOn(w.on) && w.knows(m.Recorded, m.Known())
}

func (w clocks) measure(m *knowledge.Measure) bool {
	return m.From.First() <= w.on && w.knows(m.Recorded, m.From.First())
}

// inForce reports whether a measure holds on the day.
func (w clocks) inForce(m *knowledge.Measure) bool {
	return w.measure(m) && (m.To.IsZero() || w.on <= m.To.Last())
}

// vote returns how a state took part in a roll call. Where the record lacks the cell, that is what the desk recorded.
func (c *Core) vote(country knowledge.Country, r *knowledge.RollCall, w clocks) knowledge.Vote {
	p, _ := c.book.Position(r.ID, country)
	v := knowledge.Vote{Country: country, Call: r, Position: p, Dispute: c.book.Dispute(r.ID, country)}
	for _, cell := range c.cells[cellOf{r.ID, country}] {
		if w.knows(cell.Recorded, 0) && cell.Position != p {
			v.Cell = cell
		}
	}
	if v.Cell != nil && p == "" {
		v.Position = v.Cell.Position
	}
	return v
}

// emergency begins the symbols of the emergency special session on Ukraine, whose texts a verdict on "the UN texts"
// looks at.
const emergency = "ES-11/"

// stanceRecord returns what the record holds of a country on the day.
func (c *Core) stanceRecord(country knowledge.Country, w clocks) knowledge.StanceRecord {
	var rec knowledge.StanceRecord
	for _, r := range c.book.Calls() {
		if !w.rollCall(r) || !strings.HasPrefix(r.ID, emergency) || !r.Rated() {
			continue
		}
		if v := c.vote(country, r, w); v.Position != "" {
			rec.Votes = append(rec.Votes, v)
		}
	}
	for i := range c.splits {
		s := &c.splits[i]
		v := c.vote(country, s.Call, w)
		usual, ok := c.book.Usual(country, s.Call)
		if w.rollCall(s.Call) && v.Position != "" && ok && usual == knowledge.Yes {
			rec.Splits = append(rec.Splits, knowledge.SplitVote{Vote: v, Washington: s.Washington, Usual: usual})
		}
	}
	for _, m := range c.membershipsOf[country] {
		if w.membership(m) {
			rec.Memberships = append(rec.Memberships, m)
		}
	}
	for _, m := range c.measuresOf[country] {
		if m.Kind == knowledge.UnfriendlyList && w.inForce(m) {
			rec.Unfriendly = m
		}
	}
	if list := c.agreementsOf(country, 0, w); len(list) > 0 {
		rec.Agreement = list[0]
	}
	return rec
}

// namedOrPole returns the countries whose record is asked for: those named or, where an axis alone is, its pole.
func namedOrPole(q *knowledge.Query) []knowledge.Country {
	if len(q.Countries) == 0 && q.Axis != "" {
		return []knowledge.Country{q.Axis.Pole()}
	}
	return q.Countries
}

// votes lists how countries voted: on one text, or on all, those of the emergency session on Ukraine and on Crimea first
// and then the newest.
func (c *Core) votes(a knowledge.Answer, w clocks) knowledge.Answer {
	q := &a.Query
	since := c.onlyThen(q)
	if q.Resolution != "" {
		r := c.book.Call(q.Resolution)
		if r == nil || !w.rollCall(r) {
			a.Outcome = knowledge.NotFound
			return a
		}
		a.RollCall = r
	}
	if a.Countries = namedOrPole(q); len(a.Countries) == 0 {
		a.Outcome, a.Reason = knowledge.Refused, knowledge.NamesNothing
		return a
	}
	for _, country := range a.Countries {
		a.Votes = append(a.Votes, c.votesOf(country, a.RollCall, since, w)...)
		for _, m := range c.measuresOf[country] {
			if m.Kind == "un_arrears_article_19" && w.measure(m) {
				a.Reasons = append(a.Reasons, m)
			}
		}
	}
	if slices.ContainsFunc(a.Votes, func(v knowledge.Vote) bool { return v.Position == "" }) {
		a.Outcome = knowledge.Partial
	}
	return a
}

// onlyThen narrows a question about the votes of a day or month to the one text put to the vote then, and returns the day from
// on which votes are listed. Where nothing was put to the vote then, all votes up to that time are.
func (c *Core) onlyThen(q *knowledge.Query) knowledge.Day {
	if !q.OnlyThen || q.Resolution != "" {
		return q.Since
	}
	var on []string
	for _, r := range c.book.Calls() {
		if r.Date >= q.AsOfDate.First() && r.Date <= q.AsOfDate.Last() {
			on = append(on, r.ID)
		}
	}
	switch len(on) {
	case 0:
		q.OnlyThen = false
		return q.Since
	case 1:
		q.Resolution = on[0]
	}
	return q.AsOfDate.First()
}

func (c *Core) votesOf(country knowledge.Country, on *knowledge.RollCall, since knowledge.Day, w clocks) []knowledge.Vote {
	if on != nil {
		return []knowledge.Vote{c.vote(country, on, w)}
	}
	var first, rest []knowledge.Vote
	for _, r := range c.book.Calls() {
		v := c.vote(country, r, w)
		if !w.rollCall(r) || r.Date < since || v.Position == "" {
			continue
		}
		if leads(r) {
			first = append(first, v)
		} else {
			rest = append(rest, v)
		}
	}
	slices.SortStableFunc(first, func(a, b knowledge.Vote) int { return cmp.Compare(leadRank(a.Call), leadRank(b.Call)) })
	slices.Reverse(rest)
	return append(first, rest...)
}

// leads reports whether a roll call begins a country's list: ES-11/1 to ES-11/8, and 68/262.
func leads(r *knowledge.RollCall) bool { return leadRank(r) < len(leading) }

var leading = []string{"ES-11/1", "ES-11/2", "ES-11/3", "ES-11/4", "ES-11/5", "ES-11/6", "ES-11/7", "ES-11/8", "68/262"}

func leadRank(r *knowledge.RollCall) int {
	if i := slices.Index(leading, r.ID); i >= 0 {
		return i
	}
	return len(leading)
}

// resolution opens one roll call: all positions, or those of a group's members or of countries.
func (c *Core) resolution(a knowledge.Answer, w clocks) knowledge.Answer {
	q := &a.Query
	if q.Resolution == "" && q.AsOfDate != 0 {
		return c.resolutionOn(a, w)
	}
	if q.Resolution == "" {
		a.Outcome, a.Reason = knowledge.Refused, knowledge.NamesNothing
		return a
	}
	r := c.book.Call(q.Resolution)
	if r == nil || !w.rollCall(r) {
		a.Outcome = knowledge.NotFound
		return a
	}
	a.RollCall = r
	if r.Partial {
		a.Outcome = knowledge.Partial
	}
	var of []knowledge.Country
	if g := c.groups[q.Group]; g != nil {
		a.Group = &knowledge.GroupAnswer{Group: g, Members: g.Members, Missing: g.Missing}
		of = slices.Concat(g.Members, g.Missing)
	} else if _, joined := c.firstRow[q.Group]; joined {
		a.Group = &knowledge.GroupAnswer{Group: &knowledge.Group{ID: q.Group, Kind: knowledge.Joined}}
		of = c.membersOn(q.Group, w.at(r.Date))
	}
	for _, p := range knowledge.Positions {
		for _, country := range c.inPosition(r, p) {
			if of == nil || slices.Contains(of, country) {
				a.Votes = append(a.Votes, c.vote(country, r, w))
			}
		}
	}
	a.Splits = c.splitSides(of, func(call *knowledge.RollCall) bool { return call == r })
	return a
}

// splitSides returns the axis splits among some texts, for some countries or, with none given, for all.
func (c *Core) splitSides(of []knowledge.Country, among func(*knowledge.RollCall) bool) []knowledge.SplitSides {
	within := func(side []knowledge.Country) []knowledge.Country {
		if len(of) == 0 {
			return side
		}
		return slices.DeleteFunc(slices.Clone(side), func(country knowledge.Country) bool { return !slices.Contains(of, country) })
	}
	var sides []knowledge.SplitSides
	for i := range c.splits {
		if s := &c.splits[i]; among(s.Call) {
			sides = append(sides, knowledge.SplitSides{Call: s.Call, Washington: s.Washington, Moved: within(s.Moved), Stayed: within(s.Stayed)})
		}
	}
	return sides
}

// resolutionOn opens the one text on Ukraine of a day, a month or a year. Of several it asks for one.
func (c *Core) resolutionOn(a knowledge.Answer, w clocks) knowledge.Answer {
	var on []string
	for _, r := range c.book.Calls() {
		if r.Topic == knowledge.UkraineTopic && r.Date >= a.Query.AsOfDate.First() && r.Date <= a.Query.AsOfDate.Last() || r.Date == a.Query.AsOf {
			on = append(on, r.ID)
		}
	}
	switch len(on) {
	case 0:
		a.Outcome = knowledge.NotFound
		return a
	case 1:
		a.Query.Resolution = on[0]
		return c.resolution(a, w)
	}
	a.Outcome, a.Choices = knowledge.Ambiguous, on
	return a
}

func (c *Core) inPosition(r *knowledge.RollCall, p knowledge.Position) []knowledge.Country {
	list := slices.Clone([]knowledge.Country(r.Votes[p]))
	for i := range r.Cells {
		list = append(list, r.Cells[i].Of(p)...)
	}
	slices.Sort(list)
	return list
}

// Agreeing asks for the years of agreement up to the day of a query: by itself such a day asks for its year alone.
func (c *Core) Agreeing(q knowledge.Query) knowledge.Query {
	q.Intent = knowledge.IntentAgreement
	if q.Since == 0 {
		q.Since = c.firstAgreement
	}
	return q
}

// agreementsOf returns the years of a country's agreement with the poles, newest first.
func (c *Core) agreementsOf(country knowledge.Country, since knowledge.Day, w clocks) []*knowledge.Agreement {
	var list []*knowledge.Agreement
	for _, a := range c.agreements[country] {
		if a.Year <= w.on.Year() && a.Year >= since.Year() && a.Year <= w.knownAt.Year() {
			list = append(list, a)
		}
	}
	return list
}

func (c *Core) agreement(a knowledge.Answer, w clocks) knowledge.Answer {
	q := &a.Query
	countries, poles := withoutPoles(q.Countries)
	if len(countries) == 0 && len(poles) == 2 { // the poles with each other
		countries, poles = []knowledge.Country{knowledge.Russia}, []knowledge.Axis{knowledge.TowardWashington}
	}
	if len(countries) == 0 && len(poles) == 1 && q.Axis == "" {
		countries = q.Countries
		poles = nil
	}
	if len(countries) == 0 {
		a.Outcome, a.Reason = knowledge.Refused, knowledge.NamesNothing
		return a
	}
	if len(poles) == 1 && q.Axis == "" {
		q.Axis = poles[0]
	}
	a.Countries = countries
	since := q.Since
	if q.AsOf != 0 && q.AsOf != q.Today && since == 0 { // a year was asked for
		since = q.AsOf
	}
	for _, country := range countries {
		a.Agreements = append(a.Agreements, c.agreementsOf(country, since, w)...)
	}
	if len(a.Agreements) == 0 {
		a.Outcome = knowledge.Partial
	}
	return a
}

// measures lists what a country belongs to and which measures it took or suffered; with a group, its standing there.
func (c *Core) measures(a knowledge.Answer, w clocks) knowledge.Answer {
	q := &a.Query
	if a.Countries = namedOrPole(q); len(a.Countries) == 0 {
		a.Outcome, a.Reason = knowledge.Refused, knowledge.NamesNothing
		return a
	}
	for _, country := range a.Countries {
		for _, m := range c.membershipsOf[country] {
			if w.knows(m.Recorded, m.Known()) && m.From.First() <= w.on && (q.Group == "" || m.Concerns(q.Group)) {
				a.Memberships = append(a.Memberships, m)
			}
		}
		for _, m := range c.measuresOf[country] {
			if w.measure(m) && (q.Group == "" || string(q.Group) == m.Kind) {
				a.Measures = append(a.Measures, m)
			}
		}
	}
	slices.SortStableFunc(a.Memberships, func(x, y *knowledge.Membership) int {
		return cmp.Or(compareBool(w.membership(y), w.membership(x)), cmp.Compare(y.From.First(), x.From.First()))
	})
	slices.SortStableFunc(a.Measures, func(x, y *knowledge.Measure) int {
		return cmp.Compare(slices.Index(knowledge.MeasureKinds, x.Kind), slices.Index(knowledge.MeasureKinds, y.Kind))
	})
	return a
}

// membersOn returns the members in force of a group that states join, or of Russia's list.
func (c *Core) membersOn(id knowledge.GroupID, w clocks) []knowledge.Country {
	var members []knowledge.Country
	for _, m := range c.rowsOf[id] {
		if m.Counts() && w.membership(m) && !slices.Contains(members, m.Country) {
			members = append(members, m.Country)
		}
	}
	if id == knowledge.UnfriendlyList {
		for _, m := range c.listed {
			if w.inForce(m) && !slices.Contains(members, m.Country) {
				members = append(members, m.Country)
			}
		}
	}
	slices.Sort(members)
	return members
}

// joined answers about an organisation or list from its dated rows: its members in force on the day, those whose start
// was not read, and who stands beside them.
func (c *Core) joined(a knowledge.Answer, w clocks) knowledge.Answer {
	id := a.Query.Group
	g := &knowledge.Group{ID: id, Kind: knowledge.Joined, Members: c.membersOn(id, w)}
	a.Group = &knowledge.GroupAnswer{Group: g}
	a.Countries = g.Members
	for _, m := range slices.Concat(c.rowsOf[id], c.rowsOf[id.Partners()]) {
		switch {
		case w.membership(m) && m.Counts() && m.Group == id:
			a.Memberships = append(a.Memberships, m)
		case w.membership(m):
			a.Beside = append(a.Beside, m)
		case m.Counts() && m.From.IsZero() && m.To.IsZero() && w.knows(m.Recorded, m.Known()):
			a.Unread = append(a.Unread, m)
		}
	}
	if id == knowledge.UnfriendlyList {
		for _, m := range c.listed {
			if w.inForce(m) {
				a.Measures = append(a.Measures, m)
			}
		}
	}
	for _, country := range g.Members {
		if c.covers(country, w) {
			a.Group.Members = append(a.Group.Members, country)
			a.Stances = append(a.Stances, c.stanceOf(country, a.Query, w))
		} else {
			a.Group.Missing = append(a.Group.Missing, country)
		}
	}
	a.Outcome = outcomeOf(a.Stances)
	if len(a.Group.Missing) > 0 || len(a.Unread) > 0 {
		a.Outcome = knowledge.Partial
	}
	return a
}

// openRecord opens the receipt of a roll call, a membership, a measure or an agreement.
func (c *Core) openRecord(rec *knowledge.Record) {
	var ids []string
	switch {
	case c.book.Call(rec.ID) != nil:
		rec.RollCall = c.book.Call(rec.ID)
		ids = rec.RollCall.Sources
	case c.membership[rec.ID] != nil:
		rec.Membership = c.membership[rec.ID]
		ids = rec.Membership.Sources
	case c.measure[rec.ID] != nil:
		rec.Measure = c.measure[rec.ID]
		ids = rec.Measure.Sources
	default:
		rec.Agreement = c.agreed[rec.ID]
	}
	for _, id := range ids {
		rec.Sources = append(rec.Sources, c.sources[id])
	}
}
