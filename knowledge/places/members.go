package places

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"stancebot/knowledge"
)

// The tables: members.tsv, and for each language its names, as en.tsv for English.
//
//go:embed data/*.tsv
var tables embed.FS

const (
	membersTable = "members"
	english      = "en"
)

// A member is one of the 193 members of the United Nations.
type member struct {
	code, code2 string
	admitted    knowledge.Day // the day of its admission to the United Nations
}

var (
	members   []member
	memberOf  = map[string]*member{} // by alpha-3 code
	memberOf2 = map[string]*member{} // by alpha-2 code
)

// A nameRow is one name of a language's table.
type nameRow struct {
	country  knowledge.Country
	language string
	kind     nameKind
	name     string
}

// A nameKind tells what sort of name a row of a table holds.
type nameKind string

// The kinds of names, as the tables spell them.
const (
	shortName    nameKind = "short"
	officialName nameKind = "official"
	aliasName    nameKind = "alias"
	caseName     nameKind = "case" // an inflected form of a short name or alias
	formerName   nameKind = "former"
	demonym      nameKind = "demonym"
	capitalName  nameKind = "capital"
	seatName     nameKind = "seat"
)

// The tables are part of the program: a row that does not fit is a fault of the build, and the tests see it first.
func init() {
	rest := tableOf(membersTable)
	for rest != "" {
		var cells [4]string
		cells, rest = nextRow(rest)
		admitted, err := knowledge.ParseDay(cells[3])
		if err != nil {
			panic(fmt.Sprintf("places: data/members.tsv: %s: %v", cells[0], err))
		}
		members = append(members, member{code: cells[0], code2: cells[1], admitted: admitted})
	}
	for i := range members {
		memberOf[members[i].code] = &members[i]
		memberOf2[members[i].code2] = &members[i]
	}
}

// names are the names of all languages, English first, and the short names by language and code.
type names struct {
	rows  []nameRow
	short map[string]map[knowledge.Country]string
}

// allNames reads the tables of names once, when a name is first asked for.
var allNames = sync.OnceValue(func() *names {
	all := &names{short: map[string]map[knowledge.Country]string{}}
	languages := tableLanguages()
	texts, lines := make([]string, len(languages)), 0
	for i, language := range languages {
		texts[i] = tableOf(language)
		lines += strings.Count(texts[i], "\n")
	}
	all.rows = make([]nameRow, 0, lines)
	for i, language := range languages {
		all.read(language, texts[i])
	}
	return all
})

func (all *names) read(language, table string) {
	short := make(map[knowledge.Country]string, len(members))
	all.short[language] = short
	var m *member
	for table != "" {
		var cells [4]string
		cells, table = nextRow(table)
		if m == nil || m.code != cells[0] {
			if m = memberOf[cells[0]]; m == nil {
				panic(fmt.Sprintf("places: data/%s.tsv names %s, which is no member", language, cells[0]))
			}
		}
		row := nameRow{knowledge.Country(m.code), language, nameKind(cells[1]), cells[2]}
		if row.kind == shortName {
			short[row.country] = row.name
		}
		all.rows = append(all.rows, row)
	}
}

// tableLanguages returns the languages that have a table, English first.
func tableLanguages() []string {
	files, err := fs.Glob(tables, "data/*.tsv")
	if err != nil {
		panic(fmt.Sprintf("places: %v", err))
	}
	languages := []string{english}
	for _, file := range files {
		language := strings.TrimSuffix(strings.TrimPrefix(file, "data/"), ".tsv")
		if language != membersTable && language != english {
			languages = append(languages, language)
		}
	}
	return languages
}

// tableOf returns the rows of a table, without its header line.
func tableOf(name string) string {
	text, err := tables.ReadFile("data/" + name + ".tsv")
	if err != nil {
		panic(fmt.Sprintf("places: %v", err))
	}
	_, rows, _ := strings.Cut(string(text), "\n")
	return rows
}

// nextRow takes the first row off a table. Cells that it lacks are empty.
func nextRow(table string) (cells [4]string, rest string) {
	line, rest, _ := strings.Cut(table, "\n")
	for i := 0; i < len(cells) && line != ""; i++ {
		cells[i], line, _ = strings.Cut(line, "\t")
	}
	return cells, rest
}

// Languages returns the languages that have names, by their codes: English first, the others sorted.
func Languages() []string { return slices.Clone(languages()) }

var languages = sync.OnceValue(tableLanguages)

// IsMember reports whether c is the alpha-3 code of a member of the United Nations.
func IsMember(c knowledge.Country) bool { return memberOf[string(c)] != nil }

// Code2 returns the alpha-2 code of a member, or nothing when c is none.
func Code2(c knowledge.Country) string {
	if m := memberOf[string(c)]; m != nil {
		return m.code2
	}
	return ""
}

// Members returns the 193 members, sorted by code.
func Members() []knowledge.Country {
	codes := make([]knowledge.Country, len(members))
	for i, m := range members {
		codes[i] = knowledge.Country(m.code)
	}
	return codes
}

// WholeFrom is the day from which MembersOn is the whole membership: on it Montenegro was admitted, after the last state
// that is gone, Serbia and Montenegro, had ended.
const WholeFrom knowledge.Day = 2006_06_28

// MembersOn returns the members on a day, sorted by code, as far as today's members go: states that are gone are not
// among them.
func MembersOn(day knowledge.Day) []knowledge.Country {
	var codes []knowledge.Country
	for i := range members {
		if members[i].admitted <= day {
			codes = append(codes, knowledge.Country(members[i].code))
		}
	}
	return codes
}

// Name returns the short English name of a member, or the code itself when c is none.
func Name(c knowledge.Country) string { return NameIn(english, c) }

// NameIn returns the short name of a member in a language, in English when the language has no table, and the code
// itself when c is no member.
func NameIn(language string, c knowledge.Country) string {
	short := allNames().short
	in, ok := short[language]
	if !ok {
		in = short[english]
	}
	if name, ok := in[c]; ok {
		return name
	}
	return string(c)
}
