package main

import (
	"fmt"
	"os"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/bot/picture"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
)

// illustrated has a bot draw the pictures of its answers, and verify them.
func illustrated(o *bot.Options, holder *core.Holder, gallery *picture.Gallery) {
	o.Draw = gallery.File
	verifier := &picture.Verifier{Answer: func(q knowledge.Query) knowledge.Answer { return holder.Core(q.Desk).Answer(q) }, Today: o.Today}
	o.Verify = verifier.Do
}

// drawn draws the picture of what a question of ours is answered, nil where that fails, which operators read.
func (m *memory) drawn(q knowledge.Query, language string) *bot.File {
	a := m.holder.Core(q.Desk).Answer(q)
	f, err := m.gallery.File(&a, phrases.In(language))
	if err != nil {
		m.log.Error("a picture could not be drawn", "command", bot.Canonical(q), "error", err)
	}
	return f
}

// writePicture writes the picture of an answer into a file that is not there yet.
func writePicture(path string) func(*bot.File) error {
	return func(f *bot.File) error {
		if !f.IsPicture() {
			return usageError{fmt.Errorf("there is no picture of that: ask for a map, a card, a timeline, or an agreement chart")}
		}
		return whole(path, false, func(unfinished string) error { return os.WriteFile(unfinished, f.Data, 0o600) })
	}
}
