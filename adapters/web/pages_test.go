package web_test

import (
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/web"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
	"stancebot/knowledge/raced"
)

// A reader looks at a site as somebody at this machine does, with a browser's cookies.
type reader struct {
	*bottest.Desk
	site    http.Handler
	now     time.Time
	cookies map[string]string
}

func newReader(tb testing.TB, change func(*web.Options)) *reader {
	tb.Helper()
	r := &reader{Desk: bottest.NewDesk(tb), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), cookies: map[string]string{}}
	o := web.Options{
		Bot: r.Desk, Core: r.Holder.Core, Desk: knowledge.DefaultDesk, Today: func() knowledge.Day { return bottest.Today },
		Version: func() string { return "1.0 " + r.Records.Version + " 0 false" }, Language: "en", Log: slog.New(slog.NewTextHandler(tb.Output(), nil)),
		Inside: &web.Inside{Ledger: func() web.Ledger { return nil }}, Guard: &web.Guard{Now: func() time.Time { return r.now }},
	}
	if change != nil {
		change(&o)
	}
	r.site = web.New(o).Handler()
	return r
}

// shown is what a request was answered.
type shown struct {
	status int
	header http.Header
	text   string
}

func (r *reader) ask(tb testing.TB, method, target string, form url.Values, header ...string) shown {
	tb.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req := httptest.NewRequestWithContext(tb.Context(), method, target, body)
	req.Host, req.RemoteAddr = "127.0.0.1:8080", "127.0.0.1:5000"
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	for name, value := range r.cookies {
		req.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	r.site.ServeHTTP(w, req)
	answer := w.Result()
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		if r.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(r.cookies, c.Name)
		}
	}
	return shown{answer.StatusCode, answer.Header, w.Body.String()}
}

func (r *reader) get(tb testing.TB, target string, header ...string) shown {
	tb.Helper()
	return r.ask(tb, http.MethodGet, target, nil, header...)
}

// says asks in the chat, without a script, and returns the page of the conversation.
func (r *reader) says(tb testing.TB, question string) shown {
	tb.Helper()
	p := r.ask(tb, http.MethodPost, "/ask", url.Values{"q": {question}})
	if p.status != http.StatusSeeOther || p.header.Get("Location") != "/#latest" {
		tb.Fatalf("%d %s", p.status, p.text)
	}
	return r.get(tb, "/")
}

var receiptLink = regexp.MustCompile(`class="receipt" href="(/receipts/[^"]+)"`)

