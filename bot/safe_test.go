package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// Every decision is in the push preview, and names each rule that led to it with its reason, in every language.
func TestSafeNamesItsRules(t *testing.T) {
	d := bottest.NewDesk(t)
	var texts []string
	for i := range d.Records.Assessments {
		a := &d.Records.Assessments[i]
		texts = append(texts, "safe "+string(a.Country)+" on "+string(a.Axis))
	}
	for i := range d.Records.FactChecks {
		texts = append(texts, "safe "+d.Records.FactChecks[i].ID)
	}
	texts = append(texts, "safe HTI on russia", "safe VEN-06", "safe ARG-S1", "safe X-02", "safe 80/223", "safe SLV ES-11/4", "safe M:ECU:alba:2009", "safe A:BRA:2019")
	for _, language := range phrases.Languages() {
		p := phrases.In(language)
		for _, text := range texts {
			ex := d.Ask(t.Context(), bot.Request{Text: text, Language: language})
			reply := ex.Reply.Text()
			if len(ex.Answer.Publish) == 0 {
				t.Fatalf("%q decides nothing: %s", text, ex.Answer.Outcome)
			}
			judged := &ex.Answer.Publish[0]
			preview := string([]rune(reply)[:min(120, utf8.RuneCountInString(reply))])
			if decision := p.Say("safe." + string(judged.Decision)); !strings.Contains(preview, decision) {
				t.Errorf("%q in %s: the preview lacks %q:\n%s", text, language, decision, preview)
			}
			for _, g := range judged.Grounds {
				if why := g.Rule.Whys.Or(language, g.Rule.Why); !strings.Contains(reply, g.Rule.ID) || !strings.Contains(reply, why) {
					t.Errorf("%q in %s does not tell %s, %q:\n%s", text, language, g.Rule.ID, why, reply)
				}
			}
			if n := strings.Count(reply, "\n") + 1; n > bot.MaxStanceLines || strings.ContainsAny(reply, "{}") {
				t.Errorf("%q in %s has %d lines, or an open slot:\n%s", text, language, n, reply)
			}
		}
	}
}

// What may be attributed comes with the line to cite, and what is not to be used with none.
func TestSafeGivesALineToCite(t *testing.T) {
	d := bottest.NewDesk(t)
	for i := range d.Records.Claims {
		cl := &d.Records.Claims[i]
		ex := d.Ask(t.Context(), bot.Request{Text: "safe " + cl.ID})
		reply := ex.Reply.Text()
		cited := strings.Contains(reply, "To cite: according to an opinion article of 16 Oct 2025: "+cl.Text)
		if want := ex.Answer.Publish[0].Decision == knowledge.Attribute; cited != want {
			t.Errorf("%s is %s, and the reply says\n%s", cl.ID, ex.Answer.Publish[0].Decision, reply)
		}
		if fit := strings.Contains(reply, "Fit to print: "); fit != (ex.Answer.Publish[0].Decision == knowledge.Use) {
			t.Errorf("%s is %s, and the reply says\n%s", cl.ID, ex.Answer.Publish[0].Decision, reply)
		}
	}
}

// Six lines bind also where the desk's records, a misspelt name and two decisions ask for room at once.
func TestSafeFitsALockScreenWithTheDesk(t *testing.T) {
	d := bottest.NewDesk(t)
	d.Record(t, deskLedger()...)
	for _, text := range []string{"safe bolivia", "safe bolivai", "safe colombia", "safe el salvadro", "safe D-1", "safe peru, chile, cuba, haiti and bolivia"} {
		for _, language := range phrases.Languages() {
			reply := d.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: text, Language: language}).Text()
			if n := strings.Count(reply, "\n") + 1; n > bot.MaxStanceLines || n < 3 {
				t.Errorf("%q in %s has %d lines:\n%s", text, language, n, reply)
			}
		}
	}
}
