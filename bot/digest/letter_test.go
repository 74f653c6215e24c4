package digest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
)

// writes composes letters of their kind, entry and command, with as many parts below as their kind has plus signs.
func writes(w *world) func(*digest.DelivererOptions) {
	return func(o *digest.DelivererOptions) {
		o.Compose = func(ctx context.Context, t *digest.Task) (digest.Notice, error) {
			l := t.Delivery.Letter
			if l == nil {
				return w.compose(ctx, t)
			}
			line := func(text string) bot.Reply { return bot.Reply{Blocks: []bot.Block{bot.Line{Text: text}}} }
			n := digest.Notice{Summary: line(strings.TrimSpace(fmt.Sprint(l.Kind, " ", l.Entry, " ", l.Command)))}
			for i := range strings.Count(l.Kind, "+") {
				n.Below = append(n.Below, line(fmt.Sprint("more ", i)))
			}
			return n, nil
		}
	}
}

// sends sends letters, and checks how many are planned.
func (w *world) sends(t *testing.T, planned int, letters ...digest.Addressed) {
	t.Helper()
	n, err := digest.Send(t.Context(), w.store, w.platform.Lane, time.Now(), knowledge.DefaultDesk, letters)
	if err != nil || n != planned {
		t.Errorf("%d letters are planned, %v; want %d", n, err, planned)
	}
}

// over returns the deliveries that came to an end.
func (w *world) over() []digest.Delivery {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.ended)
}

// wrote returns what arrived, with what took the place of a message.
func (w *world) wrote() string {
	lines := strings.Split(w.said(), "\n")
	for i, a := range w.platform.Arrived() {
		if a.Edit != "" {
			lines[i] += " instead of " + a.Edit
		}
	}
	return strings.Join(lines, "\n")
}

// A letter leaves within a second, and once for ever by its name.
func TestALetterIsSentOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		stop := w.start(t, writes(w))
		time.Sleep(time.Minute)
		letters := []digest.Addressed{
			{To: "slack:T1:C2:1700.1", Name: "correction 17", Letter: digest.Letter{Kind: "correction", Entry: 17, Command: "stance PER"}},
			{To: "slack:T1:C2:1700.1", Name: "correction 18", Letter: digest.Letter{Kind: "correction+", Entry: 18}},
			{To: "slack:T1:C3", Name: "proposal 19", Letter: digest.Letter{Kind: "proposal++", Entry: 19, Under: "1700.2"}},
			{To: "telegram:-100:5", Name: "correction 17", Letter: digest.Letter{Kind: "correction", Entry: 17, Edit: "77", Under: "76", Language: "es"}},
		}
		w.sends(t, 4, letters...)
		w.sends(t, 0, letters...)
		time.Sleep(time.Second)
		want := []string{
			"slack:T1:C2:1700.1: correction D-17 stance PER",
			"slack:T1:C2:1700.1: correction+ D-18",
			"slack:T1:C2:1700.1: more 0 under m",
			"slack:T1:C3: proposal++ D-19 under 1700.2",
			"slack:T1:C3: more 0 under 1700.2",
			"slack:T1:C3: more 1 under 1700.2",
			"telegram:-100:5: correction D-17 instead of 77",
		}
		got := strings.Split(w.wrote(), "\n")
		slices.Sort(got)
		slices.Sort(want)
		for i := range got {
			if i >= len(want) || got[i] != want[i] && !strings.HasPrefix(got[i], "slack:T1:C2:1700.1: more 0 under m") {
				t.Fatalf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		arrived := w.platform.Arrived()
		time.Sleep(time.Hour)
		w.sends(t, 1, append(letters, digest.Addressed{To: "slack:T1:C3", Name: "correction 17", Letter: digest.Letter{Kind: "correction"}})...)
		time.Sleep(time.Second)
		stop()
		equal(t, len(w.platform.Arrived()), len(arrived)+1)
		equal(t, len(arrived), len(want))
		for _, d := range w.ended {
			if d.State != digest.Sent || d.Doubted || d.Letter == nil {
				t.Errorf("ended: %+v", d)
			}
		}
		equal(t, w.logged.String(), "")
	})
}

