package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

const (
	ben  = desk.Author("slack:T1:U2") // another editor
	rita = desk.Author("slack:T1:U3") // a reporter
)

// court returns a newsroom in which ana and ben decide what anybody proposes.
func court(t *testing.T) (*newsroom, *desk.Decider) {
	t.Helper()
	n := newNewsroom(t)
	n.Editors, n.FourEyes, n.Everyone = desk.Editors{ana, ben}, true, true
	shared := n.Snapshot("")
	return n, &desk.Decider{Recorder: n.Recorder, Shared: func() *core.Core { return shared }}
}

func correction(text string) ledger.Correction {
	return ledger.Correction{Of: "BRA-14", Text: text, Source: page}
}

func propose(t *testing.T, d *desk.Decider, who desk.Author, payload any) *desk.Decision {
	t.Helper()
	done, err := d.Propose(t.Context(), desk.Change{Desk: knowledge.DefaultDesk, Author: who, Payload: payload})
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// kinds are those of the chain, in its order.
func (n *newsroom) kinds(t *testing.T) string {
	t.Helper()
	var kinds []string
	for _, e := range n.chain(t, knowledge.DefaultDesk) {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

// corrected is what the desk says is right about a claim, or "".
func (n *newsroom) corrected(t *testing.T, known knowledge.Day) string {
	t.Helper()
	if err := n.follower.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	a := n.Snapshot(knowledge.DefaultDesk).Answer(knowledge.Query{Intent: knowledge.IntentSource, Receipt: "BRA-14", KnownAt: known, Today: today})
	if k := a.Corrected["BRA-14"]; k != nil {
		return k.Text
	}
	return ""
}

func TestACorrectionCountsOnceASecondPersonApproves(t *testing.T) {
	n, d := court(t)
	proposed := propose(t, d, rita, correction("He took part by video."))
	if proposed.Case == nil || proposed.Case.ID != 1 || proposed.Plan.Was == "" {
		t.Fatalf("proposed is %+v", proposed)
	}
	if got := n.corrected(t, 0); got != "" {
		t.Errorf("a proposal answers %q", got)
	}
	n.now = n.now.Add(24 * time.Hour)
	approved, err := d.Approve(t.Context(), knowledge.DefaultDesk, ana, 1)
	if err != nil {
		t.Fatal(err)
	}
	if approved.Entry.ID != 2 || approved.Entry.Author != string(rita) || approved.Case.State != desk.Accepted || approved.Case.Entry != 2 || approved.Case.By != ana {
		t.Errorf("approved is %+v, %+v", approved, approved.Case)
	}
	if got := n.kinds(t); got != "proposal correction approval" {
		t.Errorf("the chain is %s", got)
	}
	if got := n.corrected(t, 0); got != "He took part by video." {
		t.Errorf("it answers %q", got)
	}
	if got := n.corrected(t, today); got != "" {
		t.Errorf("what was known the day before answers %q", got)
	}
}

// Each has one right outcome, and leaves nothing behind in the chain.
func TestWhatADeciderRefuses(t *testing.T) {
	const main = knowledge.DefaultDesk
	is := func(want any) func(error) bool {
		return func(err error) bool {
			return err != nil && fmt.Sprintf("%T", unwrapped(err)) == fmt.Sprintf("%T", want)
		}
	}
	for _, tt := range []struct {
		name string
		do   func(*newsroom, *desk.Decider) error // behind a proposal of ben's, D-1
		want func(error) bool
	}{
		{"a stranger approves", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Approve(t.Context(), main, rita, 1)
			return err
		}, is(&desk.NotEditorError{})},
		{"an editor of another workspace approves", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Approve(t.Context(), main, "slack:T2:U2", 1)
			return err
		}, is(&desk.NotEditorError{})},
		{"an editor approves in another desk", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Approve(t.Context(), "foreign", ana, 1)
			return err
		}, is(&desk.NoCaseError{})},
		{"whoever proposed approves", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Approve(t.Context(), main, ben, 1)
			return err
		}, is(&desk.OwnError{})},
		{"an editor who lost the right approves", func(n *newsroom, d *desk.Decider) error {
			n.Editors = desk.Editors{ben}
			_, err := d.Approve(t.Context(), main, ana, 1)
			return err
		}, is(&desk.NotEditorError{})},
		{"a stranger rejects", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Reject(t.Context(), main, rita, 1, "no")
			return err
		}, is(&desk.NotEditorError{})},
		{"a stranger asks", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Ask(t.Context(), main, rita, 1, "why?")
			return err
		}, is(&desk.NotEditorError{})},
		{"a rejection without a reason", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Reject(t.Context(), main, ana, 1, " ")
			return err
		}, is(&desk.NoReasonError{})},
		{"a question without words", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Ask(t.Context(), main, ana, 1, "")
			return err
		}, is(&desk.NoReasonError{})},
		{"somebody else takes it back", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Retract(t.Context(), main, ana, 1)
			return err
		}, is(&desk.NotProposerError{})},
		{"what is no proposal", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Approve(t.Context(), main, ana, 9)
			return err
		}, is(&desk.NoCaseError{})},
		{"it expired", func(n *newsroom, d *desk.Decider) error {
			n.now = n.now.Add(desk.Term)
			_, err := d.Approve(t.Context(), main, ana, 1)
			return err
		}, is(&desk.ClosedError{})},
		{"nothing to correct", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Propose(t.Context(), desk.Change{Desk: main, Author: ana, Payload: ledger.Correction{Of: "BRA-99", Text: "x", Source: page}})
			return err
		}, is(&desk.InvalidError{})},
		{"a correction without a source", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Propose(t.Context(), desk.Change{Desk: main, Author: ana, Payload: ledger.Correction{Of: "BRA-14", Text: "x"}})
			return err
		}, is(&desk.InvalidError{})},
		{"a roll call has no words", func(n *newsroom, d *desk.Decider) error {
			_, err := d.Propose(t.Context(), desk.Change{Desk: main, Author: ana, Payload: ledger.Correction{Of: "ES-11/1", Text: "x", Source: page}})
			return err
		}, is(&desk.InvalidError{})},
		{"editors alone propose", func(n *newsroom, d *desk.Decider) error {
			n.Everyone = false
			_, err := d.Propose(t.Context(), desk.Change{Desk: main, Author: rita, Payload: correction("x")})
			return err
		}, is(&desk.NotEditorError{})},
		{"too many of one person", func(n *newsroom, d *desk.Decider) error {
			for i := range 5 {
				propose(t, d, rita, correction(fmt.Sprint("text ", i)))
			}
			_, err := d.Propose(t.Context(), desk.Change{Desk: main, Author: rita, Payload: correction("one more")})
			if got := n.kinds(t); strings.Count(got, "proposal") != 6 {
				t.Errorf("the chain is %s", got)
			}
			return err
		}, is(&desk.TooManyError{})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, d := court(t)
			propose(t, d, ben, correction("He took part by video."))
			err := tt.do(n, d)
			if !tt.want(err) {
				t.Errorf("error is %T: %v", err, err)
			}
			if got := n.kinds(t); strings.Contains(got, "approval") || strings.Contains(got, "rejection") || strings.Contains(got, "retraction") || strings.Contains(got, "question") {
				t.Errorf("the chain is %s", got)
			}
		})
	}
}

