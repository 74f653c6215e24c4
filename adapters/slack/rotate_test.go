package slack_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/slack"
	"stancebot/adapters/slack/slacktest"
	storedinstalls "stancebot/adapters/store/installs"
	"stancebot/adapters/store/seal"
	"stancebot/adapters/store/storetest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/bot/installs"
	"stancebot/knowledge"
)

// A clock is moved by hand.
type clock struct{ at atomic.Pointer[time.Time] }

func newClock() *clock {
	c := &clock{}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	c.at.Store(&now)
	return c
}

func (c *clock) now() time.Time { return *c.at.Load() }

func (c *clock) pass(d time.Duration) {
	now := c.now().Add(d)
	c.at.Store(&now)
}

// replicas are processes that serve one app, which workspaces install, on one database.
type replicas struct {
	*slacktest.Network

	team     *slacktest.Server
	clock    *clock
	stores   []installs.Store
	adapters []*slack.Adapter
	fault    atomic.Pointer[string]
	kept     atomic.Pointer[error] // what keeping tokens fails with
}

// forgetful is a store that keeps no tokens for a while.
type forgetful struct {
	installs.Store
	with *atomic.Pointer[error]
}

func (f *forgetful) Renew(ctx context.Context, w installs.Workspace, owner string, t installs.Tokens) (bool, error) {
	if err := f.with.Load(); err != nil && *err != nil && t.Access != "" {
		return false, *err
	}
	return f.Store.Renew(ctx, w, owner, t)
}

