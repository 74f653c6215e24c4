package corpus

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"stancebot/knowledge"
)

// articleVariable names the file that TestQuotesAreVerbatim reads.
const articleVariable = "STANCETEST_ARTICLE"

// paragraphsOf divides the text of the article as the records speak of it: the title, the lead S0, then a section for
// each heading that the records know. Paragraph 0 is the heading, and that of the lead the title.
func paragraphsOf(text string, sections map[string]string) map[knowledge.Where]string {
	headings := map[string]string{}
	for id, heading := range sections {
		headings[heading] = id
	}
	paragraphs := map[knowledge.Where]string{}
	at := knowledge.Where{Section: "S0", Paragraph: -1}
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		if id, ok := headings[line]; ok {
			at = knowledge.Where{Section: id, Paragraph: -1}
		}
		at.Paragraph++
		paragraphs[at] = line
	}
	return paragraphs
}

func TestParagraphsOf(t *testing.T) {
	text := "The title\n\nThe lead.\n \nMore of it.\nMexico\n\nIts text.\n\n\nSummary\nAn end.\n"
	got := paragraphsOf(text, map[string]string{"S0": "(lead)", "S1": "Mexico", "S7": "Summary"})
	for at, want := range map[string]string{
		"S0.0": "The title", "S0.1": "The lead.", "S0.2": "More of it.", "S1.0": "Mexico", "S1.1": "Its text.", "S7.0": "Summary", "S7.1": "An end.",
	} {
		where, err := knowledge.ParseWhere(at)
		if err != nil {
			t.Fatal(err)
		}
		if got[where] != want {
			t.Errorf("%s is %q, want %q", at, got[where], want)
		}
	}
	if len(got) != 7 {
		t.Errorf("%d paragraphs, want 7: %v", len(got), got)
	}
}

// A quote is the article's own words in the paragraph that it names, to the letter. The article itself is not ours to
// ship, so that the test needs somebody who has it.
func TestQuotesAreVerbatim(t *testing.T) {
	r := embeddedRecords(t)
	name := os.Getenv(articleVariable)
	if name == "" {
		t.Skipf("no text of the article: set %s to the absolute path of a file with its English text, one paragraph a line, headings included; "+
			"the article is at %s", articleVariable, r.Article.URL)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("%s: %v", articleVariable, err)
	}
	paragraphs := paragraphsOf(string(text), r.Article.Sections)
	if got := paragraphs[knowledge.Where{Section: "S0"}]; got != r.Article.Title {
		t.Errorf("the text has the title %q, and the records %q", got, r.Article.Title)
	}
	for id, heading := range r.Article.Sections {
		if got := paragraphs[knowledge.Where{Section: id}]; got != heading && id != "S0" {
			t.Errorf("the text has no heading %q for %s", heading, id)
		}
	}

	quotes := 0
	verbatim := func(what, quote string, at knowledge.Where) {
		quotes++
		switch paragraph, ok := paragraphs[at]; {
		case !ok:
			t.Errorf("%s: the text has no paragraph %s", what, at)
		case !strings.Contains(paragraph, quote):
			t.Errorf("%s: %q does not stand in %s%s", what, quote, at, elsewhere(paragraphs, quote))
		}
	}
	for _, c := range r.Claims {
		verbatim(c.ID, c.Quote, c.At)
	}
	for country, list := range r.Quotes {
		for _, q := range list {
			verbatim("label of "+string(country), q.Quote, q.At)
		}
	}
	for _, x := range r.Contradictions {
		verbatim(x.ID+" a", x.A.Quote, x.A.At)
		verbatim(x.ID+" b", x.B.Quote, x.B.At)
	}
	for _, g := range r.Groups {
		if g.Quote != nil {
			verbatim("group "+string(g.ID), g.Quote.Quote, g.Quote.At)
		}
	}
	// Readings of a contested label and shifts name a place without words of it: the paragraph at least is there.
	for _, a := range r.Assessments {
		for _, reading := range a.Of {
			verbatim(fmt.Sprintf("reading of %s", a.Country), "", reading.At)
		}
	}
	for _, sh := range r.Shifts {
		verbatim(sh.ID, "", sh.At)
	}
	if least := len(r.Claims) + 2*len(r.Contradictions) + len(r.Quotes) + len(r.Shifts); quotes < least {
		t.Errorf("%d quotes were looked at, want at least %d", quotes, least)
	}
	t.Logf("%d quotes and places hold", quotes)
}

// elsewhere says in which other paragraphs a quote stands, which is most of what it takes to mend its place.
func elsewhere(paragraphs map[knowledge.Where]string, quote string) string {
	var places []string
	for at, p := range paragraphs {
		if strings.Contains(p, quote) {
			places = append(places, at.String())
		}
	}
	if len(places) == 0 {
		return ""
	}
	return ", but in " + strings.Join(places, ", ")
}
