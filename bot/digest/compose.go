package digest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// How much a message holds. A summary with all that stands around its rows has ten blocks.
const (
	SummaryRows = 6
	BelowRows   = 10
	belowLength = 3000 // characters of the rows of a message, so that no platform cuts it
	maxBelow    = 6    // messages: what they do not hold is the lightest, and counted

	headingLength = 150 // characters that every platform shows in bold
)

// Compose says what changed: the weightiest in a summary whose heading alone tells a finding, the rest below. Where nothing
// changed, it is one quiet line; whether that is sent is for the caller.
func (t *Teller) Compose(o *Occasion) Notice { return t.signed(t.body(o), o) }

// Show says what changed to somebody who did not subscribe to it.
func (t *Teller) Show(o *Occasion) Notice { return t.body(o) }

// body is a notice without what only its own subscription says: it is the same for all that are about the same.
func (t *Teller) body(o *Occasion) Notice {
	w := &writer{p: phrases.In(o.Subscription.Language), today: t.Today()}
	lines := w.lines(o)
	first := lines[:min(len(lines), SummaryRows)]
	rest := pages(lines[len(first):])

	summary := message{w: w}
	if len(lines) == 0 {
		summary.own(w.empty(o))
	} else {
		summary.add(bot.Heading{Text: w.heading(o, lines)})
	}
	summary.rows(first)
	if n := len(lines) - len(first); n > 0 {
		summary.own(w.say("digest.more", "n", n))
	}

	notice := Notice{Summary: t.reply(o, &summary)}
	of := min(len(rest), maxBelow)
	for i, page := range rest[:of] {
		below := message{w: w}
		below.add(bot.Heading{Text: w.below(i+1, of)})
		below.rows(page)
		if i+1 == maxBelow {
			below.unlisted(slices.Concat(rest[of:]...))
		}
		notice.Below = append(notice.Below, t.reply(o, &below))
	}
	return notice
}

// picture is what a digest shows: where the countries stand that it is about.
func (t *Teller) picture(s *Subscription) *bot.File {
	if t.Draw == nil {
		return nil
	}
	q := knowledge.Query{Intent: knowledge.IntentMap, Desk: s.Desk, Today: t.Today(), Countries: s.About.Countries, Group: s.About.Group}
	if len(q.Countries) == 1 && q.Group == "" {
		q.Intent = knowledge.IntentCard
	}
	return t.Draw(q, s.Language)
}

// signed closes a notice with how often it comes, who set it up, and how to stop it.
func (t *Teller) signed(n Notice, o *Occasion) Notice {
	w := &writer{p: phrases.In(o.Subscription.Language), today: t.Today()}
	n.Summary.Blocks = append(slices.Clip(n.Summary.Blocks), bot.Line{Text: w.footer(o), Kind: bot.OurOwn}, w.leads(o))
	return n
}

// pages cuts lines into messages of readable size.
func pages(lines []line) [][]line {
	var list [][]line
	length := 0
	for _, l := range lines {
		size := utf8.RuneCountInString(l.text)
		if n := len(list); n == 0 || len(list[n-1]) == BelowRows || length+size > belowLength {
			list, length = append(list, nil), 0
		}
		list[len(list)-1] = append(list[len(list)-1], l)
		length += size
	}
	return list
}

// A message is a reply that is being put together.
type message struct {
	w         *writer
	blocks    []bot.Block
	receipts  []string
	countries []knowledge.Country
}

func (m *message) add(b bot.Block) { m.blocks = append(m.blocks, b) }

func (m *message) own(text string) { m.add(bot.Line{Text: text, Kind: bot.OurOwn}) }

func (m *message) rows(lines []line) {
	for _, l := range lines {
		m.add(bot.Row{Text: l.text, Receipts: l.receipts})
		m.receipts = merged(m.receipts, l.receipts)
		for i := range l.changes {
			m.countries = append(m.countries, l.changes[i].Countries...)
		}
	}
}

// unlisted counts lines that have no place, and tells where their entries lie.
func (m *message) unlisted(lines []line) {
	if len(lines) == 0 {
		return
	}
	from, to := &lines[0].changes[0], &lines[0].changes[0]
	for _, l := range lines {
		for i := range l.changes {
			c := &l.changes[i]
			if c.Seq < from.Seq {
				from = c
			}
			if c.Seq > to.Seq {
				to = c
			}
		}
	}
	m.own(m.w.say("digest.rest", "n", len(lines), "from", from.Entry.String(), "to", to.Entry.String()))
}

// merged adds to a list what it lacks of another.
func merged(list, more []string) []string {
	for _, id := range more {
		if !slices.Contains(list, id) {
			list = append(list, id)
		}
	}
	return list
}

// intents are what a notice answers, as if it had been asked.
var intents = map[Kind]knowledge.Intent{Digest: knowledge.IntentDigest, Watch: knowledge.IntentWatch}

