package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"stancebot/adapters/store"
	storeddigest "stancebot/adapters/store/digest"
	storedledger "stancebot/adapters/store/ledger"
	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/bot/picture"
	"stancebot/cmd/stancebot/bench"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
)

// A benchRun measures one thing after the other.
type benchRun struct {
	*benchTable
	env   *environment
	lab   *bench.Lab
	rows  []bench.Row
	floor float64 // the share of the floor's throughput that slash commands have, the least of those measured
}

// Run measures, and prints the table.
func (c *benchTable) Run(env *environment) (err error) {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	lab := &bench.Lab{
		Program: []string{program}, Floor: []string{program, "bench", "floor"}, BotAPI: []string{program, "bench", "botapi"},
		Bolt: absolute(c.Bolt), GrammY: absolute(c.GrammY), Quick: c.Quick,
	}
	if err := lab.Open(); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	defer func() { err = errors.Join(err, lab.Close()) }()
	r := &benchRun{benchTable: c, env: env, lab: lab, floor: 1}
	for _, measure := range []func(context.Context) error{
		r.questions, r.commands, r.updates, r.pages, r.fanOut, r.pictures, r.importing, r.starting, r.size,
	} {
		if err := measure(env.ctx); err != nil {
			return err
		}
	}
	set, err := env.records()
	if err != nil {
		return err
	}
	table := &bench.Table{Machine: machine(), Go: runtime.Version(), Program: programVersion(), Records: set.Version(), At: time.Now(), Rows: r.rows}
	write := table.WriteMarkdown
	if c.JSON {
		write = table.WriteJSON
	}
	if err := write(env.stdout); err != nil {
		return err
	}
	if 100*r.floor < c.Need {
		return fmt.Errorf("%w: %.0f %%", errFloor, 100*r.floor)
	}
	return nil
}

// absolute has the files that a command names found from any folder.
func absolute(command []string) []string {
	command = slices.Clone(command)
	for i, word := range command {
		if _, err := os.Stat(word); err == nil {
			if path, err := filepath.Abs(word); err == nil {
				command[i] = path
			}
		}
	}
	return command
}

// machine names the processor and how many there are.
func machine() string {
	name := "a processor of an unknown kind"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, found := strings.Cut(string(info), "model name\t: "); found {
			name, _, _ = strings.Cut(rest, "\n")
		}
	}
	return fmt.Sprintf("%d cores of %s, %s/%s", runtime.NumCPU(), name, runtime.GOOS, runtime.GOARCH)
}

func (r *benchRun) add(rows ...bench.Row) { r.rows = append(r.rows, rows...) }

// either is a number for a quick run, or the whole one.
func (r *benchRun) either(quick, whole int) int {
	if r.Quick {
		return quick
	}
	return whole
}

