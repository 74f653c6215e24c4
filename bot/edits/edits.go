package edits

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

// Edits answers what is asked of a desk's records.
type Edits struct {
	Decider  func(knowledge.DeskID) *desk.Decider // by a desk's editors; nil while the database is away
	Snapshot func(knowledge.DeskID) *core.Core
	Channel  func(knowledge.DeskID) bot.Address // where a desk's editors are asked, "" for nowhere
	Today    func() knowledge.Day               // the calendar of answers
	Now      func() time.Time                   // the running clock
	Changed  func(context.Context)              // hears that a ledger has grown: once it returns, the snapshot tells of it
	Log      *slog.Logger
}

// Commands are what answers corrections and records.
func (e *Edits) Commands() []bot.Command {
	return []bot.Command{{Intent: knowledge.IntentCorrect, Do: e.Do}, {Intent: knowledge.IntentRecord, Do: e.Do}}
}

// An edit is one that is carried out.
type edit struct {
	*Edits
	bot.Call
	teller
	knowledge.Edit
	decider *desk.Decider
	who     desk.Author
}

// Do carries an edit out, and says what became of it.
func (e *Edits) Do(ctx context.Context, c bot.Call) (knowledge.Outcome, bot.Reply, error) {
	d := &edit{Edits: e, Call: c, teller: teller{c.Phrases, e.Snapshot(c.Request.Desk), e.Today()}, decider: e.Decider(c.Request.Desk)}
	if c.Query.Edit == nil {
		return d.usage()
	}
	d.Edit = *c.Query.Edit
	var err error
	d.who, err = desk.ParseAuthor(c.Request.Person)
	switch {
	case err != nil:
		return d.declines("edit.nowhere")
	case d.decider == nil, c.Request.Desk == "":
		return d.declines("edit.away")
	}
	outcome, reply, err := d.carryOut(ctx)
	if err != nil {
		return d.refuses(ctx, err)
	}
	return outcome, reply, nil
}

// follows has the snapshot follow what was recorded, so that what is said of it comes from there, as answers do.
func (d *edit) follows(ctx context.Context) {
	d.Changed(ctx)
	d.core = d.Snapshot(d.Request.Desk)
}

func (d *edit) carryOut(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	id, _ := ledger.ParseID(d.Query.Receipt)
	decided := func(done *desk.Decision, err error) (knowledge.Outcome, bot.Reply, error) {
		return d.decided(ctx, done, err)
	}
	switch d.Edit.Do {
	case knowledge.EditApprove:
		return decided(d.decider.Approve(ctx, d.Request.Desk, d.who, id))
	case knowledge.EditReject, knowledge.EditAsk:
		if d.Words == "" { // the button of a form
			return d.asksFor(id)
		}
		if d.Edit.Do == knowledge.EditAsk {
			return decided(d.decider.Ask(ctx, d.Request.Desk, d.who, id, d.Words))
		}
		return decided(d.decider.Reject(ctx, d.Request.Desk, d.who, id, d.Words))
	case knowledge.EditRetract:
		return d.retract(ctx, id)
	case knowledge.EditList:
		return d.lists(ctx)
	case knowledge.EditInquire:
		return d.inquires(ctx)
	case knowledge.EditAnswer:
		return d.answers(ctx, id)
	case knowledge.EditPropose:
	}
	return d.propose(ctx)
}

// retract takes a proposal back, or proposes to take back what the desk recorded.
func (d *edit) retract(ctx context.Context, id ledger.ID) (knowledge.Outcome, bot.Reply, error) {
	if _, err := d.decider.Case(ctx, d.Request.Desk, id); err == nil {
		done, err := d.decider.Retract(ctx, d.Request.Desk, d.who, id)
		return d.decided(ctx, done, err)
	}
	return d.proposes(ctx, ledger.Withdrawal{Of: id}, d.Words)
}

// propose proposes what was typed. A correction of which only the record was named asks for the rest.
func (d *edit) propose(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	if d.Kind == string(ledger.Corrected) && d.Words == "" {
		return d.asksForCorrection()
	}
	if d.Query.Intent == knowledge.IntentRecord && d.Source == "" && d.On.IsZero() { // record that peru has turned
		return d.usage()
	}
	if len(d.Unread) > 0 {
		return d.says(knowledge.Refused, "edit.unread", "words", strings.Join(d.Unread, " "))
	}
	return d.proposes(ctx, d.payload(), "")
}

