package console_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"stancebot/adapters/console"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/contract"
	"stancebot/knowledge"
)

// fields are those of the contract, each with whether it may be null. Arrays never are: a program loops over them.
var fields = map[string]struct {
	null, array bool
}{
	"question": {}, "language": {}, "intent": {}, "outcome": {}, "countries": {array: true}, "place": {null: true},
	"choices": {array: true}, "group": {null: true}, "axis": {null: true}, "as_of": {null: true}, "since": {null: true},
	"known_at": {null: true}, "resolution": {null: true}, "labels": {array: true}, "votes": {array: true},
	"receipts": {array: true}, "reads_as": {null: true}, "page": {null: true}, "text": {},
}

// ask answers one question as a JSON object, and checks its shape against the contract.
func ask(t *testing.T, d *bottest.Desk, question string) map[string]any {
	t.Helper()
	var out bytes.Buffer
	if err := (&console.Asker{Bot: d.Bot, JSON: true}).Ask(t.Context(), &out, question); err != nil {
		t.Fatal(err)
	}
	return object(t, out.Bytes())
}

func object(t *testing.T, line []byte) map[string]any {
	t.Helper()
	if n := bytes.Count(line, []byte("\n")); n != 1 || !bytes.HasSuffix(line, []byte("\n")) {
		t.Fatalf("not one line: %q", line)
	}
	var o map[string]any
	if err := json.Unmarshal(line, &o); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	for name, f := range fields {
		v, ok := o[name]
		_, isArray := v.([]any)
		_, isString := v.(string)
		_, isObject := v.(map[string]any)
		switch {
		case !ok:
			t.Errorf("no field %s: %s", name, line)
		case f.array && !isArray:
			t.Errorf("%s is no array: %s", name, line)
		case v == nil && !f.null:
			t.Errorf("%s is null: %s", name, line)
		case v != nil && !f.array && name != "page" && !isString:
			t.Errorf("%s is no string: %s", name, line)
		case v != nil && name == "page" && !isObject:
			t.Errorf("page is no object: %s", line)
		case f.null && v == "":
			t.Errorf("%s is empty where it should be null: %s", name, line)
		}
	}
	for name := range o {
		if _, ok := fields[name]; !ok {
			t.Errorf("a field that the contract does not have: %s", name)
		}
	}
	checkLabels(t, o)
	if text, _ := o["text"].(string); text == "" || strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && unicode.IsControl(r) }) {
		t.Errorf("the text is empty or holds control characters: %q", text)
	}
	return o
}

var labelsOf = map[string][]string{
	"russia":     strings.Fields("ally leaning_ally neutral leaning_adversary adversary in_transition contested unassessed"),
	"washington": strings.Fields("hostile distancing balanced linked_but_independent leaning aligned_but_loosening aligned in_transition unstated unassessed"),
}

// array returns a field that holds an array, empty when it holds none.
func array(o map[string]any, field string) []any {
	list, _ := o[field].([]any)
	return list
}

// members returns the fields of a value that is an object, none when it is none.
func members(v any) map[string]any {
	o, _ := v.(map[string]any)
	return o
}

// checkLabels checks each label: the words of its axis, and that what nobody assessed has no basis, no start and no claim.
func checkLabels(t *testing.T, o map[string]any) {
	t.Helper()
	seen := map[string]bool{}
	for _, v := range array(o, "labels") {
		l := members(v)
		axis, label := fmt.Sprint(l["axis"]), fmt.Sprint(l["label"])
		key := fmt.Sprint(l["country"], axis)
		if seen[key] {
			t.Errorf("%v: two labels for %s", o["question"], key)
		}
		seen[key] = true
		if o["axis"] != nil && axis != o["axis"] {
			t.Errorf("%v: a label on %s", o["question"], axis)
		}
		if !slices.Contains(labelsOf[axis], label) {
			t.Errorf("%v: %s toward %s", o["question"], label, axis)
		}
		if !slices.Contains(array(o, "countries"), l["country"]) {
			t.Errorf("%v: a label of %v, which is none of the countries", o["question"], l["country"])
		}
		claims, isArray := l["claims"].([]any)
		if none := label == "unassessed"; !isArray || none != (l["basis"] == "none") || none != (l["since"] == nil) || none != (len(claims) == 0) {
			t.Errorf("%v: %v", o["question"], l)
		}
		of, has := l["of"].([]any)
		if has && label != "contested" && label != "in_transition" || label == "contested" && len(of) < 2 {
			t.Errorf("%v: %s with of %v", o["question"], label, of)
		}
	}
}

