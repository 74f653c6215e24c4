package places_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"stancebot/knowledge/places"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":     "",
		" ":    "",
		"...":  "",
		"Peru": "peru",
		"PERU": "peru",
		"pErU": "peru",

		// Accents, composed and not.
		"Perú":                               "peru",
		"PERÚ":                               "peru",
		"Peru\u0301":                         "peru",
		"São Tomé":                           "sao tome",
		"Türkiye":                            "turkiye",
		"Curaçao":                            "curacao",
		"Åland":                              "aland",
		"Réunion":                            "reunion",
		"España":                             "espana",
		"Việt Nam":                           "viet nam",
		"Ελλάδα":                             "ελλαδα",
		"РОССИЯ":                             "россия",
		"p\u0301\u0302\u0303\u0304\u0305eru": "peru", // a letter under a heap of marks

		// Letters that are no letter and an accent.
		"Straße":   "strasse",
		"STRASSE":  "strasse",
		"Færøerne": "færoerne",
		"Øresund":  "oresund",
		"Łódź":     "lodz",
		"łódź":     "lodz",
		"Iğdır":    "igdir",
		"İstanbul": "istanbul",
		"ﬁnland":   "finland",
		"ſpain":    "spain",

		// Points of abbreviations belong to the word, and do not count.
		"U.S.":       "us",
		"u.s.":       "us",
		"U.S":        "us",
		"US":         "us",
		"U.K.":       "uk",
		"U.S.A.":     "usa",
		"U.S.S.R.":   "ussr",
		"D.R. Congo": "dr congo",
		"N. Korea":   "n korea",
		"St. Lucia":  "st lucia",
		"St.Lucia":   "st lucia",
		"Peru. And":  "peru and",
		"peru.":      "peru",
		"U.S.Peru":   "us peru",
		"1.5":        "1 5",

		// Full-width letters and figures, and letters that are drawn otherwise.
		"\uff30\uff45\uff52\uff55":                 "peru",
		"\uff30\uff25\uff32\uff35\u3000\uff11":     "peru 1",
		"\U0001D40F\U0001D41E\U0001D42B\U0001D42E": "peru",

		// What nobody sees: zero-width characters, marks of direction, soft hyphens, variation selectors.
		"pe\u200bru":                       "peru",
		"pe\u200cru":                       "peru",
		"pe\u200dru":                       "peru",
		"\ufeffperu":                       "peru",
		"\u200eperu\u200f":                 "peru",
		"\u202eperu\u202c":                 "peru",
		"\u2066pe\u2069ru":                 "peru",
		"pe\u00adru":                       "peru",
		"pe\u2060ru":                       "peru",
		"peru\ufe0f":                       "peru",
		"\u0301peru":                       "peru",
		"\u0301":                           "",
		"\u200b\u200d":                     "",
		"P\u200b\u00e9\u0301\u202er\u00fa": "peru",

		// An apostrophe ends a word, of either form, and so does a hyphen of any.
		"Côte d'Ivoire":           "cote d ivoire",
		"Côte d\u2019Ivoire":      "cote d ivoire",
		"Cote d`Ivoire":           "cote d ivoire",
		"Peru's":                  "peru s",
		"Guinea-Bissau":           "guinea bissau",
		"Guinea\u2010Bissau":      "guinea bissau",
		"Guinea\u2011Bissau":      "guinea bissau",
		"Guinea\u2013Bissau":      "guinea bissau",
		"Guinea\u2212Bissau":      "guinea bissau",
		"Timor - Leste":           "timor leste",
		"Trinidad & Tobago":       "trinidad tobago",
		"Cocos (Keeling) Islands": "cocos keeling islands",

		// The article goes, where something follows it.
		"the Gambia":          "gambia",
		"The Bahamas":         "bahamas",
		"THE republic":        "republic",
		"the":                 "the",
		"Republic of the":     "republic of the",
		"theatre":             "theatre",
		"Isle of the Peruses": "isle of the peruses",

		// All kinds of white space are one space.
		"\tnew \n  zealand\u00a0": "new zealand",
		"new\u2003zealand":        "new zealand",

		// Broken text parts words and harms nothing.
		"pe\xffru":     "pe ru",
		"\xc3":         "",
		"peru\x00":     "peru",
		"pe\x00ru":     "pe ru",
		"\x1b[31mperu": "31mperu",
	} {
		if got := places.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

// A folded word stays as it is: what is folded once may be folded again, as names are on their way into a table.
// Left out are characters whose compatibility form holds what is no letter or figure, and the capital ß: they part
// or change when folded again.
func TestFoldingTwiceChangesNothing(t *testing.T) {
	n := 0
	for r := rune(1); r <= unicode.MaxRune; r++ {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		once := places.Fold(string(r))
		if !settled(once) {
			continue
		}
		n++
		if twice := places.Fold(once); twice != once {
			t.Errorf("%U: Fold gives %q, and of that %q", r, once, twice)
		}
	}
	if n < 130_000 {
		t.Errorf("only %d characters were looked at: what leaves out the others?", n)
	}
}

// settled reports whether a folded word holds letters and figures alone, and none that is folded only as a small
// letter.
func settled(word string) bool {
	for _, r := range word {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || r == 'ß' {
			return false
		}
	}
	return true
}

func TestFoldingNamesTwiceChangesNothing(t *testing.T) {
	for _, r := range englishRows(t) {
		once := places.Fold(r.name)
		if twice := places.Fold(once); twice != once || once == "" {
			t.Errorf("%q: Fold gives %q, and of that %q", r.name, once, twice)
		}
	}
}

func TestSplit(t *testing.T) {
	type words = []places.Word
	tests := []struct {
		text string
		want words
	}{
		{"", words{}},
		{" ?!, ", words{}},
		{"peru", words{{Fold: "peru", Start: 0, End: 4}}},
		{"  Perú?", words{{Fold: "peru", Start: 2, End: 7, After: '?'}}},
		{"peru ?", words{{Fold: "peru", Start: 0, End: 4, After: '?'}}},
		{"peru ,?", words{{Fold: "peru", Start: 0, End: 4, After: ','}}}, // the first mark of several
		{"PER, us/UK & U.S.: x.", words{
			{Fold: "per", Start: 0, End: 3, Upper: true, After: ','},
			{Fold: "us", Start: 5, End: 7, After: '/'},
			{Fold: "uk", Start: 8, End: 10, Upper: true, After: '&'},
			{Fold: "us", Start: 13, End: 17, Upper: true, After: ':'},
			{Fold: "x", Start: 19, End: 20, After: '.'},
		}},
		{"d'Ivoire", words{{Fold: "d", Start: 0, End: 1, After: '\''}, {Fold: "ivoire", Start: 2, End: 8}}},
		{"d\u2019i", words{{Fold: "d", Start: 0, End: 1, After: '\u2019'}, {Fold: "i", Start: 4, End: 5}}},
		{"Timor-Leste", words{{Fold: "timor", Start: 0, End: 5, After: '-'}, {Fold: "leste", Start: 6, End: 11}}},
		{"A", words{{Fold: "a", Start: 0, End: 1}}}, // one letter is a capital at the start of anything
		{"A1", words{{Fold: "a1", Start: 0, End: 2}}},
		{"AB1", words{{Fold: "ab1", Start: 0, End: 3, Upper: true}}},
		{"2025", words{{Fold: "2025", Start: 0, End: 4}}},
		{"PERÚ Perú", words{{Fold: "peru", Start: 0, End: 5, Upper: true}, {Fold: "peru", Start: 6, End: 11}}},
		{"УКРАИНА", words{{Fold: "украина", Start: 0, End: 14, Upper: true}}},
		{"秘鲁", words{{Fold: "秘鲁", Start: 0, End: 6}}}, // a script without capitals shouts never
		{"St. Lucia", words{{Fold: "st", Start: 0, End: 2, After: '.'}, {Fold: "lucia", Start: 4, End: 9}}},
		{"Peru. And", words{{Fold: "peru", Start: 0, End: 4, After: '.'}, {Fold: "and", Start: 6, End: 9}}},
		{"pe\u200bru", words{{Fold: "peru", Start: 0, End: 7}}},
		{"\u0301 peru", words{{Fold: "peru", Start: 3, End: 7}}}, // a mark with no letter is no word

		// Look-alikes: Cyrillic е and Greek ο among Latin letters.
		{"p\u0435ru", words{{Fold: "p\u0435ru", Start: 0, End: 5, Mixed: true}}},
		{"c\u03bfngo", words{{Fold: "c\u03bfngo", Start: 0, End: 6, Mixed: true}}},
		{"перу", words{{Fold: "перу", Start: 0, End: 8}}},
		{"перу2", words{{Fold: "перу2", Start: 0, End: 9}}}, // a figure is of no script
		{"κύπρος", words{{Fold: "κυπρος", Start: 0, End: 12}}},
		{"peru перу", words{{Fold: "peru", Start: 0, End: 4}, {Fold: "перу", Start: 5, End: 13}}},

		// Flags are pairs, from the left; a letter without its fellow is nothing.
		{"\U0001F1F5\U0001F1EA", words{{Flag: "PE", Start: 0, End: 8}}},
		{"\U0001F1F5\U0001F1EA\U0001F1E8\U0001F1FA?", words{{Flag: "PE", Start: 0, End: 8}, {Flag: "CU", Start: 8, End: 16, After: '?'}}},
		{"\U0001F1F5\U0001F1EA\U0001F1E8", words{{Flag: "PE", Start: 0, End: 8}}},
		{"\U0001F1F5 peru", words{{Fold: "peru", Start: 5, End: 9}}},
		{"peru\U0001F1E8\U0001F1FAcuba", words{
			{Fold: "peru", Start: 0, End: 4}, {Flag: "CU", Start: 4, End: 12}, {Fold: "cuba", Start: 12, End: 16},
		}},
	}
	for _, tt := range tests {
		// Capitals are tried by TestTitle, so that every line need not say them.
		if diff := cmp.Diff(tt.want, places.Split(tt.text), cmpopts.IgnoreFields(places.Word{}, "Title")); diff != "" {
			t.Errorf("Split(%q) (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestTitle(t *testing.T) {
	for text, want := range map[string]bool{
		"Peru": true, "PERU": true, "peru": false, "Того": true, "того": false, "Éire": true, "秘鲁": false, "U.S.": true, "1Peru": true, "2025": false,
	} {
		if w := places.Split(text)[0]; w.Title != want {
			t.Errorf("%q begins with a capital: %v, want %v", text, w.Title, want)
		}
	}
}

func TestSplitOfHostileTextIsShort(t *testing.T) {
	// Five hundred marks on a letter, or a hundred thousand of anything, are still one word or none.
	for text, want := range map[string]int{
		"e" + strings.Repeat("\u0301", 500): 1,
		strings.Repeat("\u0301", 500):       0,
		strings.Repeat("\u202e", 500):       0,
		strings.Repeat("a", 100_000):        1,
		strings.Repeat("?", 100_000):        0,
		strings.Repeat("\xff", 1000):        0,
	} {
		if got := len(places.Split(text)); got != want {
			t.Errorf("%d words in %.20q…, want %d", got, text, want)
		}
	}
}

// FuzzSplit checks what every caller of Split relies on, and that no text makes the gazetteer stumble.
func FuzzSplit(f *testing.F) {
	for _, s := range []string{
		"", "what is peru's stance?", "PERÚ, U.S. & St. Lucia", "guinea-bissau, guinea? bissau", "the the gambia", "Côte d’Ivoire",
		"\U0001F1F5\U0001F1EA\U0001F1E8", "p\u0435ru", "pe\u200bru\u202e", "e\u0301\u0301\u0301", "\xff\xfe", "U.S.A.", "a.b.c", ".a.", "1.5",
		"STRA\u1e9eE", "\u037a", "\ufdfa", "\u0140", "秘鲁 позиция", "\uff30\uff45\uff52\uff55", "democratic republic of the congo", "\x00\x1b[0m",
		"Nation of Brunei, Abode of Peace", "nicaragwa", "a\u1b06b",
	} {
		f.Add(s)
	}
	g := gazetteer(f)
	f.Fuzz(func(t *testing.T, text string) {
		words := places.Split(text)
		end := 0
		for i, w := range words {
			if w.Start < end || w.End <= w.Start || w.End > len(text) {
				t.Fatalf("%q: word %d is [%d:%d] behind %d", text, i, w.Start, w.End, end)
			}
			end = w.End
			checkWord(t, text, w)
			checkMatch(t, g, words, i)
		}
		if again := places.Split(text); !cmp.Equal(words, again) {
			t.Fatalf("%q: two splits differ: %s", text, cmp.Diff(words, again))
		}
		checkPieces(t, words, g.Segment(words, nil))
		g.Lookup(text)
	})
}

// checkPieces checks that words cut into pieces hold what they held before, and that the pieces stand in order.
func checkPieces(t *testing.T, words, pieces []places.Word) {
	t.Helper()
	var before, after strings.Builder
	for _, w := range words {
		before.WriteString(w.Fold + w.Flag)
	}
	at := 0
	for _, p := range pieces {
		after.WriteString(p.Fold + p.Flag)
		if p.Start < at || p.End < p.Start {
			t.Fatalf("%+v: a piece stands at [%d:%d] behind one from %d", pieces, p.Start, p.End, at)
		}
		at = p.Start
	}
	if before.String() != after.String() {
		t.Fatalf("%q was cut into %q", before.String(), after.String())
	}
}

func checkWord(t *testing.T, text string, w places.Word) {
	t.Helper()
	piece := text[w.Start:w.End]
	if (w.Fold == "") == (w.Flag == "") {
		t.Fatalf("%q: fold %q and flag %q: a word is one of both", text, w.Fold, w.Flag)
	}
	if w.Flag != "" {
		if len(w.Flag) != 2 || flag(w.Flag) != piece || w.Upper || w.Mixed {
			t.Fatalf("%q: flag %q stands for %q", text, w.Flag, piece)
		}
		return
	}
	behind := strings.NewReplacer("，", ",", "；", ";", "：", ":", "？", "?", "！", "!", "。", ".").Replace(text[w.End:])
	if w.After != 0 && (unicode.IsSpace(w.After) || !strings.ContainsRune(behind, w.After)) {
		t.Fatalf("%q: behind %q stands %q", text, piece, w.After)
	}
	if !utf8.ValidString(w.Fold) || strings.Contains(w.Fold, ".") {
		t.Fatalf("%q: %q folds to %q", text, piece, w.Fold)
	}
	small := func(r rune) bool { return unicode.IsLetter(r) && unicode.ToUpper(r) != r } // marks have no case of their own
	if w.Upper && strings.ContainsFunc(piece, small) {
		t.Fatalf("%q: %q is not in capitals", text, piece)
	}
	if settled(w.Fold) {
		if twice := places.Fold(w.Fold); twice != w.Fold {
			t.Fatalf("%q: %q folds to %q, and that to %q", text, piece, w.Fold, twice)
		}
	}
}

func checkMatch(t *testing.T, g *places.Gazetteer, words []places.Word, i int) {
	t.Helper()
	m, n := g.At(words, i)
	if (m == nil) != (n == 0) || n < 0 || i+n > len(words) {
		t.Fatalf("at %d of %+v: %s over %d words", i, words, meaning(m), n)
	}
	for j := i; j < i+n-1; j++ {
		if strings.ContainsRune(",;?!:", words[j].After) && words[j].After != 0 {
			t.Fatalf("at %d of %+v: %s joins words across a mark", i, words, meaning(m))
		}
	}
	matches, edits := g.Nearest(words[i].Fold)
	if len(matches) > 0 && (edits < 1 || edits > 2) {
		t.Fatalf("%q: %d matches at %d edits", words[i].Fold, len(matches), edits)
	}
}
