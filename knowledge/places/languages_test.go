package places_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge/places"
)

func TestLanguages(t *testing.T) {
	languages := places.Languages()
	if diff := cmp.Diff([]string{"en", "es", "fr", "pt", "ru", "zh"}, languages); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	languages[0] = "xx"
	if places.Languages()[0] != "en" {
		t.Error("Languages hands out its own list")
	}
}

func TestEveryMemberHasOneShortNameInEveryLanguage(t *testing.T) {
	kinds := []string{"short", "official", "alias", "case", "former", "demonym", "capital", "seat"}
	for _, language := range places.Languages() {
		of := map[string]string{}
		for _, r := range rowsOf(t, language) {
			if !places.IsMember(r.country) || !slices.Contains(kinds, r.kind) || r.name == "" || r.name != strings.TrimSpace(r.name) {
				t.Errorf("data/%s.tsv holds a bad row: %q", language, r)
			}
			if r.kind != "short" {
				continue
			}
			if got := places.NameIn(language, r.country); got != r.name {
				t.Errorf("NameIn(%s, %s) = %q, want %q", language, r.country, got, r.name)
			}
			if other, ok := of[r.name]; ok {
				t.Errorf("%s: %s and %s are both called %q", language, other, r.country, r.name)
			}
			of[r.name] = string(r.country)
		}
		if len(of) != 193 {
			t.Errorf("%d short names in data/%s.tsv, want 193", len(of), language)
		}
	}
	if got := places.NameIn("xx", "PER"); got != "Peru" {
		t.Errorf("in a language without a table Peru is %q, want its English name", got)
	}
	if got := places.NameIn("es", "TWN"); got != "TWN" {
		t.Errorf("what is no member is %q, want its code", got)
	}
}

// Every folded name means one country, whatever the language: the list of conflicts is empty.
func TestOneNameMeansOneCountryInAllLanguages(t *testing.T) {
	of := map[string]row{}
	for _, r := range allRows(t) {
		key := places.Fold(r.name)
		if other, ok := of[key]; ok && other.country != r.country {
			t.Errorf("%q is %s of %s in %s, and %s of %s in %s", r.name, other.kind, other.country, other.language, r.kind, r.country, r.language)
		}
		of[key] = r
	}
	t.Logf("%d folded names", len(of))
}

func TestFoldingNamesOfAllLanguagesTwiceChangesNothing(t *testing.T) {
	for _, r := range allRows(t) {
		once := places.Fold(r.name)
		if twice := places.Fold(once); twice != once || once == "" {
			t.Errorf("%q: Fold gives %q, and of that %q", r.name, once, twice)
		}
	}
}

// asked are short names that another place shares, so that the bot asks.
var asked = map[string]string{
	"Guiana": "ask GUF GUY", // Portuguese for Guyana
}

func TestEveryNameOfEveryLanguageFindsItsCountry(t *testing.T) {
	g := gazetteer(t)
	for _, r := range allRows(t) {
		if r.language == "en" {
			continue // TestEveryNameFindsItsCountry
		}
		want, ok := asked[r.name]
		if !ok {
			want = string(r.country)
		}
		m, left := lookAt(t, g, r.name)
		if left == 0 && m != nil && m.Kind == places.PlaceMatch && r.kind == "former" {
			continue // a state that is gone, of which the newsroom says more
		}
		if got := meaning(m); got != want || left != 0 {
			t.Errorf("%s: %s %q means %s with %d words left, want %s", r.language, r.kind, r.name, got, left, want)
		}
	}
}

func TestEveryShortNameIsFoundInASentence(t *testing.T) {
	g := gazetteer(t)
	for _, r := range allRows(t) {
		if r.kind != "short" || asked[r.name] != "" {
			continue
		}
		words := g.Segment(places.Split("2022 "+r.name), nil)
		if m, n := g.At(words, 1); meaning(m) != string(r.country) || n != len(words)-1 {
			t.Errorf("%s: %q in a sentence means %s over %d of %d words, want %s", r.language, r.name, meaning(m), n, len(words)-1, r.country)
		}
	}
}

func TestEverydayWordsAreNamesWhereTheyShow(t *testing.T) {
	g := gazetteer(t)
	tests := []struct {
		text string
		at   int
		want string
	}{
		{"позиция Того", 1, "TGO"},
		{"для того чтобы", 1, "nothing"},
		{"Того", 0, "TGO"},
		{"того?", 0, "TGO"},
		{"Того мало", 0, "nothing"}, // the capital of a sentence shows nothing
		{"¿quién gana en Ucrania?", 1, "nothing"},
		{"a posição de Gana", 3, "GHA"},
		{"o Brasil irá votar", 2, "nothing"},
		{"a posição do Irã", 3, "IRN"},
		{"apoya la paz en Ucrania", 1, "nothing"},
		{"qué dice La Paz", 2, "BOL"},
		{"qué dice la Paz", 2, "BOL"},
		{"le seul vote", 1, "nothing"},
		{"que la haya votado", 1, "nothing"},
		{"dice La Haya", 1, "NLD"},
		{"une grenade", 1, "nothing"},
		{"la position de la Grenade", 3, "GRD"},
		{"la guyane francaise", 0, "place GUF"}, // la Guyane with its article is a name, too
		{"la guyane pense", 0, "place GUF"},
	}
	for _, tt := range tests {
		if m, _ := g.At(places.Split(tt.text), tt.at); meaning(m) != tt.want {
			t.Errorf("at %d of %q: %s, want %s", tt.at, tt.text, meaning(m), tt.want)
		}
	}
	for name := range places.EverydayNames() {
		if m := g.Lookup(name); m == nil || !m.Everyday {
			t.Errorf("%q is on the list of everyday names, and means %s", name, meaning(m))
		}
	}
}

