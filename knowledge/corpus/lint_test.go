package corpus

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"stancebot/knowledge/raced"
)

// A lintCase is a corpus with one fault, made from the shipped records by one replacement.
type lintCase struct {
	name     string
	file     string
	old, new string // old stands once in the file; without old, new is the whole file
	drop     bool   // the file is taken away
	in       string // the file in which the problem is told, if another
	line     string // what the reported line holds, where that is not among the lines replaced; "-" for no line
}

const (
	per   = "countries/PER.yaml"
	bra   = "countries/BRA.yaml"
	house = "house-style.yaml"

	per02 = "  - id: PER-02\n    kind: election\n" // the head of a dated claim without a check
	per05 = "  - id: PER-05\n    kind: assessment\n    actor: author\n"
)

// Long texts are measured in characters: this one has 241 of them and 482 bytes.
var longText = strings.Repeat("Ñ", 241)

// What the files themselves can get wrong, as read.go tells it.
var readCases = []lintCase{
	{name: "no file of this name", file: "countries.yaml", new: "a: b\n", line: "-"},
	{name: "country file with another ending", file: "countries/JAM.yml", new: "country: JAM\n", line: "-"},
	{name: "file in another folder", file: "countries/old/PER.yaml", new: "country: PER\n", line: "-"},
	{name: "empty file", file: per, new: ""},
	{name: "comments only", file: per, new: "# Peru\n"},
	{name: "two documents", file: per, new: "country: PER\n---\ncountry: PER\n"},
	{name: "syntax error", file: per, old: "washington:\n    label: aligned\n", new: "washington:\n    label: aligned: so it says\n"},
	{name: "quote that is not closed", file: per, old: "washington:\n    label: aligned\n", new: "washington:\n    label: 'aligned\n", line: "    grounds: "},
	{name: "tab for indentation", file: per, old: per02, new: "  - id: PER-02\n\tkind: election\n"},
	{name: "duplicate YAML key", file: per, old: per02, new: per02 + "    kind: vote\n"},

	{name: "unknown key", file: per, old: per02, new: per02 + "    colour: red\n"},
	{name: "unknown key at the top", file: per, old: "country: PER\n", new: "country: PER\ncolour: red\n"},
	{name: "key of another case", file: per, old: "country: PER\n", new: "Country: PER\n"},
	{name: "misspelt key", file: per, old: per02, new: "  - id: PER-02\n    kinds: election\n"},
	{name: "missing key", file: per, old: per02, new: "  - id: PER-02\n"},
	{name: "missing key at the top", file: per, old: "country: PER\n", new: "", line: "# Peru"},
	{name: "missing key of a mapping inside", file: bra, old: "      - label: neutral\n        at: S0.1\n", new: "      - label: neutral\n"},

	{name: "text where a mapping is wanted", file: per, old: "    check:\n      status: not_checked\n", new: "    check: not_checked\n"},
	{name: "list where a mapping is wanted", file: groupsFile, old: "members: []\n", new: "members: []\n    quote: [said]\n"},
	{name: "text where keys are free", file: articleFile, old: "sections:\n", new: "sections: none\nx:\n", line: "sections: none"},
	{name: "list for a document", file: checksFile, new: "- id: F-01\n"},
	{name: "text where a list is wanted", file: per, old: "claims: [PER-05, PER-06, PER-08]", new: "claims: PER-05"},
	{name: "nothing where a list is wanted", file: per, old: "claims: [PER-05, PER-06, PER-08]", new: "claims:"},
	{name: "list where text is wanted", file: per, old: per02, new: "  - id: PER-02\n    kind: [election]\n"},
	{name: "mapping where text is wanted", file: per, old: per02, new: "  - id: PER-02\n    kind: {of: election}\n"},
	{name: "list where a date is wanted", file: articleFile, old: "published: '2025-10-16'", new: "published: ['2025-10-16']"},
	{name: "number where text is wanted", file: per, old: "when_words: '2022'", new: "when_words: 2022"},
	{name: "true where text is wanted", file: per, old: per02, new: "  - id: PER-02\n    kind: true\n"},
	{name: "nothing where text is wanted", file: per, old: per02, new: "  - id: PER-02\n    kind:\n"},
	{name: "nothing in a list of texts", file: per, old: "[PER-05, PER-06, PER-08]", new: "\n      -\n      - PER-05"},
	{name: "blanks where text is wanted", file: per, old: per02, new: "  - id: PER-02\n    kind: '  '\n"},
	{name: "empty block where text is wanted", file: per, old: per02, new: "  - id: PER-02\n    kind: |\n\n"},
	{name: "anchor", file: per, old: per02, new: "  - id: PER-02\n    kind: &k election\n"},
	{name: "alias", file: per, old: per02, new: "  - id: PER-02\n    kind: *k\n"},
	{name: "tag", file: per, old: per02, new: "  - id: PER-02\n    kind: !!str election\n"},
	{name: "text where true is wanted", file: per, old: per05, new: per05 + "    forecast: yes\n"},
	{name: "nothing where true is wanted", file: per, old: per05, new: per05 + "    forecast:\n"},

	{name: "bad date", file: per, old: "from: '2021'", new: "from: Summer 2021"},
	{name: "date without zeros", file: per, old: "from: '2021'", new: "from: 2021-7"},
	{name: "date that the calendar lacks", file: per, old: "from: '2021'", new: "from: '2021-02-29'"},
	{name: "year where a day is wanted", file: articleFile, old: "published: '2025-10-16'", new: "published: 2025"},
	{name: "year with a fraction", file: per, old: "from: '2021'", new: "from: 2021.0"},
	{name: "empty date", file: per, old: "from: '2021'", new: "from: ''"},
	{name: "nothing where a date is wanted", file: per, old: "from: '2021'", new: "from:"},
	{name: "bad place", file: per, old: "S4.6\n    when: long", new: "S4\n    when: long"},
	{name: "empty place", file: per, old: "S4.6\n    when: long", new: "''\n    when: long"},

	{name: "all problems of a file at once", file: per, old: per02, new: "  - id: 2\n    kind: [election]\n    colour: red\n"},
}

