package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"stancebot/adapters/admin"
	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/question"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

type digestCommand struct {
	Status  digestStatus  `cmd:"" default:"withargs" help:"How digests and alerts are: what waits, what was sent, what may have come twice, what failed and why."`
	Preview digestPreview `cmd:"" help:"What a digest about some countries would say of the last days."`
	Run     digestRun     `cmd:"" help:"Plan and deliver what is due at a time, and end: for rehearsals."`
}

type digestStatus struct {
	Since time.Duration `default:"168h" help:"Count and list of what ended only what did so within this time."`
	Limit int           `default:"20" help:"List at most so many deliveries of each sort."`
	JSON  bool          `name:"json" help:"For programs."`
}

// A statusReport is what status tells.
type statusReport struct {
	Deliveries    []digest.Tally             `json:"deliveries"`
	Subscriptions []digest.SubscriptionTally `json:"subscriptions"`
	Listed        []listedDelivery           `json:"listed"`
}

// A listedDelivery is one that an operator wants to see.
type listedDelivery struct {
	Why      string       `json:"why"` // late, held, failed, doubted, waiting, trying
	To       bot.Address  `json:"to"`
	Kind     digest.Kind  `json:"kind"`
	Name     string       `json:"name"`
	Due      time.Time    `json:"due"`
	State    digest.State `json:"state"`
	Attempt  int          `json:"attempt"`
	Reason   string       `json:"reason,omitempty"`
	Delivery string       `json:"delivery"`
}

// lateAfter is from when on a delivery that waits is late.
const lateAfter = time.Minute

// whys are what deliveries are listed for, what wants an operator first.
var whys = []string{"late", string(digest.Held), string(digest.Failed), "doubted", string(digest.Trying), string(digest.Waiting)}

// Run tells how digests are.
func (c *digestStatus) Run(env *environment) error {
	if c.Limit < 1 || c.Since <= 0 {
		return usageError{errors.New("--limit is a number from 1 on, and --since a time such as 168h")}
	}
	m, err := env.openMemory()
	if err != nil {
		return err
	}
	defer m.Close() //nolint:errcheck // it was only read
	report, err := c.report(env.ctx, m.digestStore(), clock())
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(env.stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	}
	return report.print(env)
}

func (c *digestStatus) report(ctx context.Context, store digest.Store, now time.Time) (*statusReport, error) {
	r := statusReport{Deliveries: []digest.Tally{}, Subscriptions: []digest.SubscriptionTally{}, Listed: []listedDelivery{}}
	since := now.Add(-c.Since)
	deliveries, err := store.Tally(ctx, since)
	if err != nil {
		return nil, err
	}
	subscriptions, err := store.Subscriptions(ctx, now)
	if err != nil {
		return nil, err
	}
	r.Deliveries, r.Subscriptions = append(r.Deliveries, deliveries...), append(r.Subscriptions, subscriptions...)
	for _, of := range []struct {
		states  []digest.State
		doubted bool
	}{{states: []digest.State{digest.Waiting, digest.Trying}}, {states: []digest.State{digest.Held, digest.Failed}}, {doubted: true}} {
		tasks, err := store.Listed(ctx, of.states, of.doubted, c.Limit)
		if err != nil {
			return nil, err
		}
		for i := range tasks {
			if done := tasks[i].Delivery.Done; done.IsZero() || !done.Before(since) {
				r.add(&tasks[i], now)
			}
		}
	}
	slices.SortStableFunc(r.Listed, func(a, b listedDelivery) int { return slices.Index(whys, a.Why) - slices.Index(whys, b.Why) })
	return &r, nil
}

func (r *statusReport) add(t *digest.Task, now time.Time) {
	d := &t.Delivery
	if slices.ContainsFunc(r.Listed, func(l listedDelivery) bool { return l.Delivery == d.ID }) {
		return
	}
	why := string(d.State)
	switch going := d.State == digest.Waiting || d.State == digest.Trying; {
	case going && now.Sub(d.Due) > lateAfter:
		why = "late"
	case d.Doubted && d.State != digest.Held && d.State != digest.Failed:
		why = "doubted"
	}
	r.Listed = append(r.Listed, listedDelivery{
		Why: why, To: t.Subscription.To, Kind: t.Subscription.Kind, Name: d.Name, Due: d.Due, State: d.State, Attempt: d.Attempt, Reason: d.Reason, Delivery: d.ID,
	})
}

