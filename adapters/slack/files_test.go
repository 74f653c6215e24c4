package slack_test

import (
	"bytes"
	"strings"
	"testing"

	"stancebot/adapters/slack/slacktest"
)

// The file of a slash command comes once to its asker as a direct message, and the answer says so.
func TestTheFileOfASlashCommandIsADirectMessage(t *testing.T) {
	for _, over := range transports {
		t.Run(string(over), func(t *testing.T) {
			s := newStage(t, over, stageOptions{})
			want := s.replyTo(t, "export caribbean")
			for range 2 { // the second time it is answered from memory
				got, err := s.Command(t.Context(), slacktest.Command{Text: "export caribbean csv", Channel: "C1", User: "U1"})
				if err != nil || got.Message == nil || got.Message.EphemeralTo != "U1" || !strings.Contains(shown(*got.Message), "The file comes to you as a direct message") {
					t.Fatalf("%+v, %v", got, err)
				}
			}
			s.settle(t)
			direct, err := s.OpenIM("U1")
			if err != nil {
				t.Fatal(err)
			}
			files := s.Files()
			if len(files) != 2 || len(s.Messages("C1")) != 0 {
				t.Fatalf("%d files, and in the channel %v", len(files), s.Messages("C1"))
			}
			for _, f := range files {
				if !bytes.Equal(f.Content, want.File.Data) || f.Name != want.File.Name || f.Title != want.File.Note || len(f.Channels) != 1 || f.Channels[0] != direct {
					t.Errorf("the file is %s, %q, of %d bytes in %v", f.Name, f.Title, len(f.Content), f.Channels)
				}
			}
			for _, c := range s.Complaints() {
				t.Errorf("Slack would mind: %s", c)
			}
		})
	}
}

// Where a file cannot be sent, the answer stands and that is said.
func TestAFileThatCannotBeSentIsSaid(t *testing.T) {
	for _, failing := range []struct {
		method string
		fault  slacktest.Fault
	}{
		{"files.getUploadURLExternal", slacktest.Fault{Error: "missing_scope"}},
		{"files.completeUploadExternal", slacktest.Fault{Error: "posting_to_channel_denied"}},
		{"upload", slacktest.Fault{Status: 500}},
		{"files.getUploadURLExternal", slacktest.Fault{Drop: true}},
	} {
		t.Run(failing.method+failing.fault.Error, func(t *testing.T) {
			s := newStage(t, overHTTP, stageOptions{slack: slacktest.Options{Fault: func(c slacktest.Call) *slacktest.Fault {
				if c.Method == failing.method {
					return &failing.fault
				}
				return nil
			}}})
			if _, err := s.Mention(t.Context(), "U1", "C1", "export chile", ""); err != nil {
				t.Fatal(err)
			}
			s.settle(t)
			said := shownAll(s.Messages("C1"))
			if len(said) != 2 || !strings.Contains(said[0], "Export of Chile") || !strings.HasPrefix(said[1], "The file could not be sent here") {
				t.Errorf("it says %q", said)
			}
		})
	}
}

// shownAll is what the app said in messages.
func shownAll(messages []slacktest.Message) []string {
	var said []string
	for _, m := range messages {
		if m.Via != "person" {
			said = append(said, shown(m))
		}
	}
	return said
}

// What is shared is of the day on which it was seen, also when it is shared on a later one.
func TestWhatIsSharedKeepsItsDay(t *testing.T) {
	s := newStage(t, overHTTP, stageOptions{})
	got, err := s.Command(t.Context(), slacktest.Command{Text: "stance peru", Channel: "C1", User: "U1"})
	if err != nil || got.Message == nil {
		t.Fatalf("%+v, %v", got, err)
	}
	s.desk.Turn(2026_11_26)
	if _, err := s.Press(t.Context(), "U1", *got.Message, "share:en:"); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	posted := s.Messages("C1")
	if len(posted) != 1 || !strings.Contains(shown(posted[0]), "Peru on 23 Nov 2026") {
		t.Errorf("it shared %q", shownAll(posted))
	}
}
