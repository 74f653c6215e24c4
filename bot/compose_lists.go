package bot

import (
	"slices"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// compare says both axes side by side, and then what is alike and what is not.
func (c *composer) compare(a *knowledge.Answer) {
	key := "compare.heading"
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		key = "compare.heading.on"
	}
	c.heading(c.say(key, "countries", c.p.Countries(a.Countries), "date", a.On))
	var uncovered []knowledge.Country
	for i := range a.Stances {
		s := &a.Stances[i]
		c.labelRow(s)
		if !labelled(s) {
			uncovered = append(uncovered, s.Country)
		}
	}
	if slices.ContainsFunc(a.Stances, func(s knowledge.Stance) bool { return labelled(&s) }) {
		c.articleBasis(a)
	}
	c.differences(a)
	c.votesCompared(a)
	for i := range a.Stances {
		for _, ag := range a.Agreements {
			if ag.Country == a.Stances[i].Country { // the newest year comes first
				c.asserts(c.p.Country(ag.Country)+" · "+c.agreementText(ag, a.Query.Axis), ag.ID())
				break
			}
		}
	}
	for _, x := range a.Contradictions {
		c.asserts(c.say("stance.xref", "why", phrases.English(x.Why)), x.ID)
	}
	if len(uncovered) > 0 {
		c.own(c.say("compare.uncovered", "countries", uncovered))
	}
	if a.Pole != "" {
		c.own(upperFirst(c.say("compare.pole", "country", a.Pole.Pole())))
	}
	c.staleRows(a)
	c.names(&a.Query)
	var next []knowledge.Query
	for i := range a.Stances {
		intent := knowledge.IntentEvidence
		if !a.Stances[i].Covered {
			intent = knowledge.IntentVotes
		}
		next = append(next, leadsOn(a.Query, intent, a.Stances[i].Country))
	}
	c.more(next...)
}

// labelRow says the labels of one country of a list.
func (c *composer) labelRow(s *knowledge.Stance) {
	parts := make([]string, len(s.Labels))
	var ids []string
	for i, l := range s.Labels {
		parts[i] = c.axisLabel(l)
		if l.Assessment != nil {
			ids = append(ids, l.Assessment.Claims...)
		}
	}
	text := c.say("stance.heading", "country", s.Country, "labels", strings.Join(parts, " · "))
	if len(ids) == 0 { // that there is no label, our records say
		c.reply.Blocks = append(c.reply.Blocks, Row{Text: text, Kind: OurOwn})
		return
	}
	c.row(text, ids...)
}

// labelInFull says a label; of a contested one both readings with their places, never one alone.
func (c *composer) labelInFull(l knowledge.Labelled) string {
	label := c.p.Label(l)
	if l.Label() != knowledge.Contested {
		return label
	}
	readings := make([]string, len(l.Assessment.Of))
	for i, r := range l.Assessment.Of {
		readings[i] = c.say("stance.contested.reading", "label", c.say("label."+string(l.Axis)+"."+string(r.Label)), "where", r.At.String())
	}
	return c.say("label.readings", "label", label, "readings", strings.Join(readings, c.say("stance.contested.and")))
}

// articleBasis says, for a list, who gives the labels and how old they are.
func (c *composer) articleBasis(a *knowledge.Answer) {
	var ids []string
	age := 0
	for i := range a.Stances {
		for _, l := range a.Stances[i].Labels {
			if l.Assessment != nil && l.Basis() != knowledge.BasisDesk {
				ids, age = append(ids, l.Assessment.Claims[0]), l.AgeDays
			}
		}
	}
	if len(ids) == 0 {
		c.own(c.say("stance.desk.checked", "checked", a.CheckedTo))
		return
	}
	c.basedOn(c.say("stance.basis", "date", a.Article.Published, "n", age, "checked", a.CheckedTo), ids[0])
}