// What does not go together, as lint.go tells it: labels, claims and what they rest on.
var countryCases = []lintCase{
	{name: "missing required file", file: leadersFile, drop: true, line: "-"},

	{name: "country file under another name", file: "countries/PRU.yaml", new: newCountry("JAM"), line: "country: JAM"},
	{name: "no UN member", file: "countries/XKX.yaml", new: newCountry("XKX"), line: "country: XKX"},
	{name: "bad country code", file: per, old: "country: PER\n", new: "country: Peru\n"},
	{name: "missing axis", file: "countries/JAM.yaml", new: strings.Replace(newCountry("JAM"), "  washington:", "  # washington:", 1), line: "labels:"},
	{name: "unknown axis", file: per, old: "  washington:\n    label: aligned\n", new: "  washington:\n    label: aligned\n    basis: article\n    grounds: none\n    claims: [PER-08]\n  beijing:\n    label: aligned\n"},
	{name: "unknown label", file: per, old: "washington:\n    label: aligned\n", new: "washington:\n    label: friendly\n"},
	{name: "label of the other axis", file: per, old: "washington:\n    label: aligned\n", new: "washington:\n    label: ally\n"},
	{name: "unknown basis", file: per, old: "basis: inferred", new: "basis: guessed"},
	{name: "basis of a desk", file: per, old: "basis: inferred", new: "basis: desk"},
	{name: "contested without readings", file: per, old: "label: leaning_adversary\n", new: "label: contested\n", line: "  russia:"},
	{name: "contested with one reading", file: bra, old: "      - label: leaning_ally\n        at: S5.3\n", new: "", line: "  russia:"},
	{name: "readings on a plain label", file: bra, old: "label: contested\n", new: "label: neutral\n", line: "    of:"},
	{name: "unknown label of a reading", file: bra, old: "label: leaning_ally\n        at: S5.3\n", new: "label: relative_ally\n        at: S5.3\n"},
	{name: "reading in a section that is missing", file: bra, old: "label: leaning_ally\n        at: S5.3", new: "label: leaning_ally\n        at: S9.3"},
	{name: "label without claims", file: per, old: "[PER-05, PER-06, PER-08]", new: "[]"},
	{name: "dangling receipt in a label", file: per, old: "[PER-05, PER-06, PER-08]", new: "[PER-05, PER-99]"},
	{name: "dangling receipt in a label of many lines", file: per, old: "[PER-05, PER-06, PER-08]", new: "\n      - PER-05\n      - PER-99", line: "- PER-99"},
	{name: "label on a fact check", file: per, old: "[PER-05, PER-06, PER-08]", new: "[PER-05, F-01]"},
	{name: "label on a shift of the country", file: per, old: "[PER-05, PER-06, PER-08]", new: "[PER-05, PER-S1]"},
	{name: "label on a claim twice", file: per, old: "[PER-05, PER-06, PER-08]", new: "[PER-05, PER-06, PER-05]"},
	{name: "label on a claim about another country", file: per, old: "[PER-05, PER-06, PER-08]", new: "[PER-05, VEN-01]"},
	{name: "label on a claim about the region", file: per, old: "[PER-05, PER-06, PER-08]", new: "[PER-05, GEN-01]"},

	{name: "quote of 13 words", file: per, old: "quotes:\n", new: "quotes:\n  - quote: one two three four five six seven eight nine ten eleven twelve thirteen\n    at: S4.6\n"},
	{name: "quote of no words", file: per, old: "quotes:\n", new: "quotes:\n  - quote: ' '\n    at: S4.6\n"},
	{name: "claim with a quote of 13 words", file: per, old: "    quote: Peru has long been a technocratic pro-U.S. republic\n", new: "    quote: 1 2 3 4 5 6 7 8 9 10 11 12 13\n"},
	{name: "section that is missing", file: per, old: "S4.6\n    when: long", new: "S9.1\n    when: long"},
	{name: "quote in a section that is missing", file: per, old: "quotes:\n", new: "quotes:\n  - quote: one\n    at: S8.0\n"},

	{name: "duplicate id", file: per, old: per02, new: strings.Replace(per02, "PER-02", "PER-01", 1)},
	{name: "duplicate id in another file", file: generalFile, old: "- id: GEN-15\n", new: "- id: PER-01\n"},
	{name: "bad claim id", file: per, old: "claims:\n  - id: PER-01\n", new: "claims:\n  - id: PER-1\n"},
	{name: "claim id of another country", file: per, old: "claims:\n  - id: PER-01\n", new: "claims:\n  - id: VEN-91\n"},
	{name: "country's claim among the general ones", file: generalFile, old: "- id: GEN-02\n", new: "- id: PER-91\n"},
	{name: "shift among the claims", file: per, old: "  - id: PER-03\n", new: "  - id: PER-S9\n"},
	{name: "unknown kind", file: per, old: per02, new: "  - id: PER-02\n    kind: elections\n"},
	{name: "kind of an event only", file: per, old: per02, new: "  - id: PER-02\n    kind: scheduled\n"},

	{name: "dated and undated at once", file: per, old: "from: '2021'\n    to: '2021'\n", new: "from: '2021'\n    to: '2021'\n    undated: true\n", line: "- id: PER-02"},
	{name: "neither dated nor undated", file: per, old: "    from: '2021'\n", new: "", line: "- id: PER-02"},
	{name: "unknown dates_from", file: per, old: "to: '2021'\n    dates_from: article\n", new: "to: '2021'\n    dates_from: memory\n"},
	{name: "dates from nowhere", file: per, old: "to: '2021'\n    dates_from: article\n", new: "to: '2021'\n", line: "- id: PER-02"},
	{name: "end before start", file: per, old: "from: '2021'\n    to: '2021'", new: "from: '2021'\n    to: '2020-12'"},
	{name: "end after the article", file: per, old: "from: '2021'\n    to: '2021'", new: "from: '2021'\n    to: '2025-10-17'"},
	{name: "undated with an end", file: per, old: "when: long\n    undated: true\n", new: "when: long\n    to: '2021'\n    undated: true\n", line: "- id: PER-01"},
	{name: "undated with an origin of dates", file: per, old: "when: long\n    undated: true\n", new: "when: long\n    undated: true\n    dates_from: article\n", line: "- id: PER-01"},
	{name: "start after the article", file: per, old: "from: '2021'\n    to: '2021'\n", new: "from: '2025-10-17'\n"},
	{name: "shift that starts after the article", file: per, old: "from: '2022-12-07'\n      dates_from: check", new: "from: '2025-10-17'\n      dates_from: check"},
	{name: "shift that ends before it starts", file: per, old: "from: '2021-07-28'\n      to: '2022-12-07'", new: "from: '2021-07-28'\n      to: '2021-06'"},
	{name: "undated shift with an end", file: per, old: "from: '2021-07-28'\n      to: '2022-12-07'\n      dates_from: leaders", new: "undated: true\n      to: '2022-12-07'", line: "period:"},
	{name: "shift that ends after the article", file: per, old: "from: '2021-07-28'\n      to: '2022-12-07'", new: "from: '2021-07-28'\n      to: '2026'"},

	{name: "unknown verdict", file: per, old: "check:\n      status: not_checked", new: "check:\n      status: wrong"},
	{name: "verdict with a fault and no note", file: per, old: "check:\n      status: not_checked", new: "check:\n      status: partly"},
	{name: "at_publication on a verdict that is not outdated", file: per, old: "check:\n      status: not_checked", new: "check:\n      status: not_checked\n      at_publication: true"},
	{name: "hold with a source", file: "countries/VEN.yaml", old: "hold: true\n", new: "hold: true\n      sources: [voz-2025-10-10]\n"},
	{name: "dangling source of a check", file: per, old: "check:\n      status: not_checked", new: "check:\n      status: not_checked\n      sources: [voz-1999]"},

	{name: "bad shift id", file: per, old: "- id: PER-S1\n", new: "- id: PER-S\n"},
	{name: "shift id of another country", file: per, old: "- id: PER-S1\n", new: "- id: VEN-S9\n"},
	{name: "continuity and forecast at once", file: per, old: "- id: PER-S1\n", new: "- id: PER-S1\n    continuity: true\n    forecast: true\n"},
	{name: "shift in a section that is missing", file: per, old: "- id: PER-S1\n", new: "- id: PER-S9\n    from_words: a\n    to_words: b\n    when_words: c\n    period:\n      undated: true\n    cause: d\n    at: S9.1\n  - id: PER-S1\n"},

	{name: "caveat without receipt", file: per, old: "receipts: [PER-05, PER-08]", new: "receipts: []", line: "  - text:"},
	{name: "receipt twice in a caveat", file: per, old: "receipts: [PER-05, PER-08]", new: "receipts: [PER-05, PER-05]"},
	{name: "dangling receipt in a caveat", file: per, old: "receipts: [PER-05, PER-08]", new: "receipts: [PER-05, F-99]"},
}

