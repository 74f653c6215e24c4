package corpus

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"stancebot/knowledge"
)

// A change is a Change as the tests compare it: without the content.
type change struct{ ID, File, What string }

func diff(t *testing.T, before, after *Set) []change {
	t.Helper()
	found, err := Diff(before, after)
	if err != nil {
		t.Fatal(err)
	}
	changes := []change{}
	for _, c := range found {
		what := "changed"
		switch {
		case c.Old == nil:
			what = "added"
		case c.New == nil:
			what = "taken away"
		}
		changes = append(changes, change{c.ID, c.File, what})
	}
	return changes
}

// mustOverlay lays files over the embedded records, as a newsroom does with a folder of its own.
func mustOverlay(t *testing.T, files fstest.MapFS) (base, over *Set) {
	t.Helper()
	base = mustEmbedded(t)
	over, problems := base.Overlay(files)
	for _, p := range problems {
		t.Errorf("unexpected problem: %s", p)
	}
	if over == nil {
		t.Fatal("the overlay was refused")
	}
	return base, over
}

// perWith returns an overlay of Peru's file alone, with pairs of old and new texts replaced.
func perWith(t *testing.T, oldNew ...string) fstest.MapFS {
	t.Helper()
	files := recordFiles(t)
	for i := 0; i < len(oldNew); i += 2 {
		data, _, _ := replaced(t, files, per, oldNew[i], oldNew[i+1])
		files[per] = &fstest.MapFile{Data: data}
	}
	return fstest.MapFS{per: files[per]}
}

// The pieces of Peru's file that the tests replace. They hold no prose, which is edited often.
const (
	per01Text = "- id: PER-01\n    kind: assessment\n    actor: author\n    text: "
	perShifts = "shifts:\n  - id: PER-S1\n"
	perCaveat = "receipts: [PER-05, PER-08]"
)

func TestOverlayReplacesOneFile(t *testing.T) {
	base, over := mustOverlay(t, perWith(t, "label: leaning_adversary", "label: adversary", per02, "  - id: PER-02\n    kind: leader\n"))
	want := []change{{"PER-02", per, "changed"}, {"PER.russia", per, "changed"}}
	if d := cmp.Diff(want, diff(t, base, over)); d != "" {
		t.Errorf("the overlay changes other records (-want +got):\n%s", d)
	}
	r, err := over.Records()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range r.Assessments {
		if a.Country == "PER" && a.Axis == knowledge.TowardRussia && a.Label != knowledge.Adversary {
			t.Errorf("the label of Peru toward Russia is %s, want that of the overlay, adversary", a.Label)
		}
	}
	if r.Version == base.Version() {
		t.Errorf("the version is %s with and without the overlay", r.Version)
	}
}

// A set is shared by whoever reads it: an overlay may not reach back into it.
func TestOverlayLeavesTheBaseAlone(t *testing.T) {
	base := mustEmbedded(t)
	version := base.Version()
	if _, problems := base.Overlay(perWith(t, "label: leaning_adversary", "label: adversary")); len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := base.Version(); got != version {
		t.Errorf("the version of the base went from %s to %s", version, got)
	}
}

func TestOverlayAddsACountry(t *testing.T) {
	base, over := mustOverlay(t, fstest.MapFS{"countries/JAM.yaml": {Data: []byte(newCountry("JAM"))}})
	want := []change{
		{"JAM quote S0.2 the region", "countries/JAM.yaml", "added"},
		{"JAM-01", "countries/JAM.yaml", "added"},
		{"JAM.russia", "countries/JAM.yaml", "added"},
		{"JAM.washington", "countries/JAM.yaml", "added"},
	}
	if d := cmp.Diff(want, diff(t, base, over)); d != "" {
		t.Errorf("the overlay changes other records (-want +got):\n%s", d)
	}
	r, err := over.Records()
	if err != nil {
		t.Fatal(err)
	}
	var labels []knowledge.Assessment
	for _, a := range r.Assessments {
		if a.Country == "JAM" {
			labels = append(labels, a)
		}
	}
	if d := cmp.Diff([]knowledge.Assessment{
		{Country: "JAM", Axis: "russia", Label: "neutral", Basis: "article", Since: 20251016, Grounds: "said so", Claims: []string{"JAM-01"}},
		{Country: "JAM", Axis: "washington", Label: "balanced", Basis: "article", Since: 20251016, Grounds: "said so", Claims: []string{"JAM-01"}},
	}, labels); d != "" {
		t.Errorf("labels of Jamaica (-want +got):\n%s", d)
	}
	if n := len(r.Claims); n != 186 {
		t.Errorf("%d claims, want those of the records and one more, 186", n)
	}
}

