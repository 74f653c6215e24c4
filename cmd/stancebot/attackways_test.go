package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/knowledge"
	"stancebot/knowledge/raced"
)

// An attempt is a way in that anybody has in their own workspace and chats.
type attempt struct {
	ways  []string // of the program, by the names that its source gives them
	blind bool     // it shows nothing of what a desk recorded, to nobody
	try   func(s *siege, n *newsroom)
}

// telling are commands that tell much of what a desk recorded, and wait for no second one.
var telling = []string{
	"stance bolivia", "why bolivia", "source D-1", "source D-3", "source BRA-14", "history", "history bol", "history told bol", "history approved D-10", "proposals",
	"approve D-8", "reject D-8 no", "withdraw D-8", "ask D-8 why?", "answer D-15 no", "measures bolivia", "search lithium fishery treaty", "safe D-3", "shifts bol",
	"timeline bol", "contradictions", "digest preview", "digest now", "digest list", "watch list", "votes bol", "who approved D-10?", "digest stop 1", "digest undo",
}

// sampled leaves most of a list out where races are looked for, which takes many times as long: all of it is tried elsewhere.
func sampled(texts []string) []string {
	if !raced.On || deep {
		return texts
	}
	var some []string
	for i := 0; i < len(texts); i += 8 {
		some = append(some, texts[i])
	}
	return some
}

