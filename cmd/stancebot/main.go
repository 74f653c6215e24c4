// Command stancebot answers, for any country, where it stands between Russia and Washington, with receipts on every
// line. Without a command it holds a conversation on the terminal.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
	_ "time/tzdata" // zones of digests, where the host has none

	"github.com/alecthomas/kong"
	_ "golang.org/x/crypto/x509roots/fallback" // whom to trust on the net, where the host has no certificates

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/bot/picture"
	"stancebot/bot/question"
	"stancebot/bot/quota"
	"stancebot/bot/request"
	"stancebot/bot/talk"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
)

// The exit codes of the program.
const (
	exitOK      = 0
	exitFailure = 1 // the records do not load, or hold problems; a file was refused, or something in it
	exitUsage   = 2 // the command line or the environment is wrong
)

// A cli is the command line.
type cli struct {
	Converse converseCommand `cmd:"" default:"1" help:"Hold a conversation on the terminal (what stancebot does without a command)."`
	Ask      askCommand      `cmd:"" help:"Answer one question, or one a line, as text or JSON."`
	Serve    serveCommand    `cmd:"" help:"Run without a terminal, until interrupted."`
	Digest   digestCommand   `cmd:"" help:"Digests and alerts: how they are, and rehearsals."`
	Told     toldCommand     `cmd:"" help:"What was told where: look at it, and erase it."`
	Feedback feedbackCommand `cmd:"" help:"What readers say of answers."`
	Demo     demoCommand     `cmd:"" help:"A newsroom in a box: try everything on this machine, before there is a token."`
	Doctor   doctorCommand   `cmd:"" help:"Try every setting, and say what is wrong and what mends it."`
	Health   healthCommand   `cmd:"" help:"Ask the program that runs whether it is ready."`
	Config   configCommand   `cmd:"" help:"What is set, from where, and what it means; no secret."`
	Record   recordCommand   `cmd:"" help:"Record an assessment, an event, a membership or the like in the desk's ledger."`
	Export   exportCommand   `cmd:"" help:"Write a desk's ledger into a file: JSON, YAML or CSV."`
	Import   importCommand   `cmd:"" help:"Take in what was recorded elsewhere."`
	Backup   backupCommand   `cmd:"" help:"Copy the database, while the bot runs, into one file."`
	Desks    desksCommand    `cmd:"" help:"The desks of this installation, and what belongs to them."`
	Ledger   ledgerCommand   `cmd:"" help:"Hold the ledgers against what was recorded."`
	Bench    benchCommand    `cmd:"" help:"Score a set of questions, each with what a right answer must show."`
	Corpus   corpusCommand   `cmd:"" help:"Look at the records, and hold a folder of them against the rules."`
	Version  versionCommand  `cmd:"" help:"Print the version of the program and of its records."`
}

// An environment is what a command runs in.
type environment struct {
	ctx      context.Context //nolint:containedctx // kong hands commands their environment as one value
	stdin    *os.File
	stdout   io.Writer
	stderr   io.Writer
	config   config
	misset   error // what is wrong with the variables, for the doctor: others do not run then
	log      *slog.Logger
	pictures bool             // the command shows the pictures of answers
	now      func() time.Time // the running clock, which the demo moves by hand
	// openLedger opens the desk's ledger and returns what closes it.
	openLedger func(context.Context) (ledger.Store, func(), error)
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // the latter from systemd and containers
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// A usageError is a wrong use of the program: the person who typed can mend it.
type usageError struct{ error }

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, stdin *os.File, stdout, stderr io.Writer) int {
	fail := func(err error) int {
		fmt.Fprintln(stderr, "stancebot:", err)
		if ue := (usageError{}); errors.As(err, &ue) {
			return exitUsage
		}
		return exitFailure
	}
	var c cli
	exited, code := false, exitOK
	parser, err := kong.New(&c, kong.Name("stancebot"), kong.Writers(stdout, stderr),
		kong.Description("Where a country stands between Russia and Washington, with receipts on every line."),
		kong.Exit(func(n int) { exited, code = true, n }), kong.UsageOnError())
	if err != nil {
		return fail(err)
	}
	kctx, err := parser.Parse(args)
	if exited { // --help
		return code
	}
	if err != nil {
		return fail(usageError{fmt.Errorf("%w (stancebot --help tells more)", err)})
	}
	cfg, err := readConfig()
	if command := kctx.Command(); err != nil && command != "doctor" && command != "config" {
		return fail(usageError{err})
	}
	log := newLog(stderr, cfg.LogLevel, cfg.LogFormat)
	env := &environment{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, config: cfg, misset: err, log: log, now: clock}
	env.openLedger = env.deskLedger
	if of, _, _ := strings.Cut(kctx.Command(), " "); of == "record" || of == "import" { // which is one request, as others are many or none
		env.ctx = request.Ensure(ctx)
	}
	if err := kctx.Run(env); err != nil {
		return fail(err)
	}
	return exitOK
}

