package telegramtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxBody is what the fake reads of a request.
const maxBody = 64 << 20

type object = map[string]any

// Args are a call's arguments as a form carries them: what is no string in a JSON body stands as JSON.
type Args map[string]string

// has says whether an argument was given, be it empty.
func (a Args) has(name string) bool {
	_, ok := a[name]
	return ok
}

// isTrue reads a flag as Telegram does.
func (a Args) isTrue(name string) bool {
	v := lower(a[name])
	return v == "true" || v == "yes" || v == "1"
}

// number reads a number between two bounds, to which what is beyond them is moved.
func (a Args) number(name string, otherwise, least, most int) int {
	n, err := strconv.Atoi(a[name])
	if err != nil {
		n = otherwise
	}
	return min(max(n, least), most)
}

func (a Args) id(name string) int64 {
	n, _ := strconv.ParseInt(a[name], 10, 64)
	return n
}

// A File is one that came with a call.
type File struct {
	Name    string
	Content []byte
}

// A Call is one that the bot made, over HTTP or in its answer to a webhook.
type Call struct {
	N         int // of all calls, from 1
	Method    string
	At        time.Time
	Args      Args
	Files     map[string]File // of a multipart body, by the name of the field
	InWebhook bool            // it came as the answer to an update
	Error     string          // what the fake answered; "" when it did as it was told

	token     string
	malformed *apiError
}

// An apiError is what Telegram answers when it refuses a call.
type apiError struct {
	Code        int
	Description string
	RetryAfter  int
	MigrateTo   int64
	wrong       bool // a correct bot never meets it, whatever happens in its chats
}

func (e *apiError) Error() string { return e.Description }

// refuse is a 400 because of how things stand.
func refuse(format string, args ...any) *apiError {
	return &apiError{Code: http.StatusBadRequest, Description: "Bad Request: " + fmt.Sprintf(format, args...)}
}

// wrong is a 400 because of what the bot did.
func wrong(format string, args ...any) *apiError {
	text := fmt.Sprintf(format, args...)
	if len(text) > 1 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z' { // as Telegram puts it behind the prefix
		text = lower(text[:1]) + text[1:]
	}
	e := refuse("%s", text)
	e.wrong = true
	return e
}

func forbid(format string, args ...any) *apiError {
	return &apiError{Code: http.StatusForbidden, Description: "Forbidden: " + fmt.Sprintf(format, args...)}
}

// methods are those that the fake plays, but for getUpdates, which waits.
var methods = map[string]func(*Server, *Call) (any, *apiError){
	"getMe":                  (*Server).getMe,
	"setWebhook":             (*Server).setWebhook,
	"deleteWebhook":          (*Server).deleteWebhook,
	"getWebhookInfo":         (*Server).getWebhookInfo,
	"sendMessage":            (*Server).sendMessage,
	"sendPhoto":              (*Server).sendPhoto,
	"sendDocument":           (*Server).sendDocument,
	"editMessageText":        (*Server).editMessageText,
	"editMessageCaption":     (*Server).editMessageCaption,
	"editMessageReplyMarkup": (*Server).editMessageReplyMarkup,
	"deleteMessage":          (*Server).deleteMessage,
	"sendChatAction":         (*Server).sendChatAction,
	"answerCallbackQuery":    (*Server).answerCallbackQuery,
	"answerInlineQuery":      (*Server).answerInlineQuery,
	"setMyCommands":          (*Server).setMyCommands,
	"getMyCommands":          (*Server).getMyCommands,
	"deleteMyCommands":       (*Server).deleteMyCommands,
	"setMyDescription":       (*Server).setMyDescription,
	"getMyDescription":       (*Server).getMyDescription,
	"setMyShortDescription":  (*Server).setMyShortDescription,
	"getMyShortDescription":  (*Server).getMyShortDescription,
	"getChat":                (*Server).getChat,
	"getChatMember":          (*Server).getChatMember,
	"getChatAdministrators":  (*Server).getChatAdministrators,
	"leaveChat":              (*Server).leaveChat,
}

// methodName returns a method's name as it is written, whatever letters it was called with.
func methodName(called string) string {
	for name := range builtIn {
		if strings.EqualFold(name, called) {
			return name
		}
	}
	return called
}

// Calls lists the calls of a method in order, and of all methods for "".
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var calls []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			calls = append(calls, *c)
		}
	}
	return calls
}

// serve answers a call.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	rest, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, name, found := strings.Cut(rest, "/")
	if !ok || !found || name == "" || strings.Contains(name, "/") {
		writeAnswer(w, nil, &apiError{Code: http.StatusNotFound, Description: "Not Found"})
		return
	}
	call := s.record(r, token, methodName(name))
	fault := s.faultFor(*call)
	if fault == nil || fault.After {
		if late := s.limited(call); late != nil {
			fault = late
		}
	}
	if fault != nil && !fault.After {
		s.apply(w, r, call, fault)
		return
	}
	result, refused := s.perform(r, call)
	if fault != nil {
		s.apply(w, r, call, fault)
		return
	}
	writeAnswer(w, result, refused)
}

