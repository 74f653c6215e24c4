package bot

import (
	"slices"
	"strings"
	"unicode"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// MaxStanceLines is the most lines of a stance or of an opened receipt: they must fit the lock screen of a phone.
const MaxStanceLines = 6

// PageRows is how many entries of a list a page shows.
const PageRows = 10

// A composer puts one reply together.
type composer struct {
	p       *phrases.Catalogue
	offered []knowledge.Intent
	behind  bool          // the desk's own records cannot be read on
	on      knowledge.Day // the day that the answer speaks of
	reply   Reply
}

func (c *composer) say(key string, pairs ...any) string { return c.p.Say(key, pairs...) }

// period says the time of a statement as it could be told on the day of the answer.
func (c *composer) period(p knowledge.Period) string { return c.p.Period(p.Until(c.on)) }

func (c *composer) heading(text string) { c.reply.Blocks = append(c.reply.Blocks, Heading{text}) }

// asserts adds a line that tells something of the world, and what it rests on.
func (c *composer) asserts(text string, receipts ...string) {
	c.add(Line{Text: text, Receipts: compact(receipts)})
}

// basedOn adds a line that tells who says what was told, from when, and how old it is.
func (c *composer) basedOn(text string, receipts ...string) {
	c.add(Line{Text: text, Receipts: compact(receipts), Kind: Basis})
}

// own adds a line about our records, or about how the question was read.
func (c *composer) own(text string) { c.add(Line{Text: text, Kind: OurOwn}) }

func (c *composer) add(l Line) {
	c.reply.Blocks = append(c.reply.Blocks, l)
	c.cites(l.Receipts...)
}

func (c *composer) row(text string, receipts ...string) {
	receipts = compact(receipts)
	c.reply.Blocks = append(c.reply.Blocks, Row{Text: text, Receipts: receipts})
	c.cites(receipts...)
}

// cites notes receipts that the reply rests on.
func (c *composer) cites(ids ...string) {
	for _, id := range ids {
		if id != "" && !slices.Contains(c.reply.Receipts, id) {
			c.reply.Receipts = append(c.reply.Receipts, id)
		}
	}
}

// compact drops empty and repeated ids and keeps the order.
func compact(ids []string) []string {
	var out []string
	for _, id := range ids {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// compose says an answer.
func (c *composer) compose(a *knowledge.Answer) Reply {
	c.reply, c.on = Reply{Language: c.p.Language}, a.On
	switch a.Outcome {
	case knowledge.Refused:
		c.refused(a)
	case knowledge.Ambiguous:
		c.ambiguous(a)
	case knowledge.NotACountry:
		c.notACountry(a)
	case knowledge.NotUnderstood:
		c.notUnderstood(a)
	case knowledge.OutOfSpan:
		c.outOfSpan(a)
	case knowledge.StatusNote:
		c.statusNote(a)
	case knowledge.PoleItself:
		c.pole(a)
	case knowledge.NotFound:
		c.notFound(a)
	case knowledge.Unavailable:
		c.unavailable(a)
	default:
		c.answer(a)
		c.corrected(a)
		c.lacks()
	}
	return c.reply
}

// lacks says, before what leads on, that the desk's own records cannot be read on.
func (c *composer) lacks() {
	if !c.behind {
		return
	}
	at := len(c.reply.Blocks)
	if at > 0 {
		if _, leads := c.reply.Blocks[at-1].(Choices); leads {
			at--
		}
	}
	c.reply.Blocks = slices.Insert(c.reply.Blocks, at, Block(Line{Text: c.say("desk.behind"), Kind: OurOwn}))
}

func (c *composer) answer(a *knowledge.Answer) {
	switch a.Query.Intent {
	case knowledge.IntentStance:
		c.stance(a)
	case knowledge.IntentCompare:
		c.compare(a)
	case knowledge.IntentGroup:
		if a.Group.Group.Kind == knowledge.Joined {
			c.joined(a)
			return
		}
		c.group(a)
	case knowledge.IntentShifts:
		c.shifts(a)
	case knowledge.IntentEvidence:
		c.evidence(a)
	case knowledge.IntentSource:
		c.source(a)
	case knowledge.IntentContradictions:
		c.contradictions(a)
	case knowledge.IntentVotes:
		c.votes(a)
	case knowledge.IntentResolution:
		c.resolution(a)
	case knowledge.IntentAgreement:
		c.agreement(a)
	case knowledge.IntentMeasures:
		c.measures(a)
	case knowledge.IntentSafe:
		c.safe(a)
	case knowledge.IntentSearch:
		c.search(a)
	case knowledge.IntentExport:
		c.export(a)
	case knowledge.IntentMap:
		c.mapped(a)
	case knowledge.IntentCard:
		c.card(a)
	case knowledge.IntentTimeline:
		c.timeline(a)
	case knowledge.IntentHelp:
		c.help()
	}
}

// command returns a button that asks q.
func (c *composer) command(q knowledge.Query) Choice {
	return Choice{Label: Typed(c.p, q), Command: Canonical(q)}
}

// more ends a reply with what leads on from it, as far as it can be asked here.
func (c *composer) more(queries ...knowledge.Query) {
	var items []Choice
	for _, q := range queries {
		if choice := c.command(q); slices.Contains(c.offered, q.Intent) && len(choice.Command) <= maxCommand {
			items = append(items, choice)
		}
	}
	if len(items) > 0 {
		c.reply.Blocks = append(c.reply.Blocks, Choices{Lead: c.say("more"), Items: items})
	}
}

// leadsOn returns a query of another intent about the same countries, day and axis.
func leadsOn(q knowledge.Query, intent knowledge.Intent, countries ...knowledge.Country) knowledge.Query {
	return knowledge.Query{Intent: intent, Countries: countries, AsOf: q.AsOf, KnownAt: q.KnownAt}
}

// paged cuts a list to the page asked for, and says which it is when there are several.
func paged[T any](c *composer, a *knowledge.Answer, list []T) []T {
	pages := max(1, (len(list)+PageRows-1)/PageRows)
	n := min(max(a.Query.Page, 1), pages)
	if pages > 1 {
		c.reply.Page = c.page(a.Query, n, pages)
	}
	return list[(n-1)*PageRows : min(n*PageRows, len(list))]
}

// page tells the place of a page, with what leads to its neighbours.
func (c *composer) page(q knowledge.Query, n, of int) *Page {
	to := func(n int, key string) *Choice {
		if n < 1 || n > of {
			return nil
		}
		q.Page = n
		return &Choice{Label: c.say(key), Command: Canonical(q)}
	}
	return &Page{N: n, Of: of, Previous: to(n-1, "page.previous"), Next: to(n+1, "page.next")}
}

// pageLine says which page a list shows, with a button for the next.
func (c *composer) pageLine(a *knowledge.Answer) []knowledge.Query {
	page := c.reply.Page
	if page == nil {
		return nil
	}
	c.own(c.say("page", "n", page.N, "of", page.Of))
	if page.N == page.Of {
		return nil
	}
	next := a.Query
	next.Page = page.N + 1
	return []knowledge.Query{next}
}

// names adds what must be said about the names in the question.
func (c *composer) names(q *knowledge.Query) {
	for _, country := range q.ReadsAs {
		c.own(c.say("name.readas", "country", country))
	}
	for _, also := range q.Also {
		c.own(c.say("name.former", "name", also.Name, "country", also.Country))
	}
	for _, near := range q.Near {
		c.add(Line{Text: c.say("name.near", "note", phrases.Text{English: near.Note, InOthers: near.Notes}), Kind: House})
	}
}

func (c *composer) refused(a *knowledge.Answer) {
	c.reply.Private = true
	c.own(c.say("refused."+string(a.Reason), "n", 4000))
}

func (c *composer) ambiguous(a *knowledge.Answer) {
	var items []Choice
	for _, id := range a.Choices {
		q := a.Query
		q.Misread, q.ReadsAs = nil, nil
		if q.Order == nil { // an order is about the others that it names, too
			q.Countries = nil
		}
		if q.Intent == knowledge.IntentNone || len(a.Query.Countries) == 0 && q.Intent == knowledge.IntentCompare {
			q.Intent = knowledge.IntentStance
		}
		name := c.chosen(&q, id, a.Offered)
		command := Canonical(q)
		items = append(items, Choice{Label: c.say("ask.type", "name", name, "command", command), Command: command})
	}
	c.reply.Blocks = append(c.reply.Blocks, Choices{Lead: c.say("ask.which"), Items: items, Asks: true})
}

// chosen puts a choice into the query and returns its name: a member, a group, or a place.
func (c *composer) chosen(q *knowledge.Query, id string, offered []*knowledge.Place) string {
	switch {
	case knowledge.ReceiptKindOf(id) == knowledge.RollCallReceipt:
		q.Intent, q.Resolution, q.AsOf, q.AsOfDate = knowledge.IntentResolution, id, 0, 0
		return id
	case places.IsMember(knowledge.Country(id)):
		q.Countries = append(slices.Clip(q.Countries), knowledge.Country(id))
		return c.p.Country(knowledge.Country(id))
	case c.p.Has("group." + id):
		if q.Group = knowledge.GroupID(id); q.Order == nil && q.Intent != knowledge.IntentExport {
			q.Intent = knowledge.IntentGroup
		}
		return c.p.Group(knowledge.GroupID(id))
	}
	q.Place = id
	for _, p := range offered {
		if p.ID == id {
			return c.p.Place(p)
		}
	}
	return strings.ReplaceAll(id, "_", " ")
}

// closeHan takes the blanks between Chinese characters away, at which the reader cuts what it does not know.
func closeHan(words string) string {
	runes := []rune(words)
	var b strings.Builder
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) && unicode.Is(unicode.Han, runes[i-1]) && unicode.Is(unicode.Han, runes[i+1]) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (c *composer) notACountry(a *knowledge.Answer) {
	m := a.Query.Misread
	if m.Known == nil {
		c.own(c.say("notacountry", "name", closeHan(m.Name)))
		return
	}
	c.add(Line{Text: c.say("notacountry.known", "name", m.Name, "note", phrases.Text{English: m.Known.Note, InOthers: m.Known.Notes}), Kind: House})
	c.see(a, m.Known.See)
}

// maxSeen is how many members are offered as buttons.
const maxSeen = 5

// see offers the members whose records may help with a name that is none.
func (c *composer) see(a *knowledge.Answer, countries []knowledge.Country) {
	if len(countries) == 0 {
		return
	}
	var queries []knowledge.Query
	if len(countries) > maxSeen {
		c.own(c.say("place.see", "countries", c.p.Sorted(countries)))
	}
	for _, country := range countries[:min(len(countries), maxSeen)] {
		queries = append(queries, leadsOn(a.Query, knowledge.IntentStance, country))
	}
	c.more(queries...)
}

func (c *composer) notUnderstood(a *knowledge.Answer) {
	c.reply.Private = true
	if m := a.Query.Misread; m != nil && m.Rude {
		c.own(c.say("notunderstood.rude"))
		return
	}
	c.own(c.say("notunderstood"))
	for _, id := range a.Choices {
		c.more(leadsOn(a.Query, knowledge.IntentStance, knowledge.Country(id)))
	}
}

func (c *composer) outOfSpan(a *knowledge.Answer) {
	key, day := "span.stance", a.Query.AsOf
	switch a.Query.Intent {
	case knowledge.IntentVotes, knowledge.IntentResolution:
		key = "span.votes"
	case knowledge.IntentAgreement:
		key = "span.agreement"
	case knowledge.IntentGroup, knowledge.IntentMeasures:
		key = "span.group"
	}
	switch {
	case a.Span.From == a.Article.Published:
		key, day = "span.known", a.Query.KnownAt
	case a.Query.AsOf == 0 || a.Query.AsOf >= a.Span.From && a.Query.AsOf <= a.Span.To:
		day = a.Query.Since
	}
	c.own(c.say(key, "date", day, "from", a.Span.From, "to", a.Span.To))
}

func (c *composer) statusNote(a *knowledge.Answer) {
	c.add(Line{Text: c.say("place", "note", phrases.Text{English: a.Place.Note, InOthers: a.Place.Notes}), Kind: House})
	c.see(a, a.Place.See)
}

func (c *composer) pole(a *knowledge.Answer) {
	for _, country := range a.Countries {
		c.own(upperFirst(c.say("pole", "country", country)))
	}
	c.own(c.say("pole.can"))
	c.more(knowledge.Query{Intent: knowledge.IntentGroup, Group: "allies_camp"},
		knowledge.Query{Intent: knowledge.IntentGroup, Group: "neutral_camp"},
		knowledge.Query{Intent: knowledge.IntentGroup, Group: "opposing_camp"})
}

func (c *composer) notFound(a *knowledge.Answer) {
	switch {
	case a.Query.Receipt != "":
		c.own(c.say("notfound.receipt", "id", a.Query.Receipt))
		return
	case a.Query.Resolution != "":
		c.own(c.say("notfound.resolution", "id", a.Query.Resolution))
		return
	}
	group := c.p.Group(a.Query.Group)
	if m := a.Query.Misread; m != nil {
		group = closeHan(m.Name)
	}
	c.own(c.say("notfound.group", "group", group))
	c.more(knowledge.Query{Intent: knowledge.IntentGroup, Group: "latin_america"},
		knowledge.Query{Intent: knowledge.IntentGroup, Group: "southern_cone"})
}

func (c *composer) unavailable(a *knowledge.Answer) {
	if a.Query.Intent == knowledge.IntentExport && slices.Contains(c.offered, knowledge.IntentExport) {
		c.notExported(a)
		return
	}
	c.own(c.say("unavailable", "what", c.say("intent."+string(a.Query.Intent))))
	if len(a.Query.Countries) > 0 {
		country := a.Query.Countries[0]
		c.more(leadsOn(a.Query, knowledge.IntentStance, country), leadsOn(a.Query, knowledge.IntentEvidence, country),
			leadsOn(a.Query, knowledge.IntentShifts, country))
		return
	}
	c.more(knowledge.Query{Intent: knowledge.IntentHelp})
}

func (c *composer) help() {
	c.heading(c.say("help.heading"))
	for _, intent := range c.offered {
		key := string(intent)
		c.reply.Blocks = append(c.reply.Blocks, Row{Text: c.say("help.row", "command", c.say("example."+key), "what", c.say("help."+key)), Kind: OurOwn})
	}
	c.own(c.say("help.plain"))
	c.own(c.say("help.asof"))
	c.own(c.say("help.intro"))
	c.examples()
	c.reply.Private = true
}

// examples are commands to try.
func (c *composer) examples() {
	c.reply.Blocks = append(c.reply.Blocks, Choices{Lead: c.say("help.examples"), Items: []Choice{
		{Label: c.say("example.stance"), Command: "stance PER"},
		{Label: c.say("example.compare"), Command: "compare CHL ARG"},
		{Label: c.say("example.evidence"), Command: "why ECU"},
	}})
}

// english is a text of the records as a sentence: they are in English whatever the language of the reply.
func english(text string) phrases.English { return phrases.English(sentence(text)) }

// sentence ends a text of the records with a full stop, so that another can follow.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
