package bot

import (
	"slices"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// safe says what may be published by the rules, in at most six lines: the decision first, the rules that led to it, and the line
// that can be cited.
func (c *composer) safe(a *knowledge.Answer) {
	switch {
	case a.Record != nil:
		c.safeRecord(a, &a.Publish[0])
	case a.RollCall != nil:
		c.safeVotes(a)
	case len(a.Stances) == 1:
		c.safeCountry(a, &a.Stances[0])
	default:
		c.safeCountries(a)
	}
}

// decision says what may be done: in full, as a heading has it.
func (c *composer) decision(d knowledge.Decision) string { return c.say("safe." + string(d)) }

// inWord says what may be done in a word.
func (c *composer) inWord(d knowledge.Decision) string { return c.say("safe.short." + string(d)) }

// labelsJudged returns what the rules say of the labels of a country.
func labelsJudged(a *knowledge.Answer, country knowledge.Country) []*knowledge.Publication {
	return judged(a, func(p *knowledge.Publication) bool { return p.Label != nil && p.Country == country })
}

func judged(a *knowledge.Answer, asked func(*knowledge.Publication) bool) []*knowledge.Publication {
	var list []*knowledge.Publication
	for i := range a.Publish {
		if p := &a.Publish[i]; asked(p) {
			list = append(list, p)
		}
	}
	return list
}

// safeCountry says whether the labels of one country may be published and, beside them, which votes may be told as facts.
func (c *composer) safeCountry(a *knowledge.Answer, s *knowledge.Stance) {
	labels := labelsJudged(a, s.Country)
	c.heading(c.safeHeading(a, s.Country, labels))
	for _, l := range c.whyLines(labels) {
		c.add(l)
	}
	lines := append(c.citeLines(a, labels), c.usableLines(a, s)...)
	switch {
	case !s.Covered:
		c.own(c.say("stance.notcovered", "country", s.Country))
	case !labelled(s):
		c.own(c.say("stance.none", "date", a.Article.Published))
		lines = append(lines, c.reportedLines(s)...)
	default:
		if byArticle(s) {
			c.basis(a, s)
		}
		c.articleBeside(a, s)
	}
	c.fill(lines, MaxStanceLines-len(c.reply.Blocks)-1-c.noteLines(&a.Query))
	c.names(&a.Query)
	if !s.Covered {
		c.more(leadsOn(a.Query, knowledge.IntentVotes, s.Country), leadsOn(a.Query, knowledge.IntentMeasures, s.Country))
		return
	}
	c.more(leadsOn(a.Query, knowledge.IntentEvidence, s.Country), leadsOn(a.Query, knowledge.IntentStance, s.Country),
		leadsOn(a.Query, knowledge.IntentContradictions, s.Country))
}

// safeHeading says the decision and the labels; where the axes are decided apart, each with its own.
func (c *composer) safeHeading(a *knowledge.Answer, country knowledge.Country, labels []*knowledge.Publication) string {
	parts := make([]string, len(labels))
	apart := slices.ContainsFunc(labels, func(p *knowledge.Publication) bool { return p.Decision != labels[0].Decision })
	for i, p := range labels {
		parts[i] = c.say("stance.axis", "axis", c.axis(p.Label.Axis), "label", c.p.Label(*p.Label))
		if apart {
			parts[i] = c.say("safe.apart", "label", parts[i], "decision", c.inWord(p.Decision))
		}
	}
	if !apart {
		parts = append([]string{c.decision(labels[0].Decision)}, parts...)
	}
	key := "stance.heading"
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		key = "stance.heading.on"
	}
	return c.say(key, "country", country, "date", a.On, "labels", strings.Join(parts, " · "))
}

