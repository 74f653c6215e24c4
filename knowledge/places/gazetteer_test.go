package places_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// lookAt reads the name that text begins with, behind a leading "the", and returns how many of the words, that
// one counted in, are left behind it.
func lookAt(tb testing.TB, g *places.Gazetteer, text string) (m *places.Match, left int) {
	tb.Helper()
	words := places.Split(text)
	i := 0
	if len(words) > 1 && words[0].Fold == "the" {
		i = 1
	}
	if len(words) == 0 {
		tb.Fatalf("%q holds no words", text)
	}
	m, n := g.At(words, i)
	if (m == nil) != (n == 0) || n < 0 || n > len(words)-i {
		tb.Fatalf("%q: match %s over %d words", text, meaning(m), n)
	}
	return m, len(words) - i - n
}

// overridden are names of the table of which the newsroom says something else on purpose: states that are gone.
var overridden = map[string]string{
	"East Germany":  "place east_germany",
	"West Germany":  "place west_germany",
	"North Vietnam": "place north_vietnam",
	"South Vietnam": "place south_vietnam",
	"North Yemen":   "place north_yemen",
	"South Yemen":   "place south_yemen",
}

// unreachable is a name of the table that running text cannot hold: a name does not go on behind a comma.
const unreachable = "Nation of Brunei, Abode of Peace"

func TestEveryNameFindsItsCountry(t *testing.T) {
	g := gazetteer(t)
	near := map[string]bool{}
	for _, n := range records(t).House.Near {
		near[places.Fold(n.Name)] = true
	}
	met := map[string]bool{}
	for _, r := range englishRows(t) {
		want := string(r.country)
		if other, ok := overridden[r.name]; ok {
			want, met[r.name] = other, true
		}
		if r.name == unreachable {
			if got := meaning(g.Lookup(r.name)); got != want {
				t.Errorf("Lookup(%q) = %s, want %s", r.name, got, want)
			}
			continue
		}
		m, left := lookAt(t, g, r.name)
		if got := meaning(m); got != want || left != 0 {
			t.Errorf("%s %q means %s with %d words left, want %s", r.kind, r.name, got, left, want)
			continue
		}
		if m.Kind != places.CountryMatch {
			continue
		}
		if isNear := near[places.Fold(r.name)]; isNear != (m.Near != nil) || m.Leader != nil {
			t.Errorf("%q: near %+v, want a note: %v; leader %+v, want none", r.name, m.Near, isNear, m.Leader)
		}
		if m.Former != (r.kind == "former") || m.People != (r.kind == "demonym") || m.Seat != (r.kind == "capital" || r.kind == "seat") {
			t.Errorf("%s %q: former %v, people %v, seat %v", r.kind, r.name, m.Former, m.People, m.Seat)
		}
	}
	if len(met) != len(overridden) {
		t.Errorf("the table holds %d of the overridden names, want %d: %v", len(met), len(overridden), met)
	}
}

func TestCaseAndSurroundingsDoNotMatter(t *testing.T) {
	g := gazetteer(t)
	for _, r := range englishRows(t) {
		want := meaning(g.Lookup(r.name))
		for _, name := range []string{strings.ToUpper(r.name), strings.ToLower(r.name), "the " + strings.TrimPrefix(strings.ToLower(r.name), "the "), "  " + r.name + "!!"} {
			if got := meaning(g.Lookup(name)); got != want {
				t.Errorf("Lookup(%q) = %s, want %s", name, got, want)
			}
		}
	}
}

