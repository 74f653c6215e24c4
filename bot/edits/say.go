package edits

import (
	"slices"

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
)

// A teller says in one language what is proposed and recorded.
type teller struct {
	p     *phrases.Catalogue
	core  *core.Core
	today knowledge.Day
}

func (t *teller) own(r *bot.Reply, key string, pairs ...any) {
	r.Blocks = append(r.Blocks, bot.Line{Text: t.p.Say(key, pairs...), Kind: bot.OurOwn})
}

// asserts adds a line, and what it rests on.
func (t *teller) asserts(r *bot.Reply, text string, receipts ...string) {
	r.Blocks = append(r.Blocks, bot.Line{Text: text, Receipts: receipts})
	for _, id := range receipts {
		if !slices.Contains(r.Receipts, id) {
			r.Receipts = append(r.Receipts, id)
		}
	}
}

// open opens a receipt, or returns nil.
func (t *teller) open(receipt string) *knowledge.Record {
	return t.core.Answer(knowledge.Query{Intent: knowledge.IntentSource, Receipt: receipt, Today: t.today}).Record
}

// record is an entry of the desk, or nil.
func (t *teller) record(receipt string) *knowledge.DeskRecord {
	if rec := t.open(receipt); rec != nil {
		return rec.Desk
	}
	return nil
}

// said is what a record says in words, or the desk in its place, with its receipts.
func (t *teller) said(receipt string) (string, []string) {
	a := t.core.Answer(knowledge.Query{Intent: knowledge.IntentSource, Receipt: receipt, Today: t.today})
	if k := a.Corrected[receipt]; k != nil {
		return k.Text, []string{k.Recorded.Receipt, receipt}
	}
	if a.Record == nil {
		return "", nil
	}
	return a.Record.Says(), []string{receipt}
}

// kindOf says what an entry records, or what it proposes to.
func (t *teller) kindOf(rec *knowledge.DeskRecord) string {
	if rec.Proposed != nil {
		rec = rec.Proposed
	}
	return t.p.Say("deskkind." + rec.Kind)
}

// new says what an entry records, or what it proposes to.
func (t *teller) new(rec *knowledge.DeskRecord) string {
	if rec.Proposed != nil {
		rec = rec.Proposed
	}
	if text := bot.SayRecord(t.p, rec, t.today); text != "" {
		if note := rec.Note(); note != "" {
			text += " · " + t.p.Say("record.note", "note", note)
		}
		return text
	}
	return rec.Decides // a withdrawal
}

// old says what a proposal would take the place of, with its receipts; "" for nothing.
func (t *teller) old(rec *knowledge.DeskRecord) (string, []string) {
	switch p := rec.Proposed; {
	case p == nil:
	case p.Correction != nil:
		return p.Correction.Was, []string{p.Correction.Of}
	case p.Assessment != nil && t.core.DecisionOf(rec.Receipt) == nil: // else it may stand there itself
		return t.label(p.Assessment)
	case p.Decides != "":
		if taken := t.record(p.Decides); taken != nil {
			return bot.SayRecord(t.p, taken, t.today), []string{taken.Receipt}
		}
	}
	return "", nil
}

// label says the label that held on the day from which a proposed one would.
func (t *teller) label(a *knowledge.Assessment) (string, []string) {
	if a.Since > t.today {
		return "", nil
	}
	answer := t.core.Answer(knowledge.Query{
		Intent: knowledge.IntentStance, Countries: []knowledge.Country{a.Country}, Axis: a.Axis, AsOf: a.Since, Today: t.today,
	})
	for i := range answer.Stances {
		for _, l := range answer.Stances[i].Labels {
			if l.Axis == a.Axis && l.Assessment != nil {
				return t.p.Country(a.Country) + " · " + t.p.Say("axis."+string(l.Axis)) + ": " + bot.SayLabel(t.p, l), l.Assessment.Claims
			}
		}
	}
	return "", nil
}

// source is the address that an entry names, or "".
func (t *teller) source(rec *knowledge.DeskRecord) string {
	if opened := t.open(rec.Receipt); opened != nil && len(opened.Sources) > 0 {
		return opened.Sources[0].URL
	}
	return ""
}