// The other files: what happened, who governed, how countries are grouped, what they rest on.
var listCases = []lintCase{
	{name: "article's URL that is none", file: articleFile, old: "url: https://www.toutiao.com", new: "url: www.toutiao.com"},
	{name: "bad section", file: articleFile, old: "  S7: Summary\n", new: "  S7: Summary\n  S10: Notes\n"},

	{name: "duplicate source", file: sourcesFile, old: "- id: un-press-ga12458\n", new: "- id: unn-maduro\n", line: "- id: unn-maduro"},
	{name: "bad source id", file: sourcesFile, old: "sources:\n", new: "sources:\n  - id: UN_Press\n    url: https://press.un.org\n    publisher: UN Press\n"},
	{name: "source's URL that is none", file: sourcesFile, old: "url: https://afn.net\n", new: "url: afn.net\n"},
	{name: "source's URL of another scheme", file: sourcesFile, old: "url: https://afn.net\n", new: "url: ftp://afn.net\n"},
	{name: "source's URL with a user", file: sourcesFile, old: "url: https://afn.net\n", new: "url: https://me@afn.net\n"},
	{name: "source's URL with a blank", file: sourcesFile, old: "url: https://afn.net\n", new: "url: https://afn.net/cuba oil\n"},
	{name: "source's URL that does not parse", file: sourcesFile, old: "url: https://afn.net\n", new: "url: https://afn.net:port\n"},
	{name: "unused source", file: sourcesFile, old: "sources:\n", new: "sources:\n  - id: aaa\n    url: https://example.org\n    publisher: Example\n"},
	{name: "source that is cited no more", file: eventsFile, old: ", extranewsmundo-alba-bolivia]", new: "]", in: sourcesFile, line: "- id: extranewsmundo-alba-bolivia"},

	{name: "duplicate group", file: groupsFile, old: "- id: guianas\n", new: "- id: andean\n"},
	{name: "unknown group kind", file: groupsFile, old: "- id: guianas\n    kind: sub_region\n", new: "- id: guianas\n    kind: region\n"},
	{name: "member of a group that is no UN member", file: groupsFile, old: "[ARG, CHL, URY, PRY]", new: "[ARG, CHL, URY, FLK]"},
	{name: "member twice", file: groupsFile, old: "[ARG, CHL, URY, PRY]", new: "[ARG, CHL, URY, ARG]"},
	{name: "missing state twice", file: groupsFile, old: "missing: [GUY, SUR]", new: "missing: [GUY, GUY]"},
	{name: "state both a member and missing", file: groupsFile, old: "missing: [BLZ]", new: "missing: [BLZ, NIC]"},
	{name: "unknown axis of a group", file: groupsFile, old: "members: [CUB, VEN, NIC]\n    axis: russia\n", new: "members: [CUB, VEN, NIC]\n    axis: moscow\n"},
	{name: "receipt of a group that is no claim", file: groupsFile, old: "receipts: [GEN-03]", new: "receipts: [X-01]"},
	{name: "receipt twice in a group", file: groupsFile, old: "receipts: [GEN-03]", new: "receipts: [GEN-03, GEN-03]"},
	{name: "called so by what is no claim", file: groupsFile, old: "called: [ECU-09, ARG-10]", new: "called: [ECU-09, F-01]"},
	{name: "dangling receipt of a group", file: groupsFile, old: "receipts: [GEN-03]", new: "receipts: [GEN-99]"},
	{name: "dangling receipt of those called so", file: groupsFile, old: "called: [ECU-09, ARG-10]", new: "called: [ECU-09, ARG-99]"},
	{name: "group with a quote of 13 words", file: groupsFile, old: "quote: undeniable allies in Latin America are", new: "quote: the undeniable allies of Russia in all of Latin America are"},
	{name: "group with a quote in a section that is missing", file: groupsFile, old: "are Cuba, Venezuela, and Nicaragua\n      at: S0.1", new: "are Cuba, Venezuela, and Nicaragua\n      at: S9.1"},

	{name: "bad contradiction id", file: contradictionFile, old: "- id: X-02\n", new: "- id: X-2\n"},
	{name: "fact check's id on a contradiction", file: contradictionFile, old: "- id: X-02\n", new: "- id: F-99\n"},
	{name: "duplicate contradiction", file: contradictionFile, old: "- id: X-02\n", new: "- id: X-01\n"},
	{name: "contradiction of no UN member", file: contradictionFile, old: "[CHL, PRY, ARG]", new: "[CHL, PRY, LAT]"},
	{name: "contradiction of a state twice", file: contradictionFile, old: "[CHL, PRY, ARG]", new: "[CHL, PRY, CHL]"},
	{name: "contradiction in a section that is missing", file: contradictionFile, old: "quote: close ties to Washington, including Chile, Panama, and Paraguay\n      at: S0.1\n", new: "quote: close ties to Washington, including Chile, Panama, and Paraguay\n      at: S8.1\n"},
	{name: "contradiction with a quote of no words", file: contradictionFile, old: "[CHL, PRY, ARG]\n    a:\n      quote: close ties to Washington, including Chile, Panama, and Paraguay\n", new: "[CHL, PRY, ARG]\n    a:\n      quote: ''\n"},

	{name: "bad fact check id", file: checksFile, old: "- id: F-21\n", new: "- id: F21\n"},
	{name: "duplicate fact check", file: checksFile, old: "- id: F-21\n", new: "- id: F-20\n"},
	{name: "fact check about nothing", file: checksFile, old: "claims: [ARG-08]", new: "claims: []"},
	{name: "dangling receipt in a fact check", file: checksFile, old: "claims: [ARG-08]", new: "claims: [ARG-98]"},
	{name: "fact check about a fact check", file: checksFile, old: "claims: [ARG-08]", new: "claims: [F-01]"},
	{name: "fact check about a claim twice", file: checksFile, old: "claims: [ARG-08]", new: "claims: [ARG-08, ARG-08]"},
	{name: "at_publication on a fact check that is not outdated", file: checksFile, old: "claims: [ARG-08]\n    verdict: confirmed\n", new: "claims: [ARG-08]\n    verdict: confirmed\n    at_publication: true\n"},
	{name: "unknown verdict of a fact check", file: checksFile, old: "claims: [ARG-08]\n    verdict: confirmed", new: "claims: [ARG-08]\n    verdict: true story"},

	{name: "bad event id", file: eventsFile, old: "- id: E:BOL:2008\n", new: "- id: BOL-2008\n"},
	{name: "event on an impossible date", file: eventsFile, old: "- id: E:BOL:2008\n", new: "- id: E:BOL:2008-02-30\n"},
	{name: "event of no UN member", file: eventsFile, old: "- id: E:BOL:2008\n", new: "- id: E:XKX:2008\n"},
	{name: "duplicate event", file: eventsFile, old: "- id: E:BOL:2008\n", new: "- id: E:ARG:1998\n"},
	{name: "unknown kind of an event", file: eventsFile, old: "- id: E:BOL:2008\n    kind: diplomatic_relations\n", new: "- id: E:BOL:2008\n    kind: assessment\n"},
	{name: "event with too long a text", file: eventsFile, old: "events:\n", new: "events:\n" + newEvent(longText)},
	{name: "event without text", file: eventsFile, old: "events:\n", new: "events:\n" + newEvent("''")},
	{name: "event without source", file: eventsFile, old: "sources: [instantaneas-2025-10-28]\n", new: "sources: []\n"},
	{name: "dangling source of an event", file: eventsFile, old: "sources: [instantaneas-2025-10-28]\n", new: "sources: [instantaneas-2025-10-28, unread]\n"},
	{name: "event against what is no claim", file: eventsFile, old: "sources: [instantaneas-2025-10-28]\n", new: "sources: [instantaneas-2025-10-28]\n    against: [F-01]\n"},
	{name: "event against a claim twice", file: eventsFile, old: "sources: [instantaneas-2025-10-28]\n", new: "sources: [instantaneas-2025-10-28]\n    against: [BOL-01, BOL-01]\n"},
	{name: "dangling receipt in an event", file: eventsFile, old: "sources: [instantaneas-2025-10-28]\n", new: "sources: [instantaneas-2025-10-28]\n    against: [BOL-99]\n"},

	{name: "leader of no UN member", file: leadersFile, old: "leaders:\n", new: "leaders:\n" + newLeader("XKX", "from: '2021'")},
	{name: "dangling source of a leader", file: leadersFile, old: "leaders:\n", new: "leaders:\n" + strings.Replace(newLeader("JAM", "from: '2021'"), "voz-2025-10-10", "unread", 1)},
	{name: "leader named in nothing", file: leadersFile, old: "named_in: [COL-07, COL-09, COL-S1]", new: "named_in: [COL-07, COL-S9]"},
	{name: "leader named in a fact check", file: leadersFile, old: "named_in: [COL-07, COL-09, COL-S1]", new: "named_in: [COL-07, F-01]"},
	{name: "leader named in a claim twice", file: leadersFile, old: "named_in: [COL-07, COL-09, COL-S1]", new: "named_in: [COL-07, COL-07]"},
	{name: "term ended by a claim", file: leadersFile, old: "ended_by: E:CHL:2026-03-11", new: "ended_by: CHL-01"},
	{name: "claim under due", file: leadersFile, old: "due: E:COL:2026-08-07", new: "due: COL-07"},
	{name: "dangling receipt under due", file: leadersFile, old: "due: E:COL:2026-08-07", new: "due: E:COL:2026-08-08"},
	{name: "dangling receipt under ended_by", file: leadersFile, old: "ended_by: E:CHL:2026-03-11", new: "ended_by: E:CHL:2026-03-12"},
	{name: "event of another country under ended_by", file: leadersFile, old: "ended_by: E:CHL:2026-03-11", new: "ended_by: E:PER:2026-02-17"},
	{name: "event of another country under due", file: leadersFile, old: "due: E:COL:2026-08-07", new: "due: E:CRI:2026-05-08"},
	{name: "term that ends before it starts", file: leadersFile, old: "leaders:\n", new: "leaders:\n" + newLeader("JAM", "from: '2021-02'", "to: '2021-01'")},
	{name: "overlapping terms", file: leadersFile, old: "from: '2020-08-16'\n", new: "from: '2020-08-16'\n    sources: [voz-2025-10-10]\n  - country: DOM\n    name: Danilo Medina\n    office: president\n    from: '2016'\n    to: '2020-08-17'\n"},
	{name: "two leaders in office", file: leadersFile, old: "    to: '2026-03-11'\n", new: "", line: "from: '2026-03-11'"},
	{name: "last named leader without ended_by", file: leadersFile, old: "    ended_by: E:CHL:2026-03-11\n", new: "", line: "to: '2026-03-11'"},
}

