package slack_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack"
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

// A picture is a file with a text for those who do not see it. It is looked for until Slack has shared it.
func TestAPictureIsLookedFor(t *testing.T) {
	s := newStage(t, overHTTP, stageOptions{slack: slacktest.Options{FilePolls: 2}, adapter: hurried})
	want := s.replyTo(t, "card peru").File
	if _, err := s.Mention(t.Context(), "U1", "C1", "card peru", ""); err != nil {
		t.Fatal(err)
	}
	s.settle(t)
	files := s.Files()
	if len(files) != 1 || !bytes.Equal(files[0].Content, want.Data) || files[0].Title != want.Note || files[0].AltText == "" || !strings.HasPrefix(want.Alt, strings.TrimSuffix(files[0].AltText, "…")) {
		t.Fatalf("%d files: %+v", len(files), files)
	}
	if polls := len(s.Calls("files.info")); polls != 3 {
		t.Errorf("it looked %d times", polls)
	}
	if said := shownAll(s.Messages("C1")); len(said) != 2 || !strings.Contains(said[0], "Peru") || strings.TrimSpace(said[1]) != "" { // the second is the file's
		t.Errorf("it says %q", said)
	}
	for _, c := range s.Complaints() {
		t.Errorf("Slack would mind: %s", c)
	}
}

// A picture that Slack took and did not share is said to be missing; an app that may not look takes it for shared.
func TestAPictureThatGotLostIsSaid(t *testing.T) {
	for _, may := range []bool{true, false} {
		o := slacktest.Options{FilePolls: 100}
		if !may {
			o.Scopes = slices.DeleteFunc(slacktest.AllScopes(), func(scope string) bool { return scope == "files:read" })
		}
		s := newStage(t, overHTTP, stageOptions{slack: o, adapter: hurried})
		for range 2 {
			if _, err := s.Mention(t.Context(), "U1", "C1", "card peru", ""); err != nil {
				t.Fatal(err)
			}
			s.settle(t)
		}
		lost := strings.Count(strings.Join(shownAll(s.Messages("C1")), "\n"), "The file could not be sent here")
		if may && lost != 2 || !may && lost != 0 {
			t.Errorf("it may look: %t, and says %d times that one is missing", may, lost)
		}
		if polls := len(s.Calls("files.info")); !may && polls != 1 {
			t.Errorf("it was refused, and looked %d times", polls)
		}
	}
}

// hurried waits no time between looks for a file.
func hurried(o *slack.Options) {
	o.FileWaits = []time.Duration{time.Microsecond, time.Microsecond, time.Microsecond, time.Microsecond}
}

// Illustrate shares the picture alone, where the text of a digest stands.
func TestIllustrate(t *testing.T) {
	s := newStage(t, overHTTP, stageOptions{adapter: hurried})
	r := s.replyTo(t, "map southern cone")
	if err := s.adapter.Illustrate(t.Context(), "slack:T1:C1", &r); err != nil {
		t.Fatal(err)
	}
	if files := s.Files(); len(files) != 1 || len(files[0].Channels) != 1 || files[0].Channels[0] != "C1" {
		t.Errorf("it shared %+v", files)
	}
	if err := s.adapter.Illustrate(t.Context(), "telegram:-200", &r); err == nil {
		t.Error("it shared one in Telegram")
	}
}
