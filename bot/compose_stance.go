package bot

import (
	"slices"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// stance says where one country stands, in at most six lines: labels, basis with date and age, then as much as fits
// of staleness, contested labels, context and checks, in this order.
func (c *composer) stance(a *knowledge.Answer) {
	q := &a.Query
	for i := range a.Stances {
		s := &a.Stances[i]
		c.heading(c.stanceHeading(a, s))
		switch {
		case !s.Covered:
			c.notCovered(a, s)
		case !labelled(s):
			c.unlabelled(a, s)
		default:
			if byArticle(s) {
				c.basis(a, s)
			}
			if len(byDesk(s)) > 0 {
				c.deskBasis(a, s)
			}
			c.fill(c.stanceLines(a, s), MaxStanceLines-len(c.reply.Blocks)-1-c.noteLines(q))
		}
	}
	c.names(q)
	country := a.Countries[0]
	if a.Outcome == knowledge.NotCovered {
		c.more(leadsOn(*q, knowledge.IntentVotes, country), leadsOn(*q, knowledge.IntentMeasures, country), leadsOn(*q, knowledge.IntentAgreement, country))
		return
	}
	c.more(leadsOn(*q, knowledge.IntentEvidence, country), leadsOn(*q, knowledge.IntentVotes, country),
		leadsOn(*q, knowledge.IntentShifts, country), leadsOn(*q, knowledge.IntentSafe, country), leadsOn(*q, knowledge.IntentContradictions, country))
}

// noteLines is how many lines are kept for what is said of the names in the question, and of what the answer lacks.
func (c *composer) noteLines(q *knowledge.Query) int {
	lines := len(q.ReadsAs) + len(q.Also) + len(q.Near)
	if c.behind {
		lines++
	}
	return lines
}

func labelled(s *knowledge.Stance) bool {
	return slices.ContainsFunc(s.Labels, func(l knowledge.Labelled) bool { return l.Assessment != nil })
}

func (c *composer) stanceHeading(a *knowledge.Answer, s *knowledge.Stance) string {
	parts := make([]string, len(s.Labels))
	for i, l := range s.Labels {
		parts[i] = c.say("stance.axis", "axis", c.say("axis."+string(l.Axis)), "label", c.p.Label(l))
	}
	key := "stance.heading"
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		key = "stance.heading.on"
	}
	return c.say(key, "country", s.Country, "date", a.On, "labels", strings.Join(parts, " · "))
}

// basis says who gives the labels, when, how old they are, and how far events were checked.
func (c *composer) basis(a *knowledge.Answer, s *knowledge.Stance) {
	var claims []string
	age := 0
	for _, l := range s.Labels {
		if l.Assessment != nil && l.Basis() != knowledge.BasisDesk {
			claims = append(claims, l.Assessment.Claims...)
			age = l.AgeDays
		}
	}
	text := c.say("stance.basis", "date", a.Article.Published, "n", age, "checked", a.CheckedTo)
	if a.Query.KnownAt != 0 {
		text = c.say("stance.knownat", "date", a.Query.KnownAt) + ". " + text
	}
	c.basedOn(text, claims...)
}

// fill adds as many of the lines as there is room for.
func (c *composer) fill(lines []Line, room int) {
	for _, l := range lines[:max(0, min(len(lines), room))] {
		c.add(l)
	}
}

// stanceLines returns what bears on the labels of a country, the most important first.
func (c *composer) stanceLines(a *knowledge.Answer, s *knowledge.Stance) []Line {
	var lines []Line
	told := map[string]bool{} // claims whose verdict a line has told already
	for _, st := range s.Stale {
		lines = append(lines, c.staleLine(&st))
		for _, id := range st.Claims {
			told[id] = true
		}
	}
	lines = append(lines, c.contestedLines(s, a.Query.YesNo)...)
	lines = append(lines, c.splitLines(s)...)
	if l := c.recordLine(s); l.Text != "" {
		lines = append(lines, l)
	}
	for _, f := range s.Context {
		lines = append(lines, Line{Text: c.say("stance.context", "finding", phrases.English(f.Finding)), Receipts: []string{f.ID}})
	}
	lines = append(lines, c.checkedLines(s, told)...)
	for _, f := range s.Forecasts {
		lines = append(lines, Line{Text: c.say("stance.forecast", "text", phrases.English(f.Text)), Receipts: []string{f.ID}})
	}
	for _, x := range s.Contradictions {
		lines = append(lines, Line{Text: c.say("stance.xref", "why", phrases.English(x.Why)), Receipts: []string{x.ID}})
	}
	return lines
}

