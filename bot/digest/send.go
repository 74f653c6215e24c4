package digest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"stancebot/bot"
	"stancebot/bot/inbox"
)

// The pauses of what fails.
const (
	giveUp     = 24 * time.Hour // a delivery is tried so long
	firstPause = 2 * time.Second
	lastPause  = 10 * time.Minute
)

// send sends a delivery, or what is left of it.
func (d *Deliverer) send(ctx context.Context, l *lane, t *Task) {
	defer d.drop(t)
	c := &course{Deliverer: d, lane: l, task: t, to: t.Subscription.To, doubt: NoDoubt}
	if t.Delivery.State == Trying && !c.edits() { // whoever was at it died
		c.doubt = Look
	}
	if !t.Subscription.Ended.IsZero() {
		c.end(ctx, Dropped, "the subscription has ended")
		return
	}
	if c.edits() && t.Subscription.moved() {
		c.end(ctx, Dropped, ErrUneditable.Error()+": it is in the chat that this one was")
		return
	}
	notice, err := d.o.Compose(ctx, t)
	switch {
	case errors.Is(err, ErrElsewhere):
		c.elsewhere(ctx, err)
	case err != nil:
		c.putOff(ctx, err)
	case len(notice.Summary.Blocks) == 0:
		c.end(ctx, Empty, "")
	default:
		c.post(ctx, &notice)
	}
}

// A course is the sending of one delivery.
type course struct {
	*Deliverer
	lane  *lane
	task  *Task
	to    bot.Address
	doubt Doubt // about the next part
}

// post posts the parts that have not arrived, each recorded before it is tried.
func (c *course) post(ctx context.Context, n *Notice) {
	dl := &c.task.Delivery
	for dl.Parts <= len(n.Below) {
		turn := c.lane.turn(ctx, c.to)
		if turn.IsZero() || !c.begins(ctx) {
			return
		}
		c.lane.wait(ctx, turn)
		message, err := c.o.Posters[c.to.Platform()].Post(ctx, c.part(n))
		if errors.Is(err, ErrUnseen) && c.unseen(ctx) {
			continue
		}
		if err != nil {
			c.failed(ctx, err)
			return
		}
		if dl.Parts == 0 {
			dl.Message = message
		}
		dl.Parts++
		c.lane.arrived()
		c.doubt = NoDoubt
		if dl.Parts <= len(n.Below) && !c.rests(ctx) {
			return
		}
	}
	if c.end(ctx, Sent, ""); n.Summary.File != nil {
		c.illustrate(ctx, &n.Summary)
	}
}

// illustrate sends the picture of what has arrived and is recorded so: whatever happens, none comes twice.
func (c *course) illustrate(ctx context.Context, r *bot.Reply) {
	turn := c.lane.turn(ctx, c.to)
	if turn.IsZero() {
		return
	}
	if c.lane.wait(ctx, turn); ctx.Err() != nil {
		return
	}
	err := c.o.Posters[c.to.Platform()].Illustrate(ctx, c.to, r)
	if later := (*inbox.Later)(nil); errors.As(err, &later) {
		c.lane.later(c.to, later.Until)
	}
	if err != nil {
		c.o.Log.WarnContext(ctx, "a digest goes without its picture", "delivery", c.task.Delivery.ID, "error", err)
	}
}

// part is the next post. What goes below a letter that is itself below a message stands beside it: threads have no threads.
func (c *course) part(n *Notice) Post {
	dl, s := &c.task.Delivery, &c.task.Subscription
	p := Post{ID: dl.ID + "/" + strconv.Itoa(dl.Parts), To: c.to, Desk: s.Desk, Reply: &n.Summary, Doubt: c.doubt, Since: dl.Tried}
	if dl.Parts > 0 {
		p.Reply, p.Under = &n.Below[dl.Parts-1], dl.Message
	}
	if l := dl.Letter; l != nil && !s.moved() {
		p.Under = cmp.Or(l.Under, p.Under)
	}
	if c.edits() {
		p.Edit, p.Under = dl.Letter.Edit, ""
	}
	return p
}

// edits reports whether the next part takes the place of a message. To do that again changes nothing: it is never in doubt.
func (c *course) edits() bool {
	dl := &c.task.Delivery
	return dl.Letter != nil && dl.Letter.Edit != "" && dl.Parts == 0
}

// rests records that a part arrived while the next waits for its turn, so that none is in doubt then, and reports whether the delivery is
// ours still. Where it cannot be recorded, the next part is not either.
func (c *course) rests(ctx context.Context) bool {
	c.task.Delivery.State = Waiting
	held, err := c.recorder.record(ctx, &c.task.Delivery)
	return held || err != nil
}

// begins records that a part is tried, and reports whether the delivery is ours to send.
func (c *course) begins(ctx context.Context) bool {
	dl := &c.task.Delivery
	dl.State, dl.NotBefore = Trying, time.Time{}
	if dl.Tried.IsZero() {
		dl.Tried = c.o.Now()
	}
	dl.Doubted = dl.Doubted || c.doubt == Repeat
	held, err := c.recorder.record(ctx, dl)
	if err != nil {
		c.o.Log.ErrorContext(ctx, "a delivery cannot be recorded, so it is not tried now", "delivery", dl.ID, "error", err)
	}
	return held
}

