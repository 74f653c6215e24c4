package installs_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeddigest "stancebot/adapters/store/digest"
	storedinstalls "stancebot/adapters/store/installs"
	"stancebot/adapters/store/seal"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/installs"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

// The keys of the tests.
const (
	oldKey = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	newKey = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"
)

func keys(t *testing.T, list string) *seal.Keys {
	t.Helper()
	k, err := seal.Parse(list)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestInstalls(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			adaptertest.Installs(t, func(t *testing.T) adaptertest.InstallStores {
				t.Helper()
				a, b := storetest.OpenTwice(t, url(t))
				k := keys(t, oldKey)
				return adaptertest.InstallStores{Installs: storedinstalls.New(a, k), Other: storedinstalls.New(b, k), Digests: storeddigest.New(b)}
			})
		})
	}
}

// With another key an install is told to be sealed, stays, and opens when its key is back; then it is sealed with the newest.
func TestKeysTakeEachOthersPlace(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			ctx, db := t.Context(), storetest.Open(t, url(t))
			in := &installs.Install{
				Workspace: installs.Workspace{Team: "T1"}, Tokens: installs.Tokens{Access: "xoxb-1", Refresh: "xoxe-1", Expires: time.Now()}, At: time.Now(),
			}
			if err := storedinstalls.New(db, keys(t, oldKey)).Put(ctx, in); err != nil {
				t.Fatal(err)
			}
			for _, k := range []*seal.Keys{nil, keys(t, newKey)} {
				s := storedinstalls.New(db, k)
				if got, err := s.Find(ctx, "T1"); err != nil || !errors.Is(got.Sealed, installs.ErrSealed) || got.Access != "" {
					t.Errorf("with another key: %+v, %v", got, err)
				}
				if n, err := s.Reseal(ctx); n != 0 || err != nil {
					t.Errorf("%d are sealed anew, %v", n, err)
				}
			}
			both := storedinstalls.New(db, keys(t, newKey+", "+oldKey))
			for want := range 2 { // the second time there is none left
				if n, err := both.Reseal(ctx); n != 1-want || err != nil {
					t.Errorf("%d are sealed anew, %v", n, err)
				}
			}
			if got, err := storedinstalls.New(db, keys(t, newKey)).Find(ctx, "T1"); err != nil || got.Sealed != nil || got.Access != "xoxb-1" || got.Refresh != "xoxe-1" {
				t.Errorf("with the newest key: %+v, %v", got, err)
			}
		})
	}
}

// Whoever writes into the table cannot have a workspace served by another one's token, nor a refresh token taken for an access.
func TestRowsCannotBeExchanged(t *testing.T) {
	for _, change := range []string{
		"UPDATE installs SET access = (SELECT i.access FROM installs i WHERE i.team = 'T2') WHERE team = 'T1'",
		"UPDATE installs SET access = refresh WHERE team = 'T1'",
		"UPDATE installs SET enterprise = 'E1' WHERE team = 'T1'",
		"UPDATE installs SET access = X'' WHERE team = 'T1'",
		"UPDATE installs SET access = substr(access, 1, length(access) - 1) WHERE team = 'T1'",
	} {
		db := storetest.Open(t, storetest.NewFile(t))
		s := storedinstalls.New(db, keys(t, oldKey))
		for _, team := range []string{"T1", "T2"} {
			in := &installs.Install{Workspace: installs.Workspace{Team: team}, Tokens: installs.Tokens{Access: installs.Token("xoxb-" + team), Refresh: "xoxe"}}
			if err := s.Put(t.Context(), in); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.Write(t.Context(), "", exec(t, change)); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Find(t.Context(), "T1"); err != nil || got.Sealed == nil || got.Access != "" || errors.Is(got.Sealed, installs.ErrSealed) {
			t.Errorf("after %s: %q, %v, %v", change, got.Access.Reveal(), got.Sealed, err)
		}
		if got, err := s.Find(t.Context(), "T2"); err != nil || got.Access != "xoxb-T2" {
			t.Errorf("after %s the other is %v, %v", change, got.Sealed, err)
		}
	}
}

// A copy of the database holds the installs, whose tokens nobody reads in it without the key.
func TestBackupKeepsInstallsSealed(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			in := &installs.Install{Workspace: installs.Workspace{Team: "T1"}, Tokens: installs.Tokens{Access: "xoxb-hunter2", Refresh: "xoxe-hunter2"}}
			if err := storedinstalls.New(db, keys(t, oldKey)).Put(t.Context(), in); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "copy.sqlite")
			if err := store.Backup(t.Context(), db, path); err != nil {
				t.Fatal(err)
			}
			raw, err := os.ReadFile(path)
			if err != nil || bytes.Contains(raw, []byte("hunter2")) {
				t.Errorf("the copy holds a token, or %v", err)
			}
			got, err := storedinstalls.New(storetest.Open(t, "sqlite:"+path), keys(t, oldKey)).Find(t.Context(), "T1")
			if err != nil || got.Access != "xoxb-hunter2" || got.Refresh != "xoxe-hunter2" {
				t.Errorf("the copy has %+v, %v", got, err)
			}
		})
	}
}

func exec(t *testing.T, statement string) func(*sql.Tx) error {
	t.Helper()
	return func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), statement)
		return err
	}
}