// whyLines say the rules that led to each decision, the worst decision first.
func (c *composer) whyLines(list []*knowledge.Publication) []Line {
	var lines []Line
	for _, d := range slices.Backward(knowledge.Decisions) {
		of := slices.DeleteFunc(slices.Clone(list), func(p *knowledge.Publication) bool { return p.Decision != d })
		if len(of) == 0 {
			continue
		}
		key, axis := "safe.why", ""
		if len(of) < len(list) {
			key, axis = "safe.why.axis", upperFirst(c.axes(of))
		}
		reasons, ids := c.reasonsOf(of)
		l := Line{Text: c.say(key, "axis", axis, "decision", c.inWord(d), "reasons", c.p.Series(reasons)), Receipts: ids}
		if axis == "" {
			l.Text = upperFirst(l.Text)
		}
		if len(ids) == 0 { // it is for want of a record that nothing may be said
			l.Kind = OurOwn
		}
		lines = append(lines, l)
	}
	return lines
}

// axes names the axes of labels.
func (c *composer) axes(labels []*knowledge.Publication) string {
	var names []string
	for _, p := range labels {
		if p.Label != nil {
			names = append(names, c.axis(p.Label.Axis))
		}
	}
	return c.p.List(names)
}

// reasonsOf says the rules behind a decision that several things share, each once: those of one axis alone before those of
// all.
func (c *composer) reasonsOf(of []*knowledge.Publication) (reasons, receipts []string) {
	var apart, shared []string
	seen := map[*knowledge.PublishRule]bool{}
	for _, p := range of {
		receipts = append(receipts, p.Causes()...)
		for _, g := range p.Grounds {
			if seen[g.Rule] {
				continue
			}
			seen[g.Rule] = true
			under := slices.DeleteFunc(slices.Clone(of), func(other *knowledge.Publication) bool {
				return !slices.ContainsFunc(other.Grounds, func(o knowledge.Ground) bool { return o.Rule == g.Rule })
			})
			if len(under) < len(of) {
				apart = append(apart, c.say("safe.reason.axis", "axis", c.axes(under), "reason", c.reason(g.Rule)))
			} else {
				shared = append(shared, c.reason(g.Rule))
			}
		}
	}
	return append(apart, shared...), compact(receipts)
}

// reason says why a rule decides as it does, and which it is.
func (c *composer) reason(r *knowledge.PublishRule) string {
	if r == nil {
		return c.say("safe.unknown")
	}
	return c.say("safe.reason", "why", r.Whys.Or(c.p.Language, r.Why), "rule", r.ID)
}

// citeLines are the labels that may be attributed, as they can be cited: those of the article, and those of the desk.
func (c *composer) citeLines(a *knowledge.Answer, labels []*knowledge.Publication) []Line {
	var lines []Line
	var said, ids []string
	for _, p := range labels {
		l := p.Label
		if p.Decision == knowledge.DoNotUse || l.Assessment == nil {
			continue
		}
		text := c.say("stance.axis", "axis", c.axis(l.Axis), "label", c.labelInFull(*l))
		if l.Basis() == knowledge.BasisDesk {
			lines = append(lines, Line{Text: c.say("safe.cite.desk", "date", l.Assessment.Recorded.On, "country", p.Country, "label", text), Receipts: l.Assessment.Claims})
			continue
		}
		said, ids = append(said, text), append(ids, l.Assessment.Claims...)
	}
	if len(said) > 0 {
		text := c.say("safe.cite.article", "date", a.Article.Published, "country", labels[0].Country, "labels", strings.Join(said, " · "))
		lines = append(lines, Line{Text: text, Receipts: compact(ids)})
	}
	return lines
}

