package digesttest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/knowledge"
)

// A Memory is a digest.Store that keeps nothing beyond the process. It passes the suite of stores.
type Memory struct {
	Ends func(knowledge.DeskID) int64 // the last entry of a desk's ledger

	mu            sync.Mutex
	subscriptions map[string]digest.Subscription
	settings      map[bot.Address]digest.Settings
	deliveries    map[string]delivery
	open          map[string]bool // the ids of those that have not ended
	names         map[name]string // the ids of deliveries
	listeners     map[chan struct{}]bool
}

type delivery struct {
	digest.Delivery
	lease digest.Lease
}

// A name tells the deliveries of a subscription apart.
type name struct{ subscription, name string }

var _ digest.Store = (*Memory)(nil)

// NewMemory returns a store that is empty.
func NewMemory(ends func(knowledge.DeskID) int64) *Memory {
	return &Memory{
		Ends: ends, subscriptions: map[string]digest.Subscription{}, settings: map[bot.Address]digest.Settings{},
		deliveries: map[string]delivery{}, open: map[string]bool{}, names: map[name]string{}, listeners: map[chan struct{}]bool{},
	}
}

// lock begins a call, unless its context has ended.
func (m *Memory) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	return nil
}

func (m *Memory) signal() {
	for c := range m.listeners {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Add adds a subscription.
func (m *Memory) Add(ctx context.Context, s *digest.Subscription) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if there, ok := m.subscriptions[s.ID]; ok {
		if there.Desk != s.Desk || there.Kind != s.Kind || !there.Began.Equal(s.Began) || there.By != s.By {
			return fmt.Errorf("there is another subscription %q", s.ID)
		}
		return nil // it was added by an earlier call, whatever became of it since
	}
	m.subscriptions[s.ID] = *s
	m.signal()
	return nil
}

// Change changes a subscription that is as it was read.
func (m *Memory) Change(ctx context.Context, s *digest.Subscription) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	if was, ok := m.subscriptions[s.ID]; !ok || was.Version != s.Version {
		return digest.ErrChanged
	}
	changed := *s
	changed.Version++
	m.subscriptions[s.ID] = changed
	m.signal()
	return nil
}

// Of lists what a channel subscribed to.
func (m *Memory) Of(ctx context.Context, to bot.Address, endedSince time.Time) ([]digest.Subscription, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var list []digest.Subscription
	for _, id := range slices.Sorted(maps.Keys(m.subscriptions)) {
		if s := m.subscriptions[id]; s.To == to && s.Kind != digest.Note && (s.Ended.IsZero() || !s.Ended.Before(endedSince)) {
			list = append(list, s)
		}
	}
	return list, nil
}

// CountIn counts what goes on in a workspace or chat.
func (m *Memory) CountIn(ctx context.Context, space string) (int, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	n := 0
	for id := range m.subscriptions {
		if s := m.subscriptions[id]; s.Kind != digest.Note && s.Ended.IsZero() && s.To.Space() == space {
			n++
		}
	}
	return n, nil
}

// Settings returns those of a channel.
func (m *Memory) Settings(ctx context.Context, to bot.Address) (digest.Settings, error) {
	if err := m.lock(ctx); err != nil {
		return digest.Settings{}, err
	}
	defer m.mu.Unlock()
	return m.settingsOf(to), nil
}

func (m *Memory) settingsOf(to bot.Address) digest.Settings {
	s := m.settings[to]
	s.To = to
	return s
}

// Set keeps the settings of a channel.
func (m *Memory) Set(ctx context.Context, s digest.Settings) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	m.settings[s.To] = s
	m.signal()
	return nil
}

