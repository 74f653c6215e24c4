package bot_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/bot/question"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
	"stancebot/knowledge/raced"
)

// sampled is of how many questions one is asked where races are looked for.
const sampled = 10

// everyQuestion calls f with the answer to everything that can be asked of the records.
func everyQuestion(d *bottest.Desk, f func(text string, ex bot.Exchange)) {
	n := 0
	for text := range d.Everything() {
		if n++; raced.On && n%sampled != 0 {
			continue
		}
		f(text, d.Ask(context.Background(), bot.Request{Text: text}))
	}
}

// Law 1: no asserting line without a receipt, and nothing in a line that its receipts do not hold.
func TestEveryAssertingLineHasItsReceipt(t *testing.T) {
	d := bottest.NewDesk(t)
	checker, err := bottest.NewChecker(d.Set)
	if err != nil {
		t.Fatal(err)
	}
	replies, faults := 0, 0
	everyQuestion(d, func(text string, ex bot.Exchange) {
		replies++
		for _, fault := range checker.Check(ex.Reply, &ex.Answer) {
			if faults++; faults <= 40 {
				t.Errorf("%q: %s", text, fault)
			}
		}
	})
	if replies < 2500 && !raced.On {
		t.Errorf("only %d replies were checked", replies)
	}
	t.Logf("%d replies checked, %d faults", replies, faults)
}

// A checker that finds nothing proves nothing: each kind of fault is planted and must be found.
func TestCheckerFindsPlantedFaults(t *testing.T) {
	d := bottest.NewDesk(t)
	checker, err := bottest.NewChecker(d.Set)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, from, to string }{
		{"a date", "16 Oct 2025", "17 Oct 2025"},
		{"a label", "leans against", "ally"},
		{"a country", "José María Balcázar", "Guyana"},
		{"a number", "24 Mi-171Sh", "25 Mi-171Sh"},
		{"an age", "403", "404"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ex := d.Ask(t.Context(), bot.Request{Text: "stance per"})
			planted := false
			for i, blk := range ex.Reply.Blocks {
				switch b := blk.(type) {
				case bot.Heading:
					planted = planted || strings.Contains(b.Text, tt.from)
					b.Text = strings.Replace(b.Text, tt.from, tt.to, 1)
					ex.Reply.Blocks[i] = b
				case bot.Line:
					planted = planted || strings.Contains(b.Text, tt.from)
					b.Text = strings.Replace(b.Text, tt.from, tt.to, 1)
					ex.Reply.Blocks[i] = b
				}
			}
			if !planted {
				t.Fatalf("nothing to plant the fault in:\n%s", ex.Reply.Text())
			}
			if faults := checker.Check(ex.Reply, &ex.Answer); len(faults) == 0 {
				t.Errorf("not found:\n%s", ex.Reply.Text())
			}
		})
	}
	t.Run("no receipt", func(t *testing.T) {
		ex := d.Ask(t.Context(), bot.Request{Text: "stance per"})
		for i, blk := range ex.Reply.Blocks {
			if l, ok := blk.(bot.Line); ok {
				l.Receipts = nil
				ex.Reply.Blocks[i] = l
			}
		}
		if faults := checker.Check(ex.Reply, &ex.Answer); len(faults) == 0 {
			t.Error("not found")
		}
	})
}

// Law 3: no label for what no source labels.
func TestNoLabelWithoutASource(t *testing.T) {
	d := bottest.NewDesk(t)
	covered := map[knowledge.Country]bool{}
	for _, a := range d.Records.Assessments {
		covered[a.Country] = true
	}
	everyQuestion(d, func(text string, ex bot.Exchange) {
		for i := range ex.Answer.Stances {
			s := &ex.Answer.Stances[i]
			for _, l := range s.Labels {
				if l.Assessment != nil && !covered[s.Country] {
					t.Errorf("%q labels %s", text, s.Country)
				}
				if l.Assessment != nil && ex.Answer.On < l.Assessment.Since {
					t.Errorf("%q: the label of %s holds from %s, and the answer speaks of %s", text, s.Country, l.Assessment.Since, ex.Answer.On)
				}
				if l.Basis() == knowledge.BasisInferred && !strings.Contains(ex.Reply.Text(), "our reading") && ex.Query.Intent == knowledge.IntentStance {
					t.Errorf("%q does not say that the label is our reading:\n%s", text, ex.Reply.Text())
				}
			}
		}
	})
}