// A newsroom learns what is wrong with its own files, and the bot keeps the records that it had.
func TestOverlayRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files fstest.MapFS
		want  []string // what each problem begins with
	}{
		{
			name:  "a file that cannot be read",
			files: fstest.MapFS{per: {Data: []byte("country: PER\nlabels: [\n")}},
			want:  []string{"countries/PER.yaml:2: "},
		},
		{
			name:  "a name that the corpus does not know",
			files: fstest.MapFS{"PER.yaml": {Data: []byte(newCountry("PER"))}},
			want:  []string{"PER.yaml: the corpus has no file of this name: "},
		},
		{
			name:  "a good file beside a bad one",
			files: fstest.MapFS{"countries/JAM.yaml": {Data: []byte(newCountry("JAM"))}, "countries/BHS.yaml": {Data: []byte("country: [BHS]\n")}},
			want: []string{
				"countries/BHS.yaml:1: country: want one plain value here: ",
				`countries/BHS.yaml:1: labels: missing key "labels": `,
				`countries/BHS.yaml:1: quotes: missing key "quotes": `,
				`countries/BHS.yaml:1: claims: missing key "claims": `,
			},
		},
		{
			name:  "a fault of its own",
			files: perWith(t, "label: leaning_adversary", "label: frosty"),
			want:  []string{`countries/PER.yaml:5: labels.russia.label: unknown label "frosty" toward russia: `},
		},
		{
			name:  "an id that the records have too",
			files: fstest.MapFS{"countries/JAM.yaml": {Data: []byte(strings.ReplaceAll(newCountry("JAM"), "JAM-01", "PER-01"))}},
			want: []string{
				"countries/JAM.yaml:3: labels.russia.claims[0]: PER-01 is no claim about JAM: ",
				"countries/JAM.yaml:4: labels.washington.claims[0]: PER-01 is no claim about JAM: ",
				`countries/JAM.yaml:8: claims[0].id: bad id "PER-01": `,
				"countries/PER.yaml: claims[0].id: PER-01 stands at countries/JAM.yaml:8 too: ",
			},
		},
		{
			name:  "a claim that is gone and that others rest on",
			files: perWith(t, per02, "  - id: PER-82\n    kind: election\n"),
			want:  []string{"leaders.yaml: leaders["},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set, problems := mustEmbedded(t).Overlay(tt.files)
			if set != nil {
				t.Errorf("the overlay was taken, want no set")
			}
			var told strings.Builder
			for _, p := range problems {
				fmt.Fprintln(&told, p)
			}
			if len(problems) != len(tt.want) {
				t.Fatalf("%d problems, want %d; told was:\n%s", len(problems), len(tt.want), &told)
			}
			for i, p := range problems {
				if !strings.HasPrefix(p.String(), tt.want[i]) {
					t.Errorf("problem %d says\n%s\nwant it to begin with\n%s", i+1, p, tt.want[i])
				}
			}
		})
	}
}

const es111 = "rollcalls/es-11-1.yaml"

// lineWith returns the number of the only line of a file that is this one.
func lineWith(t *testing.T, data []byte, line string) int {
	t.Helper()
	found := 0
	for i, l := range strings.Split(string(data), "\n") {
		if l != line {
			continue
		}
		if found > 0 {
			t.Fatalf("the line %q stands at %d and at %d", line, found, i+1)
		}
		found = i + 1
	}
	if found == 0 {
		t.Fatalf("no line is %q", line)
	}
	return found
}