func TestFoldChinese(t *testing.T) {
	for in, want := range map[string]string{
		"紐西蘭": "纽西兰", "美國": "美国", "臺灣": "台湾", "剛果（金）": "刚果 金", "２０１６年": "2016 年", "ＰＥＲＵ的立場": "peru 的立场",
	} {
		if got := places.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestSegment(t *testing.T) {
	g := gazetteer(t)
	known := func(word string) bool {
		return slices.Contains([]string{"立场", "如何", "投票", "国家", "地区", "关系", "什么", "人权理事会"}, word)
	}
	for text, want := range map[string]string{
		"":              "",
		"peru's stance": "peru s stance",
		"秘鲁的立场":         "秘鲁 的 立场",
		"秘魯的立場是什麼？":     "秘鲁 的 立场 是 什么",
		"2016年古巴如何投票":   "2016 年 古巴 如何 投票",
		"古巴和es-11/4":    "古巴 和 es 11 4",
		"发展中国家的立场":      "发展中国家 的 立场",
		"加勒比海地区":        "加勒比海地区",
		"拉美国家和中国":       "拉美国家 和 中国",
		"赤道几内亚与几内亚比绍":   "赤道几内亚 与 几内亚比绍",
		"罗马尼亚和尼日利亚":     "罗马尼亚 和 尼日利亚",
		"刚果（金）的立场":      "刚果 金 的 立场",
		"克里姆林宫":         "克里姆林宫",
		"印度尼西亚、印度":      "印度尼西亚 印度",
		"美国人":           "美国人",
		"俄罗斯人权理事会":      "俄罗斯 人权理事会",
		"二〇二二年":         "二 零 二 二 年",
		"他们":            "他 们",
	} {
		words := g.Segment(places.Split(text), known)
		var folds []string
		for _, w := range words {
			folds = append(folds, w.Fold)
			if piece := text[w.Start:w.End]; places.Fold(piece) != w.Fold {
				t.Errorf("%q: the word %q stands at %q", text, w.Fold, piece)
			}
		}
		if got := strings.Join(folds, " "); got != want {
			t.Errorf("Segment(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestSegmentKeepsEveryCharacterAndMark(t *testing.T) {
	text := "秘鲁的立场？古巴，peru 在2016年3月投票! 古\u200b巴的立场。"
	split := places.Split(text)
	words := places.Segment(split, nil)
	var before, after strings.Builder
	for _, w := range split {
		before.WriteString(w.Fold)
	}
	end := 0
	for _, w := range words {
		after.WriteString(w.Fold)
		if w.Start < end || w.End <= w.Start {
			t.Errorf("the word %q stands at [%d:%d] behind %d", w.Fold, w.Start, w.End, end)
		}
		end = w.End
	}
	if before.String() != after.String() {
		t.Errorf("%q became %q", before.String(), after.String())
	}
	marks := func(words []places.Word) (marks []rune) {
		for _, w := range words {
			if w.After != 0 {
				marks = append(marks, w.After)
			}
		}
		return marks
	}
	if diff := cmp.Diff(marks(split), marks(words)); diff != "" {
		t.Errorf("marks (-split +segmented):\n%s", diff)
	}
	again := places.Segment(words, nil)
	if diff := cmp.Diff(words, again); diff != "" {
		t.Errorf("cut twice (-once +twice):\n%s", diff)
	}
}

func TestSegmentWithoutChineseAllocatesNothing(t *testing.T) {
	words := places.Split("¿Qué postura tiene Perú ante Россия?")
	known := func(string) bool { return false }
	if n := testing.AllocsPerRun(100, func() { places.Segment(words, known) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestOrdinaryWordsOfEveryLanguage(t *testing.T) {
	g := gazetteer(t)
	for _, language := range []string{"en", "es", "fr", "pt", "ru", "zh"} {
		words := places.OrdinaryWords(language)
		for word := range words {
			if !g.OrdinaryIn(language, word) {
				t.Errorf("OrdinaryIn(%s, %q) = false", language, word)
			}
			if word != places.Fold(word) {
				t.Errorf("%s: %q is in the list, but is never looked up", language, word)
			}
		}
		for _, word := range []string{"", "#", "xyzzy", "# ", "~~~~"} {
			if g.OrdinaryIn(language, word) {
				t.Errorf("OrdinaryIn(%s, %q) = true", language, word)
			}
		}
		for _, r := range rowsOf(t, language) {
			if r.kind == "short" && language != "zh" && words[places.Fold(r.name)] {
				t.Errorf("%s: %q is on the list of ordinary words", language, r.name)
			}
		}
	}
	for language, words := range map[string][]string{"es": {"caos", "acusador", "alta"}, "pt": {"caos", "alta"}, "ru": {"страна"}, "fr": {"chaos"}} {
		for _, word := range words {
			if matches, _ := g.Nearest(word); len(matches) > 0 && !g.OrdinaryIn(language, word) {
				t.Errorf("%s: %q would be read as %v", language, word, meaningsOf(matches))
			}
		}
	}
	if g.OrdinaryIn("xx", "mainland") {
		t.Error("a language without a list has ordinary words")
	}
}