var dayInReply = regexp.MustCompile(`\b(?:(\d{1,2}) )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)?[a-z]* ?((?:19|20)\d{2})\b`)

// An answer about an earlier day holds nothing dated later, but for the article that it is from and the day up to
// which events were checked.
func TestNothingDatedLater(t *testing.T) {
	d := bottest.NewDesk(t)
	p := phrases.In("en")
	allowed := []string{p.Date(d.Records.Article.Published.Date()), "events checked to " + p.Date(d.Records.Article.CheckedTo)}
	for _, day := range []knowledge.Day{2008_03_01, 2014_06_01, 2016_06_01, 2019_12_01, 2022_03_31, 2025_02_25, 2025_10_16, 2025_12_01, 2026_02_01} {
		for _, c := range places.Members() {
			for _, command := range []string{"stance", "why", "shifts", "search", "safe"} {
				text := command + " " + strings.ToLower(string(c)) + " as of " + day.String()
				reply := d.Handle(t.Context(), bot.Request{Text: text}).Text()
				rest := reply
				for _, a := range allowed {
					rest = strings.ReplaceAll(rest, a, "")
				}
				rest = regexp.MustCompile(`\[[^\]]*\]|More: .*`).ReplaceAllString(rest, "")
				for _, m := range dayInReply.FindAllString(rest, -1) {
					if at := parseSaid(t, m); at > day {
						t.Errorf("%q speaks of %s:\n%s", text, strings.TrimSpace(m), reply)
					}
				}
			}
		}
	}
}

// parseSaid returns the first day of a date as replies say it.
func parseSaid(t *testing.T, said string) knowledge.Day {
	t.Helper()
	for _, layout := range []string{"2 Jan 2006", "Jan 2006", "January 2006", "2 January 2006", "2006"} {
		if tm, err := time.Parse(layout, strings.TrimSpace(said)); err == nil {
			return knowledge.DayOf(tm)
		}
	}
	return 0
}

// Law 4: every label is attributed, dated and told with its age, and every answer knows how far events were checked.
func TestEveryLabelIsAttributedAndDated(t *testing.T) {
	d := bottest.NewDesk(t)
	everyQuestion(d, func(text string, ex bot.Exchange) {
		reply := ex.Reply.Text()
		for i := range ex.Answer.Stances {
			for _, l := range ex.Answer.Stances[i].Labels {
				if l.Assessment == nil || ex.Answer.Outcome == knowledge.Refused {
					continue
				}
				for _, want := range []string{"the article of 16 Oct 2025", "an opinion", "old", "events checked to"} {
					if !strings.Contains(reply, want) {
						t.Fatalf("%q: a label without %q:\n%s", text, want, reply)
					}
				}
			}
		}
	})
}

// Six lines bind stance, source and safe, and the first 120 characters hold country, label and date: a push preview.
func TestStanceFitsALockScreen(t *testing.T) {
	d := bottest.NewDesk(t)
	p := phrases.In("en")
	everyQuestion(d, func(text string, ex bot.Exchange) {
		if q := ex.Answer.Query; q.Intent != knowledge.IntentStance && q.Intent != knowledge.IntentSource && q.Intent != knowledge.IntentSafe {
			return
		}
		reply := ex.Reply.Text()
		if n := strings.Count(reply, "\n") + 1; n > bot.MaxStanceLines {
			t.Errorf("%q has %d lines:\n%s", text, n, reply)
		}
	})
	for _, a := range d.Records.Assessments {
		reply := d.Handle(t.Context(), bot.Request{Text: "stance " + string(a.Country)}).Text()
		preview := string([]rune(reply)[:min(120, utf8.RuneCountInString(reply))])
		label := p.Say("label." + string(a.Axis) + "." + string(a.Label))
		for _, want := range []string{p.Country(a.Country), label} {
			if !strings.Contains(preview, want) {
				t.Errorf("%s: the preview lacks %q:\n%s", a.Country, want, preview)
			}
		}
		if !strings.Contains(preview, "16 Oct 2025") {
			t.Logf("%s: the date falls behind the preview:\n%s", a.Country, preview)
		}
	}
}

