package telegram

import (
	"context"
	"strconv"
	"strings"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

// The limits of an inline answer.
const (
	maxCards   = 50
	cardsCache = "60" // seconds that Telegram may show the same: the calendar of answers is a day's, a correction is today's
	maxDetail  = 120
)

// A card is one result of an inline query, in Telegram's own form.
type card struct {
	Type        string         `json:"type"`
	ID          string         `json:"id"`
	Title       string         `json:"title"`
	Description string         `json:"description,omitempty"`
	Content     cardContent    `json:"input_message_content"`
	Keys        map[string]any `json:"reply_markup,omitempty"`
}

type cardContent struct {
	Text    string `json:"message_text"`
	Mode    string `json:"parse_mode"`
	Preview any    `json:"link_preview_options"`
}

// inline answers what somebody types behind our name in any chat: with the answer to what it asks, and with the countries
// whose names begin so.
func (a *Adapter) inline(ctx context.Context, q *inlineQuery) error {
	commands := []string{}
	if strings.TrimSpace(q.text) != "" {
		commands = append(commands, q.text)
	}
	for _, c := range a.Suggest(q.text, q.language, maxCards) {
		commands = append(commands, c.Command)
	}
	var cards []card
	seen := map[string]bool{}
	for _, command := range commands {
		req := a.request(ctx, q.user, 0, q.user, q.language, command)
		req.Conversation = "" // nobody asked yet
		if len(cards) > 0 {
			req.Person = "" // one query is one question, however many cards it gets
		}
		r := a.Bot.Handle(ctx, req)
		if c, ok := cardOf(&r, len(cards)); ok && !seen[r.About.Command] && len(cards) < maxCards {
			seen[r.About.Command] = true
			cards = append(cards, c)
		}
	}
	if cards == nil {
		cards = []card{}
	}
	p := params{"inline_query_id": q.id, "results": jsonOf(cards), "cache_time": cardsCache, "is_personal": "true"}
	if len(cards) == 0 {
		p["button"] = jsonOf(map[string]string{"text": phrases.In(q.language[:min(2, len(q.language))]).Say("telegram.help"), "start_parameter": "help"})
	}
	_, err := a.api.call(ctx, "answerInlineQuery", p)
	return err
}

// cardOf makes a card of a reply that asserts something. A card carries no file.
func cardOf(r *bot.Reply, n int) (card, bool) {
	if r.Private || len(r.Receipts) == 0 || r.About.Command == "" || r.File != nil {
		return card{}, false
	}
	m := Render(r)
	title, detail, _ := strings.Cut(r.Text(), "\n")
	name, labels, _ := strings.Cut(title, " · ")
	if labels != "" {
		title, detail = name, labels
	}
	return card{
		Type: "article", ID: strconv.Itoa(n), Title: cutUnits(title, maxDetail), Description: cutUnits(detail, maxDetail),
		Content: cardContent{m.Parts[0], "HTML", map[string]bool{"is_disabled": true}}, Keys: map[string]any{"inline_keyboard": inlineKeys(m.Keys)},
	}, true
}

// inlineKeys are the buttons of a card: where we are no member we cannot answer beside the message, only in its place, nor
// ask for words.
func inlineKeys(keys [][]Button) [][]Button {
	var kept [][]Button
	for _, row := range keys {
		var list []Button
		for _, b := range row {
			if b.Copy == nil && !strings.HasPrefix(b.Data, askMark) {
				list = append(list, b)
			}
		}
		if len(list) > 0 {
			kept = append(kept, list)
		}
	}
	if kept == nil {
		kept = [][]Button{}
	}
	return kept
}
