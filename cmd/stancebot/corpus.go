package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"text/tabwriter"

	"stancebot/knowledge/check"
	"stancebot/knowledge/corpus"
)

type corpusCommand struct {
	Lint  corpusLint  `cmd:"" help:"Hold the records, or a folder that overlays them, against every rule and print all problems."`
	List  corpusList  `cmd:"" help:"List the records."`
	Show  corpusShow  `cmd:"" help:"Print one record as it stands in its file."`
	Diff  corpusDiff  `cmd:"" help:"Print what a folder that overlays the records would change."`
	Check corpusCheck `cmd:"" help:"Hold the claims against the record and against each other, and print what is found."`
}

type corpusLint struct {
	JSON bool   `help:"Write one JSON object a problem."`
	Dir  string `arg:"" optional:"" help:"A folder of YAML files, named like those of the corpus."`
}

var errProblems = errors.New("the records were refused")

// Run lints.
func (c *corpusLint) Run(env *environment) error {
	set, err := env.records()
	if err == nil && c.Dir != "" {
		set, err = overlay(set, c.Dir)
	}
	if le := (*corpus.LintError)(nil); errors.As(err, &le) {
		if err := c.print(env.stdout, le.Problems); err != nil {
			return err
		}
		return fmt.Errorf("%w: problems: %d", errProblems, len(le.Problems))
	}
	if err != nil {
		return err
	}
	if problems := set.Lint(); len(problems) > 0 {
		return errors.Join(c.print(env.stdout, problems), errProblems)
	}
	if c.JSON {
		return nil
	}
	items, err := set.Items()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "%d records, no problem (version %s)\n", len(items), set.Version())
	return err
}

func (c *corpusLint) print(w io.Writer, problems []corpus.Problem) error {
	if c.JSON {
		enc := json.NewEncoder(w)
		for _, p := range problems {
			if err := enc.Encode(p); err != nil {
				return err
			}
		}
		return nil
	}
	return printProblems(w, problems)
}

// printProblems prints problems grouped by file, each with its line and what to do.
func printProblems(w io.Writer, problems []corpus.Problem) error {
	file := ""
	for _, p := range problems {
		if p.File != file {
			file = p.File
			if _, err := fmt.Fprintln(w, file); err != nil {
				return err
			}
		}
		where := ""
		if p.Line > 0 {
			where = fmt.Sprintf("line %d: ", p.Line)
		}
		if p.At != "" {
			where += p.At + ": "
		}
		if _, err := fmt.Fprintf(w, "  %s%s\n    → %s\n", where, p.What, p.Do); err != nil {
			return err
		}
	}
	return nil
}

type corpusList struct {
	JSON   bool   `help:"Write one JSON object a record."`
	Filter string `arg:"" optional:"" help:"Only records whose id, file or kind holds this."`
}

// Run lists.
func (c *corpusList) Run(env *environment) error {
	items, err := env.items()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(env.stdout)
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	for _, it := range items {
		if f := strings.ToLower(c.Filter); f != "" && !strings.Contains(strings.ToLower(it.ID+"\n"+it.File+"\n"+it.Kind), f) {
			continue
		}
		if c.JSON {
			err = enc.Encode(struct {
				ID   string `json:"id"`
				Kind string `json:"kind"`
				File string `json:"file"`
			}{it.ID, it.Kind, it.File})
		} else {
			_, err = fmt.Fprintf(table, "%s\t%s\t%s\n", it.ID, it.Kind, it.File)
		}
		if err != nil {
			return err
		}
	}
	return table.Flush()
}

func (env *environment) items() ([]corpus.Item, error) {
	set, err := env.records()
	if err != nil {
		return nil, err
	}
	return set.Items()
}

type corpusShow struct {
	JSON bool   `help:"Print it as JSON."`
	ID   string `arg:"" help:"The id of the record, as corpus list prints it."`
}

// Run shows.
func (c *corpusShow) Run(env *environment) error {
	items, err := env.items()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(items, func(it corpus.Item) bool { return strings.EqualFold(it.ID, c.ID) })
	if i < 0 {
		return usageError{fmt.Errorf("no record has the id %q: stancebot corpus list prints them", c.ID)}
	}
	if c.JSON {
		_, err = fmt.Fprintf(env.stdout, "%s\n", items[i].JSON)
		return err
	}
	text, err := items[i].YAML()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "# %s, %s\n%s", items[i].File, items[i].Kind, text)
	return err
}

type corpusDiff struct {
	Dir string `arg:"" help:"A folder of YAML files, named like those of the corpus."`
}

