package telegram_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/store"
	storedinbox "stancebot/adapters/store/inbox"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot/inbox"
	"stancebot/knowledge/places"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func newLog(b *safeBuffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

// The measure of chaos: of the calls for updates each fifth loses its answer and each seventh meets a gateway that fails; every 20th message is asked to wait.
const (
	questions  = 1000
	limitEvery = 20
	people     = 60
)

// Whatever happens on the wire, each question is answered exactly once, and none is lost.
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
	s := newStage(t, over, stageOptions{store: memoryStore(t), telegram: telegramtest.Options{Fault: trouble()}})
	for i := range people {
		s.AddUser(telegramtest.User{ID: 1000 + int64(i), FirstName: "Person", LanguageCode: "en"})
	}
	var sides sync.WaitGroup
	var next atomic.Int64
	updates := make([]int64, n)
	for range 4 {
		sides.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				r, err := s.Say(t.Context(), 1000+int64(i%people), telegramtest.In{}, fmt.Sprintf("stance %s", nameOf(i)))
				if err != nil {
					t.Error(err)
					return
				}
				updates[i] = r.UpdateID
				if over == webhook && i%7 == 0 && r.Acked {
					if _, err := s.Repeat(t.Context(), r.UpdateID); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	sides.Wait()
	for range 10 {
		if over == webhook && len(s.Redeliver(t.Context())) == 0 {
			break
		}
	}
	s.settle(t)
	answers := 0
	for i := range people {
		chat := 1000 + int64(i)
		asked, sent := (n-i+people-1)/people, len(s.Sent(chat))
		if asked != sent {
			t.Errorf("%d questions of %d got %d answers", asked, chat, sent)
		}
		answers += sent
	}
	t.Logf("%d questions, %d answers, %d sends: %+v", n, answers, len(s.Calls("sendMessage")), s.adapter.Stats())
}

// trouble makes calls go wrong in turn.
func trouble() func(telegramtest.Call) *telegramtest.Fault {
	var sends, polls atomic.Int64
	return func(c telegramtest.Call) *telegramtest.Fault {
		switch c.Method {
		case "sendMessage":
			if sends.Add(1)%limitEvery == 0 {
				return &telegramtest.Fault{RetryAfter: time.Second}
			}
		case "getUpdates":
			switch n := polls.Add(1); {
			case n%5 == 0:
				return &telegramtest.Fault{After: true, Drop: true}
			case n%7 == 0:
				return &telegramtest.Fault{Status: 502}
			}
		}
		return nil
	}
}

func nameOf(i int) string {
	members := places.Members()
	return places.Name(members[i%len(members)])
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
