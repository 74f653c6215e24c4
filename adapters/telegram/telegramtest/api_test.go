package telegramtest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"stancebot/adapters/telegram/telegramtest"
)

func TestSendAndEdit(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	if !api.Self.IsBot || api.Self.UserName != "stancebot" || api.Self.ID != 123 {
		t.Errorf("the bot is %+v", api.Self)
	}
	said := must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{Chat: desk}, "peru?"))
	p := tgbotapi.Params{
		"chat_id": "@Desk", "text": "<b>Peru</b> · leans &lt;against&gt; <a href=\"https://example.org/x\">source</a>\n", "parse_mode": "HTML",
		"link_preview_options": `{"is_disabled":true}`, "reply_parameters": fmt.Sprintf(`{"message_id":%d}`, said.Message.ID),
		"reply_markup": `{"inline_keyboard":[[{"text":"Why","callback_data":"w1"},{"text":"Open","url":"https://t.me/x"}],[{"text":"Share","switch_inline_query":"peru"}]]}`,
	}
	var m tgbotapi.Message
	if err := json.Unmarshal(call(t, api, "sendMessage", p), &m); err != nil {
		t.Fatal(err)
	}
	if m.Text != "Peru · leans <against> source" || len(m.Entities) != 2 || m.ReplyToMessage == nil || m.ReplyToMessage.Text != "peru?" {
		t.Errorf("the answer is %+v", m)
	}
	sent := s.Sent(desk)
	if len(sent) != 1 || sent[0].ReplyTo != said.Message.ID || sent[0].Entities[1].Of(sent[0].Text) != "source" || sent[0].Entities[1].URL != "https://example.org/x" {
		t.Fatalf("the chat has %+v", sent)
	}
	if b := sent[0].Buttons(); len(b) != 3 || b[0].Data != "w1" || b[1].URL == "" || b[2].Row != 1 || *b[2].Query != "peru" {
		t.Errorf("the buttons are %+v", b)
	}
	edit := tgbotapi.Params{"chat_id": fmt.Sprint(desk), "message_id": fmt.Sprint(m.MessageID), "text": "Peru", "parse_mode": "HTML"}
	call(t, api, "editMessageText", edit)
	refused(t, api, "editMessageText", edit, 400, "Bad Request: message is not modified: specified new")
	if sent = s.Sent(desk); sent[0].Text != "Peru" || len(sent[0].Edits) != 1 || len(sent[0].Buttons()) != 0 {
		t.Errorf("after the edit it is %+v", sent[0])
	}
	call(t, api, "deleteMessage", tgbotapi.Params{"chat_id": fmt.Sprint(desk), "message_id": fmt.Sprint(m.MessageID)})
	refused(t, api, "editMessageText", edit, 400, "Bad Request: message to edit not found")
	if !s.Sent(desk)[0].Deleted {
		t.Error("it still stands")
	}
	call(t, api, "sendChatAction", tgbotapi.Params{"chat_id": fmt.Sprint(desk), "action": "typing"})
	if a := s.Actions(desk); len(a) != 1 || a[0].Action != "typing" {
		t.Errorf("the actions are %+v", a)
	}
	noComplaints(t, s)
}

