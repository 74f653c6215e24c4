package telegram_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/telegram"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
)

// A Bot API by other hands, which lacks much and checks nothing, carries a question, its answer, and a press that changes it.
// What it lacks keeps nothing from being answered.
func TestRoundTripByAnothersAPI(t *testing.T) {
	t.Parallel()
	e := newEmulator(t)
	d, log := bottest.NewDesk(t), &safeBuffer{}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	a := telegram.New(telegram.Options{
		Bot: d, Suggest: bot.Suggest, Token: e.token, APIURL: e.url, Meter: nobody{}, Now: time.Now, Log: newLog(log), Poll: time.Second, Pause: 10 * time.Millisecond,
		Desk: func(context.Context, int64) knowledge.DeskID { return knowledge.DefaultDesk },
	})
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	until(t, "the menus are refused", func() bool { return strings.Contains(log.String(), "does not take the menu") })
	for _, text := range []string{"/stance peru", "congo"} {
		e.post(t, "/sendMessage", map[string]any{"botToken": e.token, "date": 1, "from": person, "chat": chat, "text": text})
	}
	until(t, "both are answered", func() bool { return len(e.sent(t)) == 2 })
	answers := e.sent(t)
	if got, want := e.plain(t, answers[0]), textOf(d.Handle(t.Context(), request("stance peru"))); got != want {
		t.Errorf("it shows\n%s\nand not\n%s", got, want)
	}
	keys := answers[1].Message.Markup.Keys
	if len(keys) != 2 || !strings.HasSuffix(keys[1][0].Data, "stance COG") {
		t.Fatalf("the buttons are %+v", keys)
	}
	e.post(t, "/sendCallback", map[string]any{
		"botToken": e.token, "date": 1, "from": person, "data": keys[1][0].Data, "message": map[string]any{"message_id": answers[1].ID, "chat": chat, "date": 1},
	})
	want := textOf(d.Handle(t.Context(), request("stance COG")))
	until(t, "the answer takes the place of the question", func() bool { return e.plain(t, e.sent(t)[1]) == want })
	if n := len(e.sent(t)); n != 2 {
		t.Errorf("%d messages", n)
	}
	if h := a.Health(); h != "" {
		t.Errorf("says %q", h)
	}
}

var (
	person = map[string]any{"id": ana, "first_name": "Ana", "is_bot": false, "language_code": "en"}
	chat   = map[string]any{"id": ana, "type": "private", "first_name": "Ana"}
)

func request(text string) bot.Request {
	return bot.Request{Desk: knowledge.DefaultDesk, Language: "en", Text: text}
}

// textOf is what a reply says, line by line.
func textOf(r bot.Reply) string {
	rows := bottest.RowsOf(&r)
	lines := make([]string, len(rows))
	for i, w := range rows {
		lines[i] = w.Said()
	}
	return strings.Join(lines, "\n")
}

// An emulator is telegram-test-api, as a process.
type emulator struct{ url, token string }

func newEmulator(t *testing.T) *emulator {
	t.Helper()
	command := peers.Command(t, peers.Telegram, "emulator.mjs")
	free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := strconv.Itoa(free.Addr().(*net.TCPAddr).Port) //nolint:errcheck,forcetypeassert // of a TCP listener
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), command[0], command[1:]...)
	cmd.Env, cmd.Stderr = append(os.Environ(), "PORT="+port), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // it was told to end
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("it says %q (%v)", line, err)
	}
	return &emulator{"http://127.0.0.1:" + port, "666:TEST"}
}

// post asks the emulator as a person does.
func (e *emulator) post(t *testing.T, path string, body map[string]any) []byte {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.url+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s (%v)", path, resp.StatusCode, answer.String(), err)
	}
	return answer.Bytes()
}

// An emulated is a message of the bot's, as the emulator keeps it.
type emulated struct {
	ID      int64 `json:"messageId"`
	Message struct {
		Text   string `json:"text"`
		Chat   string `json:"chat_id"`
		Markup struct {
			Keys [][]telegram.Button `json:"inline_keyboard"`
		} `json:"reply_markup"`
	} `json:"message"`
}

// sent lists what the bot sent.
func (e *emulator) sent(t *testing.T) []emulated {
	t.Helper()
	var answer struct {
		Result []json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(e.post(t, "/getUpdatesHistory", map[string]any{"token": e.token}), &answer); err != nil {
		t.Fatal(err)
	}
	var list []emulated
	for _, raw := range answer.Result {
		var m emulated
		if bytes.Contains(raw, []byte(`"chat_id"`)) {
			if err := json.Unmarshal(raw, &m); err != nil {
				t.Fatal(err)
			}
			list = append(list, m)
		}
	}
	return list
}

// plain is what people see of a message.
func (e *emulator) plain(t *testing.T, m emulated) string {
	t.Helper()
	text, _, _, err := telegramtest.ParseHTML(m.Message.Text)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(text, "\u2060", "")
}
