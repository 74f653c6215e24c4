package telegram

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

// The limits of Telegram that a reply may come near.
const (
	maxUnits    = 4096 // of a message, in UTF-16, after parsing
	roomUnits   = 4000 // that are used, so that a mark can follow
	wordUnits   = 500  // of what is taken for a word
	maxRaw      = 24_000
	maxEntities = 90 // of 100: those beyond are dropped without a word
	maxData     = 64 // bytes of a button
	maxQuery    = 256
	maxButton   = 60 // characters that a button shows on a phone, and some
	maxCopied   = 256
	perRow      = 2
	foldFrom    = 4 // so many rows of evidence are folded up
)

// A Message is a reply as Telegram shows it: one text or, where it is long, several, the last with the buttons.
type Message struct {
	Parts []string // in HTML
	Keys  [][]Button
}

// A Button is one of an inline keyboard, in Telegram's own form.
type Button struct {
	Text   string  `json:"text"`
	Data   string  `json:"callback_data,omitempty"`
	URL    string  `json:"url,omitempty"`
	Copy   *copied `json:"copy_text,omitempty"`
	Choose *chosen `json:"switch_inline_query_chosen_chat,omitempty"`
}

type copied struct {
	Text string `json:"text"`
}

// chosen lets a person choose the chat to which our inline answer goes.
type chosen struct {
	Query    string `json:"query"`
	Users    bool   `json:"allow_user_chats"`
	Groups   bool   `json:"allow_group_chats"`
	Channels bool   `json:"allow_channel_chats"`
}

// Empty reports whether there is nothing to send.
func (m Message) Empty() bool { return len(m.Parts) == 0 }

// Render returns a reply in Telegram's HTML. It is a pure function: the same reply makes the same message.
func Render(r *bot.Reply) Message {
	if len(r.Blocks) == 0 {
		return Message{}
	}
	w := writer{reply: r}
	for i, blk := range r.Blocks {
		w.block(i, blk)
	}
	w.fold(false)
	w.end()
	return Message{Parts: w.parts, Keys: w.keys()}
}

// A writer puts the lines of one message together, and begins another where one is full.
type writer struct {
	reply    *bot.Reply
	parts    []string
	text     strings.Builder
	size     int // of the text, in UTF-16 after parsing
	entities int
	told     bool
	folded   bool // within a quotation that opens when it is tapped
	choices  []bot.Choice
	asks     bool
}

func (w *writer) block(i int, blk bot.Block) {
	switch blk := blk.(type) {
	case bot.Heading:
		w.fold(false)
		w.line(bold(escape(blk.Text)), blk.Text, nil)
	case bot.Line:
		w.fold(false)
		w.told = w.told || blk.Kind == bot.Asserts
		small := blk.Kind == bot.Basis || blk.Kind != bot.Asserts && w.told
		person, name := who(blk.Who)
		w.write(w.lead(blk.Text)+person, blk.Text+name, blk.Receipts, small)
	case bot.Row:
		w.fold(w.folds(i))
		w.told = w.told || blk.Kind.NeedsReceipts()
		person, name := who(blk.Who)
		w.write("• "+w.pages(blk.Text)+person, "• "+blk.Text+name, blk.Receipts, false)
	case bot.Choices:
		if blk.Asks && blk.Lead != "" {
			w.fold(false)
			w.line(bold(escape(blk.Lead)), blk.Lead, nil)
		}
		w.offer(blk)
	}
}

// folds reports whether the row at i belongs to evidence that is folded up: a run of several rows of a reply that says the
// most important above.
func (w *writer) folds(i int) bool {
	if w.reply.About.Intent != "evidence" {
		return false
	}
	first, last := i, i
	for first > 0 && isRow(w.reply.Blocks[first-1]) {
		first--
	}
	for last+1 < len(w.reply.Blocks) && isRow(w.reply.Blocks[last+1]) {
		last++
	}
	return last-first+1 >= foldFrom
}

func isRow(blk bot.Block) bool {
	_, ok := blk.(bot.Row)
	return ok
}

// offer takes the choices that a button can hold: a command that was cut would be another one.
func (w *writer) offer(c bot.Choices) {
	w.asks = w.asks || c.Asks
	for _, item := range c.Items {
		if len(item.Command) <= maxData {
			w.choices = append(w.choices, item)
		}
	}
}

// who writes a person behind a line, and how that is shown: one of Telegram's so that it leads to them, and any other as they are kept.
// Here and in a form alone somebody is mentioned; no text that was typed or stored comes by here.
func who(person string) (html, shown string) {
	if person == "" {
		return "", ""
	}
	id, ours := strings.CutPrefix(person, platform+":")
	if user, err := strconv.ParseInt(id, 10, 64); ours && err == nil && user > 0 {
		return " " + mention(user, id), " " + id
	}
	return " " + escape(person), " " + person
}

