package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"stancebot/adapters/store"
	storedchats "stancebot/adapters/store/chats"
	storeddigest "stancebot/adapters/store/digest"
	storedinbox "stancebot/adapters/store/inbox"
	storedinstalls "stancebot/adapters/store/installs"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/seal"
	"stancebot/adapters/store/spaces"
	storedtold "stancebot/adapters/store/told"
	"stancebot/adapters/store/turns"
	"stancebot/adapters/telegram"
	"stancebot/bot"
	"stancebot/bot/chats"
	"stancebot/bot/desk"
	"stancebot/bot/digest"
	"stancebot/bot/edits"
	"stancebot/bot/inbox"
	"stancebot/bot/installs"
	"stancebot/bot/picture"
	"stancebot/bot/quota"
	"stancebot/bot/told"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
)

// A memory is what a desk recorded, followed from its database into the snapshots that answer. While the database is
// away, answers go on from what was read of it, and say what they lack.
type memory struct {
	url      string
	holder   *core.Holder
	gallery  *picture.Gallery
	log      *slog.Logger
	ready    chan struct{} // closed when the database is open
	caught   func()        // hears of each reading of the ledger
	voted    func(helpful bool)
	read     atomic.Bool  // it was read once
	failures atomic.Int64 // readings of the ledger that stopped short

	mu       sync.Mutex
	db       *store.DB
	ledger   ledger.Store
	follower *ledger.Follower
	told     *told.Log
	book     *book
	inbox    inbox.Store
	polls    *turns.Turn
	chats    chats.Store
	digests  digest.Store
	failed   error // why the database is not open

	spaces   desk.Directory
	silences told.Silences

	keys     *seal.Keys // that tokens of workspaces are encrypted with; nil for none
	installs installs.Store
	apps     installs.Directory
	own      atomic.Pointer[string] // the workspace of Slack that is the operator's own, nil while it is not known
}

// newMemory returns a memory whose database is not open yet.
func (env *environment) newMemory(holder *core.Holder) (*memory, error) {
	url, err := env.databaseURL()
	if err != nil {
		return nil, err
	}
	keys, err := env.config.keys()
	if err != nil {
		return nil, err
	}
	m := &memory{
		url: url, holder: holder, log: env.log, ready: make(chan struct{}), caught: func() {}, voted: func(bool) {}, failed: errors.New("the database is not open yet"), keys: keys,
	}
	m.apps.Store, m.apps.Log = m.installStore, env.log
	if env.config.installable() {
		m.spaces.Unassigned = m.unassigned(env.config.SlackBotToken != "")
	}
	return m, nil
}

// open opens the database, verifies what is in it and lays it over the shared records. A chain that does not hold is no
// error of opening: what holds of it is laid, and status tells.
func (m *memory) open(ctx context.Context) error {
	ctx, end := context.WithTimeout(ctx, openLimit)
	defer end()
	db, err := store.Open(ctx, m.url, store.Options{Log: m.log})
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failed = err
	if err != nil {
		return err
	}
	m.db = db
	m.ledger = storedledger.New(db)
	m.follower = ledger.NewFollower(m.ledger, m.holder.Lay, m.log)
	m.follower.Caught = func() {
		m.read.Store(true)
		if m.status().Err != nil {
			m.failures.Add(1)
		}
		m.caught()
	}
	tellings := storedtold.New(db)
	if err := errors.Join(m.silences.Load(ctx, tellings), m.spaces.Load(ctx, spaces.New(db))); err != nil {
		m.log.WarnContext(ctx, "nothing that is told is kept, and no desk's records are told, as long as it is not known whose they are and who does not want it", "error", err)
	}
	m.told = told.NewLog(tellings, m.log)
	m.book = &book{tellings, m.told, &m.silences}
	m.inbox = storedinbox.New(db)
	m.polls = turns.New(db, "telegram updates", telegram.TurnKept)
	m.chats = storedchats.New(db)
	m.digests = storeddigest.New(db)
	m.installs = storedinstalls.New(db, m.keys)
	close(m.ready)
	return nil
}

