// Command cldr compares the tables of names with CLDR: it prints the rows that a table lacks, short and variant forms
// alike, as rows of the table. What is printed is added by hand, or left out on purpose: a name that is another
// place's too, such as Congo, is none of a member. It is run by hand when CLDR is renewed, with the folder of an
// unpacked npm package cldr-localenames-full (48.2.0 today, Unicode-3.0):
//
//	go run ./knowledge/places/gen/cldr -cldr FOLDER
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"stancebot/knowledge"
	"stancebot/knowledge/corpus"
	"stancebot/knowledge/places"
)

// locales are the locales of CLDR that the names of a language are taken from.
var locales = map[string][]string{
	"en": {"en"},
	"es": {"es", "es-419", "es-MX"},
	"fr": {"fr", "fr-CA"},
	"pt": {"pt", "pt-PT"},
	"ru": {"ru"},
	"zh": {"zh", "zh-Hant", "zh-Hant-HK"},
}

func main() {
	folder := flag.String("cldr", "", "folder of the package cldr-localenames-full")
	flag.Parse()
	if err := run(*folder, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(folder string, out io.Writer) error {
	set, err := corpus.Embedded()
	if err != nil {
		return err
	}
	records, err := set.Records()
	if err != nil {
		return err
	}
	g, w := places.New(records), bufio.NewWriter(out)
	for _, language := range places.Languages() {
		seen := map[string]bool{}
		for _, locale := range locales[language] {
			names, err := territories(folder, locale)
			if err != nil {
				return err
			}
			for _, c := range places.Members() {
				lacking(w, g, language, c, names, seen)
			}
		}
	}
	return w.Flush()
}

// lacking writes the names of a member that the gazetteer does not know as that member's.
func lacking(w io.Writer, g *places.Gazetteer, language string, c knowledge.Country, names map[string]string, seen map[string]bool) {
	for _, form := range []string{"", "-alt-short", "-alt-variant"} {
		name := names[places.Code2(c)+form]
		key := places.Fold(name)
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		if m := g.Lookup(name); m == nil || m.Kind == places.CountryMatch && m.Country != c {
			_, _ = fmt.Fprintf(w, "%s: %s\talias\t%s\t\n", language, c, name) // Flush tells
		}
	}
}

// territories returns the names of a locale by alpha-2 code, with the suffix of the form.
func territories(folder, locale string) (map[string]string, error) {
	path := filepath.Join(folder, "main", locale, "territories.json")
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cldr: %w", err)
	}
	var file struct {
		Main map[string]struct {
			LocaleDisplayNames struct{ Territories map[string]string }
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, fmt.Errorf("cldr: %s: %w", path, err)
	}
	return file.Main[locale].LocaleDisplayNames.Territories, nil
}
