package digest

import "stancebot/bot/phrases"

// Line is a row of a notice, as tests look at it.
type Line struct {
	Changes  []Change
	Text     string
	Receipts []string
}

// Lines are the rows that a notice is made of.
func (t *Teller) Lines(o *Occasion) []Line {
	n := &writer{p: phrases.In(o.Subscription.Language), today: t.Today()}
	var list []Line
	for _, l := range n.lines(o) {
		list = append(list, Line{l.changes, l.text, l.receipts})
	}
	return list
}