// catchUp reads what is new.
func (m *memory) catchUp(ctx context.Context) error {
	m.mu.Lock()
	follower, failed := m.follower, m.failed
	m.mu.Unlock()
	if follower == nil {
		return failed
	}
	return follower.CatchUp(ctx)
}

// openLimit is how long a database that gives no answer is waited for.
const openLimit = 10 * time.Second

// The pauses between tries to open a database that is away.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = 30 * time.Second
)

// follow keeps the snapshots with the ledger until the context ends. It opens the database where that is not done, and
// tries again while it is away.
func (m *memory) follow(ctx context.Context) {
	for pause := firstPause; !m.opened(); pause = min(2*pause, longestPause) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		if err := m.open(ctx); err == nil {
			m.log.InfoContext(ctx, "the database is open", "database", m.db.String())
		}
	}
	m.follower.Run(ctx)
}

func (m *memory) opened() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.db != nil
}

// database is the open database, or nil and why it is not open.
func (m *memory) database() (*store.DB, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.db, m.failed
}

// entries counts those of all ledgers that answers take into account.
func (m *memory) entries() (n int64) {
	for _, head := range m.status().Heads {
		n += head.Seq
	}
	return n
}

// behind reports whether answers lack something of what a desk recorded.
func (m *memory) behind(knowledge.DeskID) bool { return m.status().Err != nil }

// status tells how far the ledger was read, and what keeps it from being read on.
func (m *memory) status() ledger.Status {
	m.mu.Lock()
	follower, failed := m.follower, m.failed
	m.mu.Unlock()
	if follower == nil {
		return ledger.Status{Err: failed}
	}
	return follower.Status()
}

// tell keeps what was told, off the path of the request. While the database is not open, nothing is kept.
func (m *memory) tell(t told.Told) {
	m.mu.Lock()
	log := m.told
	m.mu.Unlock()
	if log != nil {
		log.Put(t)
	}
}

// keepTold keeps what was told before it returns.
func (m *memory) keepTold(ctx context.Context) error {
	m.mu.Lock()
	log, failed := m.told, m.failed
	m.mu.Unlock()
	if log == nil {
		return failed
	}
	return log.Flush(ctx)
}

// now is the clock that all share who use the database, and this machine's while that is not open.
func (m *memory) now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.db == nil || m.db.Dialect() == store.SQLite {
		return clock()
	}
	return m.db.Now()
}

// pollTurn is the turn at asking Telegram for updates, nil while the database is not open.
func (m *memory) pollTurn() telegram.Turn {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.polls == nil {
		return nil // and no turn that is nil
	}
	return m.polls
}

// events is where what platforms send waits to be worked, nil while the database is not open.
func (m *memory) events() inbox.Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.inbox
}

// chatStore is what is known of chats, nil while the database is not open.
func (m *memory) chatStore() chats.Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.chats
}

// digestStore is where subscriptions and deliveries are, nil while the database is not open.
func (m *memory) digestStore() digest.Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.digests
}

// toldStore is what was told, nil while the database is not open.
func (m *memory) toldStore() told.Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.book == nil {
		return nil
	}
	return m.book.Store
}

// deskOf is the desk that an address belongs to.
func (m *memory) deskOf(to bot.Address) knowledge.DeskID {
	platform, rest, _ := strings.Cut(string(to), ":")
	space, _, _ := strings.Cut(rest, ":")
	return m.spaces.Of(desk.Space{Platform: platform, ID: space})
}

// ledgerStore is where the desks' ledgers are, nil while the database is not open.
func (m *memory) ledgerStore() ledger.Store {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ledger
}

// untold returns how many of what was told wait to be kept, and how many were dropped so far.
func (m *memory) untold() (waiting, dropped int) {
	m.mu.Lock()
	log := m.told
	m.mu.Unlock()
	if log == nil {
		return 0, 0
	}
	return log.Waiting()
}

