package store_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
)

func TestABackupOpensAndHoldsEverything(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			for i := range 5 {
				if err := bind(t.Context(), db, fmt.Sprint("T", i)); err != nil {
					t.Fatal(err)
				}
			}
			folder := filepath.Join(t.TempDir(), "a b?c'd%41&é")
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(folder, "copy.sqlite")
			if err := store.Backup(t.Context(), db, file); err != nil {
				t.Fatal(err)
			}
			if found, err := os.ReadDir(folder); err != nil || len(found) != 1 {
				t.Errorf("the folder holds %v, %v; want the copy alone", found, err)
			}
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("others may read the copy: %v, %v", info, err)
			}
			if n := spaces(t, storetest.Open(t, "sqlite:"+file)); n != 5 {
				t.Errorf("the copy has %d rows, want 5", n)
			}
		})
	}
}

// Every row that was acknowledged before the backup began is in it, while others are written all along: before each copy
// some more are, and as long as it takes.
func TestABackupWhileOthersWrite(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			ctx, end := context.WithCancel(t.Context())
			defer end()
			var acknowledged atomic.Int64
			ended := make(chan error, 1)
			go func() {
				for i := 0; ; i++ {
					if err := bind(ctx, db, fmt.Sprint("T", i)); err != nil {
						ended <- err
						return
					}
					acknowledged.Add(1)
				}
			}()
			for i := range 4 {
				before := int(acknowledged.Load())
				for start := before; before < start+5; before = int(acknowledged.Load()) {
					select {
					case err := <-ended:
						t.Fatal(err)
					case <-time.After(time.Millisecond):
					}
				}
				file := filepath.Join(t.TempDir(), fmt.Sprint(i, ".sqlite"))
				if err := store.Backup(t.Context(), db, file); err != nil {
					t.Fatal(err)
				}
				after := int(acknowledged.Load()) + 1 // one may be written and not acknowledged yet
				if n := spaces(t, storetest.Open(t, "sqlite:"+file)); n < before || n > after {
					t.Errorf("the copy has %d rows: %d were acknowledged before it began, %d when it ended", n, before, after)
				}
			}
			end()
			if err := <-ended; ctx.Err() == nil {
				t.Error(err)
			}
		})
	}
}

func TestABackupOverAFileIsRefused(t *testing.T) {
	db := storetest.Open(t, storetest.NewFile(t))
	file := filepath.Join(t.TempDir(), "copy.sqlite")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(t.Context(), db, file); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("error is %v", err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "mine" {
		t.Errorf("the file holds %q, %v", text, err)
	}
}

func TestAFailedBackupLeavesNoFile(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			ctx, end := context.WithCancel(t.Context())
			end()
			folder := t.TempDir()
			if err := store.Backup(ctx, db, filepath.Join(folder, "copy.sqlite")); err == nil {
				t.Error("it is done")
			}
			if found, err := os.ReadDir(folder); err != nil || len(found) != 0 {
				t.Errorf("the folder holds %v, %v", found, err)
			}
		})
	}
}

// The copy finds the tables in SQLite's schema: one that PostgreSQL alone had would be left out.
func TestBothEnginesHaveTheSameColumns(t *testing.T) {
	columns := func(engine, query string) []string {
		db := storetest.Open(t, storetest.Engines()[engine](t))
		rows, err := db.SQL().QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		var all []string
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			all = append(all, name)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(all)
		return all
	}
	sqlite := columns("sqlite", `SELECT t.name || '.' || c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE 'river_%'`)
	postgres := columns("postgres", `SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name NOT LIKE 'river_%'`)
	if len(sqlite) == 0 || !slices.Equal(sqlite, postgres) {
		t.Errorf("SQLite has %q, PostgreSQL %q", sqlite, postgres)
	}
}
