package web

import (
	"net/url"
	"slices"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A replyView is a reply as a page shows it.
type replyView struct {
	Language string
	Heading  string
	Parts    []part
	Picture  string // the address of the picture that goes with it, "" for none
	Alt      string
	File     *bot.File // a file that is no picture
	FileAt   string    // where it is to be had
	Page     *bot.Page
	Receipts []string // all that it rests on
}

// A part is a line, some rows that belong together, or choices.
type part struct {
	Line    *bot.Line
	Rows    []bot.Row
	Choices *bot.Choices
}

// viewOf sorts the blocks of a reply: rows beside each other are one list.
func viewOf(r *bot.Reply, command string) *replyView {
	v := &replyView{Language: r.Language, Page: r.Page, Receipts: r.Receipts}
	for _, blk := range r.Blocks {
		switch blk := blk.(type) {
		case bot.Heading:
			if v.Heading == "" {
				v.Heading = blk.Text
				continue
			}
			v.Parts = append(v.Parts, part{Line: &bot.Line{Text: blk.Text}})
		case bot.Line:
			v.Parts = append(v.Parts, part{Line: &blk})
		case bot.Row:
			if n := len(v.Parts); n > 0 && v.Parts[n-1].Rows != nil {
				v.Parts[n-1].Rows = append(v.Parts[n-1].Rows, blk)
				continue
			}
			v.Parts = append(v.Parts, part{Rows: []bot.Row{blk}})
		case bot.Choices:
			v.Parts = append(v.Parts, part{Choices: &blk})
		}
	}
	switch at := filesPath + "?" + (url.Values{"q": {command}, "lang": {r.Language}}).Encode(); {
	case r.File.IsPicture():
		v.Picture, v.Alt = at, r.File.Alt
	case r.File != nil:
		v.File, v.FileAt = r.File, at
	}
	return v
}

// withoutRows leaves what is said of a list whose rows a page shows itself, all of them.
func (v *replyView) withoutRows(c *phrases.Catalogue) {
	ofPages := ""
	if v.Page != nil {
		ofPages = c.Say("page", "n", v.Page.N, "of", v.Page.Of)
	}
	v.Parts = slices.DeleteFunc(v.Parts, func(p part) bool { return p.Rows != nil || p.Choices != nil || p.Own() && p.Line.Text == ofPages })
	v.Page = nil
}

// The kinds of lines, as templates ask for them.

// Own reports whether a line speaks of our records, and not of the world.
func (p part) Own() bool { return p.Line != nil && p.Line.Kind == bot.OurOwn }

// House reports whether it is a note of the house style.
func (p part) House() bool { return p.Line != nil && p.Line.Kind == bot.House }

// lead returns the country that an exchange is about, "" where it is about none or several.
func lead(ex *bot.Exchange) knowledge.Country {
	if len(ex.Answer.Countries) != 1 {
		return ""
	}
	return ex.Answer.Countries[0]
}
