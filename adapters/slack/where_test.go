package slack_test

import (
	"testing"

	"stancebot/adapters/slack"
	"stancebot/adapters/slack/slacktest"
	"stancebot/bot"
	"stancebot/bot/bottest"
)

// Each way in tells the channel that it came by and who asked, with their name and zone; a thread is no channel of its own.
func TestWhere(t *testing.T) {
	t.Parallel()
	ears := &bottest.Listener{}
	hearing := func() stageOptions {
		return stageOptions{adapter: func(o *slack.Options) {
			ears = &bottest.Listener{Handler: o.Bot}
			o.Bot = ears
		}}
	}
	s := newStage(t, overHTTP, hearing())
	s.AddUser(slacktest.User{ID: "U2", Name: "ben", TZ: "America/Lima"})
	ctx := t.Context()
	var command slacktest.Receipt
	for _, c := range []struct {
		name string
		act  func() (slacktest.Receipt, error)
		want bot.Where
	}{
		{"command", func() (r slacktest.Receipt, err error) {
			command, err = s.Command(ctx, slacktest.Command{Text: "votes PER", Channel: "C1", User: "U2"})
			return command, err
		}, bot.Where{Address: "slack:T1:C1"}},
		{"mention", func() (slacktest.Receipt, error) { return s.Mention(ctx, "U2", "C2", "peru?", "") }, bot.Where{Address: "slack:T1:C2"}},
		{"mention in a thread", func() (slacktest.Receipt, error) {
			return s.Mention(ctx, "U2", "C2", "cuba?", s.Messages("C2")[0].TS)
		}, bot.Where{Address: "slack:T1:C2"}},
		{"direct message", func() (slacktest.Receipt, error) { return s.DM(ctx, "U2", "peru?", "") }, bot.Where{Address: "slack:T1:D2", Private: true}},
		{"command in the direct message", func() (slacktest.Receipt, error) {
			return s.Command(ctx, slacktest.Command{Text: "stance PER", Channel: "D2", User: "U2"})
		}, bot.Where{Address: "slack:T1:D2", Private: true}},
		{"button", func() (slacktest.Receipt, error) { return s.Press(ctx, "U2", *command.Message, "votes PER page 2") }, bot.Where{Address: "slack:T1:C1"}},
		{"share", func() (slacktest.Receipt, error) { return s.Press(ctx, "U2", *command.Message, "share:en:") }, bot.Where{Address: "slack:T1:C1"}},
		{"home", func() (slacktest.Receipt, error) { return s.OpenHome(ctx, "U2") }, bot.Where{}},
	} {
		if _, err := c.act(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		s.settle(t)
		req := ears.Last(t)
		got := req.Where
		if got.MayPost != nil {
			t.Errorf("%s: asking shows that they may post", c.name)
		}
		if asker := got.Asker; c.name != "home" && asker(ctx) != (bot.Asker{Name: "ben", Zone: "America/Lima"}) {
			t.Errorf("%s is asked by %+v", c.name, asker(ctx))
		}
		if got.Address != c.want.Address || got.Private != c.want.Private || req.Person != "slack:T1:U2" {
			t.Errorf("%s is asked from %+v by %s, want %+v", c.name, got.Address, req.Person, c.want.Address)
		}
	}
}
