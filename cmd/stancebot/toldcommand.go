package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"stancebot/bot/told"
	"stancebot/knowledge"
)

type toldCommand struct {
	List   toldList   `cmd:"" default:"withargs" help:"What was told where, the newest first."`
	Forget toldForget `cmd:"" help:"Erase what was told in a place and in all that it holds."`
}

type toldList struct {
	Desk    string        `default:"main" help:"Of which desk."`
	Country string        `placeholder:"CODE" help:"About a country alone, such as BOL."`
	Receipt string        `placeholder:"ID" help:"What rests on a receipt alone, such as BOL-01 or D-17."`
	Since   time.Duration `default:"168h" help:"Told within this time alone."`
	Limit   int           `default:"100" help:"At most so many."`
	JSON    bool          `name:"json" help:"For programs, with the whole text; one JSON object a line."`
}

// A listedTelling is a telling as programs read it.
type listedTelling struct {
	At        time.Time           `json:"at"`
	Desk      knowledge.DeskID    `json:"desk"`
	Place     told.Place          `json:"place"`
	Message   string              `json:"message,omitempty"`
	Private   bool                `json:"private"`
	Seq       int64               `json:"seq"` // the last entry of the ledger that was taken into account
	Language  string              `json:"language"`
	Intent    knowledge.Intent    `json:"intent"`
	Command   string              `json:"command,omitempty"`
	Countries []knowledge.Country `json:"countries,omitempty"`
	Receipts  []string            `json:"receipts,omitempty"`
	Text      string              `json:"text"`
}

// Run lists.
func (c *toldList) Run(env *environment) error {
	if c.Limit < 1 || c.Since <= 0 {
		return usageError{errors.New("--limit is a number from 1 on, and --since a time such as 168h")}
	}
	if c.Receipt != "" && knowledge.ReceiptKindOf(c.Receipt) == "" {
		return usageError{errors.New("--receipt is the id of a record, such as BOL-01 or D-17")}
	}
	m, err := env.openMemory()
	if err != nil {
		return err
	}
	defer m.Close() //nolint:errcheck // it was only read
	list, err := m.book.List(env.ctx, knowledge.DeskID(c.Desk), told.Filter{
		Country: knowledge.Country(strings.ToUpper(c.Country)), Receipt: c.Receipt, From: clock().Add(-c.Since),
	}, c.Limit)
	if err != nil {
		return err
	}
	if c.JSON {
		return printTellings(env, list)
	}
	return tableTellings(env, list)
}

func printTellings(env *environment, list []told.Told) error {
	enc := json.NewEncoder(env.stdout)
	enc.SetEscapeHTML(false)
	for i := range list {
		t, r := &list[i], list[i].Reply
		if err := enc.Encode(listedTelling{
			At: t.At, Desk: t.Desk, Place: t.Place, Message: t.Message, Private: t.Private, Seq: t.Seq, Language: r.Language, Intent: r.Intent,
			Command: r.Command, Countries: r.Countries, Receipts: r.Receipts, Text: r.Text,
		}); err != nil {
			return err
		}
	}
	return nil
}

// tableTellings prints a line for each telling, with what its text begins with.
func tableTellings(env *environment, list []told.Told) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(env.stdout, "nothing of that is kept")
		return err
	}
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "told\tplace\tseen by\tledger\tlanguage\tasked as\ttext")
	for i := range list {
		t, r := &list[i], list[i].Reply
		seen := "all there"
		if t.Private {
			seen = "one"
		}
		first, _, _ := strings.Cut(r.Text, "\n")
		fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%s\t%s\t%s\n", t.At.UTC().Format(time.RFC3339), oneLine(string(t.Place)), seen, t.Seq, oneLine(r.Language), oneLine(r.Command), oneLine(first))
	}
	return table.Flush()
}

type toldForget struct {
	Place string `arg:"" help:"The place, such as slack:T1:C2 for a channel with its threads, or telegram:77."`
	Desk  string `help:"Of which desk alone; of every one without it."`
}

// Help is what told forget --help adds.
func (*toldForget) Help() string {
	return `A program that serves may hold what it told in the last second, and keep it after this. A correction no longer finds who
read what is forgotten.`
}

// Run forgets.
func (c *toldForget) Run(env *environment) error {
	platform, rest, _ := strings.Cut(c.Place, ":")
	if !slices.Contains([]string{onSlack, onTelegram, onConsole}, platform) || rest == "" && platform != onConsole || strings.ContainsAny(c.Place, " \t\n") {
		return usageError{fmt.Errorf("%q is no place: write it as slack:T1:C2, telegram:77 or console", c.Place)}
	}
	m, err := env.openMemory()
	if err != nil {
		return err
	}
	defer m.Close() //nolint:errcheck // what was erased is gone by then
	desks := []knowledge.DeskID{knowledge.DeskID(c.Desk)}
	if c.Desk == "" {
		if desks, err = m.book.Desks(env.ctx); err != nil {
			return err
		}
	}
	total := 0
	for _, id := range desks {
		n, err := m.book.Forget(env.ctx, id, told.Place(c.Place))
		if total += n; err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(env.stdout, "forgotten: %d\n", total)
	return err
}
