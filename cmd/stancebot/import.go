package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
	"stancebot/knowledge/rollcall"
	"stancebot/knowledge/rollcall/unfile"
)

type importCommand struct {
	Ledger  importLedger `cmd:"" help:"Take in the entries of a ledger that was exported elsewhere."`
	UNVotes importVotes  `cmd:"" name:"un-votes" help:"Read the UN Digital Library's file of votes in the General Assembly, and record what the records lack."`
}

type importVotes struct {
	DryRun bool   `help:"Read and compare, and write nothing."`
	JSON   bool   `help:"Write the report as one JSON object."`
	File   string `arg:"" help:"The CSV file, as it is downloaded."`
}

// Help is what import un-votes --help adds.
func (*importVotes) Help() string {
	return `A roll call is taken whole or not at all. What is taken is unrated: what a Yes means toward Russia is for an editor to
say, and until then it is never scored. Where the file differs from the records, each cell is listed and nothing is
replaced.

Examples:
  stancebot import un-votes --dry-run 2026_02_06_ga_voting.csv
  stancebot import un-votes 2026_02_06_ga_voting.csv

Exit status: 0 when all that the file holds was recorded, or is held already; 1 when rows or roll calls were refused (the
others are recorded all the same), when the file is another one, or when nothing could be recorded; 2 for wrong usage. Who
imports must be among STANCEBOT_EDITORS, as console:USER.`
}

var errRefused = errors.New("not all of the file was taken")

// An imported is what the command reports.
type imported struct {
	File       string             `json:"file"`
	DryRun     bool               `json:"dry_run"`
	Report     *unfile.Report     `json:"report"`
	Comparison *unfile.Comparison `json:"comparison"`
	Recorded   []string           `json:"recorded"` // receipts of the ledger
}

// Run imports.
func (c *importVotes) Run(env *environment) error {
	file, err := c.open()
	if err != nil {
		return usageError{fmt.Errorf("cannot read the file of votes: %w", err)}
	}
	defer func() { _ = file.Close() }() // it was only read
	var store ledger.Store
	var author desk.Author
	if !c.DryRun {
		if author, err = env.editor(); err != nil {
			return err
		}
		opened, shut, err := env.openLedger(env.ctx)
		if err != nil {
			return err
		}
		defer shut()
		store = opened
	}
	book, err := env.book(store)
	if err != nil {
		return err
	}
	votes, err := unfile.Read(newProgress(env, file), unfile.Options{Members: wholeMembership})
	if err != nil {
		return fmt.Errorf("%s: %w", filepath.Base(c.File), err)
	}
	done := imported{filepath.Base(c.File), c.DryRun, &votes.Report, unfile.Compare(votes, book), []string{}}
	if store != nil {
		err = done.record(env.ctx, store, plan(done.Comparison.Fresh(), clock(), string(author)))
	}
	if printed := c.print(env.stdout, &done); err == nil {
		err = printed
	}
	if n, m := len(votes.Report.RefusedCalls), len(votes.Report.RefusedRows); err == nil && n+m > 0 {
		err = fmt.Errorf("%w: refused roll calls: %d, refused rows: %d", errRefused, n, m)
	}
	return err
}

// open opens the file. A folder is none.
func (c *importVotes) open() (*os.File, error) {
	file, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	if info, err := file.Stat(); err != nil || info.IsDir() {
		return nil, errors.Join(err, file.Close(), fmt.Errorf("%s is no file", c.File))
	}
	return file, nil
}

// wholeMembership returns the members on a day, or nothing where they are not known as a whole.
func wholeMembership(day knowledge.Day) []knowledge.Country {
	if day < places.WholeFrom {
		return nil
	}
	return places.MembersOn(day)
}

// book returns the roll calls in force: the shared ones, and those that the desk imported before, where there is a store.
func (env *environment) book(store ledger.Store) (*rollcall.Book, error) {
	records, err := env.decoded()
	if err != nil {
		return nil, err
	}
	calls := slices.Clone(records.RollCalls)
	if store != nil {
		desk := knowledge.DefaultDesk
		overlay, err := ledger.Replay(desk, ledger.Follow(ledger.Head{Desk: desk}, store.Rows(env.ctx, desk, 0)), time.Time{})
		if err != nil {
			return nil, err
		}
		for _, r := range overlay.Records {
			if r.RollCall != nil && r.Withdrawn == 0 {
				calls = append(calls, *r.RollCall)
			}
		}
	}
	return rollcall.NewBook(calls, records.Disputes), nil
}