// A roll call of which one vote was moved is refused with its rows named, and with it the whole folder: a good file
// beside it must not come into use, or answers would mix two states of the newsroom's records.
func TestOverlayRefusesARollCallWithAVoteMoved(t *testing.T) {
	data, _, _ := replaced(t, recordFiles(t), es111, "    ZMB\n  no: |\n    BLR\n", "    ZMB BLR\n  no: |\n")
	base := mustEmbedded(t)
	version := base.Version()
	set, problems := base.Overlay(fstest.MapFS{es111: {Data: data}, "countries/JAM.yaml": {Data: []byte(newCountry("JAM"))}})
	if set != nil {
		t.Error("the overlay was taken, want no set")
	}
	want := []string{
		fmt.Sprintf("%s:%d: votes.yes: 142 states, and the tally has 141: ", es111, lineWith(t, data, "  yes: |")),
		fmt.Sprintf("%s:%d: votes.no: 4 states, and the tally has 5: ", es111, lineWith(t, data, "  no: |")),
	}
	if len(problems) != len(want) {
		t.Fatalf("problems %v, want %q", problems, want)
	}
	for i, p := range problems {
		if !strings.HasPrefix(p.String(), want[i]) {
			t.Errorf("problem %d says\n%s\nwant it to begin with\n%s", i+1, p, want[i])
		}
	}
	if got := base.Version(); got != version {
		t.Errorf("the refused overlay changed the version of the base from %s to %s", version, got)
	}
	r, err := base.Records()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range r.Claims {
		if c.Country == "JAM" {
			t.Errorf("the claim %s of the refused overlay is in use", c.ID)
		}
	}
	for _, rc := range r.RollCalls {
		if rc.ID == "ES-11/1" && len(rc.Votes[knowledge.No]) != 5 {
			t.Errorf("%s has the votes of the refused overlay: No %v", rc.ID, rc.Votes[knowledge.No])
		}
	}
}

// A newsroom may know of another source that differs: the dispute is added, and the roll call stays as it is.
func TestOverlayAddsADispute(t *testing.T) {
	const added = "disputes:\n  - rollcall: ES-11/1\n    country: VEN\n    record: absent\n    other: abstain\n" +
		"    by: One newspaper counts Venezuela among the abstentions.\n    sources: [undl-3959039]\n"
	data, _, _ := replaced(t, recordFiles(t), disputesFile, "disputes:\n", added)
	base, over := mustOverlay(t, fstest.MapFS{disputesFile: {Data: data}})
	if d := cmp.Diff([]change{{"ES-11/1 VEN", disputesFile, "added"}}, diff(t, base, over)); d != "" {
		t.Errorf("the overlay changes other records (-want +got):\n%s", d)
	}
	r, err := over.Records()
	if err != nil {
		t.Fatal(err)
	}
	want := knowledge.Dispute{
		RollCall: "ES-11/1", Country: "VEN", Record: knowledge.Absent, Other: knowledge.Abstain,
		By: "One newspaper counts Venezuela among the abstentions.", Sources: []string{"undl-3959039"},
	}
	if len(r.Disputes) != 4 {
		t.Fatalf("%d disputes, want the 3 of the records and one more", len(r.Disputes))
	}
	if d := cmp.Diff(want, r.Disputes[0]); d != "" {
		t.Errorf("the dispute of the overlay (-want +got):\n%s", d)
	}
}

// Who mounts the wrong folder has to hear of it: the bot would otherwise answer as if there were no overlay.
func TestOverlayOfNothing(t *testing.T) {
	hidden := t.TempDir()
	if err := os.WriteFile(hidden+"/.keep", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, dir, want string }{
		{"empty folder", t.TempDir(), ".: the folder holds no file of the records: "},
		{"hidden files only", hidden, ".: the folder holds no file of the records: "},
		{"no folder", t.TempDir() + "/absent", ".: cannot read the folder: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			set, problems := mustEmbedded(t).Overlay(os.DirFS(tt.dir))
			if set != nil || len(problems) != 1 {
				t.Fatalf("got the set %v and the problems %v, want no set and one problem", set, problems)
			}
			if p := problems[0]; !strings.HasPrefix(p.String(), tt.want) || p.Do == "" {
				t.Errorf("the problem says %q, want it to begin with %q and to say what to do", p, tt.want)
			}
		})
	}
}

func TestDiff(t *testing.T) {
	base, over := mustOverlay(t, perWith(t,
		per01Text, per01Text+"At times, ",
		perShifts, "  - id: PER-09\n    kind: aid\n    actor: author\n    text: New.\n    quote: new\n    at: S4.6\n    undated: true\n    check: {status: not_checked}\n"+perShifts,
	))
	over = withoutCaveats(t, over)
	want := []change{
		{"PER-01", per, "changed"},
		{"PER-09", per, "added"},
		{"countries/PER caveats 1", per, "taken away"},
	}
	if d := cmp.Diff(want, diff(t, base, over)); d != "" {
		t.Errorf("changes (-want +got):\n%s", d)
	}

	// Seen from the other side what was added is taken away.
	want[1].What, want[2].What = want[2].What, want[1].What
	if d := cmp.Diff(want, diff(t, over, base)); d != "" {
		t.Errorf("changes the other way round (-want +got):\n%s", d)
	}
	if d := cmp.Diff([]change{}, diff(t, base, base)); d != "" {
		t.Errorf("changes between a set and itself:\n%s", d)
	}

	changes, err := Diff(base, over)
	if err != nil {
		t.Fatal(err)
	}
	before, after := claimOf(t, changes[0].Old), claimOf(t, changes[0].New)
	if after.Text != "At times, "+before.Text {
		t.Errorf("the text goes from %q to %q, want \"At times, \" before it", before.Text, after.Text)
	}
	after.Text = before.Text
	if d := cmp.Diff(before, after); d != "" {
		t.Errorf("more than the text of PER-01 differs:\n%s", d)
	}
	if kind := changes[2].Old.Kind; kind != "caveats" {
		t.Errorf("the record that was taken away is one of %q, want caveats", kind)
	}
}

