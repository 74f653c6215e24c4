package main

import (
	"errors"
	"fmt"
	"os"

	"stancebot/adapters/console"
)

type benchCommand struct {
	Today string  `placeholder:"DAY" help:"The calendar of answers (default: the running day)."`
	Need  float64 `placeholder:"PERCENT" help:"The least share of right answers."`
	File  string  `arg:"" help:"A set of questions: one JSON object a line, with what a right answer must show."`
}

// Help is what bench --help adds.
func (*benchCommand) Help() string {
	return `A line of the file, with the fields of ask --json that are to be checked, each a value or a list of equally good ones:
  {"id":"q1","lang":"en","kind":"lookup","q":"stance peru","expect":{"intent":"stance","countries":["PER"]}}

Exit status: 0 when the share is reached and no answer is silently wrong, else 1.`
}

var errScore = errors.New("the score is below what is needed")

// Run scores.
func (c *benchCommand) Run(env *environment) error {
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
