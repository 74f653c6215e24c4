package telegramtest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"stancebot/adapters/telegram/telegramtest"
)

// A seen message has what the library's type lacks.
type seen struct {
	Thread  int  `json:"message_thread_id"`
	InTopic bool `json:"is_topic_message"`
	Chat    struct {
		IsForum bool `json:"is_forum"`
	} `json:"chat"`
}

func TestSay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *telegramtest.Server, b *bot) {
		got := map[int]*tgbotapi.Message{}
		b.handle = func(u tgbotapi.Update, _ json.RawMessage) (int, string) {
			got[u.UpdateID] = u.Message
			return 200, ""
		}
		said := must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{}, "👍 peru, @stancebot https://e.org/x_(y) #tag"))
		command := must[telegramtest.Receipt](t)(s.Command(t.Context(), ben, telegramtest.In{Chat: group, ReplyTo: 0}, "stance", "peru"))
		start := must[telegramtest.Receipt](t)(s.Start(t.Context(), ana, "w1_-A"))
		settled(t, s)
		b.mu.Lock()
		defer b.mu.Unlock()
		m := got[int(said.UpdateID)]
		if m == nil || m.From.LanguageCode != "es" || m.Chat.ID != ana || !m.Chat.IsPrivate() || len(m.Entities) != 3 {
			t.Fatalf("the message is %+v", m)
		}
		if e := m.Entities[0]; e.Type != "mention" || e.Offset != 9 || e.Length != 10 || m.Entities[1].Type != "url" || m.Entities[2].Type != "hashtag" {
			t.Errorf("the entities are %+v", m.Entities)
		}
		if c := got[int(command.UpdateID)]; c.Text != "/stance@stancebot peru" || c.CommandWithAt() != "stance@stancebot" {
			t.Errorf("the command is %+v", c)
		}
		if c := got[int(start.UpdateID)]; c.Command() != "start" || c.CommandArguments() != "w1_-A" || start.Message.ID == said.Message.ID {
			t.Errorf("the start is %+v", c)
		}
		noComplaints(t, s)
	})
}

func TestOtherMessages(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *telegramtest.Server, b *bot) {
		var kinds []string
		b.handle = func(u tgbotapi.Update, _ json.RawMessage) (int, string) {
			m := u.Message
			switch {
			case u.EditedMessage != nil:
				kinds = append(kinds, "edit:"+u.EditedMessage.Text)
			case u.ChannelPost != nil:
				kinds = append(kinds, "post:"+u.ChannelPost.SenderChat.Title)
			case u.EditedChannelPost != nil:
				kinds = append(kinds, "edited post:"+u.EditedChannelPost.Text)
			case m.Photo != nil:
				kinds = append(kinds, "photo:"+m.Caption+fmt.Sprint(len(m.CaptionEntities)))
			case m.Sticker != nil:
				kinds = append(kinds, "sticker")
			case m.Animation != nil:
				kinds = append(kinds, "gif")
			case m.Poll != nil:
				kinds = append(kinds, fmt.Sprint("poll", len(m.Poll.Options)))
			case m.Location != nil:
				kinds = append(kinds, "location")
			case m.NewChatTitle != "":
				kinds = append(kinds, "title:"+m.NewChatTitle)
			case m.SenderChat != nil:
				kinds = append(kinds, "as:"+m.From.UserName)
			default:
				kinds = append(kinds, m.Text)
			}
			return 200, ""
		}
		in := telegramtest.In{Chat: desk}
		said := must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, in, "peru"))
		must[telegramtest.Receipt](t)(s.Edit(t.Context(), *said.Message, "chile"))
		post := must[telegramtest.Receipt](t)(s.ChannelPost(t.Context(), news, "extra"))
		must[telegramtest.Receipt](t)(s.Edit(t.Context(), *post.Message, "extra!"))
		must[telegramtest.Receipt](t)(s.Caption(t.Context(), ana, in, "/stance peru"))
		must[telegramtest.Receipt](t)(s.Sticker(t.Context(), ana, in))
		must[telegramtest.Receipt](t)(s.GIF(t.Context(), ana, in))
		must[telegramtest.Receipt](t)(s.Poll(t.Context(), ana, in, "which?", "a", "b"))
		must[telegramtest.Receipt](t)(s.Location(t.Context(), ana, in, -12, -77))
		must[telegramtest.Receipt](t)(s.Service(t.Context(), ana, in, map[string]any{"new_chat_title": "News desk"}))
		must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{Chat: desk, As: desk}, "x"))
		settled(t, s)
		b.mu.Lock()
		defer b.mu.Unlock()
		want := []string{"peru", "edit:chile", "post:News", "edited post:extra!", "photo:/stance peru1", "sticker", "gif", "poll2", "location", "title:News desk", "as:GroupAnonymousBot"}
		if !slices.Equal(kinds, want) {
			t.Errorf("the bot got %q, want %q", kinds, want)
		}
		noComplaints(t, s)
	})
}