func axesShown(a *knowledge.Answer) []knowledge.Axis {
	if a.Query.Axis != "" {
		return []knowledge.Axis{a.Query.Axis}
	}
	return knowledge.Axes[:]
}

// differences says in one line on which axes the labels are alike and on which they are not. Countries without a
// label are left out: unknown is no label.
func (c *composer) differences(a *knowledge.Answer) {
	var parts, receipts []string
	for _, axis := range axesShown(a) {
		labels, ids := axisLabels(a, axis)
		if len(labels) < 2 {
			continue
		}
		receipts = append(receipts, ids...)
		key, first := "compare.same", labels[0]
		if slices.ContainsFunc(labels, func(l knowledge.Label) bool { return l != first }) {
			key = "compare.differ"
		}
		parts = append(parts, c.say(key, "axis", c.say("axis."+string(axis)), "label", c.say("label."+string(axis)+"."+string(first))))
	}
	if len(parts) > 0 {
		c.asserts(upperFirst(c.p.Series(parts)), receipts...)
	}
}

// maxApart is how many texts a comparison names with the positions of each country.
const maxApart = 3

// votesCompared says on how many texts of the emergency session the countries voted alike, and where they did not.
func (c *composer) votesCompared(a *knowledge.Answer) {
	if len(a.Stances) < 2 {
		return
	}
	var alike int
	var apart, shared []string
	for _, v := range a.Stances[0].Record.Votes {
		positions := []knowledge.Vote{v}
		for i := range a.Stances[1:] {
			for _, o := range a.Stances[i+1].Record.Votes {
				if o.Call == v.Call {
					positions = append(positions, o)
				}
			}
		}
		if len(positions) < len(a.Stances) {
			continue
		}
		shared = append(shared, v.Call.ID)
		if !slices.ContainsFunc(positions, func(o knowledge.Vote) bool { return o.Position != v.Position }) {
			alike++
			continue
		}
		apart = append(apart, c.apartOn(positions))
	}
	if len(shared) == 0 {
		return
	}
	text := c.say("compare.votes", "texts", c.p.List(shorten(shared)), "n", alike, "of", len(shared))
	if len(apart) > 0 {
		text += c.say("compare.votes.apart", "list", c.p.Series(apart[:min(len(apart), maxApart)]))
	}
	if rest := len(apart) - maxApart; rest > 0 {
		text += c.say("source.more", "n", rest)
	}
	c.asserts(text, shared...)
}

func (c *composer) apartOn(votes []knowledge.Vote) string {
	sides := make([]string, len(votes))
	for i, v := range votes {
		sides[i] = c.say("compare.side", "country", v.Country, "position", c.position(v.Position))
	}
	return c.say("compare.votes.on", "text", votes[0].Call.ID, "sides", c.p.List(sides))
}

// axisLabels returns the labels that the countries of an answer have on an axis, and the claims behind them.
func axisLabels(a *knowledge.Answer, axis knowledge.Axis) (labels []knowledge.Label, ids []string) {
	for i := range a.Stances {
		for _, l := range a.Stances[i].Labels {
			if l.Axis == axis && l.Assessment != nil {
				labels, ids = append(labels, l.Label()), append(ids, l.Assessment.Claims...)
			}
		}
	}
	return labels, ids
}

// staleRows says which labels of a list are stale, one line a country.
func (c *composer) staleRows(a *knowledge.Answer) {
	for i := range a.Stances {
		if s := &a.Stances[i]; len(s.Stale) > 0 {
			line := c.staleLine(&s.Stale[0])
			c.asserts(c.p.Country(s.Country)+" · "+line.Text, line.Receipts...)
		}
	}
}

