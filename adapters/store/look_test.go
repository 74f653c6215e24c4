package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
)

func look(tb testing.TB, url string) (*store.DB, int64, int64) {
	tb.Helper()
	db, err := store.Look(tb.Context(), url, store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	has, wants, err := db.Versions(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return db, has, wants
}

// Looking tells the version of the tables, and makes none.
func TestLookingChangesNothing(t *testing.T) {
	empty := storetest.Empty()
	delete(empty, "memory") // what was made there ends with its pool
	for name, url := range empty {
		t.Run(name, func(t *testing.T) {
			url := url(t)
			if name == "postgres" {
				for range 2 {
					if _, has, _ := look(t, url); has != 0 {
						t.Errorf("an empty database is at version %d", has)
					}
				}
			}
			storetest.Open(t, url)
			db, has, wants := look(t, url)
			if has != wants || wants == 0 {
				t.Errorf("after opening it is at version %d of %d", has, wants)
			}
			if _, err := db.SQL().ExecContext(t.Context(), "DELETE FROM migrations WHERE version_id = (SELECT max(version_id) FROM migrations)"); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if _, has, wants := look(t, url); has >= wants {
					t.Errorf("without its last migration it is at version %d of %d", has, wants)
				}
			}
		})
	}
}

func TestLookingMakesNoFile(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "desk")
	path := filepath.Join(folder, "desk.sqlite")
	if _, err := store.Look(t.Context(), "sqlite:"+path, store.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(folder); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its folder was made: %v", err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	look(t, "sqlite:"+path)
	if info, err := os.Stat(path); err != nil || info.Size() != 0 {
		t.Errorf("an empty file was written: %v %v", info, err)
	}
}