// usableLines say which votes of a country may be told as facts.
func (c *composer) usableLines(a *knowledge.Answer, s *knowledge.Stance) []Line {
	var parts, ids []string
	for _, position := range knowledge.Positions {
		var votes []knowledge.Vote
		for _, p := range judged(a, func(p *knowledge.Publication) bool {
			return p.Vote != nil && p.Country == s.Country && p.Decision == knowledge.Use
		}) {
			if p.Vote.Position == position {
				votes, ids = append(votes, *p.Vote), append(ids, p.Vote.Call.ID)
			}
		}
		if len(votes) > 0 {
			parts = append(parts, c.say("safe.votes.position", "position", c.position(position), "texts", c.texts(votes)))
		}
	}
	if len(parts) == 0 {
		return nil
	}
	return []Line{{Text: c.say("safe.votes", "votes", c.p.Series(parts)), Receipts: ids}}
}

// safeCountries says of several countries whether their labels may be published.
func (c *composer) safeCountries(a *knowledge.Answer) {
	c.heading(c.say("compare.heading", "countries", c.p.Countries(a.Countries)))
	var rows []Row
	for _, s := range a.Stances {
		labels := labelsJudged(a, s.Country)
		_, ids := c.reasonsOf(labels)
		row := Row{Text: c.safeHeading(a, s.Country, labels), Receipts: ids}
		if len(ids) == 0 {
			row.Kind = OurOwn
		}
		rows = append(rows, row)
	}
	c.rowsThatFit(a, rows, 2)
	c.articleBasis(a)
	c.names(&a.Query)
	var next []knowledge.Query
	for _, country := range a.Countries[:min(len(a.Countries), maxSeen)] {
		next = append(next, leadsOn(a.Query, knowledge.IntentSafe, country))
	}
	c.more(next...)
}

// rowsThatFit adds as many rows as there is room for where so many lines follow, the first in any case. What the desk corrected of
// them takes lines of its own.
func (c *composer) rowsThatFit(a *knowledge.Answer, rows []Row, below int) {
	room := MaxStanceLines - len(c.reply.Blocks) - below - c.noteLines(&a.Query)
	corrected := map[string]bool{}
	for i, row := range rows {
		room--
		for _, id := range row.Receipts {
			if a.Corrected[id] != nil && !corrected[id] {
				corrected[id] = true
				room--
			}
		}
		if room < 0 && i > 0 {
			return
		}
		c.reply.Blocks = append(c.reply.Blocks, row)
		c.cites(row.Receipts...)
	}
}

// safeVotes says whether votes on one text may be published.
func (c *composer) safeVotes(a *knowledge.Answer) {
	heading := c.votesHeading(a)
	if len(a.Publish) == 1 {
		p := &a.Publish[0]
		c.heading(heading + " · " + c.decision(p.Decision))
		c.add(c.whyLines([]*knowledge.Publication{p})[0])
		c.asserts(c.printable(p.Decision, c.byRollCall(p.Vote.Call), c.say("beside", "country", p.Country)+c.voteText(a, *p.Vote)), voteReceipts(p)...)
	} else {
		c.heading(heading)
		c.rowsThatFit(a, c.voteRows(a), 1)
	}
	c.names(&a.Query)
	c.more(knowledge.Query{Intent: knowledge.IntentResolution, Resolution: a.RollCall.ID}, leadsOn(a.Query, knowledge.IntentVotes, a.Countries[0]))
}

// voteRows say of each vote on a text whether it may be published, and by which rules.
func (c *composer) voteRows(a *knowledge.Answer) []Row {
	var rows []Row
	for i := range a.Publish {
		p := &a.Publish[i]
		reasons, _ := c.reasonsOf([]*knowledge.Publication{p})
		text := c.say("safe.row", "what", c.voteText(a, *p.Vote), "decision", c.inWord(p.Decision), "reasons", c.p.Series(reasons))
		rows = append(rows, Row{Text: text, Receipts: voteReceipts(p)})
	}
	return rows
}

// voteReceipts are those of a vote, and of what its decision was found in.
func voteReceipts(p *knowledge.Publication) []string {
	return compact(append([]string{p.Vote.Call.ID, cellReceipt(*p.Vote)}, p.Causes()...))
}

// printable says a text as it may be published, and with whose name.
func (c *composer) printable(d knowledge.Decision, by string, text any) string {
	return c.say("safe.print."+string(d), "by", by, "text", text)
}