// attempts are the ways in of the chat platforms. Those of pages are their routes.
var attempts = map[string]attempt{
	"commands of Slack": {ways: []string{"/slack/commands"}, try: func(s *siege, n *newsroom) {
		for _, language := range s.languagesTried() {
			for _, text := range sampled(commandsIn(s.T, language)) {
				s.slash(n, n.editor(n.next()), text)
			}
		}
	}},
	"mentions": {ways: []string{"/slack/events", "app_mention"}, try: func(s *siege, n *newsroom) {
		for _, text := range sampled(telling) {
			s.event(n, object{"type": "app_mention", "user": n.editor(n.next()), "text": "<@UBOT> " + text}, nil)
		}
	}},
	"direct messages of Slack": {ways: []string{"message"}, try: func(s *siege, n *newsroom) {
		for _, text := range sampled(telling) {
			user := n.editor(n.next())
			channel, err := s.slack.OpenIM(user)
			if err != nil {
				s.Fatal(err)
			}
			s.event(n, object{"type": "message", "channel_type": "im", "channel": channel, "user": user, "text": text}, nil)
		}
	}},
	"the home tab": {ways: []string{"app_home_opened"}, blind: true, try: func(s *siege, n *newsroom) {
		s.event(n, object{"type": "app_home_opened", "tab": "home", "user": n.editor(n.next())}, nil)
	}},
	"links to our pages": {ways: []string{"link_shared"}, try: func(s *siege, n *newsroom) {
		for _, at := range []string{"countries/bol", "receipts/D-1", "receipts/D-3", "receipts/BRA-14", "resolutions/ES-11/3"} {
			s.event(n, object{
				"type": "link_shared", "user": n.editor(n.next()), "message_ts": fmt.Sprintf("1700000001.%06d", s.nextSerial()),
				"links": []object{{"url": "https://stancebot.example.org/" + at, "domain": "stancebot.example.org"}},
			}, nil)
		}
	}},
	"buttons of Slack": {
		ways: []string{"/slack/interactions", "block_actions", "actionAsk", "actionPick", "actionPage", "actionForm", "actionShare", "actionShareAnyway", "actionFile"},
		try: func(s *siege, n *newsroom) {
			for _, text := range sampled(telling) {
				for _, id := range []string{"ask:en:0", "pick:en:0", "page:en:0", "share:en:0", "share_anyway:en:0", "file:en:0"} {
					s.press(n, n.editor(n.next()), id, text, nil)
				}
				s.press(n, n.editor(n.next()), "form:en:0", fmt.Sprintf(`{"c":%q,"a":[{"l":"Words"}]}`, text), nil)
				s.press(n, n.editor(n.next()), "ask:en:0", text, object{"container": object{"type": "view"}, "channel": object{}})
			}
		},
	},
	"message shortcuts": {ways: []string{"message_action"}, try: func(s *siege, n *newsroom) {
		for _, text := range []string{"Bolivia is an ally of Russia [D-1]", "D-3 and D-8", "Brazil took part in BRA-14 and M:BOL:brics:2026"} {
			s.interact(n, n.editor(n.next()), object{"type": "message_action", "callback_id": "check_this", "message": object{"text": text, "ts": "1700000000.000001"}})
		}
	}},
	"forms of Slack": {ways: []string{"viewSubmission"}, try: func(s *siege, n *newsroom) {
		for _, text := range sampled(telling) {
			s.submit(n, n.editor(n.next()), text, n.channel)
		}
	}},
	"messages of Telegram": {ways: []string{"/telegram/webhook", "update.message"}, try: func(s *siege, n *newsroom) {
		for _, text := range sampled(telling) {
			user := n.person(n.next())
			s.update(object{"message": s.tells(user, n.group, "@stancebot "+text, nil)})
			s.update(object{"message": s.tells(user, user, text, nil)})
			s.update(object{"channel_post": s.tells(user, n.group, "@stancebot "+text, nil)})
		}
	}},
	"deep links": {ways: []string{"update.message"}, try: func(s *siege, n *newsroom) {
		for _, text := range sampled(telling) {
			user := n.person(n.next())
			s.update(object{"message": s.tells(user, user, "/start "+strings.ReplaceAll(text, " ", "_"), object{"entities": []object{{"type": "bot_command", "offset": 0, "length": 6}}})})
		}
	}},
	"forms of Telegram": {ways: []string{"update.message"}, try: func(s *siege, n *newsroom) {
		for _, text := range sampled(telling) {
			s.update(object{"message": s.tells(n.person(n.next()), n.group, "because", object{"reply_to_message": s.asks(n.group, text)})})
		}
	}},
	"buttons of Telegram": {ways: []string{"update.pressed"}, try: func(s *siege, n *newsroom) {
		for _, text := range sampled(telling) {
			for _, data := range []string{text, "en:" + text, ".en:" + text, "?en:" + text} {
				s.pressIn(n.person(n.next()), n.group, data)
			}
			s.update(object{"callback_query": object{"id": fmt.Sprint(s.nextSerial()), "from": object{"id": n.person(n.next())}, "data": text, "inline_message_id": "AAQ1"}})
		}
	}},
	"inline queries": {ways: []string{"update.inline"}, try: func(s *siege, n *newsroom) {
		for _, text := range sampled(append([]string{"bol", "D-1"}, telling...)) {
			if _, err := s.telegram.Inline(s.Context(), n.person(n.next()), text, "", "supergroup"); err != nil {
				s.Fatal(err)
			}
		}
	}},
	"installations": {ways: []string{"/slack/install", "/slack/oauth/callback"}, blind: true, try: func(s *siege, n *newsroom) {
		for _, at := range []string{
			"/slack/install", "/slack/install?team=" + s.victim.team, "/slack/oauth/callback", "/slack/oauth/callback?code=1&state=2",
			"/slack/oauth/callback?error=access_denied&state=2", "/slack/oauth/callback?code=1&state=&team=" + s.victim.team,
		} {
			req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.listen+at, nil)
			if err != nil {
				s.Fatal(err)
			}
			req.AddCookie(&http.Cookie{Name: "stancebot_install", Value: "2"})
			s.fetches(req)
		}
		for _, organisation := range []string{"", "EATT"} { // which tells of workspaces that are not its own
			if n == s.attacker {
				s.event(n, object{"type": "team_access_revoked", "team_ids": []string{s.victim.team}}, object{
					"enterprise_id": organisation, "event_time": time.Now().Unix(), "authorizations": []object{{"enterprise_id": organisation, "is_enterprise_install": true}},
				})
			}
		}
	}},
	"comings and goings": {ways: []string{"update.member"}, blind: true, try: func(s *siege, n *newsroom) {
		for _, status := range []telegramtest.Status{telegramtest.Kicked, telegramtest.Member} {
			if _, err := s.telegram.MyChatMember(s.Context(), n.person(1), n.group, status); err != nil {
				s.Fatal(err)
			}
		}
	}},
}

// press presses a button of a message.
func (s *siege) press(n *newsroom, user, id, value string, more object) {
	s.Helper()
	fields := object{
		"type": "block_actions", "container": object{"type": "message", "message_ts": "1700000000.000001", "is_ephemeral": true},
		"actions": []object{{"action_id": id, "value": value, "type": "button"}},
	}
	maps.Copy(fields, more)
	s.interact(n, user, fields)
}

