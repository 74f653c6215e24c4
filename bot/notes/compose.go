package notes

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/edits"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
)

// Compose composes what a letter says, as things stand when it is sent. An empty notice tells that there is nothing to say any more.
func (n *Notes) Compose(ctx context.Context, t *digest.Task) (digest.Notice, error) {
	l := t.Delivery.Letter
	w := &writing{Notes: n, ctx: ctx, desk: t.Subscription.Desk, to: t.Subscription.To, letter: l, p: phrases.In(l.Language), core: n.Snapshot(t.Subscription.Desk)}
	w.reply.Language = w.p.Language
	rec := w.record(w.desk, l.Entry.String())
	if rec == nil { // the snapshot is behind: its deliverer tries again
		return digest.Notice{}, fmt.Errorf("notes: %s is no entry of desk %s yet", l.Entry, w.desk)
	}
	var err error
	switch l.Kind {
	case proposalLetter:
		w.proposal(rec)
	case decidedLetter:
		w.decided(rec)
	case decisionLetter:
		w.decision(rec)
	case questionLetter, answerLetter:
		w.question(rec)
	case inquiryLetter:
		w.inquiry(rec)
	case repliedLetter:
		w.replied(rec)
	case noteLetter:
		w.note(rec)
	case editLetter:
		err = w.edit(rec)
	default:
		err = fmt.Errorf("notes: %q is no kind of letter", l.Kind)
	}
	if err != nil {
		return digest.Notice{}, err
	}
	if l.Kind != noteLetter && l.Kind != editLetter { // it tells of a proposal: what it shows of the old is no answer, which a correction had to find
		w.reply.Receipts = nil
	}
	w.reply.Links = bot.Links(w.reply.Blocks, func(receipt string) string { return n.Link(w.desk, receipt) })
	return digest.Notice{Summary: w.reply}, nil
}

// A writing is the composing of one letter.
type writing struct {
	*Notes
	ctx    context.Context //nolint:containedctx // it lives as long as one call
	desk   knowledge.DeskID
	to     bot.Address
	letter *digest.Letter
	p      *phrases.Catalogue
	core   *core.Core
	reply  bot.Reply
}

func (w *writing) say(key string, pairs ...any) string { return w.p.Say(key, pairs...) }

func (w *writing) heading(text string) {
	w.reply.Blocks = append(w.reply.Blocks, bot.Heading{Text: text})
}

func (w *writing) own(text string) {
	w.reply.Blocks = append(w.reply.Blocks, bot.Line{Text: text, Kind: bot.OurOwn})
}

func (w *writing) asserts(text string, receipts ...string) {
	w.reply.Blocks = append(w.reply.Blocks, bot.Line{Text: text, Receipts: receipts})
	for _, id := range receipts {
		if !slices.Contains(w.reply.Receipts, id) {
			w.reply.Receipts = append(w.reply.Receipts, id)
		}
	}
}

func (w *writing) opens(receipts ...string) {
	c := bot.Choices{Lead: w.say("more")}
	for _, id := range receipts {
		c.Items = append(c.Items, bot.Choice{Label: "source " + id, Command: "source " + id})
	}
	w.reply.Blocks = append(w.reply.Blocks, c)
}

// proposal says what is proposed, with what decides it.
func (w *writing) proposal(rec *knowledge.DeskRecord) {
	edits.SayProposal(&w.reply, w.p, w.core, w.Today(), rec)
	if w.decisionOf(rec) != nil { // it was decided before it could be told
		return
	}
	w.reply.Blocks = append(w.reply.Blocks, edits.DecisionChoices(w.p, rec.Receipt))
}

// decisionOf is the entry that ended a proposal, or nil.
func (w *writing) decisionOf(rec *knowledge.DeskRecord) *knowledge.DeskRecord {
	return w.core.DecisionOf(rec.Receipt)
}

// decided says what is proposed, and what became of it.
func (w *writing) decided(rec *knowledge.DeskRecord) {
	if p := w.record(w.desk, rec.Decides); p != nil {
		edits.SayProposal(&w.reply, w.p, w.core, w.Today(), p)
	}
	w.own(w.ended(rec))
	w.reply.Blocks = append(w.reply.Blocks, bot.Line{Text: w.say("note.decided"), Kind: bot.OurOwn, Who: rec.Author})
	if rec.Reason != "" {
		w.own(w.say("source.desk.reason", "reason", rec.Reason))
	}
}

// ended says how an entry ended a proposal, and when.
func (w *writing) ended(rec *knowledge.DeskRecord) string {
	return w.say("note.ended."+rec.Kind, "id", rec.Decides, "entry", rec.Result, "time", w.when(rec.At))
}

// when says a time by the zone of the program.
func (w *writing) when(at time.Time) string {
	local := at.In(w.Zone)
	return w.say("note.time", "date", knowledge.DayOf(local), "clock", local.Format("15:04 MST"))
}

// decision tells whoever proposed what became of it.
func (w *writing) decision(rec *knowledge.DeskRecord) {
	w.heading(w.ended(rec))
	if p := w.record(w.desk, rec.Decides); p != nil {
		edits.SayProposed(&w.reply, w.p, w.core, w.Today(), p)
	}
	if rec.Reason != "" {
		w.own(w.say("source.desk.reason", "reason", rec.Reason))
	}
	if rec.Result != "" {
		w.opens(rec.Result)
	}
}