// The house style, which the standards desk edits.
var houseCases = []lintCase{
	{name: "place that is a member", file: house, old: "- id: VAT\n", new: "- id: ITA\n"},
	{name: "duplicate place", file: house, old: "- id: PSE\n", new: "- id: VAT\n"},
	{name: "unknown place kind", file: house, old: "- id: VAT\n    kind: observer\n", new: "- id: VAT\n    kind: state\n"},
	{name: "place shown on maps in an unknown way", file: house, old: "- id: XKX\n    kind: disputed\n    map: hatched\n", new: "- id: XKX\n    kind: disputed\n    map: striped\n", line: "map: striped"},
	{name: "place without names", file: house, old: "- id: VAT\n    kind: observer\n", new: "- id: AAA\n    kind: observer\n    names: []\n    note: A note.\n  - id: VAT\n    kind: observer\n"},
	{name: "place seen at no UN member", file: house, old: "places:\n", new: "places:\n  - id: AAA\n    kind: observer\n    names: [Aaaland]\n    note: A note.\n    see: [XKX]\n"},
	{name: "name twice", file: house, old: "places:\n", new: "places:\n  - id: AAA\n    kind: observer\n    names: [the KOSOVO]\n    note: A note.\n", line: "- Kosovo"},
	{name: "name of a place that is asked back too", file: house, old: "name: Two Koreas\n", new: "name: Kosova\n"},
	{name: "name of a place that is no country too", file: house, old: "not_countries:\n", new: "not_countries:\n  - kind: bloc\n    names: [Kosova]\n    note: A note.\n"},
	{name: "note too long", file: house, old: "places:\n", new: "places:\n  - id: AAA\n    kind: observer\n    names: [Aaaland]\n    note: " + longText + "\n"},
	{name: "no note", file: house, old: "places:\n", new: "places:\n  - id: AAA\n    kind: observer\n    names: [Aaaland]\n    note: ''\n"},
	{name: "near name of no UN member", file: house, old: "name: Niger\n    country: NER\n", new: "name: Niger\n    country: NIG\n"},
	{name: "near.not unknown", file: house, old: "name: Niger\n    country: NER\n    not: [NGA]\n", new: "name: Niger\n    country: NER\n    not: [NGA, NIG]\n"},
	{name: "near name with too long a note", file: house, old: "near:\n", new: "near:\n  - name: Aaaland\n    country: NER\n    note: " + longText + "\n"},
	{name: "ask with one choice", file: house, old: "name: Two Koreas\n    choices: [KOR, PRK]\n", new: "name: Two Koreas\n    choices: [KOR]\n"},
	{name: "ask with an unknown choice", file: house, old: "name: Two Koreas\n    choices: [KOR, PRK]\n", new: "name: Two Koreas\n    choices: [KOR, PRK, DPRK]\n"},
	{name: "ask with a choice twice", file: house, old: "name: Two Koreas\n    choices: [KOR, PRK]\n", new: "name: Two Koreas\n    choices: [KOR, PRK, KOR]\n"},
	{name: "ask twice", file: house, old: "name: Two Koreas\n", new: "name: KOREANS\n"},
	{name: "near name twice", file: house, old: "name: Nigerien\n", new: "name: niger\n"},
	{name: "near name that names a place too", file: house, old: "name: Nigerien\n", new: "name: Kosova\n"},
	{name: "name without letters", file: house, old: "places:\n", new: "places:\n  - id: AAA\n    kind: observer\n    names: ['...']\n    note: A note.\n"},
	{name: "not a country and no name", file: house, old: "not_countries:\n", new: "not_countries:\n  - kind: bloc\n    names: []\n    note: A note.\n"},
	{name: "not a country and seen at no UN member", file: house, old: "not_countries:\n", new: "not_countries:\n  - kind: bloc\n    names: [Aaaland]\n    note: A note.\n    see: [XKX]\n"},
	{name: "not a country and no note", file: house, old: "not_countries:\n", new: "not_countries:\n  - kind: bloc\n    names: [Aaaland]\n    note: ''\n"},
}

