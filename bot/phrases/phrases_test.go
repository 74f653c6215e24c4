package phrases

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus/corpustest"
)

// literal finds the strings of the sources that may be keys, or the beginnings of keys.
var literal = regexp.MustCompile(`"([a-z][a-z_]*(?:\.[a-z_0-9]*)*)"`)

// sourceLiterals returns every string literal of the rooms that say things.
func sourceLiterals(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	for _, pattern := range []string{"../*.go", "../desk/*.go", "../digest/*.go", "../edits/*.go", "../feedback/*.go", "../history/*.go", "../notes/*.go", "../showcase/*.go", "*.go", "../../adapters/*/*.go", "../../adapters/*/*.html", "../showcase/*.json", "../../cmd/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllStringSubmatch(string(text), -1) {
				found[m[1]] = true
			}
		}
	}
	return found
}

// A key that nothing says is dead weight for translators; so each must be a literal of some source, or begin with one.
func TestEveryPhraseIsUsed(t *testing.T) {
	used := sourceLiterals(t)
	for _, key := range In("en").Keys() {
		if used[key] {
			continue
		}
		if strings.HasPrefix(key, "digest.") || strings.HasPrefix(key, "watch.") { // the commands that say these are being written
			continue
		}
		begun := false
		for i := range key {
			begun = begun || key[i] == '.' && used[key[:i+1]]
		}
		if !begun {
			t.Errorf("nothing says the phrase %q", key)
		}
	}
}

// What is said by a key that is put together must be there for every value that can be put in.
func TestEveryValueHasItsPhrase(t *testing.T) {
	records := corpustest.Records(t)
	var keys []string
	for _, axis := range knowledge.Axes {
		keys = append(keys, "axis."+string(axis), "label."+string(axis)+".unassessed")
		for _, l := range knowledge.LabelsOf(axis) {
			keys = append(keys, "label."+string(axis)+"."+string(l))
		}
	}
	for _, s := range knowledge.Statuses {
		keys = append(keys, "status."+string(s))
	}
	for _, k := range append(knowledge.ClaimKinds, knowledge.EventKinds...) {
		keys = append(keys, "kind."+string(k))
	}
	for _, i := range knowledge.Intents {
		if i != knowledge.IntentNone {
			keys = append(keys, "intent."+string(i))
		}
	}
	for i := range records.Groups {
		keys = append(keys, "group."+string(records.Groups[i].ID), "groupkind."+string(records.Groups[i].Kind))
	}
	for _, r := range knowledge.Rules {
		keys = append(keys, "finding."+string(r))
	}
	for _, k := range knowledge.MeasureKinds {
		keys = append(keys, "measure."+k)
	}
	for _, g := range knowledge.Organisations {
		keys = append(keys, "group."+string(g))
	}
	for i := range records.Leaders {
		keys = append(keys, "office."+strings.ReplaceAll(records.Leaders[i].Office, " ", "_"))
	}
	for _, s := range knowledge.Standings {
		keys = append(keys, "standing."+string(s))
	}
	for _, p := range knowledge.Positions {
		keys = append(keys, "position."+string(p))
	}
	for i := range records.RollCalls {
		keys = append(keys, "resolution.meaning."+string(records.RollCalls[i].Meaning))
	}
	for i := range records.Memberships {
		if m := &records.Memberships[i]; m.Ended != "" {
			keys = append(keys, "ended."+m.Ended)
		}
	}
	for _, r := range []knowledge.Reason{
		knowledge.TooLong, knowledge.NoSuchDate, knowledge.SameCountry, knowledge.TooManyCountries,
		knowledge.OnlyOneCountry, knowledge.NamesNothing,
	} {
		keys = append(keys, "refused."+string(r))
	}
	for _, k := range []knowledge.StaleKind{knowledge.LeaderLeft, knowledge.HandoverDue, knowledge.NewerRecord} {
		keys = append(keys, "change.stale."+string(k))
	}
	for _, change := range []string{"added", "changed", "removed"} {
		keys = append(keys, "change.record."+change)
	}
	for _, rhythm := range []knowledge.Rhythm{knowledge.Daily, knowledge.Weekly, knowledge.Monthly} {
		keys = append(keys, "digest.rhythm."+string(rhythm))
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		keys = append(keys, "weekday."+strconv.Itoa(int(day)), "weekday.each."+strconv.Itoa(int(day)))
	}
	for _, language := range Languages() {
		c := In(language)
		for _, key := range keys {
			if !c.Has(key) {
				t.Errorf("%s: no phrase %q", language, key)
			}
		}
		for _, key := range In(Default).Keys() {
			if !c.Has(key) {
				t.Errorf("%s: no phrase %q, which %s has", language, key, Default)
			}
		}
	}
}

