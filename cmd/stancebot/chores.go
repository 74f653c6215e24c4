package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"stancebot/adapters/store/jobs"
	storedtold "stancebot/adapters/store/told"
	"stancebot/adapters/store/versions"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/corpus"
)

// chores is what a running program does by itself, once its database is open.
type chores struct {
	memory    *memory
	clerk     *desk.Clerk
	version   *desk.Version // of the shared records
	retention time.Duration
}

// newChores returns the chores of a program.
func (env *environment) newChores(m *memory, today func() knowledge.Day) (*chores, error) {
	set, err := env.records()
	if err != nil {
		return nil, err
	}
	version, err := versionOf(set)
	if err != nil {
		return nil, err
	}
	clerk := &desk.Clerk{Snapshot: m.holder.Core, Now: clock, Today: today}
	return &chores{memory: m, clerk: clerk, version: version, retention: env.config.Retention}, nil
}

// fingerprint is how many bytes of a record's hash tell its versions apart.
const fingerprint = 8

// versionOf returns the version of shared records, with a fingerprint of each.
func versionOf(set *corpus.Set) (*desk.Version, error) {
	items, err := set.Items()
	if err != nil {
		return nil, err
	}
	v := &desk.Version{Version: set.Version(), Records: make(map[desk.RecordID]string, len(items))}
	for _, it := range items {
		hash := sha256.Sum256(it.JSON)
		v.Records[desk.RecordID{File: it.File, ID: it.ID}] = hex.EncodeToString(hash[:fingerprint])
	}
	return v, nil
}

// run notes what a new version changed, and does what is due until the context ends. It returns when all that it began
// has returned.
func (c *chores) run(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-c.memory.ready:
	}
	c.clerk.Ledger, c.clerk.Versions = c.memory.ledger, versions.New(c.memory.db)
	log := c.memory.log
	if err := c.noteVersion(ctx); err != nil && ctx.Err() == nil {
		log.ErrorContext(ctx, "what the new records changed is not noted: the next start tries again", "error", err)
	}
	j, err := jobs.New(ctx, c.memory.db, jobs.Options{Now: clock, Log: log, Tasks: []jobs.Task{
		{Name: "stale", Next: jobs.Daily(4, 0, time.UTC), Desks: c.desks, Do: c.noteStale},
		{Name: "told", Next: jobs.Hourly, Do: c.eraseTold},
		{Name: "feedback", Next: jobs.Daily(4, 45, time.UTC), Do: c.eraseVotes},
		{Name: "inbox", Next: jobs.Hourly, Do: c.eraseEvents},
		{Name: "digests", Next: jobs.Daily(4, 30, time.UTC), Do: c.eraseDeliveries},
	}})
	if err == nil {
		err = j.Start(ctx)
	}
	if err != nil {
		log.ErrorContext(ctx, "no jobs run here: the next start tries again", "error", err)
		return
	}
	<-ctx.Done()
	limit, end := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer end()
	if err := j.Stop(limit); err != nil {
		log.WarnContext(limit, "jobs were stopped in the middle", "error", err)
	}
}

// desks lists the desks that have a ledger, and the default one.
func (c *chores) desks(ctx context.Context) ([]knowledge.DeskID, error) {
	desks, err := c.memory.ledger.Desks(ctx)
	if !slices.Contains(desks, knowledge.DefaultDesk) {
		desks = append(desks, knowledge.DefaultDesk)
	}
	return desks, err
}

func (c *chores) noteVersion(ctx context.Context) error {
	desks, err := c.desks(ctx)
	errs := []error{err}
	for _, id := range desks {
		n, err := c.clerk.NoteVersion(ctx, id, c.version)
		if errs = append(errs, err); n > 0 {
			c.memory.log.InfoContext(ctx, "the shared records have a new version", "desk", id, "version", c.version.Version, "changed", n)
		}
	}
	return errors.Join(errs...)
}

func (c *chores) noteStale(ctx context.Context, id knowledge.DeskID) error {
	n, err := c.clerk.NoteStale(ctx, id)
	if n > 0 {
		c.memory.log.InfoContext(ctx, "labels went stale", "desk", id, "labels", n)
	}
	return err
}

// eventsKept is how long what came from a platform is known, so that it is not worked again: platforms send an event again
// for an hour at most.
const eventsKept = 24 * time.Hour

// eraseEvents forgets what came from platforms.
func (c *chores) eraseEvents(ctx context.Context, _ knowledge.DeskID) error {
	_, err := c.memory.events().Erase(ctx, clock().Add(-eventsKept))
	return err
}

// deliveriesKept is how long what was delivered is known: who asks after a doubt does so within weeks, and what ended with its
// channel can be brought back for a month.
const deliveriesKept = 90 * 24 * time.Hour

// eraseDeliveries forgets what was delivered long ago, and subscriptions that have ended.
func (c *chores) eraseDeliveries(ctx context.Context, _ knowledge.DeskID) error {
	_, err := c.memory.digestStore().Erase(ctx, clock().Add(-deliveriesKept))
	return err
}

// eraseVotes erases votes that are older than what was told.
func (c *chores) eraseVotes(ctx context.Context, _ knowledge.DeskID) error {
	_, err := c.memory.votes().Erase(ctx, clock().Add(-c.retention))
	return err
}

// eraseTold erases what was told longer ago than it is kept.
func (c *chores) eraseTold(ctx context.Context, _ knowledge.DeskID) error {
	n, err := storedtold.New(c.memory.db).Erase(ctx, clock().Add(-c.retention))
	if n > 0 {
		c.memory.log.InfoContext(ctx, "what was told is erased", "replies", n)
	}
	return err
}