func TestTopics(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *telegramtest.Server, b *bot) {
		b.handle = func(u tgbotapi.Update, raw json.RawMessage) (int, string) {
			var update struct{ Message seen }
			_ = json.Unmarshal(raw, &update)
			m := update.Message
			if u.Message.Text == "" {
				return 200, ""
			}
			if !m.InTopic || m.Thread == 0 || !m.Chat.IsForum || u.Message.ReplyToMessage == nil {
				t.Errorf("the message is %s", raw)
			}
			p := tgbotapi.Params{"chat_id": fmt.Sprint(forum), "text": "Peru", "message_thread_id": fmt.Sprint(m.Thread)}
			if _, err := b.api.MakeRequest("sendMessage", p); err != nil {
				t.Error(err)
			}
			return 200, ""
		}
		topic := must[telegramtest.Receipt](t)(s.Topic(t.Context(), ana, forum, "Andes")).Message.ID
		must[telegramtest.Receipt](t)(s.Say(t.Context(), ben, telegramtest.In{Chat: forum, Thread: topic}, "peru?"))
		settled(t, s)
		awaited(t, s, func() bool { return len(s.Sent(forum)) == 1 && s.Sent(forum)[0].Thread == topic })
		p := tgbotapi.Params{"chat_id": fmt.Sprint(forum), "text": "x", "message_thread_id": fmt.Sprint(topic)}
		s.CloseTopic(forum, topic)
		refused(t, b.api, "sendMessage", p, 400, "Bad Request: TOPIC_CLOSED")
		s.DeleteTopic(forum, topic)
		refused(t, b.api, "sendMessage", p, 400, "Bad Request: message thread not found")
		if _, err := s.Say(t.Context(), ben, telegramtest.In{Chat: forum, Thread: topic}, "x"); err == nil {
			t.Error("a message in a topic that is gone")
		}
		noComplaints(t, s)
	})
}

func TestMembershipAndMigration(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *telegramtest.Server, b *bot) {
		var heard []string
		b.handle = func(u tgbotapi.Update, _ json.RawMessage) (int, string) {
			switch m := u.Message; {
			case u.MyChatMember != nil:
				heard = append(heard, u.MyChatMember.OldChatMember.Status+"→"+u.MyChatMember.NewChatMember.Status)
			case m.MigrateToChatID != 0, m.MigrateFromChatID != 0:
				heard = append(heard, fmt.Sprint(m.Chat.ID, " to ", m.MigrateToChatID, " from ", m.MigrateFromChatID))
			case m.NewChatMembers != nil:
				heard = append(heard, "new "+m.NewChatMembers[0].UserName)
			default:
				heard = append(heard, m.Text)
			}
			return 200, ""
		}
		must[telegramtest.Receipt](t)(s.MyChatMember(t.Context(), ana, group, telegramtest.Kicked))
		if r := must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{Chat: group}, "unheard")); r.Withheld != "not a member" || r.UpdateID != 0 {
			t.Errorf("the receipt is %+v", r)
		}
		must[telegramtest.Receipt](t)(s.MyChatMember(t.Context(), ana, group, telegramtest.Member))
		if _, _, err := s.Migrate(t.Context(), ana, group, -1001000000009); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Say(t.Context(), ana, telegramtest.In{Chat: group}, "x"); err == nil {
			t.Error("a message in a group that is gone")
		}
		must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, telegramtest.In{Chat: -1001000000009}, "here"))
		settled(t, s)
		b.mu.Lock()
		defer b.mu.Unlock()
		want := []string{"member→kicked", "kicked→member", "new stancebot", "-4001 to -1001000000009 from 0", "-1001000000009 to 0 from -4001", "here"}
		if !slices.Equal(heard, want) {
			t.Errorf("the bot heard %q, want %q", heard, want)
		}
		noComplaints(t, s)
	})
}

