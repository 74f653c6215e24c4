package console

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/cases"

	"stancebot/bot/contract"
	"stancebot/knowledge"
)

// A Question is one question of a set, with what a right answer must show.
type Question struct {
	ID     string `json:"id"`
	Lang   string `json:"lang"` // of the question
	Kind   string `json:"kind"` // what it tries out
	Q      string `json:"q"`
	Expect Expect `json:"expect"`
}

// An Expect is what a right answer shows, by the names of the fields of contract.Object. What is not set is not checked.
type Expect struct {
	Intent      oneOf               `json:"intent"`
	Outcome     oneOf               `json:"outcome"`
	Countries   []knowledge.Country `json:"countries"` // exactly these, in any order; nil is not checked
	Labels      map[string]oneOf    `json:"labels"`    // by country and axis: PER.washington
	Votes       map[string]oneOf    `json:"votes"`     // by country and text: CUB.ES-11/3
	Choices     []string            `json:"choices"`   // at least these
	Place       oneOf               `json:"place"`
	Group       oneOf               `json:"group"`
	Axis        oneOf               `json:"axis"`
	AsOf        oneOf               `json:"as_of"`
	Since       oneOf               `json:"since"`
	KnownAt     oneOf               `json:"known_at"`
	Resolution  oneOf               `json:"resolution"`
	Language    oneOf               `json:"language"`
	ReadsAs     oneOf               `json:"reads_as"`
	ReceiptsHas []string            `json:"receipts_has"`
	TextHas     []string            `json:"text_has"`   // capitals or not
	TextLacks   []string            `json:"text_lacks"` // capitals or not
}

// A oneOf is a value, or a list of those that are equally good. An empty one stands for null: that there is no value.
type oneOf struct {
	set    bool
	values []string
}

// UnmarshalJSON reads a text, null, or a list of them.
func (o *oneOf) UnmarshalJSON(text []byte) error {
	o.set = true
	var list []*string
	if err := json.Unmarshal(text, &list); err != nil || !bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		var one *string
		if err := json.Unmarshal(text, &one); err != nil {
			return errors.New("want a text, null, or a list of them")
		}
		list = []*string{one}
	}
	for _, v := range list {
		o.values = append(o.values, orNone(v))
	}
	return nil
}

func (o *oneOf) allows(value string) bool { return !o.set || slices.Contains(o.values, value) }

func (o *oneOf) String() string {
	quoted := make([]string, len(o.values))
	for i, v := range o.values {
		quoted[i] = fmt.Sprintf("%q", v)
	}
	return strings.Join(quoted, " or ")
}

// orNone returns what a pointer points to as text, "" for none.
func orNone[T any](v *T) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(*v)
}

// ReadQuestions reads a set of questions, one JSON object a line. An error names the line.
func ReadQuestions(r io.Reader) ([]Question, error) {
	dec := json.NewDecoder(r)
	dec.DisallowUnknownFields()
	var list []Question
	for {
		var q Question
		switch err := dec.Decode(&q); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, fmt.Errorf("question %d: %w", len(list)+1, err)
		case q.Q == "" || strings.ContainsAny(q.Q, "\r\n"):
			return nil, fmt.Errorf("question %d: it is empty, or holds a line break", len(list)+1)
		}
		list = append(list, q)
	}
}

// A Verdict tells why an answer misses what was expected of it, in no words when it is right. A silent miss is the grave
// kind: an answer given with confidence about another country, date, axis, group or text than was asked about, with
// another label or vote, or with a label where no source has one.
type Verdict struct {
	Why    []string
	Silent bool
}

func (v *Verdict) miss(silent bool, format string, args ...any) {
	v.Why = append(v.Why, fmt.Sprintf(format, args...))
	v.Silent = v.Silent || silent
}

// confidently are the outcomes that a reader takes for an answer.
var confidently = []knowledge.Outcome{knowledge.Answered, knowledge.Partial, knowledge.NotCovered}

// unlabelled are the outcomes that show no label.
var unlabelled = []knowledge.Outcome{
	knowledge.NotCovered, knowledge.PoleItself, knowledge.StatusNote, knowledge.NotACountry, knowledge.Ambiguous,
}