// plan yields the entries that record roll calls, one for each.
func plan(calls iter.Seq[unfile.Call], at time.Time, author string) iter.Seq[ledger.Draft] {
	return func(yield func(ledger.Draft) bool) {
		for call := range calls {
			draft := ledger.Draft{
				At: at, Author: author, Kind: ledger.RollCallImported, Reason: "UN Digital Library, General Assembly voting data",
				Payload: ledger.RollCall{RollCall: call.RollCall, Source: call.Source},
			}
			if !yield(draft) {
				return
			}
		}
	}
}

// atOnce is how many roll calls are appended together: few enough for the memory, and for others who write.
const atOnce = 100

// record appends drafts. When it fails, those before are recorded, and another import goes on behind them.
func (i *imported) record(ctx context.Context, store ledger.Store, drafts iter.Seq[ledger.Draft]) error {
	batch := make([]ledger.Draft, 0, atOnce)
	flush := func() error {
		entries, err := store.Append(ctx, knowledge.DefaultDesk, batch...)
		if err != nil {
			return fmt.Errorf("recorded %d of %d roll calls, import again to go on: %w", len(i.Recorded), len(i.Comparison.New), err)
		}
		for _, e := range entries {
			i.Recorded = append(i.Recorded, e.ID.String())
		}
		batch = batch[:0]
		return nil
	}
	for draft := range drafts {
		if batch = append(batch, draft); len(batch) == atOnce {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if len(batch) == 0 {
		return nil
	}
	return flush()
}

func (c *importVotes) print(w io.Writer, done *imported) error {
	if c.JSON {
		return json.NewEncoder(w).Encode(done)
	}
	var b strings.Builder
	done.counts(&b)
	done.differences(&b)
	refusals(&b, "Refused roll calls", done.Report.RefusedCalls)
	refusals(&b, "Refused rows", done.Report.RefusedRows)
	_, err := io.WriteString(w, b.String())
	return err
}

// counts says what became of the file as a whole.
func (i *imported) counts(b *strings.Builder) {
	r, c := i.Report, i.Comparison
	fmt.Fprintf(b, "%s: rows: %d, roll calls: %d\n", i.File, r.Rows, r.Calls)
	fmt.Fprintf(b, "  new:                       %d\n", len(c.New))
	fmt.Fprintf(b, "  held already, and alike:   %d\n", len(c.Equal))
	fmt.Fprintf(b, "  held already, differently: %d\n", len(c.Different))
	if n := len(c.Part); n > 0 {
		fmt.Fprintf(b, "  held in part, and alike:   %d\n", n)
	}
	if n := len(c.Unnamed); n > 0 {
		fmt.Fprintf(b, "  held under a date:         %d\n", n)
	}
	fmt.Fprintf(b, "  refused roll calls:        %d\n  refused rows:              %d\n", len(r.RefusedCalls), len(r.RefusedRows))
	for _, note := range r.Notes {
		fmt.Fprintf(b, "Note: %s\n", note)
	}
	switch {
	case i.DryRun:
		b.WriteString("A dry run: nothing was written, and what the desk recorded before was not looked at.\n")
	case len(i.Recorded) > 0:
		fmt.Fprintf(b, "Recorded: %d roll calls, %s to %s, unrated until an editor says what a Yes means.\n", len(i.Recorded), i.Recorded[0], i.Recorded[len(i.Recorded)-1])
	default:
		b.WriteString("Recorded: nothing.\n")
	}
}

// differences lists where the file and the records do not meet.
func (i *imported) differences(b *strings.Builder) {
	c := i.Comparison
	heading(b, "Held differently (nothing is replaced; an editor decides)", len(c.Different))
	for _, d := range c.Different {
		fmt.Fprintf(b, "  line %d: %s\n", d.Line, d.ID)
		if d.Date != nil {
			fmt.Fprintf(b, "    date: ours %s, the file's %s\n", d.Date[0], d.Date[1])
		}
		if d.Tally != nil {
			fmt.Fprintf(b, "    tally: ours %s, the file's %s\n", d.Tally[0], d.Tally[1])
		}
		cells(b, d.Cells)
	}
	heading(b, "Held in part (nothing is added; an editor decides)", len(c.Part))
	for _, p := range c.Part {
		fmt.Fprintf(b, "  line %d: %s: %d cells are held alike, and the file has %d more\n", p.Line, p.ID, p.Held, p.Added)
	}
	heading(b, "Held under a date, as it seems (nothing is added; an editor decides)", len(c.Unnamed))
	for _, u := range c.Unnamed {
		fmt.Fprintf(b, "  line %d: %s has the day and the result of %s\n", u.Line, u.ID, u.Held)
	}
}

// cells lists every cell that differs: those that differ in the same way in one line, the most first, and disputes that the
// records show behind them.
func cells(b *strings.Builder, list []unfile.Cell) {
	states := map[string][]knowledge.Country{}
	for _, x := range list {
		way := fmt.Sprintf("ours %s, the file's %s", orNone(x.Ours), orNone(x.Theirs))
		states[way] = append(states[way], x.Country)
	}
	ways := slices.Collect(maps.Keys(states))
	slices.SortFunc(ways, func(a, b string) int { return cmp.Or(len(states[b])-len(states[a]), cmp.Compare(a, b)) })
	for _, way := range ways {
		fmt.Fprintf(b, "    %s: %s\n", way, joined(states[way]))
	}
	for _, x := range list {
		if x.Disputed != "" {
			fmt.Fprintf(b, "    %s: the records show that dispute: %s\n", x.Country, x.Disputed)
		}
	}
}

func orNone(p knowledge.Position) string {
	if p == "" {
		return "none"
	}
	return string(p)
}

func refusals(b *strings.Builder, title string, list []unfile.Refusal) {
	heading(b, title, len(list))
	for _, r := range list {
		id := ""
		if r.ID != "" {
			id = r.ID + ": "
		}
		fmt.Fprintf(b, "  line %d: %s%s\n    → %s\n", r.Line, id, r.What, r.Do)
	}
}

// heading begins a list that has something in it.
func heading(b *strings.Builder, title string, n int) {
	if n > 0 {
		fmt.Fprintf(b, "\n%s: %d\n", title, n)
	}
}

// A progress shows on a terminal how far a file is read, and ends the reading when the program is told to stop.
type progress struct {
	in      io.Reader
	stopped func() error
	out     io.Writer // nil where nobody looks
	now     func() time.Time
	size    int64 // 0 where it is not known
	read    int64
	drawn   time.Time
}

// newProgress returns a reader of the file that draws on standard error where that is a terminal.
func newProgress(env *environment, file *os.File) *progress {
	p := &progress{in: file, stopped: env.ctx.Err, now: clock}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
		p.size = info.Size()
	}
	if f, ok := env.stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.out = f
	}
	return p
}

// Read reads from the file. At its end the bar is wiped.
func (p *progress) Read(b []byte) (int, error) {
	err := p.stopped()
	n := 0
	if err == nil {
		n, err = p.in.Read(b)
	}
	p.read += int64(n)
	switch {
	case p.out == nil:
	case err != nil:
		fmt.Fprint(p.out, "\r\x1b[K")
	case p.now().Sub(p.drawn) >= 100*time.Millisecond:
		p.drawn = p.now()
		fmt.Fprint(p.out, "\r\x1b[K"+p.bar())
	}
	return n, err
}

// bar draws the part of the file that was read.
func (p *progress) bar() string {
	const width, mb = 30, 1e6
	if p.size == 0 {
		return fmt.Sprintf("reading: %.0f MB", float64(p.read)/mb)
	}
	done := min(1, float64(p.read)/float64(p.size))
	full := int(done * width)
	return fmt.Sprintf("reading [%s%s] %3.0f %% of %.0f MB", strings.Repeat("█", full), strings.Repeat("░", width-full), 100*done, float64(p.size)/mb)
}
