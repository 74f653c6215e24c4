package slack_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/slack/slacktest"
	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
)

func TestPosters(t *testing.T) {
	t.Parallel()
	adaptertest.Posters(t, func(t *testing.T, limits bool) *adaptertest.PostStage {
		t.Helper()
		var o stageOptions
		if limits {
			o.slack.Limits = slacktest.UsualLimits(10, 10)
		}
		return postStage(t, newStage(t, overHTTP, o))
	})
}

// postStage sets the suite's stage on ours.
func postStage(t *testing.T, s *stage) *adaptertest.PostStage {
	t.Helper()
	s.AddChannel(slacktest.Channel{ID: "C8", Name: "old", IsMember: true, IsArchived: true})
	s.AddChannel(slacktest.Channel{ID: "C9", Name: "secret", IsPrivate: true})
	t.Cleanup(func() {
		for _, c := range s.Complaints() {
			t.Errorf("Slack would mind: %s", c)
		}
	})
	meets := &troubles{}
	s.SetFault(meets.next)
	return &adaptertest.PostStage{
		Poster: s.adapter, To: "slack:T1:C1", Beside: "slack:T1:C2", Gone: []bot.Address{"slack:T1:C3", "slack:T1:C8", "slack:T1:C9", "slack:T1:C404"},
		Person: "slack:T1:U2", Lane: "slack:T1", Looks: true, Meet: meets.meet,
		Burst: 3, Pace: digest.Pace{Lane: 12 * time.Millisecond, Channel: 110 * time.Millisecond}, Close: s.Close, Arrived: s.Arrived,
		Posted: func(to bot.Address) []adaptertest.Posted { return s.posted(strings.Split(string(to), ":")[2]) },
		Told: func(person string) []adaptertest.Posted {
			return s.posted("D" + strings.TrimPrefix(person, "slack:T1:U"))
		},
		Secrets: []string{s.Options.BotToken, s.Options.SigningSecret},
		Heard: func() (heard []adaptertest.Heard) {
			for _, t := range s.heard() {
				heard = append(heard, adaptertest.Heard{Desk: t.Desk, Place: t.Place, Message: t.Message, Private: t.Private, Reply: t.Reply})
			}
			return heard
		},
	}
}

// posted is what the app said in a channel.
func (s *stage) posted(channel string) (list []adaptertest.Posted) {
	for _, m := range s.Messages(channel) {
		if m.Via != "person" {
			list = append(list, adaptertest.Posted{Message: m.TS, Under: m.ThreadTS, Text: m.Text})
		}
	}
	return list
}

// troubles are what calls meet.
type troubles struct {
	mu     sync.Mutex
	post   *slacktest.Fault // the next post
	hidden bool
}

func (m *troubles) meet(trouble adaptertest.Trouble) {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch trouble {
	case adaptertest.Asked:
		m.post = &slacktest.Fault{RetryAfter: time.Second}
	case adaptertest.Lost:
		m.post = &slacktest.Fault{After: true, Drop: true}
	case adaptertest.Cut:
		m.post = &slacktest.Fault{Drop: true}
	case adaptertest.Broken:
		m.post = &slacktest.Fault{Status: 502}
	case adaptertest.Hidden:
		m.hidden = true
	}
}

func (m *troubles) next(c slacktest.Call) *slacktest.Fault {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case c.Method == "chat.postMessage", c.Method == "chat.update":
		f := m.post
		m.post = nil
		return f
	case m.hidden && strings.HasPrefix(c.Method, "conversations."):
		return &slacktest.Fault{Error: "missing_scope"}
	}
	return nil
}

// What Slack documents of posting is told from each other: what is over for a channel, what an operator mends, and what may have
// been done all the same.
func TestWhatEndsAChannel(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, stageOptions{})
	post := digest.Post{ID: "d1/0", To: "slack:T1:C1", Reply: &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Heading{Text: "News"}}}}
	for code, want := range map[string]string{
		"channel_not_found": "gone", "not_in_channel": "gone", "is_archived": "gone", "restricted_action": "gone",
		"restricted_action_read_only_channel": "gone", "restricted_action_thread_only_channel": "gone",
		"invalid_auth": "plain", "account_inactive": "plain", "token_revoked": "plain", "missing_scope": "plain", "ekm_access_denied": "plain",
		"restricted_action_non_threadable_channel": "plain", "org_login_required": "plain", "hologram_required": "plain",
		"ratelimited": "later", "internal_error": "uncertain", "fatal_error": "uncertain", "service_unavailable": "uncertain",
	} {
		s.SetFault(func(slacktest.Call) *slacktest.Fault { return &slacktest.Fault{Error: code} })
		if got := kindOf(s, &post); got != want {
			t.Errorf("%s is %s, want %s", code, got, want)
		}
		post.To += "x" // where it is asked to wait, others are not
	}
}

