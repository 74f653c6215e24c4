package slack_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	api "github.com/slack-go/slack"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/slack"
	"stancebot/adapters/slack/slacktest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
)

// asking is a stage whose bot asks for words, and says what was typed.
func asking() stageOptions {
	return stageOptions{adapter: func(o *slack.Options) { o.Bot = bottest.Clerk{} }}
}

// postForms posts the buttons of forms to a channel, and returns the message as it stands there.
func (s *stage) postForms(t *testing.T, channel, thread, language string) slacktest.Message {
	t.Helper()
	r := bot.Reply{Language: language, Blocks: []bot.Block{bot.Line{Text: "Proposal", Kind: bot.OurOwn}, bottest.Forms(phrases.In(language))}}
	m := slack.Render(&r, slack.Place{})
	_, _, err := api.New(s.Options.BotToken, api.OptionAPIURL(s.APIURL())).PostMessageContext(t.Context(), channel,
		api.MsgOptionText(m.Text, false), api.MsgOptionBlocks(m.Blocks...), api.MsgOptionTS(thread))
	if err != nil {
		t.Fatal(err)
	}
	said := s.Messages(channel)
	return said[len(said)-1]
}

// press presses a button of a message, which must be acknowledged, and waits until what comes of it has.
func (s *stage) press(t *testing.T, user string, m slacktest.Message, button string) {
	t.Helper()
	if r, err := s.Press(t.Context(), user, m, button); err != nil || !r.Acked {
		t.Fatalf("%s presses %s: %+v %v", user, button, r, err)
	}
	s.settle(t)
}

// submit sends the form that was opened last.
func (s *stage) submit(t *testing.T, answers ...string) {
	t.Helper()
	modals := s.Modals()
	if len(modals) == 0 {
		t.Fatal("no form is open")
	}
	v := modals[len(modals)-1]
	r, err := s.Submit(t.Context(), v, v.Fill(answers...))
	if err != nil || !r.Acked || len(r.Body) > 0 {
		t.Fatalf("sent: %+v %v", r, err)
	}
	s.settle(t)
}

func (s *stage) wantWhispers(t *testing.T, channel, user string, want ...string) []slacktest.Message {
	t.Helper()
	got := s.Ephemerals(channel, user)
	if len(got) != len(want) {
		t.Fatalf("%s sees %d messages in %s, want %d: %+v", user, len(got), channel, len(want), got)
	}
	for i, text := range want {
		if got[i].Text != text {
			t.Errorf("%s sees %q, want %q", user, got[i].Text, text)
		}
	}
	return got
}

// The button of a choice that asks opens a form, and what is typed there is typed behind the command, by its person, in the channel
// and thread of the button: the answer is for their eyes.
func TestForm(t *testing.T) {
	t.Parallel()
	on(t, asking, func(t *testing.T, s *stage) {
		m := s.postForms(t, "C1", "", "en")
		s.press(t, "U2", m, "form:en:1")
		s.wantWhispers(t, "C1", "U2")
		s.submit(t, " It sells\nless.\r\n\nMuch less :flag-br: ", "https://a.example/x?y=1&z=<2>")
		got := s.wantWhispers(t, "C1", "U2", "correct BRA-14 It sells less. Much less 🇧🇷 https://a.example/x?y=1&amp;z=&lt;2&gt; · typed by slack:T1:U2")
		if shows := shown(got[0]); !strings.HasSuffix(shows, "· typed by <@U2>\n") {
			t.Errorf("it does not name ben: %s", shows)
		}
		s.wantAnswers(t, "C1", 1)
		told := s.heard()
		if len(told) != 1 || told[0].Place != "slack:T1:U2" || !told[0].Private {
			t.Errorf("told %+v", told)
		}
		below := s.postForms(t, "C1", m.TS, "en")
		s.press(t, "U1", below, "form:en:0")
		s.submit(t, "no")
		if got := s.wantWhispers(t, "C1", "U1", "reject D-1 no · typed by slack:T1:U1"); got[0].ThreadTS != m.TS {
			t.Errorf("it is answered in the thread %q", got[0].ThreadTS)
		}
	})
}