// withoutCaveats lays Peru's file without its caveats over the set.
func withoutCaveats(t *testing.T, s *Set) *Set {
	t.Helper()
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(s.raw[per], &doc); err != nil {
		t.Fatal(err)
	}
	if doc["caveats"] == nil {
		t.Fatal("Peru has no caveat to take away")
	}
	delete(doc, "caveats")
	raw, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	// JSON is YAML too.
	less, problems := s.Overlay(fstest.MapFS{per: {Data: raw}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return less
}

func claimOf(t *testing.T, item *Item) knowledge.Claim {
	t.Helper()
	var c knowledge.Claim
	if err := json.Unmarshal(item.JSON, &c); err != nil {
		t.Fatalf("%s: %v", item.ID, err)
	}
	return c
}

// List, show and diff name a record by its file and id: two of one name could not be told apart.
func TestItemsAreToldApart(t *testing.T) {
	items, err := mustEmbedded(t).Items()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]Item{}
	kinds := map[string]int{}
	for _, item := range items {
		key := item.File + " " + item.ID
		if first, ok := seen[key]; ok {
			t.Errorf("%s has two items %q, of the kinds %s and %s", item.File, item.ID, first.Kind, item.Kind)
		}
		if item.ID == "" || item.Kind == "" || strings.Contains(item.ID, "\n") {
			t.Errorf("%s has an item with the id %q of the kind %q", item.File, item.ID, item.Kind)
		}
		seen[key] = item
		kinds[item.Kind]++
	}
	// Items must be all records, or diff would pass over a change.
	r := embeddedRecords(t)
	quotes := 0
	for _, list := range r.Quotes {
		quotes += len(list)
	}
	want := map[string]int{
		"article": 1, "sources": len(r.Sources), "labels": len(r.Assessments), "quotes": quotes, "claims": len(r.Claims),
		"shifts": len(r.Shifts), "caveats": len(r.Caveats), "contradictions": len(r.Contradictions),
		"fact_checks": len(r.FactChecks), "events": len(r.Events), "leaders": len(r.Leaders), "groups": len(r.Groups),
		"places": len(r.House.Places), "near": len(r.House.Near), "asks": len(r.House.Asks),
		"not_countries": len(r.House.NotCountries),
		"rollcalls":     len(r.RollCalls), "disputes": len(r.Disputes), "memberships": len(r.Memberships),
		"measures": len(r.Measures), "agreements": len(r.Agreements), "rules": len(r.Publish),
	}
	if d := cmp.Diff(want, kinds); d != "" {
		t.Errorf("items by kind (-records +items):\n%s", d)
	}
}

// What show prints can be put back into a file: all files are written anew from their items and read as the same.
func TestItemYAMLReadsBack(t *testing.T) {
	base := mustEmbedded(t)
	items, err := base.Items()
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]*strings.Builder{}
	last := map[string]string{} // the kind of the item before, by file
	for _, item := range items {
		text, err := item.YAML()
		if err != nil {
			t.Fatalf("%s of %s: %v", item.ID, item.File, err)
		}
		b := texts[item.File]
		if b == nil {
			b = &strings.Builder{}
			texts[item.File] = b
			b.WriteString(headOf(item.File))
		}
		isTable, isWhole := path.Ext(item.File) == ".csv", item.Kind == "article" || item.Kind == "rollcalls"
		if last[item.File] != item.Kind && !isTable && !isWhole {
			fmt.Fprintf(b, "%s:\n", item.Kind)
		}
		last[item.File] = item.Kind
		switch {
		case isTable:
			writeRow(t, b, item.File, text)
		case isWhole:
			b.WriteString(text)
		case item.Kind == "labels":
			_, axis, _ := strings.Cut(item.ID, ".")
			fmt.Fprintf(b, "  %s:\n%s", axis, indent("    ", text))
		default:
			b.WriteString("  - " + strings.TrimPrefix(indent("    ", text), "    "))
		}
	}
	files := fstest.MapFS{}
	for name, b := range texts {
		files[name] = &fstest.MapFile{Data: []byte(b.String())}
	}
	again := mustRead(t, files)
	if d := cmp.Diff([]change{}, diff(t, base, again)); d != "" {
		t.Errorf("records that do not read back as they are (-want +got):\n%s", d)
	}
	if got, want := again.Version(), base.Version(); got != want {
		t.Errorf("the files written anew have the version %s, want %s", got, want)
	}
}

