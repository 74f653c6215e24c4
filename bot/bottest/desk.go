package bottest

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/picture"
	"stancebot/bot/question"
	"stancebot/bot/talk"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
)

// Today is the calendar of the tests.
const Today knowledge.Day = 2026_11_23

// A Desk is a bot with the shipped records and the calendar at Today, and the parts that it is made of.
type Desk struct {
	*bot.Bot
	Set     *corpus.Set
	Records *knowledge.Records
	Core    *core.Core
	Holder  *core.Holder
	Reader  *question.Reader
	Now     time.Time // the running clock, which tests move by hand

	calendar atomic.Int64
}

// gallery draws for all desks: the same pictures are asked for again and again.
var gallery picture.Gallery

func (d *Desk) today() knowledge.Day { return knowledge.Day(d.calendar.Load()) }

// Turn sets the calendar of answers, which begins at Today.
func (d *Desk) Turn(to knowledge.Day) { d.calendar.Store(int64(to)) }

// shipped is what all desks share, and none changes: to read the records takes longer than most tests do.
var shipped = sync.OnceValues(func() (*Desk, error) {
	set, err := corpus.Embedded()
	if err != nil {
		return nil, err
	}
	records, err := set.Records()
	if err != nil {
		return nil, err
	}
	snapshot, err := core.Build(records)
	if err != nil {
		return nil, err
	}
	return &Desk{Set: set, Records: records, Core: snapshot, Reader: question.New(places.New(records))}, nil
})

// NewDesk returns a desk. Its records are those of others, too: they are only read.
func NewDesk(tb testing.TB) *Desk {
	tb.Helper()
	shared, err := shipped()
	if err != nil {
		tb.Fatal(err)
	}
	d := &Desk{
		Set: shared.Set, Records: shared.Records, Core: shared.Core, Holder: core.NewHolder(shared.Core), Reader: shared.Reader,
		Now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
	}
	d.Turn(Today)
	now := func() time.Time { return d.Now }
	verifier := &picture.Verifier{Answer: func(q knowledge.Query) knowledge.Answer { return d.Holder.Core(q.Desk).Answer(q) }, Today: d.today}
	d.Bot = bot.New(bot.Options{
		Reader: d.Reader, Memory: talk.New(now), Flood: talk.NewFlood(now), Commands: bot.Lookups(d.Holder),
		Today: d.today, Draw: gallery.File, Verify: verifier.Do, Log: slog.New(slog.DiscardHandler), Kept: 1000,
		Snapshot: func(desk knowledge.DeskID) any { return d.Holder.Core(desk) },
		Link:     func(desk knowledge.DeskID, receipt string) string { return d.Holder.Core(desk).Link(receipt) },
		Fresh: func(knowledge.DeskID) bot.Freshness {
			return bot.Freshness{Version: d.Records.Version, Published: d.Records.Article.Published, CheckedTo: d.Records.Article.CheckedTo}
		},
	})
	return d
}

// Record lays a ledger with the drafts over the shared records, for the default desk, and returns what it lays.
func (d *Desk) Record(tb testing.TB, drafts ...ledger.Draft) *knowledge.Overlay {
	tb.Helper()
	head, replayer := ledger.Head{Desk: knowledge.DefaultDesk}, ledger.NewReplayer(knowledge.DefaultDesk)
	for _, draft := range drafts {
		e, next, err := head.Next(draft)
		if err != nil {
			tb.Fatal(err)
		}
		if err := replayer.Add(&e); err != nil {
			tb.Fatal(err)
		}
		head = next
	}
	o := replayer.Overlay()
	if err := d.Holder.Lay(o); err != nil {
		tb.Fatal(err)
	}
	return o
}
