package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"golang.org/x/term"

	"stancebot/adapters/console"
	"stancebot/bot/phrases"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

type askCommand struct {
	JSON         bool     `help:"Write one JSON object a line instead of text."`
	Lines        bool     `help:"Read one question a line from standard input."`
	AsOf         string   `placeholder:"DATE" help:"As if the question had ended in \"as of DATE\" (2016, 2016-06 or 2016-06-01)."`
	KnownAt      string   `placeholder:"DATE" help:"What would have been said, knowing what was known then."`
	Today        string   `placeholder:"DAY" help:"The calendar of answers (default: the running day)."`
	Lang         string   `placeholder:"LANG" help:"The language of the reply, whatever that of the question."`
	Ledger       bool     `help:"Read the desk's ledger, too (as when STANCEBOT_DATABASE_URL is set)."`
	Conversation bool     `help:"With --lines: the lines are one conversation, and follow-ups look back."`
	Picture      string   `placeholder:"FILE" help:"Write the picture of the answer into a new file, a PNG."`
	Question     []string `arg:"" optional:"" help:"The question."`
}

// Help is what ask --help adds.
func (*askCommand) Help() string {
	return `Examples:
  stancebot ask "what is peru's stance?"
  stancebot ask --json "compare chile and argentina"
  stancebot ask --json --lines < questions.txt
  stancebot ask --picture map.png "map southern cone"

Exit status: 0 when every question was answered in some way, 1 when the records do not load, 2 for wrong usage.`
}

// Run answers.
func (a *askCommand) Run(env *environment) error {
	if err := a.check(); err != nil {
		return usageError{err}
	}
	today, err := env.calendar(a.Today)
	if err != nil {
		return err
	}
	env.pictures = a.Picture != ""
	b, err := env.newBot(today, a.Ledger || env.config.DatabaseURL != "")
	if err != nil {
		return err
	}
	defer b.Close() //nolint:errcheck // nothing was written
	asker := console.Asker{Bot: b.Bot, JSON: a.JSON, Language: a.Lang, AsOf: a.AsOf, KnownAt: a.KnownAt, Conversation: a.Conversation}
	if a.Picture != "" {
		asker.Picture = writePicture(a.Picture)
	}
	if a.Lines {
		return asker.Lines(env.ctx, env.stdout, env.stdin)
	}
	return asker.Ask(env.ctx, env.stdout, strings.Join(a.Question, " "))
}

func (a *askCommand) check() error {
	switch {
	case a.Lines && len(a.Question) > 0:
		return errors.New("ask: --lines reads the questions from standard input: give none on the command line")
	case !a.Lines && len(a.Question) == 0:
		return errors.New(`ask: what? Give a question, such as: stancebot ask "what is peru's stance?"`)
	case a.Lines && a.Picture != "":
		return errors.New("ask: --picture is of one question: give it without --lines")
	case a.Conversation && !a.Lines:
		return errors.New("ask: --conversation goes with --lines")
	case a.Lang != "" && !slices.Contains(phrases.Languages(), a.Lang):
		return fmt.Errorf("ask: --lang: no replies in %q: use one of %s", a.Lang, strings.Join(phrases.Languages(), ", "))
	}
	for _, flag := range []struct{ name, value string }{{"--as-of", a.AsOf}, {"--known-at", a.KnownAt}} {
		if flag.value == "" {
			continue
		}
		if _, err := knowledge.ParseDate(flag.value); err != nil {
			return fmt.Errorf("ask: %s: %w", flag.name, err)
		}
	}
	return nil
}

// onConsole names the terminal where places are named.
const onConsole = "console"

type converseCommand struct {
	Today string `placeholder:"DAY" help:"The calendar of answers (default: the running day)."`
}

// Help is what converse --help adds.
func (*converseCommand) Help() string {
	return `The same is shown as a page, on STANCEBOT_LISTEN_ADDR; where that is taken, on another port, which is told. Without a terminal it
answers one question a line until the input ends; where none comes at all, it shows the page until it is interrupted.`
}

// Run holds the conversation, and shows the page beside it.
func (cc *converseCommand) Run(env *environment) error {
	today, err := env.calendar(cc.Today)
	if err != nil {
		return err
	}
	b, err := env.newBot(today, true)
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(env.ctx)
	var following sync.WaitGroup
	following.Go(func() { b.memory.follow(ctx) })
	defer func() {
		end()
		following.Wait()
		b.Close() //nolint:errcheck // a conversation writes nothing
	}()
	page, err := env.showPage(b, today)
	if err != nil {
		return err
	}
	err = cc.converse(ctx, env, b, page)
	limit, stop := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer stop()
	return errors.Join(err, page.stop(limit))
}

// converse holds the conversation on the terminal, or by lines where there is none.
func (*converseCommand) converse(ctx context.Context, env *environment, b *program, page *page) error {
	author, err := consoleAuthor()
	if err != nil { // answers need nobody
		env.log.WarnContext(ctx, "records cannot be changed here", "error", err)
	}
	c := console.Conversation{
		Person: string(author), Handler: &teller{b, told.PlaceOf(onConsole, "", "", "")}, Intro: intro(b.records) + "\n" + page.says(),
	}
	out, ok := env.stdout.(*os.File)
	if ok && isTerminal(env.stdin) && isTerminal(out) {
		c.Colour = os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
		return c.Run(ctx, env.stdin, out)
	}
	fmt.Fprintln(env.stderr, "stancebot:", page.says())
	return page.whileLines(ctx, env.stdin, func(in io.Reader) error { return c.RunLines(ctx, in, env.stdout) })
}

func isTerminal(f *os.File) bool { return f != nil && term.IsTerminal(int(f.Fd())) }

func intro(r *knowledge.Records) string {
	p := phrases.In(phrases.Default)
	return p.Say("intro", "date", r.Article.Published, "checked", r.Article.CheckedTo)
}
