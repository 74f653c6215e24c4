package bot

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"stancebot/knowledge"
	"stancebot/knowledge/sheet"
)

// export says what is exported, with the first labels of it, and puts all of it into a file.
func (c *composer) export(a *knowledge.Answer) {
	var first []*knowledge.Stance
	n := 0
	for i := range a.Stances {
		s := &a.Stances[i]
		c.cites(labelClaims(s)...)
		if !labelled(s) {
			continue
		}
		if n++; len(first) < PageRows {
			first = append(first, s)
		}
	}
	c.heading(c.exportHeading(a, n))
	for _, s := range first {
		c.labelRow(s)
	}
	if n > 0 {
		c.articleBasis(a)
	}
	c.staleCountries(a, "export.stale")
	c.reply.File = &File{Name: exportName(a), Type: "text/csv", Data: exportTable(c, a), Note: c.say("export.note", "n", len(a.Countries), "date", a.On, "version", a.Version)}
	c.own(c.say("export.file", "file", c.reply.File.Name, "note", c.reply.File.Note))
	if n < len(a.Countries) {
		c.own(c.say("export.unlabelled", "n", len(a.Countries)-n))
	}
	c.names(&a.Query)
	c.more(exportLeads(a)...)
}

// staleCountries names, in a phrase, the countries whose labels are stale.
func (c *composer) staleCountries(a *knowledge.Answer, key string) {
	var stale []knowledge.Country
	var causes []string
	for i := range a.Stances {
		s := &a.Stances[i]
		if len(s.Stale) > 0 {
			stale = append(stale, s.Country)
		}
		for j := range s.Stale {
			causes = append(causes, s.Stale[j].Causes()...)
		}
	}
	if len(stale) > 0 {
		c.asserts(c.say(key, "countries", stale), causes...)
	}
}

// exportHeading says of what the file is, and how many of it are labelled.
func (c *composer) exportHeading(a *knowledge.Answer, n int) string {
	if a.Group == nil {
		return c.say("export.heading", "what", c.p.Countries(a.Countries), "n", n, "all", len(a.Countries))
	}
	return c.say("export.heading", "what", c.p.Group(a.Group.Group.ID), "n", n, "all", len(a.Countries))
}

// exportLeads are what shows more of what was exported than the file.
func exportLeads(a *knowledge.Answer) []knowledge.Query {
	if a.Group != nil {
		return []knowledge.Query{{Intent: knowledge.IntentGroup, Group: a.Group.Group.ID, AsOf: a.Query.AsOf, KnownAt: a.Query.KnownAt}}
	}
	var next []knowledge.Query
	for _, country := range a.Countries[:min(len(a.Countries), knowledge.MaxCompared)] {
		next = append(next, leadsOn(a.Query, knowledge.IntentStance, country))
	}
	return next
}

// notExported says what is exported, and offers that of those named.
func (c *composer) notExported(a *knowledge.Answer) {
	c.own(c.say("export.form"))
	if q := a.Query; len(q.Countries) > 0 || q.Group != "" {
		q.Matter, q.Resolution = "", ""
		c.more(q)
	}
}

// maxNamed is how many countries a file is named after.
const maxNamed = 3

// exportName names a file after what it holds and the day that it speaks of.
func exportName(a *knowledge.Answer) string {
	parts := []string{"stancebot"}
	switch {
	case a.Group != nil:
		parts = append(parts, strings.ReplaceAll(string(a.Group.Group.ID), "_", "-"))
	case len(a.Countries) <= maxNamed:
		for _, country := range a.Countries {
			parts = append(parts, strings.ToLower(string(country)))
		}
	default:
		parts = append(parts, "countries")
	}
	return strings.Join(append(parts, a.On.String()), "-") + ".csv"
}

// between parts the values of one cell: no id holds it, and no spreadsheet parts cells by it.
const between = "|"

// exportTable is the file: a row for each country, after RFC 4180. Labels, verdicts and columns are in the words of the records,
// whatever the language, so that programs find them.
func exportTable(c *composer, a *knowledge.Answer) []byte {
	var b bytes.Buffer
	b.WriteString(sheet.ByteOrderMark)
	row := func(cells []string) { b.WriteString(sheet.Row(cells...) + "\r\n") }
	row(exportColumns(a))
	for i := range a.Stances {
		row(exportCells(c, a, &a.Stances[i]))
	}
	return b.Bytes()
}

func exportColumns(a *knowledge.Answer) []string {
	columns := []string{"iso3", "country"}
	for _, axis := range axesShown(a) {
		for _, column := range []string{"label", "readings", "basis", "since", "receipts", "verdict", "corrections", "article_label"} {
			columns = append(columns, string(axis)+"_"+column)
		}
	}
	return append(columns, "stale", "stale_receipts", "as_of", "known_at", "data_version", "article_date", "events_checked_to")
}

func exportCells(c *composer, a *knowledge.Answer, s *knowledge.Stance) []string {
	cells := []string{string(s.Country), c.p.Country(s.Country)}
	for _, l := range s.Labels {
		cells = append(cells, exportLabel(a, l)...)
	}
	stale, causes := "", []string(nil)
	if labelled(s) {
		stale = "no"
	}
	for i := range s.Stale {
		stale = "yes"
		causes = append(causes, s.Stale[i].Causes()...)
	}
	return append(cells, stale, strings.Join(compact(causes), between), a.On.String(), cmp.Or(a.Query.KnownAt, a.Query.Today).String(), a.Version,
		a.Article.Published.String(), a.CheckedTo.String())
}

// exportLabel writes one label. The article's stands beside one of the desk: nobody takes the one for the other.
func exportLabel(a *knowledge.Answer, l knowledge.Labelled) []string {
	as := l.Assessment
	if as == nil {
		return []string{string(l.Label()), "", string(l.Basis()), "", "", "", "", ""}
	}
	readings := make([]string, len(as.Of))
	for i, r := range as.Of {
		readings[i] = string(r.Label)
	}
	var corrections []string
	for _, id := range as.Claims {
		if k := a.Corrected[id]; k != nil && !slices.Contains(corrections, k.Recorded.Receipt) {
			corrections = append(corrections, k.Recorded.Receipt)
		}
	}
	article := ""
	if l.Article != nil {
		article = string(l.Article.Label)
	}
	return []string{
		string(as.Label), strings.Join(readings, between), string(as.Basis), as.Since.String(), strings.Join(as.Claims, between), string(l.Verdict),
		strings.Join(corrections, between), article,
	}
}
