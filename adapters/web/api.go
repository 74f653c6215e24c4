package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"stancebot/bot"
	"stancebot/bot/contract"
	"stancebot/bot/phrases"
	"stancebot/bot/question"
	"stancebot/knowledge"
	"stancebot/knowledge/places"
)

// datePattern is how days are asked for: a year, a month or a day.
const datePattern = `^\d{4}(-\d{2}(-\d{2})?)?$`

// An api answers programs. What a program asks for is described at /api/openapi.yaml, and what is wrong with a request is told as RFC 9457
// says, with the place in the request.
type api struct {
	*Options
	huma huma.API
}

// newAPI returns the handler of the API.
func newAPI(o *Options) http.Handler {
	mux := http.NewServeMux()
	config := huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Stancebot", Version: "1",
				Description: "Where a country stands between Russia and Washington, for any country, with receipts on every line. " +
					"All answers come from stored records, as of any day and as known on any day.",
			},
			Components: &huma.Components{
				Schemas:         newRegistry(),
				SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "STANCEBOT_WEB_TOKEN."}},
			},
		},
		OpenAPIPath: "/api/openapi", Formats: huma.DefaultFormats, DefaultFormat: "application/json", RejectUnknownQueryParameters: true,
	}
	a := &api{Options: o}
	a.huma = huma.NewAPI(config, slashed{humago.NewAdapter(mux, "")})
	a.routes()
	settle(config.Components.Schemas)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) {
		problem(w, http.StatusNotFound, "Nothing is here: /api/openapi.yaml lists what is.")
	})
	return a.tagged(mux)
}

// slashed lets what ends a path hold slashes, as symbols of resolutions do, escaped or not.
type slashed struct{ huma.Adapter }

func (s slashed) Handle(op *huma.Operation, handler func(huma.Context)) {
	open := *op
	for _, name := range []string{"symbol", "receipt"} {
		open.Path = strings.Replace(open.Path, "{"+name+"}", "{"+name+"...}", 1)
	}
	s.Adapter.Handle(&open, handler)
}

// tagged spares whoever has an answer already another one: all that is got depends on the address, the records and the day alone.
func (a *api) tagged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || isPrivate(r.URL.Path) || !unchanged(w, r, tagOf(a.Version(), a.Today().String(), r.URL.RequestURI())) {
			next.ServeHTTP(untagged{w}, r)
		}
	})
}

// untagged takes the tag from what went wrong: it may go right the next time.
type untagged struct{ http.ResponseWriter }

// Unwrap gives http.ResponseController the writer below.
func (u untagged) Unwrap() http.ResponseWriter { return u.ResponseWriter }

// WriteHeader begins the response.
func (u untagged) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		u.Header().Del("ETag")
		u.Header().Set("Cache-Control", "no-store")
	}
	u.ResponseWriter.WriteHeader(status)
}

// problem tells a program why there is no answer.
func problem(w http.ResponseWriter, status int, says string) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(status)
	_ = huma.DefaultJSONFormat.Marshal(w, &huma.ErrorModel{Title: http.StatusText(status), Status: status, Detail: says}) // who asked has gone otherwise
}

// Clocks are the parameters of all answers: in which language, as of which day, as known on which.
type Clocks struct {
	Lang    string `query:"lang" enum:"en,es,fr,pt,ru,zh" doc:"The language of what is no text of a record."`
	AsOf    string `query:"as_of" pattern:"^\\d{4}(-\\d{2}(-\\d{2})?)?$" example:"2022-04-07" doc:"The day that is asked about: a year means its last day, a month its last. Today when it is not set."`
	KnownAt string `query:"known_at" pattern:"^\\d{4}(-\\d{2}(-\\d{2})?)?$" example:"2025-11" doc:"What would have been said, knowing what was known then."`
}

