package told_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	"stancebot/adapters/store/storetest"
	storetold "stancebot/adapters/store/told"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func TestTold(t *testing.T) {
	for name, url := range storetest.Engines() {
		t.Run(name, func(t *testing.T) {
			adaptertest.Told(t, func(tb testing.TB) (a, b told.Store) {
				tb.Helper()
				one, other := storetest.OpenTwice(tb, url(tb))
				return storetold.New(one), storetold.New(other)
			})
		})
	}
}

// A copy holds what was told, byte for byte and with what it rests on, whichever the engine.
func TestABackupHoldsWhatWasTold(t *testing.T) {
	for name, url := range storetest.Durable() {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, url(t))
			want := []told.Told{{
				Desk: "main", At: time.Date(2026, 11, 1, 12, 0, 0, 123456000, time.UTC), Place: "slack:C1", Message: "1.2", Private: true, Seq: 42,
				Reply: &told.Reply{
					Language: "ru", Intent: knowledge.IntentStance, Countries: []knowledge.Country{"PER", "BOL"}, Receipts: []string{"BOL-01", "D-17"},
					Text: "Боливия\x00\xff",
				},
			}}
			if err := storetold.New(db).Keep(t.Context(), want); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "copy.sqlite")
			if err := store.Backup(t.Context(), db, path); err != nil {
				t.Fatal(err)
			}
			backup := storetest.Open(t, "sqlite:"+path)
			got, err := storetold.New(backup).About(t.Context(), "main", "D-17", time.Time{})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v\n%s", err, diff)
			}
			var loose int
			if err := backup.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM pragma_foreign_key_check").Scan(&loose); err != nil || loose != 0 {
				t.Errorf("%d rows name one that is not there, %v", loose, err)
			}
		})
	}
}
