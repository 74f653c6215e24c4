package places

import (
	_ "embed" // for the tables
	"fmt"
	"strings"

	"stancebot/knowledge"
)

//go:embed data/members.tsv
var membersTable string

//go:embed data/en.tsv
var englishTable string

// A member is one of the 193 members of the United Nations.
type member struct {
	code, code2 string
	admitted    knowledge.Day // the day of its admission to the United Nations
	short       string        // its name in English
}

var (
	members    []member
	memberOf   = map[string]*member{} // by alpha-3 code
	memberOf2  = map[string]*member{} // by alpha-2 code
	memberRows = []nameRow{}
)

// A nameRow is one name of the English table.
type nameRow struct {
	country knowledge.Country
	kind    nameKind
	name    string
}

// A nameKind tells what sort of name a row of the table holds.
type nameKind string

// The kinds of names, as the table spells them.
const (
	shortName    nameKind = "short"
	officialName nameKind = "official"
	aliasName    nameKind = "alias"
	formerName   nameKind = "former"
	demonym      nameKind = "demonym"
	capitalName  nameKind = "capital"
	seatName     nameKind = "seat"
)

// The tables are part of the program: a row that does not fit is a fault of the build, and the tests see it first.
func init() {
	for _, row := range tableRows(membersTable, 4) {
		admitted, err := knowledge.ParseDay(row[3])
		if err != nil {
			panic(fmt.Sprintf("places: data/members.tsv: %s: %v", row[0], err))
		}
		members = append(members, member{code: row[0], code2: row[1], admitted: admitted})
	}
	for i := range members {
		memberOf[members[i].code] = &members[i]
		memberOf2[members[i].code2] = &members[i]
	}
	for _, row := range tableRows(englishTable, 3) {
		m := memberOf[row[0]]
		if m == nil {
			panic(fmt.Sprintf("places: data/en.tsv names %s, which is no member", row[0]))
		}
		kind := nameKind(row[1])
		if kind == shortName {
			m.short = row[2]
		}
		memberRows = append(memberRows, nameRow{knowledge.Country(m.code), kind, row[2]})
	}
}

// tableRows splits a table with a header line into rows of at least n cells.
func tableRows(table string, n int) [][]string {
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	rows := make([][]string, 0, len(lines))
	for _, line := range lines[1:] {
		cells := strings.Split(line, "\t")
		for len(cells) < n {
			cells = append(cells, "")
		}
		rows = append(rows, cells)
	}
	return rows
}

// IsMember reports whether c is the alpha-3 code of a member of the United Nations.
func IsMember(c knowledge.Country) bool { return memberOf[string(c)] != nil }

// Members returns the 193 members, sorted by code.
func Members() []knowledge.Country {
	codes := make([]knowledge.Country, len(members))
	for i, m := range members {
		codes[i] = knowledge.Country(m.code)
	}
	return codes
}

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
func Name(c knowledge.Country) string {
	if m := memberOf[string(c)]; m != nil {
		return m.short
	}
	return string(c)
}
