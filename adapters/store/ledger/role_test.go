package ledger_test

import (
	"net/url"
	"os"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
	"stancebot/knowledge"
)

// With the role of deploy/postgres-role.sql the program works, and PostgreSQL itself refuses to change an entry.
func TestTheRoleAddsEntriesAndChangesNone(t *testing.T) {
	owner := postgres.Database(t)
	as, err := url.Parse(owner)
	if err != nil {
		t.Fatal(err)
	}
	as.User = url.UserPassword("stancebot", "pa$$w0rd/of?the#role")
	role, err := os.ReadFile("../../../deploy/postgres-role.sql")
	if err != nil {
		t.Fatal(err)
	}

	// Before the owner has migrated, the role may not: that is said.
	setup := storetest.Open(t, postgres.Database(t))
	if _, err := setup.SQL().ExecContext(t.Context(), string(role)+"ALTER ROLE stancebot PASSWORD 'pa$$w0rd/of?the#role'"); err != nil {
		t.Fatal(err)
	}
	refused(t, as.String(), "the user lacks a right: see deploy/postgres-role.sql")

	db := storetest.Open(t, owner)
	for range 2 { // it can be run again
		if _, err := db.SQL().ExecContext(t.Context(), string(role)); err != nil {
			t.Fatal(err)
		}
	}
	running := storetest.Open(t, as.String())
	s := storeledger.New(running)
	for i := range 3 {
		entries, err := s.Append(t.Context(), knowledge.DefaultDesk, adaptertest.Draft(i))
		if err != nil {
			t.Fatal(err)
		}
		if entries[0].Seq != int64(i+1) {
			t.Errorf("entry %d stands at %d", i+1, entries[0].Seq)
		}
	}
	head, err := s.Head(t.Context(), knowledge.DefaultDesk)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Verified(t.Context(), head); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"UPDATE ledger_entries SET bytes = bytes", "DELETE FROM ledger_entries", "TRUNCATE ledger_entries", "DROP TABLE ledger_entries",
		"DELETE FROM ledger_heads", "INSERT INTO migrations (version_id, is_applied) VALUES (2, true)",
	} {
		if _, err := running.SQL().ExecContext(t.Context(), statement); err == nil {
			t.Errorf("the role may %s", statement)
		}
	}
	if rows := adaptertest.Whole(t, s, knowledge.DefaultDesk); len(rows) != 3 {
		t.Errorf("%d rows, want 3", len(rows))
	}
}