// group says the labels of a group's members, names those without, and keeps what the article says of the group as
// such apart.
func (c *composer) group(a *knowledge.Answer) {
	ga := a.Group
	c.heading(c.groupHeading(a))
	if q := ga.Group.Quote; q != nil && len(ga.Claims) > 0 {
		c.asserts(c.say("group.quote", "quote", q.Quote, "where", q.At.String()), ids(ga.Claims)...)
	}
	if ga.Group.Examples && len(ga.Claims) > 0 {
		c.asserts(c.say("group.examples"), ids(ga.Claims)...)
	}
	covered := slices.ContainsFunc(a.Stances, func(s knowledge.Stance) bool { return labelled(&s) })
	for i := range a.Stances {
		c.cites(labelClaims(&a.Stances[i])...)
	}
	for _, s := range paged(c, a, a.Stances) {
		c.labelRow(&s)
	}
	if covered {
		c.articleBasis(a)
	} else if len(a.Stances) > 0 {
		c.own(c.say("stance.none", "date", a.Article.Published))
	}
	c.called(ga)
	if len(ga.Missing) > 0 {
		c.missing(ga)
	}
	for _, x := range a.Contradictions {
		c.asserts(c.say("stance.xref", "why", phrases.English(x.Why)), x.ID)
	}
	if note := ga.Group.Note; note != "" && !ga.Group.Examples {
		c.own(c.say("group.note", "note", phrases.English(note)))
	}
	c.names(&a.Query)
	next := c.pageLine(a)
	for _, intent := range []knowledge.Intent{knowledge.IntentShifts, knowledge.IntentContradictions} {
		q := knowledge.Query{Intent: intent, Group: ga.Group.ID, AsOf: a.Query.AsOf}
		if len(a.Countries) == 1 { // a sub-region that is one country bears its name
			q.Group, q.Countries = "", a.Countries
		}
		next = append(next, q)
	}
	c.more(next...)
}

func labelClaims(s *knowledge.Stance) []string {
	var ids []string
	for _, l := range s.Labels {
		if l.Assessment != nil {
			ids = append(ids, l.Assessment.Claims...)
		}
	}
	return ids
}

func (c *composer) groupHeading(a *knowledge.Answer) string {
	g, n := a.Group.Group, 0
	for i := range a.Stances {
		if labelled(&a.Stances[i]) {
			n++
		}
	}
	key := "group.heading"
	if n == len(a.Countries) {
		key = "group.heading.all"
	}
	text := upperFirst(c.say(key, "group", c.p.Group(g.ID), "kind", c.say("groupkind."+string(g.Kind)), "n", n, "all", len(a.Countries)))
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		text = c.say("group.heading.on", "date", a.On, "heading", text)
	}
	return text
}

// called names the countries that the article sorts so in their own sections: the camp's list and those labels are
// kept apart.
func (c *composer) called(ga *knowledge.GroupAnswer) {
	if len(ga.Called) == 0 {
		return
	}
	var names, receipts []string
	for _, cc := range ga.Called {
		names = append(names, c.p.Country(cc.Claim.Country))
		receipts = append(receipts, cc.Claim.ID)
	}
	c.asserts(c.say("group.called", "list", c.p.List(names)), receipts...)
}

// maxMissingNames is how many uncovered members a line names.
const maxMissingNames = 20

func (c *composer) missing(ga *knowledge.GroupAnswer) {
	shown := ga.Missing[:min(len(ga.Missing), maxMissingNames)]
	text := c.say("group.missing", "countries", shown)
	if rest := len(ga.Missing) - len(shown); rest > 0 {
		text += c.say("source.more", "n", rest)
	}
	c.own(text)
}

func ids(claims []*knowledge.CheckedClaim) []string {
	out := make([]string, len(claims))
	for i, cc := range claims {
		out[i] = cc.Claim.ID
	}
	return out
}