// seq returns the last entry of a desk's ledger that answers take into account.
func (m *memory) seq(desk knowledge.DeskID) int64 {
	for _, head := range m.status().Heads {
		if head.Desk == desk {
			return head.Seq
		}
	}
	return 0
}

// reach is seq, and whether that is known: not before the ledger was read, nor while it cannot be.
func (m *memory) reach(desk knowledge.DeskID) (seq int64, read bool) {
	return m.seq(desk), m.read.Load() && m.status().Err == nil
}

// closeLimit is how long what was told is waited for at the end.
const closeLimit = 5 * time.Second

// Close keeps what was told and closes the database, if it is open.
func (m *memory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.db == nil {
		return nil
	}
	ctx, end := context.WithTimeout(context.Background(), closeLimit)
	defer end()
	return errors.Join(m.told.Close(ctx), m.db.Close())
}

// A deskwork is what commands need that read and write a desk's ledger.
type deskwork struct {
	*memory
	records *knowledge.Records
	places  *places.Gazetteer
	editors desk.Editors
	four    bool
	today   func() knowledge.Day
}

// openDesk opens the desk's ledger, which must hold. Close it.
func (env *environment) openDesk() (*deskwork, error) {
	today, err := env.calendar("")
	if err != nil {
		return nil, err
	}
	records, err := env.decoded()
	if err != nil {
		return nil, err
	}
	shared, err := core.Build(records)
	if err != nil {
		return nil, err
	}
	m, err := env.newMemory(core.NewHolder(shared))
	if err != nil {
		return nil, err
	}
	if err = m.open(env.ctx); err == nil {
		err = m.catchUp(env.ctx)
	}
	if err != nil {
		return nil, errors.Join(err, m.Close())
	}
	return &deskwork{m, records, places.New(records), env.config.Editors, env.config.FourEyes, today}, nil
}

// edits returns what changes the records in chat, over the shared records.
func (env *environment) edits(p *program, shared *core.Core, today func() knowledge.Day) *edits.Edits {
	m := p.memory
	return &edits.Edits{
		Decider: func(id knowledge.DeskID) *desk.Decider {
			store := m.ledgerStore()
			if store == nil {
				return nil
			}
			recorder := &desk.Recorder{
				Ledger: store, Snapshot: m.holder.Core, Editors: env.editorsOf(m, id), Everyone: env.config.Proposals == everyone, FourEyes: env.config.FourEyes,
				Allows: func(open int) bool { return p.shares.Allows(quota.Proposals, open) }, Now: env.now, Today: today,
			}
			return &desk.Decider{Recorder: recorder, Shared: func() *core.Core { return shared }}
		},
		Channel: env.deskChannel(m), Snapshot: m.holder.Core, Today: today, Now: env.now, Log: env.log,
		Changed: func(ctx context.Context) {
			if err := m.catchUp(ctx); err != nil {
				env.log.WarnContext(ctx, "what was recorded is not read yet", "error", err)
			}
		},
	}
}

// deskChannel returns what tells where a desk's editors decide, "" for nowhere.
func (env *environment) deskChannel(m *memory) func(knowledge.DeskID) bot.Address {
	return func(id knowledge.DeskID) bot.Address {
		if to := env.config.DeskChannel; to != "" && m.deskOf(to) == id {
			return to
		}
		return ""
	}
}

// recorder returns what records changes of the desk.
func (d *deskwork) recorder() *desk.Recorder {
	return &desk.Recorder{
		Ledger: d.ledger, Snapshot: d.holder.Core, Editors: d.editors, FourEyes: d.four, Now: clock, Today: d.today,
	}
}

// deskLedger opens the desk's ledger for commands that need no snapshot of it.
func (env *environment) deskLedger(context.Context) (ledger.Store, func(), error) {
	url, err := env.databaseURL()
	if err != nil {
		return nil, nil, err
	}
	s, err := openURL(env, url)
	if err != nil {
		return nil, nil, err
	}
	return s, func() { _ = s.Close() }, nil // what was written is durable by then
}
