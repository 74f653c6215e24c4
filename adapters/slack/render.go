package slack

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"stancebot/bot"
	"stancebot/bot/phrases"
)

// The limits of Slack that a reply may come near, in characters and in numbers.
const (
	maxHeader   = 150
	maxSection  = 3000
	maxFallback = 3000 // Slack cuts at 40,000 and advises 4,000: escaped signs count as one here and as several there
	maxButton   = 75
	maxValue    = 150  // of an option; a button takes more
	maxURL      = 2000 // Slack takes 3,000 characters of a section, of which a link is a part
	maxBlocks   = 50
	maxOptions  = 100
	maxOverflow = 5
	maxRow      = 4 // buttons in a row, beside those that turn pages and share
)

// A Message is a reply as Slack shows it. Text alone says the answer: it is the notification, and what a screen reader
// reads.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// Empty reports whether there is nothing to send.
func (m Message) Empty() bool { return m.Text == "" }

// The ids of what can be pressed begin with what becomes of the answer, whose command the value is. Behind colons follow the
// language of the message, in which the answer goes on, and what makes the id one of its own.
const (
	actionAsk   = "ask"   // answered beside the message, for the one who pressed
	actionPick  = "pick"  // answers the question that the message asked back: takes its place
	actionPage  = "page"  // another page of the list: takes its place
	actionShare = "share" // the answer is posted to the channel
	actionForm  = "form"  // opens a form, and what is typed into it is typed behind the command
)

// Place tells where a reply is shown, as far as that changes what it offers.
type Place struct {
	Team  string // the workspace, whose people are named so that Slack knows them; "" where that is not known
	Share string // the command whose answer can be shared from here; "" where there is nothing to share, or nowhere
}

// Render returns a reply in Block Kit. It is a pure function: the same reply makes the same message.
func Render(r *bot.Reply, at Place) Message {
	if len(r.Blocks) == 0 {
		return Message{}
	}
	w := writer{reply: r, team: at.Team}
	for _, blk := range r.Blocks {
		w.block(blk)
	}
	w.flush()
	w.actions(at)
	if len(w.blocks) > maxBlocks {
		w.blocks = append(w.blocks[:maxBlocks-1:maxBlocks-1], w.blocks[len(w.blocks)-1])
	}
	return Message{Text: fallback(r), Blocks: w.blocks}
}

// A writer puts the blocks of one message together.
type writer struct {
	reply   *bot.Reply
	team    string
	blocks  []slack.Block
	lines   strings.Builder // of the block that lines are added to
	size    int             // of it, in characters
	small   bool            // it is a context: what is said of the answer, not the answer
	told    bool            // something was told already
	choices []bot.Choice
	asks    bool
}

func (w *writer) block(blk bot.Block) {
	switch blk := blk.(type) {
	case bot.Heading:
		w.heading(blk.Text)
	case bot.Line:
		w.line(w.lead(blk.Text)+w.who(blk.Who)+w.receipts(blk.Receipts), blk.Kind)
	case bot.Row:
		w.add("• "+w.pages(blk.Text)+w.who(blk.Who)+w.receipts(blk.Receipts), false)
		w.told = w.told || blk.Kind.NeedsReceipts()
	case bot.Choices:
		if blk.Asks && blk.Lead != "" {
			w.add(bold(escape(blk.Lead)), false)
		}
		w.offer(blk)
	}
}

// offer takes choices that a button can hold: a command that was cut would be another one, and Slack takes no empty text.
func (w *writer) offer(c bot.Choices) {
	w.asks = w.asks || c.Asks
	for _, item := range c.Items {
		if n := len(item.Command); n > 0 && n <= maxValue && item.Label != "" {
			w.choices = append(w.choices, item)
		}
	}
}

// heading writes a header where it fits, and else a bold line.
func (w *writer) heading(text string) {
	w.flush()
	if text == "" {
		return
	}
	if utf8.RuneCountInString(text) <= maxHeader {
		w.blocks = append(w.blocks, slack.NewHeaderBlock(plain(text)))
		return
	}
	w.add(bold(escape(text)), false)
}

// line writes a line: what is told in full size; who says it and when, and what is said of it afterwards, small.
func (w *writer) line(text string, kind bot.LineKind) {
	w.add(text, kind == bot.Basis || kind != bot.Asserts && w.told)
	w.told = w.told || kind == bot.Asserts
}

