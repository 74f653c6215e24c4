package bot_test

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// exported returns the rows of an export by the names of their columns, as another program reads them.
func exported(t *testing.T, r *bot.Reply) []map[string]string {
	t.Helper()
	if r.File == nil {
		t.Fatalf("no file goes with\n%s", r.Text())
	}
	text, marked := strings.CutPrefix(string(r.File.Data), "\ufeff")
	if !marked || strings.Count(text, "\n") != strings.Count(text, "\r\n") || !strings.HasSuffix(text, "\r\n") || len(text) > bot.MaxFile {
		t.Errorf("%s is no file that a spreadsheet opens, of %d bytes", r.File.Name, len(text))
	}
	table, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, cells := range table[1:] {
		row := map[string]string{}
		for i, cell := range cells {
			row[table[0][i]] = cell
		}
		rows = append(rows, row)
	}
	return rows
}

// The files of a region, of the world, of a day before, and of a desk are as they were written down.
func TestExports(t *testing.T) {
	t.Parallel()
	d := bottest.NewDesk(t)
	d.Record(t, deskLedger()...)
	for name, req := range map[string]bot.Request{
		"caribbean": {Text: "export caribbean csv"},
		"world":     {Text: "export world"},
		"then":      {Text: "export peru chile as of 2025-12-01"},
		"desk":      {Text: "export bolivia, peru, france, brazil", Desk: knowledge.DefaultDesk},
		"russian":   {Text: "export andean on russia", Language: "ru"},
	} {
		r := d.Handle(t.Context(), req)
		exported(t, &r)
		got := bytes.ReplaceAll(bytes.ReplaceAll(r.File.Data, []byte("\r\n"), []byte("\n")), []byte(d.Records.Version), []byte("VERSION")) // any change of the records changes it
		file := "testdata/exports/" + name + ".csv"
		if bottest.Update() {
			if err := os.WriteFile(file, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%q (-want +got; run with -update when the change is meant):\n%s", req.Text, diff)
		}
	}
}

// Each row of an export tells what the answer about its country alone tells, on whatever day and by whatever was known.
func TestRowsOfExportsAreStances(t *testing.T) {
	t.Parallel()
	d := bottest.NewDesk(t)
	d.Record(t, deskLedger()...)
	for _, desk := range []knowledge.DeskID{"", knowledge.DefaultDesk} {
		for _, when := range []string{"", " as of 2025-12-01", " as of 2016-06-01", " known 2025-11-12"} {
			r := d.Handle(t.Context(), bot.Request{Text: "export world" + when, Desk: desk})
			for _, row := range exported(t, &r) {
				one := d.Ask(t.Context(), bot.Request{Text: "stance " + named(row["iso3"]) + when, Desk: desk})
				if len(one.Answer.Stances) == 0 {
					continue // a pole, which has none
				}
				want := stanceRow(&one.Answer)
				got := maps.Clone(row)
				maps.DeleteFunc(got, func(column, _ string) bool { _, told := want[column]; return !told })
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s%s of desk %q (-stance +export):\n%s", row["iso3"], when, desk, diff)
				}
			}
		}
	}
}

// named is how a code is typed that is a word as well.
func named(code string) string {
	if code == "AND" {
		return "andorra"
	}
	return code
}

// stanceRow is what a row must hold of a stance.
func stanceRow(a *knowledge.Answer) map[string]string {
	s := &a.Stances[0]
	row := map[string]string{"iso3": string(s.Country), "stale": "", "as_of": a.On.String(), "events_checked_to": a.CheckedTo.String()}
	for _, l := range s.Labels {
		axis := string(l.Axis) + "_"
		row[axis+"label"], row[axis+"basis"], row[axis+"since"], row[axis+"receipts"] = string(l.Label()), string(l.Basis()), "", ""
		if as := l.Assessment; as != nil {
			row[axis+"since"], row[axis+"receipts"] = as.Since.String(), strings.Join(as.Claims, "|")
			row["stale"] = map[bool]string{true: "yes", false: "no"}[len(s.Stale) > 0]
		}
	}
	return row
}