// A form says in the language of its message what is asked for, and sends it on in that language.
func TestFormInEveryLanguage(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, asking())
	for _, language := range phrases.Languages() {
		p := phrases.In(language)
		m := s.postForms(t, "C1", "", language)
		s.press(t, "U1", m, "form:"+language+":1")
		modals := s.Modals()
		form := string(modals[len(modals)-1].JSON)
		for _, want := range []string{p.Say("edit.correct"), p.Say("edit.ask.right"), p.Say("edit.ask.source"), "https://…", p.Say("slack.form.send"), p.Say("slack.form.close"), "correct BRA-14"} {
			if !strings.Contains(form, want) {
				t.Errorf("%s: the form lacks %q: %s", language, want, form)
			}
		}
		s.submit(t, "a", "b")
		if told := s.heard(); len(told) != 1 || told[0].Reply.Language != language {
			t.Errorf("%s: told %+v", language, told)
		}
	}
	for _, c := range s.Complaints() {
		t.Errorf("Slack would mind: %s", c)
	}
}

// In the direct message the answer is a message, and where the app may not write to the channel, it comes directly.
func TestFormElsewhere(t *testing.T) {
	t.Parallel()
	on(t, asking, func(t *testing.T, s *stage) {
		direct, err := s.OpenIM("U1")
		if err != nil {
			t.Fatal(err)
		}
		s.press(t, "U1", s.postForms(t, direct, "", "en"), "form:en:0")
		s.submit(t, "no")
		s.wantAnswers(t, direct, 2)
		if told := s.heard(); len(told) != 1 || told[0].Place != "slack:T1:"+direct || told[0].Message == "" {
			t.Errorf("told %+v", told)
		}
		r, err := s.Command(t.Context(), slacktest.Command{Text: "reject D-2", Channel: "C3", User: "U1"})
		if err != nil || r.Message == nil {
			t.Fatalf("%+v %v", r, err)
		}
		s.press(t, "U1", *r.Message, "form:en:0")
		s.submit(t, "no, too")
		s.wantAnswers(t, "C3", 0)
		s.wantAnswers(t, direct, 3)
		if said := s.Messages(direct); said[len(said)-1].Text != "reject D-2 no, too · typed by slack:T1:U1" {
			t.Errorf("said %q", said[len(said)-1].Text)
		}
	})
}

// What opens a form lives for three seconds, and Slack may refuse: then the plain command is answered, which says how it is typed and
// has the button of the form.
func TestFormThatDoesNotOpen(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]slacktest.Fault{
		"expired": {Error: "expired_trigger_id"}, "cut": {Drop: true}, "too many": {Status: http.StatusTooManyRequests, RetryAfter: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refusing := func() stageOptions {
				o := asking()
				o.slack.Fault = first("views.open", fault)
				return o
			}
			on(t, refusing, func(t *testing.T, s *stage) {
				s.press(t, "U1", s.postForms(t, "C1", "", "es"), "form:es:0")
				got := s.wantWhispers(t, "C1", "U1", "Type reject D-1 and the words\n"+phrases.In("es").Say("edit.reject"))
				if controls := got[0].Controls(); len(controls) != 1 || controls[0].ActionID != "form:es:0" {
					t.Errorf("it offers %+v", controls)
				}
			})
		})
	}
}

// What is sent twice, as by a second click, is done once.
func TestFormSentTwice(t *testing.T) {
	t.Parallel()
	on(t, asking, func(t *testing.T, s *stage) {
		s.press(t, "U1", s.postForms(t, "C1", "", "en"), "form:en:0")
		s.submit(t, "no")
		s.submit(t, "no")
		s.wantWhispers(t, "C1", "U1", "reject D-1 no · typed by slack:T1:U1")
	})
}

