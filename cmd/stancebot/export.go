package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"stancebot/adapters/ledgerfile"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

type exportCommand struct {
	Format string `enum:"json,yaml,csv," default:"" help:"json, yaml for people or csv for spreadsheets; by the ending of FILE, else json."`
	Desk   string `default:"main" help:"The desk whose ledger is written."`
	Force  bool   `help:"Replace FILE where it is there already."`
	File   string `arg:"" optional:"" help:"Where to; standard output without one."`
}

// Help is what export --help adds.
func (*exportCommand) Help() string {
	return `The file holds every entry with its time, author and hashes, and names the head of the chain: whoever reads it sees
when an entry was changed, is missing or was cut off. stancebot import ledger FILE takes it in elsewhere. The head is
printed, too: keep it apart from the file, and compare.`
}

// Run exports.
func (c *exportCommand) Run(env *environment) error {
	format, err := formatFor(c.Format, c.File)
	if err != nil {
		return err
	}
	s, err := env.openStored()
	if err != nil {
		return err
	}
	defer s.Close() //nolint:errcheck // it was only read
	desk := knowledge.DeskID(c.Desk)
	if err := s.knows(env, desk); err != nil {
		return err
	}
	head, err := ledger.Audit(env.ctx, s, desk) // a cut tail shows by what was verified before
	if err != nil {
		return err
	}
	write := func(w io.Writer) error {
		return ledgerfile.Write(w, format, head, ledger.Follow(ledger.Head{Desk: desk}, s.Rows(env.ctx, desk, 0)))
	}
	if c.File == "" {
		err = write(env.stdout)
	} else {
		err = c.keep(write)
	}
	if err == nil {
		fmt.Fprintln(env.stderr, "head:", head) // beside the file wherever that goes
	}
	return err
}

// keep writes the file.
func (c *exportCommand) keep(write func(io.Writer) error) error {
	return whole(c.File, c.Force, func(unfinished string) error {
		f, err := os.OpenFile(unfinished, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	})
}

// formatFor returns the format that is named, or that of a file's name; JSON where there is neither.
func formatFor(named, file string) (ledgerfile.Format, error) {
	if named != "" || file == "" {
		if named == "" {
			return ledgerfile.JSON, nil
		}
		return ledgerfile.Format(named), nil
	}
	f, err := ledgerfile.FormatOf(file)
	if err != nil {
		return "", usageError{fmt.Errorf("--format: %w", err)}
	}
	return f, nil
}

// knows makes sure that a desk has entries, or had some.
func (s *stored) knows(env *environment, desk knowledge.DeskID) error {
	desks, err := s.Desks(env.ctx)
	if err == nil && !slices.Contains(desks, desk) {
		err = usageError{fmt.Errorf("desk %s has no entries in %s: %s", desk, s.db, has(desks))}
	}
	return err
}

// has says which desks have entries.
func has(desks []knowledge.DeskID) string {
	if len(desks) == 0 {
		return "no desk has"
	}
	names := make([]string, len(desks))
	for i, d := range desks {
		names[i] = string(d)
	}
	return "those that have are " + strings.Join(names, ", ")
}