// payload is what is to be recorded, as far as it was said: what lacks is found when it is checked.
func (d *edit) payload() any {
	var country knowledge.Country
	if len(d.Query.Countries) == 1 {
		country = d.Query.Countries[0]
	}
	switch ledger.Kind(d.Kind) { //nolint:exhaustive // the others are not typed
	case ledger.Corrected:
		return ledger.Correction{Of: d.Query.Receipt, Text: d.Words, Source: d.Source}
	case ledger.EventRecorded:
		return ledger.Event{Country: country, On: d.On, Kind: d.Topic, Text: d.Words, Source: d.Source}
	case ledger.MembershipRecorded:
		return ledger.Membership{Country: country, Group: d.Query.Group, Standing: d.Standing, From: d.On, To: d.To, Source: d.Source, Note: d.Words}
	case ledger.MeasureRecorded:
		return ledger.Measure{Country: country, Measure: d.Measure, From: d.On, To: d.To, Source: d.Source, Note: d.Words}
	case ledger.VoteRecorded:
		return ledger.Vote{Country: country, RollCall: d.Query.Resolution, Position: d.Position, Source: d.Source, Note: d.Words}
	}
	return ledger.Assessment{
		Country: country, Axis: d.Query.Axis, Label: d.Label, Since: d.On.First(), Source: d.Source, Note: d.Words,
	}
}

func (d *edit) proposes(ctx context.Context, payload any, reason string) (knowledge.Outcome, bot.Reply, error) {
	done, err := d.decider.Propose(ctx, desk.Change{Desk: d.Request.Desk, Author: d.who, Reason: reason, Payload: payload})
	if err != nil {
		return "", bot.Reply{}, err
	}
	d.follows(ctx)
	r := bot.Reply{Language: d.p.Language}
	switch {
	case done.Again:
		r.Private = true
		d.own(&r, "edit.again", "id", done.Case.ID)
	case done.Case == nil:
		if err := d.recorded(&r, &done.Entry); err != nil {
			return "", bot.Reply{}, err
		}
		return knowledge.Done, r, nil
	default:
		record, err := ledger.Open(&done.Entry)
		if err != nil {
			return "", bot.Reply{}, err
		}
		d.proposal(&r, record, false)
		d.own(&r, "edit.waits", "date", knowledge.DayOf(done.Case.Until()))
	}
	r.Blocks = append(r.Blocks, bot.Choices{Items: []bot.Choice{command(d.p, "edit.retract", "withdraw "+done.Case.ID.String())}})
	return knowledge.Done, r, nil
}

// recorded says what was recorded.
func (d *edit) recorded(r *bot.Reply, e *ledger.Entry) error {
	record, err := ledger.Open(e)
	if err != nil {
		return err
	}
	r.Blocks = append(r.Blocks, bot.Heading{Text: d.p.Say("edit.recorded", "id", e.ID, "what", d.kindOf(record))})
	d.asserts(r, d.new(record), record.Receipt)
	d.counts(r, record)
	return nil
}

// counts says what comes of a record.
func (d *edit) counts(r *bot.Reply, record *knowledge.DeskRecord) {
	d.own(r, "edit.counts")
	if record.Correction != nil || record.Kind == string(ledger.Withdrawn) {
		d.own(r, "edit.counts.told")
	}
}

// decided says what became of a proposal.
func (d *edit) decided(ctx context.Context, done *desk.Decision, err error) (knowledge.Outcome, bot.Reply, error) {
	if err != nil {
		return "", bot.Reply{}, err
	}
	d.follows(ctx)
	r := bot.Reply{Language: d.p.Language}
	switch {
	case done.Case.State == desk.Open && done.Case.Proposer == d.who:
		d.own(&r, "edit.answered", "id", done.Case.ID)
	case done.Case.State == desk.Open:
		d.own(&r, "edit.asked", "id", done.Case.ID)
	case done.Case.State == desk.Accepted:
		r.Blocks = append(r.Blocks, bot.Heading{Text: d.p.Say("edit.approved", "id", done.Case.ID, "entry", done.Entry.ID)})
		record, err := ledger.Open(&done.Entry)
		if err != nil {
			return "", bot.Reply{}, err
		}
		d.asserts(&r, d.new(record), record.Receipt)
		d.counts(&r, record)
	default:
		d.own(&r, "edit."+string(done.Case.State), "id", done.Case.ID)
	}
	return knowledge.Done, r, nil
}

// inquires puts a question to the desk.
func (d *edit) inquires(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	if d.Channel(d.Request.Desk) == "" {
		return d.says(knowledge.Unavailable, "inquiry.nobody")
	}
	if d.Words == "" { // the button of a form
		return d.formFor("inquiry.what", "ask desk", "inquiry.ask")
	}
	e, err := d.decider.Inquire(ctx, d.Request.Desk, d.who, d.Words)
	if asked := (*desk.AskedError)(nil); errors.As(err, &asked) {
		return d.says(knowledge.Answered, "inquiry.again", "id", asked.ID)
	}
	if many := (*desk.TooManyError)(nil); errors.As(err, &many) {
		return d.says(knowledge.Refused, "inquiry.many", "n", many.Most)
	}
	if err != nil {
		return "", bot.Reply{}, err
	}
	d.follows(ctx)
	return d.says(knowledge.Done, "inquiry.asked", "id", e.ID)
}

// answers answers a question to the desk.
func (d *edit) answers(ctx context.Context, id ledger.ID) (knowledge.Outcome, bot.Reply, error) {
	if d.Words == "" {
		return d.formFor("inquiry.how", "answer "+id.String(), "edit.answer")
	}
	if _, err := d.decider.Answer(ctx, d.Request.Desk, d.who, id, d.Words); err != nil {
		return "", bot.Reply{}, err
	}
	d.follows(ctx)
	return d.says(knowledge.Done, "inquiry.answered", "id", id)
}