// proposal says what is proposed, the old and the new side by side and, where it is told to others, by whom.
func (t *teller) proposal(r *bot.Reply, rec *knowledge.DeskRecord, others bool) {
	r.Blocks = append(r.Blocks, bot.Heading{Text: t.p.Say("edit.proposal", "id", rec.Receipt, "what", t.kindOf(rec))})
	key := "edit.old"
	if t.core.DecisionOf(rec.Receipt) != nil {
		key = "edit.before"
	}
	if text, receipts := t.old(rec); text != "" {
		t.asserts(r, t.p.Say(key, "text", text), receipts...)
	}
	t.asserts(r, t.p.Say("edit.new", "text", t.new(rec)), rec.Receipt)
	if url := t.source(rec); url != "" {
		t.own(r, "edit.source", "url", url)
	}
	if rec.Reason != "" {
		t.own(r, "source.desk.reason", "reason", rec.Reason)
	}
	if others {
		r.Blocks = append(r.Blocks, bot.Line{Text: t.p.Say("edit.by", "date", knowledge.DayOf(rec.At)), Kind: bot.OurOwn, Who: rec.Author})
	}
}

// SayProposal says a proposal to those who decide it: what stands, what is proposed, by whom and why.
func SayProposal(r *bot.Reply, p *phrases.Catalogue, snapshot *core.Core, today knowledge.Day, rec *knowledge.DeskRecord) {
	t := &teller{p, snapshot, today}
	t.proposal(r, rec, true)
}

// SayProposed says in a line what a proposal proposes.
func SayProposed(r *bot.Reply, p *phrases.Catalogue, snapshot *core.Core, today knowledge.Day, rec *knowledge.DeskRecord) {
	t := &teller{p, snapshot, today}
	t.asserts(r, p.Say("edit.new", "text", t.new(rec)), rec.Receipt)
}

// DecisionChoices are the buttons by which a proposal is decided.
func DecisionChoices(p *phrases.Catalogue, receipt string) bot.Choices {
	words := []bot.Ask{{Label: p.Say("edit.ask.words"), Long: true}}
	approve, reject, ask := command(p, "edit.approve", "approve "+receipt), command(p, "edit.reject", "reject "+receipt), command(p, "edit.ask", "ask "+receipt)
	reject.Asks, ask.Asks = words, words
	return bot.Choices{Items: []bot.Choice{approve, reject, ask}}
}

// AnswerChoices are the buttons of whoever is asked about a proposal of theirs.
func AnswerChoices(p *phrases.Catalogue, receipt string) bot.Choices {
	answer := command(p, "edit.answer", "ask "+receipt)
	answer.Asks = []bot.Ask{{Label: p.Say("edit.ask.words"), Long: true}}
	return bot.Choices{Items: []bot.Choice{answer, command(p, "edit.retract", "withdraw "+receipt)}}
}

// Correctable reports whether a record with such a receipt says something in words, which can be corrected.
func Correctable(receipt string) bool {
	return slices.Contains(desk.Correctable, knowledge.ReceiptKindOf(receipt))
}

// AskDeskChoice is a button that asks the desk.
func AskDeskChoice(p *phrases.Catalogue) bot.Choice {
	c := command(p, "inquiry.ask", "ask desk")
	c.Asks = []bot.Ask{{Label: p.Say("edit.ask.words"), Long: true}}
	return c
}

// InquiryChoices are the buttons by which a question to the desk is answered.
func InquiryChoices(p *phrases.Catalogue, receipt string) bot.Choices {
	answer := command(p, "edit.answer", "answer "+receipt)
	answer.Asks = []bot.Ask{{Label: p.Say("edit.ask.words"), Long: true}}
	return bot.Choices{Items: []bot.Choice{answer}}
}

func command(p *phrases.Catalogue, key, text string) bot.Choice {
	return bot.Choice{Label: p.Say(key), Command: text}
}

// CorrectChoice is a button by which a record is corrected: it asks for what is right, and for who says so.
func CorrectChoice(p *phrases.Catalogue, receipt string) bot.Choice {
	c := command(p, "edit.correct", "correct "+receipt)
	c.Asks = []bot.Ask{
		{Label: p.Say("edit.ask.right"), Long: true}, {Label: p.Say("edit.ask.source"), Hint: "https://…"},
	}
	return c
}
