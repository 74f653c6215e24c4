package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot/phrases"
	"stancebot/knowledge/raced"
)

// What is typed in each language: an opened receipt, and its correction.
var typedCorrections = map[string][2]string{
	"en": {"what does claim BRA-14 say?", "correct BRA-14 he took part by video https://desk.example/en"},
	"es": {"la fuente BRA-14", "corregir BRA-14 participó por vídeo https://desk.example/es"},
	"fr": {"la source BRA-14", "corriger BRA-14 il a participé par vidéo https://desk.example/fr"},
	"pt": {"a fonte BRA-14", "corrigir BRA-14 participou por vídeo https://desk.example/pt"},
	"ru": {"источник BRA-14", "исправить BRA-14 он участвовал по видео https://desk.example/ru"},
	"zh": {"来源 BRA-14", "更正 BRA-14 他以视频方式参加 https://desk.example/zh"},
}

// The people of the tests: rita reports, ana edits.
const (
	rita, ana           = "U3", "U2"
	ritaChat, newsGroup = int64(88), int64(-1001)
)

// From the answer to the note, over both platforms, in each language: rita is answered in a thread and in a group, proposes what is right,
// ana approves by a button of the desk's channel, every answer says so, the messages are changed in place, each place gets one note, and rita
// hears that it was approved.
func TestTheWholeWayOfACorrection(t *testing.T) {
	for language, texts := range typedCorrections {
		if raced.On && !slices.Contains([]string{"en", "zh"}, language) {
			continue
		}
		t.Run(language, func(t *testing.T) {
			w := newWay(t, language)
			w.asks(t, texts[0])
			w.proposes(t, texts[1])
			w.approves(t)
			w.noted(t)
		})
	}
}

// A way is a Slack and a Telegram that one process serves.
type way struct {
	slack    *slacktest.Server
	telegram *telegramtest.Server
	p        *phrases.Catalogue
	serving  *serving
	right    string // as rita typed it
}

func newWay(t *testing.T, language string) *way {
	t.Helper()
	w := &way{slack: newSlackWorkspace(t), p: phrases.In(language)}
	w.slack.AddUser(slacktest.User{ID: rita, Name: "rita"})
	w.slack.AddChannel(slacktest.Channel{ID: "C9", Name: "desk", IsMember: true})
	w.telegram = telegramtest.New(telegramtest.Options{Token: standToken})
	t.Cleanup(w.telegram.Close)
	w.telegram.AddUser(telegramtest.User{ID: ritaChat, FirstName: "Rita"})
	w.telegram.AddChat(telegramtest.Chat{ID: newsGroup, Type: telegramtest.Supergroup, Title: "world", Members: map[int64]telegramtest.Status{ritaChat: telegramtest.Member}})
	w.serving = serveWith(t, w.slack, map[string]string{
		"SLACK_SIGNING_SECRET": testSigning, "DATABASE_URL": storetest.NewFile(t), "TELEGRAM_TOKEN": standToken, "TELEGRAM_API_URL": w.telegram.URL(),
		"EDITORS": "slack:T1:" + ana, "DESK_CHANNEL": "slack:T1:C9", "LANGUAGE": language, "EDITOR_NAMES": "slack:T1:" + ana + "=Ana Paz",
	})
	w.slack.UseHTTP("http://" + w.serving.listen)
	return w
}

// shows waits until a channel of Slack shows a message, and returns the latest such.
func (w *way) shows(t *testing.T, channel string, holds func(*slacktest.Message) bool) slacktest.Message {
	t.Helper()
	var found slacktest.Message
	within(t, 30*time.Second, func() bool {
		for _, m := range w.slack.Messages(channel) {
			if holds(&m) {
				found = m
			}
		}
		return found.TS != ""
	}, func() string {
		return fmt.Sprintf("%s does not show it: %s\n%s", channel, texts(w.slack.Messages(channel)), w.serving.log)
	})
	return found
}

// texts are what messages say.
func texts(messages []slacktest.Message) string {
	var b strings.Builder
	for i := range messages {
		fmt.Fprintf(&b, "\n%s in %s: %s", messages[i].TS, messages[i].ThreadTS, messages[i].Text)
	}
	return b.String()
}

// saysSo reports whether a message of the bot says a text, as Slack shows it.
func saysSo(m *slacktest.Message, text string) bool {
	escaped, err := json.Marshal(text)
	if err != nil {
		return false
	}
	return m.Via != "person" && (strings.Contains(m.Text, text) || strings.Contains(string(m.Blocks), strings.Trim(string(escaped), `"`)))
}