// byRollCall is whose word a vote is.
func (c *composer) byRollCall(r *knowledge.RollCall) string {
	if r.Partial {
		return c.say("safe.by.reports")
	}
	return c.say("safe.by.un")
}

// safeRecord says whether what a receipt leads to may be published.
func (c *composer) safeRecord(a *knowledge.Answer, p *knowledge.Publication) {
	r := p.Record
	c.heading(strings.Join(append([]string{r.ID, c.decision(p.Decision)}, c.about(r)...), " · "))
	c.add(c.whyLines([]*knowledge.Publication{p})[0])
	lines := c.printLines(a, p)
	pages := c.pages(a, r)
	room := MaxStanceLines - len(c.reply.Blocks) - 1 - c.noteLines(&a.Query)
	if pages != "" {
		room--
	}
	c.fill(lines, room)
	if pages != "" {
		c.asserts(pages, r.ID)
	}
	for _, cc := range r.Checks {
		c.cites(cc.Claim.ID)
	}
	opens := knowledge.Query{Intent: knowledge.IntentSource, Receipt: r.ID, AsOf: a.Query.AsOf, KnownAt: a.Query.KnownAt}
	if r.RollCall != nil {
		opens = knowledge.Query{Intent: knowledge.IntentResolution, Resolution: r.ID}
	}
	next := []knowledge.Query{opens}
	if r.Country != "" && knowledge.AxisOf(r.Country) == "" {
		next = append(next, leadsOn(a.Query, knowledge.IntentStance, r.Country), leadsOn(a.Query, knowledge.IntentEvidence, r.Country))
	}
	c.more(next...)
}

// about says in a few words what a record is.
func (c *composer) about(r *knowledge.Record) []string {
	switch {
	case r.Desk != nil:
		return []string{c.say("deskkind." + r.Desk.Kind), c.p.Date(r.Desk.On.Date())}
	case r.Claim != nil && r.Country == "":
		return []string{c.say("search.region"), c.p.Kind(r.Claim.Claim.Kind), c.p.Status(r.Claim.Verdict)}
	case r.Claim != nil:
		return []string{c.p.Country(r.Country), c.p.Kind(r.Claim.Claim.Kind), c.p.Status(r.Claim.Verdict)}
	case r.Shift != nil && r.Shift.Continuity:
		return []string{c.p.Country(r.Country), c.say("search.kind.continuity")}
	case r.Shift != nil:
		return []string{c.p.Country(r.Country), c.say("search.kind.shift")}
	case r.FactCheck != nil:
		return []string{c.say("search.kind.fact_check"), c.p.Status(r.FactCheck.Verdict)}
	case r.Contradiction != nil:
		return []string{c.say("search.kind.contradiction"), c.p.Countries(r.Contradiction.Countries)}
	case r.Event != nil:
		return []string{c.p.Country(r.Country), c.p.Kind(r.Event.Kind), c.p.Date(r.Event.On)}
	case r.RollCall != nil:
		return []string{c.p.Date(r.RollCall.Date.Date())}
	case r.Membership != nil:
		return []string{c.p.Country(r.Country), c.say("source.membership")}
	case r.Measure != nil:
		return []string{c.p.Country(r.Country), c.say("source.measure")}
	}
	return []string{c.p.Country(r.Country), c.say("source.agreement")}
}

// printLines say what a record tells, as it may be published, and what was found of it.
func (c *composer) printLines(a *knowledge.Answer, p *knowledge.Publication) []Line {
	r := p.Record
	switch {
	case r.Claim != nil:
		return append([]Line{c.claimToPrint(a, p.Decision, r.Claim)}, c.foundOf(r.Claim)...)
	case r.FactCheck != nil:
		return c.checkToPrint(a, p)
	}
	text := c.told(r)
	if text == "" {
		return nil
	}
	lines := []Line{{Text: c.printable(p.Decision, c.by(a, r), text), Receipts: []string{r.ID}}}
	for _, d := range p.Disputes {
		lines = append(lines, Line{Text: c.disputeText(d), Receipts: []string{r.ID}})
	}
	return lines
}