func TestEveryNameOfTheHouseStyle(t *testing.T) {
	g, h := gazetteer(t), records(t).House
	near := map[string]bool{}
	for i, n := range h.Near {
		near[places.Fold(n.Name)] = true
		m, left := lookAt(t, g, n.Name)
		if meaning(m) != string(n.Country) || left != 0 || m.Near == nil {
			t.Errorf("near name %q means %s with %d words left, want %s and its note", n.Name, meaning(m), left, n.Country)
			continue
		}
		if diff := cmp.Diff(h.Near[i], *m.Near); diff != "" {
			t.Errorf("near name %q (-want +got):\n%s", n.Name, diff)
		}
	}
	check := func(name, want string) {
		t.Helper()
		if m, left := lookAt(t, g, name); meaning(m) != want || left != 0 {
			t.Errorf("%q means %s with %d words left, want %s", name, meaning(m), left, want)
		} else if near[places.Fold(name)] {
			t.Errorf("%q is a near name too", name)
		} else if m.Name == "" || places.Fold(m.Name) != places.Fold(name) {
			t.Errorf("%q: the records write %q", name, m.Name)
		}
	}
	counts := [3]int{}
	for _, p := range h.Places {
		for _, name := range p.Names {
			check(name, "place "+p.ID)
			counts[0]++
		}
		if len(p.ID) == 3 {
			check(p.ID, "place "+p.ID)
			check(strings.ToLower(p.ID), "place "+p.ID)
		}
	}
	for _, a := range h.Asks {
		check(a.Name, "ask "+strings.Join(a.Choices, " "))
		counts[1]++
	}
	for _, n := range h.NotCountries {
		for _, name := range n.Names {
			check(name, "not "+n.Note)
			counts[2]++
		}
	}
	t.Logf("%d near names, %d names of places, %d that ask, %d of no country", len(h.Near), counts[0], counts[1], counts[2])
	if counts[0] < 200 || counts[1] < 20 || counts[2] < 400 {
		t.Error("the house style has shrunk: was it loaded in full?")
	}
}

func TestLeadersStandForTheirCountries(t *testing.T) {
	g := gazetteer(t)
	last, shared := map[string]*knowledge.Leader{}, map[string]bool{}
	leaders := records(t).Leaders
	for i := range leaders {
		for _, name := range append([]string{leaders[i].Name}, leaders[i].Called...) {
			if other := last[places.Fold(name)]; other != nil && other.Country != leaders[i].Country {
				shared[places.Fold(name)] = true
			}
			last[places.Fold(name)] = &leaders[i]
		}
		for name, ld := range last { // who came back to office is the one in the last term, by all names
			if ld.Name == leaders[i].Name {
				last[name] = &leaders[i]
			}
		}
	}
	if lula := g.Lookup("Lula"); lula == nil || lula.Leader == nil || !lula.Leader.To.IsZero() {
		t.Errorf("Lula is %+v, want the president since 2023", lula)
	}
	for name, ld := range last {
		m, left := lookAt(t, g, name)
		if shared[name] {
			if m == nil || m.Kind != places.AskMatch || len(m.Choices) != 2 || len(m.Leaders) != 2 {
				t.Errorf("%q leads two countries and does not ask: %s", name, meaning(m))
			}
			continue
		}
		if meaning(m) != string(ld.Country) || left != 0 {
			t.Errorf("%q means %s with %d words left, want %s", name, meaning(m), left, ld.Country)
		} else if m.Leader != ld {
			t.Errorf("%q is %+v, want the last of the name, %+v", name, m.Leader, ld)
		}
	}
	if len(last) < 60 {
		t.Errorf("%d names of leaders: were the records loaded in full?", len(last))
	}
}

