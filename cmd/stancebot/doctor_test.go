package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// doctor runs the doctor, whose output holds no secret, and returns its exit status with what it said.
func doctor(t *testing.T, variables map[string]string) (code int, said string) {
	t.Helper()
	set(t, map[string]string{"ADMIN_ADDR": "127.0.0.1:0", "LISTEN_ADDR": "127.0.0.1:0", "DATABASE_URL": "sqlite::memory:"})
	set(t, variables)
	var out, errs bytes.Buffer
	code = run(t.Context(), []string{"doctor"}, nil, &out, &errs)
	for _, secret := range []string{"hunter2", testSigning} {
		if strings.Contains(out.String()+errs.String(), secret) {
			t.Errorf("a secret is told:\n%s%s", &out, &errs)
		}
	}
	if fixes := strings.Count("\n"+out.String(), "\nFIX "); (fixes > 0) != (code == exitFailure) || (errs.Len() > 0) != (fixes > 0) {
		t.Errorf("exit status %d\n%s%s", code, &out, &errs)
	}
	return code, out.String()
}

// says fails the test unless each line was said.
func says(t *testing.T, said string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains("\n"+said, "\n"+line) {
			t.Errorf("%q is not said:\n%s", line, said)
		}
	}
}

func TestDoctorWhenAllIsWell(t *testing.T) {
	s := newSlackWorkspace(t)
	const token = "123:hunter2-hunter2-hunter2-hunter2-hunter2"
	tg := telegramtest.New(telegramtest.Options{Token: token, Privacy: true})
	t.Cleanup(tg.Close)
	public := httptest.NewServer(http.RedirectHandler("https://elsewhere.invalid/", http.StatusFound))
	t.Cleanup(public.Close)
	at := "sqlite:" + filepath.Join(t.TempDir(), "desk.sqlite")
	db, err := store.Open(t.Context(), at, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() }) // as while serve runs
	code, said := doctor(t, map[string]string{
		"DATABASE_URL": at, "EDITORS": "console:ana,slack:T1:U2", "WEB_ACCESS": "token", "WEB_TOKEN": "hunter2-hunter2-hunter2", "PUBLIC_URL": strings.Replace(public.URL, "http://", "http://ana:hunter2@", 1),
		"SLACK_BOT_TOKEN": testBot, "SLACK_APP_TOKEN": testApp, "SLACK_SIGNING_SECRET": testSigning, "SLACK_API_URL": s.APIURL(),
		"TELEGRAM_TOKEN": token, "TELEGRAM_API_URL": tg.URL(),
	})
	if code != exitOK || strings.Contains(said, "note ") || strings.Contains(said, "FIX ") {
		t.Errorf("exit status %d\n%s", code, said)
	}
	says(t, said, "ok   the variables can be read", "ok   the records hold: version ", "ok   the database opens, with its tables at version ",
		"ok   the ledger is empty", "ok   STANCEBOT_EDITORS names 2", "ok   STANCEBOT_ADMIN_ADDR can be listened on", "ok   STANCEBOT_LISTEN_ADDR can be listened on",
		"ok   STANCEBOT_WEB_ACCESS is token: who knows", "ok   STANCEBOT_PUBLIC_URL answers with status 302", "ok   Slack answers at 127.0.0.1:", "ok   STANCEBOT_SLACK_BOT_TOKEN is that of the bot",
		"ok   STANCEBOT_SLACK_APP_TOKEN opens", "ok   STANCEBOT_SLACK_SIGNING_SECRET has",
		"ok   STANCEBOT_TELEGRAM_TOKEN is that of the bot @stancebot", "ok   updates can be taken")
	if n := len(s.Calls("")); n != 2 {
		t.Errorf("Slack was called %d times, want twice", n)
	}
}

func TestDoctorWhileServeRuns(t *testing.T) {
	s := newSlackWorkspace(t)
	p := serveWith(t, s, map[string]string{"SLACK_SIGNING_SECRET": testSigning})
	code, said := doctor(t, map[string]string{"ADMIN_ADDR": p.admin, "LISTEN_ADDR": p.listen})
	if code != exitOK {
		t.Errorf("exit status %d", code)
	}
	says(t, said, "note STANCEBOT_ADMIN_ADDR is taken: what is there answers /healthz as this program does, so it may be the one that runs",
		"note STANCEBOT_LISTEN_ADDR is taken: what is there answers /healthz as this program does")
}

func TestDoctorWithAddressesOfOthers(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	t.Cleanup(broken.Close)
	_, said := doctor(t, map[string]string{"ADMIN_ADDR": other.Listener.Addr().String(), "PUBLIC_URL": broken.URL})
	says(t, said, "FIX  STANCEBOT_ADMIN_ADDR cannot be listened on: bind: address already in use: another program answers there: stop that",
		"note STANCEBOT_PUBLIC_URL answers with status 502: start serve")
	_, said = doctor(t, map[string]string{
		"ADMIN_ADDR": ":0", "PUBLIC_URL": "http://ana:hunter2@" + closedAddr(t), "SLACK_BOT_TOKEN": "xoxb-hunter2", "SLACK_SIGNING_SECRET": "hunter2",
		"SLACK_API_URL": "http://" + closedAddr(t) + "/api/", "LISTEN_ADDR": "192.0.2.1:80",
	})
	says(t, said, "note STANCEBOT_ADMIN_ADDR is not of this machine alone", "FIX  STANCEBOT_PUBLIC_URL cannot be reached from here: ",
		"FIX  STANCEBOT_LISTEN_ADDR cannot be listened on: ", "FIX  Slack cannot be reached at 127.0.0.1:", "FIX  STANCEBOT_SLACK_SIGNING_SECRET is none")
}

