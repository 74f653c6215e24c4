package history_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	storedtold "stancebot/adapters/store/told"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/desk"
	"stancebot/bot/edits"
	"stancebot/bot/history"
	"stancebot/bot/talk"
	"stancebot/bot/told"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

const retention = 30 * 24 * time.Hour

// A book is what was told, in a database.
type book struct {
	*storedtold.Store
	silences told.Silences
}

func (b *book) Silence(ctx context.Context, place told.Place, silent bool) (bool, error) {
	changed, err := b.Store.Silence(ctx, place, silent)
	return changed, errors.Join(err, b.silences.Load(ctx, b.Store))
}

func (b *book) Keeps(p told.Place) bool { return b.silences.Keeps(p) }

// A newsroom is a desk whose answers are kept: ana and ben are its editors, rita is a reporter, eve edits another workspace's.
type newsroom struct {
	*bottest.Desk
	bot      *bot.Bot
	ledger   ledger.Store
	follower *ledger.Follower
	book     *book
	broken   bool
	away     bool
	unread   bool
	zone     string
	asked    []bot.Reply
}

func newNewsroom(tb testing.TB) *newsroom {
	tb.Helper()
	db := storetest.Open(tb, "sqlite::memory:")
	n := &newsroom{Desk: bottest.NewDesk(tb), ledger: storedledger.New(db), book: &book{Store: storedtold.New(db)}}
	if err := n.book.silences.Load(tb.Context(), n.book.Store); err != nil {
		tb.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	now, today := func() time.Time { return n.Now }, func() knowledge.Day { return knowledge.DayOf(n.Now) }
	n.follower = ledger.NewFollower(n.ledger, n.Holder.Lay, log)
	decider := &desk.Decider{
		Recorder: &desk.Recorder{
			Ledger: n.ledger, Snapshot: n.Holder.Core, Editors: desk.Editors{"slack:T1:ana", "slack:T1:ben", "slack:T2:eve"}, Everyone: true, FourEyes: true, Now: now, Today: today,
		},
		Shared: func() *core.Core { return n.Core },
	}
	e := &edits.Edits{
		Decider: func(knowledge.DeskID) *desk.Decider { return decider }, Snapshot: n.Holder.Core, Today: today, Now: now, Log: log,
		Changed: func(context.Context) { n.catchUp(tb) },
	}
	a := &history.Archive{
		Book: func() history.Book {
			switch {
			case n.away:
				return nil
			case n.broken:
				return broken{}
			}
			return n.book
		},
		Ledger:  func(id knowledge.DeskID) (*knowledge.Overlay, bool) { return n.Holder.Core(id).Ledger(), !n.unread },
		Behind:  func(knowledge.DeskID) bool { return n.away },
		Members: n.members, Zone: func(context.Context, bot.Address) string { return n.zone }, Usual: "UTC",
		Edits: func(_ knowledge.DeskID, person string) bool { return decider.Editors.Has(desk.Author(person)) }, Retention: retention, Now: now, Log: log,
	}
	n.bot = bot.New(bot.Options{
		Reader: n.Reader, Memory: talk.New(now), Commands: append(append(bot.Lookups(n.Holder), e.Commands()...), []bot.Command{{Intent: knowledge.IntentHistory, Do: a.Do}, {Intent: knowledge.IntentSettings, Do: a.Do}}...), Today: today, Log: log, Kept: 100,
		Snapshot: func(id knowledge.DeskID) any { return n.Holder.Core(id) },
		Fresh:    func(id knowledge.DeskID) bot.Freshness { return bot.Freshness{Seq: n.seq(id)} },
	})
	return n
}

func (n *newsroom) members(q knowledge.Query) []knowledge.Country {
	return n.Core.Answer(knowledge.Query{Intent: knowledge.IntentGroup, Group: q.Group, Today: q.Today}).Countries
}

func (n *newsroom) catchUp(tb testing.TB) {
	tb.Helper()
	if err := n.follower.CatchUp(tb.Context()); err != nil {
		tb.Fatal(err)
	}
}

// seq is the last entry of a desk that answers take into account.
func (n *newsroom) seq(id knowledge.DeskID) int64 {
	for _, head := range n.follower.Status().Heads {
		if head.Desk == id {
			return head.Seq
		}
	}
	return 0
}

// record appends what the program records by itself, or somebody from elsewhere.
func (n *newsroom) record(tb testing.TB, id knowledge.DeskID, drafts ...ledger.Draft) {
	tb.Helper()
	for i := range drafts {
		drafts[i].At = n.Now
	}
	if _, err := n.ledger.Append(tb.Context(), id, drafts...); err != nil {
		tb.Fatal(err)
	}
	n.catchUp(tb)
}

// request is what somebody asks: in the channel C1, or with "dm:" before their name alone with us.
func request(name, text string) bot.Request {
	team, id := "T1", knowledge.DefaultDesk
	person, private := strings.CutPrefix(name, "dm:")
	if person == "eve" {
		team, id = "T2", "foreign"
	}
	req := bot.Request{
		Desk: id, Conversation: name, Person: "slack:" + team + ":" + person, Text: text,
		Where: bot.Where{Address: bot.Address("slack:" + team + ":C1"), Private: private},
	}
	if private {
		req.Where.Address = bot.Address("slack:" + team + ":D-" + person)
	}
	if person == "terminal" {
		req.Where = bot.Where{}
	}
	return req
}

// ask asks, and keeps what was told as the program does.
func (n *newsroom) ask(tb testing.TB, name, text string) bot.Reply {
	tb.Helper()
	req := request(name, text)
	r := n.bot.Handle(tb.Context(), req)
	n.asked = append(n.asked, r)
	place := told.Place(req.Where.Address)
	if r.Private && !req.Where.Private {
		place = told.Place(req.Person)
	}
	if len(r.Receipts) > 0 && n.book.Keeps(place) {
		n.keep(tb, told.Told{Desk: req.Desk, At: n.Now, Place: place, Private: r.Private || req.Where.Private, Seq: r.About.Seq, Reply: &told.Reply{
			Language: r.Language, Intent: r.About.Intent, Command: r.About.Command, Countries: r.About.Countries, Receipts: r.Receipts, Text: r.Text(),
		}})
	}
	return r
}

func (n *newsroom) keep(tb testing.TB, tellings ...told.Told) {
	tb.Helper()
	if err := n.book.Keep(tb.Context(), tellings); err != nil {
		tb.Fatal(err)
	}
}

// What is asked of the past. The name of a file is who asks, and what: "dm:rita" is alone with us. "later 24h" moves the clock, "zone
// America/Lima" sets the channel's, "away" and "back" are the database's, "unread" is a ledger that was never read, "erase" is what
// the retention erases, and "lapse" a label that went stale.
func TestArchive(t *testing.T) {
	bottest.Scripts(t, "testdata/*.txtar", func(t *testing.T) func(*testing.T, string) string {
		t.Helper()
		n := newNewsroom(t)
		t.Cleanup(func() { n.lawful(t) })
		return n.play
	})
}

func (n *newsroom) play(t *testing.T, line string) string {
	t.Helper()
	n.Now = n.Now.Add(time.Second)
	who, text, _ := strings.Cut(line, " ")
	if n.happens(t, who, text) {
		return "\n"
	}
	reply := n.ask(t, strings.TrimSuffix(who, ":"), text)
	said := reply.Text()
	if reply.Private {
		said += "\n(to the asker alone)"
	}
	return said + "\n\n"
}

// happens does what is no question, and reports whether it is none.
func (n *newsroom) happens(t *testing.T, what, text string) bool {
	t.Helper()
	switch what {
	case "later":
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		n.Now = n.Now.Add(d)
	case "zone":
		n.zone = text
	case "away", "back":
		n.away = what == "away"
	case "unread":
		n.unread = true
	case "erase":
		if _, err := n.book.Erase(t.Context(), n.Now.Add(-retention)); err != nil {
			t.Fatal(err)
		}
	case "lapse":
		n.record(t, knowledge.DefaultDesk, ledger.Draft{Author: desk.Itself, Kind: ledger.LabelStale, Payload: desk.Lapse{
			Country: "BOL", Axis: knowledge.TowardRussia, Label: "neutral", Since: 2025_10_16, Claims: []string{"BOL-01"}, Rule: knowledge.LeaderLeft, Causes: []string{"E:BOL:2025-11-08"},
		}})
	default:
		return false
	}
	return true
}

// lawful holds what was told to the laws: no line that asserts is without a receipt, every receipt has the form of one and is among
// those of the reply, each button fits its platform and asks for itself, and no slot was left unfilled.
func (n *newsroom) lawful(t *testing.T) {
	t.Helper()
	for _, r := range n.asked {
		for _, blk := range r.Blocks {
			var line bot.Line
			switch blk := blk.(type) {
			case bot.Line:
				line = blk
			case bot.Row:
				line = bot.Line(blk)
			case bot.Choices:
				n.presses(t, blk)
				continue
			default:
				continue
			}
			if line.Kind.NeedsReceipts() && len(line.Receipts) == 0 {
				t.Errorf("it rests on nothing: %s", line.Text)
			}
			for _, id := range line.Receipts {
				if knowledge.ReceiptKindOf(id) == "" || !strings.Contains(strings.Join(r.Receipts, " "), id) {
					t.Errorf("%q is no receipt of the reply: %s", id, line.Text)
				}
			}
			if strings.Contains(line.Text, "[history.") || strings.Contains(line.Text, "[deskkind.") {
				t.Errorf("a phrase is missing: %s", line.Text)
			}
		}
	}
}

func (n *newsroom) presses(t *testing.T, c bot.Choices) {
	t.Helper()
	for _, item := range c.Items {
		if item.Command == "" || len(item.Asks) > 0 {
			continue
		}
		q := n.Reader.Read(item.Command, knowledge.DayOf(n.Now)).Query
		if len(item.Command) > 64 || q.Misread != nil || bot.Canonical(q) != item.Command && q.Edit == nil {
			t.Errorf("the button %q asks %q", item.Command, bot.Canonical(q))
		}
	}
}