// newCountry returns the file of a country in which nothing is wrong but what the code brings.
func newCountry(code string) string {
	return strings.ReplaceAll(`country: CODE
labels:
  russia: {label: neutral, basis: article, grounds: said so, claims: [CODE-01]}
  washington: {label: balanced, basis: article, grounds: said so, claims: [CODE-01]}
quotes:
  - {quote: the region, at: S0.2}
claims:
  - id: CODE-01
    kind: assessment
    actor: author
    text: It keeps its balance.
    quote: the region
    at: S0.2
    undated: true
    check: {status: opinion}
`, "CODE", code)
}

func newEvent(text string) string {
	return "  - id: E:JAM:2020\n    kind: vote\n    text: " + text + "\n    sources: [voz-2025-10-10]\n"
}

func newLeader(country string, dates ...string) string {
	return "  - country: " + country + "\n    name: Nobody\n    office: president\n    " + strings.Join(dates, "\n    ") +
		"\n    sources: [voz-2025-10-10]\n"
}

// lint returns the problems of the case's corpus, the text of the file in which one is told, and the lines on which
// that was changed.
func (c *lintCase) lint(t *testing.T, files fstest.MapFS, base *Set) (problems []Problem, text []byte, first, last int) {
	t.Helper()
	changed := fstest.MapFS{}
	data := []byte(c.new)
	first, last = 1, max(1, strings.Count(c.new, "\n"))
	if c.old != "" {
		data, first, last = replaced(t, files, c.file, c.old, c.new)
	}
	if !c.drop {
		changed[c.file] = &fstest.MapFile{Data: data}
	}
	s, problems := with(base, changed)
	if c.drop {
		delete(s.raw, c.file)
		delete(s.lines, c.file)
	}
	if len(problems) == 0 {
		problems = s.Lint()
	}
	if c.in != "" {
		data = files[c.in].Data
	}
	return problems, data, first, last
}