func (r *statusReport) print(env *environment) error {
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	if len(r.Subscriptions) == 0 {
		fmt.Fprintln(table, "no channel has subscribed yet")
	} else {
		fmt.Fprintln(table, "platform\tsubscribed\tgoing on\tof them paused")
	}
	for _, s := range r.Subscriptions {
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\n", s.Platform, s.Kind, s.N, s.Paused)
	}
	if len(r.Deliveries) == 0 {
		fmt.Fprintln(table, "\nnothing waits, and nothing was delivered in this time")
	} else {
		fmt.Fprintln(table, "\nplatform\tdeliveries\tcount\tof them in doubt")
	}
	for _, c := range counted(r.Deliveries) {
		fmt.Fprintf(table, "%s\t%s\t%d\t%d\n", c.platform, c.state, c.n, c.doubted)
	}
	if len(r.Listed) > 0 {
		fmt.Fprintln(table, "\nlisted as\tto\twhat\tdue\tstate\tattempts\treason")
	}
	for _, l := range r.Listed {
		fmt.Fprintf(table, "%s\t%s\t%s %s\t%s\t%s\t%d\t%s\n",
			l.Why, l.To, l.Kind, l.Name, l.Due.UTC().Format(time.RFC3339), l.State, l.Attempt, oneLine(l.Reason))
	}
	return table.Flush()
}

// A stateCount is how many deliveries of a platform are in a state, and how many of them in doubt.
type stateCount struct {
	platform   string
	state      digest.State
	n, doubted int
}

// counted puts tallies together that stand beside each other.
func counted(tallies []digest.Tally) []stateCount {
	var list []stateCount
	for _, t := range tallies {
		if n := len(list); n == 0 || list[n-1].platform != t.Platform || list[n-1].state != t.State {
			list = append(list, stateCount{platform: t.Platform, state: t.State})
		}
		c := &list[len(list)-1]
		if c.n += t.N; t.Doubted {
			c.doubted += t.N
		}
	}
	return list
}

// longestReason is how many characters of a reason stand in a table. --json has all of it.
const longestReason = 120

// oneLine puts a reason on one line, and "-" for none.
func oneLine(reason string) string {
	line := []rune(strings.Join(strings.Fields(reason), " "))
	switch {
	case len(line) == 0:
		return "-"
	case len(line) > longestReason:
		return string(line[:longestReason-1]) + "…"
	}
	return string(line)
}

type digestPreview struct {
	About []string `arg:"" optional:"" help:"Countries or one group, such as southern cone; all when there is none."`
	Days  int      `default:"7" help:"Of how many days."`
	Desk  string   `default:"main" help:"Of which desk's ledger."`
	As    string   `default:"en" help:"In which language." enum:"en,es,fr,pt,ru,zh"`
}

// Run composes a digest of the last days.
func (c *digestPreview) Run(env *environment) error {
	if c.Days < 1 {
		return usageError{errors.New("--days is a number from 1 on")}
	}
	today, err := env.calendar("")
	if err != nil {
		return err
	}
	if _, err := env.thereURL(); err != nil {
		return err
	}
	d, err := env.openDesk()
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // it was only read
	if err := c.knows(env, d); err != nil {
		return err
	}
	about, err := aboutOf(d, strings.Join(c.About, " "), today())
	if err != nil {
		return err
	}
	id, now := knowledge.DeskID(c.Desk), clock()
	teller := newTeller(d.memory, today)
	changes, err := teller.About(env.ctx, id, about, 0, d.seq(id))
	if err != nil {
		return err
	}
	since := now.AddDate(0, 0, -c.Days)
	changes = slices.DeleteFunc(changes, func(change digest.Change) bool { return change.Known.Before(since) })
	n := teller.Show(&digest.Occasion{
		Subscription: &digest.Subscription{
			Desk: id, Kind: digest.Digest, About: about, Language: c.As, Began: since, Schedule: digest.Schedule{Zone: env.config.Timezone},
		},
		Changes: changes, UpTo: d.seq(id), Since: since, Till: now, Preview: true,
	})
	return printNotice(env, &n)
}

// knows makes sure that a desk has entries. The one that there always is may have none yet.
func (c *digestPreview) knows(env *environment, d *deskwork) error {
	id := knowledge.DeskID(c.Desk)
	if id == knowledge.DefaultDesk {
		return nil
	}
	return (&stored{d.ledger, d.db}).knows(env, id)
}

// aboutOf reads what a digest is to be about.
func aboutOf(d *deskwork, text string, today knowledge.Day) (digest.Filter, error) {
	if text == "" {
		return digest.Filter{}, nil
	}
	q := question.New(places.New(d.records)).Read("digest preview "+text, today).Query
	if q.Misread != nil || len(q.Countries) == 0 && q.Group == "" {
		return digest.Filter{}, usageError{fmt.Errorf("%q names no country and no group: write them as in digest preview southern cone", text)}
	}
	return digest.Filter{Countries: q.Countries, Group: q.Group}, nil
}