// Due lists what may have something to plan.
func (m *Memory) Due(ctx context.Context, now time.Time, desk knowledge.DeskID, after string, limit int) ([]digest.Task, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var due []digest.Task
	for _, s := range m.subscriptions {
		behind := s.Desk > desk || s.Desk == desk && s.ID > after
		if behind && m.isDue(&s, now) {
			due = append(due, digest.Task{Subscription: s, Settings: m.settingsOf(s.To)})
		}
	}
	slices.SortFunc(due, func(a, b digest.Task) int {
		return cmp.Or(cmp.Compare(a.Subscription.Desk, b.Subscription.Desk), cmp.Compare(a.Subscription.ID, b.Subscription.ID))
	})
	return due[:min(limit, len(due))], nil
}

func (m *Memory) isDue(s *digest.Subscription, now time.Time) bool {
	if !s.Ended.IsZero() || s.Paused.After(now) || s.Next.After(now) {
		return false
	}
	return s.Kind == digest.Digest || s.Cursor < m.Ends(s.Desk)
}

// Wake returns the earliest time that something waits for.
func (m *Memory) Wake(ctx context.Context, now time.Time) (time.Time, error) {
	if err := m.lock(ctx); err != nil {
		return time.Time{}, err
	}
	defer m.mu.Unlock()
	var at time.Time
	earlier := func(t time.Time) {
		if t.After(now) && t.Before(digest.Forever) && (at.IsZero() || t.Before(at)) {
			at = t
		}
	}
	for _, s := range m.subscriptions {
		if s.Ended.IsZero() {
			earlier(s.Next)
		}
	}
	for id := range m.open {
		earlier(m.deliveries[id].NotBefore)
		earlier(m.deliveries[id].lease.Until)
	}
	return at, nil
}

// Plan takes steps.
func (m *Memory) Plan(ctx context.Context, now time.Time, steps []digest.Step) ([]bool, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	taken := make([]bool, len(steps))
	for i := range steps {
		taken[i] = m.step(&steps[i], now)
	}
	if slices.Contains(taken, true) {
		m.signal()
	}
	return taken, nil
}

func (m *Memory) step(step *digest.Step, now time.Time) bool {
	if d := step.Delivery; d != nil {
		if id, there := m.names[name{step.Subscription, d.Name}]; there {
			return id == d.ID // it was taken by an earlier call
		}
	}
	s, ok := m.subscriptions[step.Subscription]
	if !ok || !s.Ended.IsZero() || s.Paused.After(now) || s.Cursor != step.From || !s.Next.Equal(step.Was) {
		return false
	}
	if d := step.Delivery; d != nil {
		m.names[name{d.Subscription, d.Name}] = d.ID
		m.keep(delivery{Delivery: *d})
	}
	s.Cursor, s.Next = step.To, step.Next
	s.Version++
	m.subscriptions[s.ID] = s
	return true
}

// Mail plans letters.
func (m *Memory) Mail(ctx context.Context, letters []digest.Mailing) ([]bool, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	taken := make([]bool, len(letters))
	for i := range letters {
		place, d := letters[i].Place, letters[i].Delivery
		if _, there := m.subscriptions[place.ID]; !there {
			m.subscriptions[place.ID] = place
		}
		n := name{place.ID, d.Name}
		if id, there := m.names[n]; there {
			taken[i] = id == d.ID // it was planned by an earlier call
			continue
		}
		d.Subscription, m.names[n], taken[i] = place.ID, d.ID, true
		m.keep(delivery{Delivery: d})
	}
	if slices.Contains(taken, true) {
		m.signal()
	}
	return taken, nil
}

// Named returns a subscription's delivery by its name.
func (m *Memory) Named(ctx context.Context, subscription, called string) (*digest.Delivery, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	id, there := m.names[name{subscription, called}]
	if !there {
		return nil, nil //nolint:nilnil // none was planned
	}
	d := m.deliveries[id].Delivery
	return &d, nil
}

// keep keeps a delivery.
func (m *Memory) keep(d delivery) {
	m.deliveries[d.ID] = d
	if delete(m.open, d.ID); open(d.State) {
		m.open[d.ID] = true
	}
}

func open(s digest.State) bool { return s == digest.Waiting || s == digest.Trying }