// write writes a line with its receipts, each linked to the page that it rests on.
func (w *writer) write(html, shown string, receipts []string, small bool) {
	if len(receipts) > 0 {
		list := make([]string, len(receipts))
		for i, id := range receipts {
			list[i] = w.receipt(id)
		}
		html += " [" + strings.Join(list, ", ") + "]"
	}
	if small {
		html = italic(html)
	}
	w.line(html, shown, receipts)
}

// receipt writes a receipt, linked to the page that it rests on.
func (w *writer) receipt(id string) string {
	if url := w.reply.Links[id]; url != "" {
		return link(url, id)
	}
	return escape(id)
}

// line adds a line, and begins another message when this one is full.
func (w *writer) line(html, shown string, receipts []string) {
	size := units(shown) + strings.Count(html, joiner)
	if len(receipts) > 0 {
		size += units(" [" + strings.Join(receipts, ", ") + "]")
	}
	if size > roomUnits || len(html) > maxRaw || entitiesIn(html) > maxEntities {
		w.long(shown, receipts)
		return
	}
	w.add(html, size, "\n")
}

// add adds a part to a message, behind what parts it from the one before, and begins another message when this one is full.
func (w *writer) add(html string, size int, between string) {
	if w.size > 0 && (w.size+len(between)+size > roomUnits || w.text.Len()+len(html) > maxRaw || w.entities+entitiesIn(html) > maxEntities) {
		w.turn()
	}
	if w.size > 0 && !strings.HasSuffix(w.text.String(), openFold) {
		w.text.WriteString(between)
		w.size += len(between)
	}
	w.text.WriteString(html)
	w.size += size
	w.entities += entitiesIn(html)
}

// entitiesIn counts what is marked in HTML of ours.
func entitiesIn(html string) int { return strings.Count(html, "</") }

// long writes a line that is longer than a message, over several, which end between its words.
func (w *writer) long(shown string, receipts []string) {
	if w.size > 0 {
		w.turn()
	}
	for i, word := range strings.Split(shown, " ") {
		between := " "
		if i == 0 {
			between = ""
		}
		for units(word) > wordUnits { // no word, but a text without blanks
			at := len(cutUnits(word, wordUnits)) - len("…")
			w.word(word[:at], between)
			word, between = word[at:], ""
		}
		w.word(word, between)
	}
	for i, id := range receipts {
		html := w.receipt(id)
		if i == 0 {
			html = "[" + html
		}
		if i < len(receipts)-1 {
			html += ","
		} else {
			html += "]"
		}
		w.add(html, units(id)+strings.Count(html, joiner)+2, " ")
	}
}

// word adds a word, with what keeps it from becoming live together with the one before.
func (w *writer) word(word, between string) {
	html := w.pages(word)
	if first, _ := utf8.DecodeRuneInString(word); between == "" || isDigit(first) {
		html = joiner + html
	}
	w.add(html, units(word)+strings.Count(html, joiner), between)
}

// turn begins another message, and goes on there with a quotation that is folded up.
func (w *writer) turn() {
	folded := w.folded
	if before, empty := strings.CutSuffix(w.text.String(), "\n"+openFold); empty {
		w.text.Reset()
		w.text.WriteString(before)
		w.folded = false
	}
	w.fold(false)
	w.end()
	w.fold(folded)
}

const openFold, closeFold = "<blockquote expandable>", "</blockquote>"

// fold begins or ends a quotation that is folded up.
func (w *writer) fold(folded bool) {
	if w.folded == folded {
		return
	}
	w.folded = folded
	if folded {
		if w.size > 0 {
			w.text.WriteByte('\n')
			w.size++
		}
		w.text.WriteString(openFold)
		w.entities++
		return
	}
	w.text.WriteString(closeFold)
}

// end ends a message.
func (w *writer) end() {
	if w.size == 0 {
		return
	}
	w.parts = append(w.parts, w.text.String())
	w.text.Reset()
	w.size, w.entities = 0, 0
}

// maxLead is how long the beginning of a line up to a colon may be that is set in bold.
const maxLead = 24