// tells reports whether a problem stands where the case has its fault.
func (c *lintCase) tells(p Problem, text []byte, first, last int) bool {
	if p.File != cmp.Or(c.in, c.file) {
		return false
	}
	switch c.line {
	case "-":
		return p.Line == 0
	case "":
		return first <= p.Line && p.Line <= last
	}
	lines := strings.Split(string(text), "\n")
	return 0 < p.Line && p.Line <= len(lines) && strings.Contains(lines[p.Line-1], c.line)
}

const lintGolden = "testdata/lint.golden"

// sampled is of how many cases one is made where races are looked for.
const sampled = 12

// Whoever edits a record is told what is wrong, where, and what to do. The golden file holds the very words, so that
// a change of them is read as prose in review; the cases say on which lines they must point, which no -update mends.
func TestLint(t *testing.T) {
	files := recordFiles(t)
	base := mustRead(t, files)
	cases := slices.Concat(readCases, countryCases, listCases, houseCases, publishCases, tableCases, rollCallCases)
	want := readGolden(t, lintGolden)
	var got []txtar.File
	for i, c := range cases {
		if raced.On && i%sampled != 0 {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			problems, text, first, last := c.lint(t, files, base)
			var told strings.Builder
			for _, p := range problems {
				fmt.Fprintln(&told, p)
				if p.File == "" || p.What == "" || p.Do == "" {
					t.Errorf("a problem does not say where it is, what it is and what to do: %#v", p)
				}
				if strings.Contains(p.String(), "\n") {
					t.Errorf("a problem is not told on one line: %q", p)
				}
			}
			if !slices.ContainsFunc(problems, func(p Problem) bool { return c.tells(p, text, first, last) }) {
				t.Errorf("no problem points at the fault in %s (lines %d to %d, or the line with %q); told was:\n%s",
					cmp.Or(c.in, c.file), first, last, c.line, &told)
			}
			if diff := gocmp.Diff(want[c.name], told.String()); diff != "" && !*update {
				t.Errorf("%s says otherwise (-want +got); if the change is meant, run go test ./knowledge/corpus -update:\n%s",
					lintGolden, diff)
			}
			got = append(got, txtar.File{Name: c.name, Data: []byte(told.String())})
		})
	}
	if *update && len(got) == len(cases) { // not under -run with part of a name
		writeGolden(t, lintGolden, "One fault a case, and what is told of it. Written by go test ./knowledge/corpus -update.\n\n", got)
		return
	}
	names := map[string]bool{}
	for _, c := range cases {
		if names[c.name] {
			t.Errorf("two cases are called %q", c.name)
		}
		names[c.name] = true
	}
	for name := range want {
		if !names[name] {
			t.Errorf("%s has the case %q, which no test makes: run go test ./knowledge/corpus -update", lintGolden, name)
		}
	}
}