func printNotice(env *environment, n *digest.Notice) error {
	_, err := fmt.Fprintln(env.stdout, n.Summary.Text())
	for i := range n.Below {
		_, below := fmt.Fprintf(env.stdout, "\n%s\n", n.Below[i].Text())
		err = errors.Join(err, below)
	}
	return err
}

type digestRun struct {
	At     string        `required:"" help:"The time, as 2026-11-30T09:00:00Z or 2026-11-30T09:00 by STANCEBOT_TIMEZONE."`
	DryRun bool          `help:"Print what would be delivered, and record and send nothing."`
	Limit  time.Duration `default:"10m" help:"How long to wait for what is to be delivered."`
}

// Run plans and delivers what is due at a time.
func (c *digestRun) Run(env *environment) error {
	at, err := c.time(env.config.Timezone)
	if err != nil {
		return err
	}
	if _, err := env.thereURL(); err != nil {
		return err
	}
	today := func() knowledge.Day { return knowledge.DayOf(at) }
	p, err := env.newBot(today, true)
	if err != nil {
		return err
	}
	defer p.Close() //nolint:errcheck // what was recorded is durable
	store := p.memory.digestStore()
	if store == nil {
		return p.memory.status().Err
	}
	begun := time.Now()
	now := func() time.Time { return at.Add(time.Since(begun)) }
	metrics := admin.NewMetrics()
	posters := map[string]digest.Poster{}
	for _, served := range env.newPlatforms(p, metrics) {
		posters[served.name] = served
	}
	n := env.newNewsboy(p, today, now, posters, func(string, *digest.Delivery) {})
	if c.DryRun {
		return c.rehearse(env, n, at)
	}
	if len(posters) == 0 {
		return usageError{errors.New("no platform's token is set: set one, or add --dry-run")}
	}
	return c.deliver(env, n, store, now)
}

func (c *digestRun) time(zone string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, c.At); err == nil {
		return at, nil
	}
	where, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}, usageError{errors.New("STANCEBOT_TIMEZONE is no time zone: write it as America/Lima")}
	}
	at, err := time.ParseInLocation("2006-01-02T15:04", c.At, where)
	if err != nil {
		return time.Time{}, usageError{errors.New("--at is no time: write it as 2026-11-30T09:00:00Z or 2026-11-30T09:00")}
	}
	return at, nil
}

// rehearse prints what would be delivered.
func (c *digestRun) rehearse(env *environment, n *newsboy, at time.Time) error {
	planned, err := n.planner.Rehearse(env.ctx, at)
	if err != nil {
		return err
	}
	for i := range planned {
		notice, err := n.composer.Compose(env.ctx, &planned[i])
		if err != nil {
			return err
		}
		fmt.Fprintf(env.stdout, "%s: %s, due %s\n", planned[i].Subscription.To, planned[i].Subscription.Kind, planned[i].Delivery.Due.UTC().Format(time.RFC3339))
		if len(notice.Summary.Blocks) == 0 {
			fmt.Fprintln(env.stdout, "nothing to tell: nothing would be sent")
		} else if err := printNotice(env, &notice); err != nil {
			return err
		}
		fmt.Fprintln(env.stdout)
	}
	fmt.Fprintf(env.stdout, "%s would be due at %s; nothing was recorded or sent\n", ofDeliveries(len(planned)), at.UTC().Format(time.RFC3339))
	return nil
}

// ofDeliveries says how many deliveries.
func ofDeliveries(n int) string {
	if n == 1 {
		return "1 delivery"
	}
	return fmt.Sprintf("%d deliveries", n)
}

// deliver plans and delivers, and waits until nothing is left.
func (c *digestRun) deliver(env *environment, n *newsboy, store digest.Store, now func() time.Time) error {
	ctx, end := context.WithTimeout(env.ctx, c.Limit)
	defer end()
	planned, _, err := n.planner.Plan(ctx)
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { n.deliverer.Run(working) })
	left, err := untilDelivered(ctx, store, now)
	stop()
	running.Wait()
	fmt.Fprintf(env.stdout, "planned: %s, left: %d\n", ofDeliveries(planned), left)
	return err
}

// untilDelivered waits until no delivery is due, and returns how many are left.
func untilDelivered(ctx context.Context, store digest.Store, now func() time.Time) (left int, err error) {
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		tallies, err := store.Tally(ctx, now())
		if err != nil && ctx.Err() == nil {
			return 0, err
		}
		left = 0
		for _, t := range tallies {
			if t.State == digest.Waiting || t.State == digest.Trying {
				left += t.N
			}
		}
		if left == 0 {
			return 0, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return left, fmt.Errorf("left of the deliveries: %d; they are sent when the program serves", left)
		}
	}
}

// lookAgain is how often it is looked whether all is delivered.
const lookAgain = 100 * time.Millisecond
