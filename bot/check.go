package bot

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"stancebot/bot/phrases"
	"stancebot/bot/question"
	"stancebot/knowledge"
)

// What a check of a message shows at most, so that it stays a message itself.
const (
	maxChecked       = 3 // countries with their labels
	maxCheckedClaims = 6
	maxPerSentence   = 2 // claims that one sentence may remind of
	maxSentences     = 40
)

// A checkup is what the records hold on a message.
type checkup struct {
	countries []knowledge.Country // all that are named but the poles
	stances   []knowledge.Answer  // of the first of them
	records   []*knowledge.Record // the receipts that it names, and the claims that its words remind of
	votes     []knowledge.Answer  // of the countries on the texts that it names
	language  string
}

// check holds a message against the records: where the countries that it names stand, what is known of the claims that its
// words remind of, how they voted on the texts that it names. It judges no sentence.
func (b *Bot) check(ctx context.Context, req Request) (Exchange, error) {
	up, err := b.examine(ctx, req)
	ex := Exchange{Query: knowledge.Query{Intent: knowledge.IntentSearch, Desk: req.Desk, Today: b.today()}}
	p := phrases.In(b.languageOf(req, up.language))
	ex.Answer = knowledge.Answer{Query: ex.Query, Outcome: knowledge.Answered, Countries: up.countries, On: b.today()}
	if err != nil {
		return ex, err
	}
	ex.Reply = b.composer(p, req).checkup(up)
	return ex, nil
}

// examine asks the records what they hold on a message, sentence by sentence. A sentence that names no country speaks of
// those of the one before.
func (b *Bot) examine(ctx context.Context, req Request) (*checkup, error) {
	up := &checkup{}
	var of []knowledge.Country
	for _, sentence := range sentences(req.Text) {
		m := b.reader.Mentions(sentence, req.Locale[:min(2, len(req.Locale))], b.today())
		if up.language == "" {
			up.language = m.Language
		}
		if named := slices.DeleteFunc(m.Countries, isPole); len(named) > 0 {
			of = named
			for _, c := range named {
				if !slices.Contains(up.countries, c) {
					up.countries = append(up.countries, c)
				}
			}
		}
		if err := b.examineSentence(ctx, req, up, &m, of); err != nil {
			return up, err
		}
	}
	for _, c := range up.countries[:min(len(up.countries), maxChecked)] {
		a, err := b.ask(ctx, req, knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{c}})
		if err != nil {
			return up, err
		}
		up.stances = append(up.stances, a)
	}
	return up, nil
}

func (b *Bot) examineSentence(ctx context.Context, req Request, up *checkup, m *question.Mentions, of []knowledge.Country) error {
	for _, id := range m.Receipts {
		a, err := b.ask(ctx, req, knowledge.Query{Intent: knowledge.IntentSource, Receipt: id})
		if err != nil {
			return err
		}
		if a.Record != nil {
			up.add(a.Record)
		}
	}
	for _, id := range m.Resolutions {
		if len(of) == 0 {
			continue
		}
		a, err := b.ask(ctx, req, knowledge.Query{Intent: knowledge.IntentVotes, Countries: of[:min(len(of), knowledge.MaxCompared)], Resolution: id})
		if err != nil {
			return err
		}
		if len(a.Votes) > 0 {
			up.votes = append(up.votes, a)
		}
	}
	if m.Words == "" || len(of) == 0 {
		return nil
	}
	a, err := b.ask(ctx, req, knowledge.Query{Intent: knowledge.IntentSearch, Words: m.Words, Countries: of})
	if err != nil {
		return err
	}
	n := 0
	for _, f := range a.Found {
		if n < maxPerSentence && f.Reminds() && f.Record.Checkable() && overlap(f.Record.Countries(), of) {
			n++
			up.add(f.Record)
		}
	}
	return nil
}

// add adds a record once.
func (up *checkup) add(r *knowledge.Record) {
	if !slices.ContainsFunc(up.records, func(have *knowledge.Record) bool { return have.ID == r.ID }) {
		up.records = append(up.records, r)
	}
}

func isPole(c knowledge.Country) bool { return knowledge.AxisOf(c) != "" }

func overlap(a, b []knowledge.Country) bool {
	return slices.ContainsFunc(a, func(c knowledge.Country) bool { return slices.Contains(b, c) })
}