// A press that comes again opens no second form, and is not answered as one that failed: neither here nor at another process.
func TestFormPressedOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, asking())
	s.press(t, "U1", s.postForms(t, "C1", "", "en"), "form:en:0")
	payload, err := json.Marshal(map[string]any{
		"type": "block_actions", "trigger_id": s.Calls("views.open")[0].Args["trigger_id"], "response_url": s.URL() + "/x", "team": map[string]string{"id": "T1"},
		"user": map[string]string{"id": "U1"}, "channel": map[string]string{"id": "C1"},
		"actions": []map[string]string{{"action_id": "form:en:0", "value": `{"c":"reject D-1","a":[{"l":"x"}]}`}},
	})
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"payload": {string(payload)}}.Encode()
	for again := range 2 {
		r, err := s.Raw(t.Context(), slacktest.Raw{Path: "/slack/interactions", ContentType: "application/x-www-form-urlencoded", Body: []byte(form)})
		if err != nil || r.Status != http.StatusOK {
			t.Fatalf("%+v %v", r, err)
		}
		s.settle(t)
		if n, calls := len(s.Modals()), len(s.Calls("views.open")); n != 1 || calls != 1+again {
			t.Errorf("%d forms are open, by %d calls", n, calls)
		}
		s.wantWhispers(t, "C1", "U1")
		s.restart(t)
	}
}

// What is typed into a form reaches a process that knows nothing of it.
func TestFormOutlivesARestart(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, asking())
	s.press(t, "U1", s.postForms(t, "C1", "", "en"), "form:en:0")
	s.restart(t)
	s.submit(t, "no")
	s.wantWhispers(t, "C1", "U1", "reject D-1 no · typed by slack:T1:U1")
}

// restart has another process of the program take what Slack sends.
func (s *stage) restart(t *testing.T) {
	t.Helper()
	s.adapter = slack.New(s.adapter.Options)
	s.run(t, overHTTP)
}

