package bot

import (
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// source opens one receipt in at most six lines.
func (c *composer) source(a *knowledge.Answer) {
	r := a.Record
	switch {
	case r.Desk != nil:
		c.deskRecord(r.Desk)
	case r.Claim != nil:
		c.claim(a, r.Claim)
	case r.Shift != nil:
		c.shift(a, r.Shift)
	case r.FactCheck != nil:
		c.factCheck(r)
	case r.Contradiction != nil:
		c.contradiction(r.Contradiction)
	case r.Event != nil:
		c.event(r.Event)
	default:
		c.recordReceipt(r)
	}
	if text := c.pages(a, r); text != "" {
		c.asserts(text, r.ID)
	}
	var next []knowledge.Query
	if r.Desk == nil || r.Desk.Holds() { // what tells of the ledger alone is not for print
		next = append(next, knowledge.Query{Intent: knowledge.IntentSafe, Receipt: r.ID, AsOf: a.Query.AsOf, KnownAt: a.Query.KnownAt})
	}
	if r.Country != "" {
		next = append(next, leadsOn(a.Query, knowledge.IntentStance, r.Country), leadsOn(a.Query, knowledge.IntentEvidence, r.Country))
	}
	c.more(next...)
}

func (c *composer) claim(a *knowledge.Answer, cc *knowledge.CheckedClaim) {
	cl := cc.Claim
	key := "source.claim"
	if cl.Country == "" {
		key = "source.claim.general"
	}
	c.heading(c.say(key, "id", cl.ID, "country", cl.Country, "kind", c.p.Kind(cl.Kind), "status", c.p.Status(cc.Verdict)))
	says := "source.says"
	if cl.Forecast {
		says = "source.says.forecast"
	}
	c.asserts(c.say(says, "text", phrases.English(cl.Text))+" "+c.say("source.quote", "quote", cl.Quote, "where", cl.At.String(),
		"heading", a.Article.Sections[cl.At.Section], "period", c.period(cl.Period)), cl.ID)
	if cc.Note != "" {
		c.asserts(c.say("source.check", "status", c.p.Status(cl.Check.Status), "note", phrases.English(cc.Note)), cl.ID)
	}
	if f := cc.Finding; f != nil {
		c.asserts(c.say("source.factcheck", "id", f.ID, "status", c.p.Status(f.Verdict), "finding", phrases.English(f.Finding)), f.ID)
	}
}

func (c *composer) shift(a *knowledge.Answer, s *knowledge.Shift) {
	key := "source.shift"
	switch {
	case s.Continuity:
		key = "source.shift.continuity"
	case s.Forecast:
		key = "source.shift.forecast"
	}
	c.heading(c.say(key, "id", s.ID, "country", s.Country))
	c.asserts(c.say("source.shift.body", "from", s.From, "to", s.To, "period", c.period(s.Period), "when", s.When), s.ID)
	c.asserts(c.say("source.shift.cause", "cause", phrases.English(s.Cause), "where", s.At.String()+", "+a.Article.Sections[s.At.Section]), s.ID)
}

// factCheck says the finding and the claims that it is about.
func (c *composer) factCheck(r *knowledge.Record) {
	f := r.FactCheck
	c.heading(c.say("source.fact", "id", f.ID, "status", c.p.Status(f.Verdict)))
	c.asserts(f.Finding, f.ID)
	for _, cc := range r.Checks[:min(len(r.Checks), 2)] {
		c.asserts(c.say("source.fact.claim", "id", cc.Claim.ID, "status", c.p.Status(cc.Verdict), "text", phrases.English(cc.Claim.Text)), cc.Claim.ID)
	}
	for _, cc := range r.Checks {
		c.cites(cc.Claim.ID)
	}
}

func (c *composer) contradiction(x *knowledge.Contradiction) {
	c.heading(c.say("source.contradiction", "id", x.ID, "countries", c.p.Countries(x.Countries)))
	c.asserts(c.say("source.contradiction.side", "quote", x.A.Quote, "where", x.A.At.String()), x.ID)
	c.asserts(c.say("source.contradiction.side", "quote", x.B.Quote, "where", x.B.At.String()), x.ID)
	c.asserts(c.say("source.contradiction.why", "why", phrases.English(x.Why)), x.ID)
}

func (c *composer) event(e *knowledge.Event) {
	c.heading(c.say("source.event", "id", e.ID, "country", e.Country, "kind", c.p.Kind(e.Kind), "date", e.On))
	c.asserts(c.say("source.event.text", "text", eventText(e)), e.ID)
	if len(e.Against) > 0 {
		c.asserts(c.say("source.event.against", "list", c.p.List(e.Against)), append([]string{e.ID}, e.Against...)...)
	}
}

// maxSourcesShown is how many pages a line names in full.
const maxSourcesShown = 2

// pages says in one line where to read on: the article, and the pages that a check or an event rests on.
func (c *composer) pages(a *knowledge.Answer, r *knowledge.Record) string {
	sources := c.sources(r.Sources)
	if r.Claim == nil && r.Shift == nil && r.FactCheck == nil && r.Contradiction == nil {
		return sources
	}
	article := c.say("source.article", "date", a.Article.Published, "url", a.Article.URL)
	if sources == "" {
		return article
	}
	return sentence(sources) + " " + article
}

func (c *composer) sources(sources []*knowledge.Source) string {
	if len(sources) == 0 {
		return ""
	}
	var items []string
	for _, s := range sources[:min(len(sources), maxSourcesShown)] {
		key := "source.source"
		if s.Published.IsZero() {
			key = "source.source.undated"
		}
		items = append(items, c.say(key, "publisher", s.Publisher, "date", s.Published, "url", s.URL))
	}
	text := c.say("source.sources", "list", c.p.Series(items))
	if rest := len(sources) - len(items); rest > 0 {
		text += c.say("source.more", "n", rest)
	}
	return text
}