// Judge holds an answer against what was expected of it.
func (e *Expect) Judge(o *contract.Object) Verdict {
	var v Verdict
	confident := slices.Contains(confidently, o.Outcome)
	e.judgeOutcome(&v, o, confident)
	e.judgeCountries(&v, o, confident)
	e.judgeLabels(&v, o)
	e.judgeVotes(&v, o)
	for _, c := range e.Choices {
		if !slices.Contains(o.Choices, c) {
			v.miss(false, "choice %s is not offered, %v are", c, o.Choices)
		}
	}
	e.judgeFields(&v, o, confident)
	e.judgeText(&v, o)
	return v
}

func (e *Expect) judgeOutcome(v *Verdict, o *contract.Object, confident bool) {
	if !e.Intent.allows(string(o.Intent)) {
		v.miss(false, "intent %q, want %s", o.Intent, &e.Intent)
	}
	if !e.Outcome.allows(string(o.Outcome)) {
		answerable := slices.ContainsFunc(confidently, func(c knowledge.Outcome) bool { return e.Outcome.allows(string(c)) })
		v.miss(confident && !answerable, "outcome %q, want %s", o.Outcome, &e.Outcome)
	}
}

func (e *Expect) judgeCountries(v *Verdict, o *contract.Object, confident bool) {
	if e.Countries == nil {
		return
	}
	more := slices.ContainsFunc(o.Countries, func(c knowledge.Country) bool { return !slices.Contains(e.Countries, c) })
	fewer := slices.ContainsFunc(e.Countries, func(c knowledge.Country) bool { return !slices.Contains(o.Countries, c) })
	if more || fewer {
		v.miss(confident && more, "countries %v, want %v", o.Countries, e.Countries)
	}
}

func (e *Expect) judgeLabels(v *Verdict, o *contract.Object) {
	labels := map[string]string{}
	for _, l := range o.Labels {
		labels[string(l.Country)+"."+string(l.Axis)] = string(l.Label)
		if o.Axis != nil && e.Axis.set && l.Axis != *o.Axis {
			v.miss(false, "a label on the other axis: %s", l.Axis)
		}
		if l.Label != knowledge.Unassessed && slices.Contains(unlabelled, o.Outcome) {
			v.miss(true, "a label of %s where none is", l.Country)
		}
	}
	for key, want := range e.Labels {
		if have := labels[key]; !want.allows(have) {
			v.miss(have != "" && have != string(knowledge.Unassessed), "label %s %q, want %s", key, have, &want)
		}
	}
}

func (e *Expect) judgeVotes(v *Verdict, o *contract.Object) {
	votes := map[string]string{}
	for _, vote := range o.Votes {
		votes[string(vote.Country)+"."+vote.Resolution] = string(vote.Position)
	}
	for key, want := range e.Votes {
		if have := votes[key]; !want.allows(have) {
			v.miss(have != "", "vote %s %q, want %s", key, have, &want)
		}
	}
}

func (e *Expect) judgeFields(v *Verdict, o *contract.Object, confident bool) {
	for _, field := range []struct {
		name  string
		want  *oneOf
		have  string
		grave bool
	}{
		{"place", &e.Place, orNone(o.Place), false},
		{"group", &e.Group, orNone(o.Group), true},
		{"axis", &e.Axis, orNone(o.Axis), true},
		{"as_of", &e.AsOf, orNone(o.AsOf), true},
		{"since", &e.Since, orNone(o.Since), false},
		{"known_at", &e.KnownAt, orNone(o.KnownAt), false},
		{"resolution", &e.Resolution, orNone(o.Resolution), true},
		{"language", &e.Language, o.Language, false},
		{"reads_as", &e.ReadsAs, orNone(o.ReadsAs), false},
	} {
		if !field.want.allows(field.have) {
			v.miss(confident && field.grave, "%s %q, want %s", field.name, field.have, field.want)
		}
	}
}

func (e *Expect) judgeText(v *Verdict, o *contract.Object) {
	for _, id := range e.ReceiptsHas {
		if !slices.Contains(o.Receipts, id) {
			v.miss(false, "the receipt %s is missing", id)
		}
	}
	fold := cases.Fold()
	text := fold.String(o.Text)
	for _, piece := range e.TextHas {
		if !strings.Contains(text, fold.String(piece)) {
			v.miss(false, "the text lacks %q", piece)
		}
	}
	for _, piece := range e.TextLacks {
		if strings.Contains(text, fold.String(piece)) {
			v.miss(false, "the text has %q", piece)
		}
	}
}
