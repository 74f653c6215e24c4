package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// The limits of answers to inline queries.
const (
	maxResults  = 50
	maxResultID = 64 // bytes
	maxQuery    = 256
	maxCache    = 24 * 60 * 60
)

// An InlineResult is one of those that a person may choose.
type InlineResult struct {
	ID          string
	Type        string
	Title       string
	Description string
	Content     // what it sends
	JSON        json.RawMessage
}

// An InlineAnswer is what a person saw who asked in a chat of whatever kind.
type InlineAnswer struct {
	QueryID    string
	User       int64
	Query      string
	Results    []InlineResult
	CacheTime  int
	IsPersonal bool
	NextOffset string
	Button     json.RawMessage
	At         time.Time
}

type inlineQuery struct {
	id     string
	user   int64
	query  string
	at     time.Time
	answer *InlineAnswer
}

// InlineAnswers lists the answers to inline queries, in order of the queries.
func (s *Server) InlineAnswers() []InlineAnswer {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []InlineAnswer
	for _, q := range s.inlines {
		if q.answer != nil {
			found = append(found, *q.answer)
		}
	}
	return found
}

// InlineAnswer returns the answer to an inline query, and whether there is one.
func (s *Server) InlineAnswer(queryID string) (InlineAnswer, bool) {
	for _, a := range s.InlineAnswers() {
		if a.QueryID == queryID {
			return a, true
		}
	}
	return InlineAnswer{}, false
}

// Inline asks the bot in a chat of some kind: "sender" for the person's own chat with the bot, Private for one with somebody else,
// Group, Supergroup or Channel; "" where Telegram does not tell.
func (s *Server) Inline(ctx context.Context, user int64, query, offset, chatType string) (Receipt, error) {
	s.mu.Lock()
	u := s.world.user(user)
	if u == nil || s.Options.NoInline || len([]rune(query)) > maxQuery {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("inline query by %d: %w", user, errNoSuch)
	}
	id := s.newID()
	q := object{"id": id, "from": userJSON(u), "query": query, "offset": offset}
	if chatType != "" {
		q["chat_type"] = chatType
	}
	s.inlines = append(s.inlines, &inlineQuery{id: id, user: user, query: query, at: s.Options.Now()})
	s.mu.Unlock()
	return s.deliver(ctx, "inline_query", q, Receipt{QueryID: id})
}

var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (s *Server) answerInlineQuery(call *Call) (any, *apiError) {
	a := InlineAnswer{
		CacheTime: call.Args.number("cache_time", 300, 0, maxCache), IsPersonal: call.Args.isTrue("is_personal"),
		NextOffset: call.Args["next_offset"], At: call.At,
	}
	if !call.Args.has("cache_time") {
		s.Complain("answerInlineQuery: without cache_time Telegram keeps the results for 300 s")
	}
	var refused *apiError
	if a.Button, refused = buttonOf(call.Args["button"]); refused != nil {
		return nil, refused
	}
	if a.Results, refused = s.resultsOf(call.Args["results"]); refused != nil {
		return nil, refused
	}
	if len(a.NextOffset) > maxResultID {
		return nil, wrong("NEXT_OFFSET_INVALID")
	}
	q := find(s.inlines, func(q *inlineQuery) bool { return q.id == call.Args["inline_query_id"] })
	switch {
	case q == nil:
		return nil, errTooOld
	case q.answer != nil:
		s.Complain("answerInlineQuery: query %s (%q) is answered twice", q.id, q.query)
		return nil, errTooOld
	case call.At.Sub(q.at) > queryLife:
		return nil, errTooOld
	}
	a.QueryID, a.User, a.Query = q.id, q.user, q.query
	q.answer = &a
	return true, nil
}

// buttonOf reads the button above the results.
func buttonOf(raw string) (json.RawMessage, *apiError) {
	if raw == "" {
		return nil, nil
	}
	var b struct {
		Text   *string         `json:"text"`
		Start  *string         `json:"start_parameter"`
		WebApp json.RawMessage `json:"web_app"`
	}
	const prefix = "can't parse inline query results button: "
	switch {
	case json.Unmarshal([]byte(raw), &b) != nil:
		return nil, wrong("can't parse inline query results button JSON object")
	case b.Text == nil:
		return nil, wrong(prefix + `Can't find field "text"`)
	case (b.Start == nil) == (len(b.WebApp) == 0):
		return nil, wrong(prefix + "InlineQueryResultsButton must have exactly one optional field")
	case b.Start != nil && !startParameter.MatchString(*b.Start):
		return nil, wrong("START_PARAM_INVALID")
	}
	return json.RawMessage(raw), nil
}