func (c *composer) staleLine(st *knowledge.Stale) Line {
	ids := slices.Clone(st.Claims)
	if st.FactCheck != nil {
		ids = append(ids, st.FactCheck.ID)
	}
	for _, e := range []*knowledge.Event{st.Ended, st.Began, st.Due} {
		if e != nil {
			ids = append(ids, e.ID)
		}
	}
	var text string
	switch st.Kind {
	case knowledge.NewerRecord:
		text = c.say("stance.stale.newer", "date", st.Ended.On, "text", eventText(st.Ended))
	case knowledge.HandoverDue:
		text = c.say("stance.stale.verify", "leader", c.p.Leader(st.Leader), "date", st.Due.On)
		ids = []string{st.Due.ID}
	case knowledge.LeaderLeft:
		key := "stance.stale.left"
		if st.Before {
			key = "stance.stale.left.before"
		}
		text = c.say(key, "leader", c.p.Leader(st.Leader), "date", st.Leader.To)
		if st.Successor != nil {
			text += c.say("stance.stale.now", "leader", c.p.Leader(st.Successor), "office", c.p.Office(st.Successor), "date", st.Successor.From)
		}
		if st.Due != nil {
			text += c.say("stance.stale.due", "date", st.Due.On)
		}
		ids = leaderReceipts(st, ids)
	}
	return Line{Text: text, Receipts: compact(ids)}
}

// leaderReceipts keeps the receipts of a leader's line few: the finding, else the claims that name the leader, and
// the events.
func leaderReceipts(st *knowledge.Stale, ids []string) []string {
	if st.FactCheck == nil {
		return ids
	}
	return slices.DeleteFunc(ids, func(id string) bool { return slices.Contains(st.Claims, id) })
}

// contestedLines says both labels of a contested one with their places, and where a label is in transition, between
// what.
func (c *composer) contestedLines(s *knowledge.Stance, yesNo bool) []Line {
	var lines []Line
	var grounds, claims []string // of labels in transition
	for _, l := range s.Labels {
		switch l.Label() {
		case knowledge.Contested:
			readings := make([]string, len(l.Assessment.Of))
			for i, r := range l.Assessment.Of {
				readings[i] = c.say("stance.contested.reading",
					"label", c.say("label."+string(l.Axis)+"."+string(r.Label)), "where", r.At.String())
			}
			text := c.say("stance.contested", "readings", strings.Join(readings, c.say("stance.contested.and")))
			ids := slices.Clone(l.Assessment.Claims)
			for _, x := range s.Contradictions {
				if len(x.Countries) == 1 {
					ids = append(ids, x.ID)
				}
			}
			lines = append(lines, Line{Text: text, Receipts: compact(ids)})
		case knowledge.InTransition:
			if !slices.Contains(grounds, l.Assessment.Grounds) {
				grounds = append(grounds, l.Assessment.Grounds)
			}
			claims = append(claims, l.Assessment.Claims...)
		}
	}
	if len(grounds) > 0 {
		lines = append(lines, Line{Text: c.say("stance.transition", "grounds", phrases.English(strings.Join(grounds, "; "))), Receipts: compact(claims)})
	}
	if yesNo {
		lines = append([]Line{c.yesNoLine(s)}, lines...)
	}
	return lines
}

// yesNoLine declines a bare yes or no and says why.
func (c *composer) yesNoLine(s *knowledge.Stance) Line {
	why, ids := "", []string(nil)
	for _, l := range s.Labels {
		if l.Assessment == nil {
			continue
		}
		ids = l.Assessment.Claims
		switch {
		case l.Label() == knowledge.Contested:
			why = c.say("stance.yesno.contested")
		case l.Basis() == knowledge.BasisDesk:
			why = c.say("stance.yesno.desk", "date", l.Assessment.Since)
		default:
			why = c.say("stance.yesno.label", "date", l.Assessment.Since)
		}
		break
	}
	return Line{Text: c.say("stance.yesno", "why", why), Receipts: ids}
}