// ask asks the records for one part of a reply. What the program does not offer has no part in it.
func (b *Bot) ask(ctx context.Context, req Request, q knowledge.Query) (knowledge.Answer, error) {
	cmd, ok := b.commands[q.Intent]
	if !ok {
		return knowledge.Answer{Query: q}, nil
	}
	q.Desk, q.Today, q.Page = req.Desk, b.today(), 1
	return cmd.Run(ctx, q)
}

// sentences cuts a text where a sentence ends or a line does.
func sentences(text string) []string {
	var list []string
	start := 0
	runes := []rune(text)
	for i, r := range runes {
		last := i+1 == len(runes)
		ends := strings.ContainsRune("\n。！？", r) || strings.ContainsRune(".!?", r) && (last || unicode.IsSpace(runes[i+1]))
		if !ends && !last {
			continue
		}
		if s := strings.TrimSpace(string(runes[start : i+1])); s != "" {
			list = append(list, s)
		}
		start = i + 1
	}
	return list[:min(len(list), maxSentences)]
}

// checkup says what the records hold on a message.
func (c *composer) checkup(up *checkup) Reply {
	c.reply = Reply{Language: c.p.Language, Private: true}
	if len(up.countries) == 0 && len(up.records) == 0 {
		c.own(c.say("check.nothing"))
		c.more(knowledge.Query{Intent: knowledge.IntentHelp})
		return c.reply
	}
	c.heading(c.say("check.heading"))
	c.own(c.say("check.what"))
	c.checkedStances(up.stances)
	for _, r := range up.records[:min(len(up.records), maxCheckedClaims)] {
		c.checkedRecord(r)
	}
	for i := range up.votes {
		for _, v := range up.votes[i].Votes {
			text := c.say("votes.row", "country", c.say("beside", "country", v.Country), "text", c.symbol(v.Call), "date", v.Call.Date,
				"position", c.votePosition(v), "title", title(v.Call))
			c.row(text, v.Call.ID, cellReceipt(v))
		}
	}
	c.checkedRest(up)
	return c.reply
}

// checkedStances says the labels of the countries, who gives them, and what makes them stale.
func (c *composer) checkedStances(answers []knowledge.Answer) {
	if len(answers) == 0 {
		return
	}
	all := answers[0]
	c.on, all.Stances = all.On, nil
	for i := range answers {
		all.Stances = append(all.Stances, answers[i].Stances...)
	}
	for i := range all.Stances {
		c.labelRow(&all.Stances[i])
	}
	if slices.ContainsFunc(all.Stances, func(s knowledge.Stance) bool { return labelled(&s) }) {
		c.articleBasis(&all)
	}
	c.staleRows(&all)
}

// checkedRecord says a claim with what its check found, or another record.
func (c *composer) checkedRecord(r *knowledge.Record) {
	if r.Claim == nil {
		c.row(c.recordRow(r), r.ID)
		return
	}
	c.row(c.say("check.claim", "countries", c.p.Countries(r.Countries()), "row", c.evidenceRow(r.Claim)), r.ID, findingID(r.Claim))
}

// recordRow says a record of any kind in one row.
func (c *composer) recordRow(r *knowledge.Record) string {
	switch {
	case r.Desk != nil:
		if said := c.recorded(r.Desk); said != "" {
			return said
		}
		return c.say("source.desk", "id", r.ID, "what", c.say("deskkind."+r.Desk.Kind), "date", r.Desk.On)
	case r.RollCall != nil:
		return c.rollCall(r.RollCall)
	case r.Membership != nil:
		return c.p.Country(r.Membership.Country) + " · " + c.membershipText(r.Membership)
	case r.Measure != nil:
		return c.p.Country(r.Measure.Country) + " · " + c.measureText(r.Measure)
	case r.Agreement != nil:
		return c.agreementText(r.Agreement, "")
	}
	return c.foundRow(r)
}

// checkedRest says what of the message was left out, and leads on.
func (c *composer) checkedRest(up *checkup) {
	if rest := up.countries[min(len(up.countries), maxChecked):]; len(rest) > 0 {
		c.own(c.say("check.rest", "countries", rest))
	}
	if len(up.records) == 0 {
		c.own(c.say("check.noclaims"))
	}
	var next []knowledge.Query
	for _, country := range up.countries[:min(len(up.countries), maxChecked)] {
		next = append(next, knowledge.Query{Intent: knowledge.IntentEvidence, Countries: []knowledge.Country{country}})
	}
	c.more(next...)
}
