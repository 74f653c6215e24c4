package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
)

// votesFile writes our full roll calls as the UN Digital Library's file has them. The symbols of those that rename names are
// other ones.
func votesFile(rename map[string]string) ([]byte, error) {
	set, err := corpus.Embedded()
	if err != nil {
		return nil, err
	}
	records, err := set.Records()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"undl_id", "ms_code", "ms_name", "ms_vote", "date", "resolution", "title", "total_yes", "total_no", "total_abstentions", "total_non_voting", "total_ms"}}
	letters := map[knowledge.Position]string{knowledge.Yes: "Y", knowledge.No: "N", knowledge.Abstain: "A", knowledge.Absent: "X"}
	for i := range records.RollCalls {
		r := &records.RollCalls[i]
		symbol := "A/RES/" + r.ID
		if other := rename[r.ID]; other != "" {
			symbol = "A/RES/" + other
		}
		for _, p := range knowledge.Positions {
			for _, c := range r.Votes[p] { // none of a partial one
				rows = append(rows, []string{
					strconv.Itoa(3_000_000 + i), string(c), strings.ToUpper(places.Name(c)), letters[p], r.Date.String(), symbol, r.Title,
					strconv.Itoa(r.Tally.Yes), strconv.Itoa(r.Tally.No), strconv.Itoa(r.Tally.Abstain), strconv.Itoa(r.Tally.Absent), strconv.Itoa(r.Tally.Sum()),
				})
			}
		}
	}
	err = w.WriteAll(rows)
	return b.Bytes(), err
}

// votesScript is the command of scripts: votes FILE [OURS=OTHER …] writes the file of votes, with other symbols.
func votesScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: votes FILE [OURS=OTHER …]")
	}
	rename := map[string]string{}
	for _, arg := range args[1:] {
		ours, other, _ := strings.Cut(arg, "=")
		rename[ours] = other
	}
	text, err := votesFile(rename)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o644))
}

// A memoryStore is a ledger in memory, as far as importing needs one. It refuses to append once fail entries are there.
type memoryStore struct {
	ledger.Store
	entries []ledger.Entry
	head    ledger.Head
	fail    int
}

var errFull = errors.New("no more room")

// Append implements ledger.Store.
func (s *memoryStore) Append(_ context.Context, desk knowledge.DeskID, drafts ...ledger.Draft) ([]ledger.Entry, error) {
	if s.fail > 0 && len(s.entries)+len(drafts) > s.fail {
		return nil, errFull
	}
	s.head.Desk = desk
	var added []ledger.Entry
	head := s.head
	for _, d := range drafts {
		e, next, err := head.Next(d)
		if err != nil {
			return nil, err
		}
		added, head = append(added, e), next
	}
	s.entries, s.head = append(s.entries, added...), head
	return added, nil
}

// Rows implements ledger.Store.
func (s *memoryStore) Rows(_ context.Context, _ knowledge.DeskID, after int64) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		for i := range s.entries {
			if s.entries[i].Seq > after && !yield(s.entries[i].Row(), nil) {
				return
			}
		}
	}
}

// importInto imports a file into the store and returns the report.
func importInto(t *testing.T, store *memoryStore, text []byte) (*imported, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "ga_voting.csv")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	closed := false
	author, err := consoleAuthor()
	if err != nil {
		t.Fatal(err)
	}
	env := &environment{ctx: t.Context(), now: time.Now, config: config{Editors: desk.Editors{author}}, stdout: &out, stderr: io.Discard, openLedger: func(context.Context) (ledger.Store, func(), error) {
		return store, func() { closed = true }, nil
	}}
	runErr := (&importVotes{JSON: true, File: name}).Run(env)
	if !closed {
		t.Error("the ledger stays open")
	}
	var done imported
	if err := json.Unmarshal(out.Bytes(), &done); err != nil {
		t.Fatalf("%v in %s", err, out.Bytes())
	}
	return &done, runErr
}

// renamed are roll calls of ours under symbols that the records lack.
var renamed = map[string]string{"ES-11/3": "ES-11/90", "68/262": "68/263B"}

