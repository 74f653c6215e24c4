package adaptertest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/chats"
	deskroom "stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/inbox"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// A ChatsCase is two stores of chats on one database, opened apart where that can be done, and the stores there of what else a
// chat has.
type ChatsCase struct {
	A, B   chats.Store
	Spaces deskroom.Spaces
	Told   told.Store
	Inbox  inbox.Store
	Digest digest.Store
}

// Chats is the suite of chats.Store. Open returns the stores on one new, empty database, and closes them at the end of the test.
func Chats(t *testing.T, open func(testing.TB) *ChatsCase) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *ChatsCase){
		"a chat is greeted once":              chatsGreet,
		"a chat is paused and resumed":        chatsPause,
		"a reason is kept":                    chatsReasons,
		"a chat becomes another":              chatsMove,
		"what the other has stays":            chatsMoveMeets,
		"greeted is one of two":               chatsMoveJoins,
		"moved again":                         chatsMoveAgain,
		"a chat that cannot become another":   chatsMoveRefused,
		"one of many greets is the first":     chatsGreetRace,
		"one of many resumes finds it paused": chatsResumeRace,
		"moved and greeted at once":           chatsMoveWhileGreeted,
		"moves one behind the other, at once": chatsMovesInARow,
		"moved there and back, at once":       chatsMovesInACircle,
		"moved while others write":            chatsMoveWhileTold,
		"an ended context ends every call":    chatsEnded,
		"a chat that nothing is known of":     chatsUnknown,
		"what is moved belongs to the chat":   chatsMoveOthers,
		"what was told is told in every desk": chatsMoveDesks,
		"an event that is held stays held":    chatsMoveLeased,
		"what is subscribed to is moved":      chatsMoveDigests,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

var (
	group      = chats.Chat{Platform: "telegram", ID: "-200"}
	supergroup = chats.Chat{Platform: "telegram", ID: "-100200"}
)

func greet(t *testing.T, s chats.Store, c chats.Chat, want bool) {
	t.Helper()
	if first := must[bool](t)(s.Greet(t.Context(), c)); first != want {
		t.Errorf("%s is greeted for the first time: %v", c, first)
	}
}

func paused(t *testing.T, s chats.Store, c chats.Chat, want string) {
	t.Helper()
	if reason := must[string](t)(s.Paused(t.Context(), c)); reason != want {
		t.Errorf("%s is paused for %q, want %q", c, reason, want)
	}
}

func pause(t *testing.T, s chats.Store, c chats.Chat, reason string) {
	t.Helper()
	if err := s.Pause(t.Context(), c, reason); err != nil {
		t.Fatal(err)
	}
}

func move(t *testing.T, s chats.Store, from, to chats.Chat) {
	t.Helper()
	if err := s.Move(t.Context(), from, to); err != nil {
		t.Fatal(err)
	}
}

func chatsGreet(t *testing.T, c *ChatsCase) {
	greet(t, c.A, group, true)
	greet(t, c.A, group, false)
	greet(t, c.B, group, false)
	greet(t, c.B, supergroup, true)
	greet(t, c.A, chats.Chat{Platform: "slack", ID: group.ID}, true)
	pause(t, c.A, group, "kicked")
	greet(t, c.B, group, false)
	paused(t, c.B, group, "kicked")
}

func chatsPause(t *testing.T, c *ChatsCase) {
	resume := func(s chats.Store, want bool) {
		t.Helper()
		if was := must[bool](t)(s.Resume(t.Context(), group)); was != want {
			t.Errorf("it was paused: %v", was)
		}
	}
	paused(t, c.A, group, "")
	pause(t, c.A, group, "blocked")
	paused(t, c.B, group, "blocked")
	paused(t, c.B, supergroup, "")
	paused(t, c.B, chats.Chat{Platform: "slack", ID: group.ID}, "")
	pause(t, c.B, group, "gone")
	paused(t, c.A, group, "gone")
	greet(t, c.A, group, true)
	paused(t, c.A, group, "gone")
	resume(c.B, true)
	resume(c.A, false)
	paused(t, c.A, group, "")
	greet(t, c.B, group, false)
}

func chatsReasons(t *testing.T, c *ChatsCase) {
	for _, reason := range []string{" \n", "Forbidden: bot was kicked — выгнан", "'; DROP TABLE chats; --", strings.Repeat("ж", 10_000)} {
		pause(t, c.A, group, reason)
		paused(t, c.B, group, reason)
	}
	for _, odd := range []string{"\x00", "\xff"} {
		pause(t, c.A, group, odd)
		if must[string](t)(c.B.Paused(t.Context(), group)) == "" {
			t.Errorf("it is not paused for %q", odd)
		}
	}
	must[bool](t)(c.A.Resume(t.Context(), group))
	if err := c.A.Pause(t.Context(), group, ""); err == nil {
		t.Error("it is paused without a reason")
	}
	paused(t, c.B, group, "")
}

func chatsUnknown(t *testing.T, c *ChatsCase) {
	if was := must[bool](t)(c.A.Resume(t.Context(), group)); was {
		t.Error("a chat that nothing is known of was paused")
	}
	move(t, c.A, group, supergroup)
	c.has(t, supergroup, "")
	greet(t, c.B, supergroup, true)
	greet(t, c.B, group, true)
}

// fill gives a chat a desk, a telling in it and one in a thread, subscriptions in the same, settings, and an event that waits, with a
// number of its own, and pauses it.
func (c *ChatsCase) fill(t *testing.T, chat chats.Chat, n int) {
	t.Helper()
	pause(t, c.A, chat, fmt.Sprint("pause ", n))
	if err := c.Spaces.Assign(t.Context(), deskroom.Assignment{Space: deskroom.Space(chat), Desk: knowledge.DeskID(fmt.Sprint("desk", n))}); err != nil {
		t.Fatal(err)
	}
	keep(t, c.Told, tellingIn(n, chat.String()), tellingIn(n, chat.String()+":5"))
	putFresh(t, c.Inbox, eventOf(chat, n), until0(), true)
	c.subscribe(t, 2*n, bot.Address(chat.String()), fmt.Sprint("zone ", n))
	c.subscribe(t, 2*n+1, bot.Address(chat.String()+":5"), "")
}

// subscribe adds the subscription of a number for an address, and where a zone is told settings.
func (c *ChatsCase) subscribe(t *testing.T, i int, to bot.Address, zone string) digest.Subscription {
	t.Helper()
	s := subscribed(i, func(s *digest.Subscription) { s.To = to })
	if err := c.Digest.Add(t.Context(), &s); err != nil {
		t.Fatal(err)
	}
	if zone != "" {
		if err := c.Digest.Set(t.Context(), digest.Settings{To: to, Zone: zone, QuietFrom: 1, QuietTill: 2, Empty: digest.On, Editors: true}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// subscriptions returns how many an address has.
func (c *ChatsCase) subscriptions(t *testing.T, to string) int {
	t.Helper()
	return len(must[[]digest.Subscription](t)(c.Digest.Of(t.Context(), bot.Address(to), time.Time{})))
}

// zone returns the zone of an address, where its settings are as subscribe sets them.
func (c *ChatsCase) zone(t *testing.T, to string) string {
	t.Helper()
	g := must[digest.Settings](t)(c.Digest.Settings(t.Context(), bot.Address(to)))
	if g != (digest.Settings{To: g.To, Zone: g.Zone, QuietFrom: 1, QuietTill: 2, Empty: digest.On, Editors: true}) {
		return ""
	}
	return g.Zone
}

// chatsMoveDigests has addresses whose names are nearly those of the chat, which stay, and one that the other chat has already.
func chatsMoveDigests(t *testing.T, c *ChatsCase) {
	near := []string{"telegram:-2001", "telegram:-20", "telegram:-2001:5", "telegram:-200.5", "telegram:-200;", "slack:-200", "Telegram:-200"}
	within := []string{"telegram:-200", "telegram:-200:5", "telegram:-200:5:Ж", "telegram:-200:"}
	var all []digest.Subscription
	for i, to := range slices.Concat(near, within) {
		all = append(all, c.subscribe(t, i, bot.Address(to), "zone of "+to))
	}
	c.subscribe(t, 100, "telegram:-100200:5", "its own")
	move(t, c.A, group, supergroup)
	for _, to := range near {
		if c.subscriptions(t, to) != 1 || c.zone(t, to) != "zone of "+to {
			t.Errorf("%s has %d in %q", to, c.subscriptions(t, to), c.zone(t, to))
		}
	}
	for _, to := range within {
		if c.subscriptions(t, to) != 0 || c.zone(t, to) != "" {
			t.Errorf("%s has %d in %q still", to, c.subscriptions(t, to), c.zone(t, to))
		}
		n, zone := 1, "zone of "+to
		if to == "telegram:-200:5" {
			n, zone = 2, "its own"
		}
		moved := supergroup.String() + strings.TrimPrefix(to, group.String())
		if c.subscriptions(t, moved) != n || c.zone(t, moved) != zone {
			t.Errorf("%s has %d in %q, want %d in %q", moved, c.subscriptions(t, moved), c.zone(t, moved), n, zone)
		}
	}
	for i, want := range []error{nil, digest.ErrChanged} { // who read it before cannot put its address back
		if err := c.Digest.Change(t.Context(), &all[i*len(near)]); !errors.Is(err, want) {
			t.Errorf("%s changed: %v, want %v", all[i*len(near)].To, err, want)
		}
	}
}

func tellingIn(n int, place string) told.Told {
	return reply(n, func(r *told.Told) { r.Place = told.Place(place) })
}

func eventOf(chat chats.Chat, n int) inbox.Event {
	e := event(n)
	e.Platform, e.Queue = chat.Platform, chat.ID
	return e
}

// places returns how many of the desk's tellings each place has.
func (c *ChatsCase) places(t *testing.T) map[told.Place]int {
	t.Helper()
	places := map[told.Place]int{}
	for _, r := range about(t, c.Told, "BOL-01") {
		places[r.Place]++
	}
	return places
}

// queues returns the ids of the events that wait in each queue of a platform.
func (c *ChatsCase) queues(t *testing.T, platform string) map[string]string {
	t.Helper()
	events := must[[]inbox.Event](t)(c.Inbox.Claim(t.Context(), platform, second(1000), inbox.Lease{Owner: "looks", Until: second(1000)}, 1000))
	ids := map[string][]inbox.Event{}
	for _, e := range events {
		ids[e.Queue] = append(ids[e.Queue], e)
	}
	queues := map[string]string{}
	for queue, events := range ids {
		queues[queue] = idsOf(events)
	}
	return queues
}

// has compares all that a chat has but its greeting: why it is paused, its desk, how many tellings and
// subscriptions it and its thread have, its zone, the events of its queue. Nothing at all is "".
func (c *ChatsCase) has(t *testing.T, chat chats.Chat, want string) {
	t.Helper()
	if got := c.state(t, chat); got != want {
		t.Errorf("%s has\n%q, want\n%q", chat, got, want)
	}
}

func (c *ChatsCase) state(t *testing.T, chat chats.Chat) string {
	t.Helper()
	var parts []string
	if reason := must[string](t)(c.B.Paused(t.Context(), chat)); reason != "" {
		parts = append(parts, reason)
	}
	if d := must[knowledge.DeskID](t)(c.Spaces.DeskOf(t.Context(), deskroom.Space(chat))); d != knowledge.DefaultDesk {
		parts = append(parts, string(d))
	}
	places := c.places(t)
	if here, thread := places[told.Place(chat.String())], places[told.Place(chat.String()+":5")]; here+thread > 0 {
		parts = append(parts, fmt.Sprintf("%d+%d told", here, thread))
	}
	if here, thread := c.subscriptions(t, chat.String()), c.subscriptions(t, chat.String()+":5"); here+thread > 0 {
		parts = append(parts, fmt.Sprintf("%d+%d subscribed", here, thread))
	}
	if zone := c.zone(t, chat.String()); zone != "" {
		parts = append(parts, zone)
	}
	if ids := c.queues(t, chat.Platform)[chat.ID]; ids != "" {
		parts = append(parts, ids)
	}
	return strings.Join(parts, ", ")
}

func chatsMove(t *testing.T, c *ChatsCase) {
	c.fill(t, group, 1)
	greet(t, c.A, group, true)
	c.has(t, group, "pause 1, desk1, 1+1 told, 1+1 subscribed, zone 1, 0001")
	move(t, c.B, group, supergroup)
	c.has(t, supergroup, "pause 1, desk1, 1+1 told, 1+1 subscribed, zone 1, 0001")
	c.has(t, group, "")
	greet(t, c.A, supergroup, false)
	greet(t, c.A, group, true) // it is a chat that nobody knows
	if list := must[[]deskroom.Assignment](t)(c.Spaces.Assignments(t.Context())); len(list) != 1 {
		t.Errorf("assigned are %v", list)
	}
}

func chatsMoveMeets(t *testing.T, c *ChatsCase) {
	c.fill(t, group, 1)
	c.fill(t, supergroup, 2)
	move(t, c.B, group, supergroup)
	c.has(t, supergroup, "pause 2, desk2, 2+2 told, 2+2 subscribed, zone 2, 0001 0002")
	c.has(t, group, "")
	if list := must[[]deskroom.Assignment](t)(c.Spaces.Assignments(t.Context())); len(list) != 1 {
		t.Errorf("assigned are %v", list)
	}
}

func chatsMoveJoins(t *testing.T, c *ChatsCase) {
	const unknown, known, greeted = 0, 1, 2 // what is known has heard of a pause that is over
	n := 0
	for _, from := range []int{unknown, known, greeted} {
		for _, to := range []int{unknown, known, greeted} {
			for _, reason := range []string{"", "gone"} {
				n++
				old, now := chats.Chat{Platform: "telegram", ID: fmt.Sprint(n)}, chats.Chat{Platform: "telegram", ID: fmt.Sprint("-", n)}
				for chat, is := range map[chats.Chat]int{old: from, now: to} {
					switch is {
					case greeted:
						greet(t, c.A, chat, true)
					case known:
						pause(t, c.A, chat, "once")
						must[bool](t)(c.A.Resume(t.Context(), chat))
					}
				}
				if reason != "" {
					pause(t, c.A, old, reason)
				}
				move(t, c.B, old, now)
				want := reason
				if to != unknown {
					want = ""
				}
				paused(t, c.A, now, want)
				paused(t, c.A, old, "")
				greet(t, c.A, now, from != greeted && to != greeted)
			}
		}
	}
}

func chatsMoveAgain(t *testing.T, c *ChatsCase) {
	c.fill(t, group, 1)
	greet(t, c.A, group, true)
	move(t, c.A, group, supergroup)
	must[bool](t)(c.A.Resume(t.Context(), supergroup))
	if err := c.Spaces.Assign(t.Context(), deskroom.Assignment{Space: deskroom.Space(supergroup), Desk: "desk9"}); err != nil {
		t.Fatal(err)
	}
	for _, s := range []chats.Store{c.A, c.B} {
		move(t, s, group, supergroup)
		c.has(t, supergroup, "desk9, 1+1 told, 1+1 subscribed, zone 1, 0001")
		c.has(t, group, "")
		greet(t, c.A, supergroup, false)
	}
	c.fill(t, group, 2) // what came under the old id since
	move(t, c.B, group, supergroup)
	c.has(t, supergroup, "desk9, 2+2 told, 2+2 subscribed, zone 1, 0001 0002")
	c.has(t, group, "")
}

// chatsMoveOthers has places and queues whose names are nearly those of the chat, which stay.
func chatsMoveOthers(t *testing.T, c *ChatsCase) {
	near := []told.Place{"telegram:-2001", "telegram:-20", "telegram:-2001:5", "telegram:-200.5", "slack:-200", "telegram:x:-200", "Telegram:-200", "telegram:%"}
	for i, place := range near {
		keep(t, c.Told, tellingIn(i, string(place)))
	}
	within := []string{"telegram:-200", "telegram:-200:5", "telegram:-200:5:Ж", "telegram:-200:-200:telegram:-200"}
	for i, place := range within {
		keep(t, c.Told, tellingIn(100+i, place))
	}
	for i, queue := range []string{"-2001", "-20", "-200:5", "", "-200\x00"} {
		putFresh(t, c.Inbox, eventOf(chats.Chat{Platform: "telegram", ID: queue}, i), until0(), true)
	}
	elsewhere := chats.Chat{Platform: "slack", ID: group.ID}
	putFresh(t, c.Inbox, eventOf(elsewhere, 9), until0(), true)
	if err := c.Spaces.Assign(t.Context(), deskroom.Assignment{Space: deskroom.Space(elsewhere), Desk: "desk9"}); err != nil {
		t.Fatal(err)
	}
	queues := c.queues(t, "telegram")
	move(t, c.A, group, supergroup)
	places := c.places(t)
	for _, place := range near {
		if places[place] != 1 {
			t.Errorf("what was told in %s was moved", place)
		}
	}
	for _, place := range within {
		if moved := told.Place(supergroup.String() + strings.TrimPrefix(place, group.String())); places[moved] != 1 {
			t.Errorf("what was told in %s is not in %s", place, moved)
		}
	}
	if got := c.queues(t, "telegram"); fmt.Sprint(got) != fmt.Sprint(queues) {
		t.Errorf("the queues of others became %v", got)
	}
	c.has(t, elsewhere, "desk9, 1+0 told, 0009")
}

func chatsMoveDesks(t *testing.T, c *ChatsCase) {
	desks := []knowledge.DeskID{desk, other, "desk2"}
	for i, d := range desks {
		keep(t, c.Told, reply(i, func(r *told.Told) { r.Desk, r.Place = d, "telegram:-200:5" }))
	}
	move(t, c.A, group, supergroup)
	for i, d := range desks {
		want := reply(i, func(r *told.Told) { r.Desk, r.Place, r.Message = d, "telegram:-100200:5", "" }) // messages of the group are none of this chat
		same(t, must[[]told.Told](t)(c.Told.About(t.Context(), d, "BOL-01", time.Time{})), []told.Told{want})
		if n := must[int](t)(c.Told.Forget(t.Context(), d, "telegram:-100200")); n != 1 {
			t.Errorf("%d forgotten of %s", n, d)
		}
	}
}

// chatsMoveLeased moves an event that someone holds: it stays theirs, and is nobody's twice.
func chatsMoveLeased(t *testing.T, c *ChatsCase) {
	putFresh(t, c.Inbox, eventOf(group, 1), until(10), true)
	putFresh(t, c.Inbox, eventOf(group, 2), theirs(until0()), true)
	move(t, c.A, group, supergroup)
	again := eventOf(supergroup, 3)
	again.Keys = event(1).Keys
	putFresh(t, c.Inbox, again, until0(), false)
	if held := must[[]string](t)(c.Inbox.Renew(t.Context(), []string{"0001", "0002"}, until(20))); !slices.Equal(held, []string{"0001"}) {
		t.Errorf("held are %q", held)
	}
	if err := done(t.Context(), c.Inbox, eventOf(group, 1)); err != nil {
		t.Fatal(err)
	}
	c.has(t, supergroup, "0002")
}

func chatsMoveRefused(t *testing.T, c *ChatsCase) {
	c.fill(t, group, 1)
	for _, pair := range [][2]chats.Chat{
		{group, {Platform: "slack", ID: "C1"}}, {group, {Platform: "telegram"}}, {{Platform: "telegram"}, group}, {{}, {}},
	} {
		if err := c.A.Move(t.Context(), pair[0], pair[1]); err == nil {
			t.Errorf("%s became %s", pair[0], pair[1])
		}
	}
	move(t, c.A, group, group)
	c.has(t, group, "pause 1, desk1, 1+1 told, 1+1 subscribed, zone 1, 0001")
}

// atOnce does something in several goroutines, each with one of the stores.
func (c *ChatsCase) atOnce(n int, do func(i int, s chats.Store)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			do(i, []chats.Store{c.A, c.B}[i%2])
		})
	}
	close(start)
	all.Wait()
}

func numbered(i int) chats.Chat { return chats.Chat{Platform: "telegram", ID: fmt.Sprint(i)} }

func chatsGreetRace(t *testing.T, c *ChatsCase) {
	const greeters, rounds = 8, 20
	var firsts [rounds]atomic.Int32
	c.atOnce(greeters, func(_ int, s chats.Store) {
		for i := range rounds {
			first, err := s.Greet(t.Context(), numbered(i))
			if err != nil {
				t.Error(err)
			}
			if first {
				firsts[i].Add(1)
			}
		}
	})
	for i := range firsts {
		if n := firsts[i].Load(); n != 1 {
			t.Errorf("chat %d was greeted for the first time %d times", i, n)
		}
	}
}

func chatsResumeRace(t *testing.T, c *ChatsCase) {
	const resumers, rounds = 8, 10
	var found [rounds]atomic.Int32
	for i := range rounds {
		pause(t, c.A, numbered(i), "blocked")
	}
	c.atOnce(resumers, func(_ int, s chats.Store) {
		for i := range rounds {
			was, err := s.Resume(t.Context(), numbered(i))
			if err != nil {
				t.Error(err)
			}
			if was {
				found[i].Add(1)
			}
		}
	})
	for i := range found {
		if n := found[i].Load(); n != 1 {
			t.Errorf("chat %d was found paused %d times", i, n)
		}
	}
}

// chatsMoveWhileGreeted greets chats under both ids while they are moved twice. What was greeted at first is greeted for all that
// have seen a move, and a chat is greeted for the first time once under each id at most.
func chatsMoveWhileGreeted(t *testing.T, c *ChatsCase) {
	const rounds = 10
	for i := range rounds {
		old, now := numbered(i), numbered(-1-i)
		c.fill(t, old, i)
		wasGreeted := i%2 == 0
		if wasGreeted {
			greet(t, c.A, old, true)
		}
		var firsts atomic.Int32
		c.atOnce(4, func(k int, s chats.Store) {
			if k < 2 { // one with each store
				if err := s.Move(t.Context(), old, now); err != nil {
					t.Error(err)
				}
			}
			first, err := s.Greet(t.Context(), now)
			if err != nil || first && k < 2 && wasGreeted {
				t.Errorf("greeted for the first time after the move: %v, %v", first, err)
			}
			if first {
				firsts.Add(1)
			}
		})
		if n := firsts.Load(); n > 1 || n == 0 && !wasGreeted {
			t.Errorf("greeted for the first time %d times", n)
		}
		greet(t, c.A, now, false)
		c.has(t, old, "")
		got := c.state(t, now)
		want := fmt.Sprintf("desk%d, 1+1 told, 1+1 subscribed, zone %[1]d, %04[1]d", i)
		if got != want && got != fmt.Sprintf("pause %d, %s", i, want) { // as the other one had a row by then or not
			t.Errorf("%s has %q, want %q", now, got, want)
		}
	}
}

// chatsMovesInARow moves a chat to a second one and that to a third at once: whichever comes first, all of it goes the same way.
func chatsMovesInARow(t *testing.T, c *ChatsCase) {
	const rounds = 10
	for i := range rounds {
		ids := []chats.Chat{numbered(3 * i), numbered(3*i + 1), numbered(3*i + 2)}
		c.fill(t, ids[0], i)
		c.atOnce(2, func(k int, s chats.Store) {
			if err := s.Move(t.Context(), ids[k], ids[k+1]); err != nil {
				t.Error(err)
			}
		})
		c.whole(t, i, ids[1:]...)
	}
}

// whole fails the test unless what fill gave is all of one of the chats, and nothing of the others.
func (c *ChatsCase) whole(t *testing.T, n int, ids ...chats.Chat) {
	t.Helper()
	var states []string
	for _, id := range ids {
		states = append(states, c.state(t, id))
	}
	slices.SortFunc(states, func(a, b string) int { return cmp.Compare(len(a), len(b)) })
	want := fmt.Sprintf("pause %d, desk%[1]d, 1+1 told, 1+1 subscribed, zone %[1]d, %04[1]d", n)
	if got := strings.Join(states, ""); got != want || states[len(states)-1] != want {
		t.Errorf("the chats have %q, want one that has %q", states, want)
	}
}

func chatsMovesInACircle(t *testing.T, c *ChatsCase) {
	const rounds = 10
	for i := range rounds {
		one, another := numbered(i), numbered(-1-i)
		c.fill(t, one, i)
		c.atOnce(4, func(k int, s chats.Store) {
			from, to := one, another
			if k > 1 {
				from, to = to, from
			}
			if err := s.Move(t.Context(), from, to); err != nil {
				t.Error(err)
			}
		})
		c.whole(t, i, one, another)
	}
}

// chatsMoveWhileTold moves a chat over and over while its tellings are kept and others erased, and its events come and go.
func chatsMoveWhileTold(t *testing.T, c *ChatsCase) {
	const writers, batches = 2, 30
	var s chats.Store
	moves := 0
	meanwhile(t, func(w int) {
		for i := range batches {
			n := w*batches + i
			if err := c.Told.Keep(t.Context(), []told.Told{
				tellingIn(n, group.String()),
				reply(-1-n, func(r *told.Told) { r.Place, r.At = "telegram:-200:5", r.At.AddDate(0, 0, -1) }),
			}); err != nil {
				t.Error(err)
			}
			if _, err := put(t.Context(), c.Inbox, eventOf(group, n), until0()); err != nil {
				t.Error(err)
			}
			if i%2 == 0 {
				if err := done(t.Context(), c.Inbox, eventOf(group, n)); err != nil {
					t.Error(err)
				}
			}
			if _, err := c.Told.Erase(t.Context(), atNoon.Add(-time.Hour)); err != nil {
				t.Error(err)
			}
		}
	}, writers, func() {
		s = []chats.Store{c.A, c.B}[moves%2]
		move(t, s, group, supergroup)
		moves++
	})
	places := c.places(t)
	if len(places) != 1 || places[told.Place(supergroup.String())] != writers*batches {
		t.Errorf("told are %v, want %d", places, writers*batches)
	}
	queues := c.queues(t, "telegram")
	if got := len(strings.Fields(queues[supergroup.ID])); len(queues) != 1 || got != writers*batches/2 {
		t.Errorf("%d events wait, in %d queues", got, len(queues))
	}
}

func chatsEnded(t *testing.T, c *ChatsCase) {
	c.fill(t, group, 1)
	ctx, end := context.WithCancel(t.Context())
	end()
	_, greeting := c.A.Greet(ctx, group)
	_, resuming := c.A.Resume(ctx, group)
	_, asking := c.A.Paused(ctx, group)
	for what, err := range map[string]error{
		"Greet": greeting, "Resume": resuming, "Paused": asking, "Pause": c.A.Pause(ctx, group, "kicked"), "Move": c.A.Move(ctx, group, supergroup),
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: error is %v", what, err)
		}
	}
	c.has(t, group, "pause 1, desk1, 1+1 told, 1+1 subscribed, zone 1, 0001")
	c.has(t, supergroup, "")
	greet(t, c.A, group, true)
}