// newReplicas starts them, with the app installed in T1.
func newReplicas(t *testing.T, n int, rotation, rotates bool) *replicas {
	t.Helper()
	r := &replicas{clock: newClock()}
	r.Network = slacktest.NewNetwork(slacktest.NetworkOptions{Rotation: rotation, Now: r.clock.now, Fault: func(string) string {
		if f := r.fault.Load(); f != nil {
			return *f
		}
		return ""
	}})
	t.Cleanup(r.Close)
	r.team = r.Add(slacktest.Options{TeamID: "T1", Now: r.clock.now})
	r.team.AddChannel(slacktest.Channel{ID: "C1", IsMember: true})
	url := storetest.NewFile(t)
	keys, err := seal.Parse(strings.Repeat("0f", seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	for range n {
		store := &forgetful{storedinstalls.New(storetest.Open(t, url), keys), &r.kept}
		directory := &installs.Directory{Store: func() installs.Store { return store }, Log: quiet}
		o := slack.Options{
			Bot: bottest.NewDesk(t), Workspaces: directory, APIURL: r.APIURL(), Desk: func(context.Context, string) knowledge.DeskID { return "slack-t1" },
			Meter: &tally{}, Now: r.clock.now, Log: quiet,
			OAuth: &slack.OAuth{
				ClientID: r.Options.ClientID, ClientSecret: r.Options.ClientSecret, Rotates: rotates, Every: 20 * time.Millisecond, Sealed: directory.Health,
				Store: func() installs.Store { return store },
			},
		}
		r.stores = append(r.stores, store)
		a := slack.New(o)
		r.adapters = append(r.adapters, a)
		ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
		var running sync.WaitGroup
		running.Go(func() { directory.Run(ctx) })
		running.Go(func() { _ = a.Run(ctx) })
		t.Cleanup(func() { stop(); running.Wait() })
	}
	return r
}

// installs installs the app in T1, with what Slack grants for a code.
func (r *replicas) installs(t *testing.T) {
	t.Helper()
	back, err := r.Allow(strings.TrimSuffix(r.APIURL(), "api/")+"oauth/v2/authorize?client_id="+r.Options.ClientID+"&scope=chat:write&state=s", "", "T1", "U1")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(back, "code=")
	code, _, _ = strings.Cut(code, "&")
	in, err := slack.Install(t.Context(), r.adapters[0], code)
	if err != nil || in.Team != "T1" {
		t.Fatal(in, err)
	}
}

// holds waits until something is true of the install, and returns it.
func (r *replicas) holds(t *testing.T, what string, is func(in installs.Install) bool) installs.Install {
	t.Helper()
	var in installs.Install
	until(t, what, func() bool {
		var err error
		in, err = r.stores[0].Find(t.Context(), "T1")
		return err == nil && is(in)
	})
	return in
}

// posts posts in T1 by a replica.
func (r *replicas) posts(t *testing.T, a *slack.Adapter, id string) error {
	t.Helper()
	_, err := a.Post(t.Context(), digest.Post{ID: id, To: "slack:T1:C1", Desk: "slack-t1", Reply: &bot.Reply{
		Language: "en", Blocks: []bot.Block{bot.Heading{Text: "Peru"}},
	}})
	return err
}

// Of replicas that look at once, one renews a token, two hours before it expires, and all post by the new one, for days.
func TestTokensAreRenewed(t *testing.T) {
	r := newReplicas(t, 3, true, false)
	r.installs(t)
	for round := range 4 {
		for i, a := range r.adapters {
			until(t, "it posts", func() bool { return r.posts(t, a, fmt.Sprint(round, "/", i)) == nil })
		}
		before := r.holds(t, "it is installed", func(in installs.Install) bool { return in.Refresh != "" })
		r.clock.pass(before.Expires.Add(-2*time.Hour - time.Minute).Sub(r.clock.now()))
		time.Sleep(60 * time.Millisecond)
		if in := r.holds(t, "it is there", func(installs.Install) bool { return true }); in.Access != before.Access {
			t.Error("it is renewed too early")
		}
		r.clock.pass(time.Minute)
		after := r.holds(t, "it is renewed", func(in installs.Install) bool { return in.Access != before.Access })
		if want := r.clock.now().Add(12 * time.Hour); after.Refresh == before.Refresh || !after.Expires.Equal(want) {
			t.Errorf("it expires at %s, want %s", after.Expires, want)
		}
		r.clock.pass(2 * time.Hour) // and the old one has
	}
	time.Sleep(60 * time.Millisecond)
	if n := r.Asked("oauth.v2.access", ""); n != 5 { // with the first
		t.Errorf("tokens were given %d times, want 5", n)
	}
	for i, a := range r.adapters {
		if h := a.Health(); h != "" {
			t.Errorf("replica %d: %s", i, h)
		}
	}
}

// An answer that was lost on its way is asked for again, and so is one that could not be kept: the refresh token holds until what it gave is
// used. Meanwhile the token that is there is used.
func TestARefreshThatIsLost(t *testing.T) {
	for name, breaks := range map[string]func(r *replicas) (mend func()){
		"on its way":  func(r *replicas) func() { return r.breaks("lost") },
		"refused":     func(r *replicas) func() { return r.breaks("internal_error") },
		"before kept": func(r *replicas) func() { err := context.DeadlineExceeded; return r.forgets(err) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newReplicas(t, 2, true, false)
			r.installs(t)
			before := r.holds(t, "it is installed", func(in installs.Install) bool { return in.Refresh != "" })
			mend := breaks(r)
			r.clock.pass(10 * time.Hour)
			until(t, "it is tried", func() bool {
				return r.Asked("oauth.v2.access", "") > 1 || r.Asked("oauth.v2.access", "internal_error") > 0
			})
			for _, a := range r.adapters {
				until(t, "it posts meanwhile", func() bool { return r.posts(t, a, name) == nil })
			}
			mend()
			r.clock.pass(5 * time.Minute)
			r.holds(t, "it is renewed", func(in installs.Install) bool { return in.Access != before.Access })
			r.clock.pass(3 * time.Hour)
			for _, a := range r.adapters {
				until(t, "it posts", func() bool { return r.posts(t, a, name+" again") == nil })
				until(t, "all is well", func() bool { return a.Health() == "" })
			}
		})
	}
}

func (r *replicas) breaks(fault string) func() {
	r.fault.Store(&fault)
	return func() { r.fault.Store(nil) }
}

func (r *replicas) forgets(err error) func() {
	r.kept.Store(&err)
	return func() { r.kept.Store(nil) }
}

// A token that expired while the program was down is renewed when it is up again, before anything is said with it.
func TestATokenThatHasExpired(t *testing.T) {
	r := newReplicas(t, 1, true, false)
	r.installs(t)
	mend := r.breaks("internal_error")
	r.clock.pass(13 * time.Hour)
	if err := r.posts(t, r.adapters[0], "early"); err == nil || strings.Contains(err.Error(), "invalid") {
		t.Errorf("it posts with a token that has expired: %v", err)
	}
	if calls := r.team.Calls(""); len(calls) > 0 {
		t.Errorf("Slack was called: %v", calls)
	}
	mend()
	r.clock.pass(2 * time.Minute)
	until(t, "it posts", func() bool { return r.posts(t, r.adapters[0], "late") == nil })
}

// A token that does not expire is exchanged where the app's tokens do, and by default is not.
func TestLongLivedTokensAreExchanged(t *testing.T) {
	for _, rotates := range []bool{false, true} {
		r := newReplicas(t, 2, false, rotates)
		r.installs(t)
		r.Options.Rotation = true
		if !rotates {
			time.Sleep(100 * time.Millisecond)
			if n := r.Asked("oauth.v2.exchange", ""); n > 0 {
				t.Errorf("it was exchanged %d times", n)
			}
			continue
		}
		r.clock.pass(2 * time.Minute) // Slack refused while it did not rotate
		in := r.holds(t, "it is exchanged", func(in installs.Install) bool { return in.Refresh != "" })
		if !in.Expires.Equal(r.clock.now().Add(12*time.Hour)) || r.Asked("oauth.v2.exchange", "") != 1 {
			t.Errorf("it expires at %s, after %d calls", in.Expires, r.Asked("oauth.v2.exchange", ""))
		}
		until(t, "it posts", func() bool { return r.posts(t, r.adapters[1], "x") == nil })
	}
}

// A delivery to a workspace that took the app out finds its channel gone, and calls nothing.
func TestDeliveriesToAWorkspaceThatLeft(t *testing.T) {
	r := newReplicas(t, 1, false, false)
	r.installs(t)
	until(t, "it posts", func() bool { return r.posts(t, r.adapters[0], "1") == nil })
	if gone, err := r.stores[0].Remove(t.Context(), installs.Workspace{Team: "T1"}, r.clock.now()); !gone || err != nil {
		t.Fatal(gone, err)
	}
	until(t, "the channel is gone", func() bool {
		err := r.posts(t, r.adapters[0], "2")
		return isGone(err)
	})
	before := len(r.team.Calls(""))
	if err := r.posts(t, r.adapters[0], "3"); !isGone(err) || len(r.team.Calls("")) != before {
		t.Errorf("it says %v", err)
	}
}

func isGone(err error) bool {
	gone := (*digest.GoneError)(nil)
	return errors.As(err, &gone)
}

var quiet = slog.New(slog.DiscardHandler)

// What Slack asks of one workspace is asked of no other one: each has limits, a health and a token of its own.
func TestWorkspacesHaveLimitsOfTheirOwn(t *testing.T) {
	r := newReplicas(t, 1, false, false)
	other := r.Add(slacktest.Options{TeamID: "T2", Now: r.clock.now})
	other.AddChannel(slacktest.Channel{ID: "C2", IsMember: true})
	r.installs(t)
	in := &installs.Install{Workspace: installs.Workspace{Team: "T2"}, Tokens: installs.Tokens{Access: "xoxb-of-nobody"}, At: r.clock.now()}
	if err := r.stores[0].Put(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	a := r.adapters[0]
	post := func(to bot.Address) error {
		_, err := a.Post(t.Context(), digest.Post{ID: "p", To: to, Reply: &bot.Reply{Language: "en", Blocks: []bot.Block{bot.Heading{Text: "Peru"}}}})
		return err
	}
	if err := post("slack:T2:C2"); err == nil || !strings.Contains(err.Error(), "invalid_auth") {
		t.Errorf("with a token that is none: %v", err)
	}
	if got := a.Health(); !strings.Contains(got, "Slack refuses the tokens of 1 workspaces: slack:T2 (invalid_auth)") {
		t.Errorf("it says %s", got)
	}
	r.team.SetFault(func(slacktest.Call) *slacktest.Fault {
		return &slacktest.Fault{Status: 429, RetryAfter: 30 * time.Second}
	})
	for range 2 {
		if later := (*inbox.Later)(nil); !errors.As(post("slack:T1:C1"), &later) {
			t.Error("Slack's wait is not kept")
		}
	}
	if n := len(r.team.Calls("chat.postMessage")); n != 1 {
		t.Errorf("%d calls, want one", n)
	}
	back, err := r.Allow(strings.TrimSuffix(r.APIURL(), "api/")+"oauth/v2/authorize?client_id="+r.Options.ClientID+"&scope=chat:write&state=s", "", "T2", "U1")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(back, "code=")
	code, _, _ = strings.Cut(code, "&")
	if _, err := slack.Install(t.Context(), a, code); err != nil {
		t.Fatal(err)
	}
	until(t, "the other posts", func() bool { return post("slack:T2:C2") == nil })
	if got := a.Health(); got != "" {
		t.Errorf("it says %s", got)
	}
	if len(r.team.Messages("C1")) > 0 || len(other.Messages("C2")) != 1 {
		t.Error("one posts with the token of another")
	}
	if err := post("slack:T2:C1"); err == nil { // a channel of T1
		t.Error("it posts in another workspace's channel")
	}
	if gone, err := r.stores[0].Remove(t.Context(), installs.Workspace{Team: "T2"}, r.clock.now()); !gone || err != nil {
		t.Fatal(gone, err)
	}
	until(t, "it has left", func() bool { return isGone(post("slack:T2:C2")) })
}
