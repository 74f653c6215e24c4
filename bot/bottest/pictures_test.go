package bottest_test

import (
	"strings"
	"testing"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A picture that was drawn yesterday holds today; when the desk records another label it does not, and what changed is told by its records.
func TestVerify(t *testing.T) {
	d := bottest.NewDesk(t)
	drawn := d.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "card bolivia"})
	if !drawn.File.IsPicture() {
		t.Fatalf("no picture goes with %s", drawn.Text())
	}
	lines := strings.Fields(drawn.File.Note)
	code := lines[len(lines)-1]
	ask := func(language string) bot.Exchange {
		return d.Ask(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "verify " + strings.ToLower(code), Language: language})
	}
	d.Turn(2026_11_24)
	if ex := ask("en"); ex.Answer.Outcome != knowledge.Answered || !strings.Contains(ex.Reply.Text(), "holds: card bolivia, drawn on 23 Nov 2026") || len(ex.Reply.Receipts) < 3 {
		t.Errorf("%s: %s", ex.Answer.Outcome, ex.Reply.Text())
	}
	d.Record(t, ledger.Draft{At: d.Now.AddDate(0, 0, 1), Author: "slack:T1:U2", Kind: ledger.AssessmentRecorded, Reason: "said by the ministry", Payload: ledger.Assessment{
		Country: "BOL", Axis: knowledge.TowardWashington, Label: knowledge.Leaning, Since: 2026_11_24, Source: "https://desk.example/page",
	}})
	for _, language := range phrases.Languages() {
		ex := ask(language)
		text := ex.Reply.Text()
		if ex.Answer.Outcome != knowledge.Partial || !strings.Contains(text, "D-1") || !strings.Contains(text, phrases.In(language).Say("label.washington.leaning")) || strings.Contains(text, "[verify") {
			t.Errorf("%s, %s: %s", language, ex.Answer.Outcome, text)
		}
	}
	elsewhere := d.Ask(t.Context(), bot.Request{Desk: "another", Text: "verify " + code}) // whose records are the shared ones
	if elsewhere.Answer.Outcome != knowledge.Answered {
		t.Errorf("another desk: %s", elsewhere.Reply.Text())
	}
}

// What is drawn from a desk's own records is not another's to confirm.
func TestVerifyOfAnotherDesk(t *testing.T) {
	d := bottest.NewDesk(t)
	d.Record(t, ledger.Draft{At: d.Now, Author: "slack:T1:U2", Kind: ledger.AssessmentRecorded, Reason: "said by the ministry", Payload: ledger.Assessment{
		Country: "BOL", Axis: knowledge.TowardWashington, Label: knowledge.Leaning, Since: 2026_11_20, Source: "https://desk.example/page",
	}})
	drawn := d.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "card bolivia"})
	lines := strings.Fields(drawn.File.Note)
	ex := d.Ask(t.Context(), bot.Request{Desk: "another", Text: "verify " + lines[len(lines)-1]})
	if ex.Answer.Outcome != knowledge.NotFound || !strings.Contains(ex.Reply.Text(), "cannot be confirmed") || strings.Contains(ex.Reply.Text(), "D-1") {
		t.Errorf("%s: %s", ex.Answer.Outcome, ex.Reply.Text())
	}
}

// The same picture is one file, until the records or the day are others.
func TestGallery(t *testing.T) {
	d := bottest.NewDesk(t)
	of := func(text, language string) *bot.File {
		return d.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: text, Language: language}).File
	}
	card := of("card uruguay", "en")
	if card.Name != "stancebot-card-ury-2026-11-23.png" || card.Type != "image/png" || !strings.Contains(card.Alt, "Uruguay") || len(card.Data) > bot.MaxFile {
		t.Errorf("%s, %s, %q", card.Name, card.Type, card.Alt)
	}
	if again := of("a picture of uruguay", "en"); again != card {
		t.Error("the same was drawn again")
	}
	if of("card uruguay", "es") == card || of("card chile", "en") == card {
		t.Error("another one is the same file")
	}
	words := d.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "card uruguay", Language: "en", InWords: true})
	if words.File != nil || of("card uruguay", "en") != card {
		t.Error("in words alone it has a picture, or without it none")
	}
	d.Turn(2026_11_24)
	if of("card uruguay", "en") == card {
		t.Error("the ages of yesterday are shown")
	}
	if d.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "timeline southern cone"}).File != nil {
		t.Error("there is a timeline of a group")
	}
}
