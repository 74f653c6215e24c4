package console

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	Labels     []LabelObject       `json:"labels"`
	Votes      []VoteObject        `json:"votes"`
	Receipts   []string            `json:"receipts"`
	ReadsAs    *string             `json:"reads_as"`
	Page       *PageObject         `json:"page"`
	Text       string              `json:"text"`
}

// A LabelObject is one label of an answer.
type LabelObject struct {
	Country knowledge.Country `json:"country"`
	Axis    knowledge.Axis    `json:"axis"`
	Label   knowledge.Label   `json:"label"`
	Basis   knowledge.Basis   `json:"basis"`
	Since   *knowledge.Day    `json:"since"`
	Claims  []string          `json:"claims"`
	Of      []ReadingObject   `json:"of,omitempty"`
}

// A ReadingObject is one of the labels that a contested one is torn between.
type ReadingObject struct {
	Label knowledge.Label `json:"label"`
	Where knowledge.Where `json:"where"`
}

// A VoteObject is one vote of an answer.
type VoteObject struct {
	Country    knowledge.Country  `json:"country"`
	Resolution string             `json:"resolution"`
	Position   knowledge.Position `json:"position"`
}

// A PageObject is the place of a text in a list of several pages.
type PageObject struct {
	N  int `json:"n"`
	Of int `json:"of"`
}

// maxQuestionRunes is how much of a question an object repeats.
const maxQuestionRunes = 200

// NewObject returns the object for an exchange about a question.
func NewObject(asked string, ex *bot.Exchange) Object {
	a, q := &ex.Answer, &ex.Answer.Query
	o := Object{
		Question: cleanQuestion(asked), Language: ex.Reply.Language, Intent: q.Intent, Outcome: a.Outcome,
		Countries: orEmpty(a.Countries), Choices: orEmpty(a.Choices), Labels: labelObjects(a), Votes: voteObjects(a),
		Receipts: orEmpty(ex.Reply.Receipts), Text: printed(&ex.Reply),
		Group: orNull(q.Group), Axis: orNull(q.Axis), AsOf: orNull(q.AsOf), Since: orNull(q.Since), KnownAt: orNull(q.KnownAt),
		Resolution: orNull(q.Resolution),
	}
	if a.Outcome != knowledge.Ambiguous {
		o.Choices = []string{}
	}
	if a.Place != nil {
		o.Place = &a.Place.ID
	}
	if len(q.ReadsAs) > 0 {
		o.ReadsAs = orNull(phrases.In(ex.Reply.Language).Countries(q.ReadsAs))
	}
	if p := ex.Reply.Page; p != nil {
		o.Page = &PageObject{p.N, p.Of}
	}
	return o
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

func labelObjects(a *knowledge.Answer) []LabelObject {
	labels := []LabelObject{}
	if a.Query.Intent == knowledge.IntentShifts || a.Query.Intent == knowledge.IntentContradictions {
		return labels
	}
	for i := range a.Stances {
		s := &a.Stances[i]
		for _, l := range s.Labels {
			o := LabelObject{Country: s.Country, Axis: l.Axis, Label: l.Label(), Basis: l.Basis(), Claims: []string{}}
			if as := l.Assessment; as != nil {
				o.Since, o.Claims = orNull(as.Since), as.Claims
				for _, r := range as.Of {
					o.Of = append(o.Of, ReadingObject{r.Label, r.At})
				}
			}
			labels = append(labels, o)
		}
	}
	if a.Group != nil {
		for _, country := range a.Group.Missing {
			for _, axis := range axes(a.Query.Axis) {
				labels = append(labels, LabelObject{
					Country: country, Axis: axis, Label: knowledge.Unassessed,
					Basis: knowledge.BasisNone, Claims: []string{},
				})
			}
		}
	}
	return labels
}

func voteObjects(a *knowledge.Answer) []VoteObject {
	votes := []VoteObject{}
	for _, v := range a.Votes {
		if v.Position != "" {
			votes = append(votes, VoteObject{v.Country, v.Call.ID, v.Position})
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

// printed is a reply as the terminal prints it: with its file below, which there is nowhere else to send to. A terminal shows no
// pictures.
func printed(r *bot.Reply) string {
	if r.File == nil || r.File.IsPicture() {
		return r.Text()
	}
	return r.Text() + "\n\n" + fileText(r.File)
}

// fileText is a file without what only programs look for: the mark at its beginning, and the ends of its lines.
func fileText(f *bot.File) string {
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

// An Asker answers questions on behalf of a program or of a person who types one command.
type Asker struct {
	Bot          *bot.Bot
	JSON         bool
	Language     string // of the replies; "" leaves it to the question
	AsOf         string
	KnownAt      string
	Conversation bool // the lines of Lines are one conversation
	// Picture hears of the file that goes with the answer of Ask, which may be nil; nil where nobody wants it.
	Picture func(*bot.File) error
}

// Ask answers one question on w.
func (a *Asker) Ask(ctx context.Context, w io.Writer, question string) error {
	ex := a.Bot.Ask(ctx, a.request(question))
	if a.Picture != nil {
		if err := a.Picture(ex.Reply.File); err != nil {
			return err
		}
	}
	if !a.JSON {
		_, err := fmt.Fprintln(w, printed(&ex.Reply))
		return err
	}
	return writeObject(json.NewEncoder(w), question, &ex)
}

func writeObject(enc *json.Encoder, question string, ex *bot.Exchange) error {
	enc.SetEscapeHTML(false)
	return enc.Encode(NewObject(question, ex))
}

func (a *Asker) request(question string) bot.Request {
	req := bot.Request{Desk: knowledge.DefaultDesk, Text: question, Language: a.Language, AsOf: a.AsOf, KnownAt: a.KnownAt}
	if a.Conversation {
		req.Conversation = "ask"
	}
	return req
}

// Lines answers one question a line, in order: an object a line, or texts with an empty line between them.
func (a *Asker) Lines(ctx context.Context, w io.Writer, r io.Reader) error {
	in, out := bufio.NewReaderSize(r, 1<<16), bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	for {
		question, err := readLine(in)
		if errors.Is(err, io.EOF) {
			return out.Flush()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("cannot read the questions: %w", err), out.Flush())
		}
		ex := a.Bot.Ask(ctx, a.request(question))
		if a.JSON {
			err = writeObject(enc, question, &ex)
		} else {
			_, err = fmt.Fprintf(out, "%s\n\n", printed(&ex.Reply))
		}
		if err == nil && !lineWaits(in) { // whoever types, or waits for each answer, gets it now
			err = out.Flush()
		}
		if err != nil {
			return fmt.Errorf("cannot write the answers: %w", err)
		}
	}
}

// lineWaits reports whether a whole line has been read already.
func lineWaits(r *bufio.Reader) bool {
	waiting, _ := r.Peek(r.Buffered())
	return bytes.IndexByte(waiting, '\n') >= 0
}

// maxLineBytes is how much of a line is kept: enough that one which is too long is seen to be so.
const maxLineBytes = 1 << 15

// readLine reads a line without its end, LF or CRLF. Of a line that is too long it keeps the beginning and skips
// the rest.
func readLine(r *bufio.Reader) (string, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if room := maxLineBytes - len(line); room > 0 {
			line = append(line, part[:min(len(part), room)]...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
		case err != nil:
			return "", err
		}
		line = bytes.TrimSuffix(line, []byte("\n"))
		return string(bytes.TrimSuffix(line, []byte("\r"))), nil
	}
}