// Forms keep what was asked for on their buttons; what is too large for one, or asks for nothing that could be shown, is typed. A menu
// and a list hold commands.
func TestFormButtons(t *testing.T) {
	plain := bot.Choice{Label: "Approve", Command: "approve D-1"}
	asks := func(n int, label string) bot.Choice {
		c := bot.Choice{Label: "Reject …", Command: "reject D-1"}
		for range n {
			c.Asks = append(c.Asks, bot.Ask{Label: label, Hint: "because", Long: true})
		}
		return c
	}
	form := `{"c":"reject D-1","a":[{"l":"Why?","h":"because","s":true}]}`
	for name, c := range map[string]struct {
		choices []bot.Choice
		asks    bool
		want    []string
	}{
		"one":             {[]bot.Choice{plain, asks(1, "Why?")}, false, []string{"ask:en:0 approve D-1", "form:en:1 " + form}},
		"asked back":      {[]bot.Choice{plain, asks(1, "Why?")}, true, []string{"pick:en:0 approve D-1", "form:en:1 " + form}},
		"too large":       {[]bot.Choice{asks(1, strings.Repeat("é", 2000))}, false, []string{"ask:en:0 reject D-1"}},
		"large":           {[]bot.Choice{asks(1, strings.Repeat("é", 1900))}, false, []string{"form:en:0 " + strings.Replace(form, "Why?", strings.Repeat("é", 1900), 1)}},
		"too many":        {[]bot.Choice{asks(11, "a")}, false, []string{"ask:en:0 reject D-1"}},
		"without a label": {[]bot.Choice{asks(1, "")}, false, []string{"ask:en:0 reject D-1"}},
		"in a menu":       {[]bot.Choice{plain, plain, plain, plain, asks(1, "Why?")}, false, []string{"ask:en:0 approve D-1", "ask:en:1 approve D-1", "ask:en:2 approve D-1", "ask:en:3 approve D-1", " reject D-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := bot.Reply{Language: "en", Blocks: []bot.Block{bot.Line{Text: "x", Kind: bot.OurOwn}, bot.Choices{Items: c.choices, Asks: c.asks}}}
			m := slack.Render(&r, slack.Place{})
			if faults := limitFaults(t, m); len(faults) > 0 {
				t.Error(faults)
			}
			var got []string
			for _, c := range controlsOf(m) {
				got = append(got, c.id+" "+c.value)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Slack's own types and limits take the forms, in every language, and the largest of them.
func TestFormsAsSlackTakesThem(t *testing.T) {
	var batch []payload
	add := func(name, language string, c bot.Choice) {
		view, opens := slack.FormOf(c, language)
		if !opens {
			t.Errorf("%s does not open", name)
		}
		batch = append(batch, payload{ID: name, View: view})
	}
	for _, language := range phrases.Languages() {
		for _, c := range bottest.Forms(phrases.In(language)).Items {
			add(language+" "+c.Command, language, c)
		}
	}
	for _, text := range append(hostile(), strings.Repeat("é", 900)) {
		add(text, "en", bot.Choice{Label: text, Command: "reject D-1", Asks: []bot.Ask{{Label: text, Hint: text}}})
	}
	peers.Check(t, peers.Slack, "check-blocks.mjs", batch)
}

// What is sent as a form and is none of ours is left alone.
func TestForeignForms(t *testing.T) {
	t.Parallel()
	s := newStage(t, overHTTP, asking())
	for name, view := range map[string]string{
		"another":     `{"id":"V1","callback_id":"survey","private_metadata":"{\"command\":\"help\"}"}`,
		"no command":  `{"id":"V1","callback_id":"form","private_metadata":"{}"}`,
		"no metadata": `{"id":"V1","callback_id":"form"}`,
		"no id":       `{"callback_id":"form","private_metadata":"{\"command\":\"help\"}"}`,
		"no form":     `7`,
	} {
		body := url.Values{"payload": {`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":` + view + `}`}}.Encode()
		r, err := s.Raw(t.Context(), slacktest.Raw{Path: "/slack/interactions", ContentType: "application/x-www-form-urlencoded", Body: []byte(body)})
		if err != nil || r.Status != http.StatusOK {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
	if n := s.meter.of("action ignored"); n != 5 {
		t.Errorf("%d were left alone", n)
	}
}

// A person behind a line is named by Slack where they are of its workspace, and nobody is who was typed.
func TestWhoIsNamed(t *testing.T) {
	for _, c := range []struct{ who, team, want string }{
		{"slack:T1:U2", "T1", "by <@U2> [D-1]"},
		{"slack:T1:WABC9", "T1", "by <@WABC9> [D-1]"},
		{"slack:T1:U2", "T2", "by slack:T1:U2 [D-1]"},
		{"slack:T1:U2", "", "by slack:T1:U2 [D-1]"},
		{"telegram:77", "T1", "by telegram:77 [D-1]"},
		{"console:<!here>", "T1", "by console:&lt;!here&gt; [D-1]"},
		{"slack:T1:<!here>", "T1", "by slack:T1:&lt;!here&gt; [D-1]"},
		{"slack:T1:U2|x", "T1", "by slack:T1:U2|x [D-1]"},
		{"slack:T1:C2", "T1", "by slack:T1:C2 [D-1]"},
		{"", "T1", "by [D-1]"},
	} {
		t.Run(fmt.Sprint(c.who, " in ", c.team), func(t *testing.T) {
			r := bot.Reply{Language: "en", Blocks: []bot.Block{
				bot.Line{Text: "Proposed <@U1> by", Who: c.who, Receipts: []string{"D-1"}}, bot.Row{Text: "Proposed by", Who: c.who, Receipts: []string{"D-1"}},
			}}
			m := slack.Render(&r, slack.Place{Team: c.team})
			lines, faults := shownIn(m)
			if want := []string{"Proposed &lt;@U1&gt; " + c.want, "• Proposed " + c.want}; len(faults) > 0 || !slices.Equal(lines, want) {
				t.Errorf("it shows %q %v, want %q", lines, faults, want)
			}
			if strings.Contains(m.Text, "<") {
				t.Errorf("the text is live: %q", m.Text)
			}
		})
	}
}
