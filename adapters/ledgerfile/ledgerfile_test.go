package ledgerfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"stancebot/adapters/ledgerfile"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

var noon = time.Date(2026, 11, 1, 12, 0, 0, 123456000, time.UTC)

// chain makes a chain of drafts.
func chain(tb rapid.TB, desk knowledge.DeskID, drafts ...ledger.Draft) (ledger.Head, []ledger.Entry) {
	tb.Helper()
	head := ledger.Head{Desk: desk}
	var entries []ledger.Entry
	for _, d := range drafts {
		e, next, err := head.Next(d)
		if err != nil {
			tb.Fatal(err)
		}
		head, entries = next, append(entries, e)
	}
	return head, entries
}

func each(entries []ledger.Entry) iter.Seq2[ledger.Entry, error] {
	return func(yield func(ledger.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func write(tb rapid.TB, f ledgerfile.Format, head ledger.Head, entries []ledger.Entry) string {
	tb.Helper()
	var b bytes.Buffer
	if err := ledgerfile.Write(&b, f, head, each(entries)); err != nil {
		tb.Fatalf("%s: %v", f, err)
	}
	return b.String()
}

func read(tb rapid.TB, f ledgerfile.Format, text string) *ledgerfile.File {
	tb.Helper()
	file, err := ledgerfile.Read(strings.NewReader(text), f)
	if err != nil {
		tb.Fatalf("%s: %v\n%s", f, err, text)
	}
	return file
}

// same fails where the chain that was read is another than the one written.
func same(tb rapid.TB, file *ledgerfile.File, head ledger.Head, entries []ledger.Entry) {
	tb.Helper()
	if file.Head != head {
		tb.Fatalf("the head is %v, want %v", file.Head, head)
	}
	if !slices.EqualFunc(file.Entries, entries, func(a, b ledger.Entry) bool {
		return bytes.Equal(a.Bytes, b.Bytes) && a.Hash == b.Hash && a.Reason == b.Reason && a.Author == b.Author && a.At.Equal(b.At)
	}) {
		tb.Fatal("the entries are others")
	}
}

// sample is a desk's chain of every sort of entry, with what people and sources write.
func sample(tb rapid.TB) (ledger.Head, []ledger.Entry) {
	tb.Helper()
	at := func(i int) time.Time { return noon.Add(time.Duration(i) * time.Hour) }
	return chain(tb, "main",
		ledger.Draft{At: at(0), Author: "console:ana", Kind: ledger.AssessmentRecorded, Payload: ledger.Assessment{
			Country: "BOL", Axis: knowledge.TowardRussia, Label: knowledge.LeaningAdversary, Since: 2025_11_08, Source: "https://example.org/bolivia?a=1&b=2",
			Claims: []string{"BOL-04"}, Note: "ties restored",
		}},
		ledger.Draft{At: at(1), Author: "slack:T1:U2", Kind: ledger.EventRecorded, Reason: "=HYPERLINK(\"http://x.example\",\"click\")", Payload: ledger.Event{
			Country: "COL", On: 2026_08_07, Kind: "leader", Text: "Сказал: «да»; 他说 \"no\"\nand left 😀", Source: "https://example.org/",
		}},
		ledger.Draft{At: at(2), Author: "telegram:77", Kind: ledger.Withdrawn, Reason: "'quoted', and; -1", Payload: ledger.Withdrawal{Of: 2}},
		ledger.Draft{At: at(3), Author: "stancebot", Kind: "kind_of_later", Reason: "yes", Payload: map[string]any{"no": nil, "list": []any{1, "1", []any{}, map[string]any{}}}},
	)
}

func TestGolden(t *testing.T) {
	head, entries := sample(t)
	for _, f := range ledgerfile.Formats {
		path := filepath.Join("testdata", "sample."+string(f))
		got := write(t, f, head, entries)
		if bottest.Update() {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s:\n%s\nwant:\n%s", f, got, want)
		}
		same(t, read(t, f, string(want)), head, entries)
	}
}

// nasty are texts that some reader of a format takes for something else.
var nasty = []string{
	"", " ", "'", "''", "'=1", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\"=1\"", "a;=1", "a;'=1", "a\n=1", "＝1", "\u200b=1",
	"yes", "no", "null", "~", "true", "1e3", "2026-01-01", "0x1F", "0o17", "1_000", ".inf", "NaN", "<<", "*a", "&a", "!tag", "%TAG", "- a", "a: b", "a #b", "#",
	"---", "...", "|", ">", "[a]", "{a: b}", "{\"a\":1}", "?", ": ", ",", ";", "\"", "\"\"", "\\", "\\n", "`", "\x00", "\x7f", "\u0085", "\u00a0", "\u2028",
	"\ufeff", "\ufffd", "\r\n", "\r", "\n", "\n\n", "a\r\nb", " a ", "😀", "👩‍👩‍👧", "é", "e\u0301", "中文", "Привет", "\u202eabc", "</script>", "head", "seq",
}

func texts() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(nasty), rapid.SampledFrom(nasty), rapid.String()), 0, 4).Draw(t, "parts")
		return strings.ToValidUTF8(strings.Join(parts, ""), "?")
	})
}

