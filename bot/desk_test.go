package bot_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// deskLedger is what the desk of the tests recorded.
func deskLedger() []ledger.Draft {
	at := func(day knowledge.Day) time.Time { return day.Time().Add(14 * time.Hour) }
	const (
		author = "console:ana"
		page   = "https://desk.example/notes/"
	)
	return []ledger.Draft{
		{At: at(2025_11_12), Author: author, Kind: ledger.AssessmentRecorded, Reason: "new government", Payload: ledger.Assessment{
			Country: "BOL", Axis: knowledge.TowardRussia, Label: knowledge.LeaningAdversary, Since: 2025_11_08, Source: page + "1", Note: "the new president restored ties with Washington",
		}},
		{At: at(2026_08_08), Author: author, Kind: ledger.EventRecorded, Payload: ledger.Event{
			Country: "COL", On: 2026_08_07, Kind: "leader", Text: "A new president took office.", Source: page + "2",
		}},
		{At: at(2026_09_01), Author: author, Kind: ledger.AssessmentRecorded, Payload: ledger.Assessment{
			Country: "FRA", Axis: knowledge.TowardRussia, Label: knowledge.Adversary, Since: 2026_01_01, Source: page + "3",
		}},
		{At: at(2026_09_02), Author: author, Kind: ledger.Withdrawn, Reason: "a mistake", Payload: ledger.Withdrawal{Of: 3}},
		{At: at(2026_09_03), Author: author, Kind: ledger.VoteRecorded, Payload: ledger.Vote{
			RollCall: "80/223", Country: "PER", Position: knowledge.Yes, Source: page + "4",
		}},
		{At: at(2026_09_04), Author: author, Kind: ledger.MembershipRecorded, Payload: ledger.Membership{
			Country: "PER", Group: "brics_partner", Standing: knowledge.Partner, From: 2026_09_01, Source: page + "5",
		}},
		{At: at(2026_09_05), Author: author, Kind: ledger.AssessmentRecorded, Payload: ledger.Assessment{
			Country: "BOL", Axis: knowledge.TowardWashington, Label: knowledge.Leaning, Since: 2026_09_05, Source: page + "6",
		}},
		{At: at(2026_09_06), Author: author, Kind: ledger.Corrected, Payload: ledger.Correction{
			Of: "BRA-14", Country: "BRA", Was: "Lula attended the BRICS summit in Kazan.", Text: "He took part by video.", Source: page + "7",
		}},
		{At: at(2026_09_07), Author: author, Kind: ledger.Corrected, Payload: ledger.Correction{
			Of: "PER-05", Country: "PER", Was: "x", Text: "It votes with the West in New York.", Source: page + "8",
		}},
		{At: at(2026_09_08), Author: "slack:T1:U2", Kind: ledger.Proposed, Payload: ledger.Proposal{
			Kind: ledger.AssessmentRecorded, Payload: []byte(`{"country":"CHL","axis":"russia","label":"neutral","since":"2026-09-01","source":"` + page + `9"}`),
		}},
		{At: at(2026_09_09), Author: author, Kind: ledger.Questioned, Reason: "Where is this from?", Payload: ledger.Question{Of: 10}},
		{At: at(2026_09_10), Author: author, Kind: ledger.Rejected, Reason: "No source tells it.", Payload: ledger.Rejection{Of: 10}},
	}
}

func TestDeskTranscripts(t *testing.T) {
	desk := bottest.NewDesk(t)
	desk.Record(t, deskLedger()...)
	bottest.Transcripts(t, desk, "testdata/desk/*.txtar")
}

// What a desk recorded is said with receipts in every language, and without a phrase of another.
func TestRepliesFromTheDeskHaveReceipts(t *testing.T) {
	desk := bottest.NewDesk(t)
	overlay := desk.Record(t, deskLedger()...)
	checker, err := bottest.NewChecker(desk.Set)
	if err != nil {
		t.Fatal(err)
	}
	checker.AddDesk(overlay)
	for _, text := range []string{
		"stance bol", "stance bol on russia", "stance col", "stance fra", "shifts bol", "shifts", "why bol", "compare bol col", "group andean",
		"votes per 80/223", "votes per", "measures per", "group brics", "group brics_partner",
		"source D-1", "source D-2", "source D-3", "source D-4", "source D-5", "source D-6", "is bolivia an ally of russia, yes or no",
		"source D-8", "source D-10", "source D-11", "source D-12", "source BRA-14", "why bra", "why bra page 2", "stance per", "source PER-05", "why per", "stance chl",
		"source BRA-14 known 2026-09-05", "search kazan", "stance bol known 2025-11-11", "stance bol known 2025-11-12", "stance fra known 2026-09-01",
		"safe D-1", "safe D-2", "safe D-3", "safe D-4", "safe D-5", "safe D-6", "safe D-8", "safe D-10", "safe BRA-14", "safe bol", "safe col", "safe chl",
		"safe per 80/223", "export bol", "export per bol fra bra", "export andean", "export world",
	} {
		for _, language := range phrases.Languages() {
			ex := desk.Ask(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: text, Language: language})
			if strings.Contains(ex.Reply.Text(), "{") {
				t.Errorf("%s, %s: a slot is open: %s", text, language, ex.Reply.Text())
			}
			if language != phrases.Default {
				continue
			}
			for _, fault := range checker.Check(ex.Reply, &ex.Answer) {
				t.Errorf("%s: %s\n%s", text, fault, ex.Reply.Text())
			}
		}
	}
}

// A message that names a record of any kind is held against it, in every language.
func TestMessagesThatNameAnyRecordAreChecked(t *testing.T) {
	desk := bottest.NewDesk(t)
	names := []string{"BRA-14", "F-02", "X-02", "ARG-S2", "M:ECU:alba:2009", "S:BHS:unfriendly_list:2022", "E:PER:2025-10-10", "A:BRA:2019"}
	for _, r := range desk.Record(t, deskLedger()...).Records {
		names = append(names, r.Receipt)
	}
	for _, name := range names {
		for _, language := range phrases.Languages() {
			ex := desk.Ask(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "We wrote this [" + name + "].", Language: language, Purpose: bot.Check})
			if ex.Answer.Outcome != knowledge.Answered || !slices.Contains(ex.Reply.Receipts, name) || strings.Contains(ex.Reply.Text(), "{") {
				t.Errorf("%s, %s: %s: %s", name, language, ex.Answer.Outcome, ex.Reply.Text())
			}
		}
	}
}
