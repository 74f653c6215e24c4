package digest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/digest/digesttest"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
	"stancebot/knowledge/raced"
)

// A world is a ledger whose entries name one country each, a platform, and what plans and delivers between them.
type world struct {
	store    *digesttest.Memory
	platform *digesttest.Platform
	logged   bytes.Buffer
	picture  *bot.File // of each digest, nil for none

	mu      sync.Mutex
	entries []digest.Change
	ended   []digest.Delivery
	wakes   []*digest.Planner
}

func newWorld() *world {
	w := &world{platform: &digesttest.Platform{Now: time.Now, Sees: true}}
	w.store = digesttest.NewMemory(w.end)
	return w
}

func (w *world) end(knowledge.DeskID) int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return int64(len(w.entries))
}

// happens records a change of a country.
func (w *world) happens(c knowledge.Country) {
	w.mu.Lock()
	w.entries = append(w.entries, digest.Change{Seq: int64(len(w.entries) + 1), Countries: []knowledge.Country{c}, Known: time.Now()})
	wakes := slices.Clone(w.wakes)
	w.mu.Unlock()
	for _, p := range wakes {
		p.Kick()
	}
}

func (w *world) changes(_ context.Context, _ knowledge.DeskID, about digest.Filter, after, upTo int64) ([]digest.Change, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []digest.Change
	for _, c := range w.entries[after:upTo] {
		if len(about.Countries) == 0 || slices.Contains(about.Countries, c.Countries[0]) {
			list = append(list, c)
		}
	}
	return list, nil
}

// compose says the entries, one in the summary and each other one below it.
func (w *world) compose(ctx context.Context, t *digest.Task) (digest.Notice, error) {
	changes, err := w.changes(ctx, t.Subscription.Desk, t.Subscription.About, t.Delivery.After, t.Delivery.UpTo)
	if err != nil || len(changes) == 0 {
		return digest.Notice{}, err
	}
	var n digest.Notice
	for i, c := range changes {
		r := bot.Reply{Blocks: []bot.Block{bot.Line{Text: fmt.Sprintf("%d %s", c.Seq, c.Countries[0])}}}
		if i == 0 {
			n.Summary = r
			continue
		}
		n.Below = append(n.Below, r)
	}
	if t.Subscription.Kind == digest.Digest {
		n.Summary.File = w.picture
	}
	return n, nil
}

// start plans and delivers until the function that it returns is called.
func (w *world) start(t *testing.T, change func(*digest.DelivererOptions)) (stop func()) {
	t.Helper()
	log := slog.New(slog.NewTextHandler(&w.logged, nil))
	store := func() digest.Store { return w.store }
	o := digest.DelivererOptions{
		Store: store, Posters: map[string]digest.Poster{"slack": w.platform, "telegram": w.platform}, Compose: w.compose, Policy: digest.Resend,
		Every: time.Hour, Now: time.Now, Log: log,
		Ended: func(d *digest.Delivery, _ string) { w.mu.Lock(); defer w.mu.Unlock(); w.ended = append(w.ended, *d) },
		Farewell: func(s *digest.Subscription) *bot.Reply {
			return &bot.Reply{Blocks: []bot.Block{bot.Line{Text: "gone: " + string(s.To)}}}
		},
	}
	if change != nil {
		change(&o)
	}
	deliverer := digest.NewDeliverer(o)
	planner := digest.NewPlanner(digest.Planner{
		Store: store, Reach: func(desk knowledge.DeskID) (int64, bool) { return w.end(desk), true }, Changes: w.changes, Lane: w.platform.Lane, Planned: deliverer.Kick, Every: time.Hour, Now: time.Now, Log: log,
	})
	w.mu.Lock()
	w.wakes = append(w.wakes, planner)
	w.mu.Unlock()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { planner.Run(ctx) })
	running.Go(func() { deliverer.Run(ctx) })
	return func() { cancel(); running.Wait() }
}

