package adaptertest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stancebot/bot"
	"stancebot/bot/digest"
)

// mailed is a letter of a name to the place of a number.
func mailed(place int, name string) digest.Mailing {
	to := bot.Address(fmt.Sprintf("slack:T1:C%d:1700.%d", place, place))
	note := digest.Subscription{ID: "n-" + string(to), Desk: desk, To: to, Kind: digest.Note, Language: "es", Began: atNoon, Next: digest.Forever}
	return digest.Mailing{Place: note, Delivery: digest.Delivery{
		ID: fmt.Sprintf("l%05d-%s", place, name), Subscription: note.ID, Name: name, Lane: "slack:T1", Due: second(place), State: digest.Waiting,
		Letter: &digest.Letter{Kind: "correction", Entry: 17, Edit: "1700.2", Under: "1700.1", Command: "stance PER", Language: "es"},
	}}
}

// mail plans letters.
func (c *DigestsCase) mail(t *testing.T, s digest.Store, letters []digest.Mailing, want ...bool) {
	t.Helper()
	if taken := must[[]bool](t)(s.Mail(t.Context(), letters)); !slices.Equal(taken, want) {
		t.Errorf("taken are %v, want %v", taken, want)
	}
}

// named gives a letter another id, as whoever plans it again does.
func named(m digest.Mailing, id string) digest.Mailing {
	m.Delivery.ID = id
	return m
}

func digestsMail(t *testing.T, c *DigestsCase) {
	one, two := mailed(1, "first"), mailed(2, "first")
	topic := mailed(3, "first")
	topic.Place.ID, topic.Place.To, topic.Place.Desk = "n-topic", "telegram:-100:5", other
	topic.Delivery.Subscription, topic.Delivery.Letter = "n-topic", &digest.Letter{Kind: "proposal"}
	second1 := mailed(1, "second")
	c.mail(t, c.A, []digest.Mailing{one, two, named(one, "twice"), topic}, true, true, false, true)
	c.mail(t, c.B, []digest.Mailing{one, second1, named(two, "again")}, true, true, false)
	want := make([]digest.Task, 0, 4)
	for _, m := range []digest.Mailing{one, second1, two, topic} {
		m.Delivery.Attempt = 1
		want = append(want, digest.Task{Delivery: m.Delivery, Subscription: m.Place, Settings: digest.Settings{To: m.Place.To}})
	}
	if diff := cmp.Diff(want, claimTasks(t, c.B, "me", 10, 9)); diff != "" {
		t.Error(diff)
	}
	sent := one.Delivery
	sent.State, sent.Done, sent.Attempt, sent.Message, sent.Letter = digest.Sent, second(11), 1, "1700.2", nil // which is as it was planned
	must[[]string](t)(c.A.Record(t.Context(), "me", []digest.Delivery{sent}))
	c.mail(t, c.A, []digest.Mailing{named(one, "after it was sent")}, false)
	have := must[*digest.Delivery](t)(c.B.Named(t.Context(), one.Place.ID, "first"))
	if sent.Letter = one.Delivery.Letter; have == nil || !cmp.Equal(*have, sent) {
		t.Errorf("the letter by its name is %+v", have)
	}
	if none := must[*digest.Delivery](t)(c.B.Named(t.Context(), one.Place.ID, "third")); none != nil {
		t.Errorf("a letter that is none is %+v", none)
	}
	sent.Letter = one.Delivery.Letter
	if got := must[[]digest.Task](t)(c.B.Listed(t.Context(), []digest.State{digest.Sent}, false, 9)); len(got) != 1 || !cmp.Equal(got[0].Delivery, sent) {
		t.Errorf("recorded is %+v, want %+v", got, sent)
	}
}

// digestsMailRace has many plan the same letters, each with ids of its own and in an order of its own.
func digestsMailRace(t *testing.T, c *DigestsCase) {
	const senders, n = 8, 60
	var mu sync.Mutex
	times := map[string]int{}
	atOnce(senders, func(i int) {
		letters := make([]digest.Mailing, n)
		for k := range letters {
			at := (k*[]int{1, 7, 11, 13, 17, 19, 23, 29}[i] + i) % n
			m := mailed(at/3, fmt.Sprint("letter ", at))
			letters[k] = named(m, fmt.Sprint(m.Delivery.ID, "-", i))
		}
		for some := range slices.Chunk(letters, 25) {
			taken, err := []digest.Store{c.A, c.B}[i%2].Mail(t.Context(), some)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			for k, is := range taken {
				if is {
					times[some[k].Delivery.Name]++
				}
			}
			mu.Unlock()
		}
	})
	planned := map[string]int{}
	for _, task := range claimTasks(t, c.A, "me", 9999, 1000) {
		planned[task.Delivery.Name]++
	}
	for k := range n {
		if name := fmt.Sprint("letter ", k); times[name] != 1 || planned[name] != 1 {
			t.Errorf("%s was taken %d times, and planned %d times", name, times[name], planned[name])
		}
	}
}

