package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/inbox"
	"stancebot/bot/phrases"
	"stancebot/knowledge/raced"
)

// What a workspace asks for beyond its share is refused in the asker's language, counted by its kind, and named nowhere.
func TestAWorkspaceHasItsShare(t *testing.T) {
	s := newSlackWorkspace(t)
	for i := range 40 {
		s.AddUser(slacktest.User{ID: fmt.Sprint("U1", i), Name: "reporter"})
	}
	p := serveWith(t, s, map[string]string{
		"SLACK_SIGNING_SECRET": testSigning, "DATABASE_URL": storetest.NewFile(t), "EDITORS": "slack:T1:U2", "QUOTAS": "questions=30/hour,subscriptions=1,proposals=2",
	})
	s.UseHTTP("http://" + p.listen)
	number := 0
	ask := func(text string) string {
		t.Helper()
		number++
		user := fmt.Sprint("U1", number%40)
		r, err := s.Command(t.Context(), slacktest.Command{Channel: "C1", User: user, Text: text})
		if err != nil {
			t.Fatal(err)
		}
		if r.Message == nil {
			return ""
		}
		if said := r.Message.Text; said != phrases.In("en").Say("slack.slow") {
			return said
		}
		var late []slacktest.Message // on a busy machine
		eventually(t, func() bool { late = s.Ephemerals("C1", user); return late[len(late)-1].Via == "response_url" }, p.log.String)
		return late[len(late)-1].Text
	}
	eventually(t, func() bool { return strings.Contains(ask("watch bolivia"), "Watching") }, p.log.String)
	if said, want := ask("vigilar perú"), phrases.In("es").Say("quota.subscriptions", "n", 1); !strings.Contains(said, want) {
		t.Errorf("a second subscription of the workspace: %s, want %s", said, want)
	}
	for i, text := range []string{"correct BRA-14 by video https://desk.example/1", "correct BRA-13 otherwise https://desk.example/2", "correct CUB-04 not so https://desk.example/3"} {
		refused := strings.Contains(ask(text), phrases.In("en").Say("edit.refused.many", "n", 2))
		if refused != (i == 2) {
			t.Errorf("proposal %d is refused: %t", i+1, refused)
		}
	}
	var last string
	for number < 30 {
		last = ask("stance peru")
	}
	if !strings.Contains(last, "Peru") {
		t.Errorf("question %d is answered %q", number, last)
	}
	if said := ask("где стоит боливия?"); !strings.HasPrefix(said, strings.Split(phrases.In("en").Say("quota.questions", "n", 0), "0")[0]) { // it is not read
		t.Errorf("question %d is answered %q", number, said)
	}
	for kind, n := range map[string]int{"subscriptions": 1, "proposals": 1, "questions": 1, "waiting": 0, "told": 0, "pictures": 0} {
		p.counts(t, fmt.Sprintf(`stancebot_quota_refused_total{kind=%q} %d`, kind, n))
	}
}

// A workspace that floods the program takes nothing from another: over HTTP, through the store and back to Slack, the other one's questions are
// answered about as soon as in quiet, and each is.
func TestAFloodOfOneWorkspace(t *testing.T) {
	if elsewhere(t) {
		return
	}
	least := 2000
	switch {
	case deep:
		least = 10_000
	case raced.On:
		least = 300
	}
	s := newSiege(t, storetest.NewFile(t), "victim", "QUOTAS=questions=600/min")
	s.forget()
	quiet := s.latency(50)
	var flooding sync.WaitGroup
	var sent atomic.Int64
	stop := make(chan struct{})
	for range 4 {
		flooding.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					s.floods(int(sent.Add(1)))
				}
			}
		})
	}
	var loud []time.Duration
	for len(loud) < 50 || sent.Load() < int64(least) {
		loud = append(loud, s.latency(10)...)
	}
	close(stop)
	flooding.Wait()
	p99 := func(took []time.Duration) time.Duration {
		slices.Sort(took)
		return took[len(took)*99/100].Round(time.Millisecond)
	}
	stats := s.server.platforms[0].adapter.(interface{ Stats() inbox.Stats }).Stats() //nolint:errcheck,forcetypeassert // it has them
	t.Logf("99 in 100 of 50 questions are answered within %s in quiet, and of %d within %s while another workspace sends %d, of which %d were shed",
		p99(quiet), len(loud), p99(loud), sent.Load(), stats.Shed)
	if limit := max(3*p99(quiet), 250*time.Millisecond); p99(loud) > limit { // one machine sends the flood, takes it and plays Slack
		t.Errorf("in a flood of another workspace 99 in 100 are answered within %s, in quiet within %s", p99(loud), p99(quiet))
	}
}

// floods sends a question of the attacker's, as fast as they are taken.
func (s *siege) floods(i int) {
	e, _ := json.Marshal(object{ // of texts alone
		"type": "event_callback", "team_id": s.attacker.team, "event_id": fmt.Sprint("flood", i), "event": object{
			"type": "app_mention", "user": s.attacker.editor(i), "channel": s.attacker.channel, "text": "<@UBOT> stance peru", "ts": fmt.Sprintf("1700000002.%06d", i),
		},
	})
	_, _ = s.slack.Raw(s.Context(), slacktest.Raw{Body: e}) // at the end it is not waited for
}

// latency has the victim ask questions, one after the other, and returns how long each took to be answered. All are.
func (s *siege) latency(questions int) []time.Duration {
	s.Helper()
	var took []time.Duration
	for i := range questions {
		before := len(s.slack.Messages(s.victim.channel))
		start := time.Now()
		s.event(s.victim, object{"type": "app_mention", "user": s.victim.editor(s.nextSerial()), "text": "<@UBOT> stance bolivia"}, nil)
		for len(s.slack.Messages(s.victim.channel)) == before {
			if time.Since(start) > 30*time.Second {
				s.Fatalf("question %d is not answered\n%s", i, s.log)
			}
			time.Sleep(time.Millisecond)
		}
		took = append(took, time.Since(start))
	}
	return took
}