// Claim leases deliveries.
func (m *Memory) Claim(ctx context.Context, c digest.Claiming) ([]digest.Task, error) {
	if c.Lease.Owner == "" {
		return nil, errors.New("digest: nobody claims")
	}
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var ids []string
	for id := range m.open {
		d := m.deliveries[id]
		platform := m.subscriptions[d.Subscription].To.Platform()
		if !d.NotBefore.After(c.Now) && !d.lease.Until.After(c.Now) && slices.Contains(c.Platforms, platform) && !slices.Contains(c.Except, d.Lane) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(m.deliveries[a].Due.Compare(m.deliveries[b].Due), cmp.Compare(a, b))
	})
	ids = ids[:min(c.Limit, len(ids))]
	tasks := make([]digest.Task, len(ids))
	for i, id := range ids {
		d := m.deliveries[id]
		d.lease = c.Lease
		d.Attempt++
		m.deliveries[id] = d
		tasks[i] = m.task(&d.Delivery)
	}
	return tasks, nil
}

func (m *Memory) task(d *digest.Delivery) digest.Task {
	s := m.subscriptions[d.Subscription]
	return digest.Task{Delivery: *d, Subscription: s, Settings: m.settingsOf(s.To)}
}

// Renew renews leases.
func (m *Memory) Renew(ctx context.Context, ids []string, l digest.Lease) ([]string, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var held []string
	for _, id := range ids {
		d, ok := m.deliveries[id]
		if !ok || l.Owner == "" || d.lease.Owner != l.Owner {
			continue
		}
		if d.lease = l; l.Until.IsZero() {
			d.lease.Owner = ""
		}
		m.deliveries[id] = d
		held = append(held, id)
	}
	if l.Until.IsZero() && len(held) > 0 {
		m.signal()
	}
	return held, nil
}

// Record records how far deliveries are.
func (m *Memory) Record(ctx context.Context, owner string, deliveries []digest.Delivery) ([]string, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	var held []string
	given := false
	for i := range deliveries {
		d, ok := m.deliveries[deliveries[i].ID]
		if !ok || owner == "" {
			continue
		}
		now := deliveries[i]
		now.Subscription, now.Name, now.Lane, now.After, now.UpTo, now.Due, now.Letter = d.Subscription, d.Name, d.Lane, d.After, d.UpTo, d.Due, d.Letter
		again := d.lease.Owner == "" && now.State != digest.Trying && d.Delivery == now // it was recorded by an earlier call
		if d.lease.Owner != owner && !again {
			continue
		}
		waits := open(now.State) && now.NotBefore.After(d.NotBefore)
		if waits || !open(now.State) {
			d.lease = digest.Lease{}
		}
		given = given || waits
		d.Delivery = now
		m.keep(d)
		held = append(held, now.ID)
	}
	if given {
		m.signal()
	}
	return held, nil
}

// End ends subscriptions.
func (m *Memory) End(ctx context.Context, ids []string, at time.Time, why string) error {
	if err := m.lock(ctx); err != nil {
		return err
	}
	defer m.mu.Unlock()
	for _, id := range ids {
		s, ok := m.subscriptions[id]
		if !ok || !s.Ended.IsZero() {
			continue
		}
		s.Ended, s.Why = at, why
		s.Version++
		m.subscriptions[id] = s
		for _, d := range m.deliveries {
			if d.Subscription == id && d.State == digest.Waiting && !d.lease.Until.After(at) {
				d.State, d.Done, d.lease = digest.Dropped, at, digest.Lease{}
				m.keep(d)
			}
		}
	}
	m.signal()
	return nil
}

// listed returns the deliveries that match, the latest first.
func (m *Memory) listed(matches func(*digest.Delivery) bool) []digest.Task {
	var tasks []digest.Task
	for _, d := range m.deliveries {
		if matches(&d.Delivery) {
			tasks = append(tasks, m.task(&d.Delivery))
		}
	}
	slices.SortFunc(tasks, func(a, b digest.Task) int { return cmp.Compare(b.Delivery.ID, a.Delivery.ID) })
	return tasks
}

