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
	"time"

	"github.com/alecthomas/kong"

	"stancebot/bot"
	"stancebot/bot/question"
	"stancebot/bot/talk"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/places"
)

// The exit codes of the program.
const (
	exitOK      = 0
	exitFailure = 1 // the records do not load, or hold problems
	exitUsage   = 2 // the command line or the environment is wrong
)

// A cli is the command line.
type cli struct {
	Converse converseCommand `cmd:"" default:"1" help:"Hold a conversation on the terminal (what stancebot does without a command)."`
	Ask      askCommand      `cmd:"" help:"Answer one question, or one a line, as text or JSON."`
	Corpus   corpusCommand   `cmd:"" help:"Look at the records, and hold a folder of them against the rules."`
	Version  versionCommand  `cmd:"" help:"Print the version of the program and of its records."`
}

// An environment is what a command runs in.
type environment struct {
	ctx    context.Context //nolint:containedctx // kong hands commands their environment as one value
	stdin  *os.File
	stdout io.Writer
	stderr io.Writer
	config config
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
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
	if err != nil {
		return fail(usageError{err})
	}
	if err := kctx.Run(&environment{ctx, stdin, stdout, stderr, cfg}); err != nil {
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

// decoded returns the records in force as the core takes them.
func (env *environment) decoded() (*knowledge.Records, error) {
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

// newBot puts the program together for a calendar.
func (env *environment) newBot(today func() knowledge.Day) (*bot.Bot, *knowledge.Records, error) {
	records, err := env.decoded()
	if err != nil {
		return nil, nil, err
	}
	snapshot, err := core.Build(records)
	if err != nil {
		return nil, nil, err
	}
	reader := question.New(places.New(records))
	return bot.New(bot.Options{
		Reader: reader, Memory: talk.New(time.Now), Flood: talk.NewFlood(time.Now), Commands: bot.Lookups(core.NewHolder(snapshot)), Today: today,
		Language: env.config.Language, Log: slog.New(slog.NewTextHandler(env.stderr, nil)),
	}), records, nil
}

// calendar returns the calendar of answers: a set day, or the running one.
func (env *environment) calendar(set string) (func() knowledge.Day, error) {
	if set == "" {
		set = env.config.Today
	}
	if set == "" {
		return func() knowledge.Day { return knowledge.DayOf(time.Now()) }, nil
	}
	day, err := knowledge.ParseDay(set)
	if err != nil {
		return nil, usageError{fmt.Errorf("--today: %w", err)}
	}
	return func() knowledge.Day { return day }, nil
}
