package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"stancebot/adapters/store"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/knowledge/ledger"
)

// databaseURL returns the URL of the database: the one that is set, or that of the file under the user's data folder.
func (env *environment) databaseURL() (string, error) {
	if url := env.config.DatabaseURL.Reveal(); url != "" {
		return url, nil
	}
	return store.DefaultURL()
}

// A stored is a database with the ledgers in it, for commands that look at those alone.
type stored struct {
	ledger.Store
	db *store.DB
}

// openStored opens the database, which must be there: to make one is for what records. Close it.
func (env *environment) openStored() (*stored, error) {
	url, err := env.thereURL()
	if err != nil {
		return nil, err
	}
	return openURL(env, url)
}

// thereURL returns the URL of the database, whose file must be there.
func (env *environment) thereURL() (string, error) {
	url, err := env.databaseURL()
	if err != nil {
		return "", err
	}
	if path, ok := strings.CutPrefix(url, "sqlite:"); ok && path != ":memory:" {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("there is no database at %s: set STANCEBOT_DATABASE_URL to the one that is meant", path)
		}
	}
	return url, nil
}

func openURL(env *environment, url string) (*stored, error) {
	db, err := store.Open(env.ctx, url, store.Options{Log: env.log})
	if err != nil {
		return nil, err
	}
	return &stored{storedledger.New(db), db}, nil
}

// openMemory opens a database that must be there, with all that is kept in it. Close it.
func (env *environment) openMemory() (*memory, error) {
	if _, err := env.thereURL(); err != nil {
		return nil, err
	}
	m, err := env.newMemory(nil)
	if err != nil {
		return nil, err
	}
	if err := m.open(env.ctx); err != nil {
		return nil, err
	}
	return m, nil
}

// Close closes the database.
func (s *stored) Close() error { return s.db.Close() }
