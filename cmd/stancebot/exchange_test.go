package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// runHere runs a command line and returns its exit code and what it printed.
func runHere(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, os.Stdin, &out, &errs)
	return code, out.String(), errs.String()
}

// An entry that was changed behind the program's back is named by verify; no backup and no export of it is made.
func TestABrokenChainIsNamedAndNotHandedOn(t *testing.T) {
	folder := t.TempDir()
	url := "sqlite:" + filepath.Join(folder, "desk.sqlite")
	t.Setenv("STANCEBOT_DATABASE_URL", url)
	db, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := storedledger.New(db)
	for _, desk := range []knowledge.DeskID{"main", "other"} {
		for range 3 {
			if _, err := s.Append(t.Context(), desk, ledger.Draft{At: knowledge.Day(2026_11_01).Time(), Author: "console:ana", Kind: "note", Payload: map[string]string{"text": "one"}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if code, out, errs := runHere(t, "ledger", "verify"); code != exitOK || !strings.Contains(out, "main 3 ") || !strings.Contains(out, "other 3 ") {
		t.Fatalf("code %d: %s%s", code, out, errs)
	}
	if _, err := db.SQL().ExecContext(t.Context(), "UPDATE ledger_entries SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"one\"', '\"two\"') AS BLOB) WHERE desk = 'main' AND seq = 2"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	const names = "ledger of desk main: broken at entry 2"
	if code, out, errs := runHere(t, "ledger", "verify"); code != exitFailure || !strings.Contains(errs, names) || strings.Contains(out, "main ") || !strings.Contains(out, "other 3 ") {
		t.Errorf("verify: code %d: %s%s", code, out, errs)
	}
	for _, args := range [][]string{{"export", filepath.Join(folder, "desk.json")}, {"backup", filepath.Join(folder, "copy.sqlite")}} {
		if code, out, errs := runHere(t, args...); code != exitFailure || out != "" || !strings.Contains(errs, names) {
			t.Errorf("%s: code %d: %s%s", args[0], code, out, errs)
		}
		if _, err := os.Stat(args[1]); err == nil {
			t.Errorf("%s left a file", args[0])
		}
	}
	if left, err := filepath.Glob(filepath.Join(folder, ".stancebot-*")); err != nil || len(left) > 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// A tail that was cut off with the head that named it shows by what was verified before.
func TestACutTailIsNotHandedOn(t *testing.T) {
	folder := t.TempDir()
	url := "sqlite:" + filepath.Join(folder, "desk.sqlite")
	t.Setenv("STANCEBOT_DATABASE_URL", url)
	db, err := store.Open(t.Context(), url, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // what is looked at is what others find in it
	s := storedledger.New(db)
	var heads []ledger.Head
	for range 3 {
		if _, err := s.Append(t.Context(), "main", ledger.Draft{At: knowledge.Day(2026_11_01).Time(), Author: "console:ana", Kind: "note", Payload: map[string]string{}}); err != nil {
			t.Fatal(err)
		}
		head, err := s.Head(t.Context(), "main")
		if err != nil {
			t.Fatal(err)
		}
		heads = append(heads, head)
	}
	if err := s.Verified(t.Context(), heads[2]); err != nil {
		t.Fatal(err)
	}
	for end := int64(2); end >= 0; end-- {
		if _, err := db.SQL().ExecContext(t.Context(), "DELETE FROM ledger_entries WHERE seq > $1", end); err != nil {
			t.Fatal(err)
		}
		if end > 0 {
			_, err = db.SQL().ExecContext(t.Context(), "UPDATE ledger_heads SET seq = $1, last_id = $1, hash = $2", end, heads[end-1].Hash[:])
		} else {
			_, err = db.SQL().ExecContext(t.Context(), "DELETE FROM ledger_heads")
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{{"ledger", "verify"}, {"ledger", "verify", "--desk", "main"}, {"export"}, {"backup", filepath.Join(folder, "copy")}} {
			names := fmt.Sprintf("ledger of desk main: broken at entry %d: ", end+1)
			if code, out, errs := runHere(t, args...); code != exitFailure || out != "" || !strings.Contains(errs, names) || !strings.Contains(errs, "entries were cut off") {
				t.Errorf("%v with %d entries left: code %d: %s%s", args, end, code, out, errs)
			}
		}
	}
}

// A desk on PostgreSQL goes on in a file of SQLite, by its backup or by its export, with the head that was printed.
func TestADeskLeavesPostgreSQL(t *testing.T) {
	author, err := consoleAuthor()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("STANCEBOT_EDITORS", string(author))
	t.Setenv("STANCEBOT_FOUR_EYES", "false")
	t.Setenv("STANCEBOT_DATABASE_URL", postgres.Start(t).Database(t))
	folder := t.TempDir()
	do := func(args ...string) string {
		t.Helper()
		code, out, errs := runHere(t, args...)
		if code != exitOK {
			t.Fatalf("%v: code %d: %s%s", args, code, out, errs)
		}
		return out + errs
	}
	for range 2 {
		do("record", "event", "--yes", "COL", "A new president took office.", "--on", "2026-08-07", "--kind", "leader", "--source", "https://example.org/colombia")
	}
	head := strings.TrimSpace(do("ledger", "verify"))
	if !strings.HasPrefix(head, "main 2 ") {
		t.Fatalf("the head is %q", head)
	}
	copied, exported := filepath.Join(folder, "copy.sqlite"), filepath.Join(folder, "desk.yaml")
	for _, printed := range []string{do("backup", copied), do("export", exported)} {
		if !strings.Contains(printed, head) {
			t.Errorf("the head %s is not in %s", head, printed)
		}
	}
	t.Setenv("STANCEBOT_DATABASE_URL", "sqlite:"+copied)
	if got := strings.TrimSpace(do("ledger", "verify")); got != head {
		t.Errorf("the copy's head is %s, want %s", got, head)
	}
	if told := do("import", "ledger", "--yes", exported); !strings.Contains(told, "nothing new: desk main has all 2 entries") {
		t.Error(told)
	}
	t.Setenv("STANCEBOT_DATABASE_URL", "sqlite:"+filepath.Join(folder, "there.sqlite"))
	do("import", "ledger", "--yes", exported)
	if again := do("export", "--format", "json"); !strings.Contains(again, head[strings.LastIndex(head, " ")+1:]) || !strings.Contains(again, "head: main 3 ") {
		t.Errorf("the hash of %s is not in %s", head, again)
	}
}

func TestFilesAreForThisUserAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	write := func(text string) func(string) error {
		return func(unfinished string) error { return os.WriteFile(unfinished, []byte(text), 0o600) }
	}
	if err := whole(path, false, write("one")); err != nil {
		t.Fatal(err)
	}
	if err := whole(path, false, write("two")); err == nil {
		t.Error("a file is replaced that may not be")
	}
	if err := whole(path, true, func(string) error { return os.ErrClosed }); err == nil {
		t.Error("a failure is no error")
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "one" {
		t.Errorf("the file holds %q, %v", text, err)
	}
	if err := whole(path, true, write("three")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 5 {
		t.Errorf("file %v, %v", info, err)
	}
	if err := whole(filepath.Dir(path), true, write("four")); err == nil {
		t.Error("a folder is replaced")
	}
}
