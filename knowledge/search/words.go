package search

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/russian"
	"github.com/blevesearch/snowballstem/spanish"

	"stancebot/knowledge/places"
)

//go:embed words/*.txt
var wordFiles embed.FS

// A dictionary tells which words of the records, which are in English, a word of another language is searched for by: a
// file under words/.
type dictionary struct {
	forms   *forms              // nil where words have none
	terms   map[string][]string // by stem: the words of the records
	longest int                 // runes of the longest word
}

// chinese is the language that is written without spaces.
const chinese = "zh"

// forms tells how the forms of a word become one stem.
type forms struct {
	stem func(*snowballstem.Env) bool
	// endings gives back to folded words the accents by which the stemmer knows an ending, as in eleccion and neutralnyi,
	// and replaces those that it does not know.
	endings [][2]string
}

// formsOf are those of the languages whose words have forms.
var formsOf = map[string]*forms{
	"es": {spanish.Stem, [][2]string{{"cion", "ción"}, {"sion", "sión"}}},
	"fr": {french.Stem, nil},
	"pt": {portuguese.Stem, [][2]string{{"cao", "ção"}, {"coes", "ção"}, {"sao", "são"}, {"soes", "são"}, {"oes", "ao"}, {"ais", "al"}}},
	"ru": {russian.Stem, [][2]string{{"ыи", "ый"}, {"ои", "ой"}, {"еи", "ей"}, {"скии", "ский"}}},
}

// byScript lists the languages of the dictionaries by the script in which they are written.
var byScript = []struct {
	script    *unicode.RangeTable
	languages []string
}{
	{unicode.Latin, []string{"es", "fr", "pt"}},
	{unicode.Cyrillic, []string{"ru"}},
	{unicode.Han, []string{chinese}},
}

// dictionaries holds a reader of each file, which reads it when its script is first met. They are part of the program: a
// file with a fault is a fault of the build.
var dictionaries = func() map[string]func() *dictionary {
	all := map[string]func() *dictionary{}
	for _, s := range byScript {
		for _, language := range s.languages {
			all[language] = sync.OnceValue(func() *dictionary {
				text, err := wordFiles.ReadFile("words/" + language + ".txt")
				if err != nil {
					panic(fmt.Sprintf("search: %v", err))
				}
				d, err := parseDictionary(string(text), formsOf[language])
				if err != nil {
					panic(fmt.Sprintf("search: words/%s.txt: %v", language, err))
				}
				return d
			})
		}
	}
	return all
}()

// parseDictionary reads a file: a word of the records, a colon and the words for it a line, # for remarks.
func parseDictionary(text string, of *forms) (*dictionary, error) {
	d := &dictionary{forms: of, terms: map[string][]string{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		english, list, ok := strings.Cut(line, ":")
		if !ok || len(places.Split(english)) != 1 {
			return nil, fmt.Errorf("line %d: want a word of the records, a colon and words: %q", n, line)
		}
		term := stem(places.Fold(english))
		for word := range strings.SplitSeq(list, ",") {
			split := places.Split(word)
			if len(split) != 1 {
				return nil, fmt.Errorf("line %d: %q is not one word", n, strings.TrimSpace(word))
			}
			key := d.stemOf(split[0].Fold)
			d.longest = max(d.longest, utf8.RuneCountInString(key))
			if !slices.Contains(d.terms[key], term) {
				d.terms[key] = append(d.terms[key], term)
			}
		}
	}
	return d, nil
}

func (d *dictionary) stemOf(word string) string {
	if d.forms == nil {
		return word
	}
	for _, e := range d.forms.endings {
		if before, ok := strings.CutSuffix(word, e[0]); ok {
			word = before + e[1]
			break
		}
	}
	env := snowballstem.NewEnv(word)
	d.forms.stem(env)
	return env.Current()
}

// dictionariesOf returns the dictionaries of the script in which a folded word is written.
func dictionariesOf(word string) []*dictionary {
	first, _ := utf8.DecodeRuneInString(word)
	for _, s := range byScript {
		if !unicode.Is(s.script, first) {
			continue
		}
		found := make([]*dictionary, len(s.languages))
		for i, language := range s.languages {
			found[i] = dictionaries[language]()
		}
		return found
	}
	return nil
}

// Knows reports whether the records may be searched for a folded word of a language: it means a word of theirs. Of English,
// whose words are not listed, it knows none.
func Knows(language, word string) bool {
	read := dictionaries[language]
	if read == nil {
		return false
	}
	d := read()
	return len(d.terms[d.stemOf(word)]) > 0
}

// A term is a word that is searched for: the stems of the records of which any will do. Of one that means nothing here
// there are none.
type term []string

// termsOf cuts a text into the terms of its words, each once. A word stands for itself where the records use it, and for
// what it means in the languages of its script: nothing shows which of them the text is in.
func (x *Index) termsOf(text string) []term {
	var list []term
	seen := map[string]bool{}
	for _, w := range places.Split(text) {
		for _, word := range piecesOf(w.Fold) {
			t := x.meaning(word)
			key := strings.Join(t, " ")
			if key == "" {
				key = word
			}
			if word != "" && !seen[key] {
				seen[key] = true
				list = append(list, t)
			}
		}
	}
	return list
}

// meaning returns the stems of the records that a folded word stands for.
func (x *Index) meaning(word string) term {
	var t term
	if own := stem(word); len(x.postings[own]) > 0 {
		t = append(t, own)
	}
	for _, d := range dictionariesOf(word) {
		for _, s := range d.terms[d.stemOf(word)] {
			if !slices.Contains(t, s) {
				t = append(t, s)
			}
		}
	}
	return t
}

// piecesOf cuts a stretch of Chinese into words, the longest known first; what lies between known ones stays together.
// Other words are whole.
func piecesOf(word string) []string {
	if first, _ := utf8.DecodeRuneInString(word); !unicode.Is(unicode.Han, first) {
		return []string{word}
	}
	d, runes := dictionaries[chinese](), []rune(word)
	var pieces []string
	unknown := 0 // where what is not known begins
	for i := 0; i < len(runes); {
		n := min(d.longest, len(runes)-i)
		for n > 0 && d.terms[string(runes[i:i+n])] == nil {
			n--
		}
		if n == 0 {
			i++
			continue
		}
		if unknown < i {
			pieces = append(pieces, string(runes[unknown:i]))
		}
		pieces = append(pieces, string(runes[i:i+n]))
		i += n
		unknown = i
	}
	if unknown < len(runes) {
		pieces = append(pieces, string(runes[unknown:]))
	}
	return pieces
}