// Resolve refuses days that the calendar does not have.
func (t *Clocks) Resolve(huma.Context) []error {
	var errs []error
	for _, d := range []struct{ name, text string }{{"as_of", t.AsOf}, {"known_at", t.KnownAt}} {
		if _, err := knowledge.ParseDate(d.text); d.text != "" && err != nil {
			errs = append(errs, &huma.ErrorDetail{Message: "the calendar has no such day", Location: "query." + d.name, Value: d.text})
		}
	}
	return errs
}

// query is a question of the days that are asked about.
func (a *api) query(intent knowledge.Intent, t *Clocks) knowledge.Query {
	q := knowledge.Query{Desk: a.Desk, Intent: intent, Today: a.Today()}
	q.AsOf, q.KnownAt = a.day(t.AsOf), a.day(t.KnownAt)
	return q
}

func (a *api) day(text string) knowledge.Day {
	d, err := knowledge.ParseDate(text)
	if err != nil { // nothing was asked for: else it was refused
		return 0
	}
	return question.AsOfToday(d, a.Today())
}

func (a *api) speaker(t *Clocks) speaker { return speaker{phrases.In(cmp.Or(t.Lang, a.Language))} }

// answer answers a question from the snapshot in force. What the records do not hold is a problem, with what they do.
func (a *api) answer(q knowledge.Query, what, location string) (knowledge.Answer, error) {
	answer := a.Core(a.Desk).Answer(q)
	switch answer.Outcome {
	case knowledge.NotFound:
		return answer, notFound(what, location)
	case knowledge.OutOfSpan:
		return answer, huma.Error422UnprocessableEntity("The records do not cover that day.", &huma.ErrorDetail{
			Message: fmt.Sprintf("the records cover %s to %s", answer.Span.From, answer.Span.To), Location: "query",
		})
	}
	return answer, nil
}

func notFound(what, location string) error {
	return huma.Error404NotFound("The records hold no such thing.", &huma.ErrorDetail{Message: "not in the records", Location: location, Value: what})
}

// got is a response.
type got[T any] struct{ Body T }

func body[T any](v T) *got[T] { return &got[T]{v} }

// operation describes what is got at a path.
func operation(id, path, summary string) huma.Operation {
	return huma.Operation{OperationID: id, Method: http.MethodGet, Path: "/api/v1" + path, Summary: summary, Errors: []int{http.StatusNotFound, http.StatusUnprocessableEntity}}
}

// routes registers all operations.
func (a *api) routes() {
	ask := operation("ask", "/ask", "Answer a question, as “stancebot ask --json” does.")
	huma.Register(a.huma, ask, a.ask)
	ask.OperationID, ask.Method, ask.Summary = "ask-by-post", http.MethodPost, "Answer a question that no log of addresses is to hold."
	ask.Errors = append(ask.Errors, http.StatusBadRequest)
	huma.Register(a.huma, ask, a.askByPost)
	huma.Register(a.huma, operation("countries", "/countries", "List all members of the United Nations, with where each stands."), a.countries)
	huma.Register(a.huma, operation("country", "/countries/{country}", "Tell all that the records hold of one country."), a.country)
	huma.Register(a.huma, operation("resolutions", "/resolutions", "List the roll calls of the General Assembly, the newest first."), a.resolutions)
	huma.Register(a.huma, operation("resolution", "/resolutions/{symbol}", "Tell how each state voted on one text."), a.resolution)
	huma.Register(a.huma, operation("shifts", "/shifts", "List changes of alignment."), a.shifts)
	huma.Register(a.huma, operation("groups", "/groups", "List the groups that can be asked about."), a.groups)
	huma.Register(a.huma, operation("group", "/groups/{group}", "Tell where the members of a group stand: what a map of it shows."), a.group)
	huma.Register(a.huma, operation("receipt", "/receipts/{receipt}", "Open one receipt."), a.receipt)
	picture := operation("picture", "/picture", "Draw what is asked for: a map, a card, a timeline or a chart.")
	picture.Responses = map[string]*huma.Response{"200": {Description: "A picture.", Content: map[string]*huma.MediaType{"image/png": {}}}}
	huma.Register(a.huma, picture, a.picture)
	huma.Register(a.huma, operation("verify", "/verify/{code}", "Tell whether what a picture shows still holds, by the code in it, as the chat does."), a.verify)
	if a.Inside != nil {
		entries := operation("ledger", "/ledger", "List what the desk recorded, the newest first, with who did.")
		entries.Errors = []int{http.StatusUnauthorized, http.StatusUnprocessableEntity, http.StatusServiceUnavailable}
		entries.Security = []map[string][]string{{"token": {}}}
		huma.Register(a.huma, entries, a.ledger)
	}
	huma.Register(a.huma, operation("languages", "/languages", "List the languages of replies."), a.languages)
}

