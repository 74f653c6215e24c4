package phrases

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

//go:embed catalogue/*.json
var files embed.FS

// A Catalogue says things in one language. It is immutable and safe for concurrent use.
type Catalogue struct {
	Language string
	tag      language.Tag // of the language, as CLDR knows it
	phrases  map[string]phrase
	order    func() map[knowledge.Country]int // the members by name, as the language's dictionary has them
}

// A phrase is its plural forms by name; one without a plural has only "other".
type phrase map[string]template

// A template is text and slots in turn: text, slot, text, slot … text.
type template []string

// catalogues holds a reader of each file, which reads it when its language is first spoken. They are part of the
// program: a file that does not parse is a fault of the build.
var catalogues = func() map[string]func() *Catalogue {
	all := map[string]func() *Catalogue{}
	entries, err := files.ReadDir("catalogue")
	if err != nil {
		panic(fmt.Sprintf("phrases: %v", err))
	}
	for _, e := range entries {
		name := strings.TrimSuffix(e.Name(), path.Ext(e.Name()))
		all[name] = sync.OnceValue(func() *Catalogue {
			text, err := files.ReadFile("catalogue/" + e.Name())
			if err != nil {
				panic(fmt.Sprintf("phrases: %v", err))
			}
			c, err := parse(name, text)
			if err != nil {
				panic(fmt.Sprintf("phrases: catalogue/%s: %v", e.Name(), err))
			}
			return c
		})
	}
	return all
}()

// Default is the language of replies where nothing else decides.
const Default = "en"

// Languages lists the languages that there is a catalogue for, sorted.
func Languages() []string { return slices.Sorted(maps.Keys(catalogues)) }

// In returns the catalogue of a language, or that of the default language.
func In(code string) *Catalogue {
	read := catalogues[code]
	if read == nil {
		read = catalogues[Default]
	}
	return read()
}

func parse(code string, text []byte) (*Catalogue, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}
	c := &Catalogue{Language: code, tag: language.Make(code), phrases: make(map[string]phrase, len(raw))}
	c.order = sync.OnceValue(c.dictionary)
	for key, value := range raw {
		forms := map[string]string{}
		if value[0] == '"' {
			forms["other"] = ""
			var s string
			if err := json.Unmarshal(value, &s); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
			forms["other"] = s
		} else if err := json.Unmarshal(value, &forms); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		if _, ok := forms["other"]; !ok {
			return nil, fmt.Errorf("%s: there is no form \"other\"", key)
		}
		p := phrase{}
		for form, s := range forms {
			p[form] = parseTemplate(s)
		}
		c.phrases[key] = p
	}
	return c, nil
}

func parseTemplate(s string) template {
	var t template
	for {
		text, rest, ok := strings.Cut(s, "{")
		t = append(t, text)
		if !ok {
			return t
		}
		slot, after, _ := strings.Cut(rest, "}")
		t = append(t, slot)
		s = after
	}
}

// Has reports whether the catalogue has the phrase.
func (c *Catalogue) Has(key string) bool { return c.phrases[key] != nil }

// Keys lists the keys of the catalogue, sorted.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.phrases))
	for key := range c.phrases {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Say returns the phrase with its slots filled from pairs of name and value. Values are strings, numbers, days and
// dates, countries, lists of strings and of countries, and keys of other phrases. A key that the catalogue lacks is returned in
// brackets: a test sees to it that none does.
func (c *Catalogue) Say(key string, pairs ...any) string {
	p := c.phrases[key]
	if p == nil {
		return "[" + key + "]"
	}
	t := p["other"]
	if len(p) > 1 {
		if n, ok := find(pairs, "n").(int); ok {
			if form, ok := p[pluralForm(c.tag, n)]; ok {
				t = form
			}
		}
	}
	if len(t) == 1 {
		return t[0]
	}
	var b strings.Builder
	foreign := false
	for i, piece := range t {
		if i%2 == 0 {
			b.WriteString(piece)
			continue
		}
		name, definite := strings.CutPrefix(piece, "the ")
		value := find(pairs, name)
		if text, ok := value.(Text); ok {
			value = text.in(c.Language)
		}
		if text, ok := value.(English); ok && text != "" {
			foreign = c.Language != Default
		}
		b.WriteString(c.value(value, definite))
	}
	if foreign {
		return c.Say("english", "text", b.String())
	}
	return b.String()
}

// English is a text of the records, which are in English. What holds one says so in every other language.
type English string

// A Key names a phrase that stands within another one.
type Key string

// A Text is a text of the records that may be there in other languages, too.
type Text struct {
	English  string
	InOthers knowledge.InOthers
}

// in returns the text in a language, or the English one, which says so.
func (t Text) in(language string) any {
	if text := t.InOthers[language]; text != "" {
		return text
	}
	return English(t.English)
}

func find(pairs []any, name string) any {
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == name {
			return pairs[i+1]
		}
	}
	return nil
}

// value writes the value of a slot. A slot {the country} is a name within a sentence: the Bahamas, Peru;
// {the date} is a day with the article it takes: desde el 2 mar. 2022, but desde 2022.
func (c *Catalogue) value(v any, definite bool) string {
	switch v := v.(type) {
	case string:
		return v
	case English:
		return string(v)
	case Key:
		return c.Say(string(v))
	case []string:
		return c.List(v)
	case int:
		return strconv.Itoa(v)
	case knowledge.Day:
		return c.value(v.Date(), definite)
	case knowledge.Date:
		if definite && v.Precision() == knowledge.DayPrecision {
			return c.Say("date.the", "date", c.Date(v))
		}
		return c.Date(v)
	case knowledge.Country:
		if definite {
			return c.withArticle(v)
		}
		return c.Country(v)
	case []knowledge.Country:
		names := make([]string, len(v))
		for i, code := range v {
			names[i] = c.value(code, definite)
		}
		return c.List(names)
	}
	return fmt.Sprint(v)
}

