package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"stancebot/bot/phrases"
	"stancebot/bot/question"
	"stancebot/bot/quota"
	"stancebot/bot/request"
	"stancebot/bot/talk"
	"stancebot/knowledge"
)

// Options are what a Bot is made of.
type Options struct {
	Reader   *question.Reader
	Memory   *talk.Memory  // nil when no conversation is remembered
	Flood    *talk.Flood   // nil when nobody's questions are counted
	Shares   *quota.Shares // nil when those of no workspace or chat are, nor their pictures
	Commands []Command
	Today    func() knowledge.Day // the calendar of answers
	Language string               // the reply's language where nothing else decides
	Log      *slog.Logger
	// Votes has readers say of answers whether they helped.
	Votes bool
	// Behind reports whether answers lack something of what a desk recorded; nil where that cannot be.
	Behind func(knowledge.DeskID) bool
	// Link returns the page that a receipt rests on, or ""; nil where receipts are not linked.
	Link func(desk knowledge.DeskID, receipt string) string
	// Fresh tells how fresh the records are; nil where that is not told.
	Fresh func(knowledge.DeskID) Freshness
	// Snapshot tells snapshots of a desk apart, by a value that compares; with it, answers to as many questions of each desk
	// are kept as Kept says. Nil keeps none.
	Snapshot func(knowledge.DeskID) any
	Kept     int
	// Draw draws the picture of an answer, nil where it has none; nil where no pictures are drawn. An error is the operator's.
	Draw func(a *knowledge.Answer, p *phrases.Catalogue) (*File, error)
	// Verify tells whether a picture still holds, by the code in it: Query.Code; nil where no pictures are drawn.
	Verify func(ctx context.Context, c Call) (knowledge.Outcome, Reply, error)
	// Edits reports whether a person may change the desk's records; nil where nobody may.
	Edits func(desk knowledge.DeskID, person string) bool
}

// A Bot answers requests. It is safe for concurrent use.
type Bot struct {
	reader   *question.Reader
	memory   *talk.Memory
	flood    *talk.Flood
	shares   *quota.Shares
	commands map[knowledge.Intent]Command
	offered  []knowledge.Intent
	today    func() knowledge.Day
	language string
	log      *slog.Logger
	behind   func(knowledge.DeskID) bool
	link     func(knowledge.DeskID, string) string
	fresh    func(knowledge.DeskID) Freshness
	edits    func(knowledge.DeskID, string) bool
	snapshot func(knowledge.DeskID) any
	draw     func(*knowledge.Answer, *phrases.Catalogue) (*File, error)
	verify   func(context.Context, Call) (knowledge.Outcome, Reply, error)
	kept     *memo
	votes    bool
}

// New returns a Bot that answers the intents of its commands.
func New(o Options) *Bot {
	b := &Bot{
		reader: o.Reader, memory: o.Memory, flood: o.Flood, shares: o.Shares, commands: map[knowledge.Intent]Command{}, today: o.Today,
		language: o.Language, log: o.Log, behind: o.Behind, link: o.Link, fresh: o.Fresh, edits: o.Edits,
		snapshot: o.Snapshot, draw: o.Draw, verify: o.Verify, kept: newMemo(o.Kept), votes: o.Votes,
	}
	if o.Snapshot == nil {
		b.kept.size = 0
	}
	for _, c := range o.Commands {
		b.commands[c.Intent] = c
		b.offered = append(b.offered, c.Intent)
	}
	if i := slices.Index(b.offered, knowledge.IntentHelp); i >= 0 { // it is told last
		b.offered = append(slices.Delete(b.offered, i, i+1), knowledge.IntentHelp)
	}
	return b
}

// An Exchange is a request with all that became of it, for callers that want more than the reply.
type Exchange struct {
	Query  knowledge.Query
	Answer knowledge.Answer
	Reply  Reply
	keeps  bool // it answers whoever asks the same
}

// Handle answers one request.
func (b *Bot) Handle(ctx context.Context, req Request) Reply { return b.Ask(ctx, req).Reply }

