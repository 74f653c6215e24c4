package desk

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

// A Recorder records what editors decide.
type Recorder struct {
	Ledger   ledger.Store
	Snapshot func(knowledge.DeskID) *core.Core
	Editors  Editors
	Everyone bool                 // whoever is no editor may propose, and an editor decides
	FourEyes bool                 // a second person must approve: Do makes a proposal
	Allows   func(open int) bool  // whether people of a workspace of whom so many proposals are open may propose; nil for any number
	Now      func() time.Time     // the running clock
	Today    func() knowledge.Day // the calendar of answers
}

// A Change is what somebody wants recorded. Payload is one of those of knowledge/ledger: Assessment, Event, Membership,
// Measure, Vote, Correction or Withdrawal. What a Correction was about, and said before, is filled in when it is prepared.
type Change struct {
	Desk    knowledge.DeskID
	Author  Author
	Reason  string
	Payload any
}

// A Plan is a change that was checked, and what it would do. It is shown before it is done.
type Plan struct {
	Change   Change
	Kind     ledger.Kind
	Proposal bool                  // it becomes a proposal, which a second person approves
	Was      string                // what it takes the place of, as that stands: by it is seen whether that changed meanwhile
	Before   *knowledge.Assessment // of an assessment: the label that it takes the place of, if any
	Takes    *knowledge.DeskRecord // of a withdrawal: what it takes back
}

// Prepare checks a change. What is wrong with it is an *InvalidError that tells all of it, or a *NotEditorError.
func (r *Recorder) Prepare(c Change) (*Plan, error) {
	if !r.Editors.Has(c.Author) && !r.Everyone {
		return nil, &NotEditorError{c.Author}
	}
	return r.prepareOn(r.Snapshot(c.Desk), c)
}

// prepareOn checks a change against a snapshot.
func (r *Recorder) prepareOn(snapshot *core.Core, c Change) (*Plan, error) {
	v := &validator{problems{today: r.Today()}, snapshot}
	plan := &Plan{Change: c, Proposal: r.FourEyes || !r.Editors.Has(c.Author)}
	v.text("field.reason", c.Reason, false)
	switch p := c.Payload.(type) {
	case ledger.Assessment:
		plan.Kind = ledger.AssessmentRecorded
		v.assessment(&p)
		plan.Before = v.labelOn(p.Country, p.Axis, p.Since)
		plan.Was = stood(plan.Before)
	case ledger.Event:
		plan.Kind = ledger.EventRecorded
		v.event(&p)
	case ledger.Membership:
		plan.Kind = ledger.MembershipRecorded
		v.membership(&p)
	case ledger.Measure:
		plan.Kind = ledger.MeasureRecorded
		v.measure(&p)
	case ledger.Vote:
		plan.Kind = ledger.VoteRecorded
		v.vote(&p)
	case ledger.Correction:
		plan.Kind = ledger.Corrected
		v.correction(&p)
		plan.Change.Payload, plan.Was = p, p.Was
	case ledger.Withdrawal:
		plan.Kind = ledger.Withdrawn
		plan.Takes = v.withdrawal(p)
	default:
		return nil, fmt.Errorf("desk: %T cannot be recorded", c.Payload)
	}
	return plan, v.err()
}

// stood says which label an assessment would take the place of, and who gives it.
func stood(a *knowledge.Assessment) string {
	if a == nil {
		return ""
	}
	return fmt.Sprintf("%s since %s, %s", a.Label, a.Since, cmp.Or(a.Recorded.Receipt, string(a.Basis)))
}

// Do records a plan, or proposes it, and returns the entry.
func (r *Recorder) Do(ctx context.Context, p *Plan) (ledger.Entry, error) {
	d, err := r.draft(p)
	if err != nil {
		return ledger.Entry{}, err
	}
	entries, err := r.Ledger.Append(ctx, p.Change.Desk, d)
	if err != nil {
		return ledger.Entry{}, err
	}
	return entries[0], nil
}

