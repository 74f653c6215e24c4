package slack_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store"
	storedinbox "stancebot/adapters/store/inbox"
	"stancebot/bot/inbox"
	"stancebot/knowledge/places"
)

// The measure of chaos: of the deliveries and calls, the connections are cut with each 50th, each 20th post is asked to wait,
// and the answer to each 50th post that was made is lost.
const (
	questions  = 1000
	cutEvery   = 50
	limitEvery = 20
	loseEvery  = 50
	channels   = 40 // what waits in one keeps none in another
	seed       = 20261123
)

// Whatever happens on the wire, each question is answered exactly once, and none is lost. Nothing is claimed for slash
// commands, which Slack does not send again.
func TestChaos(t *testing.T) {
	t.Parallel()
	for _, over := range transports {
		t.Run(string(over), func(t *testing.T) {
			t.Parallel()
			chaos(t, over, questions*times())
		})
	}
}

// times is how many times the usual number a full run takes.
func times() int {
	if os.Getenv("STANCETEST_DEEP") != "" {
		return 10
	}
	return 1
}

func chaos(t *testing.T, over transport, n int) {
	s := newStage(t, over, stageOptions{store: memoryStore(t), slack: slacktest.Options{Fault: trouble()}})
	for i := range channels {
		s.AddChannel(slacktest.Channel{ID: channelOf(i), Name: channelOf(i), IsMember: true})
	}
	ways := rand.New(rand.NewPCG(seed, uint64(len(over))))
	events := troubled(ways, n)
	deliver(t, s, events, over)
	for range 10 {
		if err := s.awaitSockets(t.Context(), over); err != nil {
			t.Fatal(err)
		}
		again := len(s.Redeliver(t.Context()))
		t.Logf("%d deliveries fell between two sockets, and come again", again)
		if again == 0 {
			break
		}
	}
	s.settle(t)
	answers := map[string]int{}
	for i := range channels {
		for _, m := range s.Messages(channelOf(i)) {
			if m.Via != "person" {
				answers[m.ThreadTS]++
			}
		}
	}
	for i := range n {
		if got := answers[tsOf(i)]; got != 1 {
			t.Errorf("question %d was answered %d times", i, got)
		}
	}
	if len(answers) != n {
		t.Errorf("%d threads were answered, want %d", len(answers), n)
	}
	in := s.adapter.Stats()
	t.Logf("%d deliveries of %d questions: %+v; %d posts, %d lookups", len(events), n, in, len(s.Calls("chat.postMessage")), len(s.Calls("conversations.replies")))
	if in.Repeated == 0 || in.GivenUp != 0 {
		t.Errorf("the inbox: %+v", in)
	}
}

func (s *stage) awaitSockets(ctx context.Context, over transport) error {
	if over == overHTTP {
		return nil
	}
	return s.AwaitSockets(ctx, 2)
}

// trouble makes posts go wrong in turn.
func trouble() func(slacktest.Call) *slacktest.Fault {
	var posts atomic.Int64
	return func(c slacktest.Call) *slacktest.Fault {
		if c.Method != "chat.postMessage" {
			return nil
		}
		switch n := posts.Add(1); {
		case n%limitEvery == 0:
			return &slacktest.Fault{Status: http.StatusTooManyRequests, RetryAfter: time.Second}
		case n%loseEvery == loseEvery/2:
			return &slacktest.Fault{After: true, Drop: true}
		}
		return nil
	}
}

// troubled are the deliveries of so many questions: some come again under their id, some under another, some only as a
// retry, and all in disorder.
func troubled(r *rand.Rand, n int) []slacktest.Event {
	var events []slacktest.Event
	for i := range n {
		e := slacktest.Event{ID: fmt.Sprintf("EvQ%d", i), Inner: mention(tsOf(i), map[string]any{
			"channel": channelOf(i), "user": fmt.Sprintf("U%d", 100+i/20), "text": "<@UBOT> where does " + nameOf(i) + " stand?",
		})}
		switch r.IntN(10) {
		case 0:
			e.Retry, e.Reason = 1+r.IntN(2), "http_timeout" // not the last one: nothing follows that
		case 1, 2:
			again := e
			again.Retry, again.Reason = 1, "http_timeout"
			events = append(events, again)
		case 3:
			again := e
			again.ID += "b"
			events = append(events, again)
		}
		events = append(events, e)
	}
	r.Shuffle(len(events), func(i, k int) { events[i], events[k] = events[k], events[i] })
	return events
}

func tsOf(i int) string { return fmt.Sprintf("17%08d.000100", i) }

func channelOf(i int) string { return fmt.Sprintf("C%d", 100+i%channels) }

func nameOf(i int) string {
	members := places.Members()
	return places.Name(members[i%len(members)])
}

// deliver delivers events from several sides at once, and cuts the connections now and then.
func deliver(t *testing.T, s *stage, events []slacktest.Event, over transport) {
	t.Helper()
	var next atomic.Int64
	var sides sync.WaitGroup
	for range 8 {
		sides.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(events) {
					return
				}
				if over == overSocket {
					if i%cutEvery == cutEvery-1 {
						s.DropConnections()
					}
					if !within(30*time.Second, func() bool { return s.Sockets() > 0 }) {
						t.Error("no socket is opened again")
						return
					}
				}
				if _, err := s.Event(t.Context(), events[i]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	sides.Wait()
}

// memoryStore is an inbox's store in a database in memory.
func memoryStore(t *testing.T) func() inbox.Store {
	t.Helper()
	db, err := store.Open(context.WithoutCancel(t.Context()), "sqlite::memory:", store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	kept := storedinbox.New(db)
	return func() inbox.Store { return kept }
}