// submit sends a form that was opened somewhere.
func (s *siege) submit(n *newsroom, user, command, channel string) {
	s.Helper()
	from := encode(s.T, object{"command": command, "language": "en", "channel": channel, "private": true})
	s.interact(n, user, object{"type": "view_submission", "view": object{
		"id": fmt.Sprint("V", s.nextSerial()), "callback_id": "form", "private_metadata": string(from),
		"state": object{"values": object{"field:0": object{"field:0": object{"type": "plain_text_input", "value": "because"}}}},
	}})
}

// asks is a message of ours that asks for the words of a command.
func (s *siege) asks(chat int64, command string) object {
	return object{
		"message_id": 7, "chat": object{"id": chat, "type": "supergroup"}, "from": object{"id": s.telegram.Options.BotID, "is_bot": true}, "text": command,
		"entities": []object{{"type": "code", "offset": 0, "length": len(command)}},
	}
}

// pressIn presses a button of Telegram.
func (s *siege) pressIn(user, chat int64, data string) {
	s.Helper()
	s.update(object{"callback_query": object{
		"id": fmt.Sprint("press", s.nextSerial()), "from": object{"id": user, "first_name": "Eve"}, "data": data,
		"message": object{"message_id": 7, "chat": object{"id": chat, "type": "supergroup"}, "from": object{"id": s.telegram.Options.BotID, "is_bot": true}, "text": "…"},
	}})
}

// A loot is what the victim was sent that whoever finds it may send back.
type loot struct{ actions, callbacks, codes, messages []string }

var (
	actionSent   = regexp.MustCompile(`"action_id":"([^"]+)"(?:,"[a-z_]+":(?:"[^"]*"|true|false))*,"value":"((?:[^"\\]|\\.)*)"`)
	callbackSent = regexp.MustCompile(`"callback_data":"((?:[^"\\]|\\.)*)"`)
	rests        = regexp.MustCompile(`\bD-1\b`) // what the pictures of the victim do
	codeSent     = regexp.MustCompile(`\b[0-9A-Z]{5}(?:-[0-9A-Z]{5}){1,5}\b`)
)

// lootOf gathers it.
func (s *siege) lootOf(said []string) loot {
	var l loot
	for _, line := range said {
		for _, found := range actionSent.FindAllStringSubmatch(line, -1) {
			l.actions = append(l.actions, found[1]+"\x00"+found[2])
		}
		for _, found := range callbackSent.FindAllStringSubmatch(line, -1) {
			l.callbacks = append(l.callbacks, found[1])
		}
		l.codes = append(l.codes, codeSent.FindAllString(line, -1)...)
	}
	for _, m := range s.slack.Messages(s.victim.channel) {
		l.messages = append(l.messages, m.TS)
	}
	for _, list := range []*[]string{&l.actions, &l.callbacks, &l.codes, &l.messages} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return l
}

// replays sends back from elsewhere what the victim was sent.
func (s *siege) replays(l loot) {
	s.Helper()
	a, v := s.attacker, s.victim
	for i, sent := range l.actions {
		id, value, _ := strings.Cut(sent, "\x00")
		value = strings.ReplaceAll(value, `\"`, `"`)
		ts := "1700000000.000001"
		if len(l.messages) > 0 {
			ts = l.messages[i%len(l.messages)]
		}
		s.press(a, a.editor(a.next()), id, value, object{"container": object{"type": "message", "message_ts": ts, "is_ephemeral": i%2 == 0}})
		s.press(a, a.editor(a.next()), id, value, object{"channel": object{"id": v.channel}, "container": object{"type": "message", "message_ts": ts, "thread_ts": ts}})
	}
	for _, data := range l.callbacks {
		s.pressIn(a.person(a.next()), a.group, data)
	}
	for _, code := range l.codes {
		if said := s.slash(a, a.editor(a.next()), "verify "+code); rests.MatchString(said) {
			s.Errorf("another newsroom is told that a picture of this one's entries holds: %s", said)
		}
		s.update(object{"message": s.tells(a.person(a.next()), a.group, "@stancebot verify "+code, nil)})
	}
	for _, ts := range l.messages {
		s.event(a, object{"type": "app_mention", "user": a.editor(a.next()), "text": "<@UBOT> why?", "thread_ts": ts}, nil)
	}
	for _, text := range sampled(telling) {
		s.submit(a, a.editor(a.next()), text, v.channel)
	}
}

