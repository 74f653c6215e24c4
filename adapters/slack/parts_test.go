package slack

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestPlainText(t *testing.T) {
	for text, want := range map[string]string{
		"<@UBOT> where does peru stand?":         "where does peru stand?",
		"<@UBOT>":                                "",
		"hey <@UBOT> peru?":                      "hey   peru?",
		":flag-pe: ?":                            "🇵🇪 ?",
		"compare :us: :ru: :uk: :smile: :xx:":    "compare 🇺🇸 🇷🇺 🇬🇧 :smile: :xx:",
		"a &amp; b &lt;c&gt;":                    "a & b <c>",
		"see <https://x.org/a|the page> <@U2>":   "see the page",
		"<https://x.org/a>":                      "https://x.org/a",
		"<!channel> peru <#C1|desk> <#C2>":       "peru desk",
		"<!subteam^S1|@editors> votes peru":      "@editors votes peru",
		"1 &lt; 2 &gt; 1":                        "1 < 2 > 1",
		"&amp;lt;!here&amp;gt; is what is typed": "&lt;!here&gt; is what is typed",
	} {
		if got := withoutMention(text, "UBOT"); got != want {
			t.Errorf("%q reads %q, want %q", text, got, want)
		}
	}
	if got := withoutMention("<@U77> peru?", ""); got != "peru?" {
		t.Errorf("a mention of us, whoever we are, reads %q", got)
	}
}

func TestRecentForgets(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	r := newRecent(time.Minute, 4, func() time.Time { return now })
	if !r.add("a") || r.add("a") || !r.has("a") {
		t.Error("a key is new once")
	}
	now = now.Add(time.Minute)
	if r.has("a") || !r.add("a") {
		t.Error("what is too old is new again")
	}
	for i := range 10 {
		r.add(fmt.Sprint(i))
		if !r.has(fmt.Sprint(i)) || i > 0 && !r.has(fmt.Sprint(i-1)) {
			t.Errorf("the last two of %d keys are not kept", i+1)
		}
	}
	if n := len(r.young) + len(r.old); n > 4 || r.has("a") {
		t.Errorf("%d keys are kept, want four at most", n)
	}
}

// However often a socket is lost, it is not opened more often than Slack allows.
func TestPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opened := 0
		p := &pacer{Pace: Pace{Burst: 3, Every: 10 * time.Second}, now: time.Now, next: roundTripper(func(*http.Request) (*http.Response, error) {
			opened++
			return &http.Response{Body: http.NoBody}, nil
		})}
		open := func(ctx context.Context) error {
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://localhost/api/apps.connections.open", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := p.RoundTrip(req)
			if err == nil {
				err = resp.Body.Close()
			}
			return err
		}
		start := time.Now()
		for range 9 {
			if err := open(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 60*time.Second || opened != 9 {
			t.Errorf("9 were opened within %s, want the first 3 at once and the others in a minute", took)
		}
		ctx, end := context.WithTimeout(t.Context(), time.Second)
		defer end()
		if err := open(ctx); err == nil || opened != 9 {
			t.Error("who no longer wants a socket waits for none")
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip calls the function.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Only pages of ours are shown with a preview, by what they are about.
func TestCommandOfAPage(t *testing.T) {
	for public, pages := range map[string]map[string]string{
		"https://stancebot.example.org": {
			"https://stancebot.example.org/countries/PER":               "stance PER",
			"https://STANCEBOT.example.org/countries/per/":              "stance PER",
			"https://stancebot.example.org/resolutions/ES-11/7":         "resolution ES-11/7",
			"https://stancebot.example.org/receipts/PER-05":             "source PER-05",
			"https://stancebot.example.org/receipts/M:PER:mercosur:%3F": "source M:PER:mercosur:?",
			"https://stancebot.example.org/":                            "",
			"https://stancebot.example.org/api/v1/ask":                  "",
			"https://evil.example.org/countries/PER":                    "",
			"https://stancebot.example.org.evil/countries/PER":          "",
			"://": "",
		},
		"https://example.org/bot/": {"https://example.org/bot/countries/CUB": "stance CUB", "https://example.org/countries/CUB": ""},
		"":                         {"https://stancebot.example.org/countries/PER": ""},
	} {
		a := &Adapter{Options: Options{PublicURL: public}}
		for page, want := range pages {
			if got := a.commandOf(page); got != want {
				t.Errorf("at %s, %s asks %q, want %q", public, page, got, want)
			}
		}
	}
}
