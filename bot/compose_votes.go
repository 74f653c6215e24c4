package bot

import (
	"slices"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/rollcall"
)

// votes lists how countries voted.
func (c *composer) votes(a *knowledge.Answer) {
	c.heading(c.votesHeading(a))
	for _, v := range a.Votes {
		c.cites(v.Call.ID)
	}
	for _, v := range paged(c, a, a.Votes) {
		c.row(c.voteText(a, v), v.Call.ID, cellReceipt(v))
	}
	next := c.pageLine(a)
	if a.RollCall != nil {
		c.gradeLine(a.RollCall)
	}
	c.reasons(a)
	c.names(&a.Query)
	for _, country := range a.Countries[:min(len(a.Countries), 2)] {
		if knowledge.AxisOf(country) == "" {
			next = append(next, leadsOn(a.Query, knowledge.IntentStance, country))
		}
	}
	if a.RollCall != nil {
		next = append(next, knowledge.Query{Intent: knowledge.IntentResolution, Resolution: a.RollCall.ID})
	}
	c.more(next...)
}

func (c *composer) votesHeading(a *knowledge.Answer) string {
	key := "votes.heading"
	if a.RollCall != nil {
		key = "votes.heading.one"
	}
	on := ""
	if a.RollCall != nil {
		on = c.textOf(a.RollCall)
	}
	text := c.say(key, "countries", a.Countries, "n", len(a.Votes), "text", on)
	if a.Query.AsOf != 0 && a.Query.AsOf != a.Query.Today {
		text += c.say("shifts.scope.on", "date", a.Query.AsOf)
	}
	switch {
	case a.Query.OnlyThen && a.RollCall == nil:
		text += c.say("shifts.scope.since", "date", a.Query.AsOfDate.First())
	case a.Query.Since != 0:
		text += c.say("shifts.scope.since", "date", a.Query.Since)
	}
	return text
}

// voteText says one vote. Non-voting is never called an abstention, a cell that was not read is said so, and where
// sources differ both sides are.
func (c *composer) voteText(a *knowledge.Answer, v knowledge.Vote) string {
	country := ""
	if len(a.Countries) > 1 {
		country = c.say("beside", "country", v.Country)
	}
	text := c.say("votes.row", "country", country, "text", c.symbol(v.Call), "date", v.Call.Date, "position", c.votePosition(v), "title", title(v.Call))
	if v.Call.Meaning == knowledge.MixedMeaning {
		text += c.say("votes.mixed")
	}
	switch {
	case v.Cell != nil && v.Cell.Position == v.Position:
		text += c.say("votes.cell")
	case v.Cell != nil:
		text += c.say("votes.cell.other", "position", c.position(v.Cell.Position))
	}
	if v.Dispute != nil {
		text += ". " + c.say("votes.dispute", "record", c.position(v.Dispute.Record), "other", c.position(v.Dispute.Other), "by", phrases.English(v.Dispute.By))
	}
	return text
}

// votePosition says a position, or that the cell was not read.
func (c *composer) votePosition(v knowledge.Vote) string {
	if v.Position == "" {
		return c.say("votes.unread")
	}
	return c.position(v.Position)
}

// cellReceipt is the receipt of what the desk recorded of a vote, or "".
func cellReceipt(v knowledge.Vote) string {
	if v.Cell == nil {
		return ""
	}
	return v.Cell.Recorded.Receipt
}

// symbol says the symbol of a text, or that it was not read.
func (c *composer) symbol(r *knowledge.RollCall) string {
	if r.Unnumbered {
		return c.say("votes.unnumbered")
	}
	return r.ID
}

// textOf says a text within a sentence: by its symbol and day or, where no symbol was read, by its day.
func (c *composer) textOf(r *knowledge.RollCall) string {
	key := "text.of"
	if r.Unnumbered {
		key = "text.unnumbered"
	}
	return c.say(key, "text", r.ID, "date", r.Date)
}

// title is what a text is called.
func title(r *knowledge.RollCall) phrases.Text {
	return phrases.Text{English: r.Title, InOthers: r.Titles}
}

// reasons says what press reports give as the reason for non-voting: votes lost over unpaid dues. The UN's record gives
// none.
func (c *composer) reasons(a *knowledge.Answer) {
	if !slices.ContainsFunc(a.Votes, func(v knowledge.Vote) bool { return v.Position == knowledge.Absent }) {
		return
	}
	for _, m := range a.Reasons {
		c.asserts(c.say("votes.arrears", "country", m.Country, "period", c.period(knowledge.Period{From: m.From, To: m.To})), m.ID())
	}
}