// pluralForm returns the plural category of a whole number n in a language, as Unicode's CLDR names it.
func pluralForm(tag language.Tag, n int) string {
	switch form := plural.Cardinal.MatchPlural(tag, n, 0, 0, 0, 0); form {
	case plural.One:
		return "one"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	default:
		return "other"
	}
}

// Date says a date as precisely as it is known: 16 Oct 2025, Oct 2025, 2025.
func (c *Catalogue) Date(d knowledge.Date) string {
	first := d.First()
	month := func() string { return c.Say("month." + strconv.Itoa(first.Month())) }
	switch d.Precision() {
	case knowledge.YearPrecision:
		return c.Say("date.year", "year", first.Year())
	case knowledge.MonthPrecision:
		return c.Say("date.month", "month", month(), "year", first.Year())
	case knowledge.DayPrecision:
		if first.Dom() == 1 { // le 1er mars
			return c.Say("date.first", "day", first.Dom(), "month", month(), "year", first.Year())
		}
		return c.Say("date.day", "day", first.Dom(), "month", month(), "year", first.Year())
	}
	return ""
}

// Period says the time of a statement: 2007 to 2017, from 10 Dec 2023, 2 Mar 2022, undated.
func (c *Catalogue) Period(p knowledge.Period) string {
	switch {
	case p.Undated:
		return c.Say("period.undated")
	case p.To.IsZero():
		return c.Say("period.from", "from", p.From)
	case p.From == p.To:
		return c.Date(p.From)
	}
	return c.Say("period.span", "from", p.From, "to", p.To)
}

// Country says the short name of a country.
func (c *Catalogue) Country(code knowledge.Country) string { return places.NameIn(c.Language, code) }

// withArticle says the name of a country within a sentence, with the article where it takes one.
func (c *Catalogue) withArticle(code knowledge.Country) string {
	if key := "the." + string(code); c.Has(key) { // la Russie, os Estados Unidos
		return c.Say(key)
	}
	if strings.Contains(c.Say("articles.the"), string(code)) {
		return c.Say("article.the", "name", c.Country(code))
	}
	return c.Country(code)
}

// Countries says several countries in a row, with commas, in the order that they come in.
func (c *Catalogue) Countries(codes []knowledge.Country) string { return c.value(codes, false) }

// Sorted says several countries in a row, in the order of the language's dictionary.
func (c *Catalogue) Sorted(codes []knowledge.Country) string {
	return c.List(c.SortedNames(codes))
}

// SortedNames are the short names of countries in the order of the language's dictionary.
func (c *Catalogue) SortedNames(codes []knowledge.Country) []string {
	sorted := c.SortedCountries(codes)
	names := make([]string, len(sorted))
	for i, code := range sorted {
		names[i] = c.Country(code)
	}
	return names
}

// SortedCountries are countries in the order of their names in the language's dictionary.
func (c *Catalogue) SortedCountries(codes []knowledge.Country) []knowledge.Country {
	sorted := slices.Clone(codes)
	slices.SortStableFunc(sorted, c.Compare)
	return sorted
}

// Compare compares two countries by their names, as the language's dictionary has them.
func (c *Catalogue) Compare(a, b knowledge.Country) int { return c.order()[a] - c.order()[b] }

// List says items in a row, with the commas of the language.
func (c *Catalogue) List(items []string) string { return strings.Join(items, c.Say("list.comma")) }

// Series says longer items in a row, with the semicolons of the language.
func (c *Catalogue) Series(items []string) string {
	return strings.Join(items, c.Say("list.semicolon"))
}

// Leader says the name of a leader.
func (c *Catalogue) Leader(l *knowledge.Leader) string { return l.NamesIn.Or(c.Language, l.Name) }

// Office says the office of a leader: a string, or where the catalogue has no word for it English, which says so.
func (c *Catalogue) Office(l *knowledge.Leader) any {
	if key := "office." + strings.ReplaceAll(l.Office, " ", "_"); c.Has(key) {
		return c.Say(key)
	}
	return English(l.Office)
}

// Place says the short name of a place.
func (c *Catalogue) Place(p *knowledge.Place) string {
	if len(p.Names) == 0 {
		return strings.ReplaceAll(p.ID, "_", " ")
	}
	return p.NamesIn.Or(c.Language, p.Names[0])
}

// dictionary returns the place of each member among all, by name.
func (c *Catalogue) dictionary() map[knowledge.Country]int {
	members, sorter := slices.Clone(places.Members()), collate.New(c.tag)
	slices.SortStableFunc(members, func(a, b knowledge.Country) int { return sorter.CompareString(c.Country(a), c.Country(b)) })
	order := make(map[knowledge.Country]int, len(members))
	for i, code := range members {
		order[code] = i
	}
	return order
}

// Group says the name of a group.
func (c *Catalogue) Group(id knowledge.GroupID) string { return c.Say("group." + string(id)) }

// Label says a label on its axis, with the mark of our own readings.
func (c *Catalogue) Label(l knowledge.Labelled) string {
	label := c.Say("label." + string(l.Axis) + "." + string(l.Label()))
	switch l.Basis() {
	case knowledge.BasisInferred:
		return c.Say("label.inferred", "label", label)
	case knowledge.BasisDesk:
		return c.Say("label.desk", "label", label)
	}
	return label
}

// Status says a verdict.
func (c *Catalogue) Status(s knowledge.Status) string { return c.Say("status." + string(s)) }

// Kind says what a claim or an event is about.
func (c *Catalogue) Kind(k knowledge.Kind) string { return c.Say("kind." + string(k)) }
