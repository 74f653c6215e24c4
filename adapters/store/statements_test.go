package store

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
)

// openKept opens a new file by one connection, so that all of a test meets the same statements.
func openKept(t *testing.T) *sql.DB {
	t.Helper()
	db, err := openKeeping(fileURL(filepath.Join(t.TempDir(), "x.sqlite")) + "?" + settings)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE n (n INTEGER PRIMARY KEY, text TEXT); INSERT INTO n VALUES (1, 'one'); INSERT INTO n VALUES (2, 'two')"); err != nil {
		t.Fatal(err)
	}
	return db
}

// numbers returns what a query finds.
func numbers(t *testing.T, rows *sql.Rows, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var found []int
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		found = append(found, n)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(found)
}

const from = "SELECT n FROM n WHERE n >= ? ORDER BY n"

// A statement that runs is not the one that runs beside it, though their texts are the same.
func TestAStatementRunsBesideItself(t *testing.T) {
	tx, err := openKept(t).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	outer, err := tx.QueryContext(t.Context(), from, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	for n := 1; outer.Next(); n++ {
		rows, err := tx.QueryContext(t.Context(), from, 2)
		if got := numbers(t, rows, err); got != "[2]" {
			t.Errorf("within: %s", got)
		}
		var got int
		if err := outer.Scan(&got); err != nil || got != n {
			t.Errorf("row %d: %d, %v", n, got, err)
		}
	}
	if err := outer.Err(); err != nil {
		t.Error(err)
	}
}

// A statement that failed, one whose rows were left unread, and one whose table changed since run again as if for the first time.
func TestAStatementRunsAgain(t *testing.T) {
	db := openKept(t)
	const insert = "INSERT INTO n VALUES (?, ?)"
	for range 3 {
		if _, err := db.ExecContext(t.Context(), insert, 1, "again"); err == nil {
			t.Error("a second row with one key")
		}
		var first int
		if err := db.QueryRowContext(t.Context(), from, 1).Scan(&first); err != nil || first != 1 {
			t.Error(first, err)
		}
	}
	if _, err := db.ExecContext(t.Context(), "ALTER TABLE n ADD COLUMN more TEXT"); err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), insert, 3, "three"); err == nil {
		t.Error("two values for three columns")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if err := db.QueryRowContext(ended, from, 1).Scan(new(int)); err == nil {
		t.Error("a context that has ended")
	}
	if _, err := db.ExecContext(t.Context(), "INSERT INTO n (n, text) VALUES (?, ?)", 3, "three"); err != nil {
		t.Error(err)
	}
	rows, err := db.QueryContext(t.Context(), from, 2)
	if got := numbers(t, rows, err); got != "[2 3]" {
		t.Error(got)
	}
}

// However many there are, no more than some are kept.
func TestAConnectionKeepsSomeStatements(t *testing.T) {
	db := openKept(t)
	for i := range 2 * mostKept {
		rows, err := db.QueryContext(t.Context(), fmt.Sprintf("SELECT n + %d FROM n WHERE n = ?", i), 1)
		if got := numbers(t, rows, err); got != fmt.Sprintf("[%d]", i+1) {
			t.Error(got)
		}
	}
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // it goes back
	if err := conn.Raw(func(c any) error {
		if k, ok := c.(*keepingConn); !ok || len(k.idle) != mostKept {
			t.Errorf("it is a %T, and keeps not %d", c, mostKept)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}
