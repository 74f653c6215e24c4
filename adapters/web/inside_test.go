package web

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"stancebot/bot/bottest"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// newGuardedSite returns a site whose token is the one of the tests, and what it logs.
func newGuardedSite(t *testing.T, access Access) (site http.Handler, logged *bytes.Buffer) {
	t.Helper()
	o := testOptions(bottest.NewDesk(t))
	logged = &bytes.Buffer{}
	o.Log = slog.New(slog.NewTextHandler(logged, nil))
	o.Guard = &Guard{Access: access, Token: testToken, Now: time.Now}
	return New(*o).Handler(), logged
}

// post sends a form as a page of the site does.
func post(t *testing.T, h http.Handler, at string, form url.Values, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:8080"+at, strings.NewReader(form.Encode()))
	r.RemoteAddr = "127.0.0.1:40000"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// kept are the cookies that a browser is told to keep.
func kept(t *testing.T, w *httptest.ResponseRecorder) (cookies []*http.Cookie) {
	t.Helper()
	for _, line := range w.Header().Values("Set-Cookie") {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		cookies = append(cookies, c)
	}
	return cookies
}

// Whoever is led to sign in gets on to the page that was wanted, with a cookie in the token's place; another word does not do.
func TestSigningIn(t *testing.T) {
	h, logged := newGuardedSite(t, OnLoopback)
	led := (call{at: "/ledger?before=9"}).ask(t, h)
	to, err := url.Parse(led.Header().Get("Location"))
	if err != nil || led.Code != http.StatusSeeOther {
		t.Fatalf("status %d, to %v (%v)", led.Code, to, err)
	}
	form := (call{at: to.RequestURI()}).ask(t, h)
	if form.Code != http.StatusOK || !strings.Contains(form.Body.String(), `name="to" value="/ledger?before=9"`) || form.Header().Get("Cache-Control") != "private, no-store" {
		t.Fatalf("status %d: %s", form.Code, form.Body)
	}
	wrong := post(t, h, signInPath, url.Values{"token": {"hunter2-hunter2-hunter2"}, "to": {"/ledger"}})
	if wrong.Code != http.StatusForbidden || len(kept(t, wrong)) != 0 {
		t.Errorf("a wrong token: status %d, %v", wrong.Code, kept(t, wrong))
	}
	right := post(t, h, signInPath, url.Values{"token": {testToken}, "to": {to.Query().Get("to")}})
	if right.Code != http.StatusSeeOther || right.Header().Get("Location") != "/ledger?before=9" || len(kept(t, right)) != 1 {
		t.Fatalf("the token: status %d, to %s, %v", right.Code, right.Header().Get("Location"), kept(t, right))
	}
	cookie := kept(t, right)[0]
	header := map[string]string{"Cookie": cookie.Name + "=" + cookie.Value}
	if w := (call{at: "/ledger?before=9", header: header}).ask(t, h); w.Code != http.StatusOK {
		t.Errorf("with the cookie: status %d", w.Code)
	}
	away := post(t, h, signInPath, url.Values{"token": {testToken}, "to": {"https://evil.example/"}})
	if away.Header().Get("Location") != "/" {
		t.Errorf("it leads to %s", away.Header().Get("Location"))
	}
	out := post(t, h, "/sign-out", nil, cookie)
	if gone := kept(t, out); len(gone) != 1 || gone[0].MaxAge >= 0 || gone[0].Value != "" {
		t.Errorf("signed out, the browser keeps %v", gone)
	}
	if strings.Contains(logged.String(), testToken) || strings.Contains(logged.String(), "hunter2") {
		t.Errorf("a token is logged:\n%s", logged)
	}
}

// The pages tell who recorded what, by name, and nothing of it is alive.
func TestLedgerPage(t *testing.T) {
	h, _ := newGuardedSite(t, OnLoopback)
	bearer := map[string]string{"Authorization": "Bearer " + testToken}
	w := (call{at: "/ledger", header: bearer}).ask(t, h)
	text := w.Body.String()
	for _, want := range []string{"Ana Paz", "/receipts/D-55", "&lt;b&gt;a vote&lt;/b&gt;", `href="/ledger?before=6"`, "55 entries"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%.2000s", want, text)
		}
	}
	if n := strings.Count(text, "<tr>"); n != entriesShown+1 || strings.Contains(text, "<b>a vote") || strings.Contains(text, "ZgotmplZ") {
		t.Errorf("%d rows, or something is alive", n)
	}
	w = (call{at: "/ledger?before=6", header: bearer}).ask(t, h)
	if text := w.Body.String(); strings.Count(text, "<tr>") != 6 || !strings.Contains(text, "slack:T1:U2") || strings.Contains(text, `rel="next"`) {
		t.Errorf("the last page: %s", text)
	}
	for at, want := range map[string]string{"/history": `name="q"`, "/history?q=%3Cscript%3E": "&lt;script&gt;", "/ledger?before=x": "55 entries"} {
		if w := (call{at: at, header: bearer}).ask(t, h); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) || strings.Contains(w.Body.String(), "<script>") {
			t.Errorf("%s: status %d: %s", at, w.Code, w.Body)
		}
	}
}

// A ledger that is away, or that cannot be read, is told without what the operator must know.
func TestLedgerThatIsAway(t *testing.T) {
	o := testOptions(bottest.NewDesk(t))
	var logged bytes.Buffer
	o.Log, o.Guard = slog.New(slog.NewTextHandler(&logged, nil)), &Guard{Token: testToken, Now: time.Now}
	bearer := map[string]string{"Authorization": "Bearer " + testToken}
	for name, store := range map[string]Ledger{"away": nil, "broken": broken{}} {
		o.Inside.Ledger = func() Ledger { return store }
		h := New(*o).Handler()
		if w := (call{at: "/ledger", header: bearer}).ask(t, h); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "cannot be read at the moment") {
			t.Errorf("%s: status %d: %s", name, w.Code, w.Body)
		}
		w := (call{at: "/api/v1/ledger", header: bearer}).ask(t, h)
		if want := map[string]int{"away": 503, "broken": 500}[name]; w.Code != want || strings.Contains(w.Body.String(), "hunter2") {
			t.Errorf("%s: status %d: %s", name, w.Code, w.Body)
		}
	}
	if !strings.Contains(logged.String(), "hunter2 at db.example") {
		t.Errorf("the operator is told nothing:\n%s", &logged)
	}
}

// broken is a ledger that cannot be read.
type broken struct{}

func (broken) Head(context.Context, knowledge.DeskID) (ledger.Head, error) {
	return ledger.Head{}, errors.New("no answer of hunter2 at db.example")
}

func (broken) Rows(context.Context, knowledge.DeskID, int64) iter.Seq2[ledger.Row, error] {
	return func(func(ledger.Row, error) bool) {}
}

// Without a token there is nothing to sign in to.
func TestNothingToSignInTo(t *testing.T) {
	o := testOptions(bottest.NewDesk(t))
	o.Guard = &Guard{Now: time.Now}
	h := New(*o).Handler()
	for _, at := range []string{signInPath, "/ledger", "/history", "/api/v1/ledger"} {
		if w := (call{at: at}).ask(t, h); w.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", at, w.Code)
		}
	}
	if resp := post(t, h, signInPath, url.Values{"token": {""}}); resp.Code != http.StatusNotFound || len(kept(t, resp)) != 0 {
		t.Errorf("an empty token: status %d, %v", resp.Code, kept(t, resp))
	}
}