// brief writes what an object says besides its text, its receipts and the parts of its labels: "outcome intent",
// countries, then the fields that are set.
func brief(o map[string]any) string {
	parts := []string{fmt.Sprint(o["outcome"]), fmt.Sprint(o["intent"])}
	if list := array(o, "countries"); len(list) > 0 {
		parts = append(parts, strings.ReplaceAll(strings.Trim(fmt.Sprint(list), "[]"), " ", "+"))
	}
	for _, name := range []string{"place", "choices", "group", "axis", "as_of", "since", "known_at", "resolution", "reads_as", "page"} {
		if v := o[name]; v != nil && fmt.Sprint(v) != "[]" {
			parts = append(parts, fmt.Sprintf("%s=%v", name, v))
		}
	}
	if n := len(array(o, "labels")); n > 0 {
		parts = append(parts, fmt.Sprintf("labels=%d", n))
	}
	return strings.Join(parts, " ")
}

// One question or more for every outcome that a desk without a ledger can reach.
func TestObjectInEveryOutcome(t *testing.T) {
	tests := []struct{ question, want string }{
		{"what is peru's stance?", "answered stance PER labels=2"},
		{"stance el salvador on washington", "answered stance SLV axis=washington labels=1"},
		{"stance peru known 2025-10-20", "answered stance PER known_at=2025-10-20 labels=2"},
		{"compare chile argentina", "answered compare CHL+ARG labels=4"},
		{"group allies camp on russia", "answered group CUB+VEN+NIC group=allies_camp axis=russia labels=3"},
		{"shifts", "answered shifts page=map[n:1 of:2]"},
		{"shifts page 2", "answered shifts page=map[n:2 of:2]"},
		{"shifts since 2022", "answered shifts since=2022-01-01"},
		{"why ecuador", "answered evidence ECU labels=2"},
		{"source CUB-04", "answered source CUB"},
		{"contradictions brazil", "answered contradictions BRA"},
		{"urugay", "answered stance URY reads_as=Uruguay labels=2"},
		{"compare chlie argentna", "answered compare CHL+ARG reads_as=Chile, Argentina labels=4"},
		{"PERÚ", "answered stance PER labels=2"},
		{"help", "answered help"},
		{"stance peru as of 2016", "partial stance PER as_of=2016-12-31 labels=2"},
		{"compare chile france", "partial compare CHL+FRA labels=4"},
		{"group caribbean", "partial group CUB+DOM+VEN+ATG+BHS+BRB+DMA+GRD+HTI+JAM+KNA+LCA+VCT+TTO group=caribbean labels=28"},
		{"group caribbean on russia", "partial group CUB+DOM+VEN+ATG+BHS+BRB+DMA+GRD+HTI+JAM+KNA+LCA+VCT+TTO group=caribbean axis=russia labels=14"},
		{"stance france", "not_covered stance FRA labels=2"},
		{"stance france on russia", "not_covered stance FRA axis=russia labels=1"},
		{"watch peru", "unavailable watch"},
		{"stance congo", "ambiguous stance choices=[COD COG]"},
		{"russia", "pole stance RUS"},
		{"the us", "pole stance USA"},
		{"taiwan", "status_note stance place=TWN"},
		{"crimea", "status_note stance place=crimea"},
		{"stance wakanda", "not_a_country stance"},
		{"source CUB-99", "not_found source"},
		{"stance peru as of 1999", "out_of_span stance PER as_of=1999-12-31"},
		{"stance peru as of 2027", "out_of_span stance PER as_of=2027-12-31"},
		{"stance peru known 2025-10-01", "out_of_span stance PER known_at=2025-10-01"},
		{"hello", "not_understood none"},
		{"why?", "not_understood none"},
		{"", "not_understood none"},
		{"stance peru as of 2016-02-30", "refused stance"},
		{"compare cuba cuba", "refused compare"},
		{"compare cuba", "refused compare"},
		{"compare cuba peru chile brazil mexico panama", "refused compare"},
		{strings.Repeat("peru ", 1000), "refused none"},
	}
	d := bottest.NewDesk(t)
	reached := map[string]bool{}
	for _, tt := range tests {
		o := ask(t, d, tt.question)
		if got := brief(o); got != tt.want {
			t.Errorf("%.60q\n got: %s\nwant: %s", tt.question, got, tt.want)
		}
		outcome := fmt.Sprint(o["outcome"])
		reached[outcome] = true
		if asserts := outcome == "answered" && o["intent"] != "help"; asserts && len(array(o, "receipts")) == 0 {
			t.Errorf("%q is answered without a receipt", tt.question)
		}
		if o["language"] != "en" {
			t.Errorf("%q is answered in %v", tt.question, o["language"])
		}
	}
	for outcome := range strings.FieldsSeq("answered partial unavailable ambiguous not_covered pole status_note not_a_country not_found out_of_span not_understood refused") {
		if !reached[outcome] {
			t.Errorf("no question of the table is %s", outcome)
		}
	}
}

