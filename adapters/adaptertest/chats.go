package adaptertest

import (
	"errors"
	"sync"
	"testing"

	"stancebot/bot/chats"
)

// Chats is the suite of chats.Store, on a new, empty database.
func Chats(t *testing.T, s chats.Store) {
	t.Helper()
	group, super := chats.Chat{Platform: "telegram", ID: "-1"}, chats.Chat{Platform: "telegram", ID: "-1001"}
	greet := func(c chats.Chat, want bool) {
		t.Helper()
		if first, err := s.Greet(t.Context(), c); first != want || err != nil {
			t.Errorf("to greet %s is the first time: %t, %v; want %t", c, first, err, want)
		}
	}
	paused := func(c chats.Chat, want string) {
		t.Helper()
		if reason, err := s.Paused(t.Context(), c); reason != want || err != nil {
			t.Errorf("%s is paused: %q, %v; want %q", c, reason, err, want)
		}
	}
	resume := func(c chats.Chat, want bool) {
		t.Helper()
		if was, err := s.Resume(t.Context(), c); was != want || err != nil {
			t.Errorf("%s was paused: %t, %v; want %t", c, was, err, want)
		}
	}
	move := func(from, to chats.Chat) {
		t.Helper()
		if err := s.Move(t.Context(), from, to); err != nil {
			t.Fatal(err)
		}
	}
	paused(group, "")
	resume(group, false)
	greet(group, true)
	greet(group, false)
	greet(chats.Chat{Platform: "slack", ID: "-1"}, true)
	if err := s.Pause(t.Context(), group, "Forbidden: \x00kicked\xff"); err != nil {
		t.Fatal(err)
	}
	paused(group, "Forbidden: kicked\uFFFD")
	move(group, super)
	move(group, super)
	paused(group, "")
	paused(super, "Forbidden: kicked\uFFFD")
	greet(super, false)
	resume(super, true)
	resume(super, false)
	move(super, super)
	greet(super, false)
	chatsAtOnce(t, s)
}

// chatsAtOnce greets and moves from many sides: one of them is first, and none waits for another for ever.
func chatsAtOnce(t *testing.T, s chats.Store) {
	t.Helper()
	a, b := chats.Chat{Platform: "telegram", ID: "7"}, chats.Chat{Platform: "telegram", ID: "8"}
	var mu sync.Mutex
	var firsts int
	var errs []error
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			first, err := s.Greet(t.Context(), a)
			moved := s.Move(t.Context(), []chats.Chat{a, b}[i%2], []chats.Chat{b, a}[i%2])
			mu.Lock()
			defer mu.Unlock()
			if errs = append(errs, err, moved); first {
				firsts++
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil || firsts < 1 {
		t.Errorf("%d were first, %v", firsts, err)
	}
}
