package quota_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/bot/quota"
)

// A clock is one that is set by hand.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newShares(t *testing.T, value string) (*quota.Shares, *clock) {
	t.Helper()
	var q quota.Quotas
	if err := q.Decode(value); err != nil {
		t.Fatal(err)
	}
	c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	return quota.New(q, c.now), c
}

func TestQuotasAreReadAndWritten(t *testing.T) {
	var q quota.Quotas
	if err := q.Decode(" questions=10/s, subscriptions=3 ,told=none,"); err != nil {
		t.Fatal(err)
	}
	for kind, want := range map[quota.Kind]string{
		quota.Questions: "10/s", quota.Subscriptions: "3", quota.Told: "none", quota.Waiting: "1000", quota.Proposals: "50", quota.Pictures: "4",
	} {
		if got := q.Of(kind).String(); got != want {
			t.Errorf("%s is %s, want %s", kind, got, want)
		}
	}
	for _, kind := range quota.Kinds() {
		var usual, again quota.Quotas
		if err := again.Decode(fmt.Sprintf("%s=%s", kind, usual.Of(kind))); err != nil || again.Of(kind) != usual.Of(kind) {
			t.Errorf("the usual one of %s does not read as it is written: %v", kind, err)
		}
	}
	for _, wrong := range []string{
		"hunter2", "hunter2=5", "questions", "questions=", "questions=hunter2/min", "questions=600", "questions=0/min", "questions=-1/min", "questions=600/hunter2",
		"subscriptions=5/min", "subscriptions=0", "subscriptions=hunter2", "subscriptions=3,told=hunter2",
	} {
		err := new(quota.Quotas).Decode(wrong)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}

// One space has its share, whoever asks, and takes none of another's; each person is told once a minute.
func TestQuestionsOfASpace(t *testing.T) {
	s, c := newShares(t, "questions=10/min")
	ask := func(space, person string) quota.Verdict { v, _ := s.Ask(space, person); return v }
	for i := range 10 {
		if v := ask("slack:T1", fmt.Sprint("slack:T1:U", i)); v != quota.Granted {
			t.Fatalf("question %d: %d", i+1, v)
		}
	}
	for _, x := range []struct {
		space, person string
		want          quota.Verdict
	}{
		{"slack:T1", "slack:T1:U1", quota.Noticed},
		{"slack:T1", "slack:T1:U1", quota.Silent},
		{"slack:T1", "slack:T1:U2", quota.Noticed},
		{"slack:T2", "slack:T2:U1", quota.Granted},
		{"", "web:1", quota.Granted},
	} {
		if v := ask(x.space, x.person); v != x.want {
			t.Errorf("%s in %q: %d, want %d", x.person, x.space, v, x.want)
		}
	}
	if _, wait := s.Ask("slack:T1", "slack:T1:U9"); wait != 6*time.Second {
		t.Errorf("answers go on in %s", wait)
	}
	if n := s.Refused(quota.Questions); n != 4 {
		t.Errorf("%d questions were refused", n)
	}
	c.at = c.at.Add(6 * time.Second)
	if v := ask("slack:T1", "slack:T1:U3"); v != quota.Granted {
		t.Errorf("after its wait: %d", v)
	}
	if v := ask("slack:T1", "slack:T1:U3"); v != quota.Noticed {
		t.Errorf("and the next at once: %d", v)
	}
	c.at = c.at.Add(time.Minute)
	for i := range 10 {
		if v := ask("slack:T1", "slack:T1:U1"); v != quota.Granted {
			t.Errorf("a minute later, question %d: %d", i+1, v)
		}
	}
	if v := ask("slack:T1", "slack:T1:U1"); v != quota.Noticed {
		t.Errorf("told a minute ago: %d", v)
	}
}

func TestWhatElseASpaceMayHave(t *testing.T) {
	s, _ := newShares(t, "subscriptions=2,told=3/hour,pictures=1,proposals=none")
	if !s.Allows(quota.Subscriptions, 1) || s.Allows(quota.Subscriptions, 2) || !s.Allows(quota.Proposals, 1_000_000) {
		t.Error("what a space has is counted otherwise")
	}
	for i := range 4 {
		if got := s.Tell("slack:T1"); got != (i < 3) {
			t.Errorf("reply %d is kept: %t", i+1, got)
		}
	}
	done := s.Draw("slack:T1")
	if done == nil || s.Draw("slack:T1") != nil || s.Draw("slack:T2") == nil || s.Draw("") == nil || s.Draw("") == nil {
		t.Error("pictures are counted otherwise")
	}
	done()
	if s.Draw("slack:T1") == nil {
		t.Error("a picture that was drawn counts still")
	}
	for kind, want := range map[quota.Kind]int64{quota.Subscriptions: 1, quota.Told: 1, quota.Pictures: 1, quota.Proposals: 0} {
		if got := s.Refused(kind); got != want {
			t.Errorf("%d of %s were refused, want %d", got, kind, want)
		}
	}
	var none *quota.Shares
	if v, _ := none.Ask("slack:T1", "x"); v != quota.Granted || !none.Tell("slack:T1") || none.Draw("slack:T1") == nil || !none.Allows(quota.Told, 9) {
		t.Error("without shares something is refused")
	}
}

// However many spaces there are, what is known of them is bounded, and one more is answered.
func TestSharesAreBounded(t *testing.T) {
	s, c := newShares(t, "questions=1/min")
	for i := range 60_000 {
		if v, _ := s.Ask(fmt.Sprint("telegram:", i), "x"); v != quota.Granted {
			t.Fatalf("space %d: %d", i, v)
		}
	}
	if v, _ := s.Ask("telegram:0", "x"); v == quota.Granted {
		t.Error("a space that is counted is not, in a crowd")
	}
	c.at = c.at.Add(2 * time.Minute)
	for range 2 {
		s.Ask("telegram:70000", "x")
	}
	if v, _ := s.Ask("telegram:70000", "x"); v == quota.Granted {
		t.Error("there is no room when the crowd has gone")
	}
}

func TestSharesAtOnce(t *testing.T) {
	s, _ := newShares(t, "questions=100/min,pictures=2")
	var all sync.WaitGroup
	var mu sync.Mutex
	granted := 0
	for range 8 {
		all.Go(func() {
			for range 50 {
				if done := s.Draw("slack:T1"); done != nil {
					done()
				}
				if v, _ := s.Ask("slack:T1", "x"); v == quota.Granted {
					mu.Lock()
					granted++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	if granted != 100 {
		t.Errorf("%d of 400 questions were granted, want 100", granted)
	}
}

// What the quotas cost each question.
func BenchmarkAsk(b *testing.B) {
	s := quota.New(nil, time.Now)
	spaces := make([]string, 10_000)
	for i := range spaces {
		spaces[i] = fmt.Sprint("slack:T", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Ask(spaces[i%len(spaces)], "slack:T1:U1")
		s.Tell(spaces[i%len(spaces)])
	}
}
