package contract

import (
	"slices"
	"strings"
	"unicode"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// An Object is the JSON object of the contract of ask: one answer for a program.
type Object struct {
	Question   string              `json:"question"`
	Language   string              `json:"language"`
	Intent     knowledge.Intent    `json:"intent"`
	Outcome    knowledge.Outcome   `json:"outcome"`
	Countries  []knowledge.Country `json:"countries"`
	Place      *string             `json:"place"`
	Choices    []string            `json:"choices"`
	Group      *knowledge.GroupID  `json:"group"`
	Axis       *knowledge.Axis     `json:"axis"`
	AsOf       *knowledge.Day      `json:"as_of"`
	Since      *knowledge.Day      `json:"since"`
	KnownAt    *knowledge.Day      `json:"known_at"`
	Resolution *string             `json:"resolution"`
	Labels     []Label             `json:"labels"`
	Votes      []Vote              `json:"votes"`
	Receipts   []string            `json:"receipts"`
	ReadsAs    *string             `json:"reads_as"`
	Page       *Page               `json:"page"`
	Text       string              `json:"text"`
}

// A Label is one label of an answer.
type Label struct {
	Country knowledge.Country `json:"country"`
	Axis    knowledge.Axis    `json:"axis"`
	Label   knowledge.Label   `json:"label"`
	Basis   knowledge.Basis   `json:"basis"`
	Since   *knowledge.Day    `json:"since"`
	Claims  []string          `json:"claims"`
	Of      []Reading         `json:"of,omitempty"`
}

// A Reading is one of the labels that a contested one is torn between.
type Reading struct {
	Label knowledge.Label `json:"label"`
	Where knowledge.Where `json:"where"`
}

// A Vote is one vote of an answer.
type Vote struct {
	Country    knowledge.Country  `json:"country"`
	Resolution string             `json:"resolution"`
	Position   knowledge.Position `json:"position"`
}

// A Page is the place of a text in a list of several pages.
type Page struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// maxQuestionRunes is how much of a question an object repeats.
const maxQuestionRunes = 200

// New returns the object for an exchange about a question.
func New(asked string, ex *bot.Exchange) Object {
	a, q := &ex.Answer, &ex.Answer.Query
	o := Object{
		Question: cleanQuestion(asked), Language: ex.Reply.Language, Intent: q.Intent, Outcome: a.Outcome,
		Countries: OrEmpty(a.Countries), Choices: OrEmpty(a.Choices), Labels: labelsOf(a), Votes: votesOf(a),
		Receipts: OrEmpty(ex.Reply.Receipts), Text: Text(&ex.Reply),
		Group: OrNull(q.Group), Axis: OrNull(q.Axis), AsOf: OrNull(q.AsOf), Since: OrNull(q.Since), KnownAt: OrNull(q.KnownAt),
		Resolution: OrNull(q.Resolution),
	}
	if a.Outcome != knowledge.Ambiguous {
		o.Choices = []string{}
	}
	if a.Place != nil {
		o.Place = &a.Place.ID
	}
	if len(q.ReadsAs) > 0 {
		o.ReadsAs = OrNull(phrases.In(ex.Reply.Language).Countries(q.ReadsAs))
	}
	if p := ex.Reply.Page; p != nil {
		o.Page = &Page{p.N, p.Of}
	}
	return o
}

// OrEmpty is a list that JSON writes as one, also where it holds nothing. What is added to it leaves the other as it is.
func OrEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return slices.Clip(list)
}

// OrNull is a value that JSON writes as null where it is the zero value.
func OrNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func labelsOf(a *knowledge.Answer) []Label {
	labels := []Label{}
	if a.Query.Intent == knowledge.IntentShifts || a.Query.Intent == knowledge.IntentContradictions {
		return labels
	}
	for i := range a.Stances {
		s := &a.Stances[i]
		for _, l := range s.Labels {
			o := Label{Country: s.Country, Axis: l.Axis, Label: l.Label(), Basis: l.Basis(), Claims: []string{}}
			if as := l.Assessment; as != nil {
				o.Since, o.Claims = OrNull(as.Since), as.Claims
				for _, r := range as.Of {
					o.Of = append(o.Of, Reading{r.Label, r.At})
				}
			}
			labels = append(labels, o)
		}
	}
	if a.Group != nil {
		for _, country := range a.Group.Missing {
			for _, axis := range axes(a.Query.Axis) {
				labels = append(labels, Label{
					Country: country, Axis: axis, Label: knowledge.Unassessed,
					Basis: knowledge.BasisNone, Claims: []string{},
				})
			}
		}
	}
	return labels
}

func votesOf(a *knowledge.Answer) []Vote {
	votes := []Vote{}
	for _, v := range a.Votes {
		if v.Position != "" {
			votes = append(votes, Vote{v.Country, v.Call.ID, v.Position})
		}
	}
	return votes
}

func axes(asked knowledge.Axis) []knowledge.Axis {
	if asked != "" {
		return []knowledge.Axis{asked}
	}
	return knowledge.Axes[:]
}

// Text is a reply as the terminal prints it: with its file below, which there is nowhere else to send to. A terminal shows no
// pictures.
func Text(r *bot.Reply) string {
	if r.File == nil || r.File.IsPicture() {
		return r.Text()
	}
	return r.Text() + "\n\n" + FileText(r.File)
}

// FileText is a file without what only programs look for: the mark at its beginning, and the ends of its lines.
func FileText(f *bot.File) string {
	text := strings.TrimPrefix(string(f.Data), "\ufeff")
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

// cleanQuestion returns the first characters of a question without control characters.
func cleanQuestion(asked string) string {
	var b strings.Builder
	n := 0
	for _, r := range asked {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			continue
		}
		if n++; n > maxQuestionRunes {
			break
		}
		b.WriteRune(r)
	}
	return b.String()
}