// questions measures from a question to its reply, on one core.
func (r *benchRun) questions(ctx context.Context) error {
	today, err := r.env.calendar("")
	if err != nil {
		return err
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, kept := range []int{0, 5000} {
		p, err := r.env.newBotThatKeeps(kept, today, false)
		if err != nil {
			return err
		}
		asked := bench.Questions(r.either(200, 5000))
		ask := func() (took []time.Duration) {
			for _, text := range asked {
				start := time.Now()
				p.Ask(ctx, bot.Request{Text: text, InWords: true})
				took = append(took, time.Since(start))
			}
			return took
		}
		ask() // what is read when it is first needed belongs to the start
		took := ask()
		all := time.Duration(0)
		for _, d := range took {
			all += d
		}
		slices.Sort(took)
		what := "question to answer, in six languages, each anew"
		if kept > 0 {
			what = "the same, asked before"
		}
		r.add(bench.Duration(what+": half within", took[len(took)/2]), bench.Duration("… 99 of 100 within", took[len(took)*99/100]),
			bench.Row{What: "… on one core", Figure: float64(len(took)) / all.Seconds(), Unit: "a second"})
	}
	return nil
}

const (
	echoes     = "an app of %s that merely echoes"
	noPeer     = "an app of %s is not here: bash .ci/bench installs it"
	theFloor   = "a bare HTTP server that checks the signature and answers as many bytes"
	onAllCores = ", all on the same cores"
	onOneCore  = ", each on a core of its own"
)

// commands measures slash commands of Slack over HTTP.
func (r *benchRun) commands(ctx context.Context) error {
	for _, alone := range []bool{false, true} {
		where := onAllCores
		if alone {
			where = onOneCore
		}
		if alone && runtime.NumCPU() < 2 {
			continue
		}
		c, err := r.lab.Commands(ctx, alone)
		if err != nil {
			return err
		}
		r.floor = min(r.floor, c.ToFloor)
		what := "slash command of Slack" + where
		r.add(bench.Row{What: what, Figure: c.Program.Rate(), Unit: "a second", Against: theFloor, Beside: c.Program.Rate() / c.ToFloor})
		bolt := bench.Row{What: "… by Bolt", Figure: c.Program.Rate(), Unit: "a second", Against: fmt.Sprintf(echoes, "Bolt")}
		if c.Bolt == nil {
			bolt = bench.Row{What: bolt.What, Missing: fmt.Sprintf(noPeer, "Bolt")}
		} else {
			bolt.Beside = c.Program.Rate() / c.ToBolt
		}
		r.add(bolt, bench.Duration("… at half of that, 99 of 100 within", ofMicroseconds(c.Program.P99())))
		if alone {
			r.add(bench.Row{What: "memory that is resident after that", Figure: c.Resident, Unit: "MB"})
		}
	}
	return nil
}

func ofMicroseconds(f float64) time.Duration { return time.Duration(f * float64(time.Microsecond)) }

// updates measures messages of Telegram at a webhook.
func (r *benchRun) updates(ctx context.Context) error {
	for _, alone := range []bool{false, true} {
		where := onAllCores
		if alone {
			where = onOneCore
		}
		if alone && runtime.NumCPU() < 2 {
			continue
		}
		u, err := r.lab.Updates(ctx, alone)
		if err != nil {
			return err
		}
		for _, s := range []struct {
			what  string
			of    *bench.Server
			times float64
		}{
			{"message of Telegram at a webhook, recorded in a file of SQLite, answered" + where, u.InFile, u.InFileTimes},
			{"… in memory", u.InMemory, u.InMemoryTimes},
		} {
			row := bench.Row{What: s.what, Figure: s.of.Rate(), Unit: "a second", Against: fmt.Sprintf(echoes, "grammY")}
			if u.GrammY == nil {
				row.Against = fmt.Sprintf(noPeer, "grammY")
			} else {
				row.Beside = s.of.Rate() / s.times
			}
			r.add(row)
		}
	}
	return nil
}

// pages measures pages and the API at a steady load.
func (r *benchRun) pages(ctx context.Context) error {
	server, err := r.lab.StartPages(ctx)
	if err != nil {
		return err
	}
	idle, err := server.Resident()
	if err != nil {
		return err
	}
	var pages, answers []string
	for _, c := range places.Members() {
		pages = append(pages, "/countries/"+string(c), "/", "/search?q="+url.QueryEscape(string(c)+" sanctions"), "/shifts", "/map")
		answers = append(answers, "/api/v1/ask?q="+url.QueryEscape("stance "+string(c)), "/api/v1/countries/"+string(c), "/shifts.atom")
	}
	for _, of := range []struct {
		what  string
		paths []string
	}{{"page", pages}, {"answer of the API", answers}} {
		p, err := r.lab.Pages(server, of.paths)
		if err != nil {
			return err
		}
		row := bench.Duration(fmt.Sprintf("%s, at %d a second: 99 of 100 within", of.what, bench.PagesASecond), ofMicroseconds(1000*p.P99))
		row.Against = "what we want: 20 ms"
		r.add(row)
	}
	r.add(bench.Row{What: "memory that is resident when it has started", Figure: idle, Unit: "MB"})
	return nil
}

// fanOut measures how fast one entry is told to many channels, against what the platforms take.
func (r *benchRun) fanOut(ctx context.Context) error {
	n := r.either(20, 400)
	f, err := r.lab.FanOut(ctx, n, func(ctx context.Context, database string, places []string) (func() error, error) {
		db, err := store.Open(ctx, database, store.Options{Log: r.env.log})
		if err != nil {
			return nil, err
		}
		subscriptions, now := storeddigest.New(db), time.Now().UTC()
		for i, to := range places {
			if err := subscriptions.Add(ctx, &digest.Subscription{
				ID: strconv.Itoa(i), Desk: knowledge.DefaultDesk, To: bot.Address(to), Kind: digest.Watch, Language: "en", Began: now.Add(-time.Hour),
				About: digest.Filter{Countries: []knowledge.Country{"BOL"}},
			}); err != nil {
				return nil, errors.Join(err, db.Close())
			}
		}
		return func() error {
			_, err := storedledger.New(db).Append(ctx, knowledge.DefaultDesk, ledger.Draft{At: time.Now(), Author: "console:bench", Kind: ledger.EventRecorded, Payload: ledger.Event{
				Country: "BOL", On: knowledge.Date(knowledge.DayOf(now)), Kind: "leader", Text: "A new president took office.", Source: "https://desk.example/page",
			}})
			return errors.Join(err, db.Close())
		}, nil
	})
	if err != nil {
		return err
	}
	r.add(
		bench.Row{What: fmt.Sprintf("an alert to %d channels of one workspace of Slack", n), Figure: f.Slack, Unit: "a second", Against: "what Slack takes of a workspace, some", Beside: 20},
		bench.Row{What: fmt.Sprintf("… and to %d chats of Telegram", n), Figure: f.Telegram, Unit: "a second", Against: "what Telegram takes", Beside: 30},
		bench.Duration("computing for each", f.Each))
	return nil
}

// pictures measures how long pictures take to draw, and one that was drawn before.
func (r *benchRun) pictures(ctx context.Context) error {
	shared, err := r.env.newGround()
	if err != nil {
		return err
	}
	today, err := r.env.calendar("")
	if err != nil {
		return err
	}
	for _, of := range []struct{ what, command string }{{"a map", "map latin america on russia"}, {"a card", "card peru"}, {"a timeline", "timeline argentina"}} {
		reading := shared.reader.Read(of.command, today())
		answer := shared.snapshot.Answer(reading.Query)
		took := make([]time.Duration, r.either(1, 9))
		var gallery *picture.Gallery
		for i := range took {
			gallery = &picture.Gallery{}
			start := time.Now()
			if _, err := gallery.File(&answer, phrases.In("en")); err != nil {
				return err
			}
			took[i] = time.Since(start)
		}
		slices.Sort(took)
		r.add(bench.Duration(of.what+" as a picture, anew", took[len(took)/2]))
		if of.command == "card peru" {
			start := time.Now()
			if _, err := gallery.File(&answer, phrases.In("en")); err != nil {
				return err
			}
			r.add(bench.Duration("… drawn before", time.Since(start)))
		}
	}
	return ctx.Err()
}

// importing measures how fast a file of votes is read and compared.
func (r *benchRun) importing(ctx context.Context) error {
	records, err := r.env.decoded()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(records.RollCalls, func(c knowledge.RollCall) bool { return c.Tally.Sum() == len(places.Members()) && len(c.Votes) > 0 })
	if at < 0 {
		return errors.New("bench: no roll call has all members")
	}
	path := r.lab.Path("votes.csv")
	file, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	rows, err := bench.WriteVotes(file, &records.RollCalls[at], r.either(20_000, 170_000))
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	took, err := r.ran(ctx, "import", "un-votes", "--dry-run", path)
	if err != nil {
		return err
	}
	r.add(bench.Row{What: fmt.Sprintf("a file of the UN's votes, %d rows, read and compared", rows), Figure: float64(rows) / took.Seconds(), Unit: "rows a second"})
	return nil
}

// ran runs the program, and returns how long that took.
func (r *benchRun) ran(ctx context.Context, args ...string) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, r.lab.Program[0], args...) //nolint:gosec // this program
	cmd.Env = []string{"HOME=" + r.lab.Path("home")}
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("bench: stancebot %s: %w\n%s", args[0], err, out)
	}
	return time.Since(start), nil
}

// starting measures from nothing to an answer, and to a server that takes connections.
func (r *benchRun) starting(ctx context.Context) error {
	var asked, served []time.Duration
	for range r.either(1, 9) {
		took, err := r.ran(ctx, "ask", "stance peru")
		if err != nil {
			return err
		}
		asked = append(asked, took)
		start := time.Now()
		if _, err := r.lab.StartPages(ctx); err != nil {
			return err
		}
		served = append(served, time.Since(start))
	}
	slices.Sort(asked)
	slices.Sort(served)
	r.add(bench.Duration("from the shell to an answer", asked[len(asked)/2]), bench.Duration("from the shell to a server that takes requests", served[len(served)/2]))
	return nil
}

// size tells how large the program is.
func (r *benchRun) size(context.Context) error {
	info, err := os.Stat(r.lab.Program[0])
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	r.add(bench.Row{What: "the program, records, fonts and outlines included", Figure: float64(info.Size()) / 1e6, Unit: "MB"})
	return nil
}
