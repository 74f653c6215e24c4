package digest_test

import (
	"context"
	"iter"
	"maps"
	"slices"
	"testing"
	"time"

	"stancebot/bot/bottest"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

const page = "https://desk.example/page"

// A chain is a ledger in memory, of which digests only read.
type chain struct {
	ledger.Store
	entries []ledger.Entry
	head    ledger.Head
	reads   int // rows that were read
}

func (c *chain) Rows(_ context.Context, _ knowledge.DeskID, after int64) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		for i := after; i < int64(len(c.entries)); i++ {
			c.reads++
			if !yield(c.entries[i].Row(), nil) {
				return
			}
		}
	}
}

// A newsroom is a desk with the shipped records and a ledger, and a Teller of it.
type newsroom struct {
	*bottest.Desk
	*digest.Teller
	chain *chain
	now   time.Time
}

func newNewsroom(tb testing.TB) *newsroom {
	tb.Helper()
	n := &newsroom{Desk: bottest.NewDesk(tb), chain: &chain{head: ledger.Head{Desk: knowledge.DefaultDesk}}, now: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)}
	n.Teller = &digest.Teller{
		Ledger: func() ledger.Store { return n.chain }, Snapshot: n.Holder.Core, Today: func() knowledge.Day { return bottest.Today },
		Link: func(id knowledge.DeskID, receipt string) string { return n.Holder.Core(id).Link(receipt) },
	}
	return n
}

// record records payloads, each with a reason, and lays them over the shared records.
func (n *newsroom) record(tb testing.TB, reason string, payloads ...any) {
	tb.Helper()
	for _, p := range payloads {
		e, head, err := n.chain.head.Next(ledger.Draft{At: n.now, Author: "slack:T1:U2", Kind: kindOf(tb, p), Reason: reason, Payload: p})
		if err != nil {
			tb.Fatal(err)
		}
		n.chain.entries, n.chain.head = append(n.chain.entries, e), head
	}
	if err := n.Holder.Lay(n.overlay(tb)); err != nil {
		tb.Fatal(err)
	}
}

func (n *newsroom) overlay(tb testing.TB) *knowledge.Overlay {
	tb.Helper()
	replayer := ledger.NewReplayer(knowledge.DefaultDesk)
	for i := range n.chain.entries {
		if err := replayer.Add(&n.chain.entries[i]); err != nil {
			tb.Fatal(err)
		}
	}
	return replayer.Overlay()
}

func kindOf(tb testing.TB, payload any) ledger.Kind {
	tb.Helper()
	switch payload.(type) {
	case ledger.Assessment:
		return ledger.AssessmentRecorded
	case ledger.Event:
		return ledger.EventRecorded
	case ledger.Membership:
		return ledger.MembershipRecorded
	case ledger.Measure:
		return ledger.MeasureRecorded
	case ledger.Vote:
		return ledger.VoteRecorded
	case ledger.RollCall:
		return ledger.RollCallImported
	case ledger.Withdrawal:
		return ledger.Withdrawn
	case ledger.Correction:
		return ledger.Corrected
	case desk.Lapse:
		return ledger.LabelStale
	case desk.RecordChange:
		return ledger.RecordChanged
	case ledger.Proposal:
		return ledger.Proposed
	case ledger.Move:
		return ledger.LedgerImported
	}
	tb.Fatalf("%T is no payload", payload)
	return ""
}

// occasion is what a digest about a filter tells of the entries behind one.
func (n *newsroom) occasion(tb testing.TB, f digest.Filter, after int64) *digest.Occasion {
	tb.Helper()
	changes, err := n.Changes(tb.Context(), knowledge.DefaultDesk, after, n.chain.head.Seq)
	if err != nil {
		tb.Fatal(err)
	}
	return &digest.Occasion{
		Subscription: &digest.Subscription{
			ID: "s1", Desk: knowledge.DefaultDesk, To: "slack:T1:C2", Kind: digest.Digest, About: f, Language: "en", By: "slack:T1:U2",
			Schedule: digest.Schedule{Every: knowledge.Weekly, Days: []time.Weekday{time.Monday}, At: knowledge.ClockAt(9, 0), Zone: "America/Santiago"},
		},
		Changes: n.Concerning(knowledge.DefaultDesk, f, changes), UpTo: n.chain.head.Seq,
		Since: time.Date(2026, 11, 16, 12, 0, 0, 0, time.UTC), Till: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
	}
}

// text is a notice as plain text.
func text(n digest.Notice) string {
	s := n.Summary.Text() + "\n"
	for i := range n.Below {
		s += "\n" + n.Below[i].Text() + "\n"
	}
	return s
}

// rollCall is a text on Ukraine after ES-11/7, on which some states voted otherwise than there.
func (n *newsroom) rollCall(meaning knowledge.Meaning, votes map[knowledge.Country]knowledge.Position) ledger.RollCall {
	call := *n.Core.Book().Call("ES-11/7")
	call.ID, call.Date, call.Title, call.Titles, call.Meaning, call.Sources = "ES-11/12", 2026_11_18, "Lasting peace in Ukraine", nil, meaning, nil
	old := call.Votes
	call.Votes, call.Tally = map[knowledge.Position]knowledge.Codes{}, knowledge.Tally{}
	put := func(p knowledge.Position, c knowledge.Country) { call.Votes[p] = append(call.Votes[p], c) }
	for _, p := range knowledge.Positions {
		for _, c := range old[p] {
			if _, moved := votes[c]; !moved {
				put(p, c)
			}
		}
	}
	for _, c := range slices.Sorted(maps.Keys(votes)) {
		put(votes[c], c)
	}
	call.Tally = knowledge.Tally{
		Yes: len(call.Votes[knowledge.Yes]), No: len(call.Votes[knowledge.No]), Abstain: len(call.Votes[knowledge.Abstain]), Absent: len(call.Votes[knowledge.Absent]),
	}
	return ledger.RollCall{RollCall: call, Source: page}
}

// usual are positions on which every state kept its usual side, where it has one.
func (n *newsroom) usual() map[knowledge.Country]knowledge.Position {
	book, call := n.Core.Book(), n.Core.Book().Call("ES-11/7")
	later := *call
	later.ID, later.Date = "ES-11/12", 2026_11_18
	with := book.With([]*knowledge.RollCall{&later})
	kept := map[knowledge.Country]knowledge.Position{}
	for _, p := range knowledge.Positions {
		for _, c := range call.Votes[p] {
			if side, ok := with.Usual(c, &later); ok {
				kept[c] = side
			}
		}
	}
	return kept
}

// claims are those that the article's label of a country toward Russia rests on.
func (n *newsroom) claims(country knowledge.Country) []string {
	for i := range n.Records.Assessments {
		if a := &n.Records.Assessments[i]; a.Country == country && a.Axis == knowledge.TowardRussia {
			return a.Claims
		}
	}
	return nil
}
