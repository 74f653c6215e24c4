package bot_test

import (
	"strings"
	"testing"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// Every member of the United Nations is answered, by its name and by its code: with its labels where a source labels
// it, as a pole, or from the record alone and without a label.
func TestEveryMemberHasItsOutcome(t *testing.T) {
	d := bottest.NewDesk(t)
	covered := map[knowledge.Country]bool{}
	for i := range d.Records.Assessments {
		covered[d.Records.Assessments[i].Country] = true
	}
	counts := map[knowledge.Outcome]int{}
	for _, c := range places.Members() {
		for _, name := range []string{places.Name(c), strings.ToLower(string(c))} {
			ex := d.Ask(t.Context(), bot.Request{Text: "stance " + name})
			want := knowledge.NotCovered
			switch {
			case knowledge.AxisOf(c) != "":
				want = knowledge.PoleItself
			case covered[c]:
				want = knowledge.Answered
			}
			if got := ex.Answer.Outcome; got != want {
				t.Errorf("stance %s: %s, want %s", name, got, want)
			}
			if got := ex.Answer.Countries; len(got) != 1 || got[0] != c {
				t.Errorf("stance %s is about %v", name, got)
			}
			counts[ex.Answer.Outcome]++
		}
		recordOf(t, d, c)
	}
	if counts[knowledge.Answered] != 2*19 || counts[knowledge.PoleItself] != 2*2 || counts[knowledge.NotCovered] != 2*172 {
		t.Errorf("the outcomes are %v", counts)
	}
}

// recordOf asks for the record of a member: it is answered for all, about that member and nobody else.
func recordOf(t *testing.T, d *bottest.Desk, c knowledge.Country) {
	t.Helper()
	for _, command := range []string{"votes", "agreement", "measures"} {
		text := command + " " + strings.ToLower(string(c))
		a := d.Ask(t.Context(), bot.Request{Text: text}).Answer
		if a.Outcome != knowledge.Answered && a.Outcome != knowledge.Partial {
			t.Errorf("%s: %s", text, a.Outcome)
		}
		for _, v := range a.Votes {
			if v.Country != c {
				t.Errorf("%s shows a vote of %s", text, v.Country)
			}
		}
		for _, ag := range a.Agreements {
			if ag.Country != c {
				t.Errorf("%s shows the agreement of %s", text, ag.Country)
			}
		}
		for _, m := range a.Memberships {
			if m.Country != c {
				t.Errorf("%s shows the membership %s", text, m.ID())
			}
		}
		for _, m := range a.Measures {
			if m.Country != c {
				t.Errorf("%s shows the measure %s", text, m.ID())
			}
		}
		if rows := len(a.Votes) + len(a.Agreements); command != "measures" && rows < 15 {
			t.Errorf("%s shows %d rows", text, rows)
		}
	}
}

// Observers, territories, disputed and former states have a line of the house style by every one of their names, and
// never a label, a vote or a country in their place.
func TestEveryPlaceHasItsStatus(t *testing.T) {
	d := bottest.NewDesk(t)
	seen := 0
	for i := range d.Records.House.Places {
		place := &d.Records.House.Places[i]
		for _, name := range place.Names {
			for _, command := range []string{"stance ", "votes ", "agreement ", "measures ", "where does ", "what about "} {
				ex := d.Ask(t.Context(), bot.Request{Text: command + name})
				a := ex.Answer
				if a.Outcome != knowledge.StatusNote || a.Place == nil || a.Place.ID != place.ID {
					t.Errorf("%s%s: %s, not the status of %s", command, name, a.Outcome, place.ID)
					continue
				}
				if len(a.Countries)+len(a.Votes)+len(a.Stances)+len(a.Measures) != 0 || !strings.Contains(ex.Reply.Text(), place.Note) {
					t.Errorf("%s%s shows more, or less, than the status of %s", command, name, place.ID)
				}
				seen++
			}
		}
	}
	if seen < 100 {
		t.Errorf("only %d questions about places", seen)
	}
}

// A roll call is answered in each of its forms, and a vote on it for each of the 19.
func TestEveryRollCallIsAnswered(t *testing.T) {
	d := bottest.NewDesk(t)
	if n := len(d.Records.RollCalls); n != 50 {
		t.Errorf("%d roll calls", n)
	}
	for i := range d.Records.RollCalls {
		r := &d.Records.RollCalls[i]
		want := knowledge.Answered
		if r.Partial {
			want = knowledge.Partial
		}
		for _, text := range []string{r.ID, "resolution " + strings.ToLower(r.ID), "resolution " + r.ID + " latin america", r.ID + " proof"} {
			ex := d.Ask(t.Context(), bot.Request{Text: text})
			if ex.Answer.Outcome != want || ex.Answer.RollCall == nil || ex.Answer.RollCall.ID != r.ID {
				t.Errorf("%s: %s", text, ex.Answer.Outcome)
			}
			reply := ex.Reply.Text()
			if r.Grade.SingleSource() != strings.Contains(reply, "Single source") {
				t.Errorf("%s: grade %s, and the reply says\n%s", text, r.Grade, reply)
			}
			if r.Partial != strings.Contains(reply, "was not recovered") {
				t.Errorf("%s: partial is %v, and the reply says\n%s", text, r.Partial, reply)
			}
		}
		if proof := d.Ask(t.Context(), bot.Request{Text: r.ID + " proof"}).Reply.Text(); !strings.Contains(proof, " = ") {
			t.Errorf("%s proves nothing:\n%s", r.ID, proof)
		}
	}
}