func TestPhoto(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	content := picture(t, 640, 480)
	p := tgbotapi.Params{"chat_id": fmt.Sprint(group), "caption": "<i>Chart</i>", "parse_mode": "HTML"}
	upload := func(p tgbotapi.Params, data []byte) (*tgbotapi.APIResponse, error) {
		return api.UploadFiles("sendPhoto", p, []tgbotapi.RequestFile{{Name: "photo", Data: tgbotapi.FileBytes{Name: "a.png", Bytes: data}}})
	}
	resp := must[*tgbotapi.APIResponse](t)(upload(p, content))
	var m tgbotapi.Message
	if err := json.Unmarshal(resp.Result, &m); err != nil || len(m.Photo) != 2 || m.Caption != "Chart" || m.CaptionEntities[0].Type != "italic" {
		t.Fatalf("the answer is %s, %v", resp.Result, err)
	}
	sent := s.Sent(group)[0]
	if !bytes.Equal(sent.Photo.Content, content) || sent.Photo.Width != 640 || sent.Text != "Chart" {
		t.Errorf("the photo is %+v", sent.Photo)
	}
	call(t, api, "sendPhoto", tgbotapi.Params{"chat_id": fmt.Sprint(group), "photo": m.Photo[1].FileID})
	id := fmt.Sprint(m.MessageID)
	call(t, api, "editMessageCaption", tgbotapi.Params{"chat_id": fmt.Sprint(group), "message_id": id, "caption": "Other"})
	noComplaints(t, s)
	refused(t, api, "editMessageText", tgbotapi.Params{"chat_id": fmt.Sprint(group), "message_id": id, "text": "x"}, 400, "Bad Request: there is no text")
	refused(t, api, "sendPhoto", tgbotapi.Params{"chat_id": fmt.Sprint(group), "photo": "nosuch"}, 400, "Bad Request: wrong file identifier")
	refused(t, api, "sendPhoto", tgbotapi.Params{"chat_id": fmt.Sprint(group)}, 400, "Bad Request: there is no photo in the request")
	for want, data := range map[string][]byte{"IMAGE_PROCESS_FAILED": []byte("no picture"), "PHOTO_INVALID_DIMENSIONS": picture(t, 2100, 100)} {
		if _, err := upload(p, data); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the upload gives %v, want %s", err, want)
		}
	}
	p["caption"] = strings.Repeat("x", 1025)
	if _, err := upload(p, content); err == nil || !strings.Contains(err.Error(), "message caption is too long") {
		t.Errorf("a long caption gives %v", err)
	}
}

func TestJSONBody(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	body := fmt.Sprintf(`{"chat_id":%d,"text":"hello","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`, group)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, fmt.Sprintf(s.Endpoint(), "123:TEST", "SENDmessage"), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if sent := s.Sent(group); resp.StatusCode != http.StatusOK || len(sent) != 1 || sent[0].Text != "hello" || sent[0].Buttons()[0].Data != "b" {
		t.Errorf("status %d, sent %+v", resp.StatusCode, sent)
	}
	noComplaints(t, s)
}

// Some clients send a multipart body without a part where there are no arguments.
func TestEmptyMultipart(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	address := fmt.Sprintf(s.Endpoint(), "123:TEST", "getMe")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("--x--\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("the status is %d", resp.StatusCode)
	}
}

// What a correct bot never meets is refused, and noted.
func TestMistakes(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	chat := fmt.Sprint(group)
	button := func(b string) string { return `{"inline_keyboard":[[` + b + `]]}` }
	for _, c := range []struct {
		method string
		p      tgbotapi.Params
		want   string
	}{
		{"sendMessage", tgbotapi.Params{"text": "x"}, "chat_id is empty"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat}, "message text is empty"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": " \n"}, "message text is empty"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "x", "txet": "y"}, "unsupported parameter"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "a < b", "parse_mode": "HTML"}, `can't parse entities: Unsupported start tag "" at byte offset 2`},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": strings.Repeat("👍", 2049)}, "message is too long"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": strings.Repeat("x", 1<<15+1)}, "text is too long"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "x", "parse_mode": "wiki"}, "unsupported parse_mode"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "x", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "x", "reply_markup": button(`{"text":"a"}`)}, "can't parse inline keyboard button: Text buttons are unallowed"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "x", "reply_markup": button(`{"text":"a","callback_data":"` + strings.Repeat("é", 33) + `"}`)}, "BUTTON_DATA_INVALID"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "x", "reply_markup": button(`{"text":"a","url":"javascript:x"}`)}, "inline keyboard button URL"},
		{"sendMessage", tgbotapi.Params{"chat_id": chat, "text": "x", "reply_parameters": `{"chat_id":1}`}, `can't find field "message_id"`},
		{"deleteMessage", tgbotapi.Params{"chat_id": chat}, `parameter "message_id" is required`},
		{"sendChatAction", tgbotapi.Params{"chat_id": chat, "action": "dancing"}, "wrong parameter action in request"},
		{"setMyCommands", tgbotapi.Params{"commands": `[{"command":"Stance","description":"x"}]`}, "BOT_COMMAND_INVALID"},
		{"setMyCommands", tgbotapi.Params{"commands": `[{"command":"stance","description":""}]`}, "BOT_COMMAND_DESCRIPTION_INVALID"},
		{"setMyCommands", tgbotapi.Params{"commands": `[]`, "language_code": "eng"}, "LANG_CODE_INVALID"},
		{"setWebhook", tgbotapi.Params{"url": "http://bot.example.org/"}, "bad webhook: An HTTPS URL must be provided"},
		{"setWebhook", tgbotapi.Params{"url": "https://bot.example.org:8080/"}, "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"},
		{"setWebhook", tgbotapi.Params{"url": "https://bot.example.org/", "secret_token": "a b"}, "secret token contains unallowed characters"},
	} {
		before := len(s.Complaints())
		refused(t, api, c.method, c.p, 400, "Bad Request: "+c.want)
		if len(s.Complaints()) == before {
			t.Errorf("%s %v is no complaint", c.method, c.p)
		}
	}
	if len(s.Sent(group)) != 0 {
		t.Errorf("sent all the same: %+v", s.Sent(group))
	}
	refused(t, api, "sendDice", nil, 404, "Not Found: method not found")
	other := *api
	other.Token = "123:WRONG"
	refused(t, &other, "getMe", nil, 401, "Unauthorized")
}

