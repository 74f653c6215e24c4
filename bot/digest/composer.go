package digest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"stancebot/knowledge"
)

// composed bounds the notices that are kept for others that are due the same.
const composed = 200

// A Composer composes what deliveries say, once for all that say the same: what they are about in one language.
type Composer struct {
	Store  func() Store // nil while the database is away
	Teller *Teller
	Silent bool // where a channel does not say: no digest comes that has nothing to tell

	mu   sync.Mutex
	kept map[string]*body
}

// A body is a notice that is composed by whoever needs it first.
type body struct {
	sync.Once
	notice Notice
	empty  bool
	err    error
}

// Compose composes what a delivery says. An empty notice tells that there is nothing to say.
func (c *Composer) Compose(ctx context.Context, t *Task) (Notice, error) {
	s, d := &t.Subscription, &t.Delivery
	if d.Letter != nil {
		return Notice{}, fmt.Errorf("digest: a letter of kind %q is no digest", d.Letter.Kind)
	}
	alerted, err := c.alerted(ctx, t)
	if err != nil {
		return Notice{}, err
	}
	o := &Occasion{
		Subscription: s, Settings: t.Settings, UpTo: d.UpTo, Alerted: alerted, Since: s.since(d.Due), Till: d.Due,
	}
	b := c.body(o, d)
	b.Do(func() {
		if o.Changes, b.err = c.Teller.About(ctx, s.Desk, s.About, d.After, d.UpTo); b.err != nil {
			return
		}
		b.empty, b.notice = len(o.Changes) == 0, c.Teller.body(o)
		if !b.empty && s.Kind == Digest {
			b.notice.Summary.File = c.Teller.picture(s)
		}
	})
	switch {
	case b.err != nil:
		c.forget(b)
		return Notice{}, b.err
	case b.empty && (s.Kind == Watch || c.silent(&t.Settings)):
		return Notice{}, nil
	}
	return c.Teller.signed(b.notice, o), nil
}

func (c *Composer) silent(s *Settings) bool {
	return s.Empty == Off || s.Empty == Unset && c.Silent
}

// alerted returns the entries that watches told a channel of, of those that a digest is about.
func (c *Composer) alerted(ctx context.Context, t *Task) (map[int64]bool, error) {
	if t.Subscription.Kind == Watch || t.Delivery.After == t.Delivery.UpTo {
		return nil, nil //nolint:nilnil // none
	}
	store := c.Store()
	if store == nil {
		return nil, ErrAway
	}
	alerts, err := store.Alerted(ctx, t.Subscription.To, t.Delivery.After, t.Delivery.UpTo)
	if err != nil || len(alerts) == 0 {
		return nil, err
	}
	told := map[int64]bool{}
	for i := range alerts {
		a := &alerts[i]
		changes, err := c.Teller.About(ctx, a.Subscription.Desk, a.Subscription.About, a.Delivery.After, a.Delivery.UpTo)
		if err != nil {
			return nil, err
		}
		for _, change := range changes {
			told[change.Seq] = true
		}
	}
	return told, nil
}

// body returns what all share that are due the same.
func (c *Composer) body(o *Occasion, d *Delivery) *body {
	key := o.key(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	if b := c.kept[key]; b != nil {
		return b
	}
	if c.kept == nil || len(c.kept) >= composed {
		c.kept = map[string]*body{}
	}
	b := &body{}
	c.kept[key] = b
	return b
}

// forget lets what failed be composed anew.
func (c *Composer) forget(failed *body) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, b := range c.kept {
		if b == failed {
			delete(c.kept, key)
		}
	}
}

// key tells apart what is composed apart. The days matter to what is empty alone, and to ages.
func (o *Occasion) key(d *Delivery) string {
	s := o.Subscription
	zone := location(o.zone())
	day := func(at time.Time) knowledge.Day { return knowledge.DayOf(at.In(zone)) }
	alerted := make([]int64, 0, len(o.Alerted))
	for seq := range o.Alerted {
		alerted = append(alerted, seq)
	}
	slices.Sort(alerted)
	return fmt.Sprint(s.Desk, "|", s.Kind, "|", s.About.key(), "|", s.Language, "|", d.After, "|", d.UpTo, "|", day(o.Since), "|", day(o.Till), "|", alerted)
}