// The parts of a problem that are not known are left out, and no punctuation stays behind for them.
func TestProblemString(t *testing.T) {
	for _, tt := range []struct {
		problem Problem
		want    string
	}{
		{Problem{"events.yaml", 7, "events[1].kind", "unknown kind", "correct it"}, "events.yaml:7: events[1].kind: unknown kind: correct it"},
		{Problem{"events.yaml", 0, "events[1].kind", "unknown kind", "correct it"}, "events.yaml: events[1].kind: unknown kind: correct it"},
		{Problem{"events.yaml", 1, "", "the file is empty", "fill it"}, "events.yaml:1: the file is empty: fill it"},
		{Problem{"events.yaml", 0, "", "the file is missing", "add it"}, "events.yaml: the file is missing: add it"},
	} {
		if got := tt.problem.String(); got != tt.want {
			t.Errorf("%#v\nsays %q\nwant %q", tt.problem, got, tt.want)
		}
	}
}

// Problems come in the order of files and lines, so that a file can be mended from top to bottom.
func TestLintOrder(t *testing.T) {
	files := recordFiles(t)
	base := mustRead(t, files)
	changed := fstest.MapFS{}
	for name, kinds := range map[string][2]string{
		"countries/VEN.yaml": {"kind: ", "kind: x"},
		"events.yaml":        {"kind: ", "kind: x"},
		"countries/BOL.yaml": {"status: ", "status: x"},
	} {
		changed[name] = &fstest.MapFile{Data: bytes.ReplaceAll(files[name].Data, []byte(kinds[0]), []byte(kinds[1]))}
	}
	s, problems := with(base, changed)
	problems = append(problems, s.Lint()...)
	if len(problems) < 30 {
		t.Fatalf("%d problems, want one for each value that was spoilt:\n%v", len(problems), problems)
	}
	if !slices.IsSortedFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	}) {
		t.Errorf("the problems are not in order of files and lines:\n%v", problems)
	}
}

