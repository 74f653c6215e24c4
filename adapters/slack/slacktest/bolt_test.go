package slacktest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/slack/slacktest"
)

// Bolt, Slack's own framework, finds in the fake what it expects of Slack, over both transports: what an app of Bolt that uses
// every way in does is what its words say, and the fake complains of nothing.
func TestBolt(t *testing.T) {
	t.Parallel()
	peers.Command(t, peers.Slack, "calibrate.mjs")
	t.Run("socket", func(t *testing.T) {
		t.Parallel()
		s, _ := newWorkspace(t, slacktest.Options{})
		startBolt(t, s, "MODE=socket")
		await(t, s, 1)
		useBolt(t, s)
	})
	t.Run("http", func(t *testing.T) {
		t.Parallel()
		s, _ := newWorkspace(t, slacktest.Options{})
		port := freePort(t)
		startBolt(t, s, "MODE=http", "PORT="+port)
		s.UseHTTP("http://127.0.0.1:" + port)
		useBolt(t, s)
	})
}

// startBolt starts the app, and returns when it is ready. What it says of errors fails the test.
func startBolt(t *testing.T, s *slacktest.Server, env ...string) {
	t.Helper()
	command := peers.Command(t, peers.Slack, "calibrate.mjs")
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), command[0], command[1:]...)
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "SLACK_API_URL=" + s.APIURL(), "SLACK_BOT_TOKEN=" + s.Options.BotToken,
		"SLACK_APP_TOKEN=" + s.Options.AppToken, "SLACK_SIGNING_SECRET=" + s.Options.SigningSecret,
	}, env...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if said.Len() > 0 {
			t.Errorf("bolt says:\n%s", said.String())
		}
	})
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("bolt is not ready: %q, %v", line, err)
	}
}

// useBolt goes every way in.
func useBolt(t *testing.T, s *slacktest.Server) {
	t.Helper()
	did := must[slacktest.Receipt](t)
	acked := func(r slacktest.Receipt) slacktest.Receipt {
		t.Helper()
		if !r.Acked {
			t.Errorf("not acknowledged: %+v", r)
		}
		return r
	}

	r := acked(did(s.Command(t.Context(), slacktest.Command{Text: "peru", Channel: news, User: ana})))
	if r.Message == nil || r.Message.Text != "stance: peru" || r.Message.EphemeralTo != ana {
		t.Errorf("the command was answered with %+v", r.Message)
	}

	r = acked(did(s.Mention(t.Context(), luis, news, "cuba", "")))
	reply := awaitMessage(t, s, news, "mention: <@UBOT> cuba")
	if reply.ThreadTS != r.TS {
		t.Errorf("the mention %s was answered in the thread %s", r.TS, reply.ThreadTS)
	}
	acked(did(s.Mention(t.Context(), luis, news, "chile", r.TS)))
	if again := awaitMessage(t, s, news, "mention: <@UBOT> chile"); again.ThreadTS != r.TS {
		t.Errorf("a mention in the thread %s was answered in %s", r.TS, again.ThreadTS)
	}

	acked(did(s.DM(t.Context(), ana, "hello", "")))
	im := must[string](t)(s.OpenIM(ana))
	first := awaitMessage(t, s, im, "im: hello")
	acked(did(s.Press(t.Context(), ana, first, "update")))
	updated := awaitMessage(t, s, im, "updated: update")
	if updated.TS != first.TS || len(updated.Edits) != 1 {
		t.Errorf("the update made another message: %+v", updated)
	}
	acked(did(s.DM(t.Context(), ana, "once more", "")))
	second := awaitMessage(t, s, im, "im: once more")
	acked(did(s.Press(t.Context(), ana, second, "again")))
	if replaced := awaitMessage(t, s, im, "again: again"); replaced.TS != second.TS {
		t.Errorf("the answer took no message's place: %+v", replaced)
	}

	acked(did(s.Shortcut(t.Context(), luis, "check_this", reply)))
	awaitThat(t, s, "checked", func() bool {
		seen := s.Ephemerals(news, luis)
		return len(seen) == 1 && seen[0].Text == "checked: "+reply.Text
	})

	acked(did(s.OpenHome(t.Context(), ana)))
	awaitThat(t, s, "a home", func() bool {
		v, ok := s.Home(ana)
		return ok && strings.Contains(string(v.JSON), "home of "+ana)
	})

	links := []string{"https://bot.example/countries/per", "https://bot.example/countries/cub"}
	r = acked(did(s.ShareLink(t.Context(), ana, news, links...)))
	awaitThat(t, s, "previews", func() bool { return len(s.Unfurls()) == len(links) })
	for _, u := range s.Unfurls() {
		if u.TS != r.TS || !slices.Contains(links, u.URL) || !strings.Contains(text(t, u.Preview), "unfurled: "+u.URL) {
			t.Errorf("the preview %+v", u)
		}
	}
	noComplaints(t, s)
}

// awaitMessage waits for a message that says something.
func awaitMessage(t *testing.T, s *slacktest.Server, channel, said string) slacktest.Message {
	t.Helper()
	var found slacktest.Message
	awaitThat(t, s, fmt.Sprintf("the message %q", said), func() bool {
		messages := s.Messages(channel)
		i := slices.IndexFunc(messages, func(m slacktest.Message) bool { return m.Text == said })
		if i >= 0 {
			found = messages[i]
		}
		return i >= 0
	})
	return found
}

func awaitThat(t *testing.T, s *slacktest.Server, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := s.Await(ctx, holds); err != nil {
		t.Fatalf("%s does not come: %v; complaints: %q", what, err, s.Complaints())
	}
}

// text is JSON without the escapes of its writer.
func text(t *testing.T, raw json.RawMessage) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(v)
}

// freePort returns a port of this machine on which nobody listens.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // nobody connected
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