func digestsMailMany(t *testing.T, c *DigestsCase) {
	const n = 1100 // more than one transaction takes
	letters := make([]digest.Mailing, n)
	for i := range letters {
		letters[i] = mailed(i%300, fmt.Sprint("letter ", i))
	}
	c.mail(t, c.A, letters, slices.Repeat([]bool{true}, n)...)
	for i := range letters {
		letters[i].Delivery.ID += "-again"
	}
	c.mail(t, c.B, letters[n-100:], make([]bool, 100)...)
	if got := must[[]digest.Tally](t)(c.B.Tally(t.Context(), time.Time{})); len(got) != 1 || got[0].N != n {
		t.Errorf("planned are %v", got)
	}
}

// No time makes a place due, and none of what a channel or an operator sees of subscriptions shows it.
func digestsNotes(t *testing.T, c *DigestsCase) {
	m := mailed(1, "first")
	c.mail(t, c.A, []digest.Mailing{m}, true)
	if got := must[[]digest.Subscription](t)(c.B.Of(t.Context(), m.Place.To, time.Time{})); len(got) != 0 {
		t.Errorf("the channel has %+v", got)
	}
	if got := must[[]digest.SubscriptionTally](t)(c.B.Subscriptions(t.Context(), second(5))); len(got) != 0 {
		t.Errorf("counted are %+v", got)
	}
	if due := must[[]digest.Task](t)(c.B.Due(t.Context(), digest.Forever.Add(-time.Second), "", "", 9)); len(due) != 0 {
		t.Errorf("due are %+v", due)
	}
	if at := must[time.Time](t)(c.B.Wake(t.Context(), second(5))); !at.IsZero() {
		t.Errorf("it wakes at %s", at)
	}
	got := must[[]digest.Tally](t)(c.B.Tally(t.Context(), time.Time{}))
	if want := []digest.Tally{{Platform: "slack", State: digest.Waiting, N: 1}}; !cmp.Equal(got, want) {
		t.Errorf("deliveries are %+v", got)
	}
}

func digestsMailErase(t *testing.T, c *DigestsCase) {
	c.mail(t, c.A, []digest.Mailing{mailed(1, "first"), mailed(1, "second"), mailed(2, "first"), mailed(3, "first")}, true, true, true, true)
	var all []digest.Delivery
	for i, task := range claimTasks(t, c.A, "me", 10, 3) {
		d := task.Delivery
		d.State, d.Done = []digest.State{digest.Sent, digest.Dropped, digest.Sent}[i], second(20+i)
		all = append(all, d)
	}
	must[[]string](t)(c.A.Record(t.Context(), "me", all))
	for _, s := range []struct{ before, want int }{{20, 0}, {21, 1}, {22, 1 + 1}, {22, 0}, {99, 1 + 1}, {99, 0}} {
		if erased := must[int](t)(c.B.Erase(t.Context(), second(s.before))); erased != s.want {
			t.Errorf("before %d, %d erased, want %d", s.before, erased, s.want)
		}
	}
	c.mail(t, c.A, []digest.Mailing{mailed(1, "third")}, true) // its place is added anew
	var names []string
	for _, task := range claimTasks(t, c.B, "they", 100, 9) {
		names = append(names, task.Delivery.ID)
	}
	if got := strings.Join(names, " "); got != "l00001-third l00003-first" {
		t.Errorf("left are %s", got)
	}
}

// digestsMailEraseRace sends letters to places that have none left, while those are erased: none hangs on a place that is gone.
func digestsMailEraseRace(t *testing.T, c *DigestsCase) {
	const senders, rounds, places = 2, 50, 4
	stores := []digest.Store{c.A, c.B}
	var sending sync.WaitGroup
	sending.Add(senders)
	over := make(chan struct{})
	go func() { sending.Wait(); close(over) }()
	atOnce(2*senders, func(i int) {
		if i >= senders {
			erasing(t, stores[i%2], over)
			return
		}
		defer sending.Done()
		for round := range rounds {
			ended, waiting := make([]digest.Mailing, places), make([]digest.Mailing, places)
			for k := range places {
				place := (i*rounds+round)*places + k
				ended[k], waiting[k] = mailed(place, "ended"), mailed(place, "waiting")
				ended[k].Delivery.State, ended[k].Delivery.Done = digest.Sent, second(0)
			}
			for _, letters := range [][]digest.Mailing{ended, waiting} {
				if taken, err := stores[i].Mail(t.Context(), letters); err != nil || slices.Contains(taken, false) {
					t.Errorf("taken are %v, %v", taken, err)
				}
			}
		}
	})
	if got := claimTasks(t, c.A, "me", 9999, 1000); len(got) != senders*rounds*places {
		t.Errorf("%d letters are claimed, want %d", len(got), senders*rounds*places)
	}
}

// erasing erases what ended until something is over.
func erasing(t *testing.T, s digest.Store, over <-chan struct{}) {
	t.Helper()
	for {
		select {
		case <-over:
			return
		default:
		}
		if _, err := s.Erase(t.Context(), second(1)); err != nil {
			t.Error(err)
			return
		}
	}
}