func writeAnswer(w http.ResponseWriter, result any, refused *apiError) {
	w.Header().Set("Content-Type", "application/json")
	if refused == nil {
		_ = json.NewEncoder(w).Encode(object{"ok": true, "result": result}) // who asked has gone otherwise
		return
	}
	answer := object{"ok": false, "error_code": refused.Code, "description": refused.Description}
	if refused.RetryAfter > 0 {
		answer["parameters"] = object{"retry_after": refused.RetryAfter}
		w.Header().Set("Retry-After", strconv.Itoa(refused.RetryAfter))
	}
	if refused.MigrateTo != 0 {
		answer["parameters"] = object{"migrate_to_chat_id": refused.MigrateTo}
	}
	w.WriteHeader(refused.Code)
	_ = json.NewEncoder(w).Encode(answer)
}

// record reads a request and notes it among the calls.
func (s *Server) record(r *http.Request, token, name string) *Call {
	call := &Call{Method: name, Args: Args{}, Files: map[string]File{}, token: token}
	call.malformed = call.parse(r)
	s.enter(call)
	return call
}

func (s *Server) enter(call *Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	call.At = s.Options.Now()
	s.calls = append(s.calls, call)
	call.N = len(s.calls)
	s.checkPatience(call)
}

// parse reads the arguments, of a form, a multipart form or JSON, and of the address's query.
func (c *Call) parse(r *http.Request) *apiError {
	for name, values := range r.URL.Query() {
		c.Args[name] = values[0]
	}
	media, parameters, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if media == "multipart/form-data" {
		return c.parseMultipart(r, parameters["boundary"])
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return refuse("request body can't be read")
	}
	switch media {
	case "application/json":
		return c.parseJSON(body)
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return wrong("can't parse the form")
		}
		for name, values := range form {
			c.Args[name] = values[0]
		}
	}
	return nil
}

func (c *Call) parseMultipart(r *http.Request, boundary string) *apiError {
	if boundary == "" {
		return wrong("boundary not found")
	}
	reader, err := r.MultipartReader()
	if err != nil {
		return wrong("can't parse the multipart body")
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) { // also where there is no part at all
			return nil
		}
		if err != nil {
			return wrong("can't parse the multipart body")
		}
		content, err := io.ReadAll(io.LimitReader(part, maxBody))
		if err != nil {
			return wrong("can't parse the multipart body")
		}
		if part.FileName() != "" {
			c.Files[part.FormName()] = File{Name: part.FileName(), Content: content}
		} else {
			c.Args[part.FormName()] = string(content)
		}
	}
}

func (c *Call) parseJSON(body []byte) *apiError {
	if strings.TrimSpace(string(body)) == "" {
		return nil
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		return wrong("can't parse JSON object")
	}
	for name, raw := range fields {
		var text string
		if json.Unmarshal(raw, &text) == nil && string(raw) != "null" {
			c.Args[name] = text
		} else {
			c.Args[name] = string(raw)
		}
	}
	return nil
}

// perform does what a call asks.
func (s *Server) perform(r *http.Request, call *Call) (any, *apiError) {
	s.mu.Lock()
	refused := s.admit(call)
	if refused == nil && call.Method == "getUpdates" {
		s.Proceed()
		s.mu.Unlock()
		result, refused := s.getUpdates(r.Context(), call)
		s.mu.Lock()
		defer s.mu.Unlock()
		defer s.Proceed()
		return result, call.refused(refused)
	}
	defer s.mu.Unlock()
	defer s.Proceed()
	var result any
	if refused == nil {
		result, refused = methods[call.Method](s, call)
	}
	if refused != nil && refused.wrong {
		s.Complain("%s: refused with %q", call.Method, refused.Description)
	}
	return result, call.refused(refused)
}

func (c *Call) refused(e *apiError) *apiError {
	if e != nil {
		c.Error = e.Description
	}
	return e
}

// admit checks all of a call that can be checked before it is done; s.mu is held.
func (s *Server) admit(call *Call) *apiError {
	if call.token != s.Options.Token && !call.InWebhook {
		return &apiError{Code: http.StatusUnauthorized, Description: "Unauthorized"}
	}
	if _, ok := methods[call.Method]; !ok && call.Method != "getUpdates" {
		s.Complain("%s: there is no such method, or this fake does not play it", call.Method)
		return &apiError{Code: http.StatusNotFound, Description: "Not Found: method not found"}
	}
	if call.malformed != nil {
		return call.malformed
	}
	return s.checkParameters(call)
}

func (s *Server) getMe(*Call) (any, *apiError) {
	me := s.userJSON(s.world.user(s.Options.BotID))
	me["can_join_groups"], me["can_read_all_group_messages"] = true, !s.Options.Privacy
	me["supports_inline_queries"], me["can_connect_to_business"], me["has_main_web_app"] = !s.Options.NoInline, false, false
	return me, nil
}