// formFor asks for the words of a command, by a button.
func (d *edit) formFor(key, typed, label string) (knowledge.Outcome, bot.Reply, error) {
	r := bot.Reply{Language: d.p.Language, Private: true}
	d.own(&r, key, "command", typed)
	choice := command(d.p, label, typed)
	choice.Asks = []bot.Ask{{Label: d.p.Say("edit.ask.words"), Long: true}}
	r.Blocks = append(r.Blocks, bot.Choices{Items: []bot.Choice{choice}, Asks: true})
	return knowledge.Refused, r, nil
}

// mostListed is how many proposals a list tells.
const mostListed = 10

// lists tells what waits for a decision.
func (d *edit) lists(ctx context.Context) (knowledge.Outcome, bot.Reply, error) {
	open, err := d.decider.Cases(ctx, d.Request.Desk)
	if err != nil {
		return "", bot.Reply{}, err
	}
	if len(open) == 0 {
		return d.says(knowledge.Answered, "edit.none")
	}
	r := bot.Reply{Language: d.p.Language, Private: true}
	r.Blocks = append(r.Blocks, bot.Heading{Text: d.p.Say("edit.open", "n", len(open))})
	var more []bot.Choice
	for _, c := range slices.Backward(open) {
		if len(more) == mostListed {
			break
		}
		record := d.caseRecord(c)
		r.Blocks = append(r.Blocks, bot.Row{Text: d.p.Say("edit.row", "what", d.kindOf(record), "text", d.new(record), "date", knowledge.DayOf(c.At)), Receipts: []string{c.ID.String()}})
		r.Receipts = append(r.Receipts, c.ID.String())
		more = append(more, bot.Choice{Label: c.ID.String(), Command: "source " + c.ID.String()})
	}
	r.Blocks = append(r.Blocks, bot.Choices{Lead: d.p.Say("more"), Items: more})
	return knowledge.Answered, r, nil
}

// caseRecord is the record of a proposal.
func (d *edit) caseRecord(c *desk.Case) *knowledge.DeskRecord {
	if rec := d.record(c.ID.String()); rec != nil {
		return rec
	}
	return &knowledge.DeskRecord{Recording: knowledge.Recording{Receipt: c.ID.String()}, Kind: string(ledger.Proposed)}
}

// asksFor asks for the words of a rejection or a question.
func (d *edit) asksFor(id ledger.ID) (knowledge.Outcome, bot.Reply, error) {
	r := bot.Reply{Language: d.p.Language, Private: true}
	key, verb := "edit.why", "reject "
	if d.Edit.Do == knowledge.EditAsk {
		key, verb = "edit.what", "ask "
	}
	d.own(&r, key, "id", id, "command", verb+id.String())
	choice := command(d.p, "edit."+strings.TrimSpace(verb), verb+id.String())
	choice.Asks = []bot.Ask{{Label: d.p.Say("edit.ask.words"), Long: true}}
	r.Blocks = append(r.Blocks, bot.Choices{Items: []bot.Choice{choice}, Asks: true})
	return knowledge.Refused, r, nil
}

// asksForCorrection asks what is right, and who says so.
func (d *edit) asksForCorrection() (knowledge.Outcome, bot.Reply, error) {
	r := bot.Reply{Language: d.p.Language, Private: true}
	if was, receipts := d.said(d.Query.Receipt); was != "" {
		d.asserts(&r, d.p.Say("edit.old", "text", was), receipts...)
	}
	d.own(&r, "edit.usage.correct", "command", "correct "+d.Query.Receipt)
	r.Blocks = append(r.Blocks, bot.Choices{Items: []bot.Choice{CorrectChoice(d.p, d.Query.Receipt)}, Asks: true})
	return knowledge.Refused, r, nil
}

// usage says how corrections and records are typed.
func (d *edit) usage() (knowledge.Outcome, bot.Reply, error) {
	r := bot.Reply{Language: d.p.Language, Private: true}
	if d.Query.Intent == knowledge.IntentRecord {
		d.own(&r, "edit.usage.record")
		for _, example := range recordExamples {
			r.Blocks = append(r.Blocks, bot.Row{Text: example, Kind: bot.OurOwn})
		}
		return knowledge.Refused, r, nil
	}
	id := d.Query.Receipt
	if id == "" {
		d.own(&r, "edit.usage.correct", "command", "correct BRA-14")
		return knowledge.Refused, r, nil
	}
	return d.asksForCorrection()
}

// recordExamples are how records are typed.
var recordExamples = []string{
	"record bolivia russia leaning_adversary since 2025-11-08 https://…",
	"record event colombia 2026-08-07 leader “…” https://…",
	"record membership peru brics_partner partner from 2026-09-01 https://…",
	"record vote peru ES-11/9 yes https://…",
	"withdraw D-17",
}
