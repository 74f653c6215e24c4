package ledger_test

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

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge/ledger"
)

// appender names the variable that makes this binary append to the database that it holds instead of testing.
const appender = "STANCETEST_APPEND_TO"

func TestMain(m *testing.M) {
	if url := os.Getenv(appender); url != "" {
		appendForEver(url)
	}
	os.Exit(postgres.Main(m))
}

// appendForEver appends from two goroutines and prints each entry's place and hash once it is acknowledged.
func appendForEver(url string) {
	db, err := store.Open(context.Background(), url, store.Options{})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	s := storeledger.New(db)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for i := 0; ; i++ {
				entries, err := s.Append(context.Background(), desk, adaptertest.Draft(i), large(i))
				if err != nil {
					fmt.Println(err)
					os.Exit(1)
				}
				for _, e := range entries {
					fmt.Println(e.Seq, e.Hash)
				}
			}
		})
	}
	all.Wait()
}

// A process that is killed at any moment loses no entry that it acknowledged, and what it leaves opens as it is.
func TestKilledAppendersLoseNothing(t *testing.T) {
	kills := 5
	if os.Getenv("STANCETEST_DEEP") != "" {
		kills = 200
	}
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			seed := rand.New(rand.NewPCG(1, 2))
			head := ledger.Head{Desk: desk}
			for range kills {
				acknowledged := appendAndKill(t, url, time.Duration(seed.IntN(60_000))*time.Microsecond)
				db := storetest.Open(t, url)
				rows, next := adaptertest.Behind(t, storeledger.New(db), head)
				for _, row := range rows {
					delete(acknowledged, fmt.Sprint(row.Seq, " ", row.Hash))
				}
				if len(acknowledged) > 0 {
					t.Fatalf("entries were acknowledged and are gone: %v", acknowledged)
				}
				if err := db.Close(); err != nil {
					t.Fatal(err)
				}
				head = next
			}
			adaptertest.Whole(t, storeledger.New(storetest.Open(t, url)), desk)
		})
	}
}

// appendAndKill runs an appender, kills it some time after its first entry, and returns what it acknowledged.
func appendAndKill(tb testing.TB, url string, after time.Duration) map[string]bool {
	tb.Helper()
	acknowledged := map[string]bool{}
	c := exec.CommandContext(tb.Context(), os.Args[0])
	c.Env = append(os.Environ(), appender+"="+url)
	out, err := c.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := c.Start(); err != nil {
		tb.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	killer := (*time.Timer)(nil)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "store: ") {
			tb.Error(lines.Text())
		}
		if killer == nil {
			killer = time.AfterFunc(after, func() { _ = c.Process.Kill() })
		}
		if _, hash, ok := strings.Cut(lines.Text(), " "); ok && len(hash) == 2*len(ledger.Hash{}) { // the last line may be cut
			acknowledged[lines.Text()] = true
		}
	}
	_ = c.Wait() // it was killed
	if len(acknowledged) == 0 {
		tb.Fatal("it acknowledged nothing")
	}
	return acknowledged
}
