// Command gen writes the list of a language's ordinary words that are spelt like a misspelt name, from word lists of
// the system: one word a line, in UTF-8 (iconv turns others into that). It is run by hand when names are added:
//
//	go run ./knowledge/places/gen -language en WORDLIST… > knowledge/places/data/ordinary.en.txt
//
// The lists are those of Debian's packages wamerican (en), wspanish (es), wbrazilian and wportuguese (pt) and wfrench
// (fr); for ru the words of hunspell-ru, with their forms written out by unmunch of hunspell-tools.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"stancebot/knowledge/corpus"
	"stancebot/knowledge/places"
)

// sources say where each list comes from.
var sources = map[string]string{
	"en": "SCOWL, by way of Debian's word list wamerican 2020.12.07",
	"es": "a list in the public domain, Debian's wspanish 1.0.30",
	"pt": "the dictionaries of br.ispell and the Projecto Natura, by way of Debian's wbrazilian 3.0~beta4 and wportuguese 20220621",
	"fr": "Debian's word list wfrench 1.2.7",
	"ru": "Alexander Lebedev's dictionary, by way of Debian's hunspell-ru 7.5.0",
}

func main() {
	language := flag.String("language", "en", "language of the words")
	flag.Parse()
	if err := run(*language, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(language string, lists []string) error {
	source := sources[language]
	if source == "" || len(lists) == 0 {
		return fmt.Errorf("gen: language %q from %d lists: nothing is known of that", language, len(lists))
	}
	set, err := corpus.Embedded()
	if err != nil {
		return err
	}
	records, err := set.Records()
	if err != nil {
		return err
	}
	found := map[string]bool{}
	g := places.New(records)
	for _, list := range lists {
		if err := read(g, list, found); err != nil {
			return err
		}
	}
	var words []string
	for word, ordinary := range found {
		if ordinary {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	fmt.Printf("# Ordinary words of the language %q that lie within a misspelling's reach of a name: never read as a misspelt name.\n", language)
	fmt.Printf("# Computed by go run ./knowledge/places/gen from %s.\n", source)
	fmt.Print(strings.Join(words, "\n") + "\n")
	return nil
}

// read notes of each word of a list whether it is spelt like a misspelt name.
func read(g *places.Gazetteer, list string, found map[string]bool) error {
	f, err := os.Open(list)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read from
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		word := lines.Text()
		if word != strings.ToLower(word) || strings.ContainsAny(word, "'’-") { // names, possessives, compounds
			continue
		}
		folded := places.Fold(word)
		if _, ok := found[folded]; ok {
			continue
		}
		if len([]rune(folded)) < places.MinFuzzyLetters-1 || strings.Contains(folded, " ") || g.Lookup(folded) != nil {
			found[folded] = false
			continue
		}
		matches, _ := g.Nearest(folded)
		found[folded] = len(matches) > 0
	}
	return lines.Err()
}
