package history

import (
	"context"
	"slices"
	"strings"
	"time"

	"stancebot/bot"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

const (
	mostLooked = 5000 // tellings, of one question
	pageTold   = 3    // answers on a page
	mostLater  = 3    // entries that are said beside an answer that they supersede
)

// An answered is an answer that was told, with how often and when.
type answered struct {
	*told.Reply
	n           int
	first, last time.Time
	seq         int64 // the last entry of the ledger that was taken into account when it was told
}

// A span is a stretch of time, from its beginning on and before its end. What is zero does not bound it.
type span struct{ from, before time.Time }

// told quotes what was answered on some countries in a time, each distinct answer once, the newest first.
func (r *request) told(ctx context.Context) (knowledge.Outcome, error) {
	book := r.Book()
	if book == nil {
		return r.declines("history.away"), nil
	}
	countries, within := r.asked(), r.span()
	if len(countries) == 0 && within.from.IsZero() && within.before.IsZero() {
		return r.refuses("history.told.which"), nil
	}
	tellings, err := r.tellings(ctx, book, countries, within)
	if err != nil {
		return "", err
	}
	list := r.distinct(tellings)
	r.quoteAll(list, countries)
	r.remarks(book, within, len(list) == 0, len(tellings) >= mostLooked)
	if len(list) == 0 {
		return knowledge.NotFound, nil
	}
	r.pageLine()
	return knowledge.Answered, nil
}

// span is the time that is asked about, in days of the channel's zone.
func (r *request) span() span {
	q, s := &r.Query, span{}
	midnight := func(d knowledge.Day) time.Time {
		return time.Date(d.Year(), time.Month(d.Month()), d.Dom(), 0, 0, 0, 0, r.zone)
	}
	switch {
	case q.AsOf != 0:
		first, last := q.AsOf, q.AsOf
		if q.AsOfDate != 0 {
			first, last = q.AsOfDate.First(), q.AsOfDate.Last()
		}
		s.from, s.before = midnight(first), midnight(knowledge.DayOf(last.Time().AddDate(0, 0, 1)))
	case q.Since != 0:
		s.from = midnight(q.Since)
	}
	return s
}

// tellings reads what was told, about each country or about all.
func (r *request) tellings(ctx context.Context, book Book, countries []knowledge.Country, within span) ([]told.Told, error) {
	if len(countries) == 0 {
		countries = []knowledge.Country{""}
	}
	var all []told.Told
	for _, c := range countries {
		list, err := book.List(ctx, r.Request.Desk, told.Filter{Country: c, From: within.from, Before: within.before}, mostLooked)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	if len(countries) > 1 { // one answer may be about several
		slices.SortStableFunc(all, func(a, b told.Told) int { return b.At.Compare(a.At) })
		all = slices.CompactFunc(all, func(a, b told.Told) bool {
			return a.At.Equal(b.At) && a.Place == b.Place && a.Message == b.Message && a.Reply.Equal(b.Reply)
		})
	}
	return all, nil
}

// noAnswers are the intents whose replies answer no question about a country: they quote others, or say what was done.
var noAnswers = []knowledge.Intent{knowledge.IntentHistory, knowledge.IntentRecord, knowledge.IntentCorrect, knowledge.IntentSettings}

// distinct lists the answers among tellings that the asker may see, in their order.
func (r *request) distinct(tellings []told.Told) []*answered {
	var list []*answered
	byHash := map[told.Hash]*answered{}
	for i := range tellings {
		t := &tellings[i]
		if t.Private && !r.toldHere(t.Place) || slices.Contains(noAnswers, t.Reply.Intent) {
			continue
		}
		a := byHash[t.Reply.Hash()]
		if a == nil {
			a = &answered{Reply: t.Reply, last: t.At}
			list = append(list, a)
			byHash[t.Reply.Hash()] = a
		}
		a.n++
		a.first, a.seq = t.At, max(a.seq, t.Seq)
	}
	return list
}

// toldHere reports whether the asker is in the conversation with them alone where something was told.
func (r *request) toldHere(p told.Place) bool {
	return r.Request.Where.Private && slices.ContainsFunc(r.places(), func(here told.Place) bool { return here.Holds(p) })
}

// quoteAll quotes a page of answers below a heading that counts all.
func (r *request) quoteAll(list []*answered, countries []knowledge.Country) {
	p, scope := r.Phrases, r.scope()
	key := "of"
	if scope == "" {
		key = "all"
	}
	if len(list) == 0 {
		r.own(r.say("history.told."+key+".none", "scope", scope, "days", r.days(), "zone", r.zone.String()))
		return
	}
	for _, a := range list { // on whichever page
		r.rests(a.Receipts...)
	}
	r.reply.Blocks = append(r.reply.Blocks, bot.Heading{Text: bot.UpperFirst(p.Say("history.told."+key, "n", len(list), "scope", scope, "days", r.days(), "zone", r.zone.String()))})
	from, to := r.page(len(list), pageTold)
	for i, a := range list[from:to] {
		r.quote(from+i+1, a, countries)
	}
}

// days says which days are asked about, "" for all.
func (r *request) days() string {
	q := &r.Query
	switch {
	case q.AsOf != 0 && q.AsOfDate != 0 && q.AsOfDate.Precision() != knowledge.DayPrecision:
		return r.say("history.days.in", "date", q.AsOfDate)
	case q.AsOf != 0:
		return r.say("history.days.on", "date", q.AsOf)
	case q.Since != 0:
		return r.say("history.days.since", "date", q.Since)
	}
	return ""
}

// quote repeats an answer as it was told, behind a line that says when, and what was recorded since.
func (r *request) quote(n int, a *answered, countries []knowledge.Country) {
	key := "history.told.when"
	if a.n > 1 {
		key = "history.told.times"
	}
	r.own(r.say(key, "i", n, "n", a.n, "first", r.when(a.first), "last", r.when(a.last)))
	if len(a.Countries) > 0 {
		countries = a.Countries
	}
	if later := r.recorded.since(a.seq, countries, a.Receipts); len(later) > 0 {
		r.superseded(later)
	}
	for line := range strings.SplitSeq(a.Text, "\n") {
		text, receipts := unquoted(line, a.Receipts)
		kind := bot.Asserts
		if len(receipts) == 0 {
			kind = bot.OurOwn // what was said then, and rested on the line below it
		}
		r.reply.Blocks = append(r.reply.Blocks, bot.Line{Text: text, Receipts: receipts, Kind: kind})
	}
}

// superseded says what was recorded since an answer, the newest first.
func (r *request) superseded(later []*knowledge.DeskRecord) {
	slices.Reverse(later)
	var said, receipts []string
	for _, x := range later[:min(mostLater, len(later))] {
		said = append(said, r.say("deskkind."+x.Kind)+r.what(x))
	}
	for _, x := range later {
		receipts = append(receipts, x.Receipt)
	}
	r.asserts(r.say("history.superseded", "n", len(later), "what", r.Phrases.Series(said)), receipts...)
}

// unquoted parts a line of a text from the receipts that it ended with, so that the two together are the line again.
func unquoted(line string, of []string) (text string, receipts []string) {
	at := strings.LastIndex(line, " [")
	if at < 0 || !strings.HasSuffix(line, "]") {
		return line, nil
	}
	receipts = strings.Split(line[at+2:len(line)-1], ", ")
	if slices.ContainsFunc(receipts, func(id string) bool { return !contains(of, id) }) {
		return line, nil
	}
	return line[:at], receipts
}

// remarks say what is not among the answers: what was told before it is kept, what is not kept here, what was not looked at.
func (r *request) remarks(book Book, within span, none, cut bool) {
	kept := r.Now().Add(-r.Retention)
	if none || !within.from.IsZero() && within.from.Before(kept) {
		r.own(r.say("history.told.kept", "date", knowledge.DayOf(kept.In(r.zone))))
	}
	if here := r.Request.Where.Address; here != "" && !book.Keeps(told.Place(here)) {
		r.own(r.say("history.told.silent"))
	}
	if cut {
		r.own(r.say("history.told.cut", "n", mostLooked))
	}
}