func TestNamesPeopleUse(t *testing.T) {
	g := gazetteer(t)
	for name, want := range map[string]string{
		// What is near to another: answered, and told apart.
		"dominica": "DMA", "dominican": "ask DMA DOM", "guinea": "GIN", "congo": "ask COD COG", "korea": "ask KOR PRK",
		"georgia": "GEO", "america": "ask USA latin_america", "niger": "NER", "nigeria": "NGA", "nigerian": "NGA", "nigerien": "NER",
		// Names of other days, and other names of today.
		"macedonia": "MKD", "burma": "MMR", "swaziland": "SWZ", "holland": "NLD", "ivory coast": "CIV", "czech republic": "CZE",
		"turkey": "TUR", "cape verde": "CPV", "cabo verde": "CPV", "east timor": "TLS", "zaire": "COD", "ceylon": "LKA", "persia": "IRN",
		// The poles.
		"russia": "RUS", "usa": "USA", "U.S.": "USA", "the united states": "USA", "kremlin": "RUS", "white house": "USA",
		// Status of its own.
		"taiwan": "place TWN", "kosovo": "place XKX", "palestine": "place PSE", "crimea": "place crimea", "abkhazia": "place abkhazia",
		"western sahara": "place ESH", "puerto rico": "place PRI", "ussr": "place ussr", "U.S.S.R.": "place ussr", "yugoslavia": "place yugoslavia",
		"holy see": "place VAT",
		// The many ways to write one.
		"PERÚ": "PER", "peru!!": "PER", "Peruvian": "PER", "the republic of peru": "PER", "Lima": "PER", "\U0001F1F5\U0001F1EA": "PER",
		"côte d’ivoire": "CIV", "Cote d'Ivoire": "CIV", "são tomé & príncipe": "STP", "Turkiye": "TUR", "St. Lucia": "LCA", "st lucia": "LCA",
	} {
		if m, left := lookAt(t, g, name); meaning(m) != want || left != 0 {
			t.Errorf("%q means %s with %d words left, want %s", name, meaning(m), left, want)
		}
	}
	for _, name := range []string{"wakanda", "texas", "putin", "pizza"} {
		if m, _ := lookAt(t, g, name); m == nil || m.Kind != places.OtherMatch {
			t.Errorf("%q means %s, want a name of no country", name, meaning(m))
		}
	}
	// Groups are the reader's, and ordinary words are nobody's.
	for _, name := range []string{"brics", "nato", "stance", "iron", "us citizens and", "xyzzy", "2025", "..."} {
		if m := g.Lookup(name); m != nil {
			t.Errorf("Lookup(%q) = %s, want nothing", name, meaning(m))
		}
	}
}

func TestLongestNameWins(t *testing.T) {
	g := gazetteer(t)
	tests := []struct {
		text string
		want string
		n    int
	}{
		{"papua new guinea votes", "PNG", 3},
		{"new guinea votes", "ask IDN PNG", 2},
		{"guinea votes", "GIN", 1},
		{"guinea bissau votes", "GNB", 2},
		{"Guinea-Bissau's vote", "GNB", 2},
		{"equatorial guinea and peru", "GNQ", 2},
		{"guinea pig", "not A phrase that only contains a country's name.", 2},
		{"dominican republic and haiti", "DOM", 2},
		{"dominican voters", "ask DMA DOM", 1},
		{"commonwealth of dominica", "DMA", 3},
		{"new mexico votes", "not A state of the United States, not a country of its own.", 2},
		{"mexico votes", "MEX", 1},
		{"democratic republic of the congo votes", "COD", 5},
		{"democratic republic of congo votes", "COD", 4},
		{"republic of the congo votes", "COG", 4},
		{"republic of congo votes", "COG", 3},
		{"congo republic", "COG", 2},
		{"congo votes", "ask COD COG", 1},
		{"democratic people's republic of korea votes", "PRK", 6},
		{"republic of korea", "KOR", 3},
		{"south sudan votes", "SSD", 2},
		{"sudan votes", "SDN", 1},
		{"north korea votes", "PRK", 2},
		{"south korea's vote", "KOR", 2},
		{"korea votes", "ask KOR PRK", 1},
		{"north macedonia", "MKD", 2},
		{"northern ireland", "not A part of the United Kingdom, not a UN member of its own.", 2},
		{"republic of ireland", "IRL", 3},
		{"american samoa votes", "place ASM", 2},
		{"american votes", "USA", 1},
		{"us virgin islands", "place VIR", 3},
		{"U.S. Virgin Islands", "place VIR", 3},
		{"british virgin islands", "place VGB", 3},
		{"virgin islands", "ask VGB VIR", 2},
		{"south africa", "ZAF", 2},
		{"south america", "not A continent, not a country. Its countries can be asked for one by one or by sub-region.", 2},
		{"saint vincent and the grenadines and peru", "VCT", 5},
		{"St. Vincent and the Grenadines", "VCT", 5},
		{"bosnia and herzegovina", "BIH", 3},
		{"bosnia and serbia", "BIH", 1},
		{"trinidad & tobago", "TTO", 2},
		{"serbia and montenegro", "place serbia_and_montenegro", 3},
		{"serbia and montenegrins", "SRB", 1},
		{"united arab emirates", "ARE", 3},
		{"united arab republic", "place united_arab_republic", 3},
		{"united states of america", "USA", 4},
		{"united kingdom", "GBR", 2},
		{"washington state", "not A state of the United States, not a country of its own.", 2},
		{"washington says", "USA", 1},
		{"people's republic of china", "CHN", 5},
		{"republic of china", "place TWN", 3},
		{"N. Korea says", "PRK", 2},
		{"D.R. Congo says", "COD", 2},
	}
	for _, tt := range tests {
		if m, n := g.At(places.Split(tt.text), 0); meaning(m) != tt.want || n != tt.n {
			t.Errorf("%q begins with %s over %d words, want %s over %d", tt.text, meaning(m), n, tt.want, tt.n)
		}
	}
}

