package bottest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// sampleOf is of how many replies the ordinary run judges one. STANCETEST_DEEP has all judged.
const sampleOf = 300

// Deep reports whether all is to be judged. It is asked while a test runs: what is read before, go test does not see, and
// repeats an outcome of the other kind.
func Deep() bool { return os.Getenv("STANCETEST_DEEP") != "" }

// NewRecordingDesk returns a desk that recorded what a good desk would not: texts that mean something to a platform.
func NewRecordingDesk(tb testing.TB, texts []string) *Desk {
	tb.Helper()
	d := NewDesk(tb)
	var drafts []ledger.Draft
	for i, text := range texts {
		text = strings.ToValidUTF8(text, "")
		drafts = append(drafts, ledger.Draft{
			At: knowledge.Day(2026_08_08).Time(), Author: "console:<@U1>", Kind: ledger.EventRecorded, Reason: text,
			Payload: ledger.Event{Country: "COL", On: knowledge.Date(2026_08_01 + i%28), Kind: "leader", Text: text, Source: "https://desk.example/?a=<b>&c=|*d*"},
		})
	}
	d.Record(tb, drafts...)
	return d
}

// EveryReply returns the replies to everything, or to a sample that is always the same, each by what was asked in which
// language. What is hostile, and may be repeated, is never left out; an ordinary run asks it in one language.
func (d *Desk) EveryReply(tb testing.TB, texts []string) iter.Seq2[string, *bot.Reply] {
	tb.Helper()
	rng := rand.New(rand.NewPCG(1, 0)) //nolint:gosec // no secret: a sample that is always the same
	return func(yield func(string, *bot.Reply) bool) {
		ask := func(req bot.Request) bool {
			req.Desk = knowledge.DefaultDesk
			r := d.Handle(tb.Context(), req)
			return yield(fmt.Sprintf("%q in %s", req.Text, r.Language), &r)
		}
		languages := phrases.Languages()
		for turn, language := range languages {
			for _, purpose := range []bot.Purpose{bot.Overview, bot.Check} {
				if !ask(bot.Request{Language: language, Purpose: purpose, Text: "Peru is Russia's ally. Cuba and Bolivia voted Yes on ES-11/1, and " + texts[0] + " *all* of Brazil."}) {
					return
				}
			}
			for i, text := range hostileQuestions(texts) {
				if (Deep() || i%len(languages) == turn) && !ask(bot.Request{Language: language, Text: text}) {
					return
				}
			}
			for _, part := range []iter.Seq[string]{d.Everything(), d.placeQuestions()} {
				for text := range part {
					if (Deep() || slices.Contains(always, text) || rng.IntN(sampleOf) == 0) && !ask(bot.Request{Language: language, Text: text}) {
						return
					}
				}
			}
		}
	}
}

// always are what no sample leaves out: the help, and the longest answers.
var always = []string{"help", "group nato", "group unfriendly list", "resolution es-11/1", "resolution es-11/1 proof"}

// hostileQuestions put texts where they may be repeated.
func hostileQuestions(texts []string) []string {
	list := []string{"stance col", "shifts col"}
	for i, text := range texts {
		list = append(list, fmt.Sprintf("source D-%d", i+1))
		for _, form := range []string{"%", "stance %", "search %", "anything about %", "is % an ally of russia?", "что писали про %"} {
			list = append(list, strings.ReplaceAll(form, "%", text))
		}
	}
	return list
}

// placeQuestions ask for what is no member of the United Nations.
func (d *Desk) placeQuestions() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range d.Records.House.Places {
			for _, name := range d.Records.House.Places[i].Names {
				for _, command := range []string{"stance ", "votes ", "agreement ", "measures ", "compare peru "} {
					if !yield(command + name) {
						return
					}
				}
			}
		}
	}
}

// A Row is what one line of a message is to show.
type Row struct {
	Text     string
	Receipts []string
	Header   bool
}

// Said is all that a reader is to see of it.
func (w Row) Said() string {
	if len(w.Receipts) == 0 {
		return w.Text
	}
	return w.Text + " [" + strings.Join(w.Receipts, ", ") + "]"
}

// RowsOf returns the lines that a reply wants to be shown where choices are buttons.
func RowsOf(r *bot.Reply) []Row {
	var rows []Row
	add := func(text string, receipts []string, header bool) {
		lines := strings.Split(text, "\n")
		for _, line := range lines[:len(lines)-1] {
			rows = append(rows, Row{Text: line})
		}
		rows = append(rows, Row{lines[len(lines)-1], receipts, header})
	}
	for _, blk := range r.Blocks {
		switch blk := blk.(type) {
		case bot.Heading:
			add(blk.Text, nil, true)
		case bot.Line:
			add(blk.Text, blk.Receipts, false)
		case bot.Row:
			add("• "+blk.Text, blk.Receipts, false)
		case bot.Choices:
			if blk.Asks {
				add(blk.Lead, nil, false)
			}
		}
	}
	return rows
}

// Presses tells what is wrong with a button's command: it is to be read as what it says, in any language.
func (d *Desk) Presses(command string) (fault string) {
	q := d.Reader.Read(command, Today).Query
	searches := q.Intent == knowledge.IntentSearch && strings.HasPrefix(command, "search ") // for words, of any language
	if q.Misread != nil || bot.Canonical(q) != command && !searches {
		return fmt.Sprintf("the button %q asks %q", command, bot.Canonical(q))
	}
	return ""
}