// A translation that leaves out what a phrase tells, or asks for what nobody fills, would be seen by readers alone.
func TestNoticesTellTheSameInEveryLanguage(t *testing.T) {
	slots := func(p phrase) string {
		var names []string
		for _, form := range p {
			for i := 1; i < len(form); i += 2 {
				names = append(names, strings.TrimPrefix(form[i], "the "))
			}
		}
		slices.Sort(names)
		return strings.Join(slices.Compact(names), " ")
	}
	for key, p := range In(Default).phrases {
		if room, _, _ := strings.Cut(key, "."); !slices.Contains([]string{"change", "digest", "watch", "field", "problem", "history"}, room) {
			continue
		}
		for _, language := range Languages() {
			if got, want := slots(In(language).phrases[key]), slots(p); got != want {
				t.Errorf("%s: %s fills %q, in %s %q", language, key, got, Default, want)
			}
		}
	}
}

func TestSay(t *testing.T) {
	c := In("en")
	tests := []struct {
		name, got, want string
	}{
		{"a slot", c.Say("name.readas", "country", knowledge.Country("PER")), "Read as Peru"},
		{
			"one day", c.Say("stance.basis", "date", knowledge.Day(20251016), "n", 1, "checked", knowledge.Date(20260300)),
			"From the article of 16 Oct 2025, an opinion, 1 day old; events checked to Mar 2026",
		},
		{"several days", c.Say("page", "n", 2, "of", 3), "Page 2 of 3"},
		{"no such key", c.Say("no.such.key"), "[no.such.key]"},
		{"a year", c.Date(knowledge.Date(20070000)), "2007"},
		{"an open period", c.Period(knowledge.Period{From: 20231210}), "from 10 Dec 2023"},
		{"a single day", c.Period(knowledge.Period{From: 20131001, To: 20131001}), "1 Oct 2013"},
		{"a day with its article", In("es").Period(knowledge.Period{From: 20231210}), "desde el 10 dic. 2023"},
		{"a year has none", In("es").Period(knowledge.Period{From: 20230000}), "desde 2023"},
		{"the first of a month", In("fr").Date(knowledge.Date(20190301)), "le 1er mars 2019"},
		{"a pole within a sentence", In("pt").Say("agreement.part", "share", "18", "pole", knowledge.UnitedStates, "n", 33), "18% com os Estados Unidos (33 votações)"},
		{"an office of the records", In("fr").Say("stance.led", "leader", "A", "office", In("fr").Office(&knowledge.Leader{Office: "president"}), "date", knowledge.Date(20060122)), "Alors en fonctions\u00a0: A, à la présidence depuis le 22 janvier 2006"},
		{"an office nobody translated", In("fr").Say("stance.led", "leader", "A", "office", In("fr").Office(&knowledge.Leader{Office: "consul"}), "date", knowledge.Date(20060000)), "Alors en fonctions\u00a0: A, consul depuis 2006 (en anglais)"},
		{"a list of words", In("zh").Say("problem.word.none", "known", []string{"yes", "no"}), "未填写：请从yes、no中选择"},
		{"a phrase within a phrase", In("fr").Say("change.correction", "about", Key("deskkind.vote_cell")), "Correction\u00a0: vote"},
		{"an undated claim", c.Period(knowledge.Period{Undated: true}), "undated in the source"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}
