package talk_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"stancebot/bot/talk"
)

// A clock that tests move by hand.
type clock struct{ now time.Time }

func (c *clock) tell() time.Time { return c.now }

func newFlood() (*talk.Flood, *clock) {
	c := &clock{time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	return talk.NewFlood(c.tell), c
}

// ask asks so many questions at once, and counts the verdicts.
func ask(f *talk.Flood, person string, questions int) map[talk.Verdict]int {
	counts := map[talk.Verdict]int{}
	for range questions {
		v, _ := f.Ask(person)
		counts[v]++
	}
	return counts
}

func TestFloodGetsOneNotice(t *testing.T) {
	f, c := newFlood()
	got := ask(f, "ana", 5*talk.FloodQuestions)
	if got[talk.Answer] != talk.FloodQuestions || got[talk.Notice] != 1 || got[talk.Silence] != 4*talk.FloodQuestions-1 {
		t.Errorf("%v", got)
	}
	if got := ask(f, "ben", talk.FloodQuestions); got[talk.Answer] != talk.FloodQuestions {
		t.Errorf("another person is held back: %v", got)
	}
	c.now = c.now.Add(talk.FloodWindow - 1)
	if got := ask(f, "ana", 1); got[talk.Silence] != 1 {
		t.Errorf("within the window: %v", got)
	}
	c.now = c.now.Add(1)
	got = ask(f, "ana", talk.FloodQuestions+2)
	if got[talk.Answer] != talk.FloodQuestions || got[talk.Notice] != 1 || got[talk.Silence] != 1 {
		t.Errorf("in the next window: %v", got)
	}
}

// Whoever asks steadily, and less than the limit, is never held back.
func TestFloodLetsPeopleAsk(t *testing.T) {
	f, c := newFlood()
	for i := range 20 * talk.FloodQuestions {
		if v, _ := f.Ask("ana"); v != talk.Answer {
			t.Fatalf("question %d: verdict %d", i, v)
		}
		c.now = c.now.Add(talk.FloodWindow/talk.FloodQuestions + 1)
	}
}

func TestFloodTellsHowLong(t *testing.T) {
	f, c := newFlood()
	ask(f, "ana", talk.FloodQuestions)
	c.now = c.now.Add(talk.FloodWindow / 4)
	if v, wait := f.Ask("ana"); v != talk.Notice || wait != talk.FloodWindow*3/4 {
		t.Errorf("verdict %d, %s to wait", v, wait)
	}
}

// Anybody may come under many names, so their number is bounded, and the window that began first goes first.
func TestFloodIsBounded(t *testing.T) {
	f, c := newFlood()
	for i := range talk.FloodCapacity {
		f.Ask(fmt.Sprint(i))
		c.now = c.now.Add(time.Microsecond)
	}
	ask(f, "1", talk.FloodQuestions+1)
	f.Ask("one more")
	if n := f.Len(); n != talk.FloodCapacity {
		t.Errorf("%d people, want %d", n, talk.FloodCapacity)
	}
	if v, _ := f.Ask("1"); v != talk.Silence {
		t.Errorf("who floods was forgotten before who came first: verdict %d", v)
	}
	c.now = c.now.Add(talk.FloodWindow)
	f.Ask("after a pause")
	if n := f.Len(); n > 1 {
		t.Errorf("%d people, want the one whose window has not passed", n)
	}
}

func TestFloodInParallel(t *testing.T) {
	f, _ := newFlood()
	var wg sync.WaitGroup
	counts := make([]map[talk.Verdict]int, 8)
	for i := range counts {
		wg.Go(func() { counts[i] = ask(f, "ana", talk.FloodQuestions) })
	}
	wg.Wait()
	answered, notices := 0, 0
	for _, c := range counts {
		answered, notices = answered+c[talk.Answer], notices+c[talk.Notice]
	}
	if answered != talk.FloodQuestions || notices != 1 {
		t.Errorf("%d answers and %d notices", answered, notices)
	}
}
