package bot

import (
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// maxFoundOpened is how many of the records found get a button.
const maxFoundOpened = 3

// search lists the records found, and says that they are search results and no answer.
func (c *composer) search(a *knowledge.Answer) {
	c.heading(c.say("search.heading", "n", len(a.Found)))
	if len(a.Found) == 0 {
		c.nothingFound(a)
		return
	}
	c.own(c.say("search.found"))
	var next []knowledge.Query
	for i := range a.Found {
		rec := a.Found[i].Record
		c.row(c.foundRow(rec), rec.ID)
		if i < maxFoundOpened {
			next = append(next, knowledge.Query{Intent: knowledge.IntentSource, Receipt: rec.ID, AsOf: a.Query.AsOf, KnownAt: a.Query.KnownAt})
		}
	}
	c.names(&a.Query)
	c.more(next...)
}

// maxWordsSaid bounds what a reply repeats of the words, as maxNameRunes does for a name.
const maxWordsSaid = 60

func (c *composer) nothingFound(a *knowledge.Answer) {
	said := closeHan(strings.TrimSpace(a.Query.Words + " " + c.p.Countries(a.Query.Countries)))
	runes := []rune(said)
	said = string(runes[:min(len(runes), maxWordsSaid)])
	key, day := "search.none", a.On
	switch {
	case a.Query.AsOf != 0:
		key = "search.none.on"
	case a.Query.KnownAt != 0:
		key, day = "search.none.known", a.Query.KnownAt
	}
	c.own(c.say(key, "words", said, "date", day))
	c.names(&a.Query)
	c.more(knowledge.Query{Intent: knowledge.IntentHelp})
}

// foundRow says a record in one row: of whom, what kind, what it says, of which time, with which verdict.
func (c *composer) foundRow(r *knowledge.Record) string {
	countries := c.p.Countries(r.Countries())
	if countries == "" {
		countries = c.say("search.region")
	}
	say := func(key, kind string, text phrases.English, pairs ...any) string {
		return c.say(key, append([]any{"countries", countries, "kind", kind, "text", text}, pairs...)...)
	}
	switch {
	case r.Claim != nil:
		cl, verdict := r.Claim.Claim, r.Claim.Verdict
		key := "search.row"
		if verdict == "" { // no check was known yet
			key = "search.row.unchecked"
		}
		return say(key, c.p.Kind(cl.Kind), c.foretold(cl.Forecast, english(cl.Text)), "period", c.period(cl.Period), "status", c.p.Status(verdict))
	case r.Shift != nil:
		return c.foundShift(r.Shift, say)
	case r.Event != nil:
		return say("search.row.unchecked", c.p.Kind(r.Event.Kind), english(r.Event.Text), "period", r.Event.On)
	case r.FactCheck != nil:
		return say("search.row.undated", c.say("search.kind.fact_check"), english(r.FactCheck.Finding), "status", c.p.Status(r.FactCheck.Verdict))
	}
	return say("search.row.bare", c.say("search.kind.contradiction"), english(r.Contradiction.Why))
}

func (c *composer) foundShift(s *knowledge.Shift, say func(key, kind string, text phrases.English, pairs ...any) string) string {
	kind := c.say("search.kind.shift")
	if s.Continuity {
		kind = c.say("search.kind.continuity")
	}
	text := phrases.English(c.say("search.shift", "from", s.From, "to", s.To, "cause", sentence(s.Cause)))
	return say("search.row.unchecked", kind, c.foretold(s.Forecast, text), "period", c.period(s.Period))
}

// foretold marks a text that only foretells.
func (c *composer) foretold(forecast bool, text phrases.English) phrases.English {
	if forecast {
		return phrases.English(c.say("stance.forecast", "text", string(text)))
	}
	return text
}