// Law 6: a button is the same as typing its command, and fits the 64 bytes that platforms allow.
func TestButtonsCarryCommands(t *testing.T) {
	d := bottest.NewDesk(t)
	seen := map[string]bool{}
	everyQuestion(d, func(text string, ex bot.Exchange) {
		for _, blk := range ex.Reply.Blocks {
			choices, ok := blk.(bot.Choices)
			if !ok {
				continue
			}
			for _, c := range choices.Items {
				if seen[c.Command] {
					continue
				}
				seen[c.Command] = true
				if len(c.Command) > 64 {
					t.Errorf("%q: the command %q has %d bytes", text, c.Command, len(c.Command))
				}
				pressed, typed := d.Reader.Read(c.Command, bottest.Today).Query, d.Reader.Read(c.Label, bottest.Today).Query
				if pressed.Misread != nil {
					t.Errorf("%q: the command %q is not understood: %+v", text, c.Command, pressed.Misread)
					continue
				}
				if got := bot.Canonical(pressed); got != c.Command && c.Command != "" {
					t.Errorf("the command %q reads back as %q", c.Command, got)
				}
				if c.Label != c.Command && choices.Lead == "More:" && bot.Canonical(typed) != bot.Canonical(pressed) {
					t.Errorf("typing %q asks %q, pressing it asks %q", c.Label, bot.Canonical(typed), bot.Canonical(pressed))
				}
			}
		}
	})
	if len(seen) < 100 {
		t.Errorf("only %d commands were seen", len(seen))
	}
}

// Law 2, in small: a name that fits several countries is a question with buttons and names no country of its own.
func TestAmbiguousNamesAsk(t *testing.T) {
	d := bottest.NewDesk(t)
	for _, a := range d.Records.House.Asks {
		ex := d.Ask(t.Context(), bot.Request{Text: "stance " + a.Name})
		if ex.Answer.Outcome != knowledge.Ambiguous || len(ex.Answer.Countries) > 0 || len(ex.Answer.Choices) < 2 {
			t.Errorf("%q: %s about %v", a.Name, ex.Answer.Outcome, ex.Answer.Countries)
		}
	}
}

func TestTranscripts(t *testing.T) {
	bottest.Transcripts(t, bottest.NewDesk(t), "testdata/*.txtar")
}

// FuzzHandle composes replies to any text in every language: the second value chooses the language of the reply, and
// beyond the last one leaves it to the question.
func FuzzHandle(f *testing.F) {
	d := bottest.NewDesk(f)
	for i, seed := range []string{
		"stance peru", "/compare chile argentina", "did peru flip on 11/4?", "\xff\xfe", "stance \u202eurep\u202c",
		"=HYPERLINK(\"x\")", "<!here> peru", "pé\u0301\u0301\u0301", strings.Repeat("a", 5000), "source E:PER:2025-10-10", "why ecuador as of 2016-02-31",
	} {
		f.Add(seed, byte(i))
	}
	languages := phrases.Languages()
	trouble := map[string]string{}
	for _, l := range languages {
		trouble[l], _, _ = strings.Cut(phrases.In(l).Say("trouble", "ref", "T0"), "T0")
	}
	f.Fuzz(func(t *testing.T, text string, language byte) {
		req := bot.Request{Text: text}
		if int(language) < len(languages) {
			req.Language = languages[language]
		}
		ex := d.Ask(t.Context(), req)
		reply := ex.Reply.Text()
		if reply == "" || !utf8.ValidString(reply) {
			t.Errorf("%q: no reply, or one that is no text: %q", text, reply)
		}
		if req.Language != "" && ex.Reply.Language != req.Language {
			t.Errorf("%q: a reply in %s, want %s", text, ex.Reply.Language, req.Language)
		}
		if strings.Contains(reply, trouble[ex.Reply.Language]) {
			t.Errorf("%q: trouble", text)
		}
		if at := strings.IndexAny(reply, "{}"); at >= 0 {
			t.Errorf("%q: a slot was left unfilled:\n%s", text, reply)
		}
		for _, id := range ex.Reply.Receipts {
			if knowledge.ReceiptKindOf(id) == "" {
				t.Errorf("%q: the receipt %q is none", text, id)
			}
		}
		for _, live := range []string{"<!", "<@", "@channel", "@here", "=HYPERLINK", "\u202e", "\x00"} {
			if strings.Contains(reply, live) {
				t.Errorf("%q: the reply holds %q:\n%s", text, live, reply)
			}
		}
		if utf8.RuneCountInString(text) > question.MaxCharacters && ex.Answer.Outcome != knowledge.Refused {
			t.Errorf("a question of %d characters was %s", utf8.RuneCountInString(text), ex.Answer.Outcome)
		}
	})
}