// poses has somebody pose as another one: with their ids, beside ids of one's own, and in channels that both newsrooms share.
func (s *siege) poses() {
	s.Helper()
	a, v := s.attacker, s.victim
	for _, text := range sampled(telling) {
		s.slash(a, v.editor(v.next()), text)                          // somebody of the same id in another workspace
		s.slash(a, v.editor(v.next()), text, "channel_id", v.channel) // and a channel of the same
		s.slash(a, a.editor(a.next()), text, "channel_id", v.channel) // the channel alone
		s.event(a, object{"type": "app_mention", "user": v.editor(v.next()), "channel": v.channel, "text": "<@UBOT> " + text}, nil)
		stranger := a.editor(a.next())
		for _, shared := range []object{ // a channel of the victim's that the attacker's people are in
			{"user_team": a.team, "team": a.team}, {"source_team": a.team}, {"user_team": a.team, "team": v.team},
		} {
			inner := object{"type": "app_mention", "user": stranger, "text": "<@UBOT> " + text}
			maps.Copy(inner, shared)
			s.event(v, inner, object{"is_ext_shared_channel": true})
		}
		s.event(v, object{"type": "app_mention", "user": a.editor(a.next()), "text": "<@UBOT> " + text}, object{"authorizations": []object{{"team_id": a.team, "user_id": "UBOT"}}})
		s.event(a, object{"type": "app_mention", "user": a.editor(a.next()), "text": "<@UBOT> " + text}, object{"authorizations": []object{{"team_id": v.team, "user_id": "UBOT"}}})
		for _, id := range []string{"ask:en:0", "page:en:0", "share_anyway:en:0"} {
			s.press(v, stranger, id, text, object{"user": object{"id": stranger, "team_id": a.team}})
			same := v.editor(v.next())
			s.press(v, same, id, text, object{"user": object{"id": same, "team_id": a.team}})
		}
		s.slash(a, a.editor(a.next()), text, "team_id", "")
		s.event(a, object{"type": "app_mention", "user": a.editor(a.next()), "text": "<@UBOT> " + text, "team": ""}, object{"team_id": nil, "authorizations": nil})
		user := a.person(a.next())
		s.update(object{"message": s.tells(user, a.group, "@stancebot "+text, object{"reply_to_message": s.asks(v.group, text)})})
		s.update(object{"message": s.tells(user, a.group, "@stancebot "+text, object{
			"sender_chat": object{"id": v.group}, "forward_origin": object{"type": "chat", "sender_chat": object{"id": v.group}}, "message_thread_id": 5, "is_topic_message": true,
		})})
	}
}

// recalls asks on, as though what was asked before stood in its own conversation.
func (s *siege) recalls(n *newsroom) {
	s.Helper()
	user := s.victim.editor(5)
	s.slash(n, user, "why?", "channel_id", s.victim.channel)
	s.slash(n, user, "and toward russia?", "channel_id", s.victim.channel)
	s.event(n, object{"type": "app_mention", "user": s.victim.editor(1), "channel": s.victim.channel, "text": "<@UBOT> why?", "thread_ts": thread}, nil)
	s.press(n, user, "ask:en:0", "why", object{"channel": object{"id": s.victim.channel}})
}

// strangers ask everything from a workspace, and from a chat with one alone, that nobody gave to a desk.
func (s *siege) strangers() {
	s.Helper()
	none := newNewsroom(knowledge.DefaultDesk, "NON", 3)
	none.channel, none.group = s.attacker.channel, none.person(0)
	s.telegram.AddUser(telegramtest.User{ID: none.group, FirstName: "Eve"})
	for _, text := range sampled(commandsIn(s.T, "en")) {
		s.slash(none, none.editor(none.next()), text)
	}
	for _, text := range sampled(telling) {
		if _, err := s.telegram.Say(s.Context(), none.group, telegramtest.In{}, text); err != nil {
			s.Fatal(err)
		}
	}
}

// intrudes asks for the pages that tell who recorded what, without the token of those who may.
func (s *siege) intrudes() {
	s.Helper()
	for _, r := range siteRoutes(s.T) {
		for _, at := range []string{r.path, "/./" + r.path, r.path + "/", strings.ToUpper(r.path)} {
			if !strings.Contains(strings.ToLower(r.path), "ledger") && !strings.Contains(strings.ToLower(r.path), "history") {
				continue
			}
			for _, bearer := range []string{"", "guess", "0123456789abcdeF"} {
				req, err := http.NewRequestWithContext(s.Context(), r.method, s.listen+at, nil)
				if err != nil {
					s.Fatal(err)
				}
				req.Header.Set("Authorization", "Bearer "+bearer)
				req.AddCookie(&http.Cookie{Name: "stancebot_session", Value: "99999999999." + bearer})
				if code, _ := s.fetches(req); code == http.StatusOK {
					s.Errorf("%s is shown to everybody", at)
				}
			}
		}
	}
}