// records loads the records that the environment asks for: the embedded ones, overlaid by those of a folder.
func (env *environment) records() (*corpus.Set, error) {
	set, err := corpus.Embedded()
	if err != nil || env.config.Corpus == "" {
		return set, err
	}
	return overlay(set, env.config.Corpus)
}

// embeddedRecords are the embedded ones as the core takes them, read once however many programs a process holds. Nobody changes them.
var embeddedRecords = sync.OnceValues(func() (*knowledge.Records, error) {
	set, err := corpus.Embedded()
	if err != nil {
		return nil, err
	}
	return set.Records()
})

// decoded returns the records in force as the core takes them.
func (env *environment) decoded() (*knowledge.Records, error) {
	if env.config.Corpus == "" {
		return embeddedRecords()
	}
	set, err := env.records()
	if err != nil {
		return nil, err
	}
	return set.Records()
}

// overlay lays a folder over the set.
func overlay(set *corpus.Set, dir string) (*corpus.Set, error) {
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return nil, usageError{fmt.Errorf("cannot read the folder of records: %w", err)}
	case !info.IsDir():
		return nil, usageError{fmt.Errorf("%s is no folder: name the one that holds the YAML files", dir)}
	}
	merged, problems := set.Overlay(os.DirFS(dir))
	if len(problems) > 0 {
		return nil, &corpus.LintError{Problems: problems}
	}
	return merged, nil
}

// A program is the bot put together, with what it rests on.
type program struct {
	*bot.Bot
	options bot.Options // that the bot is made of, for others that answer less
	records *knowledge.Records
	memory  *memory // nil where the shared records alone are read
	shares  *quota.Shares
	now     func() time.Time
	sayings sayings
	closes  []func() // what else was opened for it
}

// Close closes what the program opened.
func (p *program) Close() error {
	for _, closes := range p.closes {
		closes()
	}
	if p.memory == nil {
		return nil
	}
	return p.memory.Close()
}

// newBot puts the program together for a calendar, with the desk's ledger where that is asked for. A database that does
// not answer is told to the operator, and in answers, and is no error.
func (env *environment) newBot(today func() knowledge.Day, withLedger bool) (*program, error) {
	return env.newBotThatKeeps(0, today, withLedger)
}

// newBotThatKeeps puts together a program that keeps its answers to so many questions.
func (env *environment) newBotThatKeeps(kept int, today func() knowledge.Day, withLedger bool) (*program, error) {
	shared, err := env.newGround()
	if err != nil {
		return nil, err
	}
	return env.newBotOn(shared, kept, today, withLedger)
}

// A ground is the shared records in force, on which any number of programs can stand. Nobody changes it.
type ground struct {
	records  *knowledge.Records
	snapshot *core.Core
	reader   *question.Reader
}

// embeddedGround is that of the embedded records, likewise.
var embeddedGround = sync.OnceValues(func() (*ground, error) {
	records, err := embeddedRecords()
	if err != nil {
		return nil, err
	}
	return groundOf(records)
})

// newGround reads the records in force.
func (env *environment) newGround() (*ground, error) {
	if env.config.Corpus == "" {
		return embeddedGround()
	}
	records, err := env.decoded()
	if err != nil {
		return nil, err
	}
	return groundOf(records)
}