// asks asks in a channel of Slack and in a group of Telegram, and waits for the answers.
func (w *way) asks(t *testing.T, question string) {
	t.Helper()
	w.tries(t, func(ctx context.Context) error { _, err := w.slack.Mention(ctx, rita, "C1", question, ""); return err })
	w.shows(t, "C1", func(m *slacktest.Message) bool { return saysSo(m, "Kazan") })
	w.tries(t, func(ctx context.Context) error {
		_, err := w.telegram.Say(ctx, ritaChat, telegramtest.In{Chat: newsGroup}, "@stancebot "+question)
		return err
	})
	w.inTelegram(t, newsGroup, "Kazan")
}

// tries does what a person does, once the program is ready for it.
func (w *way) tries(t *testing.T, do func(context.Context) error) {
	t.Helper()
	if err := do(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// inTelegram waits until a chat shows a text, and returns its messages.
func (w *way) inTelegram(t *testing.T, chat int64, text string) []telegramtest.Message {
	t.Helper()
	within(t, 30*time.Second, func() bool {
		for _, m := range w.telegram.Sent(chat) {
			if strings.Contains(m.Text, text) {
				return true
			}
		}
		return false
	}, func() string {
		return fmt.Sprintf("%d does not show %q\n%s", chat, text, w.serving.log)
	})
	return w.telegram.Sent(chat)
}

// proposes proposes what is right in the channel, and waits until the desk's shows it.
func (w *way) proposes(t *testing.T, typed string) {
	t.Helper()
	_, w.right, _ = strings.Cut(typed, "BRA-14 ")
	w.right, _, _ = strings.Cut(w.right, " https")
	w.tries(t, func(ctx context.Context) error { _, err := w.slack.Mention(ctx, rita, "C1", typed, ""); return err })
	w.shows(t, "C9", func(m *slacktest.Message) bool { return saysSo(m, w.right) && saysSo(m, w.p.Say("edit.approve")) })
}

// approves presses the button of the desk's channel.
func (w *way) approves(t *testing.T) {
	t.Helper()
	proposal := w.shows(t, "C9", func(m *slacktest.Message) bool { return saysSo(m, w.right) })
	if r, err := w.slack.Press(t.Context(), rita, proposal, "approve D-1"); err != nil { // who may not, is told so
		t.Fatal(r, err)
	}
	if r, err := w.slack.Press(t.Context(), ana, proposal, "approve D-1"); err != nil {
		t.Fatal(r, err)
	}
	w.shows(t, "C9", func(m *slacktest.Message) bool { return m.TS == proposal.TS && saysSo(m, w.p.Say("note.decided")) })
}

// noted waits for what the correction does, and checks that it does it once.
func (w *way) noted(t *testing.T) {
	t.Helper()
	heading, edited := w.p.Say("note.corrected", "id", "BRA-14"), w.p.Say("corrected", "date", "\x00", "id", "BRA-14", "text", w.right)
	_, edited, _ = strings.Cut(edited, "\x00")
	w.shows(t, "C1", func(m *slacktest.Message) bool {
		return saysSo(m, heading) && saysSo(m, w.right) && saysSo(m, "Ana Paz")
	})
	w.shows(t, "C1", func(m *slacktest.Message) bool { return len(m.Edits) > 0 && saysSo(m, strings.TrimSpace(edited)) })
	im, err := w.slack.OpenIM(rita)
	if err != nil {
		t.Fatal(err)
	}
	w.shows(t, im, func(m *slacktest.Message) bool { return saysSo(m, "D-1") && saysSo(m, w.right) })
	w.inTelegram(t, newsGroup, heading)
	within(t, 30*time.Second, func() bool {
		return slices.ContainsFunc(w.telegram.Sent(newsGroup), func(m telegramtest.Message) bool { return len(m.Edits) > 0 })
	}, w.serving.log.String)
	notes, changed := 0, 0
	for _, m := range w.slack.Messages("C1") {
		if saysSo(&m, heading) {
			notes++
		}
	}
	for _, m := range w.inTelegram(t, newsGroup, heading) {
		if strings.Contains(m.Text, heading) {
			notes++
		}
		changed += min(len(m.Edits), 1)
	}
	if notes != 2 || changed != 1 {
		t.Errorf("%d notes and %d changed messages in Telegram: %s", notes, changed, strconv.Quote(w.serving.log.String()))
	}
	r, err := w.slack.Command(t.Context(), slacktest.Command{Channel: "C1", User: rita, Text: "source BRA-14"})
	if err != nil || r.Message == nil || !strings.Contains(string(r.Message.Blocks), w.right) {
		t.Errorf("it answers %+v, %v", r, err)
	}
}
