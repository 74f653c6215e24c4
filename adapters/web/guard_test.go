package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"

	"stancebot/bot/bottest"
)

const testToken = "a token of the newsroom"

// served is what stands behind a guard here: it says what it was sent.
var served = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusTeapot)
		return
	}
	fmt.Fprintf(w, "served %s %s", r.URL.Path, body)
})

// A call is a request to a guarded site.
type call struct {
	method, at, host, from string
	header                 map[string]string
	body                   string
}

func (c call) ask(t *testing.T, h http.Handler) *httptest.ResponseRecorder {
	t.Helper()
	if c.method == "" {
		c.method = http.MethodGet
	}
	r := httptest.NewRequestWithContext(t.Context(), c.method, "http://127.0.0.1:8080/", strings.NewReader(c.body))
	r.URL.Path, r.URL.RawQuery, _ = strings.Cut(c.at, "?")
	r.RequestURI = c.at
	r.RemoteAddr, r.Host = "127.0.0.1:40000", "127.0.0.1:8080"
	if c.from != "" {
		r.RemoteAddr = c.from
	}
	if c.host != "" {
		r.Host = c.host
	}
	for name, value := range c.header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestWhoMayReadPages(t *testing.T) {
	now := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	bearer := map[string]string{"Authorization": "Bearer " + testToken}
	const public, elsewhere = "https://stances.example.org", "203.0.113.7:5000"
	for name, test := range map[string]struct {
		access Access
		token  string
		call   call
		want   int
	}{
		"here":                                  {OnLoopback, "", call{at: "/"}, 200},
		"here by the default":                   {"", "", call{at: "/"}, 200},
		"here by name":                          {OnLoopback, "", call{at: "/", host: "localhost:8080"}, 200},
		"here over IPv6":                        {OnLoopback, "", call{at: "/", from: "[::1]:4000", host: "[::1]:8080"}, 200},
		"here over IPv4 in IPv6":                {OnLoopback, "", call{at: "/", from: "[::ffff:127.0.0.1]:4000"}, 200},
		"here by the public name":               {OnLoopback, "", call{at: "/", host: "stances.example.org"}, 200},
		"from elsewhere":                        {OnLoopback, "", call{at: "/", from: elsewhere}, 404},
		"from elsewhere, the API":               {OnLoopback, "", call{at: "/api/v1/ask?q=peru", from: elsewhere}, 404},
		"from the net beside":                   {OnLoopback, "", call{at: "/", from: "192.168.1.20:5000"}, 404},
		"through a proxy here":                  {OnLoopback, "", call{at: "/", header: map[string]string{"X-Forwarded-For": "203.0.113.7"}}, 404},
		"through a proxy, from here as it says": {OnLoopback, "", call{at: "/", header: map[string]string{"X-Forwarded-For": "127.0.0.1"}}, 404},
		"from elsewhere, as if from here":       {OnLoopback, "", call{at: "/", from: elsewhere, header: map[string]string{"X-Forwarded-For": "127.0.0.1"}}, 404},
		"from elsewhere, as if from here, too":  {OnLoopback, "", call{at: "/", from: elsewhere, header: map[string]string{"X-Real-IP": "127.0.0.1"}}, 404},
		"through a proxy of another header":     {OnLoopback, "", call{at: "/", header: map[string]string{"Forwarded": "for=203.0.113.7"}}, 404},
		"by the name of another site":           {OnLoopback, "", call{at: "/", host: "evil.example"}, 421},
		"by a name that only begins so":         {OnLoopback, "", call{at: "/", host: "localhost.evil.example"}, 421},
		"by a name that is an address in part":  {OnLoopback, "", call{at: "/", host: "127.0.0.1.evil.example:8080"}, 421},
		"without a name":                        {OnLoopback, "", call{at: "/", host: " "}, 421},
		"the token does not open it elsewhere":  {OnLoopback, testToken, call{at: "/", from: elsewhere, header: bearer}, 404},
		"the ledger here":                       {OnLoopback, testToken, call{at: "/ledger"}, 303},
		"the ledger here, without any token":    {OnLoopback, "", call{at: "/ledger"}, 404},
		"the ledger with the token":             {OnLoopback, testToken, call{at: "/ledger", header: bearer}, 200},
		"the ledger by a crooked path":          {OnLoopback, testToken, call{at: "//ledger"}, 303},
		"the ledger by a detour":                {OnLoopback, testToken, call{at: "/x/../ledger/"}, 303},
		"the ledger of the API":                 {OnLoopback, testToken, call{at: "/api/v1/ledger"}, 401},
		"what only begins so":                   {OnLoopback, testToken, call{at: "/ledgers"}, 200},
		"public":                                {ForAll, "", call{at: "/", from: elsewhere, host: "stances.example.org"}, 200},
		"public, the ledger":                    {ForAll, testToken, call{at: "/ledger", from: elsewhere}, 303},
		"public, what was told":                 {ForAll, testToken, call{at: "/history?q=peru", from: elsewhere}, 303},
		"with a token, none":                    {WithToken, testToken, call{at: "/", from: elsewhere}, 303},
		"with a token, the API without one":     {WithToken, testToken, call{at: "/api/v1/ask?q=peru", from: elsewhere}, 401},
		"with a token, the feed without one":    {WithToken, testToken, call{at: "/shifts.atom", from: elsewhere}, 401},
		"with a token, here without one":        {WithToken, testToken, call{at: "/"}, 303},
		"with a token, where one signs in":      {WithToken, testToken, call{at: "/sign-in", from: elsewhere}, 200},
		"with a token, its style":               {WithToken, testToken, call{at: "/assets/site.css", from: elsewhere}, 200},
		"with a token, past its style":          {WithToken, testToken, call{at: "/assets/../countries/PER", from: elsewhere}, 303},
		"with a token, a post without":          {WithToken, testToken, call{method: "POST", at: "/", from: elsewhere}, 401},
		"with a token, the right one":           {WithToken, testToken, call{at: "/", from: elsewhere, header: bearer}, 200},
		"with a token, a wrong one":             {WithToken, testToken, call{at: "/api/v1/languages", header: map[string]string{"Authorization": "Bearer another token altogether"}}, 401},
		"with a token, its beginning":           {WithToken, testToken, call{at: "/api/v1/languages", header: map[string]string{"Authorization": "Bearer " + testToken[:16]}}, 401},
		"with a token, in the address":          {WithToken, testToken, call{at: "/api/v1/languages?token=" + strings.ReplaceAll(testToken, " ", "+")}, 401},
		"with a token that is not set":          {WithToken, "", call{at: "/api/v1/languages", header: map[string]string{"Authorization": "Bearer "}}, 404},
	} {
		t.Run(name, func(t *testing.T) {
			g := &Guard{Access: test.access, Token: test.token, PublicURL: public, Now: now}
			w := test.call.ask(t, g.wrap(served))
			if w.Code != test.want || (w.Code == 200) != strings.HasPrefix(w.Body.String(), "served ") {
				t.Errorf("status %d, want %d: %s", w.Code, test.want, w.Body)
			}
			for name := range headers {
				if w.Header().Get(name) == "" {
					t.Errorf("no %s", name)
				}
			}
			if to := w.Header().Get("Location"); w.Code == 303 && !strings.HasPrefix(to, "/sign-in?to=%2F") {
				t.Errorf("leads to %s", to)
			}
			if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
				t.Error("it is not said how one is known")
			}
			if strings.Contains(fmt.Sprint(w.Header(), w.Body), testToken) {
				t.Error("the token is told")
			}
		})
	}
}

