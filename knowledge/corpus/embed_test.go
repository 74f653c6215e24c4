package corpus

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// The binary answers from embedded.json, and people edit records/: nothing else keeps the two together.
func TestEmbeddedIsUpToDate(t *testing.T) {
	want, err := Compact(os.DirFS("records"))
	if err != nil {
		t.Fatalf("records/ cannot be made compact: %v", err)
	}
	if !bytes.Equal(embedded, want) {
		t.Errorf("embedded.json does not hold what records/ says: run go generate ./knowledge/corpus")
	}
}

// The two forms must mean the same to the program, not only agree byte for byte with the generator.
func TestEmbeddedMeansTheSame(t *testing.T) {
	fromFiles, err := mustRead(t, os.DirFS("records")).Records()
	if err != nil {
		t.Fatalf("records/: %v", err)
	}
	fromBinary, err := mustEmbedded(t).Records()
	if err != nil {
		t.Fatalf("embedded.json: %v", err)
	}
	if diff := cmp.Diff(fromFiles, fromBinary); diff != "" {
		t.Errorf("the records differ (-records/ +embedded.json); run go generate ./knowledge/corpus:\n%s", diff)
	}
}

func TestShippedRecordsLintClean(t *testing.T) {
	files, problems := ReadDir(os.DirFS("records"))
	for _, p := range append(problems, files.Lint()...) {
		t.Errorf("records/%s", p)
	}
	for _, p := range mustEmbedded(t).Lint() {
		t.Errorf("embedded.json: %s", p)
	}
}

func embeddedRecords(t *testing.T) *knowledge.Records {
	t.Helper()
	r, err := mustEmbedded(t).Records()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The counts are those of the reading of the article: a record that is lost or added in passing shows here, and who
// adds one on purpose changes the number beside it.
func TestRecordCounts(t *testing.T) {
	r := embeddedRecords(t)
	countries, general, undated := map[knowledge.Country]bool{}, 0, 0
	for _, a := range r.Assessments {
		countries[a.Country] = true
	}
	for _, c := range r.Claims {
		if c.Country == "" {
			general++
		}
		if c.Undated {
			undated++
		}
	}
	partial := 0
	for _, rc := range r.RollCalls {
		if rc.Partial {
			partial++
		}
	}
	for _, tt := range []struct {
		what      string
		got, want int
	}{
		{"countries with a label", len(countries), 19},
		{"labels", len(r.Assessments), 2 * 19},
		{"countries with quotes", len(r.Quotes), 19},
		{"claims", len(r.Claims), 185},
		{"claims about a country", len(r.Claims) - general, 170},
		{"claims about the region", general, 15},
		{"undated claims", undated, 95},
		{"shifts", len(r.Shifts), 20},
		{"contradictions", len(r.Contradictions), 16},
		{"fact checks", len(r.FactChecks), 26},
		{"roll calls", len(r.RollCalls), 50},
		{"roll calls of which only some cells are known", partial, 4},
		{"disputed cells", len(r.Disputes), 3},
		{"memberships", len(r.Memberships), 322},
		{"measures", len(r.Measures), 282},
		{"agreements", len(r.Agreements), 6354},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.what, tt.got, tt.want)
		}
	}
}

