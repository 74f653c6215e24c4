package digest_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storedigest "stancebot/adapters/store/digest"
	"stancebot/adapters/store/storetest"
	"stancebot/bot"
	"stancebot/bot/digest"
)

const channel = bot.Address("slack:T1:C1")

var noon = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// next is a step of a subscription by one entry, with its delivery.
func next(s *digest.Subscription) digest.Step {
	name := fmt.Sprint(s.Cursor + 1)
	return digest.Step{
		Subscription: s.ID, From: s.Cursor, To: s.Cursor + 1, Was: s.Next, Next: s.Next.Add(time.Second), Delivery: &digest.Delivery{
			ID: s.ID + "-" + name, Subscription: s.ID, Name: name, After: s.Cursor, UpTo: s.Cursor + 1, Due: s.Next, State: digest.Waiting,
		},
	}
}

// Where the connection is lost at the commit, each call does its work once and knows what it did.
func TestALostCommitStandsOnce(t *testing.T) {
	c, over := storetest.Lay(t, postgres.Database(t))
	s := storedigest.New(storetest.Open(t, over))
	ctx := t.Context()
	held := func(doing string, ids []string, err error, want ...string) {
		t.Helper()
		if slices.Sort(ids); err != nil || !slices.Equal(ids, want) {
			t.Errorf("%s: %q, %v; want %q", doing, ids, err, want)
		}
	}
	for i, how := range []storetest.Loss{storetest.LosesReply, storetest.LosesAsked} {
		one := digest.Subscription{ID: fmt.Sprint("a", i), Desk: "main", To: channel, Kind: digest.Digest, Began: noon, Next: noon}
		two := one
		two.ID = fmt.Sprint("b", i)
		for _, added := range []*digest.Subscription{&one, &two} {
			c.Next(how)
			if err := s.Add(ctx, added); err != nil {
				t.Fatal(err)
			}
			c.Next(how)
			added.Language = "es"
			if err := s.Change(ctx, added); err != nil {
				t.Error(err)
			}
			if err := s.Change(ctx, added); !errors.Is(err, digest.ErrChanged) {
				t.Errorf("changed from an old version: %v", err)
			}
		}
		c.Next(how)
		if err := s.Set(ctx, digest.Settings{To: channel, Empty: digest.On}); err != nil {
			t.Error(err)
		}
		bare := next(&two)
		bare.Delivery = nil
		c.Next(how)
		if taken, err := s.Plan(ctx, noon, []digest.Step{next(&one), bare}); err != nil || !slices.Equal(taken, []bool{true, true}) {
			t.Errorf("taken are %v, %v", taken, err)
		}
		letter := digest.Mailing{
			Place:    digest.Subscription{ID: fmt.Sprint("n", i), Desk: "main", To: "telegram:77", Kind: digest.Note, Began: noon, Next: digest.Forever},
			Delivery: digest.Delivery{ID: fmt.Sprint("l", i), Name: "1", Due: noon, State: digest.Waiting, Letter: &digest.Letter{Kind: "news"}},
		}
		c.Next(how)
		if taken, err := s.Mail(ctx, []digest.Mailing{letter}); err != nil || !slices.Equal(taken, []bool{true}) {
			t.Errorf("of letters, taken are %v, %v", taken, err)
		}
		mine := digest.Lease{Owner: "me", Until: noon.Add(time.Minute)}
		id := one.ID + "-1"
		for attempt := range 2 {
			c.Next(how)
			tasks, err := s.Claim(ctx, digest.Claiming{Platforms: []string{"slack"}, Now: noon, Lease: mine, Limit: 9})
			if err != nil || len(tasks) != 1 || tasks[0].Delivery.ID != id || how == storetest.LosesReply && tasks[0].Delivery.Attempt != attempt+1 {
				t.Errorf("claimed are %+v, %v", tasks, err)
			}
			l := mine
			if attempt == 0 {
				l.Until = time.Time{} // is given back
			}
			c.Next(how)
			ids, err := s.Renew(ctx, []string{id}, l)
			held("renewed", ids, err, id)
		}
		sent := *next(&one).Delivery
		for _, state := range []digest.State{digest.Trying, digest.Sent} {
			sent.State, sent.Done = state, noon
			c.Next(how)
			ids, err := s.Record(ctx, "me", []digest.Delivery{sent})
			held("recorded", ids, err, id)
		}
		c.Next(how)
		if err := s.End(ctx, []string{one.ID, two.ID}, noon.Add(time.Second), "gone"); err != nil {
			t.Error(err)
		}
		for _, got := range must(s.Of(ctx, channel, time.Time{}))(t) {
			if (got.ID == one.ID || got.ID == two.ID) && (got.Cursor != 1 || got.Version != 3 || !got.Ended.Equal(noon.Add(time.Second))) {
				t.Errorf("it is %+v", got)
			}
		}
	}
	if n := c.Cuts(); n != 28 {
		t.Errorf("%d connections were cut, want 28", n)
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}

// Where nobody can say whether it stands, that is what is said; asked again later, by whoever, it is planned once.
func TestALostCommitThatCannotBeLookedUpIsUncertain(t *testing.T) {
	url := postgres.Database(t)
	c, over := storetest.Lay(t, url)
	s, later := storedigest.New(storetest.Open(t, over)), storedigest.New(storetest.Open(t, url))
	one := digest.Subscription{ID: "a", Desk: "main", To: channel, Kind: digest.Digest, Began: noon, Next: noon}
	if err := s.Add(t.Context(), &one); err != nil {
		t.Fatal(err)
	}
	steps := []digest.Step{next(&one)}
	c.Next(storetest.Breaks)
	if taken, err := s.Plan(t.Context(), noon, steps); !errors.Is(err, store.ErrUncertain) || taken[0] {
		t.Errorf("taken are %v, error is %v; want that it is uncertain", taken, err)
	}
	for range 2 {
		if taken, err := later.Plan(t.Context(), noon, steps); err != nil || !taken[0] {
			t.Errorf("asked again, taken are %v, %v", taken, err)
		}
	}
	if tasks := must(later.Claim(t.Context(), digest.Claiming{Platforms: []string{"slack"}, Now: noon, Lease: digest.Lease{Owner: "me", Until: noon}, Limit: 9}))(t); len(tasks) != 1 || tasks[0].Subscription.Cursor != 1 {
		t.Errorf("planned are %+v", tasks)
	}
}