// asked is a question in an address.
type asked struct {
	Clocks
	Question string `query:"q" required:"true" minLength:"1" maxLength:"4000" example:"what is peru's stance?"`
}

// posted is a question in a body.
type posted struct {
	Body struct {
		Question string `json:"question" minLength:"1" maxLength:"4000" example:"what is peru's stance?"`
		Lang     string `json:"lang,omitempty" enum:"en,es,fr,pt,ru,zh"`
		AsOf     string `json:"as_of,omitempty" pattern:"^\\d{4}(-\\d{2}(-\\d{2})?)?$"`
		KnownAt  string `json:"known_at,omitempty" pattern:"^\\d{4}(-\\d{2}(-\\d{2})?)?$"`
	}
}

func (a *api) ask(ctx context.Context, in *asked) (*got[contract.Object], error) {
	ex := a.Bot.Ask(ctx, bot.Request{Desk: a.Desk, Text: in.Question, Language: in.Lang, AsOf: in.AsOf, KnownAt: in.KnownAt, InWords: true})
	return body(contract.New(in.Question, &ex)), nil
}

func (a *api) askByPost(ctx context.Context, in *posted) (*got[contract.Object], error) {
	b := &in.Body
	return a.ask(ctx, &asked{Clocks{b.Lang, b.AsOf, b.KnownAt}, b.Question})
}

func (a *api) countries(_ context.Context, in *Clocks) (*got[[]CountryEntry], error) {
	s, q := a.speaker(in), a.query(knowledge.IntentStance, in)
	list := []CountryEntry{}
	for _, country := range places.Members() {
		q.Countries = []knowledge.Country{country}
		answer, err := a.answer(q, string(country), "query")
		if err != nil {
			return nil, err
		}
		entry := CountryEntry{Country: country, Name: s.Country(country), Labels: []LabelFact{}}
		for i := range answer.Stances { // a pole has none
			entry.Covered, entry.Labels = answer.Stances[i].Covered, s.labels(answer.Stances[i].Labels)
		}
		list = append(list, entry)
	}
	return body(list), nil
}

type oneCountry struct {
	Clocks
	Country string `path:"country" pattern:"^[A-Za-z]{3}$" example:"PER" doc:"Its ISO 3166-1 alpha-3 code."`
}

func (a *api) country(_ context.Context, in *oneCountry) (*got[Dossier], error) {
	country := knowledge.Country(strings.ToUpper(in.Country))
	if !places.IsMember(country) {
		return nil, notFound(in.Country, "path.country")
	}
	q := a.query(knowledge.IntentStance, &in.Clocks)
	q.Countries = []knowledge.Country{country}
	if _, err := a.answer(q, in.Country, "path.country"); err != nil {
		return nil, err
	}
	return body(a.speaker(&in.Clocks).dossier(a.Core(a.Desk), q)), nil
}

func (a *api) resolutions(_ context.Context, in *Clocks) (*got[[]ResolutionEntry], error) {
	s, q := a.speaker(in), a.query(knowledge.IntentResolution, in)
	list := []ResolutionEntry{}
	calls := a.Core(a.Desk).Book().Calls()
	for i := range calls {
		q.Resolution = calls[len(calls)-1-i].ID
		answer, err := a.answer(q, q.Resolution, "query")
		if gone := huma.StatusError(nil); errors.As(err, &gone) && gone.GetStatus() == http.StatusNotFound {
			continue // put to the vote later than was asked about
		}
		if err != nil {
			return nil, err
		}
		list = append(list, s.resolution(answer.RollCall))
	}
	return body(list), nil
}