// lockedFS refuses to open one file.
type lockedFS struct {
	fstest.MapFS
	name string
}

func (l lockedFS) Open(name string) (fs.File, error) {
	if name == l.name {
		return nil, &fs.PathError{Op: "open", Path: "/srv/records/" + name, Err: fs.ErrPermission}
	}
	return l.MapFS.Open(name)
}

func (l lockedFS) ReadFile(name string) ([]byte, error) { return fs.ReadFile(struct{ fs.FS }{l}, name) }

// What cannot be read is told like any other problem, with the name inside the corpus and not the machine's path.
func TestUnreadable(t *testing.T) {
	for _, tt := range []struct {
		name string
		fsys fs.FS
		want Problem
	}{
		{
			"no folder", os.DirFS(filepath.Join("testdata", "absent")),
			Problem{File: ".", What: "cannot read the folder: no such file or directory", Do: "check the path and its permissions"},
		},
		{
			"a file without permission",
			lockedFS{recordFiles(t), "events.yaml"},
			Problem{File: "events.yaml", What: "permission denied", Do: "check the file's permissions"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := ReadDir(tt.fsys)
			if diff := gocmp.Diff([]Problem{tt.want}, problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// Editors and file managers leave hidden files behind, which are none of ours.
func TestHiddenFilesAreIgnored(t *testing.T) {
	files := recordFiles(t)
	version := mustRead(t, files).Version()
	files[".DS_Store"] = &fstest.MapFile{Data: []byte{0, 1}}
	files["countries/.PER.yaml.swp"] = &fstest.MapFile{Data: []byte("x")}
	// A hidden folder may hold whole copies, such as a version control's: not even files with our names count.
	files[".git/PER.yaml"] = &fstest.MapFile{Data: []byte("x")}
	files["countries/.old/PER.yaml"] = &fstest.MapFile{Data: []byte("country: [PER]\n")}
	files[".trash/countries/PER.yaml"] = &fstest.MapFile{Data: []byte("country: [PER]\n")}
	if got := mustRead(t, files).Version(); got != version {
		t.Errorf("hidden files change the version from %s to %s", version, got)
	}
}
