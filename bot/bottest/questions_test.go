package bottest_test

import (
	"strings"
	"testing"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
)

// What is measured with these questions means something only as far as they are understood, hardly ever repeat, and are
// of all languages and with slips among them.
func TestQuestionsAreUnderstood(t *testing.T) {
	d := bottest.NewDesk(t)
	q := bottest.NewQuestions(t, d.Records, 1)
	const asked = 3000
	distinct, languages, slips, lost := map[string]bool{}, map[string]int{}, 0, 0
	for range asked {
		text, language := q.Next()
		if strings.ContainsAny(text, "{}") {
			t.Fatalf("a slot is left in %q", text)
		}
		distinct[text] = true
		languages[language]++
		ex := d.Ask(t.Context(), bot.Request{Text: text})
		if len(ex.Answer.Query.ReadsAs) > 0 {
			slips++
		}
		switch ex.Answer.Outcome {
		case knowledge.NotUnderstood, knowledge.NotACountry, knowledge.Refused, knowledge.Unavailable:
			lost++
			t.Logf("%s: %q", ex.Answer.Outcome, text)
		}
	}
	t.Logf("%d questions: %d distinct, %d with a name that was misspelt and read, %d not understood, by language %v", asked, len(distinct), slips, lost, languages)
	if len(distinct) < asked*3/4 || slips < asked/25 || lost > asked/20 || len(languages) < 6 {
		t.Error("the questions are not what they should be")
	}
}

func TestQuestionsDependOnTheSeed(t *testing.T) {
	d := bottest.NewDesk(t)
	draw := func(seed uint64) string {
		q, texts := bottest.NewQuestions(t, d.Records, seed), make([]string, 50)
		for i := range texts {
			texts[i], _ = q.Next()
		}
		return strings.Join(texts, "\n")
	}
	first, again, other := draw(7), draw(7), draw(8)
	if first != again {
		t.Error("one seed, two series")
	}
	if first == other {
		t.Error("two seeds, one series")
	}
}
