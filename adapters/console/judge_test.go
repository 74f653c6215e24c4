package console_test

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stancebot/adapters/console"
	"stancebot/bot/bottest"
	"stancebot/bot/contract"
	"stancebot/knowledge"
)

func TestJudge(t *testing.T) {
	russia, group := knowledge.TowardRussia, knowledge.GroupID("brics")
	peru := func() contract.Object {
		return contract.Object{
			Intent: "stance", Outcome: "answered", Language: "en", Countries: []knowledge.Country{"PER"}, Receipts: []string{"PER-05"},
			Labels: []contract.Label{{Country: "PER", Axis: "russia", Label: "leaning_adversary"}, {Country: "PER", Axis: "washington", Label: "aligned"}},
			Votes:  []contract.Vote{{Country: "PER", Resolution: "ES-11/1", Position: "yes"}}, Text: "Peru ABSTAINED",
		}
	}
	for _, tt := range []struct {
		expect string
		change func(*contract.Object)
		silent bool
		says   string // a piece of why, "" when the answer is right
	}{
		{`{"intent":["stance"],"outcome":"answered","countries":["PER"],"labels":{"PER.russia":"leaning_adversary"},"votes":{"PER.ES-11/1":"yes"}}`, nil, false, ""},
		{`{}`, nil, false, ""},
		{`{"intent":["votes","group"]}`, nil, false, `intent "stance", want "votes" or "group"`},
		{`{"outcome":["ambiguous"]}`, nil, true, `outcome "answered"`},
		{`{"outcome":["partial"]}`, nil, false, `outcome "answered"`},
		{`{"countries":["CHL"]}`, nil, true, "countries [PER], want [CHL]"},
		{`{"countries":["PER","CHL"]}`, nil, false, "countries [PER]"},
		{`{"countries":[]}`, nil, true, "countries"},
		{`{"labels":{"PER.russia":"ally"}}`, nil, true, "label PER.russia"},
		{`{"labels":{"CHL.russia":"ally"}}`, nil, false, "label CHL.russia"},
		{`{"labels":{"CHL.russia":[null,"ally"]}}`, nil, false, ""},
		{`{"votes":{"PER.ES-11/1":"no"}}`, nil, true, "vote PER.ES-11/1"},
		{`{"votes":{"PER.ES-11/1":null}}`, nil, true, "vote PER.ES-11/1"},
		{`{"axis":null}`, nil, false, ""},
		{`{"axis":"russia"}`, nil, true, "axis"},
		{`{"axis":"russia"}`, func(o *contract.Object) { o.Axis = &russia }, false, "on the other axis"},
		{`{"group":"alba"}`, func(o *contract.Object) { o.Group = &group }, true, `group "brics"`},
		{`{"since":"2022-01-01"}`, nil, false, "since"},
		{`{"language":"es"}`, nil, false, "language"},
		{`{"choices":["COG"]}`, nil, false, "choice COG"},
		{`{"receipts_has":["PER-05","F-02"]}`, nil, false, "receipt F-02"},
		{`{"text_has":["abst"],"text_lacks":["chile"]}`, nil, false, ""},
		{`{"text_has":["chile"]}`, nil, false, "lacks"},
		{`{"text_lacks":["peru"]}`, nil, false, "has"},
		{`{}`, func(o *contract.Object) { o.Outcome = "not_covered" }, true, "a label of PER where none is"},
	} {
		questions, err := console.ReadQuestions(strings.NewReader(`{"id":"q","q":"x","expect":` + tt.expect + `}`))
		if err != nil {
			t.Fatal(err)
		}
		o := peru()
		if tt.change != nil {
			tt.change(&o)
		}
		v := questions[0].Expect.Judge(&o)
		why := strings.Join(v.Why, "; ")
		if v.Silent != tt.silent || (why == "") != (tt.says == "") || !strings.Contains(why, tt.says) {
			t.Errorf("%s: %q, silent %v; want …%s…, silent %v", tt.expect, why, v.Silent, tt.says, tt.silent)
		}
	}
}

func TestBadQuestionsAreNamed(t *testing.T) {
	for text, says := range map[string]string{
		"{\"q\":\"a\"}\n{\"q\":\"b\",\"expekt\":{}}": "question 2",
		"{\"q\":\"\"}":      "question 1: it is empty",
		"{\"q\":\"a\\nb\"}": "line break",
		"{\"q\":\"a\",\"expect\":{\"intent\":[1]}}":               "question 1",
		"{\"q\":\"a\",\"expect\":{\"intent\":{\"stance\":true}}}": "want a text, null, or a list of them",
	} {
		if _, err := console.ReadQuestions(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want …%s…", text, err, says)
		}
	}
}

// The sets under testdata/questions were written by people who had not seen the reader's words, and then tuned on: what
// they hold stays understood, and nothing is silently wrong.
func TestQuestionSets(t *testing.T) {
	const need = 97
	files, err := filepath.Glob("testdata/questions/*.jsonl")
	if err != nil || len(files) < 6 {
		t.Fatalf("%v, %v", files, err)
	}
	desk := bottest.NewDesk(t)
	asker := console.Asker{Bot: desk.Bot}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			file, err := os.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close() //nolint:errcheck // it was only read
			questions, err := console.ReadQuestions(file)
			if err != nil {
				t.Fatal(err)
			}
			var misses strings.Builder
			score, err := asker.Score(t.Context(), io.Writer(&misses), questions)
			if err != nil {
				t.Fatal(err)
			}
			if score.Silent > 0 || score.Percent() < need {
				t.Errorf("%s", misses.String())
			}
		})
	}
}
