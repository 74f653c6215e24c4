package telegram

import (
	"strings"
	"testing"

	"stancebot/bot"
)

// A card asks for no words: where it is sent we may be no member, and nobody could reply to us.
func TestCardsAskForNoWords(t *testing.T) {
	r := bot.Reply{
		Language: "en", Receipts: []string{"D-1"}, About: bot.About{Command: "source D-1"}, Blocks: []bot.Block{
			bot.Line{Text: "x", Receipts: []string{"D-1"}},
			bot.Choices{Items: []bot.Choice{{Label: "Correct", Command: "correct D-1", Asks: []bot.Ask{{Label: "Right"}}}, {Label: "Peru", Command: "stance PER"}}},
		},
	}
	c, ok := cardOf(&r, 0)
	keys := jsonOf(c.Keys)
	if !ok || strings.Contains(keys, "correct") || !strings.Contains(keys, "stance PER") {
		t.Errorf("the buttons are %s", keys)
	}
}