// add adds a line to the block at the end, and begins another when that is full or of the other size. What one block does not
// hold of a line, the next ones do.
func (w *writer) add(line string, small bool) {
	line, rest := broken(line)
	n := utf8.RuneCountInString(line)
	if w.size > 0 && (w.small != small || w.size+1+n > maxSection) {
		w.flush()
	}
	w.small = small
	if w.size > 0 {
		w.lines.WriteByte('\n')
		w.size++
	}
	w.lines.WriteString(line)
	w.size += n
	if rest != "" {
		w.add(rest, small)
	}
}

// broken breaks a line that no block holds behind a comma, such as those between receipts, and cuts one that has none.
func broken(line string) (first, rest string) {
	short := cut(line, maxSection)
	if short == line {
		return line, ""
	}
	fits := short[:len(short)-len("…")]
	at := strings.LastIndex(fits, ", ")
	if at <= 0 || strings.LastIndexByte(fits[:at], '<') > strings.LastIndexByte(fits[:at], '>') {
		return short, ""
	}
	return line[:at+1], line[at+2:]
}

func (w *writer) flush() {
	if w.size == 0 {
		return
	}
	text := mrkdwn(w.lines.String())
	if w.small {
		w.blocks = append(w.blocks, slack.NewContextBlock("", text))
	} else {
		w.blocks = append(w.blocks, slack.NewSectionBlock(text, nil, nil))
	}
	w.lines.Reset()
	w.size = 0
}

// people are the ids that Slack gives to people.
var people = regexp.MustCompile(`^[UW][A-Z0-9]{1,20}$`)

// who writes a person behind a line: one of this workspace so that Slack shows their name, and any other as they are kept. Here alone
// somebody is mentioned; no text that was typed or stored comes by here.
func (w *writer) who(person string) string {
	if person == "" {
		return ""
	}
	team, user, _, err := partsOf(person)
	if err == nil && team == w.team && people.MatchString(user) {
		return " <@" + user + ">"
	}
	return " " + escape(person)
}

// receipts writes what a line rests on, each linked to its page.
func (w *writer) receipts(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(" [")
	for i, id := range ids {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(link(w.reply.Links[id], id))
	}
	b.WriteByte(']')
	return b.String()
}

// maxLead is how long the beginning of a line up to a colon may be that is set in bold: a word or two that say what the
// line is, such as Record: or Stale:.
const maxLead = 24

