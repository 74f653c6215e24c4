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