// What wants an address or a name is not sent, nor is anything while the database is away.
func TestALetterWantsItsAddress(t *testing.T) {
	w := newWorld()
	for _, l := range []digest.Addressed{{Name: "1"}, {To: "slack:T1:C1"}} {
		if n, err := digest.Send(t.Context(), w.store, w.platform.Lane, time.Now(), "main", []digest.Addressed{{To: "telegram:77", Name: "1"}, l}); err == nil || n != 0 {
			t.Errorf("%+v: %d are planned, %v", l, n, err)
		}
	}
	if _, err := digest.Send(t.Context(), nil, w.platform.Lane, time.Now(), "main", nil); !errors.Is(err, digest.ErrAway) {
		t.Errorf("away: %v", err)
	}
	if got, err := w.store.Tally(t.Context(), time.Time{}); err != nil || len(got) != 0 {
		t.Errorf("planned are %+v, %v", got, err)
	}
}

// An edit whose outcome is not known is done again: it is no repetition, and nothing is asked about it. What goes below it is posted as all is.
func TestAnUncertainEditIsDoneAgain(t *testing.T) {
	for _, arrives := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.platform.Sees = false
			w.platform.Fails = func(p digest.Post, before int) (bool, error) {
				switch {
				case p.Doubt != digest.NoDoubt:
					return false, errors.New("a doubt of what is none")
				case before < 3:
					return arrives, digest.ErrUncertain
				}
				return true, nil
			}
			stop := w.start(t, writes(w))
			w.sends(t, 1, digest.Addressed{To: "slack:T1:C1", Name: "1", Letter: digest.Letter{Kind: "correction+", Entry: 17, Edit: "1700.1"}})
			time.Sleep(time.Minute)
			stop()
			lines := slices.Compact(strings.Split(w.wrote(), "\n"))
			equal(t, strings.Join(lines, "\n"), "slack:T1:C1: correction+ D-17 instead of 1700.1\nslack:T1:C1: more 0 under 1700.1")
			if len(w.ended) != 1 || w.ended[0].State != digest.Sent || w.ended[0].Doubted || w.ended[0].Message != "1700.1" {
				t.Errorf("ended: %+v", w.ended)
			}
		})
	}
}

// Whoever takes over an edit that another died at does it again, and asks nothing.
func TestAnEditThatWasBegunIsDoneAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.platform.Sees = false
		w.sends(t, 1, digest.Addressed{To: "slack:T1:C1", Name: "1", Letter: digest.Letter{Kind: "correction", Entry: 17, Edit: "1700.1"}})
		tasks, err := w.store.Claim(t.Context(), digest.Claiming{Platforms: []string{"slack"}, Now: time.Now(), Lease: digest.Lease{Owner: "dead", Until: time.Now().Add(time.Minute)}, Limit: 1})
		if err != nil || len(tasks) != 1 {
			t.Fatal(tasks, err)
		}
		tasks[0].Delivery.State = digest.Trying
		if _, err := w.store.Record(t.Context(), "dead", []digest.Delivery{tasks[0].Delivery}); err != nil {
			t.Fatal(err)
		}
		stop := w.start(t, func(o *digest.DelivererOptions) { writes(w)(o); o.Policy = digest.Hold })
		time.Sleep(2 * time.Minute)
		stop()
		equal(t, w.wrote(), "slack:T1:C1: correction D-17 instead of 1700.1")
		if len(w.ended) != 1 || w.ended[0].State != digest.Sent || w.ended[0].Doubted {
			t.Errorf("ended: %+v", w.ended)
		}
	})
}

// What ends a letter ends no place: the next one is tried again. Where the channel is gone its digests and watches end, as they do.
func TestALetterThatCannotBeSentIsDropped(t *testing.T) {
	for reason, of := range map[string]struct {
		err   error
		told  string
		ended bool
	}{
		"digest: the channel is gone: is_archived":                       {&digest.GoneError{Reason: "is_archived"}, "slack:T1:U2: gone: slack:T1:C1", true},
		"digest: the message cannot be edited: slack: message_not_found": {fmt.Errorf("%w: slack: message_not_found", digest.ErrUneditable), "", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			w.platform.Fails = func(_ digest.Post, before int) (bool, error) {
				return before > 0, map[bool]error{true: of.err}[before == 0]
			}
			w.subscribe(t, digest.Subscription{To: "slack:T1:C1", Kind: digest.Watch})
			stop := w.start(t, writes(w))
			w.sends(t, 1, digest.Addressed{To: "slack:T1:C1", Name: "1", Letter: digest.Letter{Kind: "correction", Edit: "1700.1"}})
			time.Sleep(time.Minute)
			equal(t, strings.Join(w.platform.Told(), "\n"), of.told)
			if ended := w.over(); len(ended) != 1 || ended[0].State != digest.Dropped || ended[0].Reason != reason || ended[0].Doubted {
				t.Errorf("ended: %+v", ended)
			}
			all, err := w.store.Of(t.Context(), "slack:T1:C1", time.Time{})
			if err != nil || len(all) != 1 || all[0].Ended.IsZero() == of.ended {
				t.Errorf("subscriptions: %+v, %v", all, err)
			}
			w.sends(t, 1, digest.Addressed{To: "slack:T1:C1", Name: "2", Letter: digest.Letter{Kind: "correction"}})
			time.Sleep(time.Second)
			stop()
			equal(t, w.wrote(), "slack:T1:C1: correction D-0")
		})
	}
}

