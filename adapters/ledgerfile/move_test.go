package ledgerfile_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/ledgerfile"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }

func openStore(tb testing.TB, url string) ledger.Store {
	tb.Helper()
	return storedledger.New(storetest.Open(tb, url))
}

// A desk moves from each engine to each other, in each format, and its chain comes out to the byte.
func TestADeskMovesBetweenEngines(t *testing.T) {
	shared, err := core.Build(&knowledge.Records{})
	if err != nil {
		t.Fatal(err)
	}
	shown := slices.DeleteFunc(slices.Clone(nasty), func(s string) bool { // as editors may write
		return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
	})
	for fromName, fromURL := range storetest.Durable() {
		for toName, toURL := range storetest.Durable() {
			t.Run(fromName+" to "+toName, func(t *testing.T) {
				from, to := openStore(t, fromURL(t)), openStore(t, toURL(t))
				for i := range shown {
					d := adaptertest.Draft(i)
					d.Reason = shown[i]
					if _, err := from.Append(t.Context(), "main", d); err != nil {
						t.Fatal(err)
					}
				}
				rows := adaptertest.Whole(t, from, "main")
				for i, f := range ledgerfile.Formats {
					file := moved(t, from, f)
					importer := desk.Importer{Ledger: to, Shared: shared, Editors: desk.Editors{"console:bo"}, Now: time.Now}
					plan, err := importer.Prepare(t.Context(), desk.Import{Desk: "main", Author: "console:bo", From: file.Head, Entries: file.Entries})
					if err != nil {
						t.Fatal(err)
					}
					if want := []int{len(shown), 0, 0}[i]; len(plan.New) != want {
						t.Errorf("%s: %d entries are new, want %d", f, len(plan.New), want)
					}
					if _, err := importer.Do(t.Context(), plan); err != nil {
						t.Fatal(err)
					}
				}
				got := adaptertest.Whole(t, to, "main")
				if len(got) != len(rows)+1 {
					t.Fatalf("%d rows, want the %d and the one that tells of them", len(got), len(rows))
				}
				for i := range rows {
					if got[i].Hash != rows[i].Hash || !bytes.Equal(got[i].Bytes, rows[i].Bytes) {
						t.Errorf("entry %d differs:\n%s\n%s", i+1, got[i].Bytes, rows[i].Bytes)
					}
				}
			})
		}
	}
}

// moved exports a store's desk and reads the file.
func moved(tb testing.TB, s ledger.Store, f ledgerfile.Format) *ledgerfile.File {
	tb.Helper()
	ctx := tb.Context()
	head, err := s.Head(ctx, "main")
	if err != nil {
		tb.Fatal(err)
	}
	var b bytes.Buffer
	if err := ledgerfile.Write(&b, f, head, ledger.Follow(ledger.Head{Desk: "main"}, s.Rows(ctx, "main", 0))); err != nil {
		tb.Fatal(err)
	}
	return read(tb, f, b.String())
}