// subscribe adds a subscription of a channel.
func (w *world) subscribe(t *testing.T, s digest.Subscription) digest.Subscription {
	t.Helper()
	if s.ID == "" {
		s.ID = fmt.Sprint("s", len(w.entries), s.To, s.Kind)
	}
	s.Desk, s.By, s.Began, s.Cursor = knowledge.DefaultDesk, "slack:T1:U2", time.Now(), w.end("")
	if s.Kind == digest.Digest {
		s.Next = s.Schedule.Next(time.Now())
	}
	if err := w.store.Add(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// said returns what arrived, one line for each message.
func (w *world) said() string {
	var lines []string
	for _, a := range w.platform.Arrived() {
		line := string(a.To) + ": " + a.Reply.Text()
		if a.Under != "" {
			line += " under " + a.Under
		}
		if a.Doubt == digest.Repeat {
			line += " (possibly repeated)"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func equal[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got:\n%v\nwant:\n%v", got, want)
	}
}

var everyMorning = digest.Schedule{Every: knowledge.Daily, At: knowledge.ClockAt(9, 0), Zone: "UTC"}

func TestDigestTellsWhatIsNewOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it begins at midnight UTC, on 1 January 2000
		w := newWorld()
		w.happens("PER") // before the subscription
		w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Digest, Schedule: everyMorning})
		stop := w.start(t, nil)
		w.happens("ARG")
		w.happens("BRA")
		time.Sleep(9*time.Hour - time.Second)
		equal(t, w.said(), "")
		time.Sleep(2 * time.Second)
		equal(t, w.said(), "slack:T1:C1: 2 ARG\nslack:T1:C1: 3 BRA under m1")
		time.Sleep(48 * time.Hour)
		equal(t, w.said(), "slack:T1:C1: 2 ARG\nslack:T1:C1: 3 BRA under m1")
		w.happens("CUB")
		time.Sleep(24 * time.Hour)
		equal(t, w.said(), "slack:T1:C1: 2 ARG\nslack:T1:C1: 3 BRA under m1\nslack:T1:C1: 4 CUB")
		stop()
		equal(t, w.logged.String(), "")
	})
}

// A picture comes behind all parts of its digest, once, and what becomes of it changes nothing for the digest.
func TestAPictureComesOnceBehindItsDigest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.picture = &bot.File{Name: "map.png", Type: "image/png"}
		refuses := true
		w.platform.Hides = func(to bot.Address) error {
			if to == "slack:T1:C2" && refuses {
				refuses = false
				return errors.New("no pictures here")
			}
			if n := len(w.platform.Arrived()); n%2 != 0 {
				return fmt.Errorf("it comes behind %d messages", n)
			}
			return nil
		}
		w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Digest, Schedule: everyMorning})
		stop := w.start(t, nil)
		w.happens("ARG")
		w.happens("BRA")
		time.Sleep(9*time.Hour + time.Minute)
		equal(t, strings.Join(w.platform.Shown(), "\n"), "slack:T1:C1: map.png")
		w.subscribe(t, digest.Subscription{To: "slack:T1:C2", Kind: digest.Digest, Schedule: everyMorning})
		w.happens("CUB")
		time.Sleep(72 * time.Hour)
		equal(t, strings.Join(w.platform.Shown(), "\n"), "slack:T1:C1: map.png\nslack:T1:C1: map.png") // in the other channel it failed, once
		stop()
		equal(t, strings.Count(w.logged.String(), "goes without its picture"), 1)
		for _, d := range w.ended {
			equal(t, d.State == digest.Sent || d.State == digest.Empty, true)
		}
	})
}

// A late store lists what another planner has moved on meanwhile.
type late struct {
	digest.Store
	moved digest.Subscription
}

func (l *late) Due(context.Context, time.Time, knowledge.DeskID, string, int) ([]digest.Task, error) {
	return []digest.Task{{Subscription: l.moved}}, nil
}

// What another planner planned between two reads of the store is not planned again, for its next time.
func TestWhatIsNotDueAnyMoreIsNotPlanned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		s := w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Digest, Schedule: everyMorning}) // whose next is at nine
		store := &late{w.store, s}
		planner := digest.NewPlanner(digest.Planner{
			Store: func() digest.Store { return store }, Reach: func(knowledge.DeskID) (int64, bool) { return 0, true }, Changes: w.changes,
			Lane: w.platform.Lane, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		})
		if n, _, err := planner.Plan(t.Context()); n != 0 || err != nil {
			t.Errorf("%d were planned, %v", n, err)
		}
	})
}

