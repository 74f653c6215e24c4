package notes_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	storeddigest "stancebot/adapters/store/digest"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	storedtold "stancebot/adapters/store/told"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/edits"
	"stancebot/bot/notes"
	"stancebot/bot/told"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

// A newsroom is a desk whose ledger grows, with what was told where, and with the letters that come of it.
type newsroom struct {
	*bottest.Desk
	bot      *bot.Bot
	decider  *desk.Decider
	follower *ledger.Follower
	told     *storedtold.Store
	letters  *storeddigest.Store
	channel  bot.Address
	notes    *notes.Notes
	shown    map[string]bool // letters that were, by their ids
}

func newNewsroom(tb testing.TB) *newsroom {
	tb.Helper()
	db := storetest.Open(tb, "sqlite::memory:")
	n := &newsroom{
		Desk: bottest.NewDesk(tb), told: storedtold.New(db), letters: storeddigest.New(db), channel: "slack:T1:CDESK", shown: map[string]bool{},
	}
	store, log := storedledger.New(db), slog.New(slog.DiscardHandler)
	now, today := func() time.Time { return n.Now }, func() knowledge.Day { return knowledge.DayOf(n.Now) }
	n.follower = ledger.NewFollower(store, n.Holder.Lay, log)
	n.decider = &desk.Decider{
		Recorder: &desk.Recorder{
			Ledger: store, Snapshot: n.Holder.Core, Editors: desk.Editors{"slack:T1:ana", "telegram:77"}, Everyone: true, FourEyes: true, Now: now, Today: today,
		},
		Shared: func() *core.Core { return n.Core },
	}
	e := &edits.Edits{
		Decider: func(knowledge.DeskID) *desk.Decider { return n.decider }, Channel: func(knowledge.DeskID) bot.Address { return n.channel }, Snapshot: n.Holder.Core, Today: today, Now: now, Log: log,
		Changed: func(ctx context.Context) {
			if err := n.follower.CatchUp(ctx); err != nil {
				tb.Error(err)
			}
		},
	}
	n.bot = bot.New(bot.Options{
		Reader: n.Reader, Commands: append(bot.Lookups(n.Holder), e.Commands()...), Today: today, Log: log,
		Fresh: func(id knowledge.DeskID) bot.Freshness { return bot.Freshness{Seq: n.reach(id)} },
	})
	n.restart()
	return n
}

// restart begins anew, as a program does that knows nothing but what is stored.
func (n *newsroom) restart() {
	n.notes = notes.New(notes.Notes{
		Ledger: func() ledger.Store { return n.decider.Ledger }, Letters: func() digest.Store { return n.letters }, Told: func() notes.Told { return n.told },
		Snapshot: n.Holder.Core, Reach: func(id knowledge.DeskID) (int64, bool) { return n.reach(id), true }, Channel: func(knowledge.DeskID) bot.Address { return n.channel },
		Lane: func(to bot.Address) string { return to.Platform() }, Answer: n.bot.Handle, Link: func(knowledge.DeskID, string) string { return "" },
		Name:   func(person string) string { return map[string]string{"telegram:77": "Ben Ito"}[person] },
		Serves: func(platform string) bool { return platform != "console" }, Language: "en", Zone: time.FixedZone("-03", -3*60*60), Kept: 720 * time.Hour,
		Planned: func() {}, Now: func() time.Time { return n.Now }, Today: func() knowledge.Day { return knowledge.DayOf(n.Now) }, Log: slog.New(slog.DiscardHandler),
	})
}

func (n *newsroom) reach(id knowledge.DeskID) int64 {
	for _, head := range n.follower.Status().Heads {
		if head.Desk == id {
			return head.Seq
		}
	}
	return 0
}

