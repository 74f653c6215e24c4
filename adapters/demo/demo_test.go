package demo_test

import (
	"context"
	"errors"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stancebot/adapters/console"
	"stancebot/adapters/demo"
	"stancebot/adapters/slack"
	"stancebot/adapters/telegram"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/bot/showcase"
)

// A tab is one that is served, over newsrooms whose program answers and remembers nothing.
type tab struct {
	*httptest.Server

	mu   sync.Mutex
	at   time.Time
	open atomic.Int64 // newsrooms
}

func newTab(tb testing.TB) *tab {
	tb.Helper()
	desk := bottest.NewDesk(tb)
	s := &tab{at: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	nothing := func(context.Context) error { return nil }
	d := demo.New(demo.Options{
		Open: func(ctx context.Context, language string) (*showcase.Newsroom, error) {
			return showcase.New(ctx, language, func(context.Context, showcase.Stage) (*showcase.Program, error) {
				s.open.Add(1)
				return &showcase.Program{
					Answer: desk.Handle, Tell: func(showcase.Telling) {}, Follow: nothing, Plan: nothing,
					Deliver:    func(context.Context) (int, error) { return 0, nil },
					Deliveries: func(context.Context) ([]digest.Task, error) { return nil, nil },
					Close:      func() error { s.open.Add(-1); return nil },
				}, nil
			})
		},
		Draw: map[string]func(*showcase.Message, string, string) (template.HTML, error){
			showcase.Slack: func(m *showcase.Message, language, file string) (template.HTML, error) {
				return slack.Preview(&slack.Shown{Name: "stancebot", Language: language, Typed: m.Typed, Reply: m.Reply, File: file})
			},
			showcase.Telegram: func(m *showcase.Message, language, file string) (template.HTML, error) {
				return telegram.Preview(&telegram.Shown{Name: "stancebot", Language: language, Typed: m.Typed, Reply: m.Reply, To: m.RootText, File: file})
			},
			showcase.Terminal: func(m *showcase.Message, _, _ string) (template.HTML, error) {
				return console.Preview(&console.Shown{Typed: m.Typed, Reply: m.Reply})
			},
		},
		Language: "en", Now: s.now, Log: slog.New(slog.DiscardHandler),
	})
	s.Server = httptest.NewServer(d)
	tb.Cleanup(func() {
		s.Close()
		d.Close()
		if left := s.open.Load(); left != 0 {
			tb.Errorf("%d newsrooms are open after the end", left)
		}
	})
	return s
}

func (s *tab) now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at
}

func (s *tab) later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = s.at.Add(d)
}

// A visitor is a browser without script.
type visitor struct {
	testing.TB
	*http.Client

	tab *tab
}

func (s *tab) visitor(tb testing.TB) *visitor {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &visitor{tb, &http.Client{Jar: jar}, s}
}