// A post of another site's page does nothing; one of what is no browser, or of our own pages, is taken.
func TestPostsOfOthers(t *testing.T) {
	h := (&Guard{Access: ForAll, PublicURL: "https://stances.example.org", Now: time.Now}).wrap(served)
	for name, test := range map[string]struct {
		header map[string]string
		want   int
	}{
		"a program":                {nil, 200},
		"our own page":             {map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8080"}, 200},
		"our page behind a proxy":  {map[string]string{"Origin": "https://stances.example.org"}, 200},
		"another site's page":      {map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
		"a sister's page":          {map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:9000"}, 403},
		"an old browser elsewhere": {map[string]string{"Origin": "https://evil.example"}, 403},
		"a page without an origin": {map[string]string{"Origin": "null"}, 403},
	} {
		if w := (call{method: "POST", at: "/", header: test.header, body: "q=peru"}).ask(t, h); w.Code != test.want {
			t.Errorf("%s: status %d, want %d", name, w.Code, test.want)
		}
	}
}

func TestBodiesThatAreTooLong(t *testing.T) {
	h := (&Guard{Now: time.Now}).wrap(served)
	for n, want := range map[int]int{maxBody: 200, maxBody + 1: 413} {
		if w := (call{method: "POST", at: "/", body: strings.Repeat("x", n)}).ask(t, h); w.Code != want {
			t.Errorf("%d bytes: status %d, want %d", n, w.Code, want)
		}
	}
}

// newSite serves a handler on a listener, as the program does but for the limits of its server: the guard has its own.
func newSite(t *testing.T, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

// raw sends what no client of Go would, and returns all that comes back.
func raw(t *testing.T, addr, text string) string {
	t.Helper()
	ctx, end := context.WithTimeout(t.Context(), 10*time.Second)
	defer end()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close() //nolint:errcheck // all was read
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Fatalf("no end came: %v, after %q", err, got)
	}
	return string(got)
}

// A body that comes drop by drop holds nobody up for longer than its limit.
func TestBodiesThatAreTooSlow(t *testing.T) {
	addr := newSite(t, (&Guard{Now: time.Now, body: 50 * time.Millisecond}).wrap(served))
	begun := time.Now()
	got := raw(t, addr, "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nq=pe")
	if !strings.HasPrefix(got, "HTTP/1.1 408 ") || time.Since(begun) > 5*time.Second {
		t.Errorf("after %s: %s", time.Since(begun), got)
	}
}

// A proxy that adds no header shows by the version that it speaks.
func TestProxiesThatSayNothing(t *testing.T) {
	addr := newSite(t, (&Guard{Now: time.Now}).wrap(served))
	for version, want := range map[string]string{"1.0": "404", "1.1": "200"} {
		got := raw(t, addr, "GET / HTTP/"+version+"\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(got[len("HTTP/1.1 "):], want) {
			t.Errorf("HTTP/%s: %.100s", version, got)
		}
	}
}

// What is put into an address reaches no header, and no path leads out of the site.
func TestCrookedAddresses(t *testing.T) {
	addr := newSite(t, (&Guard{Access: WithToken, Token: testToken, Now: time.Now}).wrap(served))
	for _, at := range []string{"/a%0d%0aSet-Cookie:%20x=y", "//evil.example/%2e%2e", "/%5c%5cevil.example", "/?q=%0d%0aX-Evil:1"} {
		got := raw(t, addr, "GET "+at+" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
		head, _, _ := strings.Cut(got, "\r\n\r\n")
		if !strings.HasPrefix(got, "HTTP/1.1 303 ") || strings.Contains(head, "\nSet-Cookie:") || strings.Contains(head, "\nX-Evil:") ||
			!strings.Contains(head, "\r\nLocation: /sign-in?to=") {
			t.Errorf("%s: %s", at, head)
		}
	}
	if got := raw(t, addr, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"); !strings.HasPrefix(got, "HTTP/1.1 400 ") {
		t.Errorf("two hosts: %s", got)
	}
}

func TestWhereSigningInLeads(t *testing.T) {
	for to, want := range map[string]string{
		"/ledger": "/ledger", "/search?q=a%26b": "/search?q=a%26b", "": "/", "https://evil.example/": "/", "//evil.example": "/", "///evil.example": "/", `/\evil.example`: "/",
		"javascript:alert(1)": "/", "ledger": "/", "/\r\nX: y": "/", "/%0d%0a": "/%0d%0a",
	} {
		if got := inside(to); got != want {
			t.Errorf("%q leads to %q, want %q", to, got, want)
		}
	}
}

func TestSessions(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	g := &Guard{Access: WithToken, Token: testToken, PublicURL: "https://stances.example.org", Now: func() time.Time { return now }}
	h := g.wrap(served)
	signed := func(value string) int {
		return (call{at: "/", header: map[string]string{"Cookie": sessionCookie + "=" + value}}).ask(t, h).Code
	}
	session := g.session(now.Add(sessionTerm))
	other := (&Guard{Token: "another token of some newsroom"}).session(now.Add(sessionTerm))
	longer := "9" + session
	for value, want := range map[string]int{session: 200, other: 303, longer: 303, session[:len(session)-2]: 303, "": 303, ".": 303, "1764000000.": 303} {
		if got := signed(value); got != want {
			t.Errorf("session %q: status %d, want %d", value, got, want)
		}
	}
	if strings.Contains(session, testToken) {
		t.Error("a session holds the token")
	}
	now = now.Add(sessionTerm)
	if got := signed(session); got != 303 {
		t.Errorf("a session that ended: status %d", got)
	}
	for from, secure := range map[string]bool{"203.0.113.7:5000": true, "127.0.0.1:5000": false} {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)
		r.RemoteAddr = from
		g.remember(w, r, session)
		c := kept(t, w)[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.MaxAge != int(sessionTerm.Seconds()) {
			t.Errorf("from %s the cookie is %v", from, c)
		}
	}
}

func TestPace(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	p := newPace(3, time.Second, 4, func() time.Time { return now })
	took := func(addr string, n int) (taken int) {
		for range n {
			if p.take(netip.MustParseAddr(addr)) == 0 {
				taken++
			}
		}
		return taken
	}
	if n := took("203.0.113.7", 10); n != 3 {
		t.Errorf("%d at once, want 3", n)
	}
	if n := took("203.0.113.8", 10); n != 3 {
		t.Errorf("another address: %d, want 3", n)
	}
	if wait := p.take(netip.MustParseAddr("203.0.113.7")); wait != time.Second {
		t.Errorf("wait %s, want a second", wait)
	}
	now = now.Add(2 * time.Second)
	if n := took("203.0.113.7", 10); n != 2 {
		t.Errorf("%d after two seconds, want 2", n)
	}
	if n := took("2001:db8::1", 2) + took("2001:db8::2", 2); n != 3 {
		t.Errorf("%d of one net of IPv6, want 3", n)
	}
	now = now.Add(time.Hour)
	if n := took("203.0.113.7", 10); n != 3 {
		t.Errorf("%d after an hour, want 3", n)
	}
	many := 0
	for i := range 100 {
		many += took(fmt.Sprintf("198.51.100.%d", i), 1)
	}
	if many > 3+3 || len(p.even) > 4+1 {
		t.Errorf("%d taken of addresses without a place, %d counted", many, len(p.even))
	}
}

// An address is told to wait, and for how long. Who sits here is not counted; who comes through a proxy is, by the address before it.
func TestPaceOfTheSite(t *testing.T) {
	h := (&Guard{Access: ForAll, Now: func() time.Time { return time.Unix(0, 0) }}).wrap(served)
	ask := func(from, forwarded string) *httptest.ResponseRecorder {
		c := call{at: "/", from: from}
		if forwarded != "" {
			c.header = map[string]string{"X-Forwarded-For": forwarded}
		}
		return c.ask(t, h)
	}
	for range atOnce {
		ask("127.0.0.1:1", "198.51.100.1, 203.0.113.7")
		ask("203.0.113.9:1", "198.51.100.2")
		ask("127.0.0.1:2", "")
	}
	if w := ask("10.0.0.1:1", "127.0.0.1, 203.0.113.7"); w.Code != 429 || w.Header().Get("Retry-After") != "1" {
		t.Errorf("through a proxy: status %d, Retry-After %s", w.Code, w.Header().Get("Retry-After"))
	}
	if w := ask("203.0.113.9:1", "198.51.100.3"); w.Code != 429 {
		t.Errorf("a reader who names another address each time: status %d", w.Code)
	}
	for name, w := range map[string]*httptest.ResponseRecorder{"here": ask("127.0.0.1:2", ""), "another": ask("127.0.0.1:1", "203.0.113.8")} {
		if w.Code != 200 {
			t.Errorf("%s: status %d", name, w.Code)
		}
	}
}

func TestRefusalsSpeakTheReadersLanguage(t *testing.T) {
	h := (&Guard{Now: time.Now}).wrap(served)
	for accept, want := range map[string]string{"es-PE,es;q=0.9": "Esta página", "zh-CN": "此名称", "": "This page", "tlh": "This page", "f": "This page"} {
		w := (call{at: "/", host: "evil.example", header: map[string]string{"Accept-Language": accept}}).ask(t, h)
		if !strings.HasPrefix(w.Body.String(), want) {
			t.Errorf("%q: %s", accept, w.Body)
		}
	}
	w := (call{at: "/api/v1/ask", host: "evil.example"}).ask(t, h)
	if w.Header().Get("Content-Type") != "application/problem+json" || !strings.Contains(w.Body.String(), `"status":421`) {
		t.Errorf("a program is told %s: %s", w.Header().Get("Content-Type"), w.Body)
	}
}

func TestZipped(t *testing.T) {
	long := strings.Repeat("Peru leans against. ", 100)
	send := func(contentType, text string, status int) http.Handler {
		return zipped(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			w.Header().Set("Vary", "Cookie")
			if status != http.StatusOK {
				w.WriteHeader(status)
			}
			_, _ = io.WriteString(w, text)
		}))
	}
	for name, test := range map[string]struct {
		accepts string
		h       http.Handler
		packed  bool
		status  int
	}{
		"a page":              {"br, gzip;q=0.8", send("text/html; charset=utf-8", long, 200), true, 200},
		"a page that is gone": {"gzip", send("text/html; charset=utf-8", long, 404), true, 404},
		"a short text":        {"gzip", send("text/plain", "ok", 200), false, 200},
		"a picture":           {"gzip", send("image/png", long, 200), false, 200},
		"a drawing":           {"gzip", send("image/svg+xml", long, 200), true, 200},
		"a problem":           {"gzip", send("application/problem+json", long, 422), true, 422},
		"for who unpacks not": {"", send("text/html", long, 200), false, 200},
		"for who wants none":  {"gzip;q=0", send("text/html", long, 200), false, 200},
		"nothing new":         {"gzip", send("text/html", "", 304), false, 304},
	} {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", test.accepts)
		test.h.ServeHTTP(w, r)
		packed := w.Header().Get("Content-Encoding") == "gzip"
		if packed != test.packed || w.Code != test.status {
			t.Errorf("%s: packed %t, status %d", name, packed, w.Code)
		}
		if varies := strings.Contains(strings.Join(w.Header().Values("Vary"), ", "), "Cookie, Accept-Encoding"); varies != isText(w.Header().Get("Content-Type")) && w.Code != 304 {
			t.Errorf("%s: it varies by %v", name, w.Header().Values("Vary"))
		}
		text := w.Body.Bytes()
		if packed {
			z, err := gzip.NewReader(bytes.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if text, err = io.ReadAll(z); err != nil {
				t.Fatal(err)
			}
		}
		if test.accepts == "gzip" && test.packed && string(text) != long {
			t.Errorf("%s: it is another text", name)
		}
	}
}

// Whatever is asked, in whatever place of an address: it is answered or refused, in JSON or XML that can be read, and no header holds it.
func FuzzAddresses(f *testing.F) {
	o := testOptions(bottest.NewDesk(f))
	o.Guard = &Guard{Token: testToken, Now: time.Now}
	h := New(*o).Handler()
	for _, seed := range []string{"stance peru", "<script>alert(1)</script>", "a\r\nSet-Cookie: x=y", "../../etc/passwd", "\x00\xff", "{{.}}", "%2e%2e%2f", "ES-11/7", "verify AAAA"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		escaped := url.PathEscape(text)
		for _, at := range []string{
			"/api/v1/ask?q=" + url.QueryEscape(text), "/api/v1/countries/" + escaped, "/api/v1/resolutions/" + escaped, "/api/v1/receipts/" + escaped,
			"/api/v1/groups/" + escaped, "/api/v1/verify/" + escaped, "/api/v1/shifts?since=" + url.QueryEscape(text), "/shifts.atom?group=" + url.QueryEscape(text),
			"/sign-in?to=" + url.QueryEscape(text),
		} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1:8080"+at, http.NoBody)
			if err != nil {
				continue // no client asks so
			}
			r.RemoteAddr = "127.0.0.1:40000"
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code >= http.StatusInternalServerError {
				t.Errorf("%q: status %d: %s", at, w.Code, w.Body)
			}
			if strings.HasSuffix(w.Header().Get("Content-Type"), "json") && !json.Valid(w.Body.Bytes()) {
				t.Errorf("%q: this is no JSON: %s", at, w.Body)
			}
			for name, values := range w.Header() {
				if strings.ContainsAny(strings.Join(values, ""), "\r\n") || name == "Set-Cookie" {
					t.Errorf("%q: the header %s holds %q", at, name, values)
				}
			}
			if strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") && strings.Contains(w.Body.String(), "<script>alert") {
				t.Errorf("%q: it is alive: %s", at, w.Body)
			}
		}
	})
}