func values(depth int) *rapid.Generator[any] {
	leaves := []*rapid.Generator[any]{
		texts().AsAny(), rapid.Int64().AsAny(), rapid.Float64().AsAny(), rapid.Bool().AsAny(), rapid.Just[any](nil),
		rapid.SampledFrom([]any{number("1e3"), number("-0"), number("0.10"), number("1E400"), number("123456789012345678901234567890")}),
	}
	if depth > 0 {
		leaves = append(leaves, rapid.SliceOfN(values(depth-1), 0, 3).AsAny(), rapid.MapOfN(texts(), values(depth-1), 0, 3).AsAny())
	}
	return rapid.OneOf(leaves...)
}

// A number encodes as it is written.
type number string

func (n number) MarshalJSON() ([]byte, error) { return []byte(n), nil }

func chains(t *rapid.T) (ledger.Head, []ledger.Entry) {
	var drafts []ledger.Draft
	for i := range rapid.IntRange(0, 4).Draw(t, "entries") {
		drafts = append(drafts, ledger.Draft{
			At: time.UnixMicro(rapid.Int64Range(-62_000_000_000_000_000, 250_000_000_000_000_000).Draw(t, "at")), Author: "a" + cut(texts().Draw(t, "author"), 150),
			Kind: ledger.Kind("k" + texts().Draw(t, "kind")), Reason: cut(texts().Draw(t, "reason"), 1000),
			Payload: rapid.MapOfN(texts(), values(2), 0, 4).Draw(t, "payload"), ID: ledger.ID(2*i + 1),
		})
		if rapid.Bool().Draw(t, "bare") { // the nasty text alone
			drafts[i].Author, drafts[i].Kind = rapid.SampledFrom(nasty[1:]).Draw(t, "author"), ledger.Kind(rapid.SampledFrom(nasty[1:]).Draw(t, "kind"))
		}
	}
	return chain(t, knowledge.DeskID("d"+texts().Draw(t, "desk")), drafts...)
}

func cut(s string, n int) string { return strings.ToValidUTF8(s[:min(len(s), n)], "") }

// What comes back is what was written: the head's hash is over every byte of every entry.
func TestEntriesComeBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head, entries := chains(t)
		for _, f := range ledgerfile.Formats {
			same(t, read(t, f, write(t, f, head, entries)), head, entries)
		}
	})
}

// A spreadsheet finds no formula in any cell, whichever separator it goes by and whether or not it heeds quotation marks.
func TestNoCellRuns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		head, entries := chains(t)
		text := strings.TrimPrefix(write(t, ledgerfile.CSV, head, entries), "\ufeff")
		cells := csvCells(t, text)
		for _, separators := range []string{";\n", "\t\n", ";\t\r\n"} {
			cells = append(cells, strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) })...)
		}
		for _, cell := range cells {
			first, size := utf8.DecodeRuneInString(strings.TrimLeft(cell, " \"\u200b\ufeff\u00a0\r\t\n"))
			if size > 0 && strings.ContainsRune("=+-@＝", first) {
				t.Fatalf("the cell %q runs", cell)
			}
		}
	})
}

func TestAShuffledFileIsAsGood(t *testing.T) {
	head, entries := sample(t)
	text := write(t, ledgerfile.JSON, head, entries)
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	body := lines[2 : len(lines)-1]
	for i := range body {
		body[i] = strings.TrimSuffix(body[i], ",")
	}
	slices.Reverse(body)
	same(t, read(t, ledgerfile.JSON, "\ufeff{\"entries\": ["+strings.Join(body, " , ")+"], \r\n"+strings.TrimPrefix(strings.TrimSuffix(lines[0], ","), "{")+"}"), head, entries)
}

// What a spreadsheet makes of a file when it saves it is as good: other quotation marks, other line ends, empty rows.
func TestCSVSavedAnew(t *testing.T) {
	head, entries := chain(t, "main", draft(0), draft(1), draft(2))
	lines := strings.Split(strings.TrimSuffix(write(t, ledgerfile.CSV, head, entries), "\n"), "\n")
	slices.Reverse(lines[1:])
	for i, line := range lines {
		lines[i] = strings.Replace(line, "D-1,", "\"D-1\",", 1)
	}
	same(t, read(t, ledgerfile.CSV, strings.Join(lines, "\r\n")+"\r\n,,,,,,,,\r\n\r\n"), head, entries)
}