// lead writes a text with its lead in bold: a word or two that say what the line is, such as Record: or Stale:.
func (w *writer) lead(text string) string {
	at := strings.IndexAny(text, ":：")
	if at <= 0 || utf8.RuneCountInString(text[:at]) > maxLead || strings.ContainsAny(text[:at], ".;,()·") {
		return w.pages(text)
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	if size == 1 && !strings.HasPrefix(text[at+1:], " ") {
		return w.pages(text) // a colon within an id or a time
	}
	return bold(escape(strings.TrimRightFunc(text[:at+size], unicode.IsSpace))) + w.pages(text[at+size:])
}

// pages escapes a text and makes links of the addresses in it that receipts of the reply rest on. Any other address stays
// text: it may have been typed.
func (w *writer) pages(text string) string {
	at := strings.Index(text, "http")
	if at < 0 {
		return escape(text)
	}
	end := len(text)
	if i := strings.IndexAny(text[at:], " \n,;)»”"); i >= 0 {
		end = at + i
	}
	url := strings.TrimRight(text[at:end], ".")
	for _, known := range w.reply.Links {
		if known == url {
			return escape(text[:at]) + link(url, url) + w.pages(text[at+len(url):])
		}
	}
	return escape(text[:end]) + w.pages(text[end:])
}

// keys are the buttons: pages first, then what leads on, then what a person does with the answer.
func (w *writer) keys() [][]Button {
	p := phrases.In(w.reply.Language)
	var rows [][]Button
	if page := w.reply.Page; page != nil {
		var row []Button
		for _, turn := range []*bot.Choice{page.Previous, page.Next} {
			if turn != nil {
				row = append(row, w.button("", *turn))
				w.drop(turn.Command)
			}
		}
		rows = append(rows, row)
	}
	mark := ""
	if w.asks {
		mark = pickMark
	}
	var row []Button
	for _, c := range w.choices {
		if row = append(row, w.choice(mark, c)); len(row) == perRow || w.asks {
			rows, row = append(rows, row), nil
		}
	}
	if len(row) > 0 {
		rows = append(rows, row)
	}
	if own := w.own(p); len(own) > 0 {
		rows = append(rows, own)
	}
	if votes := w.votes(p); len(votes) > 0 {
		rows = append(rows, votes)
	}
	return rows
}

// drop leaves a choice out that another button stands for.
func (w *writer) drop(command string) {
	var kept []bot.Choice
	for _, c := range w.choices {
		if c.Command != command {
			kept = append(kept, c)
		}
	}
	w.choices = kept
}

// votes are the buttons by which readers say whether the answer helped, where its command fits one.
func (w *writer) votes(p *phrases.Catalogue) []Button {
	var row []Button
	for _, c := range w.reply.VoteChoices(p) {
		b := w.button("", c)
		if len(b.Data) > maxData {
			return nil
		}
		row = append(row, b)
	}
	return row
}

// own are the buttons to copy the citable line and to share the answer, of the day on which it was given, in any chat.
func (w *writer) own(p *phrases.Catalogue) []Button {
	command := w.reply.About.Command
	if w.reply.Private || len(w.reply.Receipts) == 0 || command == "" {
		return nil
	}
	var row []Button
	if line := w.citable(); line != "" {
		row = append(row, Button{Text: p.Say("telegram.copy"), Copy: &copied{line}})
	}
	if dated := w.reply.About.Dated; dated != "" && len(dated) <= maxQuery && w.reply.File == nil { // what is shared is a card, which carries none
		row = append(row, Button{Text: p.Say("telegram.share"), Choose: &chosen{Query: dated, Users: true, Groups: true, Channels: true}})
	}
	return row
}

// citable is the first line with what it rests on, for a story: "" where the reply has no heading.
func (w *writer) citable() string {
	heading, ok := w.reply.Blocks[0].(bot.Heading)
	if !ok || len(w.reply.Blocks) < 2 {
		return ""
	}
	line, ok := w.reply.Blocks[1].(bot.Line)
	if !ok || line.Kind != bot.Basis {
		return ""
	}
	return cutUnits(heading.Text+". "+line.Text+" ["+strings.Join(line.Receipts, ", ")+"]", maxCopied)
}

// What begins the data of a button where its command is not simply answered. No command begins so.
const (
	pickMark = "." // it answers a question which was asked back: the answer takes its place
	askMark  = "?" // it asks for words
)

// choice writes a choice as a button, and marks one that asks for words.
func (w *writer) choice(mark string, c bot.Choice) Button {
	if len(c.Asks) > 0 {
		mark = askMark
	}
	return w.button(mark, c)
}

// button writes a choice. Before its command stands the language in which the answer goes on, where there is room.
func (w *writer) button(mark string, c bot.Choice) Button {
	data := mark + w.reply.Language + ":" + c.Command
	if len(data) > maxData {
		data = mark + c.Command
	}
	if len(data) > maxData {
		data = c.Command
	}
	return Button{Text: cutUnits(c.Label, maxButton), Data: data}
}

// pressedCommand reads the data of a button.
func pressedCommand(data string) (command, language, mark string) {
	for _, m := range []string{pickMark, askMark} {
		if rest, ok := strings.CutPrefix(data, m); ok {
			data, mark = rest, m
			break
		}
	}
	if language, command, ok := strings.Cut(data, ":"); ok && len(language) == 2 {
		return command, language, mark
	}
	return data, "", mark
}
