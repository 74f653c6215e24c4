package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"stancebot/adapters/ledgerfile"
	"stancebot/bot/desk"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

type importLedger struct {
	File   string `arg:"" help:"A file that stancebot export wrote."`
	Format string `enum:"json,yaml,csv," default:"" help:"json, yaml or csv; by the ending of FILE without it."`
	Desk   string `help:"The desk that takes the entries; the one that FILE names without it."`
	recordFlags
}

// Help is what import ledger --help adds.
func (*importLedger) Help() string {
	return `The entries keep their receipts, times and authors; an entry behind them tells of the import and who did it. Those that
the desk has already are left out. One by the same receipt that says something else refuses the whole import.`
}

var errNotImported = errors.New("nothing was imported")

// Run imports.
func (c *importLedger) Run(env *environment) error {
	file, err := c.read()
	if err != nil {
		return err
	}
	author, err := env.editor()
	if err != nil {
		return err
	}
	d, err := env.openDesk()
	if err != nil {
		return err
	}
	defer d.Close() //nolint:errcheck // what was imported is durable by then
	importer := &desk.Importer{Ledger: d.ledger, Shared: d.holder.Core(""), Editors: d.editors, Now: clock}
	into := file.Head.Desk
	if c.Desk != "" {
		into = knowledge.DeskID(c.Desk)
	}
	plan, err := importer.Prepare(env.ctx, desk.Import{Desk: into, Author: author, Reason: c.Reason, From: file.Head, Entries: file.Entries})
	if err != nil {
		return usageError{err}
	}
	if len(plan.New) == 0 {
		_, err := fmt.Fprintf(env.stdout, "nothing new: desk %s has all %d entries\n", into, plan.Known)
		return err
	}
	if err := showImport(env.stdout, plan); err != nil {
		return err
	}
	if !c.Yes {
		if agreed, err := env.agrees("Import this?"); err != nil || !agreed {
			return errors.Join(err, errNotImported)
		}
	}
	entries, err := importer.Do(env.ctx, plan)
	if moved := (*ledger.MovedError)(nil); errors.As(err, &moved) {
		err = fmt.Errorf("%w: the desk recorded something meanwhile: import again", err)
	}
	if err != nil {
		return errors.Join(err, errNotImported)
	}
	_, err = fmt.Fprintf(env.stdout, "imported: %d entries, of which %s tells\n", len(plan.New), entries[len(entries)-1].ID)
	return err
}

func (c *importLedger) read() (*ledgerfile.File, error) {
	format, err := formatFor(c.Format, c.File)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(c.File)
	if err != nil {
		return nil, usageError{fmt.Errorf("the file cannot be read: %w", err)}
	}
	defer f.Close() //nolint:errcheck // it was only read
	file, err := ledgerfile.Read(f, format)
	if wrong := (*ledgerfile.Error)(nil); errors.As(err, &wrong) {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return file, err
}

// showImport says what an import would do.
func showImport(w io.Writer, p *desk.ImportPlan) error {
	kinds := map[ledger.Kind]int{}
	for i := range p.New {
		kinds[p.New[i].Kind]++
	}
	var counts []string
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		counts = append(counts, fmt.Sprintf("%d %s", kinds[kind], kind))
	}
	first, last := &p.New[0], &p.New[len(p.New)-1]
	_, err := fmt.Fprintf(w, "into desk %s\n  head of the file: %s\n  new: %d entries, %s (%s) to %s (%s)\n       %s\n  here already: %d\n",
		p.Import.Desk, p.Import.From, len(p.New), first.ID, knowledge.DayOf(first.At), last.ID, knowledge.DayOf(last.At), strings.Join(counts, ", "), p.Known)
	return err
}
