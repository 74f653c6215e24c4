package notes

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/told"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

const (
	// Window is how old an entry may be that is told of: what a program that was away for longer missed is old news. Deliveries are
	// known for longer, so that none is planned twice.
	Window = 30 * 24 * time.Hour
	// settle is how long a correction is looked at again: an answer that was composed before it may be kept a little later.
	settle      = 2 * time.Minute
	lookAgain   = time.Second // while something settles
	lookEvery   = time.Minute
	lookRest    = 100 * time.Millisecond // at least, between two looks
	lookLimit   = 30 * time.Second
	channelName = "desk" // which a desk's channel gets
)

// A Told finds what was told.
type Told interface {
	// About returns a desk's tellings since a time that rest on a receipt.
	About(ctx context.Context, desk knowledge.DeskID, receipt string, since time.Time) ([]told.Told, error)
}

// Notes plans letters of what desks recorded, and composes them.
type Notes struct {
	Ledger   func() ledger.Store // these three are nil while the database is away
	Letters  func() digest.Store
	Told     func() Told
	Snapshot func(knowledge.DeskID) *core.Core
	Reach    func(knowledge.DeskID) (seq int64, read bool)        // as a digest.Planner's
	Channel  func(knowledge.DeskID) bot.Address                   // where a desk's editors decide, "" for nowhere
	Lane     func(bot.Address) string                             // likewise as a Planner's
	Answer   func(ctx context.Context, req bot.Request) bot.Reply // what a command answers now
	Link     func(desk knowledge.DeskID, receipt string) string   // the page that a receipt rests on, "" for none
	Name     func(person string) string                           // what readers are told that a person is called, "" for nothing
	Serves   func(platform string) bool                           // whether letters there are ever sent
	Language string                                               // of a desk's channel, and of letters to people
	Zone     *time.Location                                       // by which the time of a correction is told
	Kept     time.Duration                                        // how long what was told is
	Planned  func()                                               // hears that there is something to deliver
	Now      func() time.Time                                     // the running clock
	Today    func() knowledge.Day                                 // the calendar of answers
	Log      *slog.Logger

	kick  chan struct{}
	desks map[knowledge.DeskID]*followed // Run's alone
}

// New returns notes with what they need set.
func New(n Notes) *Notes {
	n.kick, n.desks = make(chan struct{}, 1), map[knowledge.DeskID]*followed{}
	return &n
}

// Kick tells that a ledger may have grown, and the snapshots with it.
func (n *Notes) Kick() {
	select {
	case n.kick <- struct{}{}:
	default:
	}
}

// Run plans letters until the context ends.
func (n *Notes) Run(ctx context.Context) {
	failing := false
	for ctx.Err() == nil {
		settling, err := n.Look(ctx)
		if failing != (err != nil) && ctx.Err() == nil {
			if failing = err != nil; failing {
				n.Log.ErrorContext(ctx, "what was recorded cannot be told: it is tried again", "error", err)
			}
		}
		n.wait(ctx, lookRest, nil)
		pause := lookEvery
		if settling || err != nil {
			pause = lookAgain
		}
		n.wait(ctx, pause, n.kick)
	}
}

func (n *Notes) wait(ctx context.Context, d time.Duration, kick <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-kick:
	case <-ctx.Done():
	}
}

// A followed is a desk's ledger as far as it was looked at.
type followed struct {
	read    int64           // the last entry that was
	decided map[string]bool // proposals that were, by their receipts
	by      map[string]string
	pending []ledger.Entry // that are to be told of, and looked at again
}

// Look plans what is to be told of, once, and reports whether something is to be looked at again soon. It must not run twice at a time.
func (n *Notes) Look(ctx context.Context) (settling bool, err error) {
	ctx, end := context.WithTimeout(ctx, lookLimit)
	defer end()
	store := n.Ledger()
	if store == nil || n.Letters() == nil || n.Told() == nil {
		return true, nil
	}
	desks, err := store.Desks(ctx)
	if err != nil {
		return true, err
	}
	var errs []error
	for _, id := range desks {
		again, err := n.lookAt(ctx, store, id)
		settling = settling || again
		errs = append(errs, err)
	}
	return settling, errors.Join(errs...)
}