// shifts lists the changes that the article tells, newest first, and sets apart what is no change.
func (c *composer) shifts(a *knowledge.Answer) {
	scope := c.shiftsScope(a)
	n := len(a.Shifts) + len(a.Set.Undated)
	if n == 0 {
		c.heading(c.say("shifts.none", "scope", scope))
	} else {
		c.heading(c.say("shifts.heading", "n", n, "scope", scope))
	}
	for _, sh := range a.Shifts {
		c.cites(sh.ID)
	}
	if a.Query.Page <= 1 {
		c.relabels(a)
	}
	for _, sh := range paged(c, a, a.Shifts) {
		c.row(c.say("shifts.row", "country", sh.Country, "period", c.period(sh.Period), "from", phrases.English(sh.From), "to", phrases.English(sh.To), "cause", phrases.English(sh.Cause)), sh.ID)
	}
	if c.reply.Page == nil || c.reply.Page.N == 1 {
		c.splits(a)
	}
	next := c.pageLine(a)
	if len(next) == 0 { // the last page, or the only one
		c.shiftList("shifts.undated", a.Set.Undated)
		c.shiftList("shifts.continuity", a.Set.Continuities)
		c.shiftList("shifts.forecast", a.Set.Forecasts)
		c.besideShifts(a)
	} else {
		c.citesShifts(a.Set.Undated, a.Set.Continuities, a.Set.Forecasts)
	}
	if first := firstReceipt(c.reply.Receipts); first != "" {
		c.basedOn(c.say("shifts.basis", "date", a.Article.Published, "checked", a.CheckedTo), first)
	}
	c.names(&a.Query)
	if len(a.Countries) == 1 {
		next = append(next, leadsOn(a.Query, knowledge.IntentStance, a.Countries[0]), leadsOn(a.Query, knowledge.IntentEvidence, a.Countries[0]))
	}
	c.more(next...)
}

func (c *composer) citesShifts(lists ...[]*knowledge.Shift) {
	for _, list := range lists {
		for _, sh := range list {
			c.cites(sh.ID)
		}
	}
}

func firstReceipt(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

func (c *composer) shiftsScope(a *knowledge.Answer) string {
	var b strings.Builder
	switch {
	case a.Group != nil:
		b.WriteString(c.say("shifts.scope.country", "country", c.p.Group(a.Group.Group.ID)))
	case len(a.Countries) > 0:
		b.WriteString(c.say("shifts.scope.country", "country", c.p.Countries(a.Countries)))
	}
	if a.Query.Since != 0 {
		b.WriteString(c.say("shifts.scope.since", "date", a.Query.Since))
	}
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		b.WriteString(c.say("shifts.scope.on", "date", a.Query.AsOf))
	}
	return b.String()
}

func (c *composer) shiftList(key string, list []*knowledge.Shift) {
	if len(list) == 0 {
		return
	}
	var items, receipts []string
	for _, sh := range list {
		items = append(items, c.say("shifts.item", "country", sh.Country, "to", phrases.English(sh.To)))
		receipts = append(receipts, sh.ID)
	}
	c.asserts(c.say(key, "list", c.p.Series(items)), receipts...)
}

// maxEventsShown is how many events after the article stand below a country's changes.
const maxEventsShown = 3

// besideShifts says what bears on the changes of one country and is not told as one.
func (c *composer) besideShifts(a *knowledge.Answer) {
	for _, cv := range a.Caveats {
		c.asserts(c.say("shifts.caveat", "text", phrases.English(cv.Text)), cv.Receipts...)
	}
	for _, cc := range a.Evidence {
		c.asserts(c.say("shifts.check", "status", upperFirst(c.p.Status(cc.Verdict)), "text", english(cc.Claim.Text), "finding", finding(cc)),
			cc.Claim.ID, findingID(cc))
	}
	for i := range a.Stances {
		for _, l := range c.splitLines(&a.Stances[i]) {
			c.add(l)
		}
	}
	for _, e := range a.Events[:min(len(a.Events), maxEventsShown)] {
		c.asserts(c.say("shifts.event", "date", e.On, "text", eventText(e)), e.ID)
	}
}