// reply makes a message a reply, as a bot would give it.
func (t *Teller) reply(o *Occasion, m *message) bot.Reply {
	slices.Sort(m.countries)
	countries := slices.Compact(m.countries)
	if len(countries) == 0 {
		countries = o.Subscription.About.Countries
	}
	r := bot.Reply{
		Language: m.w.p.Language, Blocks: m.blocks, Private: o.Preview, Receipts: m.receipts,
		About: bot.About{Intent: intents[o.Subscription.Kind], Countries: countries, Seq: o.UpTo},
	}
	if t.Link != nil {
		r.Links = bot.Links(m.blocks, func(receipt string) string { return t.Link(o.Subscription.Desk, receipt) })
	}
	return r
}

// heading tells the weightiest finding, for a push preview shows little more, and how much else there is.
func (w *writer) heading(o *Occasion, lines []line) string {
	told := 0
	for _, l := range lines {
		if !l.alerted {
			told++
		}
	}
	if told == 0 {
		return w.scoped(o, w.say("digest.heading.alerted", "n", len(lines)))
	}
	lead := lines[0].lead
	say := func() string {
		if told == 1 {
			return w.scoped(o, lead)
		}
		return w.scoped(o, w.say("digest.heading.more", "lead", lead, "n", told-1))
	}
	text := say()
	if over := utf8.RuneCountInString(text) - headingLength; over > 0 {
		lead = cut(lead, max(1, utf8.RuneCountInString(lead)-over))
		text = say()
	}
	return text
}

// scoped says what a heading is about, where the heading does not.
func (w *writer) scoped(o *Occasion, text string) string {
	f := o.Subscription.About
	if f.Group != "" || len(f.Countries) > 1 || len(f.Countries) == 1 && !strings.Contains(text, w.p.Country(f.Countries[0])) {
		text = w.say("digest.heading.scope", "scope", bot.UpperFirst(SayFilter(w.p, f)), "heading", text)
	}
	return w.previewed(o, text)
}

// previewed says of a preview that it is one.
func (w *writer) previewed(o *Occasion, text string) string {
	if o.Preview {
		return w.say("digest.preview.heading", "heading", text)
	}
	return text
}

// empty says that nothing changed.
func (w *writer) empty(o *Occasion) string {
	zone := location(o.zone())
	on := func(at time.Time) knowledge.Day { return knowledge.DayOf(at.In(zone)) }
	if on(o.Since) == on(o.Till) {
		return w.previewed(o, w.say("digest.empty.day", "scope", SayFilter(w.p, o.Subscription.About), "from", on(o.Till)))
	}
	return w.previewed(o, w.say("digest.empty", "scope", SayFilter(w.p, o.Subscription.About), "from", on(o.Since), "to", on(o.Till)))
}

// zone is the time zone of an occasion.
func (o *Occasion) zone() string {
	if o.Subscription.Kind == Digest {
		return o.Subscription.Schedule.Zone
	}
	return o.Settings.Zone
}

func (w *writer) below(n, of int) string {
	if of == 1 {
		return w.say("digest.below")
	}
	return w.say("digest.below.page", "n", n, "of", of)
}

// footer says how often it comes and when next, and who set it up: by the name that the channel knew them by then, since a mention
// would call them each time.
func (w *writer) footer(o *Occasion) string {
	s := o.Subscription
	by := s.Name
	if by == "" {
		by = w.say("digest.member")
	}
	if s.Kind == Watch {
		return w.say("watch.footer", "scope", SayFilter(w.p, s.About), "by", by)
	}
	rhythm := SayRhythm(w.p, &s.Schedule)
	if next := o.next(); !next.IsZero() {
		return w.say("digest.footer", "rhythm", rhythm, "when", sayMoment(w.p, next, s.Schedule.Zone), "by", by)
	}
	return w.say("digest.footer.only", "rhythm", rhythm, "by", by)
}

// next is when the digest comes next, or the zero time where that is not known.
func (o *Occasion) next() time.Time {
	s := o.Subscription
	switch {
	case !s.Ended.IsZero() || !s.Paused.IsZero() && !s.Paused.Before(Forever):
		return time.Time{}
	case s.Next.After(o.Till):
		return s.Next
	case o.Till.IsZero():
		return time.Time{}
	}
	return s.Schedule.Next(o.Till)
}

// leads are the commands by which it is stopped or changed. A pause leaves out the next one.
func (w *writer) leads(o *Occasion) bot.Choices {
	s := o.Subscription
	c := bot.Choices{Lead: w.say("digest.change")}
	if s.Kind == Watch {
		q := knowledge.Query{Intent: knowledge.IntentWatch, Countries: s.About.Countries, Group: s.About.Group}
		choice := bot.Choice{Label: "un" + bot.Typed(w.p, q), Command: "un" + bot.Canonical(q)}
		if len(choice.Command) > maxCommand {
			choice = bot.Choice{Label: "watches", Command: "watches"}
		}
		c.Items = []bot.Choice{choice}
		return c
	}
	commands := []string{"digest stop"}
	if next := o.next(); !next.IsZero() {
		until := s.Schedule.Next(next).In(location(s.Schedule.Zone))
		commands = append(commands, "digest pause until "+knowledge.DayOf(until).String())
	}
	for _, command := range append(commands, "digest list") {
		c.Items = append(c.Items, bot.Choice{Label: command, Command: command})
	}
	return c
}

// maxCommand is the most bytes that a button carries.
const maxCommand = 64
