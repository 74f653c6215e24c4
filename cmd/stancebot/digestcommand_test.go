package main

import (
	"context"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"stancebot/adapters/store"
	storeddigest "stancebot/adapters/store/digest"
	"stancebot/bot/digest"
	"stancebot/knowledge"
)

// digestsScript is: digests URL. It has channels subscribe in a database, and deliveries of theirs end in all ways.
func digestsScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: digests URL")
	}
	ctx := context.Background()
	db, err := store.Open(ctx, args[0], store.Options{})
	ts.Check(err)
	ts.Check(fillDigests(ctx, storeddigest.New(db)))
	ts.Check(db.Close())
}

// fillDigests has three channels subscribe. One of them is due the digest of 6 January 2025, and so are those of before.
func fillDigests(ctx context.Context, s digest.Store) error {
	due := time.Date(2025, 1, 6, 9, 0, 0, 0, time.UTC)
	weekly := digest.Subscription{
		ID: "1", Desk: "main", To: "slack:T1:C1", Kind: digest.Digest, About: digest.Filter{Group: "southern_cone"}, Language: "en", By: "slack:T1:U1", Name: "Ana",
		Schedule: digest.Schedule{Every: knowledge.Weekly, Days: []time.Weekday{time.Monday}, At: knowledge.ClockAt(9, 0), Zone: "UTC"}, Began: due.AddDate(0, 0, -50),
		Next: due.AddDate(0, 0, -35),
	}
	paused := weekly
	paused.ID, paused.To, paused.Paused, paused.Next = "2", "telegram:-100200:5", digest.Forever, digest.Forever
	watch := digest.Subscription{ID: "3", Desk: "main", To: "telegram:77", Kind: digest.Watch, Language: "ru", Began: due, Next: due}
	for _, added := range []*digest.Subscription{&weekly, &paused, &watch} {
		if err := s.Add(ctx, added); err != nil {
			return err
		}
	}
	at := weekly.Next
	var steps []digest.Step
	for _, d := range []digest.Delivery{
		{State: digest.Sent, Parts: 1},
		{State: digest.Sent, Parts: 1, Doubted: true},
		{State: digest.Failed, Reason: "slack: chat.postMessage:\n the answer is no JSON\tbut " + "a very long page that a proxy wrote about what it cannot do, and that nobody wants to read whole in a table of deliveries"},
		{State: digest.Held, Doubted: true, Reason: "digest: the platform does not tell whether it arrived"},
		{State: digest.Waiting, Attempt: 3, Reason: "slack: invalid_auth"},
	} {
		d.ID, d.Subscription, d.Name, d.Lane, d.Due = at.Format(time.DateOnly), weekly.ID, at.Format(time.DateOnly), "slack:T1", at
		if d.State != digest.Waiting {
			d.Attempt, d.Tried, d.Done = 1, at, at.Add(time.Minute)
		}
		next := weekly.Schedule.Next(at)
		steps = append(steps, digest.Step{Subscription: weekly.ID, Was: at, Next: next, Delivery: &d})
		at = next
	}
	_, err := s.Plan(ctx, due, steps)
	return err
}
