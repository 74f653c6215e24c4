//go:build linux

package main

import (
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
)

// A channel subscribes by what is typed there, is told so, and hears of what is recorded from then on, once.
func TestAChannelSubscribesAndHears(t *testing.T) {
	s := newSlackWorkspace(t)
	url := storetest.NewFile(t)
	p := serveWith(t, s, map[string]string{"SLACK_SIGNING_SECRET": testSigning, "DATABASE_URL": url})
	s.UseHTTP("http://" + p.listen)
	for _, c := range []struct{ typed, says string }{
		{"watch bolivia", "Watching Bolivia"},
		{"digest weekly mon 09:00 andean", "Weekly on Mondays at 09:00"},
		{"digest list", "2 digests and watches"},
		{"help", "watch argentina: an alert"},
	} {
		said := ""
		eventually(t, func() bool { // at the very start the desk is not known, and on a busy machine an answer follows later
			r, err := s.Command(t.Context(), slacktest.Command{Channel: "C1", User: "U2", Text: c.typed})
			if err == nil && r.Message != nil {
				said = string(r.Message.Blocks)
			}
			return strings.Contains(said, c.says) || strings.Contains(said, "gets that already")
		}, func() string { return c.typed + ": " + said })
	}
	n := &newsstand{db: storetest.Open(t, url)}
	n.record(t, 2) // the first about Bolivia
	heard := func() []slacktest.Message { return s.Messages("C1") }
	within(t, 20*time.Second, func() bool {
		return len(heard()) > 0 && strings.Contains(string(heard()[len(heard())-1].Blocks), "Bolivia, 20 Nov 2026")
	}, p.log.String)
	alerts := 0
	for _, m := range heard() {
		if strings.Contains(string(m.Blocks), "Bolivia, 20 Nov 2026") {
			alerts++
		}
	}
	if alerts != 1 {
		t.Errorf("%d alerts came", alerts)
	}
	if code := p.stop(); code != exitOK {
		t.Errorf("exit status %d\n%s", code, p.log)
	}
}
