package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"stancebot/adapters/store"
	"stancebot/knowledge/ledger"
)

type backupCommand struct {
	File string `arg:"" help:"The copy, a file that is not there yet."`
}

// Help is what backup --help adds.
func (*backupCommand) Help() string {
	return `The copy is of one moment; the bot may run, and record, meanwhile. It is one file of SQLite, of PostgreSQL too, and is
used as it is: STANCEBOT_DATABASE_URL=sqlite:FILE. Its chains are verified before it gets its name, and their heads printed as
desk, place and hash: keep them apart from the copy, and compare.`
}

// Run makes a backup.
func (c *backupCommand) Run(env *environment) error {
	s, err := env.openStored()
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // it was only read
	var heads []ledger.Head
	err = whole(c.File, false, func(unfinished string) error {
		if err := store.Backup(env.ctx, s.db, unfinished); err != nil {
			return err
		}
		heads, err = auditCopy(env, unfinished)
		return err
	})
	if err != nil {
		return err
	}
	for _, head := range heads {
		fmt.Fprintln(env.stdout, head)
	}
	_, err = fmt.Fprintf(env.stdout, "copied to %s: desks whose chains hold: %d\n", c.File, len(heads))
	return err
}

// auditCopy opens a copy as the bot would, and verifies its chains.
func auditCopy(env *environment, path string) ([]ledger.Head, error) {
	s, err := openURL(env, "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	desks, err := s.Desks(env.ctx)
	var heads []ledger.Head
	if err == nil {
		heads, err = s.audit(env, desks)
	}
	if err != nil {
		err = fmt.Errorf("no copy was kept, since what it would hold is broken: %w", err)
	}
	if err := errors.Join(err, s.Close()); err != nil {
		return nil, err
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(errors.New("the copy did not come together in one file"), err)
	}
	return heads, nil
}