// Ask answers one request and returns what it was read as and what the records said, too.
func (b *Bot) Ask(ctx context.Context, req Request) (ex Exchange) {
	ctx = request.Ensure(ctx)
	if limit := b.limits(req); limit != nil {
		return tooFast(phrases.In(b.languageOf(req, "")), limit)
	}
	defer func() {
		if r := recover(); r != nil {
			ex.Reply = b.trouble(ctx, phrases.In(b.languageOf(req, "")), fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
			ex.Answer = knowledge.Answer{Query: ex.Query, Outcome: knowledge.Unavailable}
		}
	}()
	e := b.edition(req.Desk)
	ex, kept := b.kept.get(req, e)
	if !kept {
		if ex = b.answer(ctx, req); ex.keeps {
			b.kept.put(req, e, &ex)
		}
	}
	b.remember(req, &ex)
	return ex
}

// edition is what a desk's answers rest on now.
func (b *Bot) edition(desk knowledge.DeskID) edition {
	e := edition{today: b.today(), behind: b.behind != nil && b.behind(desk)}
	if b.snapshot != nil {
		e.snapshot = b.snapshot(desk)
	}
	return e
}

func (b *Bot) remember(req Request, ex *Exchange) {
	if b.memory != nil && req.Conversation != "" && req.Purpose == Question {
		b.memory.Remember(req.Conversation, ex.Answer.Query, ex.Answer.Outcome)
	}
}

// answer answers a request anew.
func (b *Bot) answer(ctx context.Context, req Request) Exchange {
	about := About{Seq: b.seq(req.Desk)} // before the answer, which takes into account at least so much
	ex, err := b.serve(ctx, req)
	if err != nil {
		p := phrases.In(cmp.Or(ex.Reply.Language, b.languageOf(req, "")))
		ex.Answer = knowledge.Answer{Query: ex.Query, Outcome: knowledge.Unavailable}
		ex.Reply, ex.keeps = b.trouble(ctx, p, err), false
		return ex
	}
	about.Intent, about.Countries = ex.Query.Intent, ex.Answer.Countries
	if q := ex.Answer.Query; q.Misread == nil && req.Purpose == Question && b.doing(&q) == nil { // what changes something asks nothing
		about.Command, about.Dated = Canonical(q), dated(q)
	}
	ex.Reply.Votes = b.votes && about.Command != "" && len(ex.Reply.Receipts) > 0 && !ex.Reply.Private
	ex.Reply.About, ex.Reply.Links = about, b.links(req.Desk, ex.Reply.Blocks)
	return ex
}

// serve does what a request is for. With an error, the reply's language is all that is set of it.
func (b *Bot) serve(ctx context.Context, req Request) (Exchange, error) {
	switch req.Purpose {
	case Check:
		return b.check(ctx, req)
	case Overview:
		q := knowledge.Query{Intent: knowledge.IntentHelp, Desk: req.Desk, Today: b.today()}
		return Exchange{Query: q, Answer: knowledge.Answer{Query: q, Outcome: knowledge.Answered}, Reply: b.overview(req)}, nil
	case Question:
	}
	return b.question(ctx, req)
}

// question reads a question, and answers it.
func (b *Bot) question(ctx context.Context, req Request) (Exchange, error) {
	var ex Exchange
	var err error
	reading := b.read(req)
	ex.Query = reading.Query
	ex.Reply.Language = b.languageOf(req, reading.Language)
	if do := b.doing(&ex.Query); do != nil && ex.Query.Misread == nil && ex.Query.Place == "" {
		call := Call{req, ex.Query, phrases.In(ex.Reply.Language)}
		ex.Answer = knowledge.Answer{Query: ex.Query, Countries: ex.Query.Countries}
		ex.Answer.Outcome, ex.Reply, err = do(ctx, call)
		return ex, err
	}
	if ex.Answer, err = b.run(ctx, ex.Query); err != nil {
		return ex, err
	}
	ex.keeps = !reading.Follow && b.looksUp(ex.Answer.Query.Intent)
	p := phrases.In(ex.Reply.Language)
	ex.Reply = b.composer(p, req).compose(&ex.Answer)
	if !req.InWords {
		b.illustrate(ctx, req.Space, &ex, p)
	}
	return ex, nil
}

// illustrate adds the picture to a reply that is to have one. The reply is complete without it: where it cannot be drawn, that is
// said.
func (b *Bot) illustrate(ctx context.Context, space string, ex *Exchange, p *phrases.Catalogue) {
	if b.draw == nil || !pictured(&ex.Answer) {
		return
	}
	done := b.shares.Draw(space)
	if done == nil {
		ex.Reply.Blocks = append(ex.Reply.Blocks, Line{Text: p.Say("quota.pictures"), Kind: OurOwn})
		ex.keeps = false
		return
	}
	defer done()
	file, err := b.draw(&ex.Answer, p)
	if err != nil {
		b.log.ErrorContext(ctx, "a picture could not be drawn", "command", Canonical(ex.Answer.Query), "error", err)
		ex.Reply.Blocks = append(ex.Reply.Blocks, Line{Text: p.Say("picture.undrawn"), Kind: OurOwn})
		ex.keeps = false
		return
	}
	ex.Reply.File = file
}

// pictured reports whether an answer is to have a picture.
func pictured(a *knowledge.Answer) bool {
	switch a.Outcome {
	case knowledge.Answered, knowledge.Partial, knowledge.NotCovered:
	default:
		return false
	}
	switch a.Query.Intent {
	case knowledge.IntentMap, knowledge.IntentCard, knowledge.IntentTimeline:
		return true
	}
	return a.Query.Picture
}

// doing returns what answers a query in words of its own, nil where the composer says the answer.
func (b *Bot) doing(q *knowledge.Query) func(context.Context, Call) (knowledge.Outcome, Reply, error) {
	if q.Code != "" && q.Intent == knowledge.IntentSource {
		return b.verify
	}
	return b.commands[q.Intent].Do
}

// looksUp reports whether answers to an intent may be kept: those of lookups, and those that no command gives.
func (b *Bot) looksUp(intent knowledge.Intent) bool {
	c, ok := b.commands[intent]
	return !ok || c.Lookup
}

func (b *Bot) composer(p *phrases.Catalogue, req Request) *composer {
	return &composer{p: p, offered: b.offered, behind: b.behind != nil && b.behind(req.Desk)}
}

// seq is the last entry of a desk's ledger that answers take into account.
func (b *Bot) seq(desk knowledge.DeskID) int64 {
	if b.fresh == nil {
		return 0
	}
	return b.fresh(desk).Seq
}

// links returns the pages that the receipts of blocks rest on.
func (b *Bot) links(desk knowledge.DeskID, blocks []Block) map[string]string {
	if b.link == nil {
		return nil
	}
	return Links(blocks, func(receipt string) string { return b.link(desk, receipt) })
}

// A limit is what keeps a question from being answered.
type limit struct {
	phrase string        // that tells so; "" for silence: it was told
	wait   time.Duration // until answers go on
}

// limits returns what keeps a question from being answered: its person asks too much, or their workspace or chat does; nil for nothing.
func (b *Bot) limits(req Request) *limit {
	if b.flood != nil && req.Person != "" {
		switch verdict, wait := b.flood.Ask(req.Person); verdict {
		case talk.Notice:
			return &limit{"refused.too_fast", wait}
		case talk.Silence:
			return &limit{"", wait}
		case talk.Answer:
		}
	}
	if req.Person == "" { // it was counted already
		return nil
	}
	switch verdict, wait := b.shares.Ask(req.Space, req.Person); verdict {
	case quota.Noticed:
		return &limit{"quota.questions", wait}
	case quota.Silent:
		return &limit{"", wait}
	case quota.Granted:
	}
	return nil
}

// tooFast is the exchange for a question that is not read, because too many are asked: one line that says how long, in seconds, and then
// silence.
func tooFast(p *phrases.Catalogue, l *limit) Exchange {
	ex := Exchange{Query: knowledge.Query{
		Intent: knowledge.IntentNone, Misread: &knowledge.Misread{Outcome: knowledge.Refused, Reason: knowledge.TooFast},
	}}
	ex.Answer = knowledge.Answer{Query: ex.Query, Outcome: knowledge.Refused, Reason: knowledge.TooFast}
	ex.Reply = Reply{Language: p.Language, Private: true}
	if l.phrase != "" {
		seconds := int((l.wait + time.Second - 1) / time.Second)
		ex.Reply.Blocks = []Block{Line{Text: p.Say(l.phrase, "n", seconds), Kind: OurOwn}}
	}
	return ex
}

// languageOf chooses the language of the reply: what was set, else that of the question, else the client's locale, else
// the default.
func (b *Bot) languageOf(req Request, asked string) string {
	for _, l := range []string{req.Language, asked, req.Locale, b.language} {
		if len(l) >= 2 && phrases.In(l[:2]).Language == l[:2] {
			return l[:2]
		}
	}
	return phrases.Default
}

// read reads the question, lets it look back within its conversation, and adds the dates that the caller sets
// beside the text.
func (b *Bot) read(req Request) question.Reading {
	today := b.today()
	reading := b.reader.ReadFrom(req.Text, req.Locale[:min(2, len(req.Locale))], today)
	q := reading.Query
	if b.memory != nil && req.Conversation != "" {
		q = b.memory.LookBack(req.Conversation, reading)
	}
	q.Desk = req.Desk
	for _, set := range []struct {
		text string
		day  *knowledge.Day
	}{{req.AsOf, &q.AsOf}, {req.KnownAt, &q.KnownAt}} {
		if set.text == "" || q.Misread != nil {
			continue
		}
		d, err := knowledge.ParseDate(set.text)
		if err != nil {
			q.Misread = &knowledge.Misread{Outcome: knowledge.Refused, Reason: knowledge.NoSuchDate}
			continue
		}
		*set.day = question.AsOfToday(d, today)
	}
	reading.Query = q
	return reading
}

// run finds the command for a query and runs it. A question that shows no intent is searched for, and
// answered so where records speak of what it asks.
func (b *Bot) run(ctx context.Context, q knowledge.Query) (knowledge.Answer, error) {
	if q.Misread != nil {
		if answer, err := b.runSearch(ctx, q); err != nil || len(answer.Found) > 0 && answer.Found[0].Good() {
			return answer, err
		}
		return b.commands[knowledge.IntentHelp].Run(ctx, q)
	}
	cmd, ok := b.commands[q.Intent]
	if q.Code != "" { // no pictures are drawn here
		ok = false
	}
	if q.Place != "" && cmd.Do != nil { // what is no country has a status, and nothing to follow
		q.Intent = knowledge.IntentStance
		cmd = b.commands[q.Intent]
	}
	if !ok {
		return knowledge.Answer{Query: q, Outcome: knowledge.Unavailable}, nil
	}
	return cmd.Run(ctx, q)
}

// runSearch searches for the words of a question that was not understood, where there are any.
func (b *Bot) runSearch(ctx context.Context, q knowledge.Query) (knowledge.Answer, error) {
	cmd, ok := b.commands[knowledge.IntentSearch]
	if !ok || q.Words == "" {
		return knowledge.Answer{}, nil
	}
	for _, choice := range q.Misread.Choices {
		if c := knowledge.Country(choice); !slices.Contains(q.ReadsAs, c) { // a name that is only nearly one is a word here
			q.Countries = append(q.Countries, c)
		}
	}
	q.Intent, q.Misread, q.ReadsAs = knowledge.IntentSearch, nil, nil
	return cmd.Run(ctx, q)
}

// trouble is the one door for errors: a reader's error is told, an operator's is logged, and its reader told the id of the request.
func (b *Bot) trouble(ctx context.Context, p *phrases.Catalogue, err error) Reply {
	reply := Reply{Language: p.Language, Private: true}
	if re := (*ReaderError)(nil); errors.As(err, &re) {
		reply.Blocks = []Block{Line{Text: p.Say(re.Key, re.Pairs...), Kind: OurOwn}}
		return reply
	}
	b.log.ErrorContext(ctx, "no answer", "error", err) // under the same id
	reply.Blocks = []Block{Line{Text: p.Say("trouble", "ref", request.ID(ctx)), Kind: OurOwn}}
	return reply
}