// Watches of two desks that are about the same, and as far in their ledgers, are planned by what each desk's own ledger tells.
func TestWatchesOfTwoDesksShareNoChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		store := digesttest.NewMemory(func(knowledge.DeskID) int64 { return 1 })
		for _, desk := range []knowledge.DeskID{"loud", "quiet"} {
			s := digest.Subscription{ID: string(desk), Desk: desk, To: bot.Address("slack:T1:" + string(desk)), Kind: digest.Watch, About: digest.Filter{Countries: []knowledge.Country{"ARG"}}}
			equal(t, store.Add(t.Context(), &s), nil)
		}
		planner := digest.NewPlanner(digest.Planner{
			Store: func() digest.Store { return store }, Reach: func(knowledge.DeskID) (int64, bool) { return 1, true }, Lane: w.platform.Lane, Now: time.Now,
			Changes: func(_ context.Context, desk knowledge.DeskID, _ digest.Filter, _, _ int64) ([]digest.Change, error) {
				if desk == "loud" {
					return []digest.Change{{Seq: 1}}, nil
				}
				return nil, nil
			}, Log: slog.New(slog.DiscardHandler),
		})
		n, _, err := planner.Plan(t.Context())
		equal(t, err, nil)
		equal(t, n, 1)
	})
}

func TestWatchAlertsAtOnceAndNotInQuietHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Watch, About: digest.Filter{Countries: []knowledge.Country{"ARG"}}})
		err := w.store.Set(t.Context(), digest.Settings{To: "slack:T1:C1", Zone: "UTC", QuietFrom: knowledge.ClockAt(22, 0), QuietTill: knowledge.ClockAt(7, 0)})
		equal(t, err, nil)
		stop := w.start(t, nil)
		w.happens("ARG")
		w.happens("BRA")
		w.happens("ARG")
		time.Sleep(7*time.Hour - time.Second)
		equal(t, w.said(), "")
		time.Sleep(2 * time.Second)
		equal(t, w.said(), "slack:T1:C1: 1 ARG\nslack:T1:C1: 3 ARG under m1")
		w.happens("ARG")
		time.Sleep(time.Second)
		equal(t, w.said(), "slack:T1:C1: 1 ARG\nslack:T1:C1: 3 ARG under m1\nslack:T1:C1: 4 ARG")
		stop()
	})
}

func TestWhatMayHaveArrivedIsLookedFor(t *testing.T) {
	for _, tt := range []struct {
		name    string
		sees    bool
		arrives bool // though it was said to be uncertain
		policy  digest.RepeatPolicy
		said    string
		state   digest.State
		doubted bool
	}{
		{"found", true, true, digest.Resend, "slack:T1:C1: 1 ARG", digest.Sent, false},
		{"not found", true, false, digest.Resend, "slack:T1:C1: 1 ARG", digest.Sent, false},
		{"unseen", false, true, digest.Resend, "slack:T1:C1: 1 ARG\nslack:T1:C1: 1 ARG (possibly repeated)", digest.Sent, true},
		{"unseen and lost", false, false, digest.Resend, "slack:T1:C1: 1 ARG (possibly repeated)", digest.Sent, true},
		{"held", false, true, digest.Hold, "slack:T1:C1: 1 ARG", digest.Held, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				w.platform.Sees = tt.sees
				w.platform.Fails = func(_ digest.Post, before int) (bool, error) {
					if before == 0 {
						return tt.arrives, digest.ErrUncertain
					}
					return true, nil
				}
				w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Watch})
				stop := w.start(t, func(o *digest.DelivererOptions) { o.Policy = tt.policy })
				w.happens("ARG")
				time.Sleep(time.Minute)
				stop()
				equal(t, w.said(), tt.said)
				if len(w.ended) != 1 || w.ended[0].State != tt.state || w.ended[0].Doubted != tt.doubted {
					t.Errorf("ended: %+v", w.ended)
				}
			})
		})
	}
}

