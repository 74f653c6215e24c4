package talk

import (
	"sync"
	"time"

	"stancebot/bot/question"
	"stancebot/knowledge"
)

// How long a question is remembered, and in how many conversations at once.
const (
	Lifetime = 30 * time.Minute // and at its very end
	Capacity = 10_000
)

// A Memory holds the last question of each conversation. It is safe for concurrent use.
type Memory struct {
	now  func() time.Time
	mu   sync.Mutex
	last aged[knowledge.Query]
}

// New returns an empty memory that tells the time by now.
func New(now func() time.Time) *Memory {
	return &Memory{now: now, last: newAged[knowledge.Query](Lifetime+1, Capacity)}
}

// Remember keeps the query as the last one of its conversation. A question that was not about anything changes
// nothing.
func (m *Memory) Remember(conversation string, q knowledge.Query, outcome knowledge.Outcome) {
	switch outcome {
	case knowledge.Answered, knowledge.Partial, knowledge.NotCovered, knowledge.OutOfSpan:
	default:
		return
	}
	if q.Intent == knowledge.IntentHelp || q.Intent == knowledge.IntentNone {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last.put(conversation, q, m.now())
}

// LookBack completes a reading that leans on the question before it in the conversation: "and chile?" asks the same
// of Chile, "why?" asks for the evidence of what was answered, "what about 2016?" asks the same for another day.
func (m *Memory) LookBack(conversation string, r question.Reading) knowledge.Query {
	q := r.Query
	if !r.Follow {
		return q
	}
	m.mu.Lock()
	before, ok := m.last.get(conversation, m.now())
	m.mu.Unlock()
	if !ok || q.Misread != nil && q.Misread.Outcome != knowledge.NotUnderstood && q.Order == nil {
		return q
	}
	if named(q) {
		return sameOfNamed(q, before)
	}
	return sameOfLast(q, r.Cue, before)
}

// named reports whether a query names whom it is about.
func named(q knowledge.Query) bool { return len(q.Countries) > 0 || q.Group != "" || q.Place != "" }

// sameOfNamed asks what was asked before of those that are named now or, where a pole alone is named, on its axis.
func sameOfNamed(q, last knowledge.Query) knowledge.Query {
	if onlyPoles(q) && !onlyPoles(last) && q.Intent == knowledge.IntentStance {
		q.Axis, q.Countries = knowledge.AxisOf(q.Countries[0]), nil // "and toward moscow?"
		return sameThen(q, last)
	}
	return sameOf(q, last)
}

// sameOfLast asks of those that were named before what is asked now: another text, another page, another day or axis,
// another question.
func sameOfLast(q knowledge.Query, cue knowledge.Intent, last knowledge.Query) knowledge.Query {
	switch {
	case q.Order != nil:
		if len(last.Countries)+len(last.Group) > 0 { // watch them
			q.Misread, q.Countries, q.Group = nil, last.Countries, last.Group
		}
		return q
	case q.Intent == knowledge.IntentResolution:
		if last.Intent == knowledge.IntentVotes && len(last.Countries) > 0 {
			last.Resolution, last.Page = q.Resolution, 1 // "and on es-11/7?"
			return last
		}
	case q.Page > 1 && cue == knowledge.IntentNone:
		last.Page = q.Page
		return last
	case q.Intent == knowledge.IntentNone && (q.AsOf != 0 || q.Since != 0 || q.KnownAt != 0 || q.Axis != ""):
		return sameThen(q, last)
	case cue == knowledge.IntentSafe && last.Receipt != "": // can I publish this?
		last.Intent = cue
		return last
	case cue != knowledge.IntentNone && cue != knowledge.IntentHelp && len(last.Countries)+len(last.Group) > 0:
		last.Intent, last.Page, last.Receipt = cue, 1, ""
		return last
	}
	return q
}

// onlyPoles reports whether a query names poles and nothing else.
func onlyPoles(q knowledge.Query) bool {
	for _, c := range q.Countries {
		if knowledge.AxisOf(c) == "" {
			return false
		}
	}
	return len(q.Countries) > 0 && q.Group == "" && q.Place == ""
}

// sameOf asks what was asked before of what is named now.
func sameOf(q, last knowledge.Query) knowledge.Query {
	if q.Intent == knowledge.IntentGroup && last.Group != "" && (last.Intent == knowledge.IntentShifts || last.Intent == knowledge.IntentContradictions) {
		q.Intent = last.Intent
	}
	if q.Intent != knowledge.IntentStance || q.Place != "" {
		return q
	}
	switch last.Intent {
	case knowledge.IntentShifts, knowledge.IntentEvidence, knowledge.IntentContradictions, knowledge.IntentStance,
		knowledge.IntentVotes, knowledge.IntentAgreement, knowledge.IntentMeasures, knowledge.IntentSafe:
		q.Intent, q.Resolution = last.Intent, last.Resolution
	}
	if q.Axis == "" {
		q.Axis = last.Axis
	}
	if q.AsOf == 0 {
		q.AsOf = last.AsOf
	}
	if q.Since == 0 {
		q.Since = last.Since
	}
	if q.KnownAt == 0 {
		q.KnownAt = last.KnownAt
	}
	return q
}

// sameThen asks what was asked before for the day, or on the axis, that is named now.
func sameThen(q, last knowledge.Query) knowledge.Query {
	next := last
	next.Today, next.Page = q.Today, 1
	if q.AsOf != 0 {
		next.AsOf = q.AsOf
	}
	if q.Since != 0 {
		next.Since = q.Since
	}
	if q.KnownAt != 0 {
		next.KnownAt = q.KnownAt
	}
	if q.Axis != "" {
		next.Axis = q.Axis
	}
	return next
}