// Receipts that are numbered through are quoted by number elsewhere: none may be skipped or renumbered.
func TestNumberedReceipts(t *testing.T) {
	r := embeddedRecords(t)
	var contradictions, checks, wantContradictions, wantChecks []string
	for _, x := range r.Contradictions {
		contradictions = append(contradictions, x.ID)
	}
	for _, f := range r.FactChecks {
		checks = append(checks, f.ID)
	}
	for i := range 16 {
		wantContradictions = append(wantContradictions, fmt.Sprintf("X-%02d", i+1))
	}
	for i := range 26 {
		wantChecks = append(wantChecks, fmt.Sprintf("F-%02d", i+1))
	}
	if diff := cmp.Diff(wantContradictions, contradictions); diff != "" {
		t.Errorf("contradictions.yaml (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(wantChecks, checks); diff != "" {
		t.Errorf("checks.yaml (-want +got):\n%s", diff)
	}
}

func TestEveryCountryHasBothAxes(t *testing.T) {
	axes := map[knowledge.Country][]knowledge.Axis{}
	for _, a := range embeddedRecords(t).Assessments {
		axes[a.Country] = append(axes[a.Country], a.Axis)
	}
	for c, got := range axes {
		if diff := cmp.Diff(knowledge.Axes[:], got); diff != "" {
			t.Errorf("%s has other axes (-want +got):\n%s", c, diff)
		}
	}
}

// Which labels are our reading, torn or in motion is a decision of the desk. A change of any of them is news, and
// must not slip in with an edit of something else.
func TestUnusualLabels(t *testing.T) {
	got := map[string][]string{}
	for _, a := range embeddedRecords(t).Assessments {
		at := fmt.Sprintf("%s %s", a.Country, a.Axis)
		if a.Basis != knowledge.BasisArticle {
			got[string(a.Basis)] = append(got[string(a.Basis)], at)
		}
		if a.Label == knowledge.Contested || a.Label == knowledge.InTransition {
			got[string(a.Label)] = append(got[string(a.Label)], at)
		}
	}
	want := map[string][]string{
		"inferred":      {"CRI russia", "GTM russia", "PER russia", "SLV washington"},
		"contested":     {"BRA russia"},
		"in_transition": {"BOL russia", "BOL washington"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}

// A label holds from the day of the article, which its file need not repeat.
func TestLabelsHoldSinceTheArticle(t *testing.T) {
	for _, a := range embeddedRecords(t).Assessments {
		if a.Since != 20251016 {
			t.Errorf("the label of %s toward %s holds since %q, want 2025-10-16", a.Country, a.Axis, a.Since)
		}
	}
}

// A held note has no source and is shown to nobody: there is one, and each further one needs a decision.
func TestHeldNotes(t *testing.T) {
	var held []string
	for _, c := range embeddedRecords(t).Claims {
		if c.Check.Hold {
			held = append(held, c.ID)
		}
	}
	if diff := cmp.Diff([]string{"VEN-06"}, held); diff != "" {
		t.Errorf("claims whose note is held (-want +got):\n%s", diff)
	}
}

// Nobody is told to be in office whose swearing-in was not read: winners of elections stand in events alone.
func TestNoUnconfirmedLeaders(t *testing.T) {
	r := embeddedRecords(t)
	last := r.Article.CheckedTo.Last()
	for _, ld := range r.Leaders {
		for _, name := range []string{"de la Espriella", "Cepeda", "Fujimori", "Laura Fernández"} {
			if strings.Contains(places.Fold(ld.Name), places.Fold(name)) {
				t.Errorf("leaders.yaml has %s of %s as %s: the taking of office is not confirmed", ld.Name, ld.Country, ld.Office)
			}
		}
		if ld.From.First() > last {
			t.Errorf("leaders.yaml has %s of %s from %s, after %s, up to which events were looked for",
				ld.Name, ld.Country, ld.From, r.Article.CheckedTo)
		}
	}
	// The test must meet the names it bars: of each that the events tell of, the election at least is there.
	var told strings.Builder
	for _, e := range r.Events {
		told.WriteString(e.Text + "\n")
	}
	for _, name := range []string{"de la Espriella", "Laura Fernández"} {
		if !strings.Contains(told.String(), name) {
			t.Errorf("no event names %s: has the spelling changed?", name)
		}
	}
}

// Quotes stay short enough to be fair use. The words are counted here once more, in another way than the linter's.
func TestQuotesAreShort(t *testing.T) {
	r := embeddedRecords(t)
	quotes := map[string]string{}
	for c, list := range r.Quotes {
		for i, q := range list {
			quotes[fmt.Sprintf("quote %d of %s", i+1, c)] = q.Quote
		}
	}
	for _, c := range r.Claims {
		quotes[c.ID] = c.Quote
	}
	for _, x := range r.Contradictions {
		quotes[x.ID+" a"], quotes[x.ID+" b"] = x.A.Quote, x.B.Quote
	}
	for _, g := range r.Groups {
		if g.Quote != nil {
			quotes[string(g.ID)] = g.Quote.Quote
		}
	}
	if n := len(r.Claims) + 2*len(r.Contradictions); len(quotes) <= n {
		t.Errorf("found %d quotes, want more than the %d of claims and contradictions: some were not looked at", len(quotes), n)
	}
	word := regexp.MustCompile(`\S+`)
	for where, quote := range quotes {
		if n := len(word.FindAllString(quote, -1)); n < 1 || n > 12 {
			t.Errorf("%s has %d words, want 1 to 12: %q", where, n, quote)
		}
	}
}

func TestVersion(t *testing.T) {
	version := mustEmbedded(t).Version()
	if !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(version) {
		t.Errorf("version %q: want 12 hexadecimal digits", version)
	}
	if again := mustEmbedded(t).Version(); again != version {
		t.Errorf("two loads have the versions %s and %s, want one", version, again)
	}
	files := recordFiles(t)
	base := mustRead(t, files)
	if got := base.Version(); got != version {
		t.Errorf("records/ have the version %s and embedded.json %s, want one", got, version)
	}
	if r, err := base.Records(); err != nil || r.Version != version {
		t.Errorf("Records returns the version %q, %v; want %s", r.Version, err, version)
	}

	// Every file counts, and what is no content does not.
	for _, tt := range []struct {
		file, old, new string
		same           bool
	}{
		{file: "article.yaml", old: "disclaimer: ", new: "disclaimer: these are "},
		{file: "checks.yaml", old: "claims: [ARG-08]\n    verdict: confirmed", new: "claims: [ARG-08]\n    verdict: context"},
		{file: "contradictions.yaml", old: "countries: [CHL, PRY, ARG]", new: "countries: [CHL, PRY]"},
		{file: "countries/PER.yaml", old: "- id: PER-02\n    kind: election", new: "- id: PER-02\n    kind: leader"},
		{file: "events.yaml", old: "- id: E:BOL:2019-11-10\n    kind: leader", new: "- id: E:BOL:2019-11-10\n    kind: election"},
		{file: "general.yaml", old: "- id: GEN-03\n    kind: assessment", new: "- id: GEN-03\n    kind: statement"},
		{file: "groups.yaml", old: "missing: [GUY, SUR]", new: "missing: [SUR, GUY]"},
		{file: "house-style.yaml", old: "name: Niger\n", new: "name: Nigerland\n"},
		{file: "leaders.yaml", old: "from: '2002'\n", new: "from: '2002-08-07'\n"},
		{file: "sources.yaml", old: "publisher: AllThe.News", new: "publisher: All The News"},
		{file: "agreement.csv", old: "ZWE,2025,0.0833,30,", new: "ZWE,2025,0.0834,30,"},
		{file: "disputes.yaml", old: "  - rollcall: ES-11/4\n    country: SLV\n    record: absent\n    other: abstain\n", new: "  - rollcall: ES-11/4\n    country: SLV\n    record: absent\n    other: no\n"},
		{file: "measures.csv", old: "CHL,aid_to_ukraine_demining,2023-01,", new: "CHL,aid_to_ukraine_demining,2023-02,"},
		{file: "memberships.csv", old: "BOL,alba,member,2006-04-29,", new: "BOL,alba,member,2006-04,"},
		{file: "rollcalls/es-11-1.yaml", old: "    ZMB\n  no: |\n    BLR\n", new: "    BLR\n  no: |\n    ZMB\n"},
		{file: "rollcalls/es-11-1.yaml", old: "    AFG ALB AND", new: "    AFG\n    ALB   AND", same: true},
		{file: "agreement.csv", old: "ZWE,2025,0.0833,30,", new: "\n\"ZWE\",2025,0.08330,30,", same: true},
		{file: "countries/PER.yaml", old: "# Peru\n", new: "# Peru, on the Pacific\n", same: true},
		{file: "countries/PER.yaml", old: "label: aligned\n    basis: article\n", new: "basis: article\n    label: aligned\n", same: true},
		{file: "countries/PER.yaml", old: "[PER-08, PER-01]", new: "\n      - PER-08\n      - 'PER-01'", same: true},
	} {
		data, _, _ := replaced(t, files, tt.file, tt.old, tt.new)
		s, problems := with(base, fstest.MapFS{tt.file: {Data: data}})
		if len(problems) > 0 {
			t.Errorf("%s with %q for %q: %s", tt.file, tt.new, tt.old, problems[0])
		} else if got := s.Version(); (got == version) != tt.same {
			t.Errorf("%s with %q for %q: version %s, before %s; want the same: %t", tt.file, tt.new, tt.old, got, version, tt.same)
		}
	}
	if got := (&Set{}).Version(); got == version {
		t.Errorf("an empty set has the version %s of the records", got)
	}
}

// Whoever runs go generate over a faulty folder learns all that is wrong, and gets no half a corpus.
func TestCompactRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, old, new string
		problems       int
		message        string
	}{
		{
			name: "one problem", old: "kind: election", new: "kind: elections", problems: 1,
			message: `^corpus: countries/PER\.yaml:\d+: claims\[1\]\.kind: unknown kind "elections": use one of: .*[a-z]$`,
		},
		{
			name: "two problems", old: "kind: election\n    actor: Pedro Castillo", new: "kind: elections\n    actor: [Castillo]\n    of: 3", problems: 2,
			message: `^corpus: countries/PER\.yaml:\d+: .* \(and 1 more\)$`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := recordFiles(t)
			data, _, _ := replaced(t, files, "countries/PER.yaml", tt.old, tt.new)
			files["countries/PER.yaml"] = &fstest.MapFile{Data: data}
			compact, err := Compact(files)
			var lint *LintError
			if !errors.As(err, &lint) {
				t.Fatalf("Compact returned %d bytes and the error %v, want a *LintError", len(compact), err)
			}
			if compact != nil {
				t.Errorf("Compact returned %d bytes beside the error, want none", len(compact))
			}
			if len(lint.Problems) != tt.problems {
				t.Errorf("%d problems, want %d:\n%v", len(lint.Problems), tt.problems, lint.Problems)
			}
			if !regexp.MustCompile(tt.message).MatchString(err.Error()) {
				t.Errorf("the error says\n%s\nwant it to match\n%s", err, tt.message)
			}
		})
	}
}

// The compact form is committed: its bytes may depend on nothing but the content.
func TestCompactIsDeterministic(t *testing.T) {
	first, err := Compact(recordFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	second, err := Compact(recordFiles(t))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("Compact returns other bytes the second time")
	}
	lines := slices.Collect(strings.Lines(string(first)))
	if want := len(recordFiles(t)) + 2; len(lines) != want {
		t.Errorf("the compact form has %d lines, want %d: one a file, so that a change is seen in review", len(lines), want)
	}
}