func TestWhatThePlatformWantsLaterIsSentThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		begun := time.Now()
		w.platform.Fails = func(_ digest.Post, before int) (bool, error) {
			if before == 0 {
				return false, &inbox.Later{Until: begun.Add(time.Hour), Err: errors.New("too many calls")}
			}
			return true, nil
		}
		w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Watch})
		w.subscribe(t, digest.Subscription{To: "slack:T2:C1", Kind: digest.Watch})
		stop := w.start(t, nil)
		w.happens("ARG")
		time.Sleep(time.Hour - time.Second)
		equal(t, strings.Count(w.said(), "\n"), 0) // the other workspace is not held
		time.Sleep(10 * time.Second)
		equal(t, strings.Count(w.said(), "\n"), 1)
		stop()
	})
}

func TestAChannelThatIsGoneEndsWhatItSubscribedTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.platform.Fails = func(digest.Post, int) (bool, error) { return false, &digest.GoneError{Reason: "channel_not_found"} }
		w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Watch})
		w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Digest, Schedule: everyMorning})
		stop := w.start(t, nil)
		w.happens("ARG")
		time.Sleep(48 * time.Hour)
		stop()
		equal(t, strings.Join(w.platform.Told(), "\n"), "slack:T1:U2: gone: slack:T1:C1")
		all, err := w.store.Of(t.Context(), "slack:T1:C1", time.Time{})
		if err != nil || len(all) != 2 || all[0].Why != "gone: channel_not_found" || all[1].Ended.IsZero() {
			t.Errorf("subscriptions: %+v, %v", all, err)
		}
	})
}

// A year of 500 channels in 20 zones, over both changes of clocks: each change reaches each of them once, at its hour.
func TestAYear(t *testing.T) {
	zones := []string{
		"America/Santiago", "America/New_York", "America/Sao_Paulo", "America/Asuncion", "America/Havana", "America/Mexico_City", "America/Bogota",
		"Europe/London", "Europe/Moscow", "Europe/Paris", "Africa/Cairo", "Africa/Casablanca", "Asia/Tehran", "Asia/Kolkata", "Asia/Kathmandu",
		"Asia/Shanghai", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Chatham", "Pacific/Apia",
	}
	const weeks = 52
	channels := 500
	if raced.On {
		channels = 60
	}
	countries := []knowledge.Country{"ARG", "BRA", "CHL", "PER", "CUB"}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		for i := range channels {
			s := digest.Subscription{
				ID: fmt.Sprintf("s%03d", i), To: bot.Address(fmt.Sprintf("slack:T%d:C%d", i%7, i)), Kind: digest.Digest,
				Schedule: digest.Schedule{Every: knowledge.Weekly, Days: []time.Weekday{time.Weekday(i % 7)}, At: knowledge.ClockAt(i%24, (i%4)*15), Zone: zones[i%len(zones)]},
			}
			if i%5 != 0 {
				s.About = digest.Filter{Countries: []knowledge.Country{countries[i%5]}}
			}
			w.subscribe(t, s)
		}
		stop := w.start(t, nil)
		for hour := range weeks * 7 * 24 {
			if hour%29 == 0 {
				w.happens(countries[hour%5])
			}
			time.Sleep(time.Hour)
		}
		time.Sleep(8 * 24 * time.Hour)
		stop()
		told := map[string]int{}
		for _, a := range w.platform.Arrived() {
			told[string(a.To)+" "+a.Reply.Text()]++
			var i int
			if _, err := fmt.Sscanf(string(a.To[strings.LastIndex(string(a.To), ":"):]), ":C%d", &i); err != nil {
				t.Fatal(err)
			}
			zone, err := time.LoadLocation(zones[i%len(zones)])
			if err != nil {
				t.Fatal(err)
			}
			local := a.At.In(zone)
			late := local.Hour()*60 + local.Minute() - (i%24)*60 - (i%4)*15
			if shifted := late == 60 || late == 30; local.Weekday() != time.Weekday(i%7) || late != 0 && !shifted && late > 1 || late < 0 {
				t.Errorf("channel %d hears on %s", i, local)
			}
		}
		for i := range channels {
			for _, c := range w.entries {
				want := 0
				if i%5 == 0 || c.Countries[0] == countries[i%5] {
					want = 1
				}
				if got := told[fmt.Sprintf("slack:T%d:C%d %d %s", i%7, i, c.Seq, c.Countries[0])]; got != want {
					t.Fatalf("channel %d hears of change %d %d times, want %d", i, c.Seq, got, want)
				}
			}
		}
		t.Logf("%d messages", len(w.platform.Arrived()))
	})
}