// lead writes a text with its lead in bold, and the pages that it names as links. Beside a letter that is no Latin one, Slack
// would show the signs of bold: a blank parts them in Chinese, too.
func (w *writer) lead(text string) string {
	at := strings.IndexAny(text, ":：")
	if at <= 0 || utf8.RuneCountInString(text[:at]) > maxLead || strings.ContainsAny(text[:at], ".;,()·\n") {
		return w.pages(text)
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	if rest := text[at+size:]; size == 1 && !strings.HasPrefix(rest, " ") {
		return w.pages(text) // a colon within an id or a time
	}
	return bold(escape(text[:at+size])) + " " + w.pages(strings.TrimLeft(text[at+size:], " "))
}

// pages escapes a text and makes links of the addresses in it that receipts of the reply rest on. Any other address stays
// text: it may have been typed.
func (w *writer) pages(text string) string {
	for at := 0; ; at += len("http") {
		i := strings.Index(text[at:], "http")
		if i < 0 {
			return escape(text)
		}
		at += i
		if page := w.page(text[at:]); page != "" {
			return escape(text[:at]) + link(page, page) + w.pages(text[at+len(page):])
		}
	}
}

// page returns the address that a text begins with, if a receipt of the reply rests on it.
func (w *writer) page(text string) string {
	if i := strings.IndexAny(text, " \n,;)»”"); i >= 0 {
		text = text[:i]
	}
	text = strings.TrimRight(text, ".")
	for _, known := range w.reply.Links {
		if known == text {
			return text
		}
	}
	return ""
}

// actions writes what can be pressed: one row of buttons, the rest in a menu. Where the reply asks back among many, it is a
// list to choose from.
func (w *writer) actions(at Place) {
	p := phrases.In(w.reply.Language)
	var row []slack.BlockElement
	if page := w.reply.Page; page != nil {
		for i, turn := range []*bot.Choice{page.Previous, page.Next} {
			if turn != nil {
				row = append(row, button(w.id(actionPage, strconv.Itoa(i)), turn.Label, turn.Command))
				w.drop(turn.Command)
			}
		}
	}
	action := actionAsk
	if w.asks {
		action = actionPick
	}
	if w.asks && len(w.choices) > maxRow+maxOverflow {
		row = append(row, w.list(p))
		w.choices = nil
	}
	first := min(len(w.choices), maxRow)
	for i, c := range w.choices[:first] {
		row = append(row, w.choice(action, strconv.Itoa(i), c))
	}
	if at.Share != "" {
		row = append(row, button(w.id(actionShare, ""), p.Say("slack.share"), at.Share))
	}
	if rest := w.menu(p, w.choices[first:]); len(rest) > 0 {
		row = append(row, slack.NewOverflowBlockElement(w.id(action, "more"), options(rest)...))
	}
	if len(row) > 0 {
		w.blocks = append(w.blocks, slack.NewActionBlock("", row...))
	}
}

// menu are the choices that stand behind the buttons, with those by which readers say whether the answer helped last.
func (w *writer) menu(p *phrases.Catalogue, rest []bot.Choice) []bot.Choice {
	var votes []bot.Choice
	for _, c := range w.reply.VoteChoices(p) {
		if len(c.Command) <= maxValue {
			votes = append(votes, c)
		}
	}
	return slices.Concat(rest[:min(len(rest), maxOverflow-len(votes))], votes)
}

// choice is the button of a choice, and of one that asks for words that of a form. In a menu or a list there is no room for a form:
// there it is its command, whose answer has a button for it.
func (w *writer) choice(action, own string, c bot.Choice) *slack.ButtonBlockElement {
	if value := formValue(c); value != "" {
		return button(w.id(actionForm, own), c.Label, value)
	}
	return button(w.id(action, own), c.Label, c.Command)
}

func (w *writer) id(action, own string) string { return actionID(action, w.reply.Language, own) }

func actionID(action, language, own string) string { return action + ":" + language + ":" + own }

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

func (w *writer) list(p *phrases.Catalogue) slack.BlockElement {
	choices := w.choices[:min(len(w.choices), maxOptions)]
	return slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(p.Say("slack.choose")), w.id(actionPick, "list"), options(choices)...)
}

func options(choices []bot.Choice) []*slack.OptionBlockObject {
	list := make([]*slack.OptionBlockObject, len(choices))
	for i, c := range choices {
		list[i] = slack.NewOptionBlockObject(c.Command, plain(cut(c.Label, maxButton)), nil)
	}
	return list
}

func button(id, label, command string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(id, command, plain(cut(label, maxButton)))
}

var no = false

// plain is a text that Slack shows as it is, emoji included.
func plain(text string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.PlainTextType, Text: text, Emoji: &no}
}

// mrkdwn is a text that is escaped already. Slack is told to look for nothing in it but what is marked.
func mrkdwn(escaped string) *slack.TextBlockObject {
	return &slack.TextBlockObject{Type: slack.MarkdownType, Text: escaped, Verbatim: true}
}

// cut cuts a text to so many characters, the last of them a sign that it was cut. Of mrkdwn it cuts no link in two.
func cut(text string, limit int) string {
	if len(text) <= limit || utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := []rune(text)
	end := limit - 1
	for i := end - 1; i >= 0 && runes[i] != '>'; i-- {
		if runes[i] == '<' {
			end = i
			break
		}
	}
	if i := strings.LastIndexByte(string(runes[max(0, end-8):end]), '&'); i >= 0 { // within an entity
		end = max(0, end-8) + utf8.RuneCountInString(string(runes[max(0, end-8):end])[:i])
	}
	return string(runes[:end]) + "…"
}

// fallback says the reply in plain text, as far as it fits, without what can be pressed unless that is all there is.
func fallback(r *bot.Reply) string {
	said := bot.Reply{Language: r.Language}
	for _, blk := range r.Blocks {
		if c, ok := blk.(bot.Choices); !ok || c.Asks || len(r.Blocks) == 1 {
			said.Blocks = append(said.Blocks, blk)
		}
	}
	return cut(escape(said.Text()), maxFallback)
}
