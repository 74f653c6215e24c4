package history

import (
	"context"
	"log/slog"
	"time"

	"stancebot/bot"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// A Book is what was told where, as far as it is asked about here.
type Book interface {
	// List returns a desk's tellings that a filter chooses, the last ones up to a limit, the newest first.
	List(ctx context.Context, desk knowledge.DeskID, f told.Filter, limit int) ([]told.Told, error)
	// Forget erases what a desk told in a place and in all that it holds, and returns how many tellings that were.
	Forget(ctx context.Context, desk knowledge.DeskID, place told.Place) (int, error)
	// Silence sets whether what is told in a place is not to be kept, and reports whether that is new.
	Silence(ctx context.Context, place told.Place, silent bool) (bool, error)
	// Keeps reports whether what is told in a place is kept.
	Keeps(place told.Place) bool
}

// An Archive answers what is asked of the past, and what is to become of it.
type Archive struct {
	Book func() Book // nil while the database is away
	// Ledger returns what a desk recorded as it is laid over the shared records, nil for nothing, and whether it was read.
	Ledger    func(knowledge.DeskID) (recorded *knowledge.Overlay, read bool)
	Behind    func(knowledge.DeskID) bool                           // whether that lacks what was recorded of late
	Members   func(knowledge.Query) []knowledge.Country             // of the query's group
	Zone      func(ctx context.Context, channel bot.Address) string // by which a channel lives, "" for that of the program
	Usual     string                                                // the zone of channels that name none
	Edits     func(desk knowledge.DeskID, person string) bool       // whether a person is among a desk's editors
	Retention time.Duration                                         // how long what was told is kept
	Now       func() time.Time
	Log       *slog.Logger
}

// A request is one that is answered.
type request struct {
	*Archive
	bot.Call
	zone     *time.Location
	recorded *past
	reply    bot.Reply
}

// Do answers a question about the past, or settles what is to become of what was told.
func (a *Archive) Do(ctx context.Context, c bot.Call) (knowledge.Outcome, bot.Reply, error) {
	r := &request{Archive: a, Call: c, reply: bot.Reply{Language: c.Phrases.Language}}
	outcome, err := r.answer(ctx)
	if err != nil {
		a.Log.WarnContext(ctx, "what was told cannot be read or changed", "error", err)
		r.reply = bot.Reply{Language: c.Phrases.Language}
		outcome = r.declines("history.away")
	}
	return outcome, r.reply, nil
}

func (r *request) answer(ctx context.Context) (knowledge.Outcome, error) {
	if r.Query.Intent == knowledge.IntentSettings {
		return r.settle(ctx)
	}
	overlay, read := r.Ledger(r.Request.Desk)
	if r.Request.Desk == "" || !read { // whose the channel is, or what it recorded, is not known
		return r.declines("history.away"), nil
	}
	r.recorded = newPast(overlay)
	r.zone = r.zoneOf(ctx)
	switch {
	case r.Query.Matter == knowledge.MatterTold:
		return r.told(ctx)
	case r.Query.Receipt != "":
		return r.story(), nil
	}
	return r.entries(), nil
}

// zoneOf is the zone by which days and hours are told: that of the channel, or of channels that name none.
func (r *request) zoneOf(ctx context.Context) *time.Location {
	for _, name := range []string{r.Zone(ctx, r.Request.Where.Address), r.Usual} {
		if zone, err := time.LoadLocation(name); err == nil && name != "" {
			return zone
		}
	}
	return time.UTC
}

// asked are the countries that are asked about, those of a group among them.
func (r *request) asked() []knowledge.Country {
	if len(r.Query.Countries) == 0 && r.Query.Group != "" {
		return r.Members(r.Query)
	}
	return r.Query.Countries
}

// scope names what is asked about within a sentence, or "" for everything.
func (r *request) scope() string {
	switch {
	case len(r.Query.Countries) > 0:
		return bot.SayCountries(r.Phrases, r.Query.Countries, scopeNames)
	case r.Query.Group != "":
		return r.Phrases.Group(r.Query.Group)
	}
	return ""
}

// scopeNames is how many countries are named.
const scopeNames = 3

func (r *request) say(key string, pairs ...any) string { return r.Phrases.Say(key, pairs...) }

// own adds a line about what we keep.
func (r *request) own(text string) {
	r.reply.Blocks = append(r.reply.Blocks, bot.Line{Text: text, Kind: bot.OurOwn})
}

// asserts adds a line with what it rests on.
func (r *request) asserts(text string, receipts ...string) {
	r.reply.Blocks = append(r.reply.Blocks, bot.Line{Text: text, Receipts: receipts})
	r.rests(receipts...)
}

// rests adds to what the reply rests on.
func (r *request) rests(receipts ...string) {
	for _, id := range receipts {
		if !contains(r.reply.Receipts, id) {
			r.reply.Receipts = append(r.reply.Receipts, id)
		}
	}
}

// offers adds buttons of commands.
func (r *request) offers(commands ...string) {
	c := bot.Choices{Lead: r.say("more")}
	for _, command := range commands {
		c.Items = append(c.Items, bot.Choice{Label: command, Command: command})
	}
	r.reply.Blocks = append(r.reply.Blocks, c)
}

// declines says to the asker alone why something cannot be had.
func (r *request) declines(key string, pairs ...any) knowledge.Outcome {
	r.reply.Private = true
	r.own(r.say(key, pairs...))
	return knowledge.Unavailable
}

// refuses says to the asker alone why something is not done.
func (r *request) refuses(key string, pairs ...any) knowledge.Outcome {
	r.declines(key, pairs...)
	return knowledge.Refused
}

// when says a day and an hour by the zone of the channel.
func (r *request) when(at time.Time) string {
	at = at.In(r.zone)
	return r.say("history.when", "date", knowledge.DayOf(at), "time", at.Format("15:04"))
}

// page cuts a list of some length into pages, and returns the bounds of the one that is asked for. It says which it is where there
// are several, with what leads to the others.
func (r *request) page(length, rows int) (from, to int) {
	of := max(1, (length+rows-1)/rows)
	n := min(max(r.Query.Page, 1), of)
	if of > 1 {
		r.reply.Page = &bot.Page{N: n, Of: of, Previous: r.toPage(n-1, of, "page.previous"), Next: r.toPage(n+1, of, "page.next")}
	}
	return (n - 1) * rows, min(n*rows, length)
}

func (r *request) toPage(n, of int, key string) *bot.Choice {
	if n < 1 || n > of {
		return nil
	}
	q := r.Query
	q.Page = n
	return &bot.Choice{Label: r.say(key), Command: bot.Canonical(q)}
}

// pageLine says which page it is, with a button for the next.
func (r *request) pageLine() {
	page := r.reply.Page
	if page == nil {
		return
	}
	r.own(r.say("page", "n", page.N, "of", page.Of))
	if page.Next != nil {
		r.reply.Blocks = append(r.reply.Blocks, bot.Choices{
			Lead: r.say("more"), Items: []bot.Choice{{Label: page.Next.Command, Command: page.Next.Command}},
		})
	}
}
