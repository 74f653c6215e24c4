package bot

import (
	"slices"
	"strconv"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/rollcall"
)

// recordLine says in one line how a country voted on the texts of the emergency session on Ukraine, and whether it is
// on Russia's own list of unfriendly states. It returns an empty line where nothing is known.
func (c *composer) recordLine(s *knowledge.Stance) Line {
	rec := &s.Record
	var parts, ids []string
	for _, p := range knowledge.Positions {
		on := slices.DeleteFunc(slices.Clone(rec.Votes), func(v knowledge.Vote) bool { return v.Position != p })
		if len(on) > 0 {
			parts = append(parts, c.say("record.position", "position", c.position(p), "texts", c.texts(on), "n", len(on), "of", len(rec.Votes)))
		}
		for _, v := range on {
			ids = append(ids, v.Call.ID)
		}
	}
	if m := rec.Unfriendly; m != nil {
		parts = append(parts, c.say("record.unfriendly", "date", m.From))
		ids = append(ids, m.ID())
	}
	if len(parts) == 0 {
		return Line{}
	}
	return Line{Text: c.say("record", "votes", c.p.Series(parts)), Receipts: ids}
}

func (c *composer) position(p knowledge.Position) string { return c.say("position." + string(p)) }

// texts says the texts of votes in a row, and on which of them sources differ.
func (c *composer) texts(votes []knowledge.Vote) string {
	var ids []string
	for _, v := range votes {
		id := v.Call.ID
		if v.Dispute != nil {
			id = c.say("record.disputed", "text", id)
		}
		ids = append(ids, id)
	}
	return c.p.List(shorten(ids))
}

// shorten writes three or more texts of the emergency session in a row as the first and the last of them.
func shorten(ids []string) []string {
	number := func(id string) int {
		n, err := strconv.Atoi(strings.TrimPrefix(id, "ES-11/"))
		if err != nil || !strings.HasPrefix(id, "ES-11/") {
			return -1
		}
		return n
	}
	var out []string
	for i := 0; i < len(ids); {
		j := i
		for j+1 < len(ids) && number(ids[i]) > 0 && number(ids[j+1]) == number(ids[j])+1 {
			j++
		}
		if j-i >= 2 {
			out = append(out, ids[i]+" … "+ids[j])
		} else {
			out = append(out, ids[i:j+1]...)
		}
		i = j + 1
	}
	return out
}

// splitLines says what a country did on the texts on which Washington and distance from Moscow parted ways.
func (c *composer) splitLines(s *knowledge.Stance) []Line {
	var lines []Line
	for _, sp := range s.Record.Splits {
		key := "split.kept"
		if sp.Vote.Position != sp.Usual {
			key = "split.left"
		}
		lines = append(lines, Line{Text: c.say(key, "text", c.textOf(sp.Vote.Call), "washington", c.position(sp.Washington),
			"position", c.position(sp.Vote.Position)), Receipts: []string{sp.Vote.Call.ID}})
	}
	return lines
}

// profileLines are what the record holds of a country that no source labels: votes, memberships and Russia's list,
// agreement. No label follows from them, and none is said.
func (c *composer) profileLines(s *knowledge.Stance) []Line {
	var lines []Line
	if l := c.recordLine(s); l.Text != "" {
		lines = append(lines, l)
	}
	var groups, ids []string
	for _, m := range s.Record.Memberships {
		groups, ids = append(groups, c.membershipName(m)), append(ids, m.ID())
	}
	if len(groups) > 0 {
		lines = append(lines, Line{Text: c.say("profile.groups", "list", c.p.List(groups)), Receipts: ids})
	}
	if a := s.Record.Agreement; a != nil {
		lines = append(lines, Line{Text: c.agreementText(a, ""), Receipts: []string{a.ID()}})
	}
	return append(lines, c.splitLines(s)...)
}

// membershipName says a group and, where the state is no member, what it is there.
func (c *composer) membershipName(m *knowledge.Membership) string {
	name := c.p.Group(m.Group)
	if !m.Counts() {
		name = c.say("profile.standing", "group", name, "standing", c.say("standing."+string(m.Standing)))
	}
	return name
}

