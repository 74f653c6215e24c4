package slack_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"stancebot/adapters/slack/slacktest"
	"stancebot/bot"
	"stancebot/bot/bottest"
)

// A transcript is a txtar archive in which the name of each file is what somebody does, and its content what is seen of it
// then. The acts are
//
//	ana in #desk: /stance peru                a slash command; without a channel, in the direct message
//	ana in #desk: @stancebot peru?            a mention; "in thread 1 of #desk" answers in the thread of the first message
//	ana: peru?                                a direct message
//	ana presses votes PER                     a button of what was last seen, by its label or its command
//	ana checks: Lula was in Kazan.            the message shortcut on somebody's message in #desk
//	ana opens home
//	ana in #desk links https://…              a message with a link
//
// Each is played over HTTP and over Socket Mode, and is seen alike. The receipts that are seen are those of the console.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts (%v)", err)
	}
	for _, file := range files {
		for _, over := range transports {
			t.Run(filepath.Base(file)+" over "+string(over), func(t *testing.T) { play(t, file, over) })
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
		got := []byte(strings.ReplaceAll(p.seen(t), p.desk.Records.Version, "VERSION") + "\n") // which any change of the records changes
		if bottest.Update() && over == overHTTP {
			f.Data = slices.Concat(got, []byte("\n"))
			continue
		}
		if diff := cmp.Diff(string(bytes.TrimSpace(f.Data)), string(bytes.TrimSpace(got))); diff != "" {
			t.Errorf("%s: %q (-want +got; run with -update when the change is meant):\n%s", file, f.Name, diff)
		}
	}
	for _, c := range p.Complaints() {
		t.Errorf("Slack would mind: %s", c)
	}
	if bottest.Update() && over == overHTTP {
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A player plays a transcript.
type player struct {
	*stage
	looked map[string]string // what was seen of each message already, by place and ts
	last   slacktest.Message // that was seen
	home   bool              // the home tab was seen last
}

var people = map[string]string{"ana": "U1", "ben": "U2"}

var acts = regexp.MustCompile(`^(ana|ben)(?: in (?:thread (\d+) of )?#(\w+))?(: | presses | checks: | opens home| links )(.*)$`)

func (p *player) act(t *testing.T, act string) {
	t.Helper()
	m := acts.FindStringSubmatch(act)
	if m == nil {
		t.Fatalf("no act: %q", act)
	}
	user, channel, what := people[m[1]], map[string]string{"desk": "C1", "partners": "C2", "elsewhere": "C3"}[m[3]], m[5]
	var got slacktest.Receipt
	var err error
	switch command, isCommand := strings.CutPrefix(what, "/stance"); {
	case m[4] == " presses ":
		got, err = p.press(t, user, what)
	case m[4] == " checks: ":
		said, sayErr := p.Say("U2", "C1", what)
		if sayErr != nil {
			t.Fatal(sayErr)
		}
		got, err = p.Shortcut(t.Context(), user, "check_this", said)
	case m[4] == " opens home":
		got, err = p.OpenHome(t.Context(), user)
	case m[4] == " links ":
		got, err = p.ShareLink(t.Context(), user, channel, strings.Fields(what)...)
	case isCommand:
		got, err = p.Command(t.Context(), slacktest.Command{Text: strings.TrimSpace(command), Channel: p.orDirect(t, channel, user), User: user})
	case channel == "":
		got, err = p.DM(t.Context(), user, what, "")
	default:
		got, err = p.Mention(t.Context(), user, channel, strings.TrimSpace(strings.TrimPrefix(what, "@stancebot")), p.thread(channel, m[2]))
	}
	if err != nil || !got.Acked {
		t.Fatalf("%s: %+v %v", act, got, err)
	}
	p.settle(t)
}

func (p *player) orDirect(t *testing.T, channel, user string) string {
	t.Helper()
	if channel != "" {
		return channel
	}
	id, err := p.OpenIM(user)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// thread returns the ts of a channel's nth message.
func (p *player) thread(channel, n string) string {
	if n == "" {
		return ""
	}
	return p.Messages(channel)[int(n[0]-'1')].TS
}

func (p *player) press(t *testing.T, user, what string) (slacktest.Receipt, error) {
	t.Helper()
	if p.home {
		return p.PressHome(t.Context(), user, what)
	}
	for _, c := range p.last.Controls() {
		if c.Label == what {
			what = c.ActionID
			if c.Type == "option" {
				what = c.Value
			}
			break
		}
	}
	return p.Press(t.Context(), user, p.last, what)
}

// seen says what is new or was changed since it was last looked, message by message.
func (p *player) seen(t *testing.T) string {
	t.Helper()
	if p.looked == nil {
		p.looked = map[string]string{}
	}
	var b strings.Builder
	p.home = false
	for _, m := range p.messages(t) {
		key, text := m.Channel+m.TS+m.EphemeralTo, shown(m)
		if m.Via == "person" || p.looked[key] == text {
			continue
		}
		how := ""
		if p.looked[key] != "" {
			how = ", changed"
		}
		p.looked[key], p.last = text, m
		fmt.Fprintf(&b, "[%s%s%s]\n%s", p.where(m), seenBy(m), how, text+p.filesOf(m))
	}
	for _, u := range p.Unfurls() {
		if key := u.Channel + u.TS + u.URL; p.looked[key] == "" {
			p.looked[key] = string(u.Preview)
			var preview struct{ Blocks json.RawMessage }
			if err := json.Unmarshal(u.Preview, &preview); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "[below %s]\n%s", u.URL, shown(slacktest.Message{Content: slacktest.Content{Blocks: preview.Blocks}}))
		}
	}
	for name, user := range people {
		if v, ok := p.Home(user); ok && p.looked["home"+user] != string(v.JSON) {
			p.looked["home"+user], p.home = string(v.JSON), true
			var view struct{ Blocks json.RawMessage }
			if err := json.Unmarshal(v.JSON, &view); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&b, "[home of %s]\n%s", name, shown(slacktest.Message{Content: slacktest.Content{Blocks: view.Blocks}}))
		}
	}
	if b.Len() == 0 {
		return "(nothing)"
	}
	return strings.TrimRight(b.String(), "\n")
}

// filesOf names the files of a message.
func (p *player) filesOf(m slacktest.Message) string {
	text := ""
	for _, f := range p.Files() {
		if slices.Contains(m.Files, f.ID) {
			text += fmt.Sprintf("(file %s of %d rows)\n", f.Name, bytes.Count(f.Content, []byte("\r\n")))
		}
	}
	return text
}

// messages lists all messages, the oldest first.
func (p *player) messages(t *testing.T) []slacktest.Message {
	t.Helper()
	channels := []string{"C1", "C2", "C3"}
	for _, user := range people {
		id, err := p.OpenIM(user)
		if err != nil {
			t.Fatal(err)
		}
		channels = append(channels, id)
	}
	var all []slacktest.Message
	for _, channel := range channels {
		all = append(all, p.Messages(channel)...)
		for _, user := range people {
			all = append(all, p.Ephemerals(channel, user)...)
		}
	}
	slices.SortStableFunc(all, func(a, b slacktest.Message) int { return strings.Compare(a.TS, b.TS) })
	return all
}

func (p *player) where(m slacktest.Message) string {
	names := map[string]string{"C1": "#desk", "C2": "#partners", "C3": "#elsewhere"}
	where := names[m.Channel]
	if where == "" {
		where = "direct"
	}
	if m.ThreadTS != "" {
		where += ", thread"
	}
	return where
}

func seenBy(m slacktest.Message) string {
	for name, user := range people {
		if m.EphemeralTo == user {
			return ", only " + name
		}
	}
	return ""
}

// shown writes the blocks of a message as text: headers in capitals' place with a hash, small text with a bar, buttons in
// brackets. Links show their label.
func shown(m slacktest.Message) string {
	var blocks []struct {
		Type     string
		Text     struct{ Text string }
		Elements []struct{ Text json.RawMessage }
	}
	if len(m.Blocks) == 0 {
		return m.Text + "\n"
	}
	if err := json.Unmarshal(m.Blocks, &blocks); err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, blk := range blocks {
		switch blk.Type {
		case "header":
			b.WriteString("# " + blk.Text.Text + "\n")
		case "section":
			b.WriteString(labels(blk.Text.Text) + "\n")
		case "context":
			var text string
			if err := json.Unmarshal(blk.Elements[0].Text, &text); err != nil {
				return err.Error()
			}
			b.WriteString("| " + strings.ReplaceAll(labels(text), "\n", "\n| ") + "\n")
		case "actions":
			var buttons []string
			for _, c := range m.Controls() {
				buttons = append(buttons, fmt.Sprintf("(%s)", c.Label))
			}
			b.WriteString(strings.Join(buttons, " ") + "\n")
		}
	}
	return b.String()
}

var linkMarks = regexp.MustCompile(`<[^|>]*\|([^>]*)>`)

func labels(mrkdwn string) string { return linkMarks.ReplaceAllString(mrkdwn, "$1") }

// What is asked in any way is answered with the receipts that the console shows.
func TestSameReceiptsAsTheConsole(t *testing.T) {
	questions := []string{"stance PER", "brazil", "votes CUB", "compare CHL ARG", "group southern cone", "why ECU", "source F-02", "shifts ARG", "resolution ES-11/7"}
	for _, over := range transports {
		t.Run(string(over), func(t *testing.T) {
			s := newStage(t, over, stageOptions{})
			for _, q := range questions {
				want := receiptsOf(s.replyTo(t, q))
				for way, ask := range waysIn(s) {
					ask(t, q)
					s.settle(t)
					told := s.heard()
					if len(told) != 1 {
						t.Fatalf("%s %q: told %d times", way, q, len(told))
					}
					if got := receiptsOf(told[0].Reply); !slices.Equal(got, want) {
						t.Errorf("%s %q rests on %v, on the console on %v", way, q, got, want)
					}
				}
			}
		})
	}
}

// What one person alone is told names the channel that it was asked in.
func TestWhereWhispersWereAskedIsTold(t *testing.T) {
	s := newStage(t, overHTTP, stageOptions{})
	for way, ask := range waysIn(s) {
		ask(t, "stance PER")
		s.settle(t)
		for _, told := range s.heard() {
			alone := told.Place == "slack:T1:U1"
			if want := map[bool]bot.Address{true: "slack:T1:C1", false: ""}[alone]; told.In != want || alone != (way == "command") {
				t.Errorf("%s: told in %s, asked in %q", way, told.Place, told.In)
			}
		}
	}
}

func receiptsOf(r bot.Reply) []string { return slices.Sorted(slices.Values(r.Receipts)) }

// waysIn are the ways to ask a question.
func waysIn(s *stage) map[string]func(*testing.T, string) {
	acked := func(t *testing.T, r slacktest.Receipt, err error) {
		t.Helper()
		if err != nil || !r.Acked {
			t.Fatalf("%+v %v", r, err)
		}
	}
	return map[string]func(*testing.T, string){
		"command": func(t *testing.T, q string) {
			r, err := s.Command(t.Context(), slacktest.Command{Text: q, Channel: "C1", User: "U1"})
			acked(t, r, err)
		},
		"mention": func(t *testing.T, q string) {
			r, err := s.Mention(t.Context(), "U1", "C1", q, "")
			acked(t, r, err)
		},
		"direct message": func(t *testing.T, q string) {
			r, err := s.DM(t.Context(), "U1", q, "")
			acked(t, r, err)
		},
	}
}