// unwrapped is the error itself, without what was put around it.
func unwrapped(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil || strings.HasPrefix(fmt.Sprintf("%T", err), "*desk.") {
			return err
		}
		err = inner
	}
}

// What was decided stays so: whoever comes second is told what became of it.
func TestADecidedProposalIsClosed(t *testing.T) {
	const main = knowledge.DefaultDesk
	for _, tt := range []struct {
		first string
		do    func(*desk.Decider) error
		state desk.CaseState
	}{
		{"approved", func(d *desk.Decider) error { _, err := d.Approve(t.Context(), main, ana, 1); return err }, desk.Accepted},
		{"rejected", func(d *desk.Decider) error { _, err := d.Reject(t.Context(), main, ana, 1, "no source"); return err }, desk.Declined},
		{"taken back", func(d *desk.Decider) error { _, err := d.Retract(t.Context(), main, ben, 1); return err }, desk.Retracted},
	} {
		t.Run(tt.first, func(t *testing.T) {
			n, d := court(t)
			propose(t, d, ben, correction("He took part by video."))
			if _, err := d.Ask(t.Context(), main, ana, 1, "Who says so?"); err != nil { // which leaves it open
				t.Fatal(err)
			}
			if err := tt.do(d); err != nil {
				t.Fatal(err)
			}
			before := n.kinds(t)
			for name, err := range map[string]error{
				"approve": func() error { _, err := d.Approve(t.Context(), main, ana, 1); return err }(),
				"reject":  func() error { _, err := d.Reject(t.Context(), main, ana, 1, "no"); return err }(),
				"ask":     func() error { _, err := d.Ask(t.Context(), main, ana, 1, "why?"); return err }(),
				"retract": func() error { _, err := d.Retract(t.Context(), main, ben, 1); return err }(),
			} {
				closed := (*desk.ClosedError)(nil)
				if !errors.As(err, &closed) || closed.Case.State != tt.state {
					t.Errorf("%s: error is %v", name, err)
				}
			}
			if got := n.kinds(t); got != before {
				t.Errorf("the chain went from %s to %s", before, got)
			}
			if open, err := d.Cases(t.Context(), main); err != nil || len(open) != 0 {
				t.Errorf("open are %v, %v", open, err)
			}
		})
	}
}