// What Slack documents of editing is told from each other, too.
func TestWhatCannotBeEdited(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, stageOptions{})
	post := digest.Post{ID: "d1/0", To: "slack:T1:C1", Edit: "1700000000.000001", Reply: &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Heading{Text: "News"}}}}
	for code, want := range map[string]string{
		"cant_update_message": "uneditable", "message_not_found": "uneditable", "edit_window_closed": "uneditable", "is_inactive": "uneditable",
		"channel_not_found": "gone", "invalid_auth": "plain", "msg_too_long": "plain", "update_failed": "plain", "internal_error": "uncertain",
	} {
		s.SetFault(func(slacktest.Call) *slacktest.Fault { return &slacktest.Fault{Error: code} })
		if got := kindOf(s, &post); got != want {
			t.Errorf("%s is %s, want %s", code, got, want)
		}
	}
	calls := len(s.Calls(""))
	for _, person := range []bot.Address{"slack:T1:U1", "slack:T1:W1"} { // whose direct message is not known by that
		post.To = person
		if got := kindOf(s, &post); got != "uneditable" || len(s.Calls("")) != calls {
			t.Errorf("what %s was told is %s", person, got)
		}
	}
	s.SetFault(nil)
	s.AddChannel(slacktest.Channel{ID: "C8", IsMember: true})
	post.To, post.Edit = "slack:T1:C8", ""
	message, err := s.adapter.Post(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	s.AddChannel(slacktest.Channel{ID: "C8", IsMember: true, IsArchived: true})
	post.Edit = message
	if got := kindOf(s, &post); got != "uneditable" {
		t.Errorf("what stands in an archive is %s", got)
	}
}

// Slack counts edits together, whatever the channel: when it wants one later, none goes out before, and posts do.
func TestEditsWaitTogether(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, stageOptions{})
	post := digest.Post{ID: "d1/0", To: "slack:T1:C1", Reply: &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Heading{Text: "News"}}}}
	message, err := s.adapter.Post(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	s.SetFault(func(c slacktest.Call) *slacktest.Fault {
		if c.Method != "chat.update" {
			return nil
		}
		return &slacktest.Fault{RetryAfter: time.Minute}
	})
	edit := post
	for _, to := range []bot.Address{"slack:T1:C1", "slack:T1:C2"} {
		edit.To, edit.Edit = to, message
		if got := kindOf(s, &edit); got != "later" {
			t.Errorf("an edit in %s is %s", to, got)
		}
	}
	if n := len(s.Calls("chat.update")); n != 1 {
		t.Errorf("it was asked %d times", n)
	}
	if got := kindOf(s, &post); got != "posted" {
		t.Errorf("a post is %s", got)
	}
	if complaints := s.Complaints(); len(complaints) > 0 {
		t.Errorf("Slack would mind: %q", complaints)
	}
}

// kindOf tells what becomes of a post.
func kindOf(s *stage, p *digest.Post) string {
	_, err := s.adapter.Post(context.Background(), *p)
	later, gone := (*inbox.Later)(nil), (*digest.GoneError)(nil)
	switch {
	case errors.Is(err, digest.ErrUneditable):
		return "uneditable"
	case errors.As(err, &gone):
		return "gone"
	case errors.As(err, &later):
		return "later"
	case errors.Is(err, digest.ErrUncertain):
		return "uncertain"
	case err != nil:
		return "plain"
	}
	return "posted"
}

// What may have arrived long ago is found behind all that was said since, in a thread too, and also when that is gone.
func TestLookedForFarBack(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, stageOptions{})
	post := digest.Post{
		ID: "d1/0", To: "slack:T1:C1", Since: time.Now(), Doubt: digest.Look, Reply: &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Heading{Text: "News"}}},
	}
	first, err := s.adapter.Post(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	for range 250 {
		if _, err := s.Say("U1", "C1", "talk"); err != nil {
			t.Fatal(err)
		}
	}
	if again, err := s.adapter.Post(t.Context(), post); again != first || err != nil {
		t.Errorf("found %q, %v; want %s", again, err, first)
	}
	if n := len(s.Calls("conversations.history")); n != 4 {
		t.Errorf("looked %d times, want 1 and 3", n)
	}
	post.ID, post.Under = "d1/1", "1600000000.000001" // which nobody knows
	below, err := s.adapter.Post(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.adapter.Post(t.Context(), post); again != below || err != nil {
		t.Errorf("found %q, %v; want %s", again, err, below)
	}
	if arrived := s.Arrived(); arrived["d1/0"] != 1 || arrived["d1/1"] != 1 {
		t.Errorf("arrived: %v", arrived)
	}
}

// In a thread that was subscribed, all stands in it.
func TestPostedInAThread(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, stageOptions{})
	said, err := s.Say("U1", "C1", "here, please")
	if err != nil {
		t.Fatal(err)
	}
	root := said.TS
	to := bot.Address("slack:T1:C1:" + root)
	post := digest.Post{ID: "d1/0", To: to, Reply: &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Heading{Text: "News"}}}}
	first, err := s.adapter.Post(t.Context(), post)
	if err != nil {
		t.Fatal(err)
	}
	post.ID, post.Under = "d1/1", first
	if _, err := s.adapter.Post(t.Context(), post); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.posted("C1") {
		if m.Under != root {
			t.Errorf("%s is below %q, want %s", m.Message, m.Under, root)
		}
	}
	for _, h := range s.heard() {
		if h.Place != string(to) {
			t.Errorf("told in %s", h.Place)
		}
	}
}
