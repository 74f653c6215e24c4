package slack

import (
	"context"
	"encoding/json"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/lenient"
	"stancebot/bot"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
)

// samplesVariable names the folder of Slack's own sample payloads: one JSON file a payload, in which every text is empty and every
// field stands that may.
const samplesVariable = "STANCETEST_SLACK_SAMPLES"

// Slack's own samples are taken: none is refused as malformed, and those that ask something are known for what they are.
func TestSlackSamples(t *testing.T) {
	folder := os.Getenv(samplesVariable)
	if folder == "" {
		t.Skipf("no sample payloads of Slack's: set %s to the absolute path of the folder json-logs/samples of "+
			"https://github.com/slackapi/java-slack-sdk", samplesVariable)
	}
	asked := map[string]bool{
		"AppMentionPayload": false, "MessagePayload": false, "AppHomeOpenedPayload": false, "LinkSharedPayload": false,
		"MessageFileSharePayload": false, "MessageThreadBroadcastPayload": false, // a person wrote them, too
		"BlockActionPayload": false, "MessageShortcutPayload": false, "SlashCommandPayload": false,
	}
	seen := 0
	err := filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) != ".json" {
			return err
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		t.Run(name, func(t *testing.T) {
			if verdict := receiveSample(t, raw); verdict == malformed {
				t.Error("refused as malformed, as it is")
			}
			_, asks := asked[name]
			verdict := receiveSample(t, filled(t, raw))
			if asks != (verdict == recorded) {
				t.Errorf("filled in, it is %s", verdict)
			}
			asked[name] = true
		})
		seen++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, found := range asked {
		if !found {
			t.Errorf("%s.json is not in %s", name, folder)
		}
	}
	t.Logf("%d samples", seen)
}

// receiveSample has an adapter receive a payload by the way that it comes, over HTTP and over a socket alike. What a command
// asks is answered at once: recorded stands for that, too.
func receiveSample(t *testing.T, raw []byte) verdict {
	t.Helper()
	a := newSampleAdapter()
	head, err := lenient.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case head.Has("command"):
		overSocket, err := readCommand(raw)
		overHTTP, err2 := readForm([]byte(formOf(head).Encode()))
		if err != nil || err2 != nil || overSocket != overHTTP {
			t.Fatalf("the command is read as %+v (%v) and as %+v (%v)", overSocket, err, overHTTP, err2)
		}
		v := ignored
		a.command(t.Context(), &overHTTP, func(answer json.RawMessage, _ bool) {
			if answer != nil {
				v = recorded
			}
		})
		return v
	case head.Has("event") || head.Text("type") == "app_rate_limited":
		v, _ := a.receiveEvent(t.Context(), raw)
		return v
	}
	return a.receiveAction(t.Context(), raw)
}

// newSampleAdapter returns an adapter without a Slack. Its inbox keeps what comes and works nothing.
func newSampleAdapter() *Adapter {
	return New(Options{
		Bot: sampleBot{}, BotToken: "xoxb-test", Desk: func(context.Context, string) knowledge.DeskID { return knowledge.DefaultDesk },
		Store: func() inbox.Store { return nil }, Meter: sampleMeter{}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
}

type sampleBot struct{}

func (sampleBot) Handle(context.Context, bot.Request) bot.Reply {
	return bot.Reply{Language: "en", Blocks: []bot.Block{bot.Line{Text: "Peru", Kind: bot.OurOwn}}}
}

type sampleMeter struct{}

func (sampleMeter) Event(string, string)               {}
func (sampleMeter) Call(string, string, time.Duration) {}

// formOf is a command as HTTP brings it.
func formOf(f lenient.Object) url.Values {
	form := url.Values{}
	for key := range f.Keys() {
		form.Set(key, f.Text(key))
	}
	return form
}

// filled is a sample with something in its empty texts, as a person's act brings it. What tells a bot's messages, edits and
// deletions from those of people is taken out: a sample holds every field that there can be.
func filled(t *testing.T, raw []byte) []byte {
	t.Helper()
	var sample map[string]any
	if err := json.Unmarshal(raw, &sample); err != nil {
		t.Fatal(err)
	}
	fill(sample)
	if event, ok := sample["event"].(map[string]any); ok {
		kind, _ := event["type"].(string)
		fillEvent(event, kind)
		sample["type"] = "event_callback"
	}
	if sample["type"] == "message_action" {
		sample["callback_id"] = checkThis
	}
	out, err := json.Marshal(sample)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func fillEvent(event map[string]any, kind string) {
	switch kind {
	case "app_mention", "message":
		if event["subtype"] == "x" || event["subtype"] == nil { // it stands for none
			for _, key := range []string{"subtype", "bot_id", "bot_profile", "edited"} {
				delete(event, key)
			}
		}
		if kind == "message" {
			event["channel_type"] = "im"
		}
		event["user"] = "U2"
	case "app_home_opened":
		event["tab"] = "home"
	}
}

// fill puts something into every empty text.
func fill(v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			if inner == "" {
				v[key] = "x"
			}
			fill(inner)
		}
	case []any:
		for i, inner := range v {
			if inner == "" {
				v[i] = "x"
			}
			fill(inner)
		}
	}
}
