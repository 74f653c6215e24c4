package picture

import (
	"context"
	"errors"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A Verifier tells whether a picture still holds, by the code that stands in it.
type Verifier struct {
	Answer func(knowledge.Query) knowledge.Answer // what the records say
	Today  func() knowledge.Day
}

// shownChanges is how many facts that changed are told one by one.
const shownChanges = bot.PageRows

// Do answers bot.Options.Verify.
func (v *Verifier) Do(_ context.Context, c bot.Call) (knowledge.Outcome, bot.Reply, error) {
	w := &verdict{p: c.Phrases, reply: bot.Reply{Language: c.Phrases.Language}}
	claim, err := ParseCode(c.Query.Code)
	if errors.Is(err, ErrNoCode) {
		w.own(c.Phrases.Say("verify.nocode", "code", c.Query.Code))
		w.reply.Private = true
		return knowledge.NotFound, w.reply, nil
	}
	if err != nil {
		return "", w.reply, err
	}
	said := Verify(claim, func(q knowledge.Query) knowledge.Answer {
		q.Desk = c.Request.Desk
		return v.Answer(q)
	}, v.Today())
	w.say(&said, c.Query.Code)
	return map[State]knowledge.Outcome{Holds: knowledge.Answered, Changed: knowledge.Partial, Unknown: knowledge.NotFound}[said.State], w.reply, nil
}

// A verdict is put into words.
type verdict struct {
	p     *phrases.Catalogue
	reply bot.Reply
}

func (w *verdict) say(v *Verdict, code string) {
	facts, again := Facts(&v.Now), anew(v)
	w.heading(w.p.Say("verify."+string(v.State), "code", code, "what", bot.Typed(w.p, again), "date", v.Claim.Drawn, "n", len(v.Changes), "of", len(facts)))
	switch v.State {
	case Holds:
		w.line(w.p.Say("verify.facts", "n", len(facts)), receiptsOf(facts))
	case Changed:
		for _, c := range v.Changes[:min(len(v.Changes), shownChanges)] {
			w.change(c)
		}
		if n := len(v.Changes) - shownChanges; n > 0 {
			w.own(w.p.Say("verify.more", "n", n))
		}
	case Unknown:
		w.own(w.p.Say("verify.unknown.why"))
	}
	w.reply.Blocks = append(w.reply.Blocks, bot.Choices{Lead: w.p.Say("more"), Items: []bot.Choice{{Label: bot.Typed(w.p, again), Command: bot.Canonical(again)}}})
}

// anew asks for the picture as it is today.
func anew(v *Verdict) knowledge.Query {
	q := v.Claim.Query(v.Now.Query.Today)
	switch q.Intent {
	case knowledge.IntentAgreement, knowledge.IntentResolution, knowledge.IntentCompare:
		q.Picture = true
	}
	return q
}

// change says what was, and what is.
func (w *verdict) change(c Change) {
	var receipts []string
	subject, was, is := "", w.p.Say("verify.nothing"), w.p.Say("verify.nothing")
	if c.Was != nil {
		subject, was = c.Was.Say(w.p)
		receipts = append(receipts, c.Was.Receipts...)
	}
	if c.Is != nil {
		subject, is = c.Is.Say(w.p)
		receipts = append(receipts, c.Is.Receipts...)
	}
	w.reply.Receipts = append(w.reply.Receipts, receipts...)
	w.reply.Blocks = append(w.reply.Blocks, bot.Row{Text: w.p.Say("verify.change", "subject", subject, "was", was, "is", is), Receipts: receipts})
}

func (w *verdict) heading(text string) {
	w.reply.Blocks = append(w.reply.Blocks, bot.Heading{Text: text})
}

func (w *verdict) own(text string) {
	w.reply.Blocks = append(w.reply.Blocks, bot.Line{Text: text, Kind: bot.OurOwn})
}

func (w *verdict) line(text string, receipts []string) {
	w.reply.Receipts = append(w.reply.Receipts, receipts...)
	w.reply.Blocks = append(w.reply.Blocks, bot.Line{Text: text, Receipts: receipts})
}
