package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/digest"
	"stancebot/bot/phrases"
	"stancebot/bot/showcase"
	"stancebot/knowledge"
	"stancebot/knowledge/raced"
)

// playground is the environment of newsrooms in tests.
func playground(tb testing.TB) *environment {
	tb.Helper()
	return &environment{ctx: tb.Context(), stdout: io.Discard, stderr: io.Discard, log: slog.New(slog.DiscardHandler), now: time.Now, config: config{Language: "en"}}
}

// openRoom opens a newsroom.
func openRoom(tb testing.TB, language string) *showcase.Newsroom {
	tb.Helper()
	s, err := playground(tb).newShowcases()
	if err != nil {
		tb.Fatal(err)
	}
	room, err := s.newsroom(tb.Context(), language)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := room.Close(); err != nil {
			tb.Error(err)
		}
	})
	return room
}

// A tourist plays a newsroom line by line.
type tourist struct {
	room *showcase.Newsroom
	last int
}

// The tour in each language, and what a visitor may do besides: what each platform shows of it, to the byte. "LANGUAGE step N" takes a step;
// the rest are acts.
func TestTours(t *testing.T) {
	pattern := "testdata/tour/*.txtar"
	if raced.On {
		pattern = "testdata/tour/e*.txtar"
	}
	bottest.Scripts(t, pattern, func(t *testing.T) func(*testing.T, string) string {
		t.Helper()
		return new(tourist).play
	})
}

func (v *tourist) play(t *testing.T, line string) string {
	t.Helper()
	var err error
	if language, step, ok := strings.Cut(line, " step "); ok {
		if step == "1" {
			v.room = openRoom(t, language)
		}
		_, err = v.room.Next(t.Context())
	} else {
		err = v.room.Do(t.Context(), actOf(t, line))
	}
	if refused := showcase.RefusedError(""); errors.As(err, &refused) {
		return "refused: " + string(refused) + "\n\n"
	}
	if err != nil {
		t.Fatal(err)
	}
	view, err := v.room.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	events := v.room.Since(v.last)
	v.last = view.Happened
	if strings.Contains(line, " step ") {
		return stepText(view, events) + "\n"
	}
	return happenedText(view, events) + "\n"
}

// actOf reads an act: "who: rita; say; in PLACE; words", "break PLATFORM TROUBLE", "wait TILL".
func actOf(t *testing.T, line string) *showcase.Act {
	t.Helper()
	words := strings.Fields(line)
	switch words[0] {
	case "break":
		return &showcase.Act{Do: showcase.Break, On: words[1], Trouble: showcase.Trouble(strings.Join(words[2:], ""))}
	case "wait":
		return &showcase.Act{Do: showcase.Wait, Till: words[1]}
	}
	parts := strings.Split(line, "; ")
	return &showcase.Act{
		Do: showcase.Deed(parts[1]), Who: strings.TrimPrefix(parts[0], "who: "), In: []bot.Address{bot.Address(strings.TrimPrefix(parts[2], "in "))},
		Text: parts[3], Command: parts[3], Answers: parts[4:],
	}
}