func TestNamesDoNotJoinAcrossMarks(t *testing.T) {
	g := gazetteer(t)
	for _, mark := range []string{", ", ",", " , ", "; ", "? ", "?", "! ", ": ", "?! "} {
		for _, tt := range []struct {
			before, after string
			want          string
		}{
			{"guinea", "bissau", "GIN"},
			{"dominican", "republic", "ask DMA DOM"},
			{"congo", "republic", "ask COD COG"},
			{"papua", "new guinea", "ask IDN PNG"},
			{"bosnia", "and herzegovina", "BIH"},
			{"bosnia and", "herzegovina", "BIH"},
			{"saint vincent and", "the grenadines", "nothing"}, // "st vincent" is a name, "saint vincent" is none
			{"new", "mexico", "nothing"},
			{"north", "korea", "nothing"},
			{"equatorial", "guinea", "nothing"},
			{"democratic republic of the", "congo", "nothing"},
		} {
			text := tt.before + mark + tt.after
			m, n := g.At(places.Split(text), 0)
			if meaning(m) != tt.want || n > 1 {
				t.Errorf("%q begins with %s over %d words, want %s", text, meaning(m), n, tt.want)
			}
		}
	}
	// What a name is written with does not part it.
	for text, want := range map[string]string{
		"guinea-bissau": "GNB", "guinea bissau": "GNB", "guinea\u2011bissau": "GNB", "guinea \u2013 bissau": "GNB", "guinea\tbissau": "GNB",
		"st. lucia": "LCA", "cote d'ivoire": "CIV", "cote d\u2019ivoire": "CIV", "antigua & barbuda": "ATG", "cocos (keeling) islands": "place CCK",
	} {
		if m, left := lookAt(t, g, text); meaning(m) != want || left != 0 {
			t.Errorf("%q means %s with %d words left, want %s", text, meaning(m), left, want)
		}
	}
}