func draft(i int) ledger.Draft {
	return ledger.Draft{
		At: noon.Add(time.Duration(i) * time.Minute), Author: "console:ana", Kind: ledger.EventRecorded, Reason: fmt.Sprintf("reason %d", i),
		Payload: map[string]any{"text": fmt.Sprintf("text %d", i), "n": i},
	}
}

func TestDamage(t *testing.T) {
	head, entries := chain(t, "main", draft(0), draft(1), draft(2), draft(3))
	replace := func(old, next string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				t.Errorf("%q is not in\n%s", old, s)
			}
			return strings.Replace(s, old, next, 1)
		}
	}
	line := func(n int, change func(lines []string, i int) []string) func(string) string {
		return func(s string) string {
			lines := strings.SplitAfter(s, "\n")
			return strings.Join(change(lines, n-1), "")
		}
	}
	out := func(lines []string, i int) []string { return slices.Delete(lines, i, i+1) }
	twice := func(lines []string, i int) []string { return slices.Insert(lines, i, lines[i]) }
	rest := func(lines []string, i int) []string { return lines[:i] }
	before := func(text string) func(string) string {
		return func(s string) string { kept, _, _ := strings.Cut(s, text); return kept }
	}
	for _, tt := range []struct {
		name   string
		format ledgerfile.Format
		spoil  func(string) string
		says   string
	}{
		{"a reason edited", "csv", replace("reason 2", "reason 7"), "entry 3, D-3 (line 5): it is not what was recorded"},
		{"a payload edited", "json", replace("text 1", "text 7"), "entry 2, D-2 (line 4): it is not what was recorded"},
		{"an author edited", "yaml", replace("console:ana", "console:eve"), "entry 1, D-1 (line 7): it is not what was recorded"},
		{"an id edited", "yaml", replace("id: D-2", "id: D-9"), "entry 2, D-9"},
		{"a row taken out", "csv", line(4, out), "entry 2: it is missing"},
		{"a row taken out", "json", line(4, out), "entry 2: it is missing"},
		{"a row doubled", "csv", line(4, twice), "entry 2 stands in line 4, too"},
		{"a cut tail", "csv", line(5, rest), "it ends at entry 2, and its head names entry 4: the rest was cut off"},
		{"a cut tail", "json", line(5, rest), "line 4: the file ends in the middle"},
		{"a cut tail mended", "json", func(s string) string { return strings.TrimSuffix(line(5, rest)(s), ",\n") + "]}" }, "it ends at entry 2, and its head names entry 4"},
		{"a cut tail", "yaml", before("  - seq: 3"), "it ends at entry 2, and its head names entry 4"},
		{"a tail cut in a row", "csv", before("reason 3"), "line 6: it has 6 cells"},
		{"a tail cut in a cell", "csv", func(s string) string { return s[:strings.LastIndex(s, "text 3")] }, "line 6: a cell has no closing quotation mark"},
		{"no head", "csv", line(2, out), "its head is missing"},
		{"two heads", "csv", line(2, twice), "line 3: it is a second head"},
		{"another head", "json", replace("\"seq\":4", "\"seq\":3"), "it stands behind the head of the file, which names entry 3"},
		{"another desk", "yaml", replace("desk: main", "desk: other"), "it is not what was recorded"},
		{"a newer file", "json", replace("\"stancebot_ledger\":1", "\"stancebot_ledger\":2"), "use the newer program"},
		{"a field of another program", "json", replace("\"author\"", "\"writer\""), "line 3: unknown field \"writer\""},
		{"another document", "json", func(string) string { return `{"a": 1}` }, "no part of a ledger's file"},
		{"another document", "yaml", func(string) string { return "hello" }, "this is no ledger in YAML"},
		{"another table", "csv", func(string) string { return "a,b\n1,2\n" }, "line 1: the first row is"},
		{"semicolons", "csv", func(s string) string { return strings.ReplaceAll(s, ",", ";") }, "with commas between them"},
		{"nothing", "csv", func(string) string { return "" }, "its head is missing"},
		{"nothing", "json", func(string) string { return "" }, "line 1: the file ends in the middle"},
		{"nothing", "yaml", func(string) string { return "" }, "this is no ledger in YAML"},
		{"a quotation mark in a cell", "csv", replace("reason 1", "rea\"son 1"), "line 4: there is a quotation mark in a cell"},
		{"text behind a cell", "csv", replace("reason 1", "\"rea\"son 1"), "line 4: there is text behind the closing"},
		{"a cell too many", "csv", replace("reason 1", "reason,1"), "line 4: it has 10 cells, and there are 9 columns"},
		{"an id that is none", "csv", replace("D-2", "2"), "line 4: \"2\" is no id"},
		{"a time made a number", "csv", replace("2026-11-01T12:01:00.123456Z", "46327.5"), "is no time as entries have it"},
		{"a hash made a number", "csv", replace(entries[0].Hash.String(), "1.2E+63"), "is no hash"},
		{"no UTF-8", "csv", replace("reason 2", "raz\xf3n 2"), "line 5: it is not in UTF-8"},
		{"no YAML", "yaml", replace("    author: ", "    author: ["), "this is no YAML"},
		{"an anchor", "yaml", replace("kind: event", "kind: &a event"), "anchors"},
		{"two documents", "json", func(s string) string { return s + s }, "there is more behind the ledger"},
		{"two documents", "yaml", func(s string) string { return s + "---\n" + s }, "there is more behind the ledger"},
		{"another format", "json", func(string) string { return write(t, ledgerfile.YAML, head, entries) }, "this is no JSON"},
		{"an unknown format", "toml", func(string) string { return "" }, "use json, yaml or csv"},
	} {
		t.Run(string(tt.format)+"/"+tt.name, func(t *testing.T) {
			whole := ""
			if slices.Contains(ledgerfile.Formats, tt.format) {
				whole = write(t, tt.format, head, entries)
			}
			_, err := ledgerfile.Read(strings.NewReader(tt.spoil(whole)), tt.format)
			wrong := (*ledgerfile.Error)(nil)
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), tt.says) {
				t.Fatalf("error is %v, want …%s…", err, tt.says)
			}
			if strings.Contains(err.Error(), "\n") || wrong.Where == "" || wrong.What == "" || wrong.Do == "" {
				t.Errorf("%q is not one line that says where, what and what to do", err)
			}
		})
	}
}

