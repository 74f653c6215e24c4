package telegram

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"stancebot/adapters/lenient"
	"stancebot/bot"
	"stancebot/bot/inbox"
	"stancebot/bot/phrases"
)

// Telegram has no forms. The button of a choice that asks for words sends a message instead to which its person replies, and the reply is
// typed behind the command. All that is to be known then stands in that message: the command is set as code, which nothing else in what
// we send is, and nothing that was typed or stored can be.

// maxPlaceholder is how much of what is asked for the empty field shows in which a person types.
const maxPlaceholder = 64

// cancel is the command that ends a form.
const cancel = "cancel"

// A form is what a message of ours asks for: the words of a command. The zero value is no form.
type form struct{ command, language string }

// formOf reads what a message asks for that was replied to.
func formOf(o lenient.Object) form {
	text := o.Text("text")
	var f form
	for _, e := range o.List("entities") {
		if e.Text("type") == "code" {
			f.command = strings.TrimSpace(withoutJoiners(stretch(text, e.Number("offset"), e.Number("length"))))
		}
	}
	if f.command == "" {
		return form{}
	}
	text = withoutJoiners(text)
	for _, language := range phrases.Languages() {
		if strings.Contains(text, phrases.In(language).Say("telegram.form")) {
			f.language = language
		}
	}
	return f
}

// stretch is a part of a text, in UTF-16 units; "" for one that lies outside.
func stretch(text string, offset, length int64) string {
	u := utf16.Encode([]rune(text))
	size := int64(len(u))
	if offset < 0 || length < 0 || offset > size || length > size-offset {
		return ""
	}
	return string(utf16.Decode(u[offset : offset+length]))
}

// typed is what a reply to a form says, as though it had been typed: the command with the words behind it, on one line.
func (f form) typed(words string) string {
	return strings.Join(append([]string{f.command}, strings.Fields(words)...), " ")
}

// asksIn is what the choice of a reply asks for that has this command, nil for nothing.
func asksIn(r *bot.Reply, command string) []bot.Ask {
	for _, blk := range r.Blocks {
		choices, _ := blk.(bot.Choices)
		i := slices.IndexFunc(choices.Items, func(c bot.Choice) bool { return c.Command == command })
		if i >= 0 && len(choices.Items[i].Asks) > 0 {
			return choices.Items[i].Asks
		}
	}
	return nil
}

// askFor sends a message that asks whoever pressed a button for words. Where others talk too it calls them by name: Telegram then opens
// the reply to it for them alone.
func (a *Adapter) askFor(ctx context.Context, ev *inbox.Event, p *press, asks []bot.Ask, req bot.Request) error {
	r := formReply(asks, req.Language)
	m := Render(&r)
	last := len(m.Parts) - 1
	m.Parts[last] += "\n" + code(escape(req.Text))
	reply := map[string]any{"force_reply": true, "input_field_placeholder": cutUnits(asks[0].Label, maxPlaceholder)}
	to := target{chat: p.message.chat, thread: p.message.thread}
	if p.message.chatType != private {
		reply["selective"] = true
		m.Parts[last] = mention(p.user, cmp.Or(p.name, strconv.FormatInt(p.user, 10))) + "\n" + m.Parts[last]
		to.replyTo = p.message.id
	}
	return a.send(ctx, ev, to, shown{m, jsonOf(reply)}, &r, req)
}

// formReply says how a form is filled in, and what with.
func formReply(asks []bot.Ask, language string) bot.Reply {
	r := bot.Reply{Language: language, Private: true}
	r.Blocks = append(r.Blocks, bot.Line{Text: phrases.In(language).Say("telegram.form"), Kind: bot.OurOwn})
	for _, ask := range asks {
		text := ask.Label
		if ask.Hint != "" {
			text += " · " + ask.Hint
		}
		r.Blocks = append(r.Blocks, bot.Row{Text: text, Kind: bot.OurOwn})
	}
	return r
}

// formEnded says that a form was ended.
func formEnded(language string) bot.Reply {
	p := phrases.In(language)
	return bot.Reply{Language: p.Language, Private: true, Blocks: []bot.Block{bot.Line{Text: p.Say("telegram.form.ended"), Kind: bot.OurOwn}}}
}