// What Telegram shrugs at is noted.
func TestBadManners(t *testing.T) {
	t.Parallel()
	many := strings.Repeat("<b>x</b> ", 101)
	for _, c := range []struct {
		p    tgbotapi.Params
		want string
	}{
		{tgbotapi.Params{"text": "see un.org"}, "links without link_preview_options"},
		{tgbotapi.Params{"text": `<a href="https://e.org">x</a>`, "parse_mode": "HTML"}, "links without link_preview_options"},
		{tgbotapi.Params{"text": `<a href="ftp://e.org/">x</a>`, "parse_mode": "HTML"}, "drops the link"},
		{tgbotapi.Params{"text": "*x*", "parse_mode": "MarkdownV2"}, "the parse mode MarkdownV2"},
		{tgbotapi.Params{"text": "x", "parse_mode": "html"}, "instead of HTML"},
		{tgbotapi.Params{"text": "x", "entities": "null"}, "entities that are null"},
		{tgbotapi.Params{"text": "x", "disable_web_page_preview": "true"}, "disable_web_page_preview is deprecated"},
		{tgbotapi.Params{"text": "x", "reply_to_message_id": "1", "allow_sending_without_reply": "true"}, ""},
		{tgbotapi.Params{"text": many, "parse_mode": "HTML"}, "101 entities"},
		{tgbotapi.Params{"text": "x", "message_thread_id": "7"}, "where there are no topics"},
	} {
		s := newTelegram(t, telegramtest.Options{})
		c.p["chat_id"] = fmt.Sprint(desk)
		call(t, newBot(t, s), "sendMessage", c.p)
		if c.want == "" {
			complains(t, s, "allow_sending_without_reply is deprecated", "reply_to_message_id is deprecated")
			continue
		}
		complains(t, s, c.want)
	}
}

func TestLimitsCountWhatPeopleSee(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	call(t, api, "sendMessage", tgbotapi.Params{"chat_id": fmt.Sprint(group), "text": strings.Repeat("<b>&lt;</b>", 50) + strings.Repeat("👍", 2023), "parse_mode": "HTML"})
	if got := s.Sent(group)[0]; len(got.Entities) != 50 || !strings.HasPrefix(got.Text, "<<") {
		t.Errorf("the text is %.20q… with %d entities", got.Text, len(got.Entities))
	}
	noComplaints(t, s)
}