// question tells what is asked about a proposal, or what is answered.
func (w *writing) question(rec *knowledge.DeskRecord) {
	key := "note.question"
	if w.letter.Kind == answerLetter {
		key = "note.answer"
	}
	w.heading(w.say(key, "id", rec.Decides))
	w.own(w.say("note.words", "text", rec.Reason))
	if p := w.record(w.desk, rec.Decides); p != nil {
		edits.SayProposed(&w.reply, w.p, w.core, w.Today(), p)
	}
	if w.letter.Kind == answerLetter {
		w.reply.Blocks = append(w.reply.Blocks, edits.DecisionChoices(w.p, rec.Decides))
		return
	}
	w.reply.Blocks = append(w.reply.Blocks, edits.AnswerChoices(w.p, rec.Decides))
}

// inquiry tells the desk what somebody asks it.
func (w *writing) inquiry(rec *knowledge.DeskRecord) {
	w.heading(w.say("inquiry.heading", "id", rec.Receipt))
	w.own(w.say("note.words", "text", rec.Reason))
	w.reply.Blocks = append(w.reply.Blocks, bot.Line{Text: w.say("inquiry.by", "time", w.when(rec.At)), Kind: bot.OurOwn, Who: rec.Author}, edits.InquiryChoices(w.p, rec.Receipt))
}

// replied tells whoever asked what an editor answers.
func (w *writing) replied(rec *knowledge.DeskRecord) {
	w.heading(w.say("inquiry.reply", "id", rec.Decides))
	if asked := w.record(w.desk, rec.Decides); asked != nil {
		w.own(w.say("inquiry.you", "text", asked.Reason))
	}
	w.own(w.say("note.words", "text", rec.Reason))
}

// note tells a place that something which it was told is not so: what was said, what is right, since when, and who approved it.
func (w *writing) note(rec *knowledge.DeskRecord) {
	about := w.about(rec)
	w.heading(w.say("note.corrected", "id", about))
	w.right(rec)
	who := rec.Author
	if approval := w.core.ApprovalOf(rec.Receipt); approval != nil {
		who = approval.Author
	}
	text, approved := w.say("note.since", "time", w.when(rec.At)), w.say("note.approved")
	if name := w.Name(who); name != "" {
		approved = w.say("note.approved.by", "who", name)
	}
	w.own(text + " · " + approved)
	if rec.Reason != "" {
		w.asserts(w.say("source.desk.reason", "reason", rec.Reason), rec.Receipt)
	}
	w.opens(about, rec.Receipt)
}

// about is the receipt of what an entry corrects.
func (w *writing) about(rec *knowledge.DeskRecord) string {
	if rec.Correction != nil {
		return rec.Correction.Of
	}
	return rec.Decides
}

// right says what was said, and what is right.
func (w *writing) right(rec *knowledge.DeskRecord) {
	if k := rec.Correction; k != nil {
		w.asserts(w.say("note.said", "text", k.Was), k.Of)
		w.asserts(w.say("note.right", "text", k.Text), rec.Receipt, k.Of)
		return
	}
	if taken := w.record(w.desk, rec.Decides); taken != nil {
		w.asserts(w.say("note.said", "text", bot.SayRecord(w.p, taken, w.Today())), taken.Receipt)
	}
	w.asserts(w.say("note.withdrawn"), rec.Receipt, rec.Decides)
}

// edit says anew what a message said, with a line that tells that it was corrected.
func (w *writing) edit(rec *knowledge.DeskRecord) error {
	about := w.about(rec)
	line := bot.Line{Text: w.say("note.edited", "time", w.when(rec.At), "id", about), Receipts: []string{rec.Receipt, about}}
	body, err := w.anew(about, rec)
	if err != nil {
		return err
	}
	w.reply = body
	at := min(1, len(body.Blocks))
	w.reply.Blocks = slices.Concat(body.Blocks[:at], []bot.Block{line}, body.Blocks[at:]) // the answer is kept for others, who ask the same
	w.reply.Receipts, w.reply.Same = slices.Clone(body.Receipts), ""
	for _, id := range line.Receipts {
		if !slices.Contains(w.reply.Receipts, id) {
			w.reply.Receipts = append(w.reply.Receipts, id)
		}
	}
	return nil
}

// anew is what the command of a message answers now. What has none is said as it was, with what is right before it.
func (w *writing) anew(about string, rec *knowledge.DeskRecord) (bot.Reply, error) {
	if w.letter.Command != "" {
		r := w.Answer(w.ctx, bot.Request{Desk: w.desk, Text: w.letter.Command, Language: w.letter.Language})
		if len(r.Receipts) > 0 {
			return r, nil
		}
	}
	tellings, err := w.Told().About(w.ctx, w.desk, about, rec.At.Add(-w.Kept))
	if err != nil {
		return bot.Reply{}, err
	}
	r := bot.Reply{Language: w.p.Language}
	w.reply.Blocks = nil
	w.right(rec)
	r.Receipts = w.reply.Receipts
	for _, t := range tellings {
		if bot.Address(t.Place) != w.to || t.Message != w.letter.Edit {
			continue
		}
		first, rest, _ := strings.Cut(t.Reply.Text, "\n")
		r.Blocks = append(r.Blocks, bot.Heading{Text: first})
		r.Blocks = append(r.Blocks, w.reply.Blocks...)
		for line := range strings.Lines(rest) {
			r.Blocks = append(r.Blocks, bot.Line{Text: strings.TrimRight(line, "\n"), Kind: bot.OurOwn})
		}
		return r, nil
	}
	r.Blocks = w.reply.Blocks
	return r, nil
}