// tour takes the whole tour and returns the newsroom, with all that happened in it.
func tour(t *testing.T, language string) (*showcase.View, []showcase.Event) {
	t.Helper()
	room := openRoom(t, language)
	for range showcase.TheTour().Steps {
		if more, err := room.Next(t.Context()); err != nil || !more {
			t.Fatal(more, err)
		}
	}
	view, err := room.View(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return view, room.Since(0)
}

// In every language the tour comes to the same: each place got each digest once, though the platforms failed, and whoever was shown what was
// corrected has a note, and the message edited.
func TestTheTourComesToTheSameInEveryLanguage(t *testing.T) {
	languages := phrases.Languages()
	if raced.On {
		languages = languages[:2]
	}
	for _, language := range languages {
		t.Run(language, func(t *testing.T) {
			view, events := tour(t, language)
			for i := range view.Deliveries {
				if d := &view.Deliveries[i].Delivery; d.State != digest.Sent || d.Doubted {
					t.Errorf("%s %s is %s, in doubt: %v", view.Deliveries[i].Subscription.To, d.Name, d.State, d.Doubted)
				}
			}
			for _, at := range []bot.Address{showcase.News, showcase.Group} {
				checkPlace(t, view, at)
			}
			for i := range events {
				if e := &events[i]; e.Message.Reply != nil && e.Message.Reply.Language != language {
					t.Errorf("%s is told in %s: %s", e.Message.Place, e.Message.Reply.Language, e.Message.Reply.Text())
				}
			}
		})
	}
}

// wrongClaim is the receipt of what the tour corrects.
const wrongClaim = "BRA-14"

func checkPlace(t *testing.T, view *showcase.View, at bot.Address) {
	t.Helper()
	i := slices.IndexFunc(view.Places, func(p showcase.Place) bool { return p.Address == at })
	digests, notes, edited := 0, 0, 0
	for _, m := range view.Places[i].Messages {
		switch {
		case m.Repeated:
			t.Errorf("%s: a message is there twice, perhaps", at)
		case m.Reply == nil:
		case strings.Contains(m.Reply.Text(), "digest pause"):
			digests++
		case !m.Edited.IsZero() && slices.Contains(m.Reply.Receipts, wrongClaim) && slices.Contains(m.Reply.Receipts, "D-5"):
			edited++
		case slices.Contains(m.Reply.Receipts, wrongClaim) && slices.Contains(m.Reply.Receipts, "D-5"):
			notes++
		case slices.Contains(m.Reply.Receipts, wrongClaim) && !strings.Contains(m.Reply.Text(), "D-4"):
			t.Errorf("%s: a message still says what was corrected: %s", at, m.Reply.Text())
		}
	}
	if digests != 2 || notes != 1 || edited != 1 {
		t.Errorf("%s: %d digests, %d notes and %d messages edited: wanted 2, 1 and 1", at, digests, notes, edited)
	}
}

// The same tour twice is the same to the byte: nothing in it depends on chance or on the running clock.
func TestTheTourIsTheSameTwice(t *testing.T) {
	text := func() string {
		view, events := tour(t, "en")
		return stepText(view, events)
	}
	first := text()
	time.Sleep(1100 * time.Millisecond) // another second
	if second := text(); first != second {
		t.Errorf("the second time it is another one:\n%s\n\n%s", first, second)
	}
}

// The command plays the tour as text, and needs nothing: no variable, no database, no token. It leaves nothing behind.
func TestDemoPlays(t *testing.T) {
	home := t.TempDir()
	for _, variable := range []string{"HOME", "XDG_DATA_HOME", "TMPDIR"} {
		t.Setenv(variable, home)
	}
	var out, errs strings.Builder
	if code := run(t.Context(), []string{"demo", "--play", "--lang", "fr"}, os.Stdin, &out, &errs); code != exitOK {
		t.Fatalf("it ended with %d: %s", code, &errs)
	}
	for i := range showcase.TheTour().Steps {
		if want := fmt.Sprintf("Étape %d sur 8", i+1); !strings.Contains(out.String(), want) {
			t.Errorf("it does not tell of %q", want)
		}
	}
	if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
		t.Errorf("it left %v behind: %v", left, err)
	}
	for _, args := range [][]string{{"demo", "--lang", "xx"}, {"demo", "--listen", "0.0.0.0:0"}, {"demo", "--listen", "example.org:80"}} {
		if code := run(t.Context(), args, os.Stdin, io.Discard, io.Discard); code != exitUsage {
			t.Errorf("%q ended with %d", args, code)
		}
	}
}

// The tab stands within the site: in its frame and under its policy, in the language that a reader chose there, and refused to other sites.
func TestDemoWithinTheSite(t *testing.T) {
	env := playground(t)
	env.config.DatabaseURL, env.config.Timezone, env.config.Retention = "sqlite::memory:", "UTC", time.Hour
	today := func() knowledge.Day { return bottest.Today }
	p, err := env.newBotThatKeeps(10, today, true)
	if err != nil {
		t.Fatal(err)
	}
	site := httptest.NewServer(env.newSite(p, today, func(o bot.Options) asker { return bot.New(o) }))
	defer func() {
		site.Close()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	asks := func(method, path string, want int, header ...string) string {
		t.Helper()
		path, form, _ := strings.Cut(path, " ")
		r, err := http.NewRequestWithContext(t.Context(), method, site.URL+path, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", "en")
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if policy := resp.Header.Get("Content-Security-Policy"); err != nil || resp.StatusCode != want || !strings.Contains(policy, "default-src 'none'") {
			t.Fatalf("%s %s: %d, %q, %v: %s", method, path, resp.StatusCode, policy, err, body)
		}
		return string(body)
	}
	for _, want := range []string{`href="/demo" aria-current="page"`, `href="/demo/style.css"`, "Abrir la redacción"} {
		if page := asks(http.MethodGet, "/demo", http.StatusOK, "Cookie", "stancebot_language=es"); !strings.Contains(page, want) {
			t.Errorf("the door does not show %s", want)
		}
	}
	asks(http.MethodPost, "/demo/enter", http.StatusForbidden, "Sec-Fetch-Site", "cross-site")
	if page := asks(http.MethodPost, "/demo/enter language=fr", http.StatusOK); !strings.Contains(page, "Étape 1 sur 8") || !strings.Contains(page, `class="skip"`) {
		t.Errorf("the newsroom is not there, or not within the site: %s", page)
	}
	if page := asks(http.MethodPost, "/demo/do in=everywhere&text=stance+peru", http.StatusOK); !strings.Contains(page, "stance peru") || !strings.Contains(page, "PER-05") {
		t.Error("what is typed within the site is not answered")
	}
	asks(http.MethodGet, "/demo/style.css", http.StatusOK)
}

// Served alone, the tab answers this machine by its own names, and nobody else.
func TestOnlyHere(t *testing.T) {
	h := onlyHere(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	for host, want := range map[string]int{
		"127.0.0.1:80": http.StatusNoContent, "localhost:8080": http.StatusNoContent, "[::1]:80": http.StatusNoContent, "evil.example:80": http.StatusMisdirectedRequest,
		"10.0.0.1:80": http.StatusMisdirectedRequest, "localhost.evil.example:80": http.StatusMisdirectedRequest, "": http.StatusMisdirectedRequest,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/demo", http.NoBody)
		r.Host = host
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != want {
			t.Errorf("%q is answered with %d", host, w.Code)
		}
	}
}