// evidence lists the claims behind the labels, those that a label rests on first.
func (c *composer) evidence(a *knowledge.Answer) {
	c.heading(c.say("evidence.heading", "countries", a.Countries))
	for i := range a.Stances {
		s := &a.Stances[i]
		for _, l := range s.Labels {
			if l.Assessment != nil {
				c.grounds(l)
			}
		}
		switch {
		case !s.Covered:
			c.own(c.say("stance.notcovered", "country", s.Country))
		case !labelled(s):
			c.own(c.say("stance.none", "date", a.Article.Published))
		}
	}
	for _, cc := range a.Evidence {
		c.cites(cc.Claim.ID)
	}
	for _, cc := range paged(c, a, a.Evidence) {
		c.row(c.evidenceRow(cc), cc.Claim.ID, findingID(cc))
	}
	for i := range a.Stances {
		if s := &a.Stances[i]; len(s.Stale) > 0 {
			c.add(c.staleLine(&s.Stale[0]))
		}
	}
	next := c.pageLine(a)
	if slices.ContainsFunc(a.Stances, func(s knowledge.Stance) bool { return labelled(&s) }) {
		c.articleBasis(a)
	}
	c.names(&a.Query)
	for _, country := range a.Countries {
		next = append(next, leadsOn(a.Query, knowledge.IntentStance, country), leadsOn(a.Query, knowledge.IntentContradictions, country))
	}
	c.more(next...)
}

// grounds says why a label is given: in words of the records, or in those of the desk.
func (c *composer) grounds(l knowledge.Labelled) {
	var why any = english(l.Assessment.Grounds)
	if l.Basis() == knowledge.BasisDesk {
		why = l.Assessment.Grounds
		if why == "" {
			why = c.say("stance.desk.ungrounded")
		}
	}
	c.asserts(c.say("evidence.grounds", "axis", upperFirst(c.axis(l.Axis)), "label", c.labelInFull(l), "grounds", why), l.Assessment.Claims...)
}

func (c *composer) evidenceRow(cc *knowledge.CheckedClaim) string {
	text := c.foretold(cc.Claim.Forecast, english(cc.Claim.Text))
	if f := finding(cc); f != "" && cc.Verdict.Faulted() {
		text = phrases.English(c.say("evidence.finding", "text", string(text), "finding", string(f)))
	}
	return c.say("evidence.row", "kind", upperFirst(c.p.Kind(cc.Claim.Kind)), "text", text,
		"period", c.period(cc.Claim.Period), "status", c.p.Status(cc.Verdict))
}

// contradictions lists what the article says against itself, as curated, and then what code finds: clashes of form, and
// words against the record.
func (c *composer) contradictions(a *knowledge.Answer) {
	scope := c.shiftsScope(a)
	if len(a.Contradictions) == 0 {
		c.heading(c.say("contradictions.none", "scope", scope))
	} else {
		c.heading(c.say("contradictions.heading", "n", len(a.Contradictions), "scope", scope))
	}
	rows := make([]Row, 0, len(a.Contradictions)+len(a.Findings))
	for _, x := range a.Contradictions {
		rows = append(rows, Row{
			Text:     c.say("contradictions.row", "a", x.A.Quote, "awhere", x.A.At.String(), "b", x.B.Quote, "bwhere", x.B.At.String(), "why", phrases.English(x.Why)),
			Receipts: []string{x.ID},
		})
	}
	for _, f := range a.Findings {
		text := c.say("finding."+string(f.Rule), "countries", f.Countries)
		rows = append(rows, Row{Text: c.say("contradictions.found", "text", text), Receipts: slices.Concat(f.Claims, f.Receipts)})
	}
	for _, r := range rows {
		c.cites(r.Receipts...)
	}
	for _, r := range paged(c, a, rows) {
		c.row(r.Text, r.Receipts...)
	}
	next := c.pageLine(a)
	c.names(&a.Query)
	for _, country := range a.Countries[:min(len(a.Countries), 1)] {
		next = append(next, leadsOn(a.Query, knowledge.IntentStance, country), leadsOn(a.Query, knowledge.IntentEvidence, country))
	}
	c.more(next...)
}