// agreement lists how a country agreed with the poles, year by year.
func (c *composer) agreement(a *knowledge.Answer) {
	c.heading(c.say("agreement.heading", "countries", a.Countries))
	for _, ag := range a.Agreements {
		c.cites(ag.ID())
	}
	if len(a.Agreements) == 0 {
		c.own(c.say("agreement.none"))
	}
	for _, ag := range paged(c, a, a.Agreements) {
		text := c.agreementText(ag, a.Query.Axis)
		if len(a.Countries) > 1 {
			text = c.p.Country(ag.Country) + " · " + text
		}
		c.row(text, ag.ID())
	}
	next := c.pageLine(a)
	c.own(c.say("agreement.method"))
	c.names(&a.Query)
	for _, country := range a.Countries[:min(len(a.Countries), 2)] {
		if knowledge.AxisOf(country) == "" {
			next = append(next, leadsOn(a.Query, knowledge.IntentVotes, country))
		}
	}
	c.more(next...)
}

// agreementText says the agreement of a year, with both poles or with that of one axis.
func (c *composer) agreementText(a *knowledge.Agreement, axis knowledge.Axis) string {
	var parts []string
	for _, ax := range axesOf(axis) {
		if share, votes := a.With(ax); votes > 0 {
			parts = append(parts, c.say("agreement.part", "share", knowledge.Percent(share), "pole", ax.Pole(), "n", votes))
		}
	}
	return c.say("agreement.year", "year", a.Year, "parts", c.p.List(parts))
}

func axesOf(axis knowledge.Axis) []knowledge.Axis {
	if axis != "" {
		return []knowledge.Axis{axis}
	}
	return []knowledge.Axis{knowledge.TowardWashington, knowledge.TowardRussia}
}

// measures lists what a country belongs to, and which measures it took or suffered.
func (c *composer) measures(a *knowledge.Answer) {
	what := ""
	if a.Query.Group != "" {
		what = c.say("measures.group", "group", c.p.Group(a.Query.Group))
	}
	c.heading(c.say("measures.heading", "countries", c.p.Countries(a.Countries), "what", what))
	list := measuresRows(c, a)
	for _, r := range list {
		c.cites(r.Receipts...)
	}
	if len(list) == 0 {
		c.own(c.say("measures.none"))
	}
	for _, r := range paged(c, a, list) {
		c.row(r.Text, r.Receipts...)
	}
	next := c.pageLine(a)
	silence := "measures.silence"
	if slices.ContainsFunc(a.Measures, func(m *knowledge.Measure) bool { return knowledge.HasHoles(m.Kind) }) {
		silence = "measures.holes"
	}
	c.own(c.say(silence))
	c.names(&a.Query)
	for _, country := range a.Countries[:min(len(a.Countries), 2)] {
		if knowledge.AxisOf(country) == "" {
			next = append(next, leadsOn(a.Query, knowledge.IntentStance, country), leadsOn(a.Query, knowledge.IntentVotes, country))
		}
	}
	c.more(next...)
}

func measuresRows(c *composer, a *knowledge.Answer) []Row {
	var rows []Row
	of := func(country knowledge.Country) string {
		if len(a.Countries) > 1 {
			return c.say("beside", "country", country)
		}
		return ""
	}
	for _, m := range a.Memberships {
		rows = append(rows, Row{Text: of(m.Country) + c.membershipText(m), Receipts: []string{m.ID()}})
	}
	for _, m := range a.Measures {
		rows = append(rows, Row{Text: of(m.Country) + c.measureText(m), Receipts: []string{m.ID()}})
	}
	return rows
}

// membershipText says a standing and its time. A start that was not read is said so, and never means always.
func (c *composer) membershipText(m *knowledge.Membership) string {
	p := knowledge.Period{From: m.From, To: m.To}.Until(c.on)
	var when string
	switch {
	case m.From.IsZero() && !m.Attested.IsZero():
		when = c.say("membership.attested", "date", m.Attested)
	case m.From.IsZero():
		when = c.say("membership.unread")
	default:
		when = c.p.Period(p)
	}
	if m.Ended != "" && !p.To.IsZero() {
		when = c.say("membership.ended", "when", when, "ended", c.say("ended."+m.Ended))
	}
	return upperFirst(c.say("membership.row", "group", c.p.Group(m.Group), "standing", c.say("standing."+string(m.Standing)), "when", when))
}