// receipts are those that a page leads to.
func (p shown) receipts(tb testing.TB) []string {
	tb.Helper()
	var ids []string
	for _, m := range receiptLink.FindAllStringSubmatch(p.text, -1) {
		id, err := url.PathUnescape(strings.TrimPrefix(m[1], "/receipts/"))
		if err != nil {
			tb.Fatal(err)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// The same facts everywhere: a dossier shows all that the chat's answer shows and all that the API tells of the country, with their receipts.
func TestDossiersShowWhatAnswersDo(t *testing.T) {
	r := newReader(t, nil)
	for i, country := range places.Members() {
		if raced.On && i%12 != 0 {
			continue
		}
		p := r.get(t, "/countries/"+string(country))
		if p.status != http.StatusOK {
			t.Fatalf("%s: %d", country, p.status)
		}
		receipts := p.receipts(t)
		reply := r.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "stance " + string(country)})
		for _, blk := range reply.Blocks {
			if l, ok := blk.(bot.Line); ok {
				for _, id := range l.Receipts {
					if !slices.Contains(receipts, id) {
						t.Errorf("%s: %s is not shown", country, id)
					}
				}
			}
		}
		var dossier web.Dossier
		if err := json.Unmarshal([]byte(r.get(t, "/api/v1/countries/"+string(country)).text), &dossier); err != nil {
			t.Fatal(err)
		}
		for _, id := range dossier.Receipts {
			if !slices.Contains(receipts, id) && !strings.Contains(p.text, "/resolutions/"+id) {
				t.Errorf("%s: the API tells of %s, and the page does not", country, id)
			}
		}
	}
}

// Every receipt of a dossier opens, and every page that it leads to is there.
func TestLinksLeadSomewhere(t *testing.T) {
	r := newReader(t, nil)
	seen := map[string]bool{}
	link := regexp.MustCompile(`(?:href|src)="(/[^"#]*)`)
	for _, from := range []string{"/", "/countries", "/countries/PER", "/countries/BRA", "/resolutions", "/resolutions/ES-11/7", "/shifts", "/map", "/receipts/PER-04", "/search?q=lithium"} {
		for _, m := range link.FindAllStringSubmatch(r.get(t, from).text, -1) {
			to := html.UnescapeString(m[1])
			if seen[to] || strings.HasSuffix(to, ".png") || strings.Contains(to, ".png?") && len(seen)%9 != 0 { // to draw all takes long
				continue
			}
			seen[to] = true
			if p := r.get(t, to); p.status != http.StatusOK {
				t.Errorf("%s leads to %s: %d", from, to, p.status)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("only %d links were followed", len(seen))
	}
}

// A conversation is one browser's, looks back, is bounded, and ends when it is forgotten or after a while.
func TestConversations(t *testing.T) {
	r := newReader(t, nil)
	r.says(t, "stance peru")
	if p := r.says(t, "and chile?"); !strings.Contains(p.text, "Chile · toward Russia: in the opposing camp") || strings.Count(p.text, `class="asked"`) != 2 {
		t.Errorf("it shows %s", p.text)
	}
	other := &reader{Desk: r.Desk, site: r.site, cookies: map[string]string{}}
	if p := other.get(t, "/"); strings.Contains(p.text, `class="asked"`) {
		t.Error("another browser sees it")
	}
	for i := range 25 {
		r.now = r.now.Add(time.Minute)
		r.Now = r.now
		r.says(t, fmt.Sprintf("votes peru page %d", i%3+1))
	}
	if n := strings.Count(r.get(t, "/").text, `class="asked"`); n != 20 {
		t.Errorf("it shows %d questions", n)
	}
	r.now = r.now.Add(7 * time.Hour)
	if p := r.get(t, "/"); strings.Contains(p.text, `class="asked"`) {
		t.Error("it is remembered for ever")
	}
	r.says(t, "stance peru")
	if p := r.ask(t, http.MethodPost, "/forget", url.Values{}); p.status != http.StatusSeeOther || len(r.cookies) != 0 || strings.Contains(r.get(t, "/").text, `class="asked"`) {
		t.Errorf("it is not forgotten: %d, %v", p.status, r.cookies)
	}
}

// Who asks more than a person can mean is told so, with or without a script.
func TestFloodsOfQuestions(t *testing.T) {
	r := newReader(t, nil)
	refused := shown{}
	for range 200 {
		if p := r.ask(t, http.MethodPost, "/ask", url.Values{"q": {"stance peru"}}); p.status != http.StatusSeeOther {
			refused = p
			break
		}
	}
	if refused.status != http.StatusTooManyRequests || !strings.Contains(refused.text, phrases.In("en").Say("site.refused.pace")) {
		t.Errorf("%d %s", refused.status, refused.text)
	}
}

// A script gets what is to be added alone; nothing that was typed is alive in it.
func TestFragments(t *testing.T) {
	r := newReader(t, nil)
	for _, hostile := range []string{`<script>alert(1)</script>`, `peru"><img src=x onerror=alert(1)>`, `{{.Version}}`, "stance peru\u202e<b>", `javascript:alert(1)`} {
		p := r.ask(t, http.MethodPost, "/ask", url.Values{"q": {hostile}}, "X-Fragment", "1")
		if p.status != http.StatusOK || strings.Contains(p.text, "<html") || !strings.Contains(p.text, `class="asked"`) {
			t.Fatalf("%d %s", p.status, p.text)
		}
		for _, alive := range []string{"<script", "<img src=x", "<b>", `href="javascript`, "onerror=alert(1)>"} {
			if strings.Contains(p.text, alive) {
				t.Errorf("%q is alive after %q: %s", alive, hostile, p.text)
			}
		}
		if page := r.get(t, "/search?q="+url.QueryEscape(hostile)); strings.Contains(page.text, "<script>alert") || strings.Contains(page.text, "<img src=x") {
			t.Errorf("%q is alive on a page", hostile)
		}
	}
}

// What is not there, or is no day, is told in the reader's language, with what can be done.
func TestWrongAddresses(t *testing.T) {
	r := newReader(t, nil)
	for target, want := range map[string]struct {
		status int
		phrase string
	}{
		"/nowhere":                         {http.StatusNotFound, "web.wrong.nowhere"},
		"/countries/PER?as_of=x":           {http.StatusBadRequest, "web.wrong.day"},
		"/shifts?since=never":              {http.StatusBadRequest, "web.wrong.day"},
		"/map?axis=peking":                 {http.StatusBadRequest, "web.wrong.axis"},
		"/pictures/timeline.svg":           {http.StatusNotFound, "web.wrong.picture"},
		"/pictures/card.gif?country=PER":   {http.StatusNotFound, "web.wrong.nowhere"},
		"/pictures/swatch/russia.ally.svg": {http.StatusNotFound, "web.wrong.nowhere"},
	} {
		for _, language := range phrases.Languages() {
			p := r.get(t, target, "Accept-Language", language)
			if p.status != want.status || !strings.Contains(p.text, phrases.In(language).Say(want.phrase)) || !strings.Contains(p.text, `<html lang="`+language) {
				t.Errorf("%s in %s: %d %s", target, language, p.status, p.text)
			}
		}
	}
	for target, status := range map[string]int{
		"/countries/XXX": 404, "/resolutions/ES-99/9": 404, "/receipts/PER-99": 404, "/map?group=nobody": 404, "/shifts?group=nobody": 404, "/resolutions/ES-11/1?group=nobody": 404,
		"/countries/PER?as_of=1800": 400, "/countries/PER?as_of=2030": 400,
	} {
		if p := r.get(t, target); p.status != status || strings.Contains(p.text, "[web.") {
			t.Errorf("%s: %d", target, p.status)
		}
	}
}

// A page that a reader has is not sent again before something changes, and a permanent link shows the same later.
func TestPagesAreKeptAndPermanent(t *testing.T) {
	version := "1"
	r := newReader(t, func(o *web.Options) { o.Version = func() string { return version } })
	first := r.get(t, "/countries/BOL")
	if p := r.get(t, "/countries/BOL", "If-None-Match", first.header.Get("ETag")); p.status != http.StatusNotModified || p.text != "" {
		t.Errorf("%d, %d bytes", p.status, len(p.text))
	}
	permanent := regexp.MustCompile(`class="permalink"><a href="([^"]+)"`).FindStringSubmatch(first.text)
	if permanent == nil {
		t.Fatal("there is no permanent link")
	}
	link := html.UnescapeString(permanent[1])
	before := r.get(t, link)
	if !slices.Equal(before.receipts(t), first.receipts(t)) {
		t.Errorf("the permanent link shows less or more: %v instead of %v", before.receipts(t), first.receipts(t))
	}
	r.Record(t, assessed("BOL", knowledge.TowardWashington, knowledge.Aligned, 2026_11_24, r.Now.AddDate(0, 0, 1)))
	version = "2"
	if p := r.get(t, "/countries/BOL", "If-None-Match", first.header.Get("ETag")); p.status != http.StatusOK {
		t.Errorf("what changed is not sent: %d", p.status)
	}
	if after := r.get(t, link); after.status != http.StatusOK || !slices.Equal(after.receipts(t), before.receipts(t)) || strings.Contains(after.text, "D-1") {
		t.Errorf("%d: %v instead of %v", after.status, after.receipts(t), before.receipts(t))
	}
}

// On another day a dossier shows all years of agreement up to then, and draws them.
func TestAgreementOfThePast(t *testing.T) {
	r := newReader(t, nil)
	p := r.get(t, "/countries/BRA?as_of=2020-06-01")
	for year, shown := range map[int]bool{1992: true, 2010: true, 2020: true, 2021: false} {
		if id := fmt.Sprintf("A:BRA:%d", year); slices.Contains(p.receipts(t), id) != shown {
			t.Errorf("%s, shown: %v", id, !shown)
		}
	}
	if drawn := r.get(t, "/pictures/agreement.svg?country=BRA&as_of=2020-06-01"); drawn.status != http.StatusOK || !strings.Contains(drawn.text, "1992") {
		t.Errorf("the drawing: %d", drawn.status)
	}
}

// Pages hold nothing that their own policy forbids: no script and no style within them, nothing that is loaded from other sites.
func TestPagesHoldToTheirPolicy(t *testing.T) {
	r := newReader(t, nil)
	r.says(t, "why peru")
	forbidden := regexp.MustCompile(`(?i)<script(?:>| [^>]*>[^<])|<style|\sstyle=|\son[a-z]+=|"javascript:|<(?:img|script|link|iframe|form)[^>]+(?:src|action)="(?:https?:)?//`)
	for _, target := range []string{"/", "/countries", "/countries/PER", "/countries/FRA", "/countries/USA", "/resolutions", "/resolutions/ES-11/7", "/receipts/F-02", "/shifts", "/map", "/search?q=lithium", "/nowhere"} {
		if found := forbidden.FindString(r.get(t, target).text); found != "" {
			t.Errorf("%s: %s", target, found)
		}
	}
}

// A link to a page looks right where it is pasted: a title that says the finding, and a card that this site serves.
func TestLinksArePreviewed(t *testing.T) {
	const public = "https://stancebot.example.org"
	r := newReader(t, func(o *web.Options) { o.PublicURL, o.Guard.PublicURL, o.Guard.Access = public, public, web.ForAll })
	p := r.get(t, "/countries/PER")
	for _, want := range []string{
		`<meta property="og:title" content="Peru · toward Russia: leans against (our reading) · toward Washington: aligned">`,
		`<meta property="og:image" content="` + public + `/pictures/card.png?`, `<meta name="twitter:card" content="summary_large_image">`,
		`<link rel="canonical" href="` + public + `/countries/PER">`,
	} {
		if !strings.Contains(p.text, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	image := regexp.MustCompile(`og:image" content="` + regexp.QuoteMeta(public) + `([^"]+)"`).FindStringSubmatch(p.text)
	if image == nil {
		t.Fatal("there is no picture")
	}
	card := r.get(t, html.UnescapeString(image[1]))
	if card.status != http.StatusOK || card.header.Get("Content-Type") != "image/png" || card.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
		t.Errorf("the card: %d, %v", card.status, card.header)
	}
	if local := newReader(t, nil).get(t, "/countries/PER"); strings.Contains(local.text, "og:image") {
		t.Error("a page that nobody else reaches has a card for others")
	}
}

// The file of an export is there to be taken along, and cells are those of the chat.
func TestFilesOfAnswers(t *testing.T) {
	r := newReader(t, nil)
	p := r.says(t, "export caribbean csv")
	file := regexp.MustCompile(`href="(/files[^"]+)" download="([^"]+)"`).FindStringSubmatch(p.text)
	if file == nil {
		t.Fatalf("no file: %s", p.text)
	}
	got := r.get(t, html.UnescapeString(file[1]))
	want := r.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "export caribbean csv"}).File
	if got.text != string(want.Data) || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") || got.header.Get("Content-Type") != "text/csv" {
		t.Errorf("%d bytes, %v", len(got.text), got.header)
	}
	if p := r.get(t, "/files?q=stance+peru"); p.status != http.StatusNotFound {
		t.Errorf("there is a file of a stance: %d", p.status)
	}
}

// Whatever is asked for, no page breaks, and none is an error of ours.
func FuzzPages(f *testing.F) {
	for _, seed := range []string{"/countries/PER?as_of=2016", "/resolutions/ES-11/7?group=brics", "/receipts/M:PER:tiar:%3F", "/map?axis=russia&group=world&layout=tiles", "/pictures/card.svg?country=PER", "/search?q=%00", "/shifts?since=2022-13", "//", "/pictures/swatch/russia.contested.article.ally.svg"} {
		f.Add(seed)
	}
	r := newReader(f, nil)
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.Parse(target)
		if err != nil || !strings.HasPrefix(target, "/") || strings.ContainsAny(target, " \r\n") || u.Host != "" || strings.Contains(target, ".png") {
			t.Skip()
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://127.0.0.1"+target, nil)
		if err != nil {
			t.Skip()
		}
		req.RemoteAddr = "127.0.0.1:5000"
		w := httptest.NewRecorder()
		r.site.ServeHTTP(w, req)
		if w.Code >= 500 {
			t.Errorf("%d: %s", w.Code, w.Body)
		}
		if text := w.Body.String(); strings.Contains(text, "[web.") || strings.Contains(text, "<no value>") {
			t.Errorf("a phrase is missing: %s", text)
		}
	})
}

// A dossier anew, and from memory; a question of the chat.
func BenchmarkPages(b *testing.B) {
	serial := 0
	r := newReader(b, func(o *web.Options) { o.Version = func() string { return fmt.Sprint(serial) } })
	b.Run("dossier anew", func(b *testing.B) {
		for b.Loop() {
			serial++
			r.get(b, "/countries/PER")
		}
	})
	b.Run("dossier kept", func(b *testing.B) {
		for b.Loop() {
			r.get(b, "/countries/PER")
		}
	})
	b.Run("chat", func(b *testing.B) {
		for b.Loop() {
			r.cookies = map[string]string{} // another reader
			r.ask(b, http.MethodPost, "/ask", url.Values{"q": {"stance peru"}}, "X-Fragment", "1")
		}
	})
}

func assessed(c knowledge.Country, axis knowledge.Axis, label knowledge.Label, since knowledge.Day, at time.Time) ledger.Draft {
	return ledger.Draft{At: at, Author: "slack:T1:U2", Kind: ledger.AssessmentRecorded, Reason: "said by the ministry", Payload: ledger.Assessment{
		Country: c, Axis: axis, Label: label, Since: since, Source: "https://desk.example/page",
	}}
}