// Of many who approve at once, one does.
func TestTwoApprovalsAtOnceAreOne(t *testing.T) {
	n, d := court(t)
	propose(t, d, rita, correction("He took part by video."))
	const at = 8
	errs := make([]error, at)
	var all sync.WaitGroup
	for i := range at {
		all.Go(func() {
			who := []desk.Author{ana, ben}[i%2]
			_, errs[i] = d.Approve(t.Context(), knowledge.DefaultDesk, who, 1)
		})
	}
	all.Wait()
	done := 0
	for _, err := range errs {
		closed := (*desk.ClosedError)(nil)
		switch {
		case err == nil:
			done++
		case !errors.As(err, &closed) || closed.Case.State != desk.Accepted:
			t.Errorf("error is %v", err)
		}
	}
	if got := n.kinds(t); done != 1 || got != "proposal correction approval" {
		t.Errorf("%d approved, and the chain is %s", done, got)
	}
}

// A claim that changed since is not what was proposed about. The proposal stays, for its maker to take back.
func TestAProposalIsOvertaken(t *testing.T) {
	const main = knowledge.DefaultDesk
	overtaken := func(t *testing.T, d *desk.Decider, id ledger.ID) {
		t.Helper()
		_, err := d.Approve(t.Context(), main, ana, id)
		late := (*desk.OvertakenError)(nil)
		if !errors.As(err, &late) || late.Case.ID != id {
			t.Errorf("error is %v", err)
		}
		if open, err := d.Cases(t.Context(), main); err != nil || len(open) != 1 || open[0].ID != id {
			t.Errorf("open are %v, %v", open, err)
		}
	}
	t.Run("corrected meanwhile", func(t *testing.T) {
		_, d := court(t)
		propose(t, d, rita, correction("He took part by video."))
		propose(t, d, rita, correction("He stayed in Brasília."))
		if _, err := d.Approve(t.Context(), main, ana, 2); err != nil {
			t.Fatal(err)
		}
		overtaken(t, d, 1)
	})
	t.Run("the same was recorded", func(t *testing.T) {
		_, d := court(t)
		propose(t, d, rita, correction("He took part by video."))
		propose(t, d, ben, correction("He took part by video."))
		if _, err := d.Approve(t.Context(), main, ana, 2); err != nil {
			t.Fatal(err)
		}
		overtaken(t, d, 1)
	})
	t.Run("another label holds", func(t *testing.T) {
		_, d := court(t)
		propose(t, d, rita, assessment(func(*ledger.Assessment) {}))
		propose(t, d, ben, assessment(func(a *ledger.Assessment) { a.Label, a.Since = knowledge.Neutral, 2025_11_01 }))
		if _, err := d.Approve(t.Context(), main, ana, 2); err != nil {
			t.Fatal(err)
		}
		overtaken(t, d, 1)
	})
}

// What is sent twice is proposed once.
func TestTheSameProposalIsOne(t *testing.T) {
	n, d := court(t)
	propose(t, d, rita, correction("He took part by video."))
	if again := propose(t, d, rita, correction("He took part by video.")); !again.Again || again.Case.ID != 1 {
		t.Errorf("again is %+v", again)
	}
	if other := propose(t, d, ben, correction("He took part by video.")); other.Again {
		t.Error("that of another person is the same")
	}
	if got := n.kinds(t); got != "proposal proposal" {
		t.Errorf("the chain is %s", got)
	}
}

// A desk of one records at once, and a reporter there proposes still.
func TestADeskOfOne(t *testing.T) {
	n, d := court(t)
	n.FourEyes = false
	if done := propose(t, d, ana, correction("He took part by video.")); done.Case != nil || done.Entry.Kind != ledger.Corrected {
		t.Errorf("it is %+v", done)
	}
	done := propose(t, d, rita, ledger.Withdrawal{Of: 1})
	if done.Case == nil || done.Case.ID != 2 {
		t.Fatalf("it is %+v", done)
	}
	if _, err := d.Approve(t.Context(), knowledge.DefaultDesk, ana, 2); err != nil {
		t.Fatal(err)
	}
	if got := n.corrected(t, 0); got != "" {
		t.Errorf("what was withdrawn answers %q", got)
	}
	if got := n.kinds(t); got != "correction proposal withdrawal approval" {
		t.Errorf("the chain is %s", got)
	}
}
