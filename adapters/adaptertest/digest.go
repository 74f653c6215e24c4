package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// A DigestsCase is two stores of subscriptions on one database, opened apart where that can be done, and the ledgers there.
type DigestsCase struct {
	A, B   digest.Store
	Ledger ledger.Store
}

// Digests is the suite of digest.Store. Open returns the stores on one new, empty database, and closes them at the end of the test.
func Digests(t *testing.T, open func(testing.TB) *DigestsCase) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *DigestsCase){
		"a subscription comes back as it was": digestsRoundTrip,
		"it is added once":                    digestsAdd,
		"it is changed by its version":        digestsChange,
		"one of many changes it":              digestsChangeRace,
		"settings are a channel's":            digestsSettings,
		"digests are due at their time":       digestsDue,
		"watches are due behind the ledger":   digestsWatchesDue,
		"what is due comes in pages":          digestsPages,
		"wakes for what waits":                digestsWake,
		"a step is taken whole or not":        digestsPlan,
		"steps of one follow each other":      digestsChain,
		"asked again nothing is planned":      digestsPlanAgain,
		"each step is taken once by many":     digestsPlanRace,
		"thousands of steps":                  digestsPlanMany,
		"a task has all that it takes":        digestsClaim,
		"those due first are claimed first":   digestsClaimOrder,
		"leases end":                          digestsLeases,
		"each is claimed once by many":        digestsClaimRace,
		"only owners renew":                   digestsRenew,
		"only owners record":                  digestsRecord,
		"what waits longer is given back":     digestsGivenBack,
		"recorded again it is the same":       digestsRecordAgain,
		"an end drops what waits":             digestsEnd,
		"ended and planned at once":           digestsEndRace,
		"a channel's alerts":                  digestsAlerted,
		"deliveries are counted":              digestsTally,
		"deliveries are listed":               digestsListed,
		"subscriptions are counted":           digestsCounted,
		"what is old is erased":               digestsErase,
		"a letter hangs on its place":         digestsMail,
		"a letter is planned once by many":    digestsMailRace,
		"thousands of letters":                digestsMailMany,
		"a place is no channel's":             digestsNotes,
		"places without letters are erased":   digestsMailErase,
		"letters while places are erased":     digestsMailEraseRace,
		"others hear of changes":              digestsChanged,
		"text that databases refuse":          digestsOddText,
		"an ended context ends every call":    digestsEnded,
		"nothing is asked and nothing done":   digestsNothing,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

const channel = bot.Address("slack:T1:C1")

// subscribed returns the weekly digest of a number, which is due that many seconds after noon.
func subscribed(i int, changes ...func(*digest.Subscription)) digest.Subscription {
	s := digest.Subscription{
		ID: fmt.Sprintf("s%05d", i), Desk: desk, To: channel, Kind: digest.Digest, Language: "es", By: "slack:T1:U1", Began: atNoon, Next: second(i),
		About:    digest.Filter{Countries: []knowledge.Country{"PER", "BOL"}, Group: "southern-cone"},
		Schedule: digest.Schedule{Every: knowledge.Weekly, Days: []time.Weekday{time.Sunday, time.Monday}, At: knowledge.ClockAt(9, 30), Zone: "America/Lima"},
	}
	for _, change := range changes {
		change(&s)
	}
	return s
}

// watching makes a watch of a subscription.
func watching(s *digest.Subscription) { s.Kind, s.Schedule = digest.Watch, digest.Schedule{} }

// stepOf is the first step of a subscription that was added so, with its delivery.
func stepOf(s *digest.Subscription) digest.Step {
	return digest.Step{
		Subscription: s.ID, From: s.Cursor, To: s.Cursor + 1, Was: s.Next, Next: s.Next.Add(time.Hour),
		Delivery: &digest.Delivery{
			ID: "d-" + s.ID, Subscription: s.ID, Name: "first", After: s.Cursor, UpTo: s.Cursor + 1, Due: s.Next, State: digest.Waiting,
		},
	}
}

// add adds subscriptions.
func (c *DigestsCase) add(t *testing.T, all ...digest.Subscription) {
	t.Helper()
	for i := range all {
		if err := c.A.Add(t.Context(), &all[i]); err != nil {
			t.Fatal(err)
		}
	}
}

// plan adds subscriptions and a delivery of each, which is d- and its id.
func (c *DigestsCase) plan(t *testing.T, all ...digest.Subscription) {
	t.Helper()
	c.add(t, all...)
	steps := make([]digest.Step, len(all))
	for i := range all {
		steps[i] = stepOf(&all[i])
	}
	c.take(t, c.A, steps, slices.Repeat([]bool{true}, len(steps))...)
}

func (c *DigestsCase) take(t *testing.T, s digest.Store, steps []digest.Step, want ...bool) {
	t.Helper()
	if taken := must[[]bool](t)(s.Plan(t.Context(), second(0), steps)); !slices.Equal(taken, want) {
		t.Errorf("taken are %v, want %v", taken, want)
	}
}

// is compares the subscription of an id with what it should be.
func (c *DigestsCase) is(t *testing.T, want digest.Subscription) {
	t.Helper()
	for _, got := range must[[]digest.Subscription](t)(c.B.Of(t.Context(), want.To, time.Time{})) {
		if got.ID == want.ID {
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			return
		}
	}
	t.Errorf("%s is not there", want.ID)
}

func lease(owner string, until int) digest.Lease {
	return digest.Lease{Owner: owner, Until: second(until)}
}

func claimTasks(t *testing.T, s digest.Store, owner string, now, limit int, platforms ...string) []digest.Task {
	t.Helper()
	if len(platforms) == 0 {
		platforms = []string{"slack", "telegram"}
	}
	return must[[]digest.Task](t)(s.Claim(t.Context(), digest.Claiming{Platforms: platforms, Now: second(now), Lease: lease(owner, now+60), Limit: limit}))
}

// tasksOf returns the ids of deliveries.
func tasksOf(tasks []digest.Task) string {
	ids := make([]string, len(tasks))
	for i := range tasks {
		ids[i] = tasks[i].Delivery.ID
	}
	return strings.Join(ids, " ")
}

// dueOf returns the ids of what is due at some seconds after noon, asked in one page.
func (c *DigestsCase) dueOf(t *testing.T, now int) string {
	t.Helper()
	var ids []string
	for _, task := range must[[]digest.Task](t)(c.B.Due(t.Context(), second(now), "", "", 100)) {
		ids = append(ids, task.Subscription.ID)
	}
	return strings.Join(ids, " ")
}

func digestsRoundTrip(t *testing.T, c *DigestsCase) {
	full := subscribed(1, func(s *digest.Subscription) {
		s.Began, s.Cursor, s.Paused, s.Next = second(1).Add(123456*time.Microsecond), 1<<40, digest.Forever, digest.Forever
		s.Ended, s.Why, s.Version = second(9), "gone", 7
	})
	topic := subscribed(2, func(s *digest.Subscription) { s.To = "telegram:-100200:5"; s.Desk = other }, watching)
	bare := digest.Subscription{ID: "s3", Desk: desk, To: channel, Kind: digest.Watch}
	c.add(t, bare, full, topic)
	c.is(t, full)
	c.is(t, topic)
	c.is(t, bare)
	var ids []string
	for _, s := range must[[]digest.Subscription](t)(c.B.Of(t.Context(), channel, second(10))) {
		ids = append(ids, s.ID)
	}
	if !slices.Equal(ids, []string{"s3"}) {
		t.Errorf("going on are %q", ids)
	}
	if got := must[[]digest.Subscription](t)(c.B.Of(t.Context(), channel, second(9))); len(got) != 2 || got[0].ID != full.ID {
		t.Errorf("those that ended since, too, are %v", got)
	}
	if got := must[[]digest.Subscription](t)(c.B.Of(t.Context(), "telegram:-100200", time.Time{})); len(got) != 0 {
		t.Errorf("a chat has those of its topic: %v", got)
	}
}

func digestsAdd(t *testing.T, c *DigestsCase) {
	s := subscribed(1)
	c.plan(t, s)
	if err := c.B.Add(t.Context(), &s); err != nil { // its outcome was not known, and it was planned since
		t.Error(err)
	}
	if got := must[[]digest.Subscription](t)(c.B.Of(t.Context(), channel, time.Time{})); len(got) != 1 || got[0].Cursor != 1 {
		t.Errorf("there are %v", got)
	}
	another := subscribed(1, func(s *digest.Subscription) { s.By = "slack:T1:U2" })
	if err := c.B.Add(t.Context(), &another); err == nil {
		t.Error("another one of that id was added")
	}
}

func digestsChange(t *testing.T, c *DigestsCase) {
	s := subscribed(1)
	c.add(t, s, subscribed(2))
	next := subscribed(1, watching, func(s *digest.Subscription) {
		s.Desk, s.To, s.Cursor, s.Paused, s.Next, s.Language, s.By = other, "slack:T1:C2", 5, second(60), second(60), "ru", "slack:T1:U2"
		s.About = digest.Filter{}
	})
	if err := c.A.Change(t.Context(), &next); err != nil {
		t.Fatal(err)
	}
	if next.Version != 0 {
		t.Errorf("the one that was told has version %d", next.Version)
	}
	for _, version := range []int64{0, 2} {
		stale := subscribed(1, func(s *digest.Subscription) { s.Version = version })
		if err := c.B.Change(t.Context(), &stale); !errors.Is(err, digest.ErrChanged) {
			t.Errorf("changed from version %d, the error is %v", version, err)
		}
	}
	next.Version = 1
	c.is(t, next)
	c.is(t, subscribed(2))
	nobody := subscribed(3)
	if err := c.B.Change(t.Context(), &nobody); !errors.Is(err, digest.ErrChanged) {
		t.Errorf("one that is not there: %v", err)
	}
	planned := subscribed(2)
	c.take(t, c.A, []digest.Step{stepOf(&planned)}, true)
	if err := c.B.Change(t.Context(), &planned); !errors.Is(err, digest.ErrChanged) {
		t.Errorf("its cursor is put back: %v", err)
	}
}

func digestsChangeRace(t *testing.T, c *DigestsCase) {
	const changers, rounds = 8, 10
	c.add(t, subscribed(1))
	won := make([]int, rounds)
	var mu sync.Mutex
	atOnce(changers, func(i int) {
		for round := range rounds {
			s := subscribed(1, func(s *digest.Subscription) { s.Version, s.Cursor = int64(round), int64(i) })
			err := []digest.Store{c.A, c.B}[i%2].Change(t.Context(), &s)
			mu.Lock()
			if err == nil {
				won[round]++
			} else if !errors.Is(err, digest.ErrChanged) {
				t.Error(err)
			}
			mu.Unlock()
		}
	})
	for round, n := range won {
		if n > 1 || round == 0 && n == 0 {
			t.Errorf("%d changed version %d", n, round)
		}
	}
}

// atOnce does something in several goroutines.
func atOnce(n int, do func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	all.Wait()
}

func digestsSettings(t *testing.T, c *DigestsCase) {
	is := func(want digest.Settings) {
		t.Helper()
		if got := must[digest.Settings](t)(c.B.Settings(t.Context(), want.To)); got != want {
			t.Errorf("the settings are %+v, want %+v", got, want)
		}
	}
	is(digest.Settings{To: channel})
	set := digest.Settings{To: channel, Zone: "Asia/Kathmandu", QuietFrom: knowledge.ClockAt(22, 0), QuietTill: knowledge.ClockAt(0, 0), Empty: digest.On, Editors: true}
	for _, g := range []digest.Settings{{To: channel, Zone: "UTC", Empty: digest.On}, set} {
		if err := c.A.Set(t.Context(), g); err != nil {
			t.Fatal(err)
		}
		is(g)
	}
	is(digest.Settings{To: channel + ":5"})
	c.plan(t, subscribed(1), subscribed(2, func(s *digest.Subscription) { s.To = "slack:T1:C2" }))
	for _, tasks := range [][]digest.Task{
		must[[]digest.Task](t)(c.B.Due(t.Context(), second(9999), "", "", 9)), claimTasks(t, c.B, "me", 10, 9),
	} {
		if len(tasks) != 2 || tasks[0].Settings != set || tasks[1].Settings != (digest.Settings{To: "slack:T1:C2"}) {
			t.Errorf("tasks have %+v", tasks)
		}
	}
}

func digestsDue(t *testing.T, c *DigestsCase) {
	c.add(t, subscribed(3), subscribed(1), subscribed(2),
		subscribed(0, func(s *digest.Subscription) { s.Ended = second(0) }),
		subscribed(4, func(s *digest.Subscription) { s.Paused, s.Next = digest.Forever, digest.Forever }),
		subscribed(5, func(s *digest.Subscription) { s.Next = second(1); s.Desk = "zz" }),
		subscribed(6, func(s *digest.Subscription) { s.Next = second(1); s.Desk = "a" }))
	for now, want := range map[int]string{0: "", 1: "s00006 s00001 s00005", 2: "s00006 s00001 s00002 s00005", 99: "s00006 s00001 s00002 s00003 s00005"} {
		if got := c.dueOf(t, now); got != want {
			t.Errorf("after %d seconds due are %q, want %q", now, got, want)
		}
	}
	due := must[[]digest.Task](t)(c.B.Due(t.Context(), second(1), desk, "", 1))
	want := []digest.Task{{Subscription: subscribed(1), Settings: digest.Settings{To: channel}}}
	if diff := cmp.Diff(want, due); diff != "" {
		t.Error(diff)
	}
}

func digestsWatchesDue(t *testing.T, c *DigestsCase) {
	at := func(cursor int64, of knowledge.DeskID) func(*digest.Subscription) {
		return func(s *digest.Subscription) { s.Cursor, s.Desk, s.Next = cursor, of, second(0) }
	}
	c.add(t, subscribed(1, watching, at(0, desk)), subscribed(2, watching, at(2, desk)), subscribed(3, watching, at(0, other)),
		subscribed(4, watching, at(0, desk), func(s *digest.Subscription) { s.Next = second(9) }),
		subscribed(5, watching, at(0, desk), func(s *digest.Subscription) { s.Ended = second(0) }),
		subscribed(6, watching, at(0, "nobody's")))
	due := func(now int, want string) {
		t.Helper()
		if got := c.dueOf(t, now); got != want {
			t.Errorf("after %d seconds due are %q, want %q", now, got, want)
		}
	}
	due(1, "")
	must[[]ledger.Entry](t)(c.Ledger.Append(t.Context(), desk, Draft(0)))
	due(1, "s00001")
	due(9, "s00001 s00004")
	must[[]ledger.Entry](t)(c.Ledger.Append(t.Context(), other, Draft(0)))
	due(1, "s00001 s00003")
	must[[]ledger.Entry](t)(c.Ledger.Append(t.Context(), desk, Draft(1)))
	due(1, "s00001 s00003") // one is at the end
	must[[]ledger.Entry](t)(c.Ledger.Append(t.Context(), desk, Draft(2)))
	due(1, "s00001 s00002 s00003")
	c.take(t, c.A, []digest.Step{{Subscription: "s00001", To: 3, Was: second(0), Next: second(0)}}, true)
	due(1, "s00002 s00003")
	due(-1, "")
}

// Pages hold each once, be it many or few that are due, while those of earlier pages are planned or not.
func digestsPages(t *testing.T, c *DigestsCase) {
	must[[]ledger.Entry](t)(c.Ledger.Append(t.Context(), desk, Draft(0)))
	const n = 1300
	var want []string
	for i := range n {
		s := subscribed(i, func(s *digest.Subscription) { s.Next = second(0) })
		if i%3 == 0 {
			watching(&s)
		}
		if i%2 == 0 {
			s.Desk = "a"
		}
		c.add(t, s)
		if s.Kind == digest.Digest || s.Desk == desk {
			want = append(want, string(s.Desk)+" "+s.ID)
		}
	}
	slices.Sort(want)
	for _, planned := range []bool{false, true} {
		var got []string
		var from knowledge.DeskID
		after := ""
		for {
			page := must[[]digest.Task](t)(c.B.Due(t.Context(), second(0), from, after, 100))
			if len(page) == 0 {
				break
			}
			var steps []digest.Step
			for _, task := range page {
				from, after = task.Subscription.Desk, task.Subscription.ID
				got = append(got, string(from)+" "+after)
				steps = append(steps, stepOf(&task.Subscription))
			}
			if planned {
				c.take(t, c.A, steps, slices.Repeat([]bool{true}, len(page))...)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("the pages hold %d, want %d", len(got), len(want))
		}
	}
	if got := c.dueOf(t, 0); got != "" {
		t.Errorf("due is %s still", got)
	}
}

func digestsWake(t *testing.T, c *DigestsCase) {
	wakes := func(now int, want time.Time) {
		t.Helper()
		if got := must[time.Time](t)(c.B.Wake(t.Context(), second(now))); !got.Equal(want) {
			t.Errorf("after %d seconds it wakes at %s, want %s", now, got, want)
		}
	}
	wakes(0, time.Time{})
	c.add(t, subscribed(100), subscribed(200, watching),
		subscribed(50, func(s *digest.Subscription) { s.Ended = second(0) }),
		subscribed(60, func(s *digest.Subscription) { s.Paused, s.Next = digest.Forever, digest.Forever }))
	wakes(0, second(100))
	wakes(99, second(100))
	wakes(100, second(200))
	wakes(200, time.Time{})
	due := subscribed(1)
	step := stepOf(&due)
	step.Next, step.Delivery.NotBefore = second(300), second(20)
	c.add(t, due)
	c.take(t, c.A, []digest.Step{step}, true)
	wakes(0, second(20))
	wakes(20, second(100))
	claimTasks(t, c.A, "me", 20, 1) // until 80
	wakes(20, second(80))
	step.Delivery.State, step.Delivery.Done = digest.Sent, second(21)
	must[[]string](t)(c.A.Record(t.Context(), "me", []digest.Delivery{*step.Delivery}))
	wakes(20, second(100))
	wakes(200, second(300))
}

func digestsPlan(t *testing.T, c *DigestsCase) {
	s := subscribed(1)
	c.add(t, s, subscribed(2, func(s *digest.Subscription) { s.Ended = second(0) }),
		subscribed(3, func(s *digest.Subscription) { s.Paused = second(1) }), subscribed(4, func(s *digest.Subscription) { s.Paused = second(0) }),
		subscribed(5), subscribed(6, func(s *digest.Subscription) { s.To = "telegram:-200:5" }))
	step := func(i int, changes ...func(*digest.Step)) digest.Step {
		s := subscribed(i)
		step := stepOf(&s)
		for _, change := range changes {
			change(&step)
		}
		return step
	}
	c.take(t, c.B, []digest.Step{
		step(1, func(s *digest.Step) { s.From = 1 }), step(1, func(s *digest.Step) { s.Was = second(2) }), step(2), step(3), step(4), step(7),
		step(5, func(s *digest.Step) { s.Delivery = nil }), step(6),
	}, false, false, false, false, true, false, true, true)
	c.is(t, s)
	moved := subscribed(5, func(s *digest.Subscription) { s.Cursor, s.Next, s.Version = 1, second(5).Add(time.Hour), 1 })
	c.is(t, moved)
	c.is(t, subscribed(4, func(s *digest.Subscription) {
		s.Cursor, s.Next, s.Paused, s.Version = 1, second(4).Add(time.Hour), second(0), 1
	}))
	named := stepOf(&moved) // its name is free: the step before had no delivery
	c.take(t, c.B, []digest.Step{named}, true)
	again := moved
	again.Cursor, again.Next = named.To, named.Next
	taken := stepOf(&again)
	taken.Delivery.ID = "d-another" // of a name that is there
	c.take(t, c.A, []digest.Step{taken}, false)
	again.Version = 2
	c.is(t, again)
	if got := tasksOf(claimTasks(t, c.A, "me", 9999, 9)); got != "d-s00004 d-s00006 d-s00005" {
		t.Errorf("planned are %s", got)
	}
}

// digestsChain plans several digests of one subscription in one call.
func digestsChain(t *testing.T, c *DigestsCase) {
	s := subscribed(1)
	c.add(t, s)
	var steps []digest.Step
	for i := range 3 {
		step := stepOf(&s)
		step.Delivery.ID, step.Delivery.Name = fmt.Sprint("d", i), fmt.Sprint("day ", i)
		s.Cursor, s.Next = step.To, step.Next
		steps = append(steps, step)
	}
	steps[1].Delivery.Name = "day 0"
	c.take(t, c.A, steps, true, false, false)
	steps[1].Delivery.Name = "day 1"
	c.take(t, c.B, steps, true, true, true)
	s.Version = 3
	c.is(t, s)
	if got := tasksOf(claimTasks(t, c.A, "me", 9999, 9)); got != "d0 d1 d2" {
		t.Errorf("planned are %s", got)
	}
}

// digestsPlanAgain asks again what stands, as one does whose commit was lost, while it was claimed and sent already.
func digestsPlanAgain(t *testing.T, c *DigestsCase) {
	one, two := subscribed(1), subscribed(2)
	c.add(t, one, two)
	steps := []digest.Step{stepOf(&one), stepOf(&two)}
	steps[1].Delivery = nil
	c.take(t, c.A, steps, true, true)
	c.take(t, c.A, steps, true, false)
	claimTasks(t, c.B, "me", 9, 9)
	sent := *steps[0].Delivery
	sent.State, sent.Done = digest.Sent, second(9)
	must[[]string](t)(c.B.Record(t.Context(), "me", []digest.Delivery{sent}))
	c.take(t, c.B, steps, true, false)
	if got := tasksOf(claimTasks(t, c.A, "me", 9999, 9)); got != "" {
		t.Errorf("planned again are %s", got)
	}
	one.Cursor, one.Next, one.Version = 1, steps[0].Next, 1
	c.is(t, one)
}

// digestsPlanRace has many plan the same, each with ids of its own and in an order of its own.
func digestsPlanRace(t *testing.T, c *DigestsCase) {
	const planners, n = 8, 60
	all := make([]digest.Subscription, n)
	for i := range all {
		all[i] = subscribed(i)
	}
	c.add(t, all...)
	var mu sync.Mutex
	times := map[string]int{}
	atOnce(planners, func(p int) {
		steps := make([]digest.Step, n)
		for i := range steps {
			s := all[(i*[]int{1, 7, 11, 13, 17, 19, 23, 29}[p]+p)%n]
			steps[i] = stepOf(&s)
			steps[i].Delivery.ID += fmt.Sprint("-", p)
			if s.Next.Second()%5 == 0 {
				steps[i].Delivery = nil
			}
		}
		for some := range slices.Chunk(steps, 25) {
			taken, err := []digest.Store{c.A, c.B}[p%2].Plan(t.Context(), second(0), some)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			for i, is := range taken {
				if is {
					times[some[i].Subscription]++
				}
			}
			mu.Unlock()
		}
	})
	planned := map[string]int{}
	for _, task := range claimTasks(t, c.A, "me", 9999, 1000) {
		planned[task.Delivery.Subscription]++
	}
	for _, s := range all {
		if want := 1; times[s.ID] != want || s.Next.Second()%5 != 0 && planned[s.ID] != want {
			t.Errorf("%s: %d steps taken, %d deliveries", s.ID, times[s.ID], planned[s.ID])
		}
		s.Cursor, s.Next, s.Version = 1, s.Next.Add(time.Hour), 1
		c.is(t, s)
	}
}

func digestsPlanMany(t *testing.T, c *DigestsCase) {
	const n = 2500
	steps := make([]digest.Step, n)
	want := make([]bool, n)
	for i := range steps {
		s := subscribed(i)
		if i%500 != 7 {
			c.add(t, s)
			want[i] = true
		}
		steps[i] = stepOf(&s)
		if i%2 == 0 {
			steps[i].Delivery = nil
		}
	}
	c.take(t, c.A, steps, want...)
	if got := must[[]digest.Tally](t)(c.B.Tally(t.Context(), time.Time{})); len(got) != 1 || got[0].N != n/2-5 {
		t.Errorf("planned are %v", got)
	}
}

func digestsClaim(t *testing.T, c *DigestsCase) {
	s := subscribed(1, func(s *digest.Subscription) { s.To = "telegram:-200:5" })
	c.add(t, s)
	step := stepOf(&s)
	*step.Delivery = digest.Delivery{
		ID: "d1", Subscription: s.ID, Name: "2026-11-30", After: 3, UpTo: 17, Due: second(1).Add(123456 * time.Microsecond), State: digest.Trying,
		NotBefore: second(2), Attempt: 3, Tried: second(1), Parts: 2, Message: "1.2", Doubted: true, Reason: "no answer", Done: second(3),
	}
	c.take(t, c.A, []digest.Step{step}, true)
	if got := claimTasks(t, c.B, "me", 1, 9); len(got) != 0 {
		t.Errorf("claimed before its time is %v", got)
	}
	if got := claimTasks(t, c.B, "me", 2, 9, "slack"); len(got) != 0 {
		t.Errorf("claimed for another platform is %v", got)
	}
	want := digest.Task{Delivery: *step.Delivery, Subscription: s, Settings: digest.Settings{To: s.To}}
	want.Delivery.Attempt++
	want.Subscription.Cursor, want.Subscription.Next, want.Subscription.Version = 1, step.Next, 1
	if diff := cmp.Diff([]digest.Task{want}, claimTasks(t, c.B, "me", 2, 9, "telegram")); diff != "" {
		t.Error(diff)
	}
	if _, err := c.A.Claim(t.Context(), digest.Claiming{Platforms: []string{"telegram"}, Now: second(99), Lease: digest.Lease{Until: second(100)}, Limit: 1}); err == nil {
		t.Error("nobody claims")
	}
}

func digestsClaimOrder(t *testing.T, c *DigestsCase) {
	at := func(due int, to bot.Address) func(*digest.Subscription) {
		return func(s *digest.Subscription) { s.Next, s.To = second(due), to }
	}
	c.plan(t, subscribed(4, at(9, "slack:T1:C1")), subscribed(1, at(5, "telegram:1")), subscribed(3, at(5, "slack:T1:C2")), subscribed(2, at(7, "slack:T1:C1")),
		subscribed(5, at(1, "telegram:2")))
	for _, step := range []struct {
		limit     int
		platforms []string
		want      string
	}{
		{0, nil, ""},
		{2, nil, "d-s00005 d-s00001"},
		{2, []string{"slack", "slack"}, "d-s00003 d-s00002"},
		{9, []string{"telegram"}, ""},
		{9, nil, "d-s00004"},
	} {
		if got := tasksOf(claimTasks(t, c.B, "me", 0, step.limit, step.platforms...)); got != step.want {
			t.Errorf("claimed are %q, want %q", got, step.want)
		}
	}
}

func digestsLeases(t *testing.T, c *DigestsCase) {
	c.plan(t, subscribed(1), subscribed(2))
	claimed := claimTasks(t, c.A, "dead", 0, 1)
	tried := claimed[0].Delivery
	tried.State, tried.Tried = digest.Trying, second(1)
	must[[]string](t)(c.A.Record(t.Context(), "dead", []digest.Delivery{tried}))
	if got := tasksOf(claimTasks(t, c.B, "me", 59, 9)); got != "d-s00002" {
		t.Errorf("claimed are %s", got)
	}
	found := claimTasks(t, c.B, "me", 60, 9)
	tried.Attempt = 2
	if len(found) != 1 || !cmp.Equal(found[0].Delivery, tried) {
		t.Errorf("when the lease has ended, claimed is %+v, want %+v", found, tried)
	}
}

func digestsClaimRace(t *testing.T, c *DigestsCase) {
	const claimers, n = 8, 200
	all := make([]digest.Subscription, n)
	for i := range all {
		all[i] = subscribed(i, func(s *digest.Subscription) { s.To = []bot.Address{"slack:T1:C1", "telegram:1"}[i%2] })
	}
	c.plan(t, all...)
	var mu sync.Mutex
	claimed := map[string]int{}
	atOnce(claimers, func(i int) {
		for range n {
			found, err := []digest.Store{c.A, c.B}[i%2].Claim(t.Context(), digest.Claiming{Platforms: []string{"telegram", "slack"}, Now: second(0), Lease: lease(fmt.Sprint(i), 60), Limit: 7})
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			for _, task := range found {
				claimed[task.Delivery.ID]++
			}
			over := len(claimed) == n
			mu.Unlock()
			if over {
				return
			}
		}
	})
	for id, times := range claimed {
		if times != 1 {
			t.Errorf("%s was claimed %d times", id, times)
		}
	}
	if len(claimed) != n {
		t.Errorf("%d were claimed, want %d", len(claimed), n)
	}
}

func digestsRenew(t *testing.T, c *DigestsCase) {
	c.plan(t, subscribed(1), subscribed(2), subscribed(3))
	claimTasks(t, c.A, "me", 0, 2)
	claimTasks(t, c.A, "they", 0, 2)
	renew := func(s digest.Store, l digest.Lease, want ...string) {
		t.Helper()
		held := must[[]string](t)(s.Renew(t.Context(), []string{"d-s00001", "d-s00002", "d-s00003", "d-s00004"}, l))
		slices.Sort(held)
		if !slices.Equal(held, want) {
			t.Errorf("held are %q, want %q", held, want)
		}
	}
	renew(c.B, lease("me", 100), "d-s00001", "d-s00002")
	renew(c.B, lease("", 100))
	if got := tasksOf(claimTasks(t, c.B, "they", 60, 9)); got != "d-s00003" {
		t.Errorf("claimed are %q", got)
	}
	renew(c.A, digest.Lease{Owner: "me"}, "d-s00001", "d-s00002")
	renew(c.A, lease("me", 200))
	if got := tasksOf(claimTasks(t, c.B, "they", 61, 9)); got != "d-s00001 d-s00002" {
		t.Errorf("claimed are %q", got)
	}
}

func digestsRecord(t *testing.T, c *DigestsCase) {
	c.plan(t, subscribed(1), subscribed(2))
	mine := claimTasks(t, c.A, "me", 0, 2)
	one, two := mine[0].Delivery, mine[1].Delivery
	record := func(s digest.Store, owner string, want string, all ...digest.Delivery) {
		t.Helper()
		held := must[[]string](t)(s.Record(t.Context(), owner, all))
		slices.Sort(held)
		if got := strings.Join(held, " "); got != want {
			t.Errorf("held are %q, want %q", got, want)
		}
	}
	one.State, one.Tried, one.Name, one.UpTo = digest.Trying, second(1), "another", 99 // which are as they were planned
	record(c.B, "me", "d-s00001", one)
	one.Parts, one.Message, one.State = 1, "1.2", digest.Waiting // and goes on with the next part
	record(c.A, "me", "d-s00001", one)
	record(c.A, "they", "", one, two)
	record(c.A, "", "", one, two)
	one.State, one.Done, one.Reason, one.Doubted = digest.Held, second(2), "no answer", true
	record(c.A, "me", "d-s00001", one)
	one.Name, one.UpTo = "first", 1
	if got := must[[]digest.Task](t)(c.B.Listed(t.Context(), []digest.State{digest.Held}, false, 9)); len(got) != 1 || !cmp.Equal(got[0].Delivery, one) {
		t.Errorf("recorded is %+v, want %+v", got, one)
	}
	late := one
	late.State, late.Done = digest.Failed, second(3)
	record(c.A, "me", "", late)

	if got := tasksOf(claimTasks(t, c.B, "they", 60, 9)); got != "d-s00002" {
		t.Errorf("claimed are %q", got)
	}
	two.State = digest.Sent
	two.Done = second(61)
	record(c.A, "me", "", two) // who lost the lease
	two.State, two.Done, two.Attempt = digest.Trying, time.Time{}, 2
	record(c.A, "they", "d-s00002", two)
	if got := claimTasks(t, c.A, "me", 120, 9); len(got) != 1 || got[0].Delivery.State != digest.Trying || !got[0].Delivery.Done.IsZero() {
		t.Errorf("claimed is %+v", got)
	}
}

func digestsGivenBack(t *testing.T, c *DigestsCase) {
	c.plan(t, subscribed(1), subscribed(2))
	mine := claimTasks(t, c.A, "me", 0, 1)[0].Delivery
	mine.NotBefore, mine.Reason, mine.Doubted = second(5), "slow down", true
	for range 2 { // its outcome was not known
		if held := must[[]string](t)(c.A.Record(t.Context(), "me", []digest.Delivery{mine})); !slices.Equal(held, []string{mine.ID}) {
			t.Errorf("held are %q", held)
		}
	}
	if held := must[[]string](t)(c.A.Renew(t.Context(), []string{mine.ID}, lease("me", 99))); len(held) != 0 {
		t.Error("it is held still")
	}
	if got := tasksOf(claimTasks(t, c.B, "they", 4, 9)); got != "d-s00002" {
		t.Errorf("claimed are %q", got)
	}
	mine.Attempt++
	if got := claimTasks(t, c.B, "they", 5, 9); len(got) != 1 || !cmp.Equal(got[0].Delivery, mine) {
		t.Errorf("claimed are %+v, want %+v", got, mine)
	}
	mine.State, mine.Done = digest.Sent, second(6)
	if held := must[[]string](t)(c.A.Record(t.Context(), "me", []digest.Delivery{mine})); len(held) != 0 {
		t.Errorf("who gave it back records it")
	}
}

func digestsRecordAgain(t *testing.T, c *DigestsCase) {
	c.plan(t, subscribed(1), subscribed(2))
	var all []digest.Delivery
	for i, task := range claimTasks(t, c.A, "me", 0, 9) {
		d := task.Delivery
		d.State, d.Done, d.Parts, d.Message = []digest.State{digest.Sent, digest.Failed}[i], second(1), 1, "7"
		all = append(all, d)
	}
	for _, s := range []digest.Store{c.A, c.B} { // the outcome of the first was not known
		if held := must[[]string](t)(s.Record(t.Context(), "me", all)); len(held) != 2 {
			t.Errorf("held are %q", held)
		}
	}
	if got := claimTasks(t, c.B, "they", 99, 9); len(got) != 0 {
		t.Errorf("claimed are %+v", got)
	}
}

func digestsEnd(t *testing.T, c *DigestsCase) {
	all := make([]digest.Subscription, 7)
	for i := range all {
		all[i] = subscribed(i)
	}
	all[6].Ended, all[6].Why = second(1), "stopped"
	c.plan(t, all[:6]...)
	c.add(t, all[6])
	mine := claimTasks(t, c.A, "me", 0, 4)
	trying, sent, back := mine[0].Delivery, mine[1].Delivery, mine[2].Delivery
	trying.State, sent.State, sent.Done = digest.Trying, digest.Sent, second(1)
	must[[]string](t)(c.A.Record(t.Context(), "me", []digest.Delivery{trying, sent}))
	must[[]string](t)(c.A.Renew(t.Context(), []string{trying.ID, back.ID}, digest.Lease{Owner: "me"}))
	ids := []string{"s00006", "s00000", "s00001", "s00002", "s00003", "s00004", "nobody"}
	for at := range 2 { // what has ended ends no more
		if err := c.B.End(t.Context(), ids, second(2+at), "gone"); err != nil {
			t.Fatal(err)
		}
	}
	c.is(t, all[6])
	for i, s := range all[:6] {
		s.Cursor, s.Next, s.Version = 1, s.Next.Add(time.Hour), 1
		if i < 5 {
			s.Ended, s.Why, s.Version = second(2), "gone", 2
		}
		c.is(t, s)
	}
	dropped := must[[]digest.Task](t)(c.A.Listed(t.Context(), []digest.State{digest.Dropped}, false, 9))
	if got := tasksOf(dropped); got != "d-s00004 d-s00002" || !dropped[0].Delivery.Done.Equal(second(2)) {
		t.Errorf("dropped are %+v", dropped)
	}
	found := claimTasks(t, c.B, "they", 60, 9)
	if got := tasksOf(found); got != "d-s00000 d-s00003 d-s00005" || found[0].Subscription.Why != "gone" {
		t.Errorf("left are %s", got)
	}
	s := all[1]
	s.Cursor, s.Next = 1, s.Next.Add(time.Hour)
	step := stepOf(&s)
	step.Delivery.ID, step.Delivery.Name = "late", "late"
	c.take(t, c.A, []digest.Step{step}, false)
}

// digestsEndRace ends subscriptions while they are planned: no delivery of theirs waits afterwards.
func digestsEndRace(t *testing.T, c *DigestsCase) {
	const n = 40
	steps := make([]digest.Step, n)
	ids := make([]string, n)
	for i := range steps {
		s := subscribed(i)
		c.add(t, s)
		steps[i], ids[n-1-i] = stepOf(&s), s.ID
	}
	atOnce(4, func(i int) {
		for k := range n / 5 {
			var err error
			if i < 2 {
				_, err = []digest.Store{c.A, c.B}[i].Plan(t.Context(), second(0), steps[5*k:5*k+5])
			} else {
				err = []digest.Store{c.A, c.B}[i%2].End(t.Context(), ids[5*k:5*k+5], second(0), "stopped")
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	if got := claimTasks(t, c.A, "me", 9999, 99); len(got) != 0 {
		t.Errorf("%d deliveries wait still", len(got))
	}
}

func digestsAlerted(t *testing.T, c *DigestsCase) {
	at := func(cursor int64) func(*digest.Subscription) {
		return func(s *digest.Subscription) { s.Cursor = cursor }
	}
	c.plan(t, subscribed(1, watching, at(4)), subscribed(2, watching, at(5)), subscribed(3, watching, at(6)), subscribed(4, at(5)),
		subscribed(5, watching, at(5), func(s *digest.Subscription) { s.To = "slack:T1:C2" }), subscribed(6, watching, at(5)), subscribed(7, watching, at(5)))
	var all []digest.Delivery
	for _, task := range claimTasks(t, c.A, "me", 0, 9) {
		d := task.Delivery
		d.State, d.Done = digest.Sent, second(9)
		switch d.Subscription {
		case "s00006":
			d.State = digest.Empty
		case "s00007":
			continue
		}
		all = append(all, d)
	}
	must[[]string](t)(c.A.Record(t.Context(), "me", all))
	for span, want := range map[[2]int64]string{
		{0, 4}: "", {0, 5}: "d-s00001", {0, 99}: "d-s00001 d-s00002 d-s00003", {5, 6}: "d-s00002", {5, 5}: "", {7, 99}: "", {6, 7}: "d-s00003",
	} {
		got := must[[]digest.Task](t)(c.B.Alerted(t.Context(), channel, span[0], span[1]))
		if tasksOf(got) != want {
			t.Errorf("alerted of those behind %d up to %d: %s, want %s", span[0], span[1], tasksOf(got), want)
		}
	}
}

// ended plans deliveries, two in each state, the first of them doubted, which ended after as many seconds as their number.
func (c *DigestsCase) ended(t *testing.T, states ...digest.State) {
	t.Helper()
	var steps []digest.Step
	for i, state := range states {
		for k := range 2 {
			s := subscribed(2*i+k, func(s *digest.Subscription) { s.To = []bot.Address{channel, "telegram:1"}[i%2] })
			c.add(t, s)
			step := stepOf(&s)
			step.Delivery.State, step.Delivery.Doubted = state, k == 0
			if state != digest.Waiting && state != digest.Trying {
				step.Delivery.Done = second(2*i + k)
			}
			steps = append(steps, step)
		}
	}
	c.take(t, c.A, steps, slices.Repeat([]bool{true}, len(steps))...)
}

func digestsTally(t *testing.T, c *DigestsCase) {
	c.ended(t, digest.Waiting, digest.Sent, digest.Sent, digest.Held, digest.Trying)
	got := must[[]digest.Tally](t)(c.B.Tally(t.Context(), second(5)))
	counted := func(platform string, state digest.State, doubted bool) digest.Tally {
		return digest.Tally{Platform: platform, State: state, Doubted: doubted, N: 1}
	}
	want := []digest.Tally{
		counted("slack", digest.Sent, false), counted("slack", digest.Trying, false), counted("slack", digest.Trying, true),
		counted("slack", digest.Waiting, false), counted("slack", digest.Waiting, true),
		counted("telegram", digest.Held, false), counted("telegram", digest.Held, true),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	total := 0
	for _, n := range must[[]digest.Tally](t)(c.B.Tally(t.Context(), time.Time{})) {
		total += n.N
	}
	if total != 10 {
		t.Errorf("%d are counted, want 10", total)
	}
}

func digestsListed(t *testing.T, c *DigestsCase) {
	c.ended(t, digest.Sent, digest.Held, digest.Failed, digest.Waiting)
	for _, l := range []struct {
		states  []digest.State
		doubted bool
		limit   int
		want    string
	}{
		{nil, false, 9, ""},
		{nil, true, 9, "d-s00006 d-s00004 d-s00002 d-s00000"},
		{[]digest.State{digest.Held, digest.Failed}, false, 9, "d-s00005 d-s00004 d-s00003 d-s00002"},
		{[]digest.State{digest.Held, digest.Failed}, false, 3, "d-s00005 d-s00004 d-s00003"},
		{[]digest.State{digest.Failed, digest.Failed, digest.Held}, true, 5, "d-s00006 d-s00005 d-s00004 d-s00003 d-s00002"},
		{[]digest.State{digest.Sent}, true, 0, ""},
	} {
		got := must[[]digest.Task](t)(c.B.Listed(t.Context(), l.states, l.doubted, l.limit))
		if tasksOf(got) != l.want {
			t.Errorf("listed are %q, want %q", tasksOf(got), l.want)
		}
	}
	if got := must[[]digest.Task](t)(c.B.Listed(t.Context(), []digest.State{digest.Sent}, false, 1)); got[0].Subscription.To != channel {
		t.Errorf("listed is %+v", got)
	}
}

// What goes on is counted by platform and kind. A pause that is over is none.
func digestsCounted(t *testing.T, c *DigestsCase) {
	if got := must[[]digest.SubscriptionTally](t)(c.B.Subscriptions(t.Context(), second(5))); len(got) != 0 {
		t.Errorf("before any are %v", got)
	}
	at := func(to bot.Address) func(*digest.Subscription) { return func(s *digest.Subscription) { s.To = to } }
	until := func(paused time.Time) func(*digest.Subscription) {
		return func(s *digest.Subscription) { s.Paused, s.Next = paused, paused }
	}
	over := func(s *digest.Subscription) { s.Ended, s.Why = second(1), "stopped" }
	c.add(t, subscribed(1, at("telegram:-100200:5")), subscribed(2), subscribed(3, at("slack:T2:C7"), until(digest.Forever)),
		subscribed(4, until(second(6))), subscribed(5, until(second(5))), subscribed(6, over), subscribed(7, watching, until(second(9))),
		subscribed(8, watching, at("telegram:77"), over))
	want := []digest.SubscriptionTally{
		{Platform: "slack", Kind: digest.Digest, N: 4, Paused: 2},
		{Platform: "slack", Kind: digest.Watch, N: 1, Paused: 1},
		{Platform: "telegram", Kind: digest.Digest, N: 1},
	}
	if diff := cmp.Diff(want, must[[]digest.SubscriptionTally](t)(c.B.Subscriptions(t.Context(), second(5)))); diff != "" {
		t.Error(diff)
	}
}

func digestsErase(t *testing.T, c *DigestsCase) {
	const n = 1200
	steps := make([]digest.Step, n)
	for i := range steps {
		s := subscribed(i)
		c.add(t, s)
		steps[i] = stepOf(&s)
		steps[i].Delivery.State, steps[i].Delivery.Done = digest.Sent, second(i)
	}
	c.take(t, c.A, steps, slices.Repeat([]bool{true}, n)...)
	c.plan(t, subscribed(n), subscribed(n+1)) // which waits
	claimTasks(t, c.A, "me", 0, 1)
	gone := []string{"s00000", "s00001", "s01198"}
	if err := c.A.End(t.Context(), append(gone, "s01200"), second(1), "gone"); err != nil {
		t.Fatal(err)
	}
	if err := c.A.End(t.Context(), []string{"s00002"}, second(1190), "gone"); err != nil {
		t.Fatal(err)
	}
	for _, s := range []struct {
		before, want int
	}{{0, 0}, {2, 2 + 2}, {1100, 1098}, {1190, 90}, {1191, 1 + 1}, {1191, 0}} {
		if erased := must[int](t)(c.B.Erase(t.Context(), second(s.before))); erased != s.want {
			t.Errorf("before %d, %d erased, want %d", s.before, erased, s.want)
		}
	}
	left := must[[]digest.Subscription](t)(c.B.Of(t.Context(), channel, time.Time{}))
	if len(left) != n+2-3 || left[0].ID != "s00003" {
		t.Errorf("%d are left", len(left))
	}
}

func digestsChanged(t *testing.T, c *DigestsCase) {
	ctx, end := context.WithTimeout(t.Context(), 10*time.Second)
	defer end()
	changed := c.B.Changed(ctx)
	hears := func(what string) {
		t.Helper()
		select {
		case _, open := <-changed:
			if !open {
				t.Fatalf("%s: it was closed", what)
			}
		case <-ctx.Done():
			t.Fatalf("%s was not heard of", what)
		}
	}
	quiet := func() { // what was signalled before is over
		for {
			select {
			case <-changed:
			case <-time.After(300 * time.Millisecond):
				return
			}
		}
	}
	hears("the beginning")
	quiet()
	s := subscribed(1)
	c.add(t, s)
	hears("a subscription")
	quiet()
	c.take(t, c.A, []digest.Step{stepOf(&s)}, true)
	hears("a delivery")
	quiet()
	stale := stepOf(&s)
	stale.Delivery.Name = "second"
	c.take(t, c.B, []digest.Step{stale}, false) // who plans and claims when it hears is not woken by that
	claimTasks(t, c.B, "me", 0, 9, "telegram")
	select {
	case <-changed:
		t.Error("nothing was changed, and it was heard of")
	case <-time.After(400 * time.Millisecond):
	}
	d := claimTasks(t, c.A, "me", 0, 9)[0].Delivery
	quiet()
	d.NotBefore = second(99)
	must[[]string](t)(c.A.Record(t.Context(), "me", []digest.Delivery{d}))
	hears("a delivery that waits")
	quiet()
	c.mail(t, c.A, []digest.Mailing{mailed(1, "first")}, true)
	hears("a letter")
	end()
	for range changed {
	}
}

func digestsOddText(t *testing.T, c *DigestsCase) {
	const odd = "\x00Боливия\xff'; DROP TABLE x; --\\u0000"
	s := subscribed(1, func(s *digest.Subscription) {
		s.To, s.By, s.Language, s.Why = "slack:"+odd, odd, odd, odd
		s.About = digest.Filter{Group: odd, Countries: []knowledge.Country{odd}}
		s.Schedule.Zone = odd
	})
	c.add(t, s)
	if err := c.A.Set(t.Context(), digest.Settings{To: s.To, Zone: odd}); err != nil {
		t.Fatal(err)
	}
	step := stepOf(&s)
	step.Delivery.Name, step.Delivery.Reason, step.Delivery.Message = odd, odd, odd
	c.take(t, c.A, []digest.Step{step}, true)
	c.take(t, c.B, []digest.Step{step}, true)
	found := must[[]digest.Subscription](t)(c.B.Of(t.Context(), s.To, time.Time{}))
	if len(found) != 1 || !strings.Contains(found[0].By, "Боливия") || !strings.Contains(found[0].Why, "Боливия") {
		t.Errorf("found are %+v", found)
	}
	tasks := claimTasks(t, c.B, "me"+odd, 9, 9)
	if len(tasks) != 1 || tasks[0].Settings.Zone == "" || !strings.Contains(tasks[0].Delivery.Reason, "DROP TABLE") {
		t.Fatalf("claimed are %+v", tasks)
	}
	d := tasks[0].Delivery
	d.Reason, d.Message = odd, odd
	if held := must[[]string](t)(c.A.Record(t.Context(), "me"+odd, []digest.Delivery{d})); len(held) != 1 {
		t.Errorf("held are %q", held)
	}
	if held := must[[]string](t)(c.A.Renew(t.Context(), []string{odd, d.ID}, digest.Lease{Owner: "me" + odd, Until: second(1)})); len(held) != 1 {
		t.Errorf("held are %q", held)
	}
	if err := c.B.Change(t.Context(), &found[0]); err != nil {
		t.Error(err)
	}
	if err := c.B.End(t.Context(), []string{s.ID, odd}, second(9), odd); err != nil {
		t.Error(err)
	}
	letter := mailed(1, odd)
	letter.Place.ID, letter.Place.To, letter.Delivery.ID = odd, "slack:"+odd, odd
	letter.Delivery.Letter = &digest.Letter{Kind: odd, Edit: odd, Command: odd}
	c.mail(t, c.A, []digest.Mailing{letter}, true)
	c.mail(t, c.B, []digest.Mailing{letter}, true)
	if tasks := claimTasks(t, c.B, "me", 9, 9); len(tasks) != 1 || !strings.Contains(tasks[0].Delivery.Letter.Command, "DROP TABLE") {
		t.Errorf("claimed are %+v", tasks)
	}
	must[[]digest.Task](t)(c.A.Alerted(t.Context(), s.To, 0, 9))
	must[[]digest.Task](t)(c.A.Listed(t.Context(), []digest.State{odd}, true, 9))
	must[[]digest.Task](t)(c.A.Due(t.Context(), second(9), odd, odd, 9))
	must[[]digest.Task](t)(c.A.Claim(t.Context(), digest.Claiming{Platforms: []string{odd}, Now: second(9), Lease: lease("me", 9), Limit: 9}))
}

func digestsEnded(t *testing.T, c *DigestsCase) {
	s := subscribed(1)
	c.add(t, s)
	ctx, end := context.WithCancel(t.Context())
	end()
	one := func(_ any, err error) error { return err }
	late := subscribed(2)
	for what, err := range map[string]error{
		"Add": c.A.Add(ctx, &late), "Change": c.A.Change(ctx, &s), "Set": c.A.Set(ctx, digest.Settings{To: channel, Empty: digest.On}),
		"Of": one(c.A.Of(ctx, channel, time.Time{})), "Settings": one(c.A.Settings(ctx, channel)), "Due": one(c.A.Due(ctx, second(9), "", "", 9)),
		"Wake": one(c.A.Wake(ctx, second(0))), "Plan": one(c.A.Plan(ctx, second(0), []digest.Step{stepOf(&s)})),
		"Claim": one(c.A.Claim(ctx, digest.Claiming{Platforms: []string{"slack"}, Now: second(9), Lease: lease("me", 99), Limit: 9})), "Renew": one(c.A.Renew(ctx, []string{"d-s00001"}, lease("me", 9))),
		"Record": one(c.A.Record(ctx, "me", []digest.Delivery{{ID: "d-s00001"}})), "End": c.A.End(ctx, []string{s.ID}, second(0), "gone"),
		"Alerted": one(c.A.Alerted(ctx, channel, 0, 9)), "Tally": one(c.A.Tally(ctx, time.Time{})), "Subscriptions": one(c.A.Subscriptions(ctx, second(0))),
		"Mail":   one(c.A.Mail(ctx, []digest.Mailing{mailed(1, "first")})),
		"Listed": one(c.A.Listed(ctx, []digest.State{digest.Sent}, true, 9)), "Erase": one(c.A.Erase(ctx, second(9))),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v", what, err)
		}
	}
	for range c.A.Changed(ctx) {
	}
	c.is(t, s)
	if got := claimTasks(t, c.A, "me", 9999, 9); len(got) != 0 {
		t.Errorf("planned are %v", got)
	}
}

func digestsNothing(t *testing.T, c *DigestsCase) {
	c.take(t, c.A, nil)
	c.mail(t, c.A, nil)
	if err := c.A.End(t.Context(), nil, second(0), "gone"); err != nil {
		t.Error(err)
	}
	if held := must[[]string](t)(c.A.Renew(t.Context(), nil, lease("me", 9))); len(held) != 0 {
		t.Errorf("held are %q", held)
	}
	if held := must[[]string](t)(c.A.Record(t.Context(), "me", nil)); len(held) != 0 {
		t.Errorf("held are %q", held)
	}
	c.plan(t, subscribed(1))
	if got := must[[]digest.Task](t)(c.A.Claim(t.Context(), digest.Claiming{Platforms: nil, Now: second(9), Lease: lease("me", 9), Limit: 9})); len(got) != 0 {
		t.Errorf("claimed are %v", got)
	}
	if n := must[int](t)(c.A.Erase(t.Context(), second(9999))); n != 0 {
		t.Errorf("%d erased", n)
	}
}