// An entry that was edited with its hash shows at the one behind it.
func TestAnEntryInTheNameOfAnother(t *testing.T) {
	head, entries := chain(t, "main", draft(0), draft(1), draft(2))
	_, others := chain(t, "main", draft(0), draft(7), draft(2))
	forged := strings.Split(write(t, ledgerfile.CSV, head, entries), "\n")
	forged[3] = strings.Split(write(t, ledgerfile.CSV, lastOf(others), others), "\n")[3]
	_, err := ledgerfile.Read(strings.NewReader(strings.Join(forged, "\n")), ledgerfile.CSV)
	if err == nil || !strings.Contains(err.Error(), "entry 3, D-3 (line 5): it does not name the entry before it") {
		t.Errorf("error is %v", err)
	}
}

func lastOf(entries []ledger.Entry) ledger.Head {
	e := entries[len(entries)-1]
	return ledger.Head{Desk: e.Desk, Seq: e.Seq, LastID: e.ID, Hash: e.Hash}
}

func TestWriteRefusesWhatIsNotTheChain(t *testing.T) {
	head, entries := chain(t, "main", draft(0), draft(1), draft(2))
	for name, refused := range map[string][]ledger.Entry{"too few": entries[:2], "one left out": {entries[0], entries[2]}, "none": nil} {
		if err := ledgerfile.Write(&bytes.Buffer{}, ledgerfile.JSON, head, each(refused)); err == nil {
			t.Errorf("%s: it is written", name)
		}
	}
	spoiled := errors.New("the store is away")
	err := ledgerfile.Write(&bytes.Buffer{}, ledgerfile.JSON, head, func(yield func(ledger.Entry, error) bool) { yield(ledger.Entry{}, spoiled) })
	if !errors.Is(err, spoiled) {
		t.Errorf("error is %v", err)
	}
	if text := write(t, ledgerfile.JSON, lastOf(entries[:2]), entries); len(read(t, ledgerfile.JSON, text).Entries) != 2 {
		t.Error("what lies behind the head is written")
	}
}

func FuzzRead(f *testing.F) {
	head, entries := chain(f, "d", ledger.Draft{At: noon, Author: "a", Kind: "k", Reason: "=\n", Payload: map[string]any{"n": 1}}) // short: long ones make fuzzing slow
	empty := ledger.Head{Desk: "d"}
	for i, format := range ledgerfile.Formats {
		f.Add(uint8(i), write(f, format, head, entries))
		f.Add(uint8(i), write(f, format, empty, nil))
	}
	f.Add(uint8(1), "head: {stancebot_ledger: 1}\nentries:\n- ? a\n")
	f.Fuzz(func(t *testing.T, i uint8, text string) {
		file, err := ledgerfile.Read(strings.NewReader(text), ledgerfile.Formats[int(i)%len(ledgerfile.Formats)])
		if err != nil {
			if wrong := (*ledgerfile.Error)(nil); !errors.As(err, &wrong) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %q", err)
			}
			return
		}
		for _, format := range ledgerfile.Formats {
			same(t, read(t, format, write(t, format, file.Head, file.Entries)), file.Head, file.Entries)
		}
	})
}