// Brazil is torn between two places of the article, and an object names both.
func TestContestedCarriesBothReadings(t *testing.T) {
	o := ask(t, bottest.NewDesk(t), "stance brazil")
	for _, v := range array(o, "labels") {
		if l := members(v); l["axis"] == "russia" {
			got, err := json.Marshal(l["of"])
			if err != nil {
				t.Fatal(err)
			}
			if want := `[{"label":"neutral","where":"S0.1"},{"label":"leaning_ally","where":"S5.3"}]`; string(got) != want {
				t.Errorf("got %s, want %s", got, want)
			}
			return
		}
	}
	t.Error("no label toward Russia")
}

// Of a group, the members that no source assesses are labelled so, one on each axis: a map hatches them.
func TestGroupLabelsItsUnassessedMembers(t *testing.T) {
	o := ask(t, bottest.NewDesk(t), "group caribbean")
	unassessed := map[string]int{}
	for _, v := range array(o, "labels") {
		if l := members(v); l["label"] == "unassessed" {
			unassessed[fmt.Sprint(l["country"])]++
		}
	}
	if len(unassessed) != 11 || unassessed["JAM"] != 2 || unassessed["CUB"] != 0 {
		t.Errorf("unassessed: %v", unassessed)
	}
}

// A program shows the question beside the answer, so it must be short and must not steer its terminal.
func TestQuestionIsRepeatedCleanAndShort(t *testing.T) {
	d := bottest.NewDesk(t)
	for _, tt := range []struct{ name, asked, want string }{
		{"plain", "what's <b>peru</b> & \"chile\"?", "what's <b>peru</b> & \"chile\"?"},
		{"control characters", "stance\x00 \x1b[31mperu\x07\u0085\t", "stance [31mperu"},
		{"200 characters", strings.Repeat("é", 200), strings.Repeat("é", 200)},
		{"201 characters", strings.Repeat("é", 200) + "x", strings.Repeat("é", 200)},
		{"many", strings.Repeat("秘", 100_000), strings.Repeat("秘", 200)},
		{"separators of lines", "peru\u2028chile", "peru\u2028chile"},
	} {
		if got := ask(t, d, tt.asked)["question"]; got != tt.want {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
	if got, _ := ask(t, d, "stance\xff\xfe peru")["question"].(string); !utf8.ValidString(got) || !strings.Contains(got, "\uFFFD") {
		t.Errorf("broken UTF-8 is repeated as %q", got)
	}
}

// The text of an object is what a person reads, and the flags of ask reach both alike.
func TestTextIsThatOfTheTerminal(t *testing.T) {
	d := bottest.NewDesk(t)
	for _, question := range []string{"stance peru", "shifts", "group caribbean", "congo", "hello", "source CUB-04"} {
		a := console.Asker{Bot: d.Bot, AsOf: "2026-01-31", KnownAt: "2026-11-20"}
		var text, object bytes.Buffer
		err := a.Ask(t.Context(), &text, question)
		a.JSON = true
		if err = errors.Join(err, a.Ask(t.Context(), &object, question)); err != nil {
			t.Fatal(err)
		}
		var o contract.Object
		if err := json.Unmarshal(object.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		if o.Text+"\n" != text.String() {
			t.Errorf("%q: the texts differ:\n%s\n%s", question, o.Text, text.String())
		}
		if o.Outcome == knowledge.Answered && (o.AsOf == nil || *o.AsOf != 2026_01_31 || o.KnownAt == nil || *o.KnownAt != 2026_11_20) {
			t.Errorf("%q: as of %v, known at %v", question, o.AsOf, o.KnownAt)
		}
	}
	bad := console.Asker{Bot: d.Bot, JSON: true, AsOf: "2016-02-30"}
	var out bytes.Buffer
	if err := bad.Ask(t.Context(), &out, "stance peru"); err != nil {
		t.Fatal(err)
	}
	if got := brief(object(t, out.Bytes())); !strings.HasPrefix(got, "refused ") {
		t.Errorf("an impossible date beside the text: %s", got)
	}
}

// lines runs Lines over an input and returns the objects.
func lines(t *testing.T, d *bottest.Desk, in io.Reader) []map[string]any {
	t.Helper()
	var out bytes.Buffer
	if err := (&console.Asker{Bot: d.Bot, JSON: true}).Lines(t.Context(), &out, in); err != nil {
		t.Fatal(err)
	}
	var objects []map[string]any
	for line := range bytes.Lines(out.Bytes()) {
		objects = append(objects, object(t, line))
	}
	return objects
}

func TestLines(t *testing.T) {
	long := strings.Repeat("peru ", 20_000)
	tests := []struct{ name, in, want string }{
		{"LF", "stance peru\nstance chile\n", "answered PER, answered CHL"},
		{"CRLF", "stance peru\r\nstance chile\r\n", "answered PER, answered CHL"},
		{"last line without end", "stance peru\nstance chile", "answered PER, answered CHL"},
		{"last line with half an end", "stance peru\r\nstance chile\r", "answered PER, answered CHL"},
		{"no lines", "", ""},
		{"empty lines", "\nstance peru\n\n\r\n", "not_understood , answered PER, not_understood , not_understood "},
		{"a long line", long + "\nstance chile\n", "refused , answered CHL"},
		{"a long last line", "stance chile\n" + long, "answered CHL, refused "},
		{"two long lines", long + "\r\n" + long + "\nstance chile\n", "refused , refused , answered CHL"},
		{"a line of 4,000 characters of four bytes", "peru" + strings.Repeat("\U0001F600", 3996) + "\nstance chile\n", "answered PER, answered CHL"},
		{"a line of 4,001 characters", "peru" + strings.Repeat(" ", 3997) + "\nstance chile\n", "refused , answered CHL"},
		{"invalid UTF-8", "\xff\xfe stance peru\n\xc3\nstance chile \xe2\x82\n", "answered PER, not_understood , answered CHL"},
		{"other ends of lines end none", "stance peru\u2028stance chile\v\f\n", "answered PER+CHL"},
		{"order", "stance cuba\nhello\nstance peru\nstance france\nstance chile\n", "answered CUB, not_understood , answered PER, not_covered FRA, answered CHL"},
		{"no conversation", "shifts peru\nand chile?\nwhy?\n", "answered PER, answered CHL, not_understood "},
	}
	d := bottest.NewDesk(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			for _, o := range lines(t, d, strings.NewReader(tt.in)) {
				countries := strings.ReplaceAll(strings.Trim(fmt.Sprint(o["countries"]), "[]"), " ", "+")
				got = append(got, fmt.Sprintf("%s %s", o["outcome"], countries))
			}
			if s := strings.Join(got, ", "); s != tt.want {
				t.Errorf("\n got: %s\nwant: %s", s, tt.want)
			}
		})
	}
}

// With --conversation the lines look back, and text has an empty line between the replies.
func TestLinesOfOneConversation(t *testing.T) {
	d := bottest.NewDesk(t)
	var out bytes.Buffer
	a := console.Asker{Bot: d.Bot, Conversation: true}
	if err := a.Lines(t.Context(), &out, strings.NewReader("shifts peru\nand chile?\nwhy?\n")); err != nil {
		t.Fatal(err)
	}
	replies := strings.Split(strings.TrimSuffix(out.String(), "\n\n"), "\n\n")
	if len(replies) != 3 {
		t.Fatalf("%d replies:\n%s", len(replies), out.String())
	}
	for i, want := range []string{"Peru", "Chile", "What the labels of Chile rest on"} {
		if !strings.Contains(replies[i], want) {
			t.Errorf("reply %d lacks %q:\n%s", i+1, want, replies[i])
		}
	}
}

// A program that asks, waits for the answer and asks again must not wait for ever.
func TestLinesAnswerWhileInputWaits(t *testing.T) {
	d := bottest.NewDesk(t)
	for _, asJSON := range []bool{true, false} {
		inRead, inWrite := io.Pipe()
		outRead, outWrite := io.Pipe()
		done := make(chan error, 1)
		go func() {
			err := (&console.Asker{Bot: d.Bot, JSON: asJSON}).Lines(t.Context(), outWrite, inRead)
			done <- errors.Join(err, outWrite.Close())
		}()
		answers := bufio.NewReader(outRead)
		for _, country := range []string{"Peru", "Chile", "Cuba"} {
			if _, err := fmt.Fprintf(inWrite, "stance %s\n", country); err != nil {
				t.Fatal(err)
			}
			answer, err := answers.ReadString('\n')
			if err != nil || !strings.Contains(answer, country) {
				t.Fatalf("asked about %s, got %q (%v)", country, answer, err)
			}
			for !asJSON && answer != "\n" {
				if answer, err = answers.ReadString('\n'); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := inWrite.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := answers.ReadByte(); !errors.Is(err, io.EOF) {
			t.Errorf("more output, or %v", err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

var errDisk = errors.New("no space left on device")

// A brokenWriter takes some bytes and then fails, as a full disk or a closed pipe does.
type brokenWriter struct{ room int }

func (w *brokenWriter) Write(p []byte) (int, error) {
	if w.room -= len(p); w.room < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

// A writer that fails ends the run with one error that says what was being done, and no questions are answered into
// the void.
func TestLinesTellOfAWriterThatFails(t *testing.T) {
	d := bottest.NewDesk(t)
	for _, asJSON := range []bool{true, false} {
		for _, room := range []int{0, 2000, 100_000} {
			in := strings.NewReader(strings.Repeat("stance peru\n", 20_000))
			err := (&console.Asker{Bot: d.Bot, JSON: asJSON}).Lines(t.Context(), &brokenWriter{room}, in)
			if !errors.Is(err, errDisk) || strings.Count(err.Error(), errDisk.Error()) != 1 || !strings.HasPrefix(err.Error(), "cannot write the answers: ") {
				t.Errorf("room for %d bytes: %v", room, err)
			}
			if in.Len() == 0 {
				t.Errorf("room for %d bytes: all questions were read", room)
			}
		}
		if err := (&console.Asker{Bot: d.Bot, JSON: asJSON}).Ask(t.Context(), &brokenWriter{}, "stance peru"); !errors.Is(err, errDisk) {
			t.Errorf("Ask: %v", err)
		}
	}
}

// What was asked before the input broke is answered, and the trouble is told.
func TestLinesTellOfAnInputThatFails(t *testing.T) {
	var out bytes.Buffer
	in := io.MultiReader(strings.NewReader("stance peru\nstance ch"), &failingReader{})
	err := (&console.Asker{Bot: bottest.NewDesk(t).Bot, JSON: true}).Lines(t.Context(), &out, in)
	if !errors.Is(err, errDisk) || !strings.Contains(err.Error(), "cannot read the questions") {
		t.Errorf("got %v", err)
	}
	if n := strings.Count(out.String(), "\n"); n != 1 {
		t.Errorf("%d answers, want the one to the whole line", n)
	}
}

type failingReader struct{}

func (*failingReader) Read([]byte) (int, error) { return 0, errDisk }

// The answers of a run depend on its questions alone.
func TestLinesAreTheSameEachTime(t *testing.T) {
	in := "stance peru\ngroup caribbean\nshifts\ncompare chile argentina\ncongo\n"
	var first string
	for range 3 {
		var out bytes.Buffer
		if err := (&console.Asker{Bot: bottest.NewDesk(t).Bot, JSON: true}).Lines(t.Context(), &out, strings.NewReader(in)); err != nil {
			t.Fatal(err)
		}
		if first == "" {
			first = out.String()
		}
		if out.String() != first {
			t.Errorf("got\n%s\nand\n%s", first, out.String())
		}
	}
}

var _ bot.Handler = (*bottest.Desk)(nil)

func FuzzLines(f *testing.F) {
	d := bottest.NewDesk(f)
	for _, seed := range []string{
		"", "\n", "\r\n", "stance peru", "stance peru\n\nwhy?\n", "\xff\xfe\n\xc3\r", "a\rb\n", "\x00\x1b[2J\n", "stance \u202eurep\n",
		"peru\u2028chile\n", "</script>&<\n", strings.Repeat("x", 5000) + "\npage 2\n", "source E:PER:2025-10-10\r\nshifts page 2\r\n", "nigera\nurugay\nwakanda\ntaiwan",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		want := bytes.Count(in, []byte("\n"))
		if len(in) > 0 && in[len(in)-1] != '\n' {
			want++
		}
		var out bytes.Buffer
		a := console.Asker{Bot: d.Bot, JSON: true, Conversation: true}
		if err := a.Lines(t.Context(), &out, bytes.NewReader(in)); err != nil {
			t.Fatal(err)
		}
		got := 0
		for line := range bytes.Lines(out.Bytes()) {
			got++
			dec := json.NewDecoder(bytes.NewReader(line))
			dec.DisallowUnknownFields()
			var o contract.Object
			if err := dec.Decode(&o); err != nil {
				t.Fatalf("%q: %v: %s", in, err, line)
			}
			if o.Outcome == "" || o.Text == "" || utf8.RuneCountInString(o.Question) > 200 || strings.ContainsFunc(o.Question, unicode.IsControl) {
				t.Errorf("%q: %s", in, line)
			}
			if strings.Contains(o.Text, "went wrong on our side") {
				t.Errorf("%q: trouble: %s", in, line)
			}
		}
		if got != want {
			t.Errorf("%q: %d objects for %d lines", in, got, want)
		}
	})
}