// checkedLines says the worst verdict on the country's claims in full, and the others by their ids.
func (c *composer) checkedLines(s *knowledge.Stance, told map[string]bool) []Line {
	var lines []Line
	var also, alsoIDs []string
	for _, cc := range s.Checked {
		if told[cc.Claim.ID] || cc.Finding == nil && cc.Note == "" {
			continue
		}
		if len(lines) == 0 {
			lines = append(lines, c.checkedLine(cc))
			continue
		}
		also = append(also, c.say("stance.checked.item", "id", cc.Claim.ID, "status", c.p.Status(cc.Verdict)))
		alsoIDs = append(alsoIDs, cc.Claim.ID)
	}
	if len(also) > 0 {
		lines = append(lines, Line{Text: c.say("stance.checked.also", "list", c.p.List(also)), Receipts: alsoIDs})
	}
	return lines
}

func (c *composer) checkedLine(cc *knowledge.CheckedClaim) Line {
	return Line{Text: c.say("stance.checked", "status", upperFirst(c.p.Status(cc.Verdict)), "text", english(cc.Claim.Text),
		"finding", finding(cc)), Receipts: compact([]string{cc.Claim.ID, findingID(cc)})}
}

// finding returns what speaks to the claim: the fact check, which is short, or else the note of its own check.
func finding(cc *knowledge.CheckedClaim) phrases.English {
	if cc.Finding != nil && cc.Finding.Verdict != knowledge.Context {
		return english(cc.Finding.Finding)
	}
	return english(cc.Note)
}

func findingID(cc *knowledge.CheckedClaim) string {
	if cc.Finding != nil && cc.Finding.Verdict != knowledge.Context {
		return cc.Finding.ID
	}
	return ""
}

func upperFirst(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// notCovered says that no source labels the country, and what the records do hold.
func (c *composer) notCovered(a *knowledge.Answer, s *knowledge.Stance) {
	c.own(c.say("stance.notcovered", "country", s.Country))
	lines := c.profileLines(s)
	for _, e := range s.Events {
		lines = append(lines, Line{Text: c.say("stance.event", "date", e.On, "text", eventText(e)), Receipts: []string{e.ID}})
	}
	c.fill(lines, MaxStanceLines-len(c.reply.Blocks)-1-c.noteLines(&a.Query))
}

// unlabelled says that no label holds for the day, and what the article tells of that time.
func (c *composer) unlabelled(a *knowledge.Answer, s *knowledge.Stance) {
	c.own(c.say("stance.none", "date", a.Article.Published))
	lines := c.reportedLines(s)
	if len(s.Reports) == 0 {
		c.own(c.say("stance.reported.none"))
	}
	c.fill(lines, MaxStanceLines-len(c.reply.Blocks)-1-c.noteLines(&a.Query))
}

// reportedLines say what the article tells of a time for which no label holds.
func (c *composer) reportedLines(s *knowledge.Stance) []Line {
	var lines []Line
	if ld := s.Led; ld != nil {
		lines = append(lines, Line{Text: c.say("stance.led", "leader", c.p.Leader(ld), "office", c.p.Office(ld), "date", ld.From), Receipts: s.LedBy})
	}
	for _, sh := range s.Reports {
		lines = append(lines, Line{
			Text:     c.say("stance.reported", "to", phrases.English(sh.To), "period", c.period(sh.Period), "cause", phrases.English(sh.Cause)),
			Receipts: []string{sh.ID},
		})
	}
	for _, cc := range s.Told {
		lines = append(lines, Line{Text: c.say("stance.reported.claim", "text", english(cc.Claim.Text), "period", c.period(cc.Claim.Period),
			"status", c.p.Status(cc.Verdict)), Receipts: []string{cc.Claim.ID}})
	}
	return lines
}