// draft is the entry that a plan becomes.
func (r *Recorder) draft(p *Plan) (ledger.Draft, error) {
	d := ledger.Draft{At: r.Now(), Author: string(p.Change.Author), Kind: p.Kind, Reason: p.Change.Reason, Payload: p.Change.Payload}
	if p.Proposal {
		payload, err := json.Marshal(p.Change.Payload)
		if err != nil {
			return d, fmt.Errorf("desk: proposal: %w", err)
		}
		d.Kind, d.Payload = ledger.Proposed, ledger.Proposal{Kind: p.Kind, Payload: payload, Was: p.Was}
	}
	return d, nil
}

// validator holds a change against the records in force.
type validator struct {
	problems
	core *core.Core
}

// firstStance is the first day of which the records tell stances.
const firstStance knowledge.Day = 2006_01_01

func (v *validator) assessment(a *ledger.Assessment) {
	v.country(a.Country)
	if knowledge.AxisOf(a.Country) != "" {
		v.add("field.country", "problem.pole", "country", a.Country)
	}
	oneOf(&v.problems, "field.axis", a.Axis, knowledge.Axes[:])
	if slices.Contains(knowledge.Axes[:], a.Axis) {
		oneOf(&v.problems, "field.label", a.Label, recordable(a.Axis))
	}
	switch {
	case a.Since.IsZero():
		v.add("field.since", "problem.since.none")
	case a.Since < firstStance:
		v.add("field.since", "problem.since.early", "date", a.Since, "first", firstStance)
	default:
		v.past("field.since", a.Since.Date())
	}
	v.source(a.Source)
	v.text("field.note", a.Note, false)
	for _, id := range a.Claims {
		if v.open(id) == nil {
			v.add("field.claim", "problem.claim", "id", typed(id))
		}
	}
	if held := v.labelOn(a.Country, a.Axis, a.Since); held != nil && held.Recorded.Receipt != "" && held.Since == a.Since && held.Label == a.Label {
		v.add("field.label", "problem.label.same", "id", held.Recorded.Receipt)
	}
}

// recordable lists the labels that a desk may give: a contested one needs two readings of one source.
func recordable(axis knowledge.Axis) []knowledge.Label {
	return slices.DeleteFunc(knowledge.LabelsOf(axis), func(l knowledge.Label) bool {
		return l == knowledge.Contested || l == knowledge.Unstated
	})
}

func (v *validator) event(e *ledger.Event) {
	v.country(e.Country)
	oneOf(&v.problems, "field.kind", e.Kind, knowledge.EventKinds)
	switch {
	case e.On.IsZero():
		v.add("field.on", "problem.on.none")
	case e.Kind != knowledge.Scheduled:
		v.past("field.on", e.On)
	}
	v.source(e.Source)
	v.text("field.text", e.Text, true)
	for _, id := range e.Against {
		if rec := v.open(id); rec == nil || rec.Claim == nil {
			v.add("field.against", "problem.against", "id", typed(id))
		}
	}
}

func (v *validator) membership(m *ledger.Membership) {
	v.country(m.Country)
	oneOf(&v.problems, "field.group", m.Group, knowledge.Organisations)
	oneOf(&v.problems, "field.standing", m.Standing, knowledge.Standings)
	v.period(m.From, m.To)
	if m.Ended != "" {
		oneOf(&v.problems, "field.ended", m.Ended, knowledge.Endings)
		if m.To.IsZero() {
			v.add("field.ended", "problem.ended.open")
		}
	}
	v.source(m.Source)
	v.text("field.note", m.Note, false)
	row := knowledge.Membership{Country: m.Country, Group: m.Group, From: m.From}
	v.unrecorded(row.ID())
}

func (v *validator) measure(m *ledger.Measure) {
	v.country(m.Country)
	oneOf(&v.problems, "field.measure", m.Measure, knowledge.MeasureKinds)
	v.period(m.From, m.To)
	v.source(m.Source)
	v.text("field.note", m.Note, false)
	row := knowledge.Measure{Country: m.Country, Kind: m.Measure, From: m.From}
	v.unrecorded(row.ID())
}

