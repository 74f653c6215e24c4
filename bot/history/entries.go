package history

import (
	"cmp"
	"slices"

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/knowledge"
)

// entries lists what the desk's ledger holds about some countries, or all of it, the newest first.
func (r *request) entries() knowledge.Outcome {
	list := r.chosen()
	key, scope := "of", r.scope()
	if scope == "" {
		key = "all"
	}
	if len(list) == 0 {
		r.own(r.say("history.entries."+key+".none", "scope", scope))
		r.behind()
		return knowledge.NotFound
	}
	for _, x := range list { // on whichever page
		r.rests(r.receipts(x)...)
	}
	r.reply.Blocks = append(r.reply.Blocks, bot.Heading{
		Text: bot.UpperFirst(r.say("history.entries."+key, "n", len(list), "scope", scope, "zone", r.zone.String())),
	})
	from, to := r.page(len(list), bot.PageRows)
	for _, x := range list[from:to] {
		r.reply.Blocks = append(r.reply.Blocks, bot.Row{Text: r.row(x), Receipts: r.receipts(x)})
	}
	r.behind()
	r.pageLine()
	return knowledge.Answered
}

// chosen lists the entries that are asked for, the newest first. Of one time, the later one of the ledger comes first.
func (r *request) chosen() []*knowledge.DeskRecord {
	countries, q := r.asked(), &r.Query
	var list []*knowledge.DeskRecord
	for _, x := range slices.Backward(r.recorded.records) {
		day := knowledge.DayOf(x.At.In(r.zone))
		until := cmp.Or(q.AsOf, q.KnownAt)
		if q.Since != 0 && day < q.Since || until != 0 && day > until {
			continue
		}
		if len(countries) == 0 && q.Group == "" || r.recorded.concerns(x, countries) {
			list = append(list, x)
		}
	}
	return list
}

// row says in one line when what was recorded, and why.
func (r *request) row(x *knowledge.DeskRecord) string {
	text := r.say("history.row", "when", r.when(x.At), "kind", r.say("deskkind."+x.Kind), "what", r.what(x))
	if r.namesPeople() {
		text += r.say("history.row.by", "who", r.who(x.Author))
	}
	if x.Reason != "" {
		text += r.say("history.row.reason", "reason", x.Reason)
	}
	if x.WithdrawnBy != "" {
		text += r.say("history.row.withdrawn", "date", x.Withdrawn)
	}
	return text
}

// what says what an entry recorded, proposed, took back or found: with a mark before it, or "" where its kind says all.
func (r *request) what(x *knowledge.DeskRecord) string {
	text := bot.SayRecord(r.Phrases, x, r.Query.Today)
	switch of := r.of(x); {
	case text != "":
	case x.Proposed != nil && bot.SayRecord(r.Phrases, x.Proposed, r.Query.Today) != "":
		text = bot.SayRecord(r.Phrases, x.Proposed, r.Query.Today)
	case of != nil:
		text = r.say("history.of", "id", of.Receipt, "what", bot.SayRecord(r.Phrases, of, r.Query.Today))
	case x.Country != "":
		text = r.Phrases.Country(x.Country)
	}
	if text == "" {
		return ""
	}
	return r.say("history.what", "what", text)
}

// of returns the recorded entry that another one speaks of, over others where it must be, or nil.
func (r *request) of(x *knowledge.DeskRecord) *knowledge.DeskRecord {
	return r.recorded.content(x, steps)
}

// mostTouched is how many of the records that an entry speaks of stand beside it.
const mostTouched = 3

// receipts are what the row of an entry rests on.
func (r *request) receipts(x *knowledge.DeskRecord) []string {
	ids := []string{x.Receipt}
	for _, id := range append([]string{x.Decides, x.Result, x.WithdrawnBy}, x.Touches[:min(mostTouched, len(x.Touches))]...) {
		if id != "" && !contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// namesPeople reports whether the asker is told who recorded something. Then nobody else is.
func (r *request) namesPeople() bool {
	names := r.Edits(r.Request.Desk, r.Request.Person)
	r.reply.Private = r.reply.Private || names && !r.Request.Where.Private
	return names
}

// who says who recorded something: to editors by the id that the ledger has, to others what that person is.
func (r *request) who(author string) string {
	switch {
	case author == desk.Itself:
		return r.say("history.who.itself")
	case r.namesPeople():
		return author
	case r.Edits(r.Request.Desk, author):
		return r.say("history.who.editor")
	}
	return r.say("history.who.other")
}

// behind says that the ledger cannot be read on, where that is so.
func (r *request) behind() {
	if r.Behind(r.Request.Desk) {
		r.own(r.say("desk.behind"))
	}
}