// closedAddr returns an address on which nobody listens.
func closedAddr(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // nobody connected
	return l.Addr().String()
}

// What is wrong with a database is told with what mends it, and looking changes nothing.
func TestDoctorLooksAtDatabases(t *testing.T) {
	for name, test := range map[string]struct{ spoil, want string }{
		"a broken chain": {
			"UPDATE ledger_entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'console:ana', 'console:eve') AS BLOB)",
			"FIX  the ledger of desk main does not hold: entry 1: its bytes are not those that were hashed",
		},
		"a whole chain":     {"SELECT 1", "ok   the ledger of desk main holds: 1 entries, head "},
		"an older database": {"DELETE FROM migrations WHERE version_id > 2", "note the database is older than this program: serve brings its tables from version 2 to "},
		"a newer database":  {"INSERT INTO migrations (version_id, is_applied) VALUES (999, 1)", "FIX  the database is newer than this program: its tables are at version 999"},
		"another's":         {"DROP TABLE migrations", "note the database has no tables yet"},
	} {
		t.Run(name, func(t *testing.T) {
			at := "sqlite:" + filepath.Join(t.TempDir(), "desk.sqlite")
			recordedWith(t, at, test.spoil)
			_, said := doctor(t, map[string]string{"DATABASE_URL": at})
			says(t, said, test.want)
			_, again := doctor(t, map[string]string{"DATABASE_URL": at})
			says(t, again, test.want)
		})
	}
	t.Run("no right to the folder", func(t *testing.T) {
		if runtime.GOOS != "linux" {
			t.Skip("there is no folder in which nobody may write: run it on Linux")
		}
		_, said := doctor(t, map[string]string{"DATABASE_URL": "sqlite:/proc/none/desk.sqlite"})
		says(t, said, "FIX  the folder of the database cannot be written: /proc", "note the database is not there yet")
	})
}

// recordedWith makes a database with one entry, and runs a statement in it.
func recordedWith(t *testing.T, at, statement string) {
	t.Helper()
	db, err := store.Open(t.Context(), at, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // what is wrong shows later
	if _, err := storedledger.New(db).Append(t.Context(), knowledge.DefaultDesk, ledger.Draft{
		At: time.Now(), Author: "console:ana", Kind: ledger.AssessmentRecorded, Payload: ledger.Assessment{
			Country: "BOL", Axis: knowledge.TowardRussia, Label: knowledge.Neutral, Since: 2026_02_01, Source: "https://example.org/",
		},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := db.SQL().ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestDoctorLooksAtPostgreSQL(t *testing.T) {
	at := postgres.Database(t)
	_, said := doctor(t, map[string]string{"DATABASE_URL": at})
	says(t, said, "note the database has no tables yet: serve makes them: PostgreSQL at ")
	recordedWith(t, at, "SELECT 1")
	_, said = doctor(t, map[string]string{"DATABASE_URL": at})
	says(t, said, "ok   the database opens, with its tables at version ", "ok   the ledger of desk main holds: 1 entries")
	_, said = doctor(t, map[string]string{"DATABASE_URL": "postgres://ana:hunter2@" + closedAddr(t) + "/desk"})
	says(t, said, "FIX  the database does not open: STANCEBOT_DATABASE_URL: open PostgreSQL at 127.0.0.1")
}

// Nothing that gives no answer is waited for longer than the limit.
func TestDoctorEnds(t *testing.T) {
	mute, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0") // takes connections, and says nothing
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })
	addr := mute.Addr().String()
	set(t, map[string]string{
		"DATABASE_URL": "postgres://ana:hunter2@" + addr + "/desk", "ADMIN_ADDR": addr, "PUBLIC_URL": "http://" + addr, "SLACK_BOT_TOKEN": testBot,
		"SLACK_APP_TOKEN": testApp, "SLACK_API_URL": "http://" + addr + "/api/",
	})
	ctx, end := context.WithTimeout(t.Context(), time.Second)
	defer end()
	var out bytes.Buffer
	start := time.Now()
	code := run(ctx, []string{"doctor"}, nil, &out, io.Discard)
	if took := time.Since(start); code != exitFailure || took > 5*time.Second {
		t.Errorf("exit status %d after %s", code, took)
	}
	says(t, out.String(), "FIX  the database gives no answer", "FIX  STANCEBOT_ADMIN_ADDR cannot be listened on: bind: address already in use: another program answers there", "FIX  STANCEBOT_PUBLIC_URL cannot be reached from here",
		"FIX  Slack cannot be reached at")
	if strings.Contains(out.String(), "hunter2") {
		t.Errorf("a secret is told:\n%s", &out)
	}
}