func TestPrivacy(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{Privacy: true})
	api := newBot(t, s)
	if api.Self.CanReadAllGroupMessages {
		t.Error("the bot is said to hear all")
	}
	in := telegramtest.In{Chat: group}
	hears := func(in telegramtest.In, text string, want bool) {
		t.Helper()
		if r := must[telegramtest.Receipt](t)(s.Say(t.Context(), ana, in, text)); (r.Withheld == "") != want {
			t.Errorf("%q is withheld for %q", text, r.Withheld)
		}
	}
	hears(in, "peru", false)
	hears(in, "/stance peru", false)
	hears(in, "/stance@StanceBot peru", true)
	hears(in, "/stance@otherbot peru", false)
	hears(telegramtest.In{}, "peru", true)
	var m tgbotapi.Message
	if err := json.Unmarshal(call(t, api, "sendMessage", tgbotapi.Params{"chat_id": fmt.Sprint(group), "text": "Peru"}), &m); err != nil {
		t.Fatal(err)
	}
	hears(in, "/stance peru", true)
	hears(telegramtest.In{Chat: group, ReplyTo: m.MessageID}, "why?", true)
	hears(in, "peru", false)
}

func TestPress(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *telegramtest.Server, b *bot) {
		b.handle = func(u tgbotapi.Update, _ json.RawMessage) (int, string) {
			q := u.CallbackQuery
			if q.From.ID != ben || q.Message.Chat.ID != desk || q.Message.Text != "Peru" || q.ChatInstance == "" {
				t.Errorf("the query is %+v", q)
			}
			if q.Data != "silent" {
				call(t, b.api, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": q.ID, "text": "did " + q.Data})
			}
			return 200, ""
		}
		call(t, b.api, "sendMessage", tgbotapi.Params{
			"chat_id": fmt.Sprint(desk), "text": "Peru",
			"reply_markup": `{"inline_keyboard":[[{"text":"Why","callback_data":"w1"},{"text":"Hush","callback_data":"silent"},{"text":"Open","url":"https://e.org"}]]}`,
		})
		m := s.Sent(desk)[0]
		why := must[telegramtest.Receipt](t)(s.Press(t.Context(), ben, m, "Why"))
		hush := must[telegramtest.Receipt](t)(s.Press(t.Context(), ben, m, "silent"))
		for _, button := range []string{"Open", "nosuch"} {
			if _, err := s.Press(t.Context(), ben, m, button); err == nil {
				t.Errorf("%s was pressed", button)
			}
		}
		settled(t, s)
		if a, ok := s.CallbackAnswer(why.QueryID); !ok || a.Text != "did w1" || a.User != ben {
			t.Errorf("the answer is %+v", a)
		}
		if got := s.Unanswered(); len(got) != 1 || !strings.Contains(got[0], "silent") {
			t.Errorf("unanswered are %q", got)
		}
		noComplaints(t, s)
		const old = "Bad Request: query is too old and response timeout expired or query ID is invalid"
		refused(t, b.api, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": why.QueryID}, 400, old)
		refused(t, b.api, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": "1"}, 400, old)
		b.clock.pass(16 * time.Second)
		refused(t, b.api, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": hush.QueryID}, 400, old)
		s.Close()
		complains(t, s, "answered twice", "answered after 16s", "was never answered")
	})
}

func TestInline(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, s *telegramtest.Server, b *bot) {
		var chosen *tgbotapi.ChosenInlineResult
		b.handle = func(u tgbotapi.Update, _ json.RawMessage) (int, string) {
			switch {
			case u.InlineQuery != nil:
				call(t, b.api, "answerInlineQuery", tgbotapi.Params{
					"inline_query_id": u.InlineQuery.ID, "cache_time": "0", "is_personal": "true", "next_offset": "1",
					"button": `{"text":"Ask in private","start_parameter":"inline"}`,
					"results": `[{"type":"article","id":"PER","title":"Peru","description":"leans against","input_message_content":{"message_text":"<b>Peru</b>",` +
						`"parse_mode":"HTML","link_preview_options":{"is_disabled":true}},"reply_markup":{"inline_keyboard":[[{"text":"Why","callback_data":"why"}]]}}]`,
				})
			case u.ChosenInlineResult != nil:
				chosen = u.ChosenInlineResult
				call(t, b.api, "editMessageText", tgbotapi.Params{
					"inline_message_id": chosen.InlineMessageID, "text": "Peru, corrected",
					"reply_markup": `{"inline_keyboard":[[{"text":"Why","callback_data":"why2"}]]}`,
				})
			case u.CallbackQuery != nil:
				if u.CallbackQuery.InlineMessageID != chosen.InlineMessageID || u.CallbackQuery.Message != nil || u.CallbackQuery.Data != "why2" {
					t.Errorf("the query is %+v", u.CallbackQuery)
				}
				call(t, b.api, "answerCallbackQuery", tgbotapi.Params{"callback_query_id": u.CallbackQuery.ID})
			}
			return 200, ""
		}
		r := must[telegramtest.Receipt](t)(s.Inline(t.Context(), ana, "peru", "", telegramtest.Supergroup))
		settled(t, s)
		awaited(t, s, func() bool { return len(s.InlineAnswers()) == 1 })
		a, _ := s.InlineAnswer(r.QueryID)
		if len(a.Results) != 1 || a.Results[0].Text != "Peru" || a.Results[0].Entities[0].Type != "bold" || a.CacheTime != 0 || !a.IsPersonal || a.NextOffset != "1" {
			t.Errorf("the answer is %+v", a)
		}
		sent := must[telegramtest.Receipt](t)(s.ChooseInline(t.Context(), r.QueryID, "PER", 0))
		awaited(t, s, func() bool { return s.InlineMessages()[0].Text == "Peru, corrected" })
		must[telegramtest.Receipt](t)(s.Press(t.Context(), ben, *sent.Message, "Why"))
		settled(t, s)
		if _, err := s.ChooseInline(t.Context(), r.QueryID, "CHL", 0); err == nil {
			t.Error("a result that there is not was chosen")
		}
		refused(t, b.api, "editMessageText", tgbotapi.Params{"inline_message_id": "x", "text": "y"}, 400, "Bad Request: MESSAGE_ID_INVALID")
		noComplaints(t, s)
	})
}