type oneResolution struct {
	Clocks
	Symbol string `path:"symbol" maxLength:"40" example:"ES-11/7" doc:"Its symbol, or GA- and its date where that was not read. A slash may be escaped."`
	Group  string `query:"group" maxLength:"40" example:"brics" doc:"The votes of this group alone, by its members on that day."`
}

func (a *api) resolution(_ context.Context, in *oneResolution) (*got[ResolutionFact], error) {
	q := a.query(knowledge.IntentResolution, &in.Clocks)
	q.Resolution, q.Group = strings.ToUpper(in.Symbol), knowledge.GroupID(in.Group)
	if strings.HasPrefix(q.Resolution, "GA-") { // what is behind the date is in small letters
		q.Resolution = "GA-" + strings.ToLower(q.Resolution[3:])
	}
	answer, err := a.answer(q, in.Symbol, "path.symbol")
	if err != nil {
		return nil, err
	}
	if in.Group != "" && answer.Group == nil {
		return nil, notFound(in.Group, "query.group")
	}
	opened, err := a.open(answer.RollCall.ID, &in.Clocks)
	if err != nil {
		return nil, err
	}
	return body(a.speaker(&in.Clocks).rollCall(&answer, opened.Sources)), nil
}

// open opens a receipt.
func (a *api) open(receipt string, t *Clocks) (*knowledge.Record, error) {
	q := a.query(knowledge.IntentSource, t)
	q.Receipt = receipt
	answer, err := a.answer(q, receipt, "path.receipt")
	return answer.Record, err
}

type someShifts struct {
	Clocks
	Country string `query:"country" pattern:"^[A-Za-z]{3}$" example:"PER"`
	Group   string `query:"group" maxLength:"40" example:"andean"`
	Since   string `query:"since" pattern:"^\\d{4}(-\\d{2}(-\\d{2})?)?$" example:"2022"`
}

// Resolve refuses days that the calendar does not have.
func (in *someShifts) Resolve(ctx huma.Context) []error {
	errs := in.Clocks.Resolve(ctx)
	if _, err := knowledge.ParseDate(in.Since); in.Since != "" && err != nil {
		errs = append(errs, &huma.ErrorDetail{Message: "the calendar has no such day", Location: "query.since", Value: in.Since})
	}
	return errs
}

// A ShiftList is what the article tells of changes, what the desk recorded of them, and which votes parted the axes.
type ShiftList struct {
	Language    string            `json:"language"`
	Outcome     knowledge.Outcome `json:"outcome"`
	Shifts      []ShiftFact       `json:"shifts"`
	Relabels    []RelabelFact     `json:"relabels"`
	Corrections []CorrectionFact  `json:"corrections"`
	Receipts    []string          `json:"receipts"`
}

func (a *api) shifts(_ context.Context, in *someShifts) (*got[ShiftList], error) {
	q := a.query(knowledge.IntentShifts, &in.Clocks)
	q.Group = knowledge.GroupID(in.Group)
	if since, err := knowledge.ParseDate(in.Since); err == nil {
		q.Since = since.First()
	}
	if in.Country != "" {
		q.Countries = []knowledge.Country{knowledge.Country(strings.ToUpper(in.Country))}
		if !places.IsMember(q.Countries[0]) {
			return nil, notFound(in.Country, "query.country")
		}
	}
	answer, err := a.answer(q, in.Group, "query.group")
	if err != nil {
		return nil, err
	}
	list := ShiftList{Language: a.speaker(&in.Clocks).Language, Outcome: answer.Outcome, Shifts: shifts(&answer), Relabels: each(answer.Relabels, relabelFact)}
	var all receipts
	addEach(&all, list.Shifts, func(x ShiftFact) string { return x.Receipt })
	addEach(&all, list.Relabels, func(x RelabelFact) string { return x.Receipt })
	list.Corrections = corrections(answer.Corrected, all.list)
	addEach(&all, list.Corrections, func(x CorrectionFact) string { return x.Receipt })
	list.Receipts = contract.OrEmpty(all.list)
	return body(list), nil
}