func TestAtEveryWord(t *testing.T) {
	g := gazetteer(t)
	words := places.Split("Does South Sudan back the Democratic Republic of the Congo, Guinea, Bissau or the U.S.?")
	var got []string
	for i := 0; i < len(words); i++ {
		if m, n := g.At(words, i); m != nil {
			got = append(got, meaning(m))
			i += n - 1
		}
	}
	if diff := cmp.Diff([]string{"SSD", "COD", "GIN", "GNB", "USA"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFlags(t *testing.T) {
	g := gazetteer(t)
	for _, r := range memberRows(t) {
		words := places.Split(flag(r[1]))
		if len(words) != 1 {
			t.Fatalf("the flag of %s is %d words", r[0], len(words))
		}
		if m, n := g.At(words, 0); meaning(m) != r[0] || n != 1 {
			t.Errorf("the flag of %s means %s over %d words", r[0], meaning(m), n)
		}
	}
	for _, code := range []string{"TW", "XK", "PS", "VA", "EU", "UN", "HK", "ZZ", "AA", "SU"} {
		if m, n := g.At(places.Split(flag(code)), 0); m != nil || n != 0 {
			t.Errorf("the flag %s means %s over %d words, want nothing: no flag stands for a member but its own", code, meaning(m), n)
		}
	}
	// A flag is a word of its own, and joins no name.
	words := places.Split("guinea" + flag("PE") + "bissau")
	if m, n := g.At(words, 0); meaning(m) != "GIN" || n != 1 {
		t.Errorf("a name beside a flag means %s over %d words", meaning(m), n)
	}
}

// flag returns the flag of an alpha-2 code, as phones write it.
func flag(code string) string {
	return string([]rune{0x1F1E6 + rune(code[0]-'A'), 0x1F1E6 + rune(code[1]-'A')})
}

func TestCodes(t *testing.T) {
	g := gazetteer(t)
	for _, r := range memberRows(t) {
		for _, code := range []string{r[0], strings.ToLower(r[0]), r[0][:1] + strings.ToLower(r[0][1:])} {
			w := places.Split(code)[0]
			if c, ok := g.Alpha3(w); !ok || string(c) != r[0] {
				t.Errorf("Alpha3(%q) = %q, %v, want %s", code, c, ok, r[0])
			}
			if m, ok := g.Code(w); !ok || meaning(m) != r[0] || m.Name != r[0] {
				t.Errorf("Code(%q) = %s, %v, want %s", code, meaning(m), ok, r[0])
			}
		}
		for _, code := range []string{r[1], strings.ToLower(r[1])} {
			w := places.Split(code)[0]
			if m, ok := g.Code(w); !ok || meaning(m) != r[0] || m.Name != r[1] {
				t.Errorf("Code(%q) = %s, %v, want %s", code, meaning(m), ok, r[0])
			}
			if c, ok := g.Alpha3(w); ok || c != "" {
				t.Errorf("Alpha3(%q) = %q: two letters are no alpha-3 code", code, c)
			}
		}
	}
	for _, code := range []string{"TWN", "XKX", "TW", "PSE", "EU", "EUR", "UN", "XX", "XXX", "P", "PERU", "604", "PE1"} {
		w := places.Split(code)[0]
		if m, ok := g.Code(w); ok || m != nil {
			t.Errorf("Code(%q) = %s, want none", code, meaning(m))
		}
		if c, ok := g.Alpha3(w); ok || c != "" {
			t.Errorf("Alpha3(%q) = %q, want none", code, c)
		}
	}
	if m, ok := g.Code(places.Word{Flag: "PE"}); ok || m != nil {
		t.Errorf("Code of a flag = %s: a flag is read by At", meaning(m))
	}
}

func TestHouseStyleWinsOverTheTable(t *testing.T) {
	g := places.New(&knowledge.Records{
		House: knowledge.HouseStyle{
			Places: []knowledge.Place{
				{ID: "atlantis", Kind: "territory", Names: []string{"Atlantis", "Peru"}},
				{ID: "ATL", Kind: "territory", Names: []string{"Atlantis Minor"}},
			},
			NotCountries: []knowledge.NotCountries{{Kind: "thing", Names: []string{"Chile", "", "..."}, Note: "A pepper."}},
			Asks:         []knowledge.AskName{{Name: "Chile", Choices: []string{"CHL", "atlantis"}}},
			Near: []knowledge.NearName{
				{Name: "Bolivia", Country: "BOL", Note: "Not a currency."},
				{Name: "Burma", Country: "MMR"},
			},
		},
		Leaders: []knowledge.Leader{
			{Country: "ECU", Name: "Atlantis"},
			{Country: "ECU", Name: "Guayaquil Governor", Called: []string{"Guv"}},
		},
	})
	for name, want := range map[string]string{
		"atlantis": "place atlantis", "peru": "place atlantis", "lima": "PER", "atl": "place ATL", "atlantis minor": "place ATL",
		"chile": "ask CHL atlantis", "bolivia": "BOL", "brazil": "BRA", "": "nothing", "...": "nothing",
	} {
		if got := meaning(g.Lookup(name)); got != want {
			t.Errorf("Lookup(%q) = %s, want %s", name, got, want)
		}
	}
	if m := g.Lookup("bolivia"); m.Near == nil || m.Near.Note != "Not a currency." {
		t.Errorf("bolivia carries %+v, want its note", m.Near)
	}
	if m := g.Lookup("burma"); m.Near == nil || !m.Former {
		t.Errorf("burma is %+v, want both the note and that it is a name of other days", m)
	}
	if m := g.Lookup("guv"); meaning(m) != "ECU" || m.Leader == nil || m.Leader.Name != "Guayaquil Governor" {
		t.Errorf("a leader's shorter name is %+v, want the leader", m)
	}
	// An empty house style leaves the members' names, and no more.
	bare := places.New(&knowledge.Records{})
	for name, want := range map[string]string{"peru": "PER", "east germany": "DEU", "congo": "nothing", "taiwan": "nothing"} {
		if got := meaning(bare.Lookup(name)); got != want {
			t.Errorf("without a house style Lookup(%q) = %s, want %s", name, got, want)
		}
	}
}
