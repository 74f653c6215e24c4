package digest_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storedigest "stancebot/adapters/store/digest"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/digest"
)

// deliverer is the variable that makes this binary plan and deliver in the database that it holds instead of testing.
const deliverer = "STANCETEST_DELIVER_IN"

func TestMain(m *testing.M) {
	if url := os.Getenv(deliverer); url != "" {
		if err := deliverForEver(context.Background(), url); err != nil {
			fmt.Println("store: ", err)
		}
		os.Exit(1)
	}
	os.Exit(postgres.Main(m))
}

// deliverForEver plans and delivers what subscriptions of its own are due, and prints what was planned, posted and sent.
func deliverForEver(ctx context.Context, url string) error {
	db, err := store.Open(ctx, url, store.Options{})
	if err != nil {
		return err
	}
	s, owner := storedigest.New(db), fmt.Sprint(os.Getpid())
	all := make([]digest.Subscription, 20)
	for i := range all {
		all[i] = digest.Subscription{ID: fmt.Sprintf("%s-%02d", owner, i), Desk: "main", To: channel, Kind: digest.Digest, Began: noon, Next: noon}
		if err := s.Add(ctx, &all[i]); err != nil {
			return err
		}
	}
	for {
		steps := make([]digest.Step, len(all))
		for i := range all {
			steps[i] = next(&all[i])
		}
		taken, err := s.Plan(ctx, noon, steps)
		if err != nil {
			return err
		}
		for i, step := range steps {
			if !taken[i] {
				return fmt.Errorf("%s was not planned", step.Delivery.ID)
			}
			all[i].Cursor, all[i].Next = step.To, step.Next
			fmt.Printf("planned %s .\n", step.Delivery.ID)
		}
		for {
			tasks, err := s.Claim(ctx, digest.Claiming{Platforms: []string{"slack"}, Now: time.Now(), Lease: digest.Lease{Owner: owner, Until: time.Now().Add(time.Minute)}, Limit: 7})
			if err != nil {
				return err
			}
			if len(tasks) == 0 {
				break
			}
			if err := deliver(ctx, s, owner, tasks); err != nil {
				return err
			}
		}
	}
}

// deliver records that each is being tried, posts it and records that it was sent.
func deliver(ctx context.Context, s digest.Store, owner string, tasks []digest.Task) error {
	for _, state := range []digest.State{digest.Trying, digest.Sent} {
		var all []digest.Delivery
		for _, t := range tasks {
			t.Delivery.State = state
			if state == digest.Sent {
				t.Delivery.Done = time.Now()
			}
			all = append(all, t.Delivery)
		}
		held, err := s.Record(ctx, owner, all)
		if err != nil {
			return err
		}
		if len(held) != len(all) {
			return fmt.Errorf("%s holds %d of %d", owner, len(held), len(all))
		}
		for _, d := range all {
			fmt.Printf("%s %s .\n", map[digest.State]string{digest.Trying: "posted", digest.Sent: "sent"}[state], d.ID)
		}
	}
	return nil
}

// deliverAndKill runs a deliverer, kills it some time after its first plan, and returns what it said of each delivery last.
func deliverAndKill(t *testing.T, url string, after time.Duration) map[string]string {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0])
	c.Env = append(os.Environ(), deliverer+"="+url)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	killer := (*time.Timer)(nil)
	for lines := bufio.NewReader(out); ; {
		line, err := lines.ReadString('\n')
		if err != nil { // it was killed, and the last line may be cut
			break
		}
		if strings.HasPrefix(line, "store: ") {
			t.Error(line)
		}
		if killer == nil {
			killer = time.AfterFunc(after, func() { _ = c.Process.Kill() })
		}
		if words := strings.Fields(line); len(words) == 3 {
			said[words[1]] = words[0]
		}
	}
	_ = c.Wait()
	if len(said) == 0 {
		t.Fatal("it planned nothing")
	}
	return said
}

// What a process planned before it was killed stands with the cursors that it moved, what it sent is known to be sent, and what it
// was posting is known to have been tried.
func TestKilledDeliverersLeaveWhatIsTrue(t *testing.T) {
	kills := 3
	if os.Getenv("STANCETEST_DEEP") != "" {
		kills = 200
	}
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			seed := rand.New(rand.NewPCG(1, 2))
			for range kills {
				said := deliverAndKill(t, url, time.Duration(seed.IntN(300_000))*time.Microsecond)
				db := storetest.Open(t, url)
				states := statesOf(t, db)
				counts := map[string]int{}
				for id, what := range said {
					state := states[id]
					counts[what+" and "+string(state)]++
					if state == "" || what == "sent" && state != digest.Sent || what == "posted" && state != digest.Trying && state != digest.Sent {
						t.Errorf("%s was %s, and is %q", id, what, state)
					}
				}
				t.Log(counts)
				var torn int
				if err := db.SQL().QueryRowContext(t.Context(), `SELECT count(*) FROM digest_subscriptions s WHERE cursor <>
					(SELECT count(*) FROM digest_deliveries d WHERE d.subscription = s.id)`).Scan(&torn); err != nil || torn != 0 {
					t.Errorf("%d subscriptions have not as many deliveries as steps, %v", torn, err)
				}
				free(t, db)
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func statesOf(t *testing.T, db *store.DB) map[string]digest.State {
	t.Helper()
	states := map[string]digest.State{}
	rows, err := db.SQL().QueryContext(t.Context(), "SELECT id, state FROM digest_deliveries")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var state digest.State
		if err := rows.Scan(&id, &state); err != nil {
			t.Fatal(err)
		}
		states[id] = state
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return states
}

// free ends all leases, as time would.
func free(t *testing.T, db *store.DB) {
	t.Helper()
	if err := db.Write(t.Context(), "digest", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "UPDATE digest_deliveries SET leased_until = 1 WHERE leased_until > 0")
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