// Run compares.
func (c *corpusDiff) Run(env *environment) error {
	old, err := env.records()
	if err != nil {
		return err
	}
	changed, err := overlay(old, c.Dir)
	if le := (*corpus.LintError)(nil); errors.As(err, &le) {
		return errors.Join(printProblems(env.stdout, le.Problems), errProblems)
	}
	if err != nil {
		return err
	}
	changes, err := corpus.Diff(old, changed)
	if err != nil {
		return err
	}
	for _, ch := range changes {
		if err := printChange(env.stdout, &ch); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(env.stdout, "records changed: %d\n", len(changes))
	return err
}

// printChange prints the lines of a record that go and those that come.
func printChange(w io.Writer, ch *corpus.Change) error {
	lines := func(it *corpus.Item) ([]string, error) {
		if it == nil {
			return nil, nil
		}
		text, err := it.YAML()
		return strings.Split(strings.TrimSuffix(text, "\n"), "\n"), err
	}
	before, err := lines(ch.Old)
	if err != nil {
		return err
	}
	after, err := lines(ch.New)
	if err != nil {
		return err
	}
	mark := map[bool]string{true: "changed"}[ch.Old != nil && ch.New != nil]
	switch {
	case ch.Old == nil:
		mark = "added"
	case ch.New == nil:
		mark = "removed"
	}
	if _, err := fmt.Fprintf(w, "%s (%s): %s\n", ch.ID, ch.File, mark); err != nil {
		return err
	}
	for _, side := range []struct {
		mark       string
		own, other []string
	}{{"-", before, after}, {"+", after, before}} {
		for _, line := range side.own {
			if slices.Contains(side.other, line) {
				continue
			}
			if _, err := fmt.Fprintf(w, "  %s %s\n", side.mark, line); err != nil {
				return err
			}
		}
	}
	return nil
}

type versionCommand struct {
	JSON bool `help:"Print it as JSON."`
}

// Run prints the versions.
func (c *versionCommand) Run(env *environment) error {
	records, err := env.decoded()
	if err != nil {
		return err
	}
	program := programVersion()
	if c.JSON {
		return json.NewEncoder(env.stdout).Encode(struct {
			Program   string `json:"program"`
			Records   string `json:"records"`
			CheckedTo string `json:"checked_to"`
			Go        string `json:"go"`
		}{program, records.Version, records.Article.CheckedTo.String(), runtime.Version()})
	}
	_, err = fmt.Fprintf(env.stdout, "stancebot %s, records %s (events checked to %s), %s %s/%s\n", program, records.Version,
		records.Article.CheckedTo, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// programVersion returns the version of this program, or "devel".
func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return buildVersion(info)
	}
	return "devel"
}

// buildVersion returns the module's version, or the commit that it was built from.
func buildVersion(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}

type corpusCheck struct {
	JSON bool `help:"Write one JSON object a verdict and a finding."`
}

// Run checks.
func (c *corpusCheck) Run(env *environment) error {
	records, err := env.decoded()
	if err != nil {
		return err
	}
	checker := check.New(records)
	if c.JSON {
		return c.printJSON(env.stdout, checker)
	}
	table := tabwriter.NewWriter(env.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "claim\tcurated\tcomputed\tthe record (✗ goes against the claim)")
	verdicts := checker.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", v.Claim.ID, v.Claim.Check.Status, v.Status, v)
	}
	fmt.Fprintln(table, "\nrule\tcountries\tclaims\tcurated as, or the record")
	for _, f := range checker.Radar() {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", f.Rule, joined(f.Countries), joined(f.Claims), joined(slices.Concat(f.Known, f.Receipts)))
	}
	return table.Flush()
}

// joined writes codes in a row.
func joined[S ~string](codes []S) string {
	texts := make([]string, len(codes))
	for i, code := range codes {
		texts[i] = string(code)
	}
	return strings.Join(texts, " ")
}

func (c *corpusCheck) printJSON(w io.Writer, checker *check.Checker) error {
	enc := json.NewEncoder(w)
	verdicts := checker.Verdicts()
	for i := range verdicts {
		v := &verdicts[i]
		if err := enc.Encode(map[string]any{"claim": v.Claim.ID, "curated": v.Claim.Check.Status, "computed": v.Status, "cells": v.Cells}); err != nil {
			return err
		}
	}
	for _, f := range checker.Radar() {
		if err := enc.Encode(map[string]any{"rule": f.Rule, "countries": f.Countries, "claims": f.Claims, "known": f.Known, "receipts": f.Receipts}); err != nil {
			return err
		}
	}
	return nil
}