func (s *Server) resultsOf(raw string) ([]InlineResult, *apiError) {
	if !json.Valid([]byte(raw)) {
		return nil, wrong("can't parse JSON encoded inline query results")
	}
	var list []json.RawMessage
	switch {
	case json.Unmarshal([]byte(raw), &list) != nil:
		return nil, wrong("expected an Array of inline query results")
	case len(list) > maxResults:
		return nil, wrong("too many inline query results specified")
	}
	var results []InlineResult
	for _, raw := range list {
		r, refused := s.resultOf(raw)
		if refused != nil {
			return nil, refused
		}
		if slices.ContainsFunc(results, func(other InlineResult) bool { return other.ID == r.ID }) {
			return nil, wrong("RESULT_ID_DUPLICATE")
		}
		results = append(results, r)
	}
	return results, nil
}

// resultTypes are the kinds of results.
var resultTypes = []string{
	"article", "audio", "contact", "document", "game", "gif", "location", "mpeg4_gif", "photo", "sticker", "venue", "video", "voice",
}

func (s *Server) resultOf(raw json.RawMessage) (InlineResult, *apiError) {
	var r struct {
		Type        string
		ID          *string
		Title       string
		Description string
		Caption     string
		ParseMode   string          `json:"parse_mode"`
		Markup      json.RawMessage `json:"reply_markup"`
		Message     *struct {
			Text      *string         `json:"message_text"`
			ParseMode string          `json:"parse_mode"`
			Entities  json.RawMessage `json:"entities"`
			Preview   json.RawMessage `json:"link_preview_options"`
		} `json:"input_message_content"`
	}
	const prefix = "can't parse inline query result: "
	switch {
	case json.Unmarshal(raw, &r) != nil:
		return InlineResult{}, wrong(prefix + "Inline query result must be an object")
	case r.ID == nil:
		return InlineResult{}, wrong(prefix + `Can't find field "id"`)
	case !slices.Contains(resultTypes, lower(r.Type)):
		return InlineResult{}, wrong(prefix+"type %q is unsupported for the inline query result", r.Type)
	case *r.ID == "" || len(*r.ID) > maxResultID:
		return InlineResult{}, wrong("RESULT_ID_INVALID")
	case r.Type == "article" && r.Title == "":
		return InlineResult{}, wrong(prefix + `Can't find field "title"`)
	case r.Type == "article" && r.Message == nil:
		return InlineResult{}, wrong(prefix + `Can't find field "message_text"`)
	}
	result := InlineResult{ID: *r.ID, Type: lower(r.Type), Title: r.Title, Description: r.Description, JSON: raw}
	w := written{"inline result " + *r.ID, r.Caption, r.ParseMode, "", maxCaption}
	if r.Message != nil && r.Message.Text != nil {
		w.raw, w.mode, w.entities, w.limit = *r.Message.Text, r.Message.ParseMode, string(r.Message.Entities), maxText
	}
	var refused *apiError
	if result.Content, refused = s.compose(w); refused != nil {
		return result, refused
	}
	if r.Message != nil {
		if result.Text == "" {
			return result, wrong(prefix + "Message text is empty")
		}
		if result.LinkPreview, refused = s.previewOf(w.what, string(r.Message.Preview), result.Content, false); refused != nil {
			return result, refused
		}
	}
	result.Markup, refused = s.keyboard(w.what, string(r.Markup), true)
	return result, refused
}

// ChooseInline sends one of the results of an inline query, to a chat or, for 0, to where the bot is not. The message is in the
// receipt, which is that of the chosen_inline_result.
func (s *Server) ChooseInline(ctx context.Context, queryID, resultID string, chat int64) (Receipt, error) {
	s.mu.Lock()
	q := find(s.inlines, func(q *inlineQuery) bool { return q.id == queryID })
	c := s.world.chat(chat)
	i := -1
	if q != nil && q.answer != nil {
		i = slices.IndexFunc(q.answer.Results, func(r InlineResult) bool { return r.ID == resultID })
	}
	if i < 0 || c == nil && chat != 0 {
		s.mu.Unlock()
		return Receipt{}, fmt.Errorf("choose %q of inline query %s: %w", resultID, queryID, errNoSuch)
	}
	m := s.add(Message{Chat: chat, User: q.user, Via: "inline", Content: q.answer.Results[i].Content})
	chosen := object{"from": userJSON(s.world.user(q.user)), "query": q.query, "result_id": resultID}
	if isInlineKeyboard(m.Markup) {
		m.InlineID = "AAQ" + s.newID()
		chosen["inline_message_id"] = m.InlineID
	}
	sent := m.clone()
	var overheard object
	if c != nil && c.Bot.isIn() {
		overheard = s.messageJSON(m, true)
	}
	s.mu.Unlock()
	r, err := s.deliver(ctx, "chosen_inline_result", chosen, Receipt{Message: &sent})
	if err == nil && overheard != nil {
		_, err = s.deliver(ctx, "message", overheard, Receipt{})
	}
	return r, err
}
