package search

import (
	"strings"

	"stancebot/knowledge/places"
)

// An Entry is a word of the records and a word of another language for it, as a file under words/ has them.
type Entry struct{ English, Word string }

// Entries returns the entries of a language.
func Entries(language string) []Entry {
	text, err := wordFiles.ReadFile("words/" + language + ".txt")
	if err != nil {
		panic(err)
	}
	var entries []Entry
	for line := range strings.Lines(string(text)) {
		english, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(english, "#") {
			continue
		}
		for word := range strings.SplitSeq(words, ",") {
			entries = append(entries, Entry{english, strings.TrimSpace(word)})
		}
	}
	return entries
}

// Languages are those of the dictionaries.
func Languages() []string {
	var all []string
	for _, s := range byScript {
		all = append(all, s.languages...)
	}
	return all
}

// Stem returns the stem of an English word.
func Stem(word string) string { return stem(places.Fold(word)) }

// Holds reports whether a record holds a word of the stem.
func (x *Index) Holds(stem string) bool { return len(x.postings[stem]) > 0 }

// Meanings returns the stems that each word of a text is searched for by.
func (x *Index) Meanings(text string) [][]string {
	terms := x.termsOf(text)
	all := make([][]string, len(terms))
	for i, t := range terms {
		all[i] = t
	}
	return all
}
