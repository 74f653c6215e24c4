package slacktest

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// maxBody is what the fake reads of a request.
const maxBody = 8 << 20

type object = map[string]any

// Args are a call's arguments as a form carries them: what is no string in a JSON body stands as JSON.
type Args map[string]string

// has says whether an argument was given, be it empty.
func (a Args) has(name string) bool {
	_, ok := a[name]
	return ok
}

func (a Args) isTrue(name string) bool { return a[name] == "true" || a[name] == "1" }

// flag returns nil for what was not given.
func (a Args) flag(name string) *bool {
	if !a.has(name) {
		return nil
	}
	v := a.isTrue(name)
	return &v
}

// A Call is one that the app made: of a Web API method, of a response URL ("response_url") or to upload a file ("upload").
type Call struct {
	N      int // of all calls, from 1
	Method string
	At     time.Time
	Args   Args
	Error  string // what the fake answered; "" when it did as it was told

	header, form string // the tokens, where they were given
	path         string // the last element of the address
	body         []byte
	malformed    *apiError
}

// An apiError is what Slack answers when it refuses a call.
type apiError struct {
	Code     string
	Needed   string   // of missing_scope
	Provided string   // likewise
	Messages []string // of invalid blocks and arguments
}

func (e *apiError) Error() string { return e.Code }

func refuse(code string, messages ...string) *apiError {
	return &apiError{Code: code, Messages: messages}
}

// A method is one of the Web API.
type method struct {
	scopes   []string // any of them is enough; none is needed when there are none
	appLevel bool     // called with the app-level token
	serve    func(*Server, Call) (object, error)
}

var methods = map[string]method{
	"apps.connections.open":        {appLevel: true, serve: (*Server).connectionsOpen},
	"auth.test":                    {serve: (*Server).authTest},
	"bots.info":                    {scopes: []string{"users:read"}, serve: (*Server).botsInfo},
	"chat.delete":                  {scopes: []string{"chat:write"}, serve: (*Server).chatDelete},
	"chat.getPermalink":            {serve: (*Server).chatGetPermalink},
	"chat.postEphemeral":           {scopes: []string{"chat:write"}, serve: (*Server).chatPostEphemeral},
	"chat.postMessage":             {scopes: []string{"chat:write"}, serve: (*Server).chatPostMessage},
	"chat.unfurl":                  {scopes: []string{"links:write"}, serve: (*Server).chatUnfurl},
	"chat.update":                  {scopes: []string{"chat:write"}, serve: (*Server).chatUpdate},
	"conversations.history":        {serve: (*Server).conversationsHistory},
	"conversations.info":           {serve: (*Server).conversationsInfo},
	"conversations.open":           {scopes: []string{"im:write"}, serve: (*Server).conversationsOpen},
	"conversations.replies":        {serve: (*Server).conversationsReplies},
	"files.completeUploadExternal": {scopes: []string{"files:write"}, serve: (*Server).filesComplete},
	"files.getUploadURLExternal":   {scopes: []string{"files:write"}, serve: (*Server).filesGetUploadURL},
	"files.info":                   {scopes: []string{"files:read"}, serve: (*Server).filesInfo},
	"users.info":                   {scopes: []string{"users:read"}, serve: (*Server).usersInfo},
	"views.open":                   {serve: (*Server).viewsOpen},
	"views.publish":                {serve: (*Server).viewsPublish},
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

// serveAPI answers a call of the Web API.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	call := s.record(r, r.PathValue("method"))
	w.Header().Set("X-Oauth-Scopes", strings.Join(s.Options.Scopes, ","))
	s.perform(w, r, call, func() (object, error) { return s.execute(*call) }, writeAPI)
}

// writeAPI answers as the Web API does, where nearly every refusal has the status 200.
func writeAPI(w http.ResponseWriter, result object, refused *apiError) {
	if refused != nil {
		result = object{"ok": false, "error": refused.Code}
		if refused.Needed != "" {
			result["needed"], result["provided"] = refused.Needed, refused.Provided
		}
		if len(refused.Messages) > 0 {
			result["errors"] = refused.Messages
			result["response_metadata"] = object{"messages": prefixed("[ERROR] ", refused.Messages)}
		}
	} else {
		result["ok"] = true
	}
	writeJSON(w, http.StatusOK, result)
}

func writeJSON(w http.ResponseWriter, status int, body object) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // who asked has gone otherwise
}

func prefixed(prefix string, lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = prefix + l
	}
	return out
}

// record reads a request and notes it among the calls.
func (s *Server) record(r *http.Request, name string) *Call {
	call := &Call{Method: name, Args: Args{}, path: r.PathValue("id") + r.PathValue("file")}
	call.header, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil {
		call.body = body
		call.malformed = call.parse(r)
	} else {
		call.malformed = refuse("request_timeout")
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	call.At = s.Options.Now()
	s.calls = append(s.calls, call)
	call.N = len(s.calls)
	s.checkPatience(call)
	return call
}

// parse reads the arguments, of a form or JSON, and of a GET's query.
func (c *Call) parse(r *http.Request) *apiError {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch media {
	case "application/json":
		return c.parseJSON()
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(c.body))
		if err != nil {
			return refuse("invalid_form_data")
		}
		c.parseForm(form)
	}
	c.parseForm(r.URL.Query())
	return nil
}

