// Command gen writes the list of ordinary English words that are spelt like a misspelt name, from a word list of
// the system (Debian's package wamerican, made from SCOWL). It is run by hand when names are added:
//
//	go run ./knowledge/places/gen -words WORDLIST > knowledge/places/data/ordinary.en.txt
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

const header = `# Ordinary English words that lie within a misspelling's reach of a name: never read as a misspelt name.
# Computed by go run ./knowledge/places/gen from SCOWL, by way of Debian's word list wamerican 2020.12.07.
`

func main() {
	list := flag.String("words", "", "word list, one word a line")
	flag.Parse()
	if err := run(*list); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(list string) error {
	set, err := corpus.Embedded()
	if err != nil {
		return err
	}
	records, err := set.Records()
	if err != nil {
		return err
	}
	g := places.New(records)
	f, err := os.Open(list)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read from
	var found []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		word := lines.Text()
		if word != strings.ToLower(word) || strings.Contains(word, "'") { // names and possessives
			continue
		}
		folded := places.Fold(word)
		if len([]rune(folded)) < places.MinFuzzyLetters-1 || g.Lookup(folded) != nil {
			continue
		}
		if matches, _ := g.Nearest(folded); len(matches) > 0 {
			found = append(found, folded)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	slices.Sort(found)
	fmt.Print(header + strings.Join(slices.Compact(found), "\n") + "\n")
	return nil
}