func (v *validator) vote(cell *ledger.Vote) {
	v.country(cell.Country)
	oneOf(&v.problems, "field.position", cell.Position, knowledge.Positions)
	v.source(cell.Source)
	v.text("field.note", cell.Note, false)
	a := v.core.Answer(knowledge.Query{Intent: knowledge.IntentVotes, Countries: []knowledge.Country{cell.Country}, Resolution: cell.RollCall, Today: v.today})
	switch {
	case cell.RollCall == "":
		v.add("field.resolution", "problem.resolution.none")
	case a.Outcome == knowledge.NotFound:
		v.add("field.resolution", "problem.resolution", "word", typed(cell.RollCall))
	case len(a.Votes) == 1 && a.Votes[0].Position == cell.Position:
		v.add("field.position", "problem.position.same")
	}
}

// Correctable are the receipts of records that say something in words; how a state voted, what it belongs to and the like is
// recorded as such.
var Correctable = []knowledge.ReceiptKind{
	knowledge.ClaimReceipt, knowledge.FactCheckReceipt, knowledge.ContradictionReceipt, knowledge.ShiftReceipt, knowledge.EventReceipt, knowledge.DeskReceipt,
}

// correction checks a correction, and fills in what it is about and what that said.
func (v *validator) correction(k *ledger.Correction) {
	v.source(k.Source)
	v.text("field.text", k.Text, true)
	a := v.core.Answer(knowledge.Query{Intent: knowledge.IntentSource, Receipt: k.Of, Today: v.today})
	rec := a.Record
	switch {
	case rec == nil:
		v.add("field.id", "problem.receipt", "word", typed(k.Of))
		return
	case !slices.Contains(Correctable, rec.Kind) || rec.Desk != nil && rec.Says() == "":
		v.add("field.id", "problem.wordless", "id", k.Of)
		return
	case rec.Desk != nil && rec.Desk.WithdrawnBy != "":
		v.add("field.id", "problem.withdrawn", "id", k.Of, "by", rec.Desk.WithdrawnBy)
	}
	k.Was, k.Country = rec.Says(), rec.Country
	if held := a.Corrected[k.Of]; held != nil {
		k.Was = held.Text
	}
	if k.Text == k.Was {
		v.add("field.text", "problem.text.same")
	}
}

func (v *validator) withdrawal(w ledger.Withdrawal) *knowledge.DeskRecord {
	rec := v.open(w.Of.String())
	if rec == nil || rec.Desk == nil {
		v.add("field.id", "problem.entry", "id", w.Of)
		return nil
	}
	d := rec.Desk
	switch {
	case d.WithdrawnBy != "":
		v.add("field.id", "problem.withdrawn.already", "id", w.Of, "by", d.WithdrawnBy)
	case !d.Holds():
		v.add("field.id", "problem.lasting", "id", w.Of, "kind", kindOf(d))
	}
	return d
}

// kindOf says what an entry is: by a phrase or, where a newer program recorded it, as it is spelt.
func kindOf(d *knowledge.DeskRecord) any {
	if key := "deskkind." + d.Kind; phrases.In(phrases.Default).Has(key) {
		return phrases.Key(key)
	}
	return typed(d.Kind)
}

// unrecorded makes sure that no record has the receipt.
func (v *validator) unrecorded(id string) {
	if rec := v.open(id); rec != nil {
		v.add("field.from", "problem.recorded", "id", id)
	}
}

// open returns the record behind a receipt, or nil.
func (v *validator) open(id string) *knowledge.Record {
	return v.core.Answer(knowledge.Query{Intent: knowledge.IntentSource, Receipt: id, Today: v.today}).Record
}

// labelOn returns the assessment in force on a day, or nil.
func (v *validator) labelOn(c knowledge.Country, axis knowledge.Axis, day knowledge.Day) *knowledge.Assessment {
	if day.IsZero() || day > v.today {
		return nil
	}
	a := v.core.Answer(knowledge.Query{Intent: knowledge.IntentStance, Countries: []knowledge.Country{c}, Axis: axis, AsOf: day, Today: v.today})
	if len(a.Stances) != 1 || len(a.Stances[0].Labels) != 1 {
		return nil
	}
	return a.Stances[0].Labels[0].Assessment
}