func (c *Call) parseForm(form url.Values) {
	for name, values := range form {
		if name == "token" {
			c.form = values[0]
			continue
		}
		c.Args[name] = values[0] // of several Slack takes the first
	}
}

func (c *Call) parseJSON() *apiError {
	if strings.TrimSpace(string(c.body)) == "" {
		return nil
	}
	args, err := argsOf(c.body)
	if err != nil {
		return err
	}
	delete(args, "token") // with JSON the token belongs in the header
	c.Args = args
	return nil
}

// argsOf flattens a JSON object to arguments.
func argsOf(body []byte) (Args, *apiError) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		if json.Valid(body) {
			return nil, refuse("json_not_object")
		}
		return nil, refuse("invalid_json")
	}
	args := Args{}
	for name, raw := range fields {
		var text string
		switch {
		case string(raw) == "null":
		case json.Unmarshal(raw, &text) == nil:
			args[name] = text
		default:
			args[name] = string(raw)
		}
	}
	return args, nil
}

// perform does what a call asks, unless a fault prevents it, and answers.
func (s *Server) perform(
	w http.ResponseWriter, r *http.Request, call *Call, do func() (object, error), write func(http.ResponseWriter, object, *apiError),
) {
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
	s.mu.Lock()
	result, err := do()
	var refused *apiError
	if err != nil && !errors.As(err, &refused) {
		refused = refuse("internal_error", err.Error())
	}
	if refused != nil {
		call.Error = refused.Code
		s.complainOfRefusal(call, refused)
	}
	s.Proceed()
	s.mu.Unlock()
	if fault != nil {
		s.apply(w, r, call, fault)
		return
	}
	write(w, result, refused)
}

// complainOfRefusal notes refusals that a correct app never meets, whatever happens in the workspace; s.mu is held.
func (s *Server) complainOfRefusal(call *Call, refused *apiError) {
	never := []string{
		"unknown_method", "invalid_json", "json_not_object", "invalid_form_data", "no_text", "msg_too_long", "invalid_blocks",
		"invalid_blocks_format", "invalid_attachments", "invalid_metadata_format", "invalid_arguments", "cannot_parse_attachment",
		"invalid_unfurls_format", "missing_unfurls", "cant_update_message", "cant_delete_message", "used_url", "expired_url",
	}
	if slices.Contains(never, refused.Code) {
		s.Complain("%s: refused with %s %s", call.Method, refused.Code, strings.Join(refused.Messages, "; "))
	}
}

// execute does what a call of the Web API asks; s.mu is held.
func (s *Server) execute(call Call) (object, error) {
	m, ok := methods[call.Method]
	if !ok {
		return nil, refuse("unknown_method")
	}
	if err := s.authorise(call, m); err != nil {
		return nil, err
	}
	if call.malformed != nil {
		return nil, call.malformed
	}
	return m.serve(s, call)
}

// authorise checks the token and its scopes.
func (s *Server) authorise(call Call, m method) error {
	token := call.header
	if token == "" && !m.appLevel { // an app-level token is taken from the header alone
		token = call.form
	}
	right, other := s.Options.BotToken, s.Options.AppToken
	if m.appLevel {
		right, other = other, right
	}
	switch token {
	case "":
		return refuse("not_authed")
	case right:
	case other:
		return refuse("not_allowed_token_type")
	default:
		return refuse("invalid_auth")
	}
	if len(m.scopes) > 0 {
		return s.needScope(m.scopes...)
	}
	return nil
}

// needScope refuses a call unless the token has one of the scopes.
func (s *Server) needScope(anyOf ...string) error {
	if s.hasScope(anyOf...) {
		return nil
	}
	return &apiError{Code: "missing_scope", Needed: strings.Join(anyOf, ","), Provided: strings.Join(s.Options.Scopes, ",")}
}

func (s *Server) hasScope(anyOf ...string) bool {
	return slices.ContainsFunc(anyOf, func(scope string) bool { return slices.Contains(s.Options.Scopes, scope) })
}

func (s *Server) authTest(Call) (object, error) {
	o := s.Options
	return object{
		"url": "https://" + s.domain() + ".slack.com/", "team": o.TeamName, "user": o.BotName, "team_id": o.TeamID,
		"user_id": o.BotUserID, "bot_id": o.BotID, "is_enterprise_install": false,
	}, nil
}

func (s *Server) botsInfo(call Call) (object, error) {
	if bot := call.Args["bot"]; bot != s.Options.BotID {
		return nil, refuse("bot_not_found")
	}
	return object{"bot": object{
		"id": s.Options.BotID, "app_id": s.Options.AppID, "user_id": s.Options.BotUserID, "name": s.Options.BotName, "deleted": false,
	}}, nil
}