// headOf returns what stands in a file before its first record.
func headOf(name string) string {
	if code, ok := strings.CutPrefix(name, countriesDir+"/"); ok {
		return "country: " + strings.TrimSuffix(code, ".yaml") + "\n"
	}
	if path.Ext(name) == ".csv" {
		return strings.Join(columnsOf(name), ",") + "\n"
	}
	return ""
}

// columnsOf lists the columns of a CSV file, as its kind of rows has them.
func columnsOf(name string) []string {
	return keysOf(reflect.TypeOf(newDocument(name)).Elem().Field(0).Type.Elem())
}

// writeRow writes the YAML of a record as a row of its CSV file.
func writeRow(t *testing.T, b *strings.Builder, name, text string) {
	t.Helper()
	var values map[string]any
	if err := yaml.Unmarshal([]byte(text), &values); err != nil {
		t.Fatalf("%s: %q: %v", name, text, err)
	}
	columns := columnsOf(name)
	cells := make([]string, len(columns))
	for i, key := range columns {
		if v, ok := values[key]; ok {
			cells[i] = fmt.Sprint(v)
			delete(values, key)
		}
	}
	if len(values) > 0 {
		t.Errorf("%s: a record has values for which there is no column: %v", name, values)
	}
	w := csv.NewWriter(b)
	if err := w.Write(cells); err != nil {
		t.Fatal(err)
	}
	w.Flush()
}

// A compact form of another program's making must not be taken for ours, whoever asks for it first.
func TestStrangeCompactForm(t *testing.T) {
	for _, tt := range []struct{ name, file, content, want string }{
		{"unknown file", "votes.yaml", `{}`, "corpus: no file is called votes.yaml"},
		{"unknown key", per, `{"colour":"red"}`, `corpus: countries/PER.yaml: json: unknown field "colour"`},
		{"other type", per, `{"claims":{}}`, "corpus: countries/PER.yaml: json: cannot unmarshal object "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := &Set{raw: map[string]json.RawMessage{tt.file: json.RawMessage(tt.content)}}
			_, records := s.Records()
			_, items := s.Items()
			_, before := Diff(s, &Set{})
			_, after := Diff(&Set{}, s)
			for what, err := range map[string]error{"Records": records, "Items": items, "Diff from": before, "Diff to": after} {
				if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
					t.Errorf("%s returns the error %v, want one that begins with %q", what, err, tt.want)
				}
			}
			if problems := s.Lint(); len(problems) != 1 || !strings.HasPrefix(problems[0].What, tt.want) || problems[0].Do == "" {
				t.Errorf("Lint returns %v, want one problem that begins with %q", problems, tt.want)
			}
		})
	}
}

// Text that looks like a date, a number or an answer must stay text on its way through YAML.
func TestItemYAMLKeepsText(t *testing.T) {
	for _, text := range []string{"2021", "2021-07-28", "1e3", "0x10", "yes", "true", "null", "~", "", " ", "- a", "a: b", "a #b", "#", "[a]", "{", "*a", "&a", "!a", "%", "@", "`", "'", `"`, `\`, "|", ">", "a\nb", "…", "№ 1", "Á"} {
		raw, err := json.Marshal(map[string]string{"text": text})
		if err != nil {
			t.Fatal(err)
		}
		item := Item{JSON: raw}
		written, err := item.YAML()
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		var got map[string]any
		if err := yaml.Unmarshal([]byte(written), &got); err != nil {
			t.Errorf("%q is written as %q, which cannot be read: %v", text, written, err)
		} else if d := cmp.Diff(map[string]any{"text": text}, got); d != "" {
			t.Errorf("%q is written as %q and read as something else (-want +got):\n%s", text, written, d)
		}
	}
}

func indent(by, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(by + line)
	}
	return b.String()
}