// Alerted lists what watches told a channel.
func (m *Memory) Alerted(ctx context.Context, to bot.Address, after, upTo int64) ([]digest.Task, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	alerts := m.listed(func(d *digest.Delivery) bool {
		s := m.subscriptions[d.Subscription]
		return s.To == to && s.Kind == digest.Watch && d.State == digest.Sent && d.After < upTo && d.UpTo > after
	})
	slices.Reverse(alerts)
	return alerts, nil
}

// Tally counts deliveries.
func (m *Memory) Tally(ctx context.Context, since time.Time) ([]digest.Tally, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	counts := map[digest.Tally]int{}
	for _, d := range m.deliveries {
		if open(d.State) || !d.Done.Before(since) {
			counts[digest.Tally{Platform: m.subscriptions[d.Subscription].To.Platform(), State: d.State, Doubted: d.Doubted}]++
		}
	}
	var list []digest.Tally
	for t, n := range counts {
		t.N = n
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b digest.Tally) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.State, b.State), cmp.Compare(truth(a.Doubted), truth(b.Doubted)))
	})
	return list, nil
}

// truth sorts what is not before what is.
func truth(is bool) int {
	if is {
		return 1
	}
	return 0
}

// Subscriptions counts subscriptions.
func (m *Memory) Subscriptions(ctx context.Context, now time.Time) ([]digest.SubscriptionTally, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	counts := map[digest.SubscriptionTally]*digest.SubscriptionTally{}
	for _, s := range m.subscriptions {
		if !s.Ended.IsZero() || s.Kind == digest.Note {
			continue
		}
		key := digest.SubscriptionTally{Platform: s.To.Platform(), Kind: s.Kind}
		if counts[key] == nil {
			c := key
			counts[key] = &c
		}
		counts[key].N++
		if s.Paused.After(now) {
			counts[key].Paused++
		}
	}
	var list []digest.SubscriptionTally
	for _, c := range counts {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b digest.SubscriptionTally) int {
		return cmp.Or(cmp.Compare(a.Platform, b.Platform), cmp.Compare(a.Kind, b.Kind))
	})
	return list, nil
}

// Listed lists deliveries for operators.
func (m *Memory) Listed(ctx context.Context, states []digest.State, doubted bool, limit int) ([]digest.Task, error) {
	if err := m.lock(ctx); err != nil {
		return nil, err
	}
	defer m.mu.Unlock()
	tasks := m.listed(func(d *digest.Delivery) bool { return slices.Contains(states, d.State) || doubted && d.Doubted })
	return tasks[:min(limit, len(tasks))], nil
}

// Erase erases what ended.
func (m *Memory) Erase(ctx context.Context, before time.Time) (int, error) {
	if err := m.lock(ctx); err != nil {
		return 0, err
	}
	defer m.mu.Unlock()
	n, left := 0, map[string]bool{}
	for id, d := range m.deliveries {
		if !open(d.State) && d.Done.Before(before) {
			delete(m.deliveries, id)
			delete(m.names, name{d.Subscription, d.Name})
			n++
			continue
		}
		left[d.Subscription] = true
	}
	for id, s := range m.subscriptions {
		over := !s.Ended.IsZero() && s.Ended.Before(before) || s.Kind == digest.Note
		if over && !left[id] {
			delete(m.subscriptions, id)
			n++
		}
	}
	return n, nil
}

// Changed tells of changes.
func (m *Memory) Changed(ctx context.Context) <-chan struct{} {
	signals := make(chan struct{}, 1)
	signals <- struct{}{}
	m.mu.Lock()
	m.listeners[signals] = true
	m.mu.Unlock()
	context.AfterFunc(ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.listeners, signals)
		close(signals)
	})
	return signals
}