func TestInlineMistakes(t *testing.T) {
	t.Parallel()
	s := newTelegram(t, telegramtest.Options{})
	api := newBot(t, s)
	article := func(id, text string) string {
		return fmt.Sprintf(`{"type":"article","id":%q,"title":"x","input_message_content":{"message_text":%q,"parse_mode":"HTML"}}`, id, text)
	}
	for want, results := range map[string]string{
		"too many inline query results specified": "[" + strings.Repeat(article("a", "x")+",", 50) + article("b", "x") + "]",
		"RESULT_ID_DUPLICATE":                     "[" + article("a", "x") + "," + article("a", "y") + "]",
		"RESULT_ID_INVALID":                       "[" + article(strings.Repeat("é", 33), "x") + "]",
		"can't parse entities":                    "[" + article("a", "<x") + "]",
		"can't parse inline query result: Can't find field \"message_text\"": `[{"type":"article","id":"a","title":"x"}]`,
		"can't parse JSON encoded inline query results":                      "[",
	} {
		r := must[telegramtest.Receipt](t)(s.Inline(t.Context(), ana, "peru", "", ""))
		refused(t, api, "answerInlineQuery", tgbotapi.Params{"inline_query_id": r.QueryID, "results": results, "cache_time": "0"}, 400, "Bad Request: "+want)
	}
	before := len(s.Complaints())
	r := must[telegramtest.Receipt](t)(s.Inline(t.Context(), ana, "peru", "", ""))
	call(t, api, "answerInlineQuery", tgbotapi.Params{"inline_query_id": r.QueryID, "results": "[" + article("a", "https://e.org") + "]"})
	if got := s.Complaints()[before:]; len(got) != 2 || !strings.Contains(got[0], "cache_time") || !strings.Contains(got[1], "link_preview_options") {
		t.Errorf("the complaints are %q", got)
	}
}
