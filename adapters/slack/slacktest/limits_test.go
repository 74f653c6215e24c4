package slacktest_test

import (
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"stancebot/adapters/slack/slacktest"
)

// One post a second to each channel, so many to all, and so many edits: what comes too soon is told how long to wait, and is no message.
func TestLimits(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{Limits: slacktest.UsualLimits(2, 1)})
	limited := func(channel string) bool {
		t.Helper()
		_, err := post(t, a, channel, "hi")
		wait := (*slack.RateLimitedError)(nil)
		if err != nil && (!errors.As(err, &wait) || wait.RetryAfter != time.Second) {
			t.Fatalf("refused with %v", err)
		}
		return err != nil
	}
	s.AddChannel(slacktest.Channel{ID: "CX", IsMember: true})
	if limited(news) || !limited(news) {
		t.Error("a second post to a channel goes on")
	}
	if limited("CEXT") || !limited("CX") {
		t.Error("a third post to the workspace goes on")
	}
	if _, err := a.api.AuthTestContext(t.Context()); err != nil {
		t.Errorf("what posts nothing is refused: %v", err)
	}
	said := s.Messages(news)[0].TS
	for i := range 51 {
		_, _, _, err := a.api.UpdateMessageContext(t.Context(), news, said, slack.MsgOptionText("hi again", false))
		if (err != nil) != (i == 50) {
			t.Errorf("edit %d: %v", i, err)
		}
	}
	a.clock.pass(time.Second)
	if limited(news) || limited("CX") || len(s.Complaints()) > 0 {
		t.Errorf("after a second it is refused, or complained of: %q", s.Complaints())
	}
	if n := len(s.Messages(news)); n != 2 {
		t.Errorf("%d messages, want 2", n)
	}
}

// What arrived is counted by the id that it bears.
func TestArrived(t *testing.T) {
	t.Parallel()
	s, a := newWorkspace(t, slacktest.Options{})
	for _, id := range []string{"d1", "d2", "d1", ""} {
		options := []slack.MsgOption{slack.MsgOptionText("hi", false)}
		if id != "" {
			options = append(options, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: "x", EventPayload: map[string]any{"id": id}}))
		}
		if _, _, err := a.api.PostMessageContext(t.Context(), news, options...); err != nil {
			t.Fatal(err)
		}
	}
	if got := s.Arrived(); len(got) != 2 || got["d1"] != 2 || got["d2"] != 1 {
		t.Errorf("arrived: %v", got)
	}
}