// page is what a request shows in the end: one for a page, or one that posts a form.
func (v *visitor) page(status int, method, address string, form url.Values, header ...string) string {
	v.Helper()
	req, err := http.NewRequestWithContext(v.Context(), method, v.tab.URL+address, strings.NewReader(form.Encode()))
	if err != nil {
		v.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := v.Do(req)
	if err != nil {
		v.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		v.Fatalf("%s: %d, %v", resp.Request.URL, resp.StatusCode, err)
	}
	return string(body)
}

func (v *visitor) looks() string {
	v.Helper()
	return v.page(http.StatusOK, http.MethodGet, "/demo", nil)
}

func (v *visitor) posts(to string, pairs ...string) string {
	v.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.page(http.StatusOK, http.MethodPost, "/demo/"+to, form)
}

func shows(tb testing.TB, page string, wanted ...string) {
	tb.Helper()
	for _, w := range wanted {
		if !strings.Contains(page, w) {
			tb.Errorf("the page does not show %q", w)
		}
	}
}

// A visitor enters, asks, presses, plays somebody else, fills in a form and moves the clock, all by forms.
func TestAVisitWithoutScript(t *testing.T) {
	v := newTab(t).visitor(t)
	shows(t, v.looks(), "Open the newsroom", `action="/demo/enter"`)
	shows(t, v.posts("enter", "language", "en"), "Step 1 of 8", "slack-message", "telegram-bubble", "terminal-message", `value="why BRA"`, "toward Russia: contested")
	shows(t, v.posts("do", "in", "everywhere", "text", "stance peru"), "Peru · toward Russia", `class="demo-new"`)
	page := v.posts("do", "in", string(showcase.Group), "message", "", "press", "why BRA")
	shows(t, page, "What the labels of Brazil rest on")
	shows(t, v.posts("do", "who", "ana"), `value="ana" aria-pressed="true"`)
	shows(t, v.posts("do", "till", "morning"), "24 Nov 2026, 08:00 UTC")
	shows(t, v.posts("do", "platform", "telegram", "trouble", "refuses"), "answers nothing</p>")
	shows(t, v.posts("do", "in", string(showcase.Group), "text", "stance peru"), "let it work again first")
	if strings.Contains(v.looks(), "let it work again first") {
		t.Error("what was refused is told twice")
	}
	shows(t, v.posts("do", "in", string(showcase.Group), "press", "approve D-1"), `role="alert"`)
	shows(t, v.posts("next"), "Step 2 of 8")
	for range 8 {
		v.posts("next")
	}
	shows(t, v.looks(), "The tour is over")
	shows(t, v.posts("enter", "language", "ru"), `lang="ru"`, "Шаг 1 из 8")
}

// unsafe is what a strict policy of content would refuse, and what would lead out of the machine without being pressed.
var unsafe = regexp.MustCompile(`(?i)<script|<style|<iframe|<link rel="stylesheet" href="[^/]|\sstyle=|\son[a-z]+=|javascript:|src="http|url\(`)

// No page holds script or style of its own, in any language and on each step, and its policy allows none.
func TestPagesAreStrict(t *testing.T) {
	s := newTab(t)
	for _, language := range phrases.Languages() {
		v := s.visitor(t)
		pages := []string{v.looks(), v.posts("enter", "language", language)}
		for range showcase.TheTour().Steps {
			pages = append(pages, v.posts("next"))
		}
		for i, page := range pages {
			if found := unsafe.FindString(page); found != "" {
				t.Errorf("%s, page %d holds %q", language, i, found)
			}
			if strings.Contains(page, "[demo.") || strings.Contains(page, "ZgotmplZ") {
				t.Errorf("%s, page %d says what is no phrase", language, i)
			}
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/demo", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if policy := resp.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
}

// Newsrooms are bounded: one visitor more finds no room, until somebody has been away; who is away for long is gone, and begins anew.
func TestVisitorsAreBounded(t *testing.T) {
	s := newTab(t)
	first := s.visitor(t)
	first.posts("enter")
	for range demo.MaxVisitors - 1 {
		s.visitor(t).posts("enter")
	}
	if n := s.open.Load(); n != demo.MaxVisitors {
		t.Fatalf("%d newsrooms are open", n)
	}
	late := s.visitor(t)
	busy := late.page(http.StatusServiceUnavailable, http.MethodPost, "/demo/enter", url.Values{})
	shows(t, busy, "try again in some minutes")
	s.later(demo.MinIdle)
	shows(t, first.looks(), "Step 1 of 8") // it is not idle any more
	shows(t, late.posts("enter"), "Step 1 of 8")
	if n := s.open.Load(); n != demo.MaxVisitors {
		t.Errorf("%d newsrooms are open", n)
	}
	shows(t, first.looks(), "Step 1 of 8")
	s.later(demo.MaxIdle + time.Second)
	shows(t, first.looks(), "Open the newsroom")
	if n := s.open.Load(); n != 0 {
		t.Errorf("%d newsrooms are open of visitors who are gone", n)
	}
	shows(t, first.posts("next"), "Open the newsroom")
}

// A visitor who begins again leaves no newsroom behind, and one sees nothing of another's.
func TestVisitorsAreApart(t *testing.T) {
	s := newTab(t)
	a, b := s.visitor(t), s.visitor(t)
	a.posts("enter")
	a.posts("enter")
	b.posts("enter")
	if n := s.open.Load(); n != 2 {
		t.Errorf("%d newsrooms are open", n)
	}
	a.posts("do", "in", "everywhere", "text", "nobody else reads this")
	shows(t, a.looks(), "nobody else reads this")
	if strings.Contains(b.looks(), "nobody else reads this") {
		t.Error("one visitor reads what another typed")
	}
}

// What another site has a browser post is refused, and so is what no form of ours sends.
func TestForeignPostsAreRefused(t *testing.T) {
	s := newTab(t)
	v := s.visitor(t)
	v.posts("enter")
	for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://evil.example"}} { // of browsers of today, and of older ones
		v.page(http.StatusForbidden, http.MethodPost, "/demo/next", url.Values{}, header[0], header[1])
		shows(t, v.looks(), "Step 1 of 8")
	}
	v.page(http.StatusMethodNotAllowed, http.MethodGet, "/demo/next", nil)
	v.page(http.StatusBadRequest, http.MethodPost, "/demo/do", url.Values{"text": {strings.Repeat("x", 1<<20)}})
	shows(t, v.posts("do", "in", "everywhere", "text", strings.Repeat("ы", 4001)), "4,000 characters at most")
	shows(t, v.posts("do", "in", "slack:T1:C1", "text", "stance peru"), "Nobody can do that here")
	shows(t, v.posts("do", "till", "never"), "Nobody can do that here")
	shows(t, v.posts("do", "platform", "console", "trouble", "refuses"), "Nobody can do that here")
}

// Whatever is typed stays text.
func FuzzTyped(f *testing.F) {
	for _, text := range []string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "</pre></form>", "{{.}}", "<!channel> *x*", "javascript:alert(1)", "\x00\u202e", "a\r\nSet-Cookie: x=y", "&lt;script&gt;",
	} {
		f.Add(text)
	}
	v := newTab(f).visitor(f)
	f.Fuzz(func(t *testing.T, text string) {
		v.TB = t
		v.posts("enter")
		page := v.posts("do", "in", "everywhere", "text", text)
		if found := raw.FindString(page); found != "" {
			t.Errorf("%q makes %q", text, found)
		}
	})
}

// raw is what no page of ours holds: it came from what was typed.
var raw = regexp.MustCompile(`(?i)<script|<[a-z]+[^>]*\son[a-z]+=|href="javascript:|<img`)

// A newsroom that cannot be opened is no dead end.
func TestANewsroomThatDoesNotOpen(t *testing.T) {
	d := demo.New(demo.Options{
		Open: func(context.Context, string) (*showcase.Newsroom, error) { return nil, errors.New("the secret reason") }, Language: "en", Now: time.Now,
		Log: slog.New(slog.DiscardHandler),
	})
	defer d.Close()
	w := httptest.NewRecorder()
	d.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/demo/enter", http.NoBody))
	if body := w.Body.String(); w.Code != http.StatusServiceUnavailable || strings.Contains(body, "secret") || !strings.Contains(body, "try again") {
		t.Errorf("%d: %s", w.Code, body)
	}
}

// A file that goes with a reply can be taken, by its visitor alone.
func TestFiles(t *testing.T) {
	s := newTab(t)
	v := s.visitor(t)
	v.posts("enter")
	page := v.posts("do", "in", string(showcase.Group), "text", "export caribbean csv")
	link := regexp.MustCompile(`href="(/demo/file[^"]*)"`).FindStringSubmatch(page)
	if link == nil {
		t.Fatal("the file of the reply has no address")
	}
	address := strings.ReplaceAll(link[1], "&amp;", "&")
	shows(t, v.page(http.StatusOK, http.MethodGet, address, nil), "country")
	stranger := s.visitor(t)
	shows(t, stranger.page(http.StatusOK, http.MethodGet, address, nil), "Open the newsroom")
}