// What is refused because of how things stand is no complaint.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	try := func(chat int64, code int, want string, more ...string) *tgbotapi.Error {
		t.Helper()
		p := tgbotapi.Params{"chat_id": fmt.Sprint(chat), "text": "x"}
		for i := 0; i < len(more); i += 2 {
			p[more[i]] = more[i+1]
		}
		return refusal(t, api, "sendMessage", p, code, want)
	}
	send := func(chat int64, code int, want string, more ...string) {
		t.Helper()
		_ = try(chat, code, want, more...)
	}
	send(5, 400, "Bad Request: chat not found")
	send(ana, 403, "Forbidden: bot can't initiate conversation with a user")
	send(desk, 400, "Bad Request: message to be replied not found", "reply_parameters", `{"message_id":99}`)
	call(t, api, "sendMessage", tgbotapi.Params{"chat_id": fmt.Sprint(desk), "text": "x", "reply_parameters": `{"message_id":99,"allow_sending_without_reply":true}`})
	send(forum, 400, "Bad Request: message thread not found", "message_thread_id", "1")
	must[telegramtest.Receipt](t)(s.Start(t.Context(), ana, ""))
	for status, want := range map[telegramtest.Status]string{telegramtest.Kicked: "kicked from", telegramtest.Left: "not a member of"} {
		for chat, kind := range map[int64]string{group: "group chat", desk: "supergroup chat", news: "channel chat"} {
			must[telegramtest.Receipt](t)(s.MyChatMember(t.Context(), ana, chat, status))
			verb := "is "
			if status == telegramtest.Kicked {
				verb = "was "
			}
			send(chat, 403, "Forbidden: bot "+verb+want+" the "+kind)
		}
	}
	must[telegramtest.Receipt](t)(s.MyChatMember(t.Context(), ana, ana, telegramtest.Kicked))
	send(ana, 403, "Forbidden: bot was blocked by the user")
	must[telegramtest.Receipt](t)(s.MyChatMember(t.Context(), ana, ana, telegramtest.Member))
	s.AddUser(telegramtest.User{ID: ana, Deactivated: true})
	send(ana, 403, "Forbidden: user is deactivated")
	must[telegramtest.Receipt](t)(s.MyChatMember(t.Context(), ben, news, telegramtest.Member))
	send(news, 400, "Bad Request: need administrator rights in the channel chat")
	must[telegramtest.Receipt](t)(s.MyChatMember(t.Context(), ben, group, telegramtest.Member))
	const super = int64(-1001000000009)
	if _, _, err := s.Migrate(t.Context(), ben, group, super); err != nil {
		t.Fatal(err)
	}
	if e := try(group, 400, "Bad Request: group chat was upgraded to a supergroup chat"); e.MigrateToChatID != super {
		t.Errorf("it says to go to %d", e.MigrateToChatID)
	}
	call(t, api, "sendMessage", tgbotapi.Params{"chat_id": fmt.Sprint(super), "text": "x"})
	noComplaints(t, s)
}

func TestFaults(t *testing.T) {
	t.Parallel()
	c := newClock()
	s := newTelegram(t, telegramtest.Options{Now: c.Now})
	api := newBot(t, s)
	fault := func(f telegramtest.Fault) {
		s.SetFault(func(telegramtest.Call) *telegramtest.Fault {
			s.SetFault(nil)
			return &f
		})
	}
	p := tgbotapi.Params{"chat_id": fmt.Sprint(desk), "text": "x"}
	fault(telegramtest.Fault{RetryAfter: 1500 * time.Millisecond})
	if e := refusal(t, api, "sendMessage", p, 429, "Too Many Requests: retry after 2"); e.RetryAfter != 2 {
		t.Errorf("it says to wait %d s", e.RetryAfter)
	}
	call(t, api, "sendMessage", tgbotapi.Params{"chat_id": fmt.Sprint(group), "text": "x"})
	noComplaints(t, s)
	call(t, api, "sendMessage", p)
	complains(t, s, "before its retry_after had passed")
	c.pass(2 * time.Second)
	call(t, api, "sendMessage", p)

	fault(telegramtest.Fault{Description: "Forbidden: user is deactivated"})
	refused(t, api, "sendMessage", p, 403, "Forbidden: user is deactivated")
	before := len(s.Sent(desk))
	fault(telegramtest.Fault{Status: http.StatusBadGateway})
	if _, err := api.MakeRequest("sendMessage", p); err == nil {
		t.Error("a page of HTML is an answer")
	}
	fault(telegramtest.Fault{Drop: true})
	if _, err := api.MakeRequest("sendMessage", p); err == nil || len(s.Sent(desk)) != before {
		t.Errorf("a cut connection gives %v", err)
	}
	fault(telegramtest.Fault{Drop: true, After: true})
	if _, err := api.MakeRequest("sendMessage", p); err == nil || len(s.Sent(desk)) != before+1 {
		t.Errorf("a lost answer gives %v", err)
	}
	fault(telegramtest.Fault{Hang: true})
	hasty := *api
	hasty.Client = &http.Client{Timeout: 20 * time.Millisecond}
	if _, err := hasty.MakeRequest("sendMessage", p); err == nil {
		t.Error("a call that hangs was answered")
	}
	if calls := s.Calls("sendMessage"); calls[len(calls)-1].Error != "hang" || calls[0].Error != "Too Many Requests: retry after 2" {
		t.Errorf("the calls are %+v", calls)
	}
}

