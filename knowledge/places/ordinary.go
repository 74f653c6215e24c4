package places

import (
	"embed"
	"strings"
	"sync"
)

// The lists of ordinary words, one a language, each sorted by its bytes behind a head of comments, so that a word is
// found without reading the list; and the names that are everyday words.
//
//go:embed data/*.txt
var lists embed.FS

// ordinaryLists are the lists by language.
var ordinaryLists = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, language := range languages() {
		if text, err := lists.ReadFile("data/ordinary." + language + ".txt"); err == nil {
			all[language] = string(text)
		}
	}
	return all
})

// listed reports whether a sorted list holds the word as a line. Comments sort before every word.
func listed(list, word string) bool {
	if word == "" || strings.HasPrefix(word, "#") {
		return false
	}
	low, high := 0, len(list) // starts of lines
	for low < high {
		start := strings.LastIndexByte(list[low:(low+high)/2], '\n') + 1 + low
		line, _, _ := strings.Cut(list[start:], "\n")
		switch strings.Compare(line, word) {
		case 0:
			return true
		case -1:
			low = start + len(line) + 1
		default:
			high = start
		}
	}
	return false
}

// wordsOf returns the words of a list.
func wordsOf(list string) map[string]bool {
	words := make(map[string]bool, strings.Count(list, "\n"))
	for line := range strings.Lines(list) {
		if word := strings.TrimSpace(line); word != "" && !strings.HasPrefix(word, "#") {
			words[word] = true
		}
	}
	return words
}

// everydayNames returns the names, folded, that are everyday words, each with the languages of which it is one, "" where
// that is any.
var everydayNames = sync.OnceValue(func() map[string]string {
	text, err := lists.ReadFile("data/everyday.txt")
	if err != nil {
		panic("places: " + err.Error())
	}
	folded := map[string]string{}
	for line := range wordsOf(string(text)) {
		word, languages, _ := strings.Cut(line, ":")
		folded[Fold(word)] = strings.TrimSpace(languages)
	}
	return folded
})

// EverydayAt returns the name at word i that At takes for an everyday word, and how many words it has, when it is none of
// a language: "la paz" in an English question.
func (g *Gazetteer) EverydayAt(words []Word, i int, language string) (*Match, int) {
	for n := min(g.longest[words[i].Fold], len(words)-i); n > 0; n-- {
		parts := make([]string, n)
		for j := range n {
			parts[j] = words[i+j].Fold
		}
		name := strings.Join(parts, " ")
		languages := everydayNames()[name]
		if languages != "" && !strings.Contains(languages, language) {
			return g.byName[name], n
		}
	}
	return nil, 0
}

// NamedEveryday returns the name at word i that is an everyday word of some languages alone, in which questions may show that
// it is meant as a name, and how many words it has: la paz, la réunion.
func (g *Gazetteer) NamedEveryday(words []Word, i int) (*Match, int) {
	for n := min(g.longest[words[i].Fold], len(words)-i); n > 1; n-- {
		parts := make([]string, n)
		for j := range n {
			parts[j] = words[i+j].Fold
		}
		name := strings.Join(parts, " ")
		if everydayNames()[name] != "" {
			return g.byName[name], n
		}
	}
	return nil, 0
}