// No cell is run as a formula, rows are in the order of the codes, and equal questions get the same file.
func TestExportsOpenSafely(t *testing.T) {
	t.Parallel()
	d := bottest.NewDesk(t)
	for _, language := range phrases.Languages() {
		r := d.Handle(t.Context(), bot.Request{Text: "export world", Language: language})
		rows := exported(t, &r)
		if len(rows) != 193 || !slices.IsSortedFunc(rows, func(a, b map[string]string) int { return strings.Compare(a["iso3"], b["iso3"]) }) {
			t.Errorf("%s: %d rows, or in no order", language, len(rows))
		}
		for _, row := range rows {
			for column, cell := range row {
				if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
					t.Errorf("%s: %s of %s is %q", language, column, row["iso3"], cell)
				}
			}
		}
		again := d.Handle(t.Context(), bot.Request{Text: "export world", Language: language})
		if !bytes.Equal(r.File.Data, again.File.Data) || r.File.Name != again.File.Name {
			t.Errorf("%s: the same question got another file", language)
		}
		if text := r.Text(); strings.ContainsAny(text, "{}") || !strings.Contains(text, r.File.Name) || !strings.Contains(text, r.File.Note) {
			t.Errorf("%s: a slot is open, or the file is not told:\n%s", language, text)
		}
	}
}

func TestTheOrderOfTheQuestionChangesNoExport(t *testing.T) {
	t.Parallel()
	d := bottest.NewDesk(t)
	one, other := d.Handle(t.Context(), bot.Request{Text: "export peru chile"}), d.Handle(t.Context(), bot.Request{Text: "export chile, peru and chile"})
	if !bytes.Equal(one.File.Data, other.File.Data) || one.File.Name != other.File.Name {
		t.Errorf("%s and %s differ:\n%s\n%s", one.File.Name, other.File.Name, one.File.Data, other.File.Data)
	}
}

// What is no export of labels is declined with what is, and brings no file.
func TestWhatIsNotExported(t *testing.T) {
	t.Parallel()
	d := bottest.NewDesk(t)
	for _, text := range []string{
		"export", "export csv", "export wakanda", "export caribbean xlsx", "export peru as json", "export the votes of peru as csv", "export es-11/1",
		"telecharge le tableau des votes en excel", "baixa a tabela de votos em excel", "выгрузи голосования в csv", "导出古巴的投票",
	} {
		ex := d.Ask(t.Context(), bot.Request{Text: text})
		if ex.Answer.Outcome != knowledge.Unavailable || ex.Reply.File != nil || !strings.Contains(ex.Reply.Text(), "export caribbean") {
			t.Errorf("%q: %s\n%s", text, ex.Answer.Outcome, ex.Reply.Text())
		}
	}
	for text, want := range map[string]knowledge.Outcome{
		"export russia": knowledge.PoleItself, "export taiwan": knowledge.StatusNote, "export congo": knowledge.Ambiguous,
		"export peru as of 1990-01-01": knowledge.OutOfSpan, "exporta brasil": knowledge.Answered, "导出古巴": knowledge.Answered, "export germany": knowledge.Partial,
	} {
		ex := d.Ask(t.Context(), bot.Request{Text: text})
		if holds := want == knowledge.Answered || want == knowledge.Partial; ex.Answer.Outcome != want || (ex.Reply.File != nil) != holds {
			t.Errorf("%q: %s, with a file: %t\n%s", text, ex.Answer.Outcome, ex.Reply.File != nil, ex.Reply.Text())
		}
	}
}

// The line to cite names its source, a date and what it rests on, in every language.
func TestTheLineToCiteIsWhole(t *testing.T) {
	t.Parallel()
	d := bottest.NewDesk(t)
	for _, language := range phrases.Languages() {
		p := phrases.In(language)
		said := p.Say("safe.cite.article", "date", d.Records.Article.Published, "country", knowledge.Country("PER"), "labels", "")
		r := d.Handle(t.Context(), bot.Request{Text: "safe peru", Language: language})
		at := slices.IndexFunc(r.Blocks, func(b bot.Block) bool {
			l, line := b.(bot.Line)
			return line && strings.HasPrefix(l.Text, strings.TrimSpace(said))
		})
		if at < 0 {
			t.Errorf("%s: no line to cite in\n%s", language, r.Text())
			continue
		}
		if l, _ := r.Blocks[at].(bot.Line); !slices.Contains(l.Receipts, "PER-05") || !strings.Contains(l.Text, "2025") {
			t.Errorf("%s: the line is %q, on %v", language, l.Text, l.Receipts)
		}
	}
}