// lookAt plans what a desk's ledger tells.
func (n *Notes) lookAt(ctx context.Context, store ledger.Store, id knowledge.DeskID) (bool, error) {
	f := n.desks[id]
	if f == nil {
		f = &followed{decided: map[string]bool{}, by: map[string]string{}}
		n.desks[id] = f
	}
	reach, known := n.Reach(id)
	if !known {
		return true, nil
	}
	if err := n.read(ctx, store, id, f, reach); err != nil {
		return true, err
	}
	var letters []digest.Addressed
	waits := map[int64]bool{}
	for i := range f.pending {
		more, err := n.of(ctx, id, f, &f.pending[i])
		if err != nil && !errors.Is(err, errUnderWay) {
			return true, err
		}
		waits[f.pending[i].Seq] = err != nil
		letters = append(letters, more...)
	}
	if len(letters) > 0 {
		planned, err := digest.Send(ctx, n.Letters(), n.Lane, n.Now(), id, letters)
		if planned > 0 {
			n.Planned()
		}
		if err != nil {
			return true, err
		}
	}
	f.pending = slices.DeleteFunc(f.pending, func(e ledger.Entry) bool {
		return !waits[e.Seq] && (!corrects(&e) || n.Now().Sub(e.At) > settle)
	})
	return len(f.pending) > 0, nil
}

// corrects reports whether an entry says that something which was told is not so.
func corrects(e *ledger.Entry) bool { return e.Kind == ledger.Corrected || e.Kind == ledger.Withdrawn }

// read takes in what is new of a ledger, up to where the snapshot tells of it.
func (n *Notes) read(ctx context.Context, store ledger.Store, id knowledge.DeskID, f *followed, reach int64) error {
	if f.read >= reach {
		return nil
	}
	for row, err := range store.Rows(ctx, id, f.read) {
		if err != nil {
			return err
		}
		if row.Seq > reach {
			return nil
		}
		e, err := ledger.Parse(row.Bytes) // which the snapshot's follower holds against the chain
		if err != nil {
			return err
		}
		f.take(&e, n.Now().Add(-Window))
	}
	return nil
}

func (f *followed) take(e *ledger.Entry, since time.Time) {
	f.read = e.Seq
	if rec, err := ledger.Open(e); err == nil && rec.Decides != "" && decides(e.Kind) {
		f.decided[rec.Decides] = true
		if rec.Result != "" {
			f.by[rec.Result] = e.Author
		}
	}
	if e.At.After(since) {
		f.pending = append(f.pending, *e)
	}
}

// decides reports whether an entry of a kind ends a proposal.
func decides(k ledger.Kind) bool {
	return k == ledger.Approved || k == ledger.Rejected || k == ledger.Retracted
}

// The kinds of letters.
const (
	proposalLetter = "proposal" // to the desk's channel
	decidedLetter  = "decided"  // there, in the place of the proposal
	decisionLetter = "decision" // to whoever proposed it
	questionLetter = "question" // likewise
	answerLetter   = "answer"   // to the desk's channel, of whoever proposed
	inquiryLetter  = "inquiry"  // to the desk's channel, of whoever asks it
	repliedLetter  = "replied"  // to whoever asked
	noteLetter     = "note"     // to whom something else was told
	editLetter     = "edit"     // there, in the place of the message
)

// Personal reports whether a letter tells somebody what became of what they proposed or asked, which reaches them wherever they are.
func Personal(l *digest.Letter) bool {
	return l.Kind == decisionLetter || l.Kind == questionLetter || l.Kind == repliedLetter
}

// of returns the letters that tell of an entry.
func (n *Notes) of(ctx context.Context, id knowledge.DeskID, f *followed, e *ledger.Entry) ([]digest.Addressed, error) {
	switch {
	case e.Kind == ledger.Proposed:
		if f.decided[e.ID.String()] {
			return nil, nil
		}
		return n.toChannel(id, digest.Letter{Kind: proposalLetter, Entry: e.ID, Language: n.Language}), nil
	case e.Kind == ledger.Inquired:
		return n.toChannel(id, digest.Letter{Kind: inquiryLetter, Entry: e.ID, Language: n.Language}), nil
	case e.Kind == ledger.Answered:
		if asked := n.proposal(id, e); asked != nil {
			return n.toPerson(asked.Author, digest.Letter{Kind: repliedLetter, Entry: e.ID, Language: n.Language}), nil
		}
		return nil, nil
	case e.Kind == ledger.Questioned:
		return n.question(id, e)
	case decides(e.Kind):
		return n.decision(ctx, id, e)
	case corrects(e):
		return n.correction(ctx, id, e)
	}
	return nil, nil
}

// toChannel addresses a letter to a desk's channel, if it has one.
func (n *Notes) toChannel(id knowledge.DeskID, l digest.Letter) []digest.Addressed {
	to := n.Channel(id)
	if to == "" {
		return nil
	}
	return []digest.Addressed{{To: to, Name: fmt.Sprint(channelName, " ", l.Kind, " ", l.Entry), Letter: l}}
}

// toPerson addresses a letter to somebody, where letters reach them.
func (n *Notes) toPerson(author string, l digest.Letter) []digest.Addressed {
	to := bot.Address(author)
	if !n.Serves(to.Platform()) {
		return nil
	}
	return []digest.Addressed{{To: to, Name: fmt.Sprint(l.Kind, " ", l.Entry), Letter: l}}
}