// gradeLine says how well a roll call is proved.
func (c *composer) gradeLine(r *knowledge.RollCall) {
	text := c.say("resolution.grade", "grade", string(r.Grade), "checked", english(r.Checked))
	if r.Grade.SingleSource() {
		text += " " + c.say("resolution.single")
	}
	c.asserts(text, r.ID)
}

// maxNames is how many states a line of a roll call names before it counts the rest, which its proof names.
const maxNames = 40

// resolution says one roll call: its tally, who voted how, what is disputed, and whether the axes parted.
func (c *composer) resolution(a *knowledge.Answer) {
	r := a.RollCall
	c.rollCallHeading(r)
	c.asserts(c.say("resolution.meaning."+string(r.Meaning)), r.ID)
	if a.Query.Proof {
		c.asserts(c.say("resolution.proof", "sum", rollcall.Proof(r.Tally)), r.ID)
	}
	if r.Partial {
		c.asserts(c.say("resolution.partial", "n", len(a.Votes), "of", r.Tally.Sum()), r.ID)
	}
	if a.Group != nil {
		c.own(upperFirst(c.say("resolution.of", "group", c.p.Group(a.Group.Group.ID), "n", len(a.Votes))))
	}
	for _, p := range []knowledge.Position{knowledge.No, knowledge.Abstain, knowledge.Absent, knowledge.Yes} {
		c.positionRow(a, p)
	}
	c.disputes(a)
	c.splits(a)
	c.gradeLine(r)
	var next []knowledge.Query
	if a.Group == nil {
		next = append(next, knowledge.Query{Intent: knowledge.IntentResolution, Resolution: r.ID, Group: "latin_america"})
	}
	if !a.Query.Proof {
		next = append(next, knowledge.Query{Intent: knowledge.IntentResolution, Resolution: r.ID, Proof: true})
	}
	c.more(next...)
}

func (c *composer) rollCallHeading(r *knowledge.RollCall) {
	c.heading(c.rollCall(r))
}

// rollCall says a text, its day and its tally.
func (c *composer) rollCall(r *knowledge.RollCall) string {
	return c.say("resolution.heading", "text", c.symbol(r), "date", r.Date, "title", title(r), "yes", r.Tally.Yes, "no", r.Tally.No,
		"abstain", r.Tally.Abstain, "absent", r.Tally.Absent)
}

// positionRow names the states in a position, as far as a line goes; the proof names them all.
func (c *composer) positionRow(a *knowledge.Answer, p knowledge.Position) {
	var countries []knowledge.Country
	for _, v := range a.Votes {
		if v.Position == p {
			countries = append(countries, v.Country)
		}
	}
	if len(countries) == 0 {
		return
	}
	limit := maxNames
	if a.Query.Proof {
		limit = len(countries)
	}
	c.row(c.say("resolution.row", "position", upperFirst(c.say("side."+string(p))), "n", len(countries), "countries", c.named(countries, limit)), a.RollCall.ID)
}

// named says the names of countries, up to a limit, and counts the rest.
func (c *composer) named(countries []knowledge.Country, limit int) string {
	if len(countries) == 0 {
		return c.say("nobody")
	}
	names := c.p.SortedNames(countries)
	shown := names[:min(len(names), limit)]
	text := c.p.List(shown)
	if rest := len(names) - len(shown); rest > 0 {
		text += c.say("source.more", "n", rest)
	}
	return text
}

// splits says who moved with Washington on the texts on which it left its usual side, and how many did not.
func (c *composer) splits(a *knowledge.Answer) {
	for _, s := range a.Splits {
		if len(s.Moved)+len(s.Stayed) == 0 {
			continue
		}
		key := "resolution.split"
		if s.Call.Partial {
			key = "resolution.split.partial"
		}
		c.asserts(c.say(key, "text", c.textOf(s.Call), "washington", c.position(s.Washington), "n", len(s.Moved),
			"moved", c.named(s.Moved, maxNames), "stayed", len(s.Stayed)), s.Call.ID)
	}
}

func (c *composer) disputes(a *knowledge.Answer) {
	for _, v := range a.Votes {
		if d := v.Dispute; d != nil {
			c.asserts(c.disputeText(d), a.RollCall.ID)
		}
	}
}

func (c *composer) disputeText(d *knowledge.Dispute) string {
	return c.say("resolution.dispute", "country", d.Country, "record", c.position(d.Record), "other", c.position(d.Other), "by", english(d.By))
}