func TestImportRecordsWhatIsNew(t *testing.T) {
	text, err := votesFile(renamed)
	if err != nil {
		t.Fatal(err)
	}
	store := &memoryStore{}
	done, err := importInto(t, store, text)
	if err != nil {
		t.Fatal(err)
	}
	if got := []string{"D-1", "D-2"}; !slices.Equal(done.Recorded, got) || len(done.Comparison.Equal) != 44 {
		t.Fatalf("recorded %v, alike %d", done.Recorded, len(done.Comparison.Equal))
	}
	overlay, err := ledger.Replay(knowledge.DefaultDesk, ledger.Follow(ledger.Head{Desk: knowledge.DefaultDesk}, store.Rows(t.Context(), knowledge.DefaultDesk, 0)), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range overlay.Records {
		ids = append(ids, r.RollCall.ID)
		if !strings.HasPrefix(r.Author, "console:") || r.RollCall.Meaning != knowledge.Unrated || !slices.Equal(r.RollCall.Sources, []string{r.Receipt}) {
			t.Errorf("%s by %s: %s, from %q", r.RollCall.ID, r.Author, r.RollCall.Meaning, r.RollCall.Sources)
		}
	}
	if slices.Sort(ids); !slices.Equal(ids, []string{"68/263B", "ES-11/90"}) {
		t.Errorf("recorded: %v", ids)
	}
	if s := overlay.Sources; len(s) != 2 || !strings.HasPrefix(s[0].URL, "https://digitallibrary.un.org/record/3000") {
		t.Errorf("sources: %+v", s)
	}
	if n := len(store.entries[0].Payload); n > 1500 || bytes.Contains(store.entries[0].Payload, []byte(": ")) && bytes.Contains(store.entries[0].Payload, []byte("\n")) {
		t.Errorf("a payload has %d bytes", n)
	}

	// What the desk imported is held from then on.
	again, err := importInto(t, store, text)
	if err != nil || len(again.Recorded) != 0 || len(again.Comparison.Equal) != 46 || len(store.entries) != 2 {
		t.Errorf("the second time: %v, recorded %v, alike %d", err, again.Recorded, len(again.Comparison.Equal))
	}

	// What it took back can be imported anew.
	if _, err := store.Append(t.Context(), knowledge.DefaultDesk, ledger.Draft{
		At: time.Now(), Author: "console:ana", Kind: ledger.Withdrawn, Payload: ledger.Withdrawal{Of: 1},
	}); err != nil {
		t.Fatal(err)
	}
	third, err := importInto(t, store, text)
	if err != nil || !slices.Equal(third.Recorded, []string{"D-4"}) {
		t.Errorf("after a withdrawal: %v, recorded %v", err, third.Recorded)
	}
}

// When the ledger fails in between, what was recorded stays, is told, and another import goes on behind it.
func TestImportGoesOn(t *testing.T) {
	text, err := votesFile(nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 150 { // roll calls of two states, of a time whose members are not held
		for _, code := range []string{"SUN,USSR,N", "YUG,YUGOSLAVIA,Y"} {
			text = append(text, "9"+strconv.Itoa(n)+","+code+",1981-12-16,A/RES/36/"+strconv.Itoa(n+1)+",A text,1,1,,,2\n"...)
		}
	}
	store := &memoryStore{fail: 120}
	done, err := importInto(t, store, text)
	if !errors.Is(err, errFull) || !strings.Contains(err.Error(), "recorded 100 of 150 roll calls") || len(done.Recorded) != 100 {
		t.Fatalf("%v, recorded %d", err, len(done.Recorded))
	}
	store.fail = 0
	done, err = importInto(t, store, text)
	if err != nil || len(done.Recorded) != 50 || len(store.entries) != 150 {
		t.Errorf("%v, recorded %d, entries %d", err, len(done.Recorded), len(store.entries))
	}
}

func TestImportExitCodes(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	const head = "ms_code,ms_vote,date,resolution,total_ms\n"
	for _, tt := range []struct {
		args []string
		want int
	}{
		{[]string{"--dry-run", file("good.csv", head+"SUN,Y,1981-12-16,A/RES/36/1,1\n")}, exitOK},
		{[]string{"--dry-run", file("short.csv", head+"SUN,Y,1981-12-16,A/RES/36/1,2\n")}, exitFailure},
		{[]string{"--dry-run", file("other.csv", "a,b\n1,2\n")}, exitFailure},
		{[]string{"--dry-run", filepath.Join(dir, "nowhere.csv")}, exitUsage},
		{[]string{"--dry-run", dir}, exitUsage},
		{[]string{"--dry-run"}, exitUsage},
		{[]string{filepath.Join(dir, "good.csv")}, exitUsage}, // by nobody who is an editor
	} {
		if got := run(t.Context(), append([]string{"import", "un-votes"}, tt.args...), nil, io.Discard, io.Discard); got != tt.want {
			t.Errorf("%v ends with %d, want %d", tt.args, got, tt.want)
		}
	}
}

func TestImportProgress(t *testing.T) {
	var out bytes.Buffer
	now := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	p := &progress{
		in: strings.NewReader(strings.Repeat("x", 1000)), stopped: t.Context().Err, out: &out, size: 1000,
		now: func() time.Time { now = now.Add(60 * time.Millisecond); return now },
	}
	buf := make([]byte, 250)
	for {
		if _, err := p.Read(buf); err != nil {
			break
		}
	}
	bars := strings.Split(out.String(), "\r\x1b[K")
	if len(bars) != 4 || !strings.Contains(bars[1], "25 %") || !strings.Contains(bars[2], "75 %") || bars[3] != "" {
		t.Errorf("%q, want a bar at each tenth of a second, and none at the end", bars)
	}
	if p.size = 0; p.bar() != "reading: 0 MB" {
		t.Errorf("of unknown size: %q", p.bar())
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p = &progress{in: strings.NewReader("x"), stopped: ctx.Err, now: time.Now}
	if _, err := p.Read(buf); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}