func groundOf(records *knowledge.Records) (*ground, error) {
	snapshot, err := core.Build(records)
	if err != nil {
		return nil, err
	}
	return &ground{records, snapshot, question.New(places.New(records))}, nil
}

// newBotOn puts together a program on shared records.
func (env *environment) newBotOn(shared *ground, kept int, today func() knowledge.Day, withLedger bool) (*program, error) {
	holder := core.NewHolder(shared.snapshot)
	p := &program{records: shared.records, shares: quota.New(env.config.Quotas, env.now), now: env.now}
	var err error
	options := bot.Options{
		Reader: shared.reader, Memory: talk.New(env.now), Flood: talk.NewFlood(env.now), Shares: p.shares, Commands: bot.Lookups(holder), Today: today,
		Language: env.config.Language, Log: env.log,
		Link:  env.link(func(desk knowledge.DeskID, receipt string) string { return holder.Core(desk).Link(receipt) }),
		Fresh: p.fresh, Snapshot: func(desk knowledge.DeskID) any { return holder.Core(desk) }, Kept: kept,
	}
	gallery := &picture.Gallery{}
	if illustrated(&options, holder, gallery); kept == 0 && !env.pictures { // it answers in words alone
		options.Draw = nil
	}
	if withLedger {
		if p.memory, err = env.newMemory(holder); err != nil {
			return nil, err
		}
		p.memory.gallery = gallery
		if err = p.memory.open(env.ctx); err == nil {
			err = p.memory.catchUp(env.ctx)
		}
		if err != nil {
			env.log.WarnContext(env.ctx, "answers go without the desk's records", "error", err)
		}
		options.Behind, options.Edits = p.memory.behind, env.isEditor(p.memory)
		options.Commands = append(options.Commands, env.edits(p, shared.snapshot, today).Commands()...)
		options.Commands = append(options.Commands, bot.Command{Intent: knowledge.IntentHistory, Do: env.archive(p.memory).Do})
		if kept > 0 { // it serves channels, which can subscribe
			options.Commands = append(options.Commands, env.orders(p, today).Commands()...)
			options.Commands, options.Votes = append(options.Commands, env.settings(p)), true
		}
	}
	p.Bot, p.options = bot.New(options), options
	return p, nil
}

// fresh tells how fresh the records are that a desk's answers come from.
func (p *program) fresh(desk knowledge.DeskID) bot.Freshness {
	f := bot.Freshness{Version: p.records.Version, Published: p.records.Article.Published, CheckedTo: p.records.Article.CheckedTo}
	if p.memory != nil {
		f.Seq = p.memory.seq(desk)
	}
	return f
}

// editorsOf are those who may change a desk's records: of the configuration's editors and those whom the desk has beside them, of a
// workspace, those whose workspace belongs to it.
func (env *environment) editorsOf(m *memory, id knowledge.DeskID) desk.Editors {
	return slices.DeleteFunc(slices.Concat(env.config.Editors, m.spaces.Editors(id)), func(a desk.Author) bool {
		return bot.Address(a).Platform() == onSlack && m.deskOf(bot.Address(a)) != id
	})
}

// isEditor returns what tells whether a person, as platforms name people, is among a desk's editors.
func (env *environment) isEditor(m *memory) func(knowledge.DeskID, string) bool {
	return func(id knowledge.DeskID, person string) bool {
		author, err := desk.ParseAuthor(person)
		editors := env.editorsOf(m, id)
		return err == nil && editors.Has(author)
	}
}

// calendar returns the calendar of answers: a set day, or the running one.
func (env *environment) calendar(set string) (func() knowledge.Day, error) {
	if set == "" {
		set = env.config.Today
	}
	if set == "" {
		return func() knowledge.Day { return knowledge.DayOf(clock()) }, nil
	}
	day, err := knowledge.ParseDay(set)
	if err != nil {
		return nil, usageError{fmt.Errorf("--today: %w", err)}
	}
	return func() knowledge.Day { return day }, nil
}