func TestMenus(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	set := func(scope, language, command string) {
		p := tgbotapi.Params{"commands": `[{"command":"` + command + `","description":"x"}]`}
		p.AddNonEmpty("scope", scope)
		p.AddNonEmpty("language_code", language)
		call(t, api, "setMyCommands", p)
	}
	set("", "", "stance")
	set("", "es", "postura")
	set(`{"type":"all_group_chats"}`, "", "share")
	set(fmt.Sprintf(`{"type":"chat","chat_id":%d}`, desk), "", "desk")
	set("", "", "stances")
	if got := s.CommandSets(); len(got) != 4 || s.Commands("default", "")[0].Command != "stances" || s.Commands("default", "es")[0].Command != "postura" ||
		s.Commands(fmt.Sprint("chat ", desk), "")[0].Command != "desk" {
		t.Errorf("the menus are %+v", got)
	}
	call(t, api, "deleteMyCommands", tgbotapi.Params{"language_code": "es"})
	if got := string(call(t, api, "getMyCommands", tgbotapi.Params{"language_code": "es"})); got != "[]" {
		t.Errorf("the Spanish menu is %s", got)
	}
	call(t, api, "setMyDescription", tgbotapi.Params{"description": "all"})
	call(t, api, "setMyShortDescription", tgbotapi.Params{"short_description": "corta", "language_code": "es"})
	if s.Description("") != "all" || s.ShortDescription("es") != "corta" {
		t.Error("the descriptions are not kept")
	}
	if got := string(call(t, api, "getMyDescription", tgbotapi.Params{"language_code": "fr"})); got != `{"description":"all"}` {
		t.Errorf("the French description is %s", got)
	}
	noComplaints(t, s)
}

func TestChats(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	s.AddChat(telegramtest.Chat{
		ID: -1001000000010, Type: telegramtest.Supergroup, Title: "Few", Bot: telegramtest.Administrator,
		Members: map[int64]telegramtest.Status{ana: telegramtest.Creator},
	})
	few := "-1001000000010"
	var c tgbotapi.Chat
	if err := json.Unmarshal(call(t, api, "getChat", tgbotapi.Params{"chat_id": few}), &c); err != nil || c.Title != "Few" || !c.IsSuperGroup() {
		t.Errorf("the chat is %+v, %v", c, err)
	}
	for user, want := range map[int64]string{ana: "creator", ben: "left", 123: "administrator"} {
		var m tgbotapi.ChatMember
		err := json.Unmarshal(call(t, api, "getChatMember", tgbotapi.Params{"chat_id": few, "user_id": fmt.Sprint(user)}), &m)
		if err != nil || m.Status != want || m.User.ID != user {
			t.Errorf("%d is %+v, %v", user, m, err)
		}
	}
	var leaders []tgbotapi.ChatMember
	if err := json.Unmarshal(call(t, api, "getChatAdministrators", tgbotapi.Params{"chat_id": few}), &leaders); err != nil || len(leaders) != 2 {
		t.Errorf("the administrators are %+v, %v", leaders, err)
	}
	refused(t, api, "getChatMember", tgbotapi.Params{"chat_id": few, "user_id": "5"}, 400, "Bad Request: user not found")
	call(t, api, "leaveChat", tgbotapi.Params{"chat_id": few})
	refused(t, api, "getChat", tgbotapi.Params{"chat_id": few}, 403, "Forbidden: bot is not a member of the supergroup chat")
	if got, _ := s.ChatByID(-1001000000010); got.Bot != telegramtest.Left {
		t.Errorf("the bot is %s", got.Bot)
	}
	noComplaints(t, s)
}

// The library's own requests have what a good bot's do not.
func TestTypedConfigs(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	m := tgbotapi.NewMessage(desk, "x")
	m.DisableWebPagePreview, m.ReplyToMessageID, m.AllowSendingWithoutReply = true, 1, true
	must[tgbotapi.Message](t)(newBot(t, s).Send(m))
	complains(t, s, "allow_sending_without_reply is deprecated", "disable_web_page_preview is deprecated", "reply_to_message_id is deprecated", "entities that are null")
}