// tells answers a question in a place, in a message, and keeps what it told.
func (n *newsroom) tells(t *testing.T, place, message, language, text string) {
	t.Helper()
	r := n.bot.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: text, Language: language})
	if message == "-" {
		message = ""
	}
	if err := n.told.Keep(t.Context(), []told.Told{{
		Desk: knowledge.DefaultDesk, At: n.Now, Place: told.Place(place), Message: message, Private: message == "", Seq: r.About.Seq,
		Reply: &told.Reply{Language: r.Language, Intent: r.About.Intent, Command: r.About.Command, Countries: r.About.Countries, Receipts: r.Receipts, Text: r.Text()},
	}}); err != nil {
		t.Fatal(err)
	}
}

// open returns the letters that were planned since it was last asked, by where they go and what they are.
func (n *newsroom) open(t *testing.T) []digest.Task {
	t.Helper()
	if _, err := n.notes.Look(t.Context()); err != nil {
		t.Fatal(err)
	}
	tasks, err := n.letters.Listed(t.Context(), []digest.State{digest.Waiting}, false, 1000)
	if err != nil {
		t.Fatal(err)
	}
	tasks = slices.DeleteFunc(tasks, func(x digest.Task) bool { return n.shown[x.Delivery.ID] })
	for i := range tasks {
		n.shown[tasks[i].Delivery.ID] = true
	}
	slices.SortFunc(tasks, func(a, b digest.Task) int {
		return strings.Compare(fmt.Sprint(a.Subscription.To, " ", a.Delivery.Name), fmt.Sprint(b.Subscription.To, " ", b.Delivery.Name))
	})
	return tasks
}

// send records that a letter arrived.
func (n *newsroom) send(t *testing.T, name, message string) {
	t.Helper()
	d, err := digest.Planned(t.Context(), n.letters, knowledge.DefaultDesk, n.channel, name)
	if err != nil || d == nil {
		t.Fatal(name, d, err)
	}
	if _, err := n.letters.Claim(t.Context(), digest.Claiming{Platforms: []string{"slack", "telegram"}, Now: n.Now, Limit: 100, Lease: digest.Lease{Owner: "me", Until: n.Now.Add(time.Second)}}); err != nil {
		t.Fatal(err)
	}
	d.State, d.Message, d.Done = digest.Sent, message, n.Now
	if held, err := n.letters.Record(t.Context(), "me", []digest.Delivery{*d}); err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
}

func (n *newsroom) play(t *testing.T, line string) string {
	t.Helper()
	n.Now = n.Now.Add(time.Second)
	words := strings.SplitN(line, " ", 5)
	switch words[0] {
	case "told":
		n.tells(t, words[1], words[2], words[3], words[4])
		return "\n"
	case "later":
		d, err := time.ParseDuration(words[1])
		if err != nil {
			t.Fatal(err)
		}
		n.Now = n.Now.Add(d)
		return "\n"
	case "restart":
		n.restart()
		return "\n"
	case "sent": // sent MESSAGE NAME…
		n.send(t, strings.Join(words[2:], " "), words[1])
		return "\n"
	case "letters":
		return n.said(t)
	}
	who, text, _ := strings.Cut(line, ": ")
	r := n.bot.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Person: who, Text: text})
	first, _, _ := strings.Cut(r.Text(), "\n")
	return first + "\n\n"
}

// said is what the letters say that were planned since.
func (n *newsroom) said(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, task := range n.open(t) {
		l := task.Delivery.Letter
		fmt.Fprintf(&b, "=> %s: %s", task.Subscription.To, task.Delivery.Name)
		if l.Edit != "" {
			b.WriteString(", in the place of " + l.Edit)
		}
		if l.Under != "" {
			b.WriteString(", below " + l.Under)
		}
		notice, err := n.notes.Compose(t.Context(), &task)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n" + notice.Summary.Text() + "\n")
	}
	return b.String() + "\n"
}

// What goes out of a desk: the name of a file is what happens. "told PLACE MESSAGE LANGUAGE question" is an answer that was given,
// "letters" are those that were planned since.
func TestLetters(t *testing.T) {
	bottest.Scripts(t, "testdata/*.txtar", func(t *testing.T) func(*testing.T, string) string {
		t.Helper()
		return newNewsroom(t).play
	})
}