// Where a group has become a supergroup since, other messages have the ids of those of before: none is edited, and none is replied to.
func TestMessagesOfAnotherChatAreLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		for i, l := range []digest.Letter{{Kind: "correction", Entry: 1, Edit: "77"}, {Kind: "correction", Entry: 2, Under: "77"}} {
			place := digest.Subscription{ID: `note "main" telegram:-5`, Desk: "main", To: "telegram:-1005", Kind: digest.Note, Began: time.Now(), Next: digest.Forever}
			d := digest.Delivery{ID: fmt.Sprint("d", i), Name: fmt.Sprint(i), Lane: "telegram", Due: time.Now(), State: digest.Waiting, Letter: &l}
			if taken, err := w.store.Mail(t.Context(), []digest.Mailing{{Place: place, Delivery: d}}); err != nil || !taken[0] {
				t.Fatal(taken, err)
			}
		}
		stop := w.start(t, writes(w))
		time.Sleep(time.Minute)
		stop()
		equal(t, w.wrote(), "telegram:-1005: correction D-2")
		if len(w.ended) != 2 || w.ended[0].State == w.ended[1].State {
			t.Errorf("ended: %+v", w.ended)
		}
	})
}

// Edits that the platform wants later come one behind the other, each asked for once more, while posts go on.
func TestEditsThatAreWantedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		begun := time.Now()
		w.platform.Fails = func(p digest.Post, _ int) (bool, error) {
			if p.Edit == "" || time.Since(begun) >= time.Minute {
				return true, nil
			}
			return false, &inbox.Later{Until: begun.Add(time.Minute), Err: errors.New("too many edits")}
		}
		stop := w.start(t, func(o *digest.DelivererOptions) {
			writes(w)(o)
			o.Paces = map[string]digest.Pace{"slack": {Edit: 2 * time.Second}}
		})
		var letters []digest.Addressed
		for i := range 10 {
			letters = append(letters, digest.Addressed{To: bot.Address(fmt.Sprint("slack:T1:C", i)), Name: "1", Letter: digest.Letter{Kind: "correction", Edit: "1700.1"}})
		}
		w.sends(t, 10, letters...)
		time.Sleep(10 * time.Second)
		w.sends(t, 1, digest.Addressed{To: "slack:T1:C1", Name: "2", Letter: digest.Letter{Kind: "proposal"}})
		time.Sleep(time.Second)
		equal(t, w.wrote(), "slack:T1:C1: proposal D-0")
		time.Sleep(time.Minute + 20*time.Second)
		stop()
		arrived := w.platform.Arrived()
		equal(t, len(arrived), 11)
		for i, a := range arrived[1:] {
			if late := a.At.Sub(begun) - time.Minute - time.Duration(i)*2*time.Second; late < 0 || late > time.Second {
				t.Errorf("edit %d comes %s late", i, late)
			}
		}
		for _, d := range w.ended {
			if d.State != digest.Sent || d.Doubted || d.Attempt > 2 {
				t.Errorf("ended: %+v", d)
			}
		}
	})
}

// What composes digests composes no letter: it would say that nothing changed.
func TestALetterIsNoDigest(t *testing.T) {
	c := digest.Composer{Store: func() digest.Store { return nil }}
	n, err := c.Compose(t.Context(), &digest.Task{Delivery: digest.Delivery{Letter: &digest.Letter{Kind: "correction"}}})
	if err == nil || len(n.Summary.Blocks) > 0 {
		t.Errorf("it says %q, %v", n.Summary.Text(), err)
	}
}
