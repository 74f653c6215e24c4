package bot

import (
	"context"
	"strings"
	"unicode/utf8"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A Request is one thing that one person asked, with every trace of its platform removed.
type Request struct {
	Desk         knowledge.DeskID // whose records are read beside the shared ones, "" for none
	Space        string           // the workspace or chat that it comes from, whose questions are counted together: slack:T1; "" for none
	ID           string           // the platform's id of the event; "" where there is none
	Conversation string           // follow-ups look back within one; "" when each question stands alone
	Where        Where            // the channel that was asked in
	Person       string           // whose questions are counted, so that a flood ends in silence; "" when they are not
	Text         string           // mentions and markup already stripped
	Purpose      Purpose          // what the text is for
	Language     string           // the reply's language where it is set, such as "es"; "" otherwise
	Locale       string           // the client's locale where the platform tells it
	AsOf         string           // a date that the caller sets beside the text, in the forms of the records; "" otherwise
	KnownAt      string           // likewise for the second clock
	InWords      bool             // no picture is drawn, for who shows none
}

// A Purpose is what a text is for.
type Purpose int

// The purposes.
const (
	Question Purpose = iota // a question or a command is answered
	Check                   // somebody's message is held against the records
	Overview                // no text: how fresh the records are, and what can be asked
)

// A Handler answers requests. It cannot fail: trouble becomes a Reply that the reader can act on, and a log line that
// the operator can.
type Handler interface {
	Handle(ctx context.Context, req Request) Reply
}

// A Reply says what to tell the reader. How it looks is the adapter's business. One without blocks is silence: nothing is
// sent.
type Reply struct {
	Language string
	Blocks   []Block
	Private  bool              // only the asker should see it, where the platform can
	Receipts []string          // all ids that the reply rests on, those on further pages included
	Links    map[string]string // the page that a receipt rests on, for those of the blocks that rest on one
	Page     *Page             // nil unless the reply is a page of a longer list
	File     *File             // nil unless a file goes with the reply
	About    About
	Votes    bool   // its readers may say whether it helped: feedback yes and feedback no, with the command that it is about
	Same     string // replies that share it are equal; "" for one that may have no equal
}

// A File goes with a reply, which is complete without it. Equal replies share theirs: nobody changes it.
type File struct {
	Name string // with its ending
	Type string // its media type
	Data []byte // at most MaxFile, never empty
	Note string // what it holds, of when, in the language of the reply
	Alt  string // of a picture: what it shows, for those who do not see it
}

// IsPicture reports whether the file is to be looked at where the reply is.
func (f *File) IsPicture() bool { return f != nil && strings.HasPrefix(f.Type, "image/") }

// MaxFile is the most bytes of a file: what a platform takes at any time.
const MaxFile = 1 << 20

// About tells what a reply is about, for those that keep what was told.
type About struct {
	Intent    knowledge.Intent
	Command   string // in its short canonical form, which asks the same wherever it is typed; "" where there is none
	Dated     string // the command with the day of the answer, so that it asks the same on another day; the command where no day is asked of it
	Countries []knowledge.Country
	Seq       int64 // the last entry of the desk's ledger that it takes into account for certain
}

// VoteChoices are the buttons by which readers say whether a reply helped, none where they may not.
func (r Reply) VoteChoices(p *phrases.Catalogue) []Choice {
	if !r.Votes {
		return nil
	}
	return []Choice{
		{Label: p.Say("feedback.yes"), Command: "feedback yes " + r.About.Command}, {Label: p.Say("feedback.no"), Command: "feedback no " + r.About.Command},
	}
}

// A Page is the place of a reply in a list of several pages, from 1. What leads to its neighbours is nil at the ends.
type Page struct {
	N, Of          int
	Previous, Next *Choice
}

// A Block is a Heading, a Line, a Row or Choices.
type Block interface{ block() }

// A Heading is the first line: bold where the platform can, and enough as a push preview. What it asserts, it
// asserts with the receipts of the line below.
type Heading struct{ Text string }

// A Line is one line of text with the receipts that it rests on.
type Line struct {
	Text     string
	Receipts []string
	Kind     LineKind
	Who      string // a person whom the text ends with, as Request.Person names people; "" for nobody
}

// A Row is one entry of a list: a line that belongs with its neighbours.
type Row struct {
	Text     string
	Receipts []string
	Kind     LineKind
	Who      string
}

// A LineKind tells what sort of line it is: only those that assert need receipts.
type LineKind int

// The kinds of lines.
const (
	Asserts LineKind = iota // tells something of the world
	OurOwn                  // speaks of our records, of how we read the question, or of what can be asked
	House                   // a note of the newsroom's house-style file
	Basis                   // tells who says what the lines above tell, from when, and how old it is
)

// NeedsReceipts reports whether a line of the kind tells something that a record must bear out.
func (k LineKind) NeedsReceipts() bool { return k == Asserts || k == Basis }

// Choices are buttons. Pressing one is the same as typing its command.
type Choices struct {
	Lead  string // with the mark that ends it: "More:", "Which one?"
	Items []Choice
	Asks  bool // the question is not answered before one is chosen
}

// A Choice is one button: what it says, and the command in its short canonical form, of at most 64 bytes.
type Choice struct {
	Label, Command string
	// Asks is what whoever presses it is asked for: the command is typed with the answers behind it, in their order. Where a platform
	// has no form, all are asked for in one message. Typed alone, the command changes nothing, and its reply offers the same choice.
	Asks []Ask
}

// An Ask is one field of a form.
type Ask struct {
	Label string // what is asked for
	Hint  string // an example, or how it is written
	Long  bool   // the answer may be some sentences
}

func (Heading) block() {}
func (Line) block()    {}
func (Row) block()     {}
func (Choices) block() {}

// receiptsOf returns what a block shows that it rests on.
func receiptsOf(blk Block) []string {
	switch blk := blk.(type) {
	case Line:
		return blk.Receipts
	case Row:
		return blk.Receipts
	}
	return nil
}

// Text returns the reply as plain text, a line for each block, receipts in brackets.
func (r Reply) Text() string {
	var b strings.Builder
	for i, blk := range r.Blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		writeBlock(&b, blk)
	}
	return b.String()
}

func writeBlock(b *strings.Builder, blk Block) {
	switch blk := blk.(type) {
	case Heading:
		b.WriteString(blk.Text)
	case Line:
		writeWithReceipts(b, withWho(blk.Text, blk.Who), blk.Receipts)
	case Row:
		b.WriteString("  ")
		writeWithReceipts(b, withWho(blk.Text, blk.Who), blk.Receipts)
	case Choices:
		b.WriteString(blk.Lead)
		if last, _ := utf8.DecodeLastRuneInString(blk.Lead); blk.Lead != "" && last < fullWidth {
			b.WriteByte(' ')
		}
		for i, c := range blk.Items {
			if i > 0 {
				b.WriteString(" · ")
			}
			b.WriteString(c.Label)
		}
	}
}

// withWho puts a person behind a text, by the name that is kept of them.
func withWho(text, who string) string {
	if who == "" {
		return text
	}
	return text + " " + who
}

// fullWidth is where the marks of Chinese begin that hold their own blank: ：and ？.
const fullWidth = '\uFF00'

func writeWithReceipts(b *strings.Builder, text string, receipts []string) {
	b.WriteString(text)
	if len(receipts) == 0 {
		return
	}
	b.WriteString(" [")
	for i, id := range receipts {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(id)
	}
	b.WriteByte(']')
}