// unseen decides about a post that may have arrived where the platform does not tell, and reports whether it is posted again.
func (c *course) unseen(ctx context.Context) bool {
	if c.o.Policy == Hold {
		c.task.Delivery.Doubted = true
		c.end(ctx, Held, ErrUnseen.Error())
		return false
	}
	c.doubt = Repeat
	return true
}

// failed decides what becomes of a delivery whose post failed.
func (c *course) failed(ctx context.Context, err error) {
	later, gone := (*inbox.Later)(nil), (*GoneError)(nil)
	switch {
	case errors.Is(err, ErrUnseen): // it is held
	case errors.Is(err, ErrUneditable):
		c.end(ctx, Dropped, err.Error())
	case errors.As(err, &gone):
		c.gone(ctx, gone)
	case errors.As(err, &later) && c.edits():
		c.wait(ctx, c.lane.editLater(later.Until), later.Err, false)
	case errors.As(err, &later):
		c.lane.later(c.to, later.Until)
		c.wait(ctx, later.Until, later.Err, c.doubt != NoDoubt || errors.Is(err, ErrUncertain))
	case errors.Is(err, ErrUncertain) && !c.edits():
		c.wait(ctx, c.o.Now().Add(firstPause), err, true)
	default:
		c.putOff(ctx, err)
	}
}

// wait leaves a delivery in the store until a time. One in doubt stays so.
func (c *course) wait(ctx context.Context, until time.Time, why error, doubted bool) {
	dl := &c.task.Delivery
	if c.o.Now().Sub(dl.Due) > giveUp {
		dl.Doubted = dl.Doubted || doubted
		c.end(ctx, Failed, why.Error())
		return
	}
	dl.State, dl.NotBefore, dl.Reason = Waiting, until, why.Error()
	if doubted {
		dl.State = Trying
	}
	if _, err := c.recorder.record(ctx, dl); err != nil {
		c.o.Log.ErrorContext(ctx, "a delivery that waits cannot be recorded: it is tried when its lease has ended", "delivery", dl.ID, "error", err)
	}
}

// putOff tries a delivery again later, and later each time.
func (c *course) putOff(ctx context.Context, err error) {
	pause := min(lastPause, firstPause<<min(c.task.Delivery.Attempt, 10))
	c.o.Log.WarnContext(ctx, "a delivery failed: it is tried again", "delivery", c.task.Delivery.ID, "in", pause, "error", err)
	c.wait(ctx, c.o.Now().Add(pause), err, c.doubt != NoDoubt)
}

// end records that a delivery came to an end.
func (c *course) end(ctx context.Context, s State, reason string) {
	dl := &c.task.Delivery
	dl.State, dl.Reason, dl.Done = s, reason, c.o.Now()
	held, err := c.recorder.record(ctx, dl)
	switch {
	case err != nil: // whoever takes it over looks for what arrived
		c.o.Log.ErrorContext(ctx, "the end of a delivery cannot be recorded", "delivery", dl.ID, "state", s, "error", err)
	case held:
		c.o.Ended(dl, c.to.Platform())
		if s == Failed || s == Held {
			c.o.Log.ErrorContext(ctx, "a delivery was given up", "delivery", dl.ID, "state", s, "reason", reason)
		}
	}
}

// elsewhere ends what a channel subscribed to as another desk's.
func (c *course) elsewhere(ctx context.Context, why error) {
	s, store := &c.task.Subscription, c.o.Store()
	if store == nil {
		c.putOff(ctx, ErrAway)
		return
	}
	if s.Kind != Note { // which no channel asked for
		if err := store.End(ctx, []string{s.ID}, c.o.Now(), why.Error()); err != nil {
			c.putOff(ctx, err)
			return
		}
	}
	c.end(ctx, Dropped, why.Error())
}

// gone ends all that a channel subscribed to, and tells whoever set it up.
func (c *course) gone(ctx context.Context, why *GoneError) {
	subscriptions, err := c.endAll(ctx, why)
	if err != nil {
		c.putOff(ctx, err)
		return
	}
	c.end(ctx, Dropped, why.Error())
	c.o.Log.InfoContext(ctx, "a channel is gone: what it subscribed to has ended", "to", c.to, "subscriptions", len(subscriptions), "reason", why.Reason)
	if c.o.Farewell == nil {
		return
	}
	var told []string
	for i := range subscriptions {
		s := &subscriptions[i]
		if s.By == "" || slices.Contains(told, s.By) {
			continue
		}
		told = append(told, s.By)
		if err := c.o.Posters[c.to.Platform()].Tell(ctx, s.By, c.o.Farewell(s)); err != nil {
			c.o.Log.InfoContext(ctx, "who set up a subscription cannot be told that its channel is gone", "error", err)
		}
	}
}

func (c *course) endAll(ctx context.Context, why *GoneError) ([]Subscription, error) {
	store := c.o.Store()
	if store == nil {
		return nil, ErrAway
	}
	all, err := store.Of(ctx, c.to, c.o.Now())
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	if err := store.End(ctx, ids, c.o.Now(), "gone: "+why.Reason); err != nil {
		return nil, fmt.Errorf("digest: %w", err)
	}
	return all, nil
}