func (a *api) groups(_ context.Context, in *Clocks) (*got[[]GroupEntry], error) {
	s := a.speaker(in)
	return body(each(a.Core(a.Desk).Groups(), func(id knowledge.GroupID) GroupEntry { return GroupEntry{id, s.Group(id)} })), nil
}

type oneGroup struct {
	Clocks
	Group string `path:"group" maxLength:"40" example:"southern_cone"`
}

func (a *api) group(_ context.Context, in *oneGroup) (*got[GroupFact], error) {
	q := a.query(knowledge.IntentGroup, &in.Clocks)
	q.Group = knowledge.GroupID(in.Group)
	answer, err := a.answer(q, in.Group, "path.group")
	if err != nil {
		return nil, err
	}
	return body(a.speaker(&in.Clocks).group(&answer)), nil
}

type oneReceipt struct {
	Clocks
	Receipt string `path:"receipt" maxLength:"60" example:"PER-05" doc:"Its id. A slash may be escaped, and a question mark must be."`
}

// A ReceiptFact is one receipt, opened.
type ReceiptFact struct {
	Receipt   string                `json:"receipt"`
	Kind      knowledge.ReceiptKind `json:"kind"`
	Countries []knowledge.Country   `json:"countries"`
	Language  string                `json:"language"`
	Says      string                `json:"says" doc:"What the record says in words, in English; empty where it says nothing in words."`
	Text      string                `json:"text" doc:"The receipt as the chat opens it."`
	Sources   []SourceFact          `json:"sources"`
	Receipts  []string              `json:"receipts"`
}

func (a *api) receipt(ctx context.Context, in *oneReceipt) (*got[ReceiptFact], error) {
	record, err := a.open(in.Receipt, &in.Clocks)
	if err != nil {
		return nil, err
	}
	s := a.speaker(&in.Clocks)
	ex := a.Bot.Ask(ctx, bot.Request{Desk: a.Desk, Text: "source " + record.ID, Language: s.Language, AsOf: in.AsOf, KnownAt: in.KnownAt})
	return body(ReceiptFact{
		Receipt: record.ID, Kind: record.Kind, Countries: contract.OrEmpty(record.Countries()), Language: s.Language, Says: record.Says(), Text: ex.Reply.Text(),
		Sources: each(record.Sources, sourceFact), Receipts: contract.OrEmpty(ex.Reply.Receipts),
	}), nil
}

// A drawing is a picture as it is sent. What it says, for those who do not see it, is what ask answers to the same.
type drawing struct {
	Type string `header:"Content-Type"`
	Body []byte
}

func (a *api) picture(ctx context.Context, in *asked) (*drawing, error) {
	ex := a.Bot.Ask(ctx, bot.Request{Desk: a.Desk, Text: in.Question, Language: in.Lang, AsOf: in.AsOf, KnownAt: in.KnownAt})
	if f := ex.Reply.File; f.IsPicture() {
		return &drawing{f.Type, f.Data}, nil
	}
	return nil, huma.Error404NotFound("There is no picture of that: ask for a map, a card, a timeline or an agreement chart.", &huma.ErrorDetail{
		Message: "no picture", Location: "query.q", Value: in.Question,
	})
}

type oneCode struct {
	Lang string `query:"lang" enum:"en,es,fr,pt,ru,zh"`
	Code string `path:"code" maxLength:"60" doc:"As it stands in the picture."`
}

func (a *api) verify(ctx context.Context, in *oneCode) (*got[contract.Object], error) {
	return a.ask(ctx, &asked{Clocks{Lang: in.Lang}, "verify " + in.Code})
}

func (a *api) languages(context.Context, *struct{}) (*got[[]string], error) {
	return body(phrases.Languages()), nil
}