func (c *composer) measureText(m *knowledge.Measure) string {
	when := c.say("membership.unread")
	if !m.From.IsZero() {
		when = c.period(knowledge.Period{From: m.From, To: m.To})
	}
	return c.say("measure.row", "kind", c.say("measure."+m.Kind), "when", when)
}

// joined says an organisation or list on a day: its members, those whose start was not read, who stands beside it, and
// the labels of those that the article labels.
func (c *composer) joined(a *knowledge.Answer) {
	id := a.Group.Group.ID
	heading := upperFirst(c.say("joined.heading", "group", c.p.Group(id), "n", len(a.Countries)))
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		heading = c.say("group.heading.on", "date", a.On, "heading", heading)
	}
	c.heading(heading)
	var receipts []string
	for _, m := range a.Memberships {
		receipts = append(receipts, m.ID())
	}
	for _, m := range a.Measures {
		receipts = append(receipts, m.ID())
	}
	if len(a.Countries) > 0 {
		c.asserts(c.say("joined.members", "countries", c.p.Sorted(a.Countries)), receipts...)
	}
	c.standings(a.Beside)
	if len(a.Unread) > 0 {
		c.asserts(c.say("joined.unread", "countries", c.p.Sorted(membersOf(a.Unread))), membershipIDs(a.Unread)...)
	}
	for i := range a.Stances {
		c.cites(labelClaims(&a.Stances[i])...)
	}
	shown := paged(c, a, a.Stances)
	for i := range shown {
		c.labelRow(&shown[i])
	}
	if slices.ContainsFunc(a.Stances, func(s knowledge.Stance) bool { return labelled(&s) }) {
		c.articleBasis(a)
	}
	if len(a.Group.Missing) > 0 {
		c.own(c.say("joined.unlabelled", "n", len(a.Group.Missing)))
	}
	c.names(&a.Query)
	c.more(c.pageLine(a)...)
}

// standings names who stands beside the members, a line for each standing.
func (c *composer) standings(list []*knowledge.Membership) {
	for _, standing := range knowledge.Standings {
		var of []*knowledge.Membership
		for _, m := range list {
			if m.Standing == standing {
				of = append(of, m)
			}
		}
		if len(of) > 0 {
			c.asserts(upperFirst(c.say("joined.beside", "standing", c.say("standing."+string(standing)), "countries", c.p.Sorted(membersOf(of)))), membershipIDs(of)...)
		}
	}
}

func membersOf(list []*knowledge.Membership) []knowledge.Country {
	countries := make([]knowledge.Country, len(list))
	for i, m := range list {
		countries[i] = m.Country
	}
	return countries
}

func membershipIDs(list []*knowledge.Membership) []string {
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.ID()
	}
	return ids
}

// recordReceipt opens the receipt of a roll call, a membership, a measure or an agreement.
func (c *composer) recordReceipt(r *knowledge.Record) {
	switch {
	case r.RollCall != nil:
		rc := r.RollCall
		c.rollCallHeading(rc)
		c.asserts(c.say("resolution.proof", "sum", rollcall.Proof(rc.Tally)), rc.ID)
		c.gradeLine(rc)
		c.note(rc.Note, rc.ID)
	case r.Membership != nil:
		m := r.Membership
		c.heading(c.say("source.record", "id", r.ID, "country", m.Country, "what", c.say("source.membership")))
		c.asserts(c.membershipText(m), r.ID)
		c.note(m.Note, r.ID)
	case r.Measure != nil:
		m := r.Measure
		c.heading(c.say("source.record", "id", r.ID, "country", m.Country, "what", c.say("source.measure")))
		c.asserts(c.measureText(m), r.ID)
		c.note(m.Note, r.ID)
	case r.Agreement != nil:
		c.heading(c.say("source.record", "id", r.ID, "country", r.Agreement.Country, "what", c.say("source.agreement")))
		c.asserts(c.agreementText(r.Agreement, ""), r.ID)
		c.own(c.say("agreement.method"))
	}
}

// note tells the note of a record, where it has one.
func (c *composer) note(text, id string) {
	if text != "" {
		c.asserts(c.say("record.note", "note", english(text)), id)
	}
}
