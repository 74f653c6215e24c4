package main

import (
	"errors"
	"fmt"
	"os"

	"stancebot/adapters/console"
	"stancebot/cmd/stancebot/bench"
)

type benchCommand struct {
	Table     benchTable     `cmd:"" default:"withargs" help:"Measure this program on this machine, and print the table."`
	Questions benchQuestions `cmd:"" help:"Score a set of questions, each with what a right answer must show."`
	Floor     benchFloor     `cmd:"" hidden:"" help:"Be the least that a server of slash commands can do."`
	BotAPI    benchBotAPI    `cmd:"" name:"botapi" hidden:"" help:"Be a Telegram that agrees with everything."`
}

type benchFloor struct {
	Addr string `arg:""`
}

// Run serves until it is killed.
func (c *benchFloor) Run(env *environment) error { return bench.ServeFloor(env.ctx, c.Addr) }

type benchBotAPI struct {
	Addr string `arg:""`
}

// Run serves until it is killed.
func (c *benchBotAPI) Run(env *environment) error { return bench.ServeBotAPI(env.ctx, c.Addr) }

type benchQuestions struct {
	Today string  `placeholder:"DAY" help:"The calendar of answers (default: the running day)."`
	Need  float64 `placeholder:"PERCENT" help:"The least share of right answers."`
	File  string  `arg:"" help:"A set of questions: one JSON object a line, with what a right answer must show."`
}

// Help is what bench questions --help adds.
func (*benchQuestions) Help() string {
	return `A line of the file, with the fields of ask --json that are to be checked, each a value or a list of equally good ones:
  {"id":"q1","lang":"en","kind":"lookup","q":"stance peru","expect":{"intent":"stance","countries":["PER"]}}

Exit status: 0 when the share is reached and no answer is silently wrong, else 1.`
}

var errScore = errors.New("the score is below what is needed")

// Run scores.
func (c *benchQuestions) Run(env *environment) error {
	file, err := os.Open(c.File)
	if err != nil {
		return usageError{fmt.Errorf("the questions cannot be read: %w", err)}
	}
	defer file.Close() //nolint:errcheck // it was only read
	questions, err := console.ReadQuestions(file)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", c.File, err)}
	}
	today, err := env.calendar(c.Today)
	if err != nil {
		return err
	}
	b, err := env.newBot(today, false)
	if err != nil {
		return err
	}
	asker := console.Asker{Bot: b.Bot}
	score, err := asker.Score(env.ctx, env.stdout, questions)
	if err == nil && (score.Silent > 0 || score.Percent() < c.Need) {
		err = errScore
	}
	return err
}

type benchTable struct {
	JSON   bool     `help:"Write the table as JSON."`
	Quick  bool     `help:"Show that all of it runs, and measure nothing worth telling: some twenty seconds."`
	Need   float64  `placeholder:"PERCENT" help:"The least share of the floor's throughput that slash commands must have."`
	Bolt   []string `sep:" " placeholder:"COMMAND" help:"What starts an app of Bolt to hold it against, such as 'node .ci/peers/slack/echo.mjs'."`
	GrammY []string `name:"grammy" sep:" " placeholder:"COMMAND" help:"Likewise, of grammY."`
}

// Help is what bench --help adds.
func (*benchTable) Help() string {
	return `Takes some three minutes on a machine that does nothing else, listens on loopback alone, and writes to a folder of its own, which it
removes. The program is started as an operator starts it and driven from outside; what it is held against runs beside it, in turns.
bash .ci/bench installs the apps of Bolt and grammY, builds the program and calls it.

Exit status: 0, or 1 when something could not be measured or the share is below what is needed.`
}

var errFloor = errors.New("slash commands have less of the floor's throughput than is needed")
