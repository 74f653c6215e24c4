package bottest

import (
	"context"
	"strings"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

// A Clerk is a bot that takes words down: typed alone, its commands ask for them in a form, and with words it says what was typed, and
// by whom. Its commands are correct with two fields, one of them long and one with a hint, and reject with one. What is no command of its
// is its Handler's to answer, where it has one.
type Clerk struct {
	bot.Handler

	Private bool // what was typed is for the eyes of its person alone
}

// Handle takes words down, or asks for them.
func (k Clerk) Handle(ctx context.Context, req bot.Request) bot.Reply {
	words := strings.Fields(req.Text)
	choices := Forms(phrases.In(req.Language[:min(2, len(req.Language))]))
	for _, c := range choices.Items {
		switch verb := strings.Fields(c.Command)[0]; {
		case len(words) == 0 || words[0] != verb:
		case len(words) == 2:
			choices.Items = []bot.Choice{c}
			choices.Items[0].Command = req.Text
			line := bot.Line{Text: "Type " + req.Text + " and the words", Kind: bot.OurOwn}
			return bot.Reply{Language: phrases.In(req.Language).Language, Private: true, Blocks: []bot.Block{line, choices}}
		default:
			line := bot.Line{Text: req.Text + " · typed by", Kind: bot.OurOwn, Who: req.Person}
			return bot.Reply{Language: phrases.In(req.Language).Language, Private: k.Private, Blocks: []bot.Block{line}}
		}
	}
	if k.Handler == nil {
		line := bot.Line{Text: "no command: " + req.Text, Kind: bot.OurOwn}
		return bot.Reply{Language: "en", Blocks: []bot.Block{line}}
	}
	return k.Handler.Handle(ctx, req)
}

// Forms are the choices of a Clerk, whose fields are named in a language.
func Forms(p *phrases.Catalogue) bot.Choices {
	return bot.Choices{Asks: true, Items: []bot.Choice{
		{Label: p.Say("edit.reject"), Command: "reject D-1", Asks: []bot.Ask{{Label: p.Say("edit.ask.words"), Long: true}}},
		{Label: p.Say("edit.correct"), Command: "correct BRA-14", Asks: []bot.Ask{
			{Label: p.Say("edit.ask.right"), Long: true}, {Label: p.Say("edit.ask.source"), Hint: "https://…"},
		}},
	}}
}
