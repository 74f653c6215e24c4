package bot_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/bot"
	"stancebot/bot/bottest"
)

// What is shared is what was seen: on the day of the answer the dated command tells the same, and on a later one what held then.
func TestADatedCommandTellsTheSame(t *testing.T) {
	t.Parallel()
	d := bottest.NewDesk(t)
	for _, text := range []string{
		"stance peru", "compare chile argentina", "group southern cone", "group brics", "shifts since 2022", "shifts argentina", "why ecuador",
		"source CUB-04", "source F-02", "source ES-11/1", "safe peru", "safe BRA-14", "contradictions brazil", "votes peru", "votes peru es-11/4",
		"resolution es-11/7", "agreement brazil since 2010", "measures bahamas", "search lithium", "export caribbean", "stance peru known 2025-11-01",
		"stance peru as of 2026-01-01", "votes cuba page 2", "who is neutral?", "stance germany",
	} {
		now := d.Handle(t.Context(), bot.Request{Text: text})
		if now.About.Dated == "" {
			t.Errorf("%q has no dated command", text)
			continue
		}
		then := d.Handle(t.Context(), bot.Request{Text: now.About.Dated})
		if diff := cmp.Diff(told(now), told(then)); diff != "" {
			t.Errorf("%q shared as %q (-seen +shared):\n%s", text, now.About.Dated, diff)
		}
	}
}

// told is what a reply tells, without what leads on from it.
func told(r bot.Reply) string {
	var lines []string
	for _, blk := range r.Blocks {
		if _, leads := blk.(bot.Choices); !leads {
			lines = append(lines, bot.Reply{Blocks: []bot.Block{blk}}.Text())
		}
	}
	return strings.Join(lines, "\n")
}
