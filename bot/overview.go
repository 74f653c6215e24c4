package bot

import (
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// Freshness tells how fresh the records are that a desk's answers come from.
type Freshness struct {
	Version   string         // of the shared records
	Published knowledge.Day  // of the article that the labels come from
	CheckedTo knowledge.Date // the month up to which events were looked for
	Seq       int64          // the last entry of the desk's ledger that answers take into account, 0 for none
}

// overview says how fresh the records are, what the asker can do, and what can be asked.
func (b *Bot) overview(req Request) Reply {
	c := b.composer(phrases.In(b.languageOf(req, "")), req)
	c.reply = Reply{Language: c.p.Language, Private: true}
	c.heading(c.say("help.heading"))
	c.own(c.say("help.intro"))
	if b.fresh != nil {
		f := b.fresh(req.Desk)
		c.own(c.say("overview.records", "version", f.Version, "date", f.Published, "n", b.today().Sub(f.Published), "checked", f.CheckedTo))
		if f.Seq > 0 {
			c.own(c.say("overview.desk", "n", int(f.Seq)))
		}
		c.lacks()
	}
	can := "overview.can"
	if b.edits != nil && b.edits(req.Desk, req.Person) {
		can = "overview.editor"
	}
	c.own(c.say(can))
	c.examples()
	return c.reply
}
