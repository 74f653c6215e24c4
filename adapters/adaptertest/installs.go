package adaptertest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/installs"
)

// An InstallStores is what the suite of installs needs of one database: its installs as two processes have them, and what is subscribed to
// there.
type InstallStores struct {
	Installs, Other installs.Store
	Digests         digest.Store
}

// Installs is the suite of installs.Store, on new, empty databases.
func Installs(t *testing.T, open func(*testing.T) InstallStores) {
	t.Helper()
	for name, suite := range map[string]func(*testing.T, InstallStores){
		"states": installStates, "kept": installsKept, "organisations": organisations, "removed": installsRemoved, "ends": installsEnd, "renewed": installsRenewed,
	} {
		t.Run(name, func(t *testing.T) { suite(t, open(t)) })
	}
}

func installIn(enterprise, team, access string) *installs.Install {
	return &installs.Install{
		Workspace: installs.Workspace{Enterprise: enterprise, Team: team}, Tokens: installs.Tokens{Access: installs.Token(access)},
		Name: "Gazette " + team, BotUser: "UBOT", App: "A1", Scopes: "chat:write,commands", Installer: "U1", At: atNoon,
	}
}

func putInstall(t *testing.T, s installs.Store, in *installs.Install) {
	t.Helper()
	if err := s.Put(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// serves checks by which token a workspace is served, "" for none.
func serves(t *testing.T, s installs.Store, team, access string) installs.Install {
	t.Helper()
	in, err := s.Find(t.Context(), team)
	switch {
	case access == "" && !errors.Is(err, installs.ErrNone):
		t.Errorf("%s is served by %s, %v", team, in.Workspace, err)
	case access != "" && (err != nil || in.Sealed != nil || in.Access.Reveal() != access):
		t.Errorf("%s is served by %q, %v, %v; want %q", team, in.Access.Reveal(), err, in.Sealed, access)
	}
	return in
}

// installStates: an installation comes back once, to its browser, in time, and of many calls at once one succeeds.
func installStates(t *testing.T, s InstallStores) {
	begin := func(value string) {
		if err := s.Installs.Begin(t.Context(), installs.State{Value: value, Browser: "b"}, atNoon); err != nil {
			t.Fatal(err)
		}
	}
	for _, value := range []string{"good", "elsewhere", "late"} {
		begin(value)
	}
	for _, c := range []struct {
		value, browser string
		after          time.Duration
		want           bool
	}{
		{"good", "b", time.Minute, true},
		{"good", "b", time.Minute, false}, // again
		{"elsewhere", "c", 0, false},
		{"elsewhere", "b", 0, false}, // another browser has spent it
		{"late", "b", installs.StateLife, false},
		{"never", "b", 0, false},
		{"", "", 0, false},
	} {
		if ok, err := s.Other.Finish(t.Context(), installs.State{Value: c.value, Browser: c.browser}, atNoon.Add(c.after)); ok != c.want || err != nil {
			t.Errorf("%q comes back to %q after %s: %t, %v", c.value, c.browser, c.after, ok, err)
		}
	}
	begin("race")
	var won atomic.Int32
	var running sync.WaitGroup
	for i := range 8 {
		store := []installs.Store{s.Installs, s.Other}[i%2]
		running.Go(func() {
			if ok, err := store.Finish(t.Context(), installs.State{Value: "race", Browser: "b"}, atNoon); err != nil {
				t.Error(err)
			} else if ok {
				won.Add(1)
			}
		})
	}
	running.Wait()
	if won.Load() != 1 {
		t.Errorf("%d of eight succeed", won.Load())
	}
}

// installsKept: what is put is found as it is, once for a workspace, and by another process.
func installsKept(t *testing.T, s InstallStores) {
	changed := s.Other.Changed(t.Context())
	<-changed
	serves(t, s.Installs, "T1", "")
	whole := installIn("E1", "T1", "xoxb-1")
	whole.Refresh, whole.Expires = "xoxe-1", atNoon.Add(12*time.Hour)
	putInstall(t, s.Installs, installIn("", "T1", "xoxb-0")) // before the workspace came into an organisation
	putInstall(t, s.Installs, whole)
	putInstall(t, s.Installs, installIn("", "T2", "xoxb-2"))
	select {
	case <-changed:
	case <-time.After(10 * time.Second):
		t.Error("the other process does not hear of it")
	}
	got := serves(t, s.Other, "T1", "xoxb-1")
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", *whole) || got.Refresh != whole.Refresh {
		t.Errorf("it is %+v, want %+v", got, *whole)
	}
	list, err := s.Other.List(t.Context())
	if err != nil || len(list) != 2 || list[0].Team != "T2" || list[1].Team != "T1" {
		t.Errorf("there are %+v, %v", list, err)
	}
	if text := fmt.Sprintf("%v %+v %#v", list, list, list); strings.Contains(text, "xox") {
		t.Errorf("a token is printed: %s", text)
	}
	if err := s.Installs.Put(t.Context(), &installs.Install{Tokens: installs.Tokens{Access: "xoxb"}}); err == nil {
		t.Error("an install of nowhere is kept")
	}
}

// organisations: an install without a team serves the workspaces that are known to be its organisation's, but those that have one of their own.
func organisations(t *testing.T, s InstallStores) {
	ctx := t.Context()
	if err := s.Installs.Join(ctx, installs.Workspace{Enterprise: "E1", Team: "T1"}); !errors.Is(err, installs.ErrNone) {
		t.Errorf("a workspace joins what is not installed: %v", err)
	}
	putInstall(t, s.Installs, installIn("E1", "", "xoxb-e1"))
	putInstall(t, s.Installs, installIn("E2", "", "xoxb-e2"))
	putInstall(t, s.Installs, installIn("E1", "T3", "xoxb-t3"))
	for _, team := range []string{"T1", "T2", "T3", "T1"} {
		if err := s.Installs.Join(ctx, installs.Workspace{Enterprise: "E1", Team: team}); err != nil {
			t.Fatal(err)
		}
	}
	serves(t, s.Other, "T1", "xoxb-e1")
	serves(t, s.Other, "T2", "xoxb-e1")
	serves(t, s.Other, "T3", "xoxb-t3")
	serves(t, s.Other, "T4", "")
	serves(t, s.Other, "", "")
	if list, err := s.Other.List(ctx); err != nil || len(list) != 3 || !slices.Equal(list[0].Teams, []string{"T1", "T2", "T3"}) || len(list[2].Teams) > 0 {
		t.Errorf("there are %+v, %v", list, err)
	}
	for range 2 {
		if err := s.Installs.Leave(ctx, installs.Workspace{Enterprise: "E1", Team: "T1"}, atNoon); err != nil {
			t.Fatal(err)
		}
	}
	serves(t, s.Other, "T1", "")
	serves(t, s.Other, "T2", "xoxb-e1")
	if gone, err := s.Installs.Remove(ctx, installs.Workspace{Enterprise: "E1"}, atNoon); !gone || err != nil {
		t.Errorf("an organisation's is removed: %t, %v", gone, err)
	}
	serves(t, s.Other, "T2", "")
	serves(t, s.Other, "T3", "xoxb-t3")
	if teams, err := s.Other.Teams(ctx, "E1"); !slices.Equal(teams, []string{"T2", "T3"}) || err != nil {
		t.Errorf("teams that were its are %v, %v", teams, err)
	}
	if list, err := s.Other.List(ctx); err != nil || len(list) != 2 {
		t.Errorf("there are %+v, %v", list, err)
	}
}

// installsRemoved: what is told late does not take away what was installed since, and what is told twice does nothing.
func installsRemoved(t *testing.T, s InstallStores) {
	w := installs.Workspace{Team: "T1"}
	remove := func(at time.Time, want bool) {
		t.Helper()
		if gone, err := s.Other.Remove(t.Context(), w, at); gone != want || err != nil {
			t.Errorf("removed: %t, %v; want %t", gone, err, want)
		}
	}
	remove(atNoon, true) // it never was
	putInstall(t, s.Installs, installIn("", "T1", "xoxb-1"))
	putInstall(t, s.Installs, installIn("", "T2", "xoxb-2"))
	remove(atNoon.Add(-time.Second), false)
	serves(t, s.Installs, "T1", "xoxb-1")
	remove(atNoon, true)
	remove(atNoon.Add(time.Second), true)
	serves(t, s.Installs, "T1", "")
	serves(t, s.Installs, "T2", "xoxb-2")
	again := installIn("", "T1", "xoxb-3")
	again.At = atNoon.Add(time.Minute)
	putInstall(t, s.Installs, again)
	remove(atNoon.Add(time.Second), false)
	serves(t, s.Installs, "T1", "xoxb-3")
}

// installsEnd: what a workspace subscribed to ends with its install, what waits for it is dropped, and no other workspace's.
func installsEnd(t *testing.T, s InstallStores) {
	ctx := t.Context()
	putInstall(t, s.Installs, installIn("", "T1", "xoxb-1"))
	of := map[string]digest.Subscription{}
	for i, to := range []string{"slack:T1:C1", "slack:T1:C2:1700.1", "slack:T10:C1", "telegram:77"} {
		sub := subscribed(i, func(s *digest.Subscription) { s.To = bot.Address(to) })
		if err := s.Digests.Add(ctx, &sub); err != nil {
			t.Fatal(err)
		}
		if taken, err := s.Digests.Plan(ctx, atNoon, []digest.Step{stepOf(&sub)}); err != nil || !taken[0] {
			t.Fatal(taken, err)
		}
		of[to] = sub
	}
	if gone, err := s.Installs.Remove(ctx, installs.Workspace{Team: "T1"}, atNoon.Add(time.Hour)); !gone || err != nil {
		t.Fatal(gone, err)
	}
	for to, sub := range of {
		list, err := s.Digests.Of(ctx, sub.To, atNoon)
		if err != nil || len(list) != 1 {
			t.Fatal(to, list, err)
		}
		if ended := !list[0].Ended.IsZero(); ended != strings.HasPrefix(to, "slack:T1:") {
			t.Errorf("%s has ended: %t, %s", to, ended, list[0].Why)
		}
	}
	if waiting := claimTasks(t, s.Digests, "me", 3600, 10); len(waiting) != 2 || waiting[0].Subscription.To != "slack:T10:C1" || waiting[1].Subscription.To != "telegram:77" {
		t.Errorf("there waits %+v", waiting)
	}
}

// installsRenewed: one owner at a time renews tokens, and what is late changes nothing.
func installsRenewed(t *testing.T, s InstallStores) {
	ctx := t.Context()
	w := installs.Workspace{Enterprise: "E1", Team: "T1"}
	putInstall(t, s.Installs, installIn("E1", "T1", "xoxb-1"))
	lease := func(store installs.Store, owner string, at time.Time, want bool) installs.Install {
		t.Helper()
		in, held, err := store.Lease(ctx, w, owner, at, at.Add(time.Minute))
		if held != want || err != nil {
			t.Errorf("%s leases: %t, %v", owner, held, err)
		}
		return in
	}
	renew := func(store installs.Store, owner, access string, want bool) {
		t.Helper()
		tokens := installs.Tokens{Access: installs.Token(access), Refresh: installs.Token(access + "-r"), Expires: atNoon.Add(12 * time.Hour)}
		if access == "" {
			tokens = installs.Tokens{}
		}
		if held, err := store.Renew(ctx, w, owner, tokens); held != want || err != nil {
			t.Errorf("%s renews: %t, %v; want %t", owner, held, err, want)
		}
	}
	if in := lease(s.Installs, "a", atNoon, true); in.Access != "xoxb-1" {
		t.Errorf("it leases %+v", in)
	}
	lease(s.Other, "b", atNoon.Add(30*time.Second), false)
	renew(s.Other, "b", "xoxb-b", false)
	renew(s.Installs, "a", "xoxb-2", true)
	renew(s.Installs, "a", "xoxb-2", true) // whose commit was lost
	renew(s.Installs, "a", "xoxb-3", false)
	if in := lease(s.Other, "b", atNoon.Add(31*time.Second), true); in.Access != "xoxb-2" || in.Refresh != "xoxb-2-r" || !in.Expires.Equal(atNoon.Add(12*time.Hour)) {
		t.Errorf("it leases %+v", in)
	}
	renew(s.Other, "b", "", true)
	lease(s.Installs, "a", atNoon.Add(32*time.Second), true)
	lease(s.Other, "b", atNoon.Add(2*time.Minute), true) // a died
	renew(s.Installs, "a", "xoxb-late", false)
	renew(s.Other, "b", "xoxb-4", true)
	serves(t, s.Installs, "T1", "xoxb-4")
	if _, held, err := s.Installs.Lease(ctx, installs.Workspace{Team: "T9"}, "a", atNoon, atNoon); held || err != nil {
		t.Errorf("what is not installed is leased: %t, %v", held, err)
	}
}