// proposal is the record of the proposal that an entry is about, or nil.
func (n *Notes) proposal(id knowledge.DeskID, e *ledger.Entry) *knowledge.DeskRecord {
	rec, err := ledger.Open(e)
	if err != nil || rec.Decides == "" {
		return nil
	}
	return n.record(id, rec.Decides)
}

// record is an entry of a desk as the snapshot opens it, or nil.
func (n *Notes) record(id knowledge.DeskID, receipt string) *knowledge.DeskRecord {
	a := n.Snapshot(id).Answer(knowledge.Query{Desk: id, Intent: knowledge.IntentSource, Receipt: receipt, Today: n.Today()})
	if a.Record == nil {
		return nil
	}
	return a.Record.Desk
}

// question goes to whoever proposed, and what they say to the desk's channel.
func (n *Notes) question(id knowledge.DeskID, e *ledger.Entry) ([]digest.Addressed, error) {
	p := n.proposal(id, e)
	switch {
	case p == nil:
		return nil, nil
	case p.Author == e.Author:
		return n.toChannel(id, digest.Letter{Kind: answerLetter, Entry: e.ID, Language: n.Language}), nil
	}
	return n.toPerson(p.Author, digest.Letter{Kind: questionLetter, Entry: e.ID, Language: n.Language}), nil
}

// errUnderWay tells that the proposal which is to be changed in place is being posted.
var errUnderWay = errors.New("notes: the proposal is under way")

// decision takes the place of the proposal in the desk's channel, and is told to whoever proposed it, unless they did it themselves.
func (n *Notes) decision(ctx context.Context, id knowledge.DeskID, e *ledger.Entry) ([]digest.Addressed, error) {
	p := n.proposal(id, e)
	if p == nil {
		return nil, nil
	}
	var letters []digest.Addressed
	if p.Author != e.Author {
		letters = n.toPerson(p.Author, digest.Letter{Kind: decisionLetter, Entry: e.ID, Language: n.Language})
	}
	if to := n.Channel(id); to != "" {
		posted, err := digest.Planned(ctx, n.Letters(), id, to, fmt.Sprint(channelName, " ", proposalLetter, " ", p.Receipt))
		if err != nil {
			return nil, err
		}
		l := digest.Letter{Kind: decidedLetter, Entry: e.ID, Language: n.Language}
		switch {
		case posted == nil:
		case posted.State == digest.Waiting || posted.State == digest.Trying:
			return letters, errUnderWay
		default:
			l.Edit = posted.Message
		}
		letters = append(letters, n.toChannel(id, l)...)
	}
	return letters, nil
}

// correction goes to every place that was told what it corrects: one note each, and each message that can be changed is.
func (n *Notes) correction(ctx context.Context, id knowledge.DeskID, e *ledger.Entry) ([]digest.Addressed, error) {
	about := correctedBy(e)
	if about == "" {
		return nil, nil
	}
	tellings, err := n.Told().About(ctx, id, about, e.At.Add(-n.Kept))
	if err != nil {
		return nil, err
	}
	var letters []digest.Addressed
	noted := map[bot.Address]int{} // where a place's note is among them
	for i := range tellings {
		t, to := &tellings[i], bot.Address(tellings[i].Place)
		if !answers(t.Reply) || t.Seq >= e.Seq || slices.Contains(t.Reply.Receipts, e.ID.String()) || !n.Serves(to.Platform()) {
			continue // it was told what is right
		}
		at, known := noted[to]
		if !known {
			at = len(letters)
			noted[to], letters = at, append(letters, digest.Addressed{To: to, Name: fmt.Sprint(noteLetter, " ", e.ID)})
		}
		letters[at].Letter = digest.Letter{Kind: noteLetter, Entry: e.ID, Under: t.Message, Language: t.Reply.Language} // below the latest
		if t.Message != "" {
			letters = append(letters, digest.Addressed{To: to, Name: fmt.Sprint(editLetter, " ", e.ID, " ", t.Message), Letter: digest.Letter{
				Kind: editLetter, Entry: e.ID, Edit: t.Message, Command: t.Reply.Command, Language: t.Reply.Language,
			}})
		}
	}
	return letters, nil
}

// answers reports whether a reply answered something: what tells of a proposal shows the old and the new.
func answers(r *told.Reply) bool {
	return !slices.Contains([]knowledge.Intent{knowledge.IntentCorrect, knowledge.IntentRecord, knowledge.IntentHistory, knowledge.IntentSettings}, r.Intent)
}

// correctedBy is the receipt of what an entry corrects, "" for none.
func correctedBy(e *ledger.Entry) string {
	rec, err := ledger.Open(e)
	switch {
	case err != nil:
		return ""
	case rec.Correction != nil:
		return rec.Correction.Of
	}
	return rec.Decides // of a withdrawal
}
