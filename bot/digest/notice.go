package digest

import (
	"time"

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/rollcall"
)

// A ChangeKind is what sort of thing changed. Within a notice the weightier kinds come first, in the order of ChangeKinds.
type ChangeKind string

// A Change is something that a desk's ledger tells: an entry, or what an entry shows of a roll call.
type Change struct {
	Kind      ChangeKind
	Seq       int64 // of the entry
	Entry     ledger.ID
	Countries []knowledge.Country
	True      knowledge.Date // when it is true from, zero where that is not told
	Known     time.Time      // when it was recorded
	Receipts  []string       // the entry's first

	narrowed   bool                  // its countries are those of a filter
	source     string                // the publisher of what it names as its source
	reason     string                // that the entry gives
	record     *knowledge.DeskRecord // what was recorded or, of a withdrawal, taken back
	from       *knowledge.Assessment // the label before
	now        *knowledge.Assessment // the label that holds today
	again      bool                  // of a withdrawal: another label holds for it, or none
	within     bool                  // of a withdrawal: what it takes back was recorded among the same entries
	of         string                // of a correction: what it corrects
	correction *knowledge.Correction
	call       *knowledge.RollCall // of a roll call, and of what it shows
	usual      knowledge.Position  // of a state that left it
	position   knowledge.Position  // that it took
	split      *rollcall.Split     // of an axis split
	lapse      *desk.Lapse         // of a label that went stale
	shared     *desk.RecordChange  // of a shared record
}

// An Occasion is what a notice is composed for.
type Occasion struct {
	Subscription *Subscription
	Settings     Settings
	Changes      []Change       // those that concern it, of the entries that it is about
	UpTo         int64          // the last entry that it is about
	Alerted      map[int64]bool // the entries that its channel was alerted of already
	Since, Till  time.Time      // the time that it is about, as people say it: since the digest before, till now
	Preview      bool           // it is shown to whoever asks, and not sent as a digest
}

// A Notice is what a delivery says: one message and, where there is more to say, others below it.
type Notice struct {
	Summary bot.Reply // with the picture, where it has one
	Below   []bot.Reply
}
