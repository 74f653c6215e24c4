package telegram

import (
	"reflect"
	"strconv"
	"testing"

	"stancebot/bot"
)

// Equal replies are rendered once, by the name that they share; one that was changed since, or has no name, as it is.
func TestEqualRepliesAreRenderedOnce(t *testing.T) {
	var kept rendered
	reply := func(same, text string) bot.Reply {
		return bot.Reply{Same: same, Language: "en", Blocks: []bot.Block{bot.Line{Text: text, Kind: bot.OurOwn}}}
	}
	shows := func(r, want bot.Reply) {
		t.Helper()
		if got, want := kept.message(&r), show(&want); !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	one, other := reply("1", "one"), reply("", "other")
	shows(one, one)
	shows(reply("1", "one, said again"), one)
	shows(other, other)
	shows(greeted(one), greeted(one))
	shows(withCalls(one, "@stancebot"), withCalls(one, "@stancebot"))
	for i := range renderedKept + 1 {
		r := reply("many"+strconv.Itoa(i), "text")
		kept.message(&r)
	}
	if len(kept.of) > renderedKept {
		t.Errorf("%d are kept", len(kept.of))
	}
	shows(reply("1", "one, forgotten"), reply("", "one, forgotten"))
}
