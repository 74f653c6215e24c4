package telegram_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/bottest"
)

// A transcript is a txtar archive in which the name of each file is what somebody does, and its content what is seen of it
// then. The acts are
//
//	ana: peru?                        a message in the private chat; "ana in group: …" in the group, "in topic 1: …" in a topic
//	ana replies in group: …           to the last message of the bot there
//	ana captions in group: …          a photo
//	ana edits: …                      her last private message
//	ana presses votes peru            a button of what was last seen, by its label
//	ana starts stance_PER             a deep link
//	ana types inline: per             behind the bot's name, in any chat
//	channel posts: …
//
// Each is played by polling and by webhook, and is seen alike.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts (%v)", err)
	}
	for _, file := range files {
		for _, over := range transports {
			t.Run(filepath.Base(file)+" by "+string(over), func(t *testing.T) { play(t, file, over) })
		}
	}
}

func play(t *testing.T, file string, over transport) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p := &player{stage: newStage(t, over, stageOptions{})}
	for i := range archive.Files {
		f := &archive.Files[i]
		p.act(t, f.Name)
		got := []byte(strings.ReplaceAll(p.seen(), p.desk.Records.Version, "VERSION") + "\n") // which any change of the records changes
		if bottest.Update() && over == polling {
			f.Data = slices.Concat(got, []byte("\n"))
			continue
		}
		if diff := cmp.Diff(string(bytes.TrimSpace(f.Data)), string(bytes.TrimSpace(got))); diff != "" {
			t.Errorf("%s: %q (-want +got; run with -update when the change is meant):\n%s", file, f.Name, diff)
		}
	}
	for _, c := range append(p.Complaints(), p.Unanswered()...) {
		t.Errorf("Telegram would mind: %s", c)
	}
	if bottest.Update() && over == polling {
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A player plays a transcript.
type player struct {
	*stage
	looked  map[string]string // what was seen of each message already
	last    telegramtest.Message
	said    telegramtest.Message
	topic   int
	queries int
}

var acts = regexp.MustCompile(`^(ana|ben|channel)(?: (replies|captions))?(?: in (group|topic \d))?(: | presses | starts ?| types inline: | edits: | posts: )(.*)$`)

func (p *player) act(t *testing.T, act string) {
	t.Helper()
	m := acts.FindStringSubmatch(act)
	if m == nil {
		t.Fatalf("no act: %q", act)
	}
	user, text := map[string]int64{"ana": ana, "ben": ben}[m[1]], m[5]
	in := p.in(t, m[3])
	var got telegramtest.Receipt
	var err error
	switch {
	case m[4] == " presses ":
		got, err = p.Press(t.Context(), user, p.last, text)
	case strings.HasPrefix(m[4], " starts"):
		got, err = p.Start(t.Context(), user, text)
	case m[4] == " types inline: ":
		got, err = p.Inline(t.Context(), user, text, "", telegramtest.Private)
	case m[4] == " edits: ":
		got, err = p.Edit(t.Context(), p.said, text)
	case m[4] == " posts: ":
		got, err = p.ChannelPost(t.Context(), channel, text)
	case m[2] == "captions":
		got, err = p.Caption(t.Context(), user, in, text)
	default:
		if m[2] == "replies" {
			sent := p.Sent(in.Chat)
			in.ReplyTo = sent[len(sent)-1].ID
		}
		got, err = p.Say(t.Context(), user, in, text)
	}
	if err != nil {
		t.Fatalf("%s: %+v %v", act, got, err)
	}
	if m[4] == ": " && got.Message != nil {
		p.said = *got.Message
	}
	p.settle(t)
}

func (p *player) in(t *testing.T, where string) telegramtest.In {
	t.Helper()
	switch {
	case where == "group":
		return telegramtest.In{Chat: group}
	case strings.HasPrefix(where, "topic"):
		if p.topic == 0 {
			r, err := p.Topic(t.Context(), ana, forum, "Votes")
			if err != nil {
				t.Fatal(err)
			}
			p.topic = r.Message.ID
		}
		return telegramtest.In{Chat: forum, Thread: p.topic}
	}
	return telegramtest.In{}
}

// seen says what is new or was changed since it was last looked, message by message.
func (p *player) seen() string {
	if p.looked == nil {
		p.looked = map[string]string{}
	}
	var b strings.Builder
	for _, chat := range []int64{ana, ben, group, forum, channel} {
		for _, m := range p.Sent(chat) {
			key, text := fmt.Sprint(m.Chat, " ", m.ID), shown(m.Content)
			if p.looked[key] == text {
				continue
			}
			how := ""
			if p.looked[key] != "" {
				how = ", changed"
			}
			p.looked[key], p.last = text, m
			fmt.Fprintf(&b, "[%s%s%s]\n%s", p.where(m), answering(m), how, text)
			if d := m.Document; d != nil {
				fmt.Fprintf(&b, "(file %s of %d rows)\n", d.Name, bytes.Count(d.Content, []byte("\r\n")))
			}
		}
	}
	answers := p.InlineAnswers()
	for _, a := range answers[p.queries:] {
		for _, r := range a.Results {
			fmt.Fprintf(&b, "[card] %s: %s\n", r.Title, r.Description)
		}
	}
	p.queries = len(answers)
	if b.Len() == 0 {
		return "(nothing)"
	}
	return strings.TrimRight(b.String(), "\n")
}

func (p *player) where(m telegramtest.Message) string {
	where := map[int64]string{ana: "to ana", ben: "to ben", group: "group", forum: "forum", channel: "channel"}[m.Chat]
	if m.Thread != 0 {
		where += ", topic"
	}
	return where
}

func answering(m telegramtest.Message) string {
	if m.ReplyTo != 0 {
		return ", a reply"
	}
	return ""
}

// shown writes a message as people see it, with its buttons in brackets.
func shown(c telegramtest.Content) string {
	text := c.Text + "\n"
	row := -1
	for _, b := range c.Buttons() {
		if b.Row != row {
			if row >= 0 {
				text += "\n"
			}
			row = b.Row
		} else {
			text += " "
		}
		text += "(" + b.Text + ")"
	}
	if row >= 0 {
		text += "\n"
	}
	return text
}

// What is asked in any way is answered with the receipts that the console shows.
func TestSameReceiptsAsTheConsole(t *testing.T) {
	questions := []string{"stance PER", "brazil", "votes CUB", "compare CHL ARG", "group southern cone", "why ECU", "source F-02", "shifts ARG", "resolution ES-11/7"}
	for _, over := range transports {
		t.Run(string(over), func(t *testing.T) {
			s := newStage(t, over, stageOptions{})
			for _, q := range questions {
				want := receiptsOf(s.replyTo(t, q))
				for way, in := range map[string]telegramtest.In{"private": {}, "group": {Chat: group}} {
					text := q
					if way == "group" {
						text = "@stancebot " + q
					}
					if _, err := s.Say(t.Context(), ana, in, text); err != nil {
						t.Fatal(err)
					}
					s.settle(t)
					told := s.heard()
					if len(told) != 1 {
						t.Fatalf("%s %q: told %d times", way, q, len(told))
					}
					if got := receiptsOf(told[0].Reply); !slices.Equal(got, want) {
						t.Errorf("%s %q rests on %v, on the console on %v", way, q, got, want)
					}
					if n, err := strconv.Atoi(told[0].Message); err != nil || n == 0 {
						t.Errorf("%s %q: the message is %q", way, q, told[0].Message)
					}
				}
			}
		})
	}
}

func receiptsOf(r bot.Reply) []string { return slices.Sorted(slices.Values(r.Receipts)) }
