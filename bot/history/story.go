package history

import (
	"cmp"

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A tale is how an entry came to be. What there is not of it is nil.
type tale struct{ proposal, decision, entry *knowledge.DeskRecord }

// tale finds what belongs to an entry: the proposal that it came of, and what decided that; from whichever of them one comes.
func (p *past) tale(x *knowledge.DeskRecord) tale {
	switch ledger.Kind(x.Kind) {
	case ledger.Proposed:
		t := tale{proposal: x, decision: p.decision(x.Receipt)}
		if t.decision != nil {
			t.entry = p.byID[t.decision.Result]
		}
		return t
	case ledger.Approved, ledger.Rejected, ledger.Retracted, ledger.Questioned:
		if proposal := p.byID[x.Decides]; proposal != nil && ledger.Kind(proposal.Kind) == ledger.Proposed {
			return p.tale(proposal)
		}
	}
	t := tale{entry: x}
	if t.decision = p.approval(x.Receipt); t.decision != nil {
		t.proposal = p.byID[t.decision.Decides]
	}
	return t
}

// story tells who recorded an entry, when and why, and who approved it.
func (r *request) story() knowledge.Outcome {
	id := r.Query.Receipt
	if knowledge.ReceiptKindOf(id) != knowledge.DeskReceipt {
		r.own(r.say("history.shared", "id", id))
		r.offers("source " + id)
		return knowledge.NotFound
	}
	x := r.recorded.byID[id]
	if x == nil {
		r.own(r.say("history.unknown", "id", id))
		r.behind()
		return knowledge.NotFound
	}
	t := r.recorded.tale(x)
	about := t.entry
	if about == nil {
		about = t.proposal
	}
	r.reply.Blocks = append(r.reply.Blocks, bot.Heading{
		Text: r.say("history.entry", "id", about.Receipt, "kind", r.say("deskkind."+about.Kind), "what", r.what(about)),
	})
	r.proposed(&t)
	r.decided(&t)
	r.recordedBy(&t)
	if reason := about.Reason; reason != "" {
		r.asserts(r.say("source.desk.reason", "reason", reason), about.Receipt)
	}
	if by := r.recorded.byID[about.WithdrawnBy]; by != nil {
		r.asserts(r.say("history.withdrawn", "when", r.when(by.At), "who", r.who(by.Author)), about.Receipt, by.Receipt)
	}
	r.own(r.say("history.zone", "zone", r.zone.String()))
	r.behind()
	r.offers("source " + about.Receipt)
	return knowledge.Answered
}

func (r *request) proposed(t *tale) {
	if p := t.proposal; p != nil {
		r.asserts(r.say("history.proposed", "when", r.when(p.At), "who", r.who(p.Author)), p.Receipt)
	}
}

// decided says what became of a proposal.
func (r *request) decided(t *tale) {
	if t.proposal == nil {
		return
	}
	d := t.decision
	if d == nil {
		lapses := t.proposal.At.Add(desk.Term)
		if r.Now().Before(lapses) {
			r.asserts(r.say("history.open", "when", r.when(lapses)), t.proposal.Receipt)
		} else {
			r.asserts(r.say("history.lapsed", "when", r.when(lapses)), t.proposal.Receipt)
		}
		return
	}
	key := map[ledger.Kind]string{ledger.Approved: "history.approved", ledger.Rejected: "history.rejected", ledger.Retracted: "history.retracted"}[ledger.Kind(d.Kind)]
	if key == "history.approved" && d.Author != t.proposal.Author {
		key = "history.approved.second"
	}
	text := r.say(key, "when", r.when(d.At), "who", r.who(d.Author))
	if d.Reason != "" {
		text += r.say("history.row.reason", "reason", d.Reason)
	}
	r.asserts(text, d.Receipt, cmp.Or(d.Result, d.Decides))
}

// recordedBy says who recorded an entry that came of no proposal.
func (r *request) recordedBy(t *tale) {
	x := t.entry
	if x == nil || t.proposal != nil {
		return
	}
	r.asserts(r.say("history.recorded", "when", r.when(x.At), "who", r.who(x.Author)), x.Receipt)
	if r.Query.Matter == knowledge.MatterApproved {
		r.asserts(r.say("history.alone"), x.Receipt)
	}
}
