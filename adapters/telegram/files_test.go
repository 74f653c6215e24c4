package telegram_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/telegram/telegramtest"
)

// sentIn waits until the bot has sent as many messages to a chat, and returns them.
func (s *stage) sentIn(t *testing.T, chat int64, n int) []telegramtest.Message {
	t.Helper()
	until(t, "all is sent", func() bool { return len(s.Sent(chat)) >= n })
	s.settle(t)
	return s.Sent(chat)
}

// The file of an answer comes right behind it, and is that of the console.
func TestTheFileOfAnAnswer(t *testing.T) {
	for _, over := range transports {
		s := newStage(t, over, stageOptions{})
		want := s.replyTo(t, "export caribbean")
		s.say(t, ana, telegramtest.In{}, "export caribbean csv")
		sent := s.sentIn(t, ana, 2)
		if len(sent) != 2 || sent[1].Document == nil || !bytes.Equal(sent[1].Document.Content, want.File.Data) ||
			sent[1].Document.Name != want.File.Name || sent[1].Text != want.File.Note {
			t.Fatalf("it sent %+v", sent)
		}
		if told := s.heard(); len(told) != 1 || told[0].Reply.File == nil {
			t.Errorf("it told %+v", told)
		}
		for _, c := range s.Complaints() {
			t.Errorf("Telegram would mind: %s", c)
		}
	}
}

// Where files may not be sent, the answer stands and that is said.
func TestAFileThatMayNotBeSentIsSaid(t *testing.T) {
	s := newStage(t, polling, stageOptions{})
	const quiet int64 = -1001500
	s.AddChat(telegramtest.Chat{ID: quiet, Type: telegramtest.Supergroup, Title: "No files", NoFiles: true})
	s.say(t, ana, telegramtest.In{Chat: quiet}, "/stance@stancebot export chile")
	sent := s.sentIn(t, quiet, 2)
	if len(sent) != 2 || !strings.HasPrefix(sent[0].Text, "Export of Chile") || !strings.HasPrefix(sent[1].Text, "The file could not be sent here") {
		t.Errorf("it sent %+v", sent)
	}
}

// A file whose sending broke off, or that is to come later, is sent alone: the text stands already, and is told once.
func TestAFileIsSentAgainAlone(t *testing.T) {
	for name, fault := range map[string]telegramtest.Fault{
		"later": {RetryAfter: time.Second}, "lost": {Drop: true}, "arrived": {After: true, Drop: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, polling, stageOptions{telegram: telegramtest.Options{Fault: first("sendDocument", fault)}})
			s.say(t, ana, telegramtest.In{}, "export chile")
			until(t, "the file is sent", func() bool { return len(s.Calls("sendDocument")) == 2 })
			s.settle(t)
			texts, repeated := 0, false
			for _, m := range s.Sent(ana) {
				if m.Document == nil {
					texts++
				}
				repeated = repeated || m.Document != nil && strings.Contains(m.Text, "Possibly repeated")
			}
			if told := s.heard(); texts != 1 || len(told) != 1 || repeated != (name != "later") {
				t.Errorf("%d texts, marked as repeated: %t, told %d times", texts, repeated, len(told))
			}
		})
	}
}

// A picture comes as a photo with its caption. Telegram has it from the first time on: it is not uploaded again.
func TestAPictureIsAPhoto(t *testing.T) {
	for _, over := range transports {
		s := newStage(t, over, stageOptions{})
		want := s.replyTo(t, "card peru").File
		for range 2 {
			s.say(t, ana, telegramtest.In{}, "card peru")
		}
		sent := s.sentIn(t, ana, 4)
		if len(sent) != 4 || sent[1].Photo == nil || !bytes.Equal(sent[1].Photo.Content, want.Data) || sent[1].Text != want.Note || sent[3].Photo == nil {
			t.Fatalf("it sent %+v", sent)
		}
		if calls := s.Calls("sendPhoto"); len(calls) != 2 || len(calls[0].Files) != 1 || len(calls[1].Files) != 0 {
			t.Errorf("it called %+v", calls)
		}
		for _, c := range s.Complaints() {
			t.Errorf("Telegram would mind: %s", c)
		}
	}
}

// A photo that Telegram has no more is uploaded again.
func TestAPhotoThatIsForgottenIsUploadedAgain(t *testing.T) {
	s := newStage(t, polling, stageOptions{telegram: telegramtest.Options{Fault: func(c telegramtest.Call) *telegramtest.Fault {
		if c.Method == "sendPhoto" && len(c.Files) == 0 {
			return &telegramtest.Fault{Status: 400, Description: "Bad Request: wrong file identifier/HTTP URL specified"}
		}
		return nil
	}}})
	for range 2 {
		s.say(t, ana, telegramtest.In{}, "card peru")
	}
	sent := s.sentIn(t, ana, 4)
	if len(sent) != 4 || sent[3].Photo == nil || len(sent[3].Photo.Content) == 0 {
		t.Errorf("it sent %+v", sent)
	}
}

// Illustrate sends the picture alone, where the text of a digest stands.
func TestIllustrate(t *testing.T) {
	s := newStage(t, polling, stageOptions{})
	r := s.replyTo(t, "map southern cone")
	if err := s.adapter.Illustrate(t.Context(), "telegram:-200", &r); err != nil {
		t.Fatal(err)
	}
	if sent := s.Sent(group); len(sent) != 1 || sent[0].Photo == nil || sent[0].Text != r.File.Note {
		t.Errorf("it sent %+v", sent)
	}
	if err := s.adapter.Illustrate(t.Context(), "slack:T1:C1", &r); err == nil {
		t.Error("it sent one to Slack")
	}
}
