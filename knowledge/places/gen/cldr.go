package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

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

// compare prints the rows that the tables of names lack of CLDR: short and variant forms, as rows of a table. What is
// printed is added by hand, or left out on purpose: a name that is another place's too, such as Congo, is none of a
// member.
func compare(g *places.Gazetteer, folder string, out io.Writer) error {
	w := bufio.NewWriter(out)
	for _, language := range places.Languages() {
		seen := map[string]bool{}
		for _, locale := range locales[language] {
			names, err := territories(folder, locale)
			if err != nil {
				return err
			}
			for _, c := range places.Members() {
				lacking(w, g, language, string(c), places.Code2(c), names, seen)
			}
		}
	}
	return w.Flush()
}

// lacking writes the names of a member that the gazetteer does not know as that member's.
func lacking(w io.Writer, g *places.Gazetteer, language, code, code2 string, names map[string]string, seen map[string]bool) {
	for _, form := range []string{"", "-alt-short", "-alt-variant"} {
		name := names[code2+form]
		key := places.Fold(name)
		if key == "" || seen[key] {
			continue
		}
		seen[key] = true
		if m := g.Lookup(name); m == nil || m.Kind == places.CountryMatch && string(m.Country) != code {
			_, _ = fmt.Fprintf(w, "%s: %s\talias\t%s\t\n", language, code, name) // Flush tells
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