func (c *composer) claimToPrint(a *knowledge.Answer, d knowledge.Decision, cc *knowledge.CheckedClaim) Line {
	return Line{
		Text:     c.printable(d, c.say("safe.by.article", "date", a.Article.Published), phrases.English(cc.Claim.Text)),
		Receipts: []string{cc.Claim.ID},
	}
}

// foundOf says what was found of a claim.
func (c *composer) foundOf(cc *knowledge.CheckedClaim) []Line {
	var lines []Line
	if f := cc.Finding; f != nil {
		lines = append(lines, c.found(f))
	}
	if cc.Note != "" {
		text := c.say("source.check", "status", c.p.Status(cc.Claim.Check.Status), "note", phrases.English(cc.Note))
		lines = append(lines, Line{Text: text, Receipts: []string{cc.Claim.ID}})
	}
	return lines
}

func (c *composer) found(f *knowledge.FactCheck) Line {
	return Line{
		Text:     c.say("source.factcheck", "id", f.ID, "status", c.p.Status(f.Verdict), "finding", phrases.English(f.Finding)),
		Receipts: []string{f.ID},
	}
}

// checkToPrint says of a fact check whether the claims that it is about may be published, and what it found.
func (c *composer) checkToPrint(a *knowledge.Answer, p *knowledge.Publication) []Line {
	lines := []Line{c.found(p.Record.FactCheck)}
	for _, cc := range p.Record.Checks {
		lines = append(lines, c.claimToPrint(a, p.Decision, cc))
	}
	lines[0], lines[1] = lines[1], lines[0] // it is about one claim at least
	return lines
}

// told is what a record tells, in words or as the table has it, or "".
func (c *composer) told(r *knowledge.Record) string {
	switch {
	case r.Desk != nil:
		return c.recorded(r.Desk)
	case r.Shift != nil:
		s := r.Shift
		return c.say("shifts.row", "country", s.Country, "period", c.period(s.Period), "from", s.From, "to", s.To, "cause", phrases.English(s.Cause))
	case r.Contradiction != nil:
		x := r.Contradiction
		return c.say("contradictions.row", "a", x.A.Quote, "awhere", x.A.At.String(), "b", x.B.Quote, "bwhere", x.B.At.String(), "why", phrases.English(x.Why))
	case r.Event != nil:
		return c.say("source.desk.event", "country", r.Country, "date", r.Event.On, "text", eventText(r.Event))
	case r.RollCall != nil:
		return c.rollCall(r.RollCall)
	case r.Membership != nil:
		return c.say("beside", "country", r.Country) + c.membershipText(r.Membership)
	case r.Measure != nil:
		return c.say("beside", "country", r.Country) + c.measureText(r.Measure)
	case r.Agreement != nil:
		return c.say("beside", "country", r.Country) + c.agreementText(r.Agreement, "")
	}
	return ""
}

// by is whose word it is that a record is to be given as.
func (c *composer) by(a *knowledge.Answer, r *knowledge.Record) string {
	switch {
	case r.Desk != nil:
		return c.say("safe.by.desk", "date", r.Desk.On)
	case r.Shift != nil, r.Contradiction != nil:
		return c.say("safe.by.article", "date", a.Article.Published)
	case r.RollCall != nil:
		return c.byRollCall(r.RollCall)
	case r.Agreement != nil:
		return c.say("safe.by.computed")
	case len(r.Sources) == 0:
		return ""
	}
	s := r.Sources[0]
	if s.Published.IsZero() {
		return s.Publisher
	}
	return c.say("safe.by.page", "publisher", s.Publisher, "date", s.Published)
}