// forges sends what no platform signed.
func (s *siege) forges() {
	s.Helper()
	a, v := s.attacker, s.victim
	refused := func(r slacktest.Receipt, err error) {
		s.Helper()
		if err != nil || r.Status != http.StatusUnauthorized {
			s.Errorf("what Slack did not sign is answered with %d %v", r.Status, err)
		}
		s.hears(string(r.Body))
	}
	form := url.Values{"team_id": {v.team}, "user_id": {v.editor(1)}, "channel_id": {v.channel}, "response_url": {s.sink.URL}}
	for _, text := range sampled(telling) {
		form.Set("text", text)
		body := []byte(form.Encode())
		for _, raw := range []slacktest.Raw{
			{Secret: "hunter2"},
			{Age: 1 << 40},
			{Header: http.Header{"X-Slack-Signature": nil}},
			{Header: http.Header{"X-Slack-Signature": {"v0=00"}}},
			{Header: http.Header{"X-Slack-Request-Timestamp": {"1"}}},
		} {
			for _, path := range []string{"/slack/commands", "/slack/events", "/slack/interactions"} {
				raw.Path, raw.Body = path, body
				refused(s.slack.Raw(s.Context(), raw))
			}
		}
		u := encode(s.T, object{"update_id": 1 << 30, "message": s.tells(v.person(1), v.group, "@stancebot "+text, object{"migrate_from_chat_id": v.group})})
		for _, secret := range []string{"", "guess", a.team} {
			req, err := http.NewRequestWithContext(s.Context(), http.MethodPost, s.listen+"/telegram/webhook", strings.NewReader(string(u)))
			if err != nil {
				s.Fatal(err)
			}
			req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
			if code, body := s.fetches(req); code != http.StatusUnauthorized {
				s.Errorf("what Telegram did not send is answered with %d %s", code, body)
			}
		}
	}
}

// direct follows no redirects.
var direct = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// fetches makes a request, and hears what it is answered.
func (s *siege) fetches(req *http.Request) (int, string) {
	s.Helper()
	resp, err := direct.Do(req)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	s.hears(fmt.Sprintf("%s %s: %d %s %s", req.Method, req.URL, resp.StatusCode, resp.Header, body))
	return resp.StatusCode, string(body)
}

// browses asks for every page and answer of the API, as whoever finds the address.
func (s *siege) browses(token string) {
	s.Helper()
	for _, r := range siteRoutes(s.T) {
		for _, at := range fill(s.T, r.path) {
			for _, query := range []string{"", "?desk=" + string(s.victim.desk), "?lang=es", "?q=history", "?q=" + url.QueryEscape("source D-3"), "?country=BOL"} {
				req, err := http.NewRequestWithContext(s.Context(), r.method, s.listen+at+query, nil)
				if err != nil {
					s.Fatal(err)
				}
				if r.method == http.MethodPost {
					text := url.QueryEscape(telling[s.nextSerial()%len(telling)])
					req.Body = io.NopCloser(strings.NewReader("q=" + text + "&question=" + text + "&to=/ledger"))
					req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				}
				if token != "" {
					req.Header.Set("Authorization", "Bearer "+token)
				}
				s.fetches(req)
			}
		}
	}
}

// parameters are what the parameters of routes are filled with.
var parameters = map[string][]string{
	"country": {"BOL"}, "symbol": {"ES-11/3"}, "id": {"D-1", "D-3", "D-8", "BRA-14", "M:BOL:brics:2026"}, "receipt": {"D-1", "D-3", "D-8", "BRA-14"},
	"kind": {"map.svg", "card.png", "timeline.svg"}, "look": {"russia.ally.desk.svg"}, "group": {"andean"}, "code": {"AAAAA-11111"}, "$": {""},
}

var parameter = regexp.MustCompile(`\{([a-z$]+)(?:\.\.\.)?\}`)

// fill fills a route's parameters. One that is not known fails: nobody would try it.
func fill(t *testing.T, route string) []string {
	t.Helper()
	at := parameter.FindStringSubmatchIndex(route)
	if at == nil {
		return []string{route}
	}
	values, known := parameters[route[at[2]:at[3]]]
	if !known {
		t.Errorf("nobody tries %s: fill its parameter", route)
	}
	var filled []string
	for _, v := range values {
		filled = append(filled, fill(t, route[:at[0]]+v+route[at[1]:])...)
	}
	return filled
}
