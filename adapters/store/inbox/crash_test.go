package inbox_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeinbox "stancebot/adapters/store/inbox"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/inbox"
)

// The variables that make this binary receive events in the database that the first holds instead of testing. With the second
// none of them is ever worked to its end.
const (
	receiver = "STANCETEST_RECEIVE_IN"
	stuck    = "STANCETEST_STUCK"
)

func TestMain(m *testing.M) {
	if url := os.Getenv(receiver); url != "" {
		receiveForEver(url)
	}
	os.Exit(postgres.Main(m))
}

const workers = 4

// receiveForEver receives events from two goroutines, prints each once it is acknowledged, and each that is worked.
func receiveForEver(url string) {
	ctx := context.Background()
	db, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	s := storeinbox.New(db)
	b := inbox.New(inbox.Options{
		Platform: "slack", Store: func() inbox.Store { return s }, Now: time.Now, Workers: workers,
		Work: func(ctx context.Context, e inbox.Event) error {
			fmt.Printf("worked %s .\n", e.Body)
			if os.Getenv(stuck) != "" {
				<-ctx.Done()
			}
			return nil
		},
	})
	var all sync.WaitGroup
	all.Go(func() { _ = b.Run(ctx) })
	for r := range 2 {
		all.Go(func() {
			for i := range 1_000_000 {
				name := fmt.Sprintf("%d-%d-%d", os.Getpid(), r, i)
				if _, err := b.Receive(ctx, inbox.Event{Keys: []string{name}, Queue: fmt.Sprint(i % 7), Body: []byte(name)}); err != nil {
					fmt.Println("store: ", err)
				}
				if b.Stats().InMemory == 0 { // else a kill may lose it, as is said
					fmt.Printf("acknowledged %s .\n", name)
				}
			}
		})
	}
	all.Wait()
}

// receiveAndKill runs a receiver, kills it some time after its first event, and counts what it acknowledged and worked.
func receiveAndKill(tb testing.TB, url string, after time.Duration, env ...string) (acknowledged, worked map[string]int) {
	tb.Helper()
	c := exec.CommandContext(tb.Context(), os.Args[0])
	c.Env = append(append(os.Environ(), receiver+"="+url), env...)
	out, err := c.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	counts := map[string]map[string]int{"acknowledged": {}, "worked": {}}
	lines := bufio.NewReader(out)
	killer := (*time.Timer)(nil)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // it was killed, and the last line may be cut
			break
		}
		if strings.HasPrefix(line, "store: ") {
			tb.Error(line)
		}
		if killer == nil {
			killer = time.AfterFunc(after, func() { _ = c.Process.Kill() })
		}
		if words := strings.Fields(line); len(words) == 3 && counts[words[0]] != nil {
			counts[words[0]][words[1]]++
		}
	}
	_ = c.Wait()
	if len(counts["acknowledged"]) == 0 {
		tb.Fatal("it acknowledged nothing")
	}
	return counts["acknowledged"], counts["worked"]
}

// workRest runs inboxes on a database until nothing waits there, a minute after now, and counts what each worked.
func workRest(tb testing.TB, dbs ...*store.DB) map[string]int {
	tb.Helper()
	var mu sync.Mutex
	worked := map[string]int{}
	ctx, end := context.WithTimeout(tb.Context(), time.Minute)
	defer end()
	var all sync.WaitGroup
	for _, db := range dbs {
		s := storeinbox.New(db)
		b := inbox.New(inbox.Options{
			Platform: "slack", Store: func() inbox.Store { return s }, Workers: 8,
			Now: func() time.Time { return time.Now().Add(time.Minute) },
			Work: func(_ context.Context, e inbox.Event) error {
				mu.Lock()
				defer mu.Unlock()
				worked[string(e.Body)]++
				return nil
			},
		})
		all.Go(func() {
			if err := b.Run(ctx); err != nil {
				tb.Error(err)
			}
		})
	}
	for left := -1; left != 0 && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if err := dbs[0].SQL().QueryRowContext(ctx, "SELECT count(*) FROM inbox_events").Scan(&left); err != nil {
			tb.Error(err)
			break
		}
	}
	if ctx.Err() != nil {
		tb.Error("events wait still")
	}
	end()
	all.Wait()
	return worked
}

// What a process acknowledged before it was killed is worked, and twice only what it may have been working at that moment.
func TestKilledReceiversLoseNothing(t *testing.T) {
	kills := 3
	if os.Getenv("STANCETEST_DEEP") != "" {
		kills = 200
	}
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			seed := rand.New(rand.NewPCG(1, 2))
			for range kills {
				acknowledged, before := receiveAndKill(t, url, time.Duration(seed.IntN(100_000))*time.Microsecond)
				db := storetest.Open(t, url)
				after := workRest(t, db)
				twice := 0
				for e := range acknowledged {
					switch n := before[e] + after[e]; {
					case n == 0:
						t.Errorf("event %s was acknowledged and not worked", e)
					case n == 2 && before[e] == 1:
						twice++
					case n > 1:
						t.Errorf("event %s was worked %d times", e, n)
					}
				}
				if twice > portion {
					t.Errorf("%d events of %d were worked twice", twice, len(acknowledged))
				}
				t.Logf("%d acknowledged, %d worked before the kill, %d after, %d twice", len(acknowledged), len(before), len(after), twice)
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// portion is how many events may be worked and not marked yet: those of one call of Done, and those that are worked while it is
// on its way, which on a busy machine takes long.
const portion = 200

// A process that dies between putting and working leaves each event to be worked once, by one of those that live.
func TestWhatWasPutAndNotWorkedIsWorkedOnce(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			acknowledged, begun := receiveAndKill(t, url, 300*time.Millisecond, stuck+"=1")
			if len(begun) > workers {
				t.Errorf("%d were begun by %d workers", len(begun), workers)
			}
			one, other := storetest.OpenTwice(t, url)
			worked := workRest(t, one, other)
			for e := range acknowledged {
				if worked[e] != 1 {
					t.Errorf("event %s was worked %d times", e, worked[e])
				}
			}
			for e, n := range worked {
				if n != 1 {
					t.Errorf("event %s was worked %d times", e, n)
				}
			}
			t.Logf("%d acknowledged, %d worked", len(acknowledged), len(worked))
		})
	}
}
