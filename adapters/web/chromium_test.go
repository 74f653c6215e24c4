package web_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/adapters/web"
	"stancebot/bot/bottest"
	"stancebot/knowledge"
)

// A tab is a page of a real browser, on a site that this machine serves.
type tab struct {
	ctx  context.Context //nolint:containedctx // chromedp keeps the browser in it
	site string

	mu       sync.Mutex
	requests []string // that went elsewhere
	errors   []string // of the console
}

// newTab opens a tab. A test that finds no browser is skipped, unless nothing may be.
func newTab(t *testing.T) *tab {
	t.Helper()
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && browser == "" {
			browser = path
		}
	}
	if browser == "" {
		peers.Absent(t, "there is no browser here: apt-get install chromium")
	}
	desk := bottest.NewDesk(t)
	site := web.New(web.Options{
		Bot: desk, Core: desk.Holder.Core, Desk: knowledge.DefaultDesk, Today: func() knowledge.Day { return bottest.Today },
		Version: func() string { return "1.0 " + desk.Records.Version + " 0 false" }, Language: "en", Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Inside: &web.Inside{Ledger: func() web.Ledger { return nil }}, Guard: &web.Guard{Now: time.Now},
	})
	server := httptest.NewServer(site.Handler())
	t.Cleanup(server.Close)
	b := &tab{site: server.URL}
	allocated, end := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), chromedp.ExecPath(browser), chromedp.NoSandbox, chromedp.Headless, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.WindowSize(1280, 900), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "en-US"))
	t.Cleanup(end)
	ctx, closes := chromedp.NewContext(allocated, chromedp.WithListener(b.hear))
	t.Cleanup(closes)
	b.ctx = ctx
	b.do(t, asked(network.Enable, network.EnableParams{}), asked(runtime.Enable, cdp.Empty{}), asked(cdplog.Enable, cdp.Empty{}))
	b.looks(t, "", "light")
	t.Cleanup(func() { b.quiet(t) })
	return b
}

// asked is a command of the protocol as an action.
func asked[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, command, params)
		return chromedp.Void{}, err
	}
}

// hear notes what a page does that it may not.
func (b *tab) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(ev.Request.URL); err != nil || u.Scheme == "http" && u.Hostname() != "127.0.0.1" || u.Scheme == "https" {
			b.requests = append(b.requests, ev.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, ev.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if ev.Type == "error" {
			b.errors = append(b.errors, fmt.Sprint(ev.Args))
		}
	case *cdplog.EventEntryAdded:
		if ev.Entry.Level == "error" {
			b.errors = append(b.errors, ev.Entry.Text+" "+ev.Entry.URL)
		}
	}
}

// quiet fails the test where a page asked elsewhere, or wrote an error on the console.
func (b *tab) quiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range b.requests {
		t.Errorf("the page asked %s", r)
	}
	for _, e := range b.errors {
		t.Errorf("the console says %s", e)
	}
}

// looks sets what a page is shown on, and in which colours. Nothing moves: a click would miss what does.
func (b *tab) looks(t *testing.T, on, scheme string) {
	t.Helper()
	b.do(t, asked(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: on, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}}))
}

const patience = 20 * time.Second

func (b *tab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if _, err := chromedp.Run(b.ctx, limited(chromedp.Steps(steps...))); err != nil {
		t.Fatal(err)
	}
}

// limited ends an action that takes too long.
func limited[T any](a chromedp.Action[T]) chromedp.Action[T] {
	return func(ctx context.Context, t *chromedp.Target) (T, error) {
		ctx, end := context.WithTimeout(ctx, patience)
		defer end()
		return a(ctx, t)
	}
}

func get[T any](t *testing.T, b *tab, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, limited(a))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// at opens a path of the site.
func (b *tab) at(t *testing.T, path string) {
	t.Helper()
	b.do(t, chromedp.Navigate(b.site+path), chromedp.WaitReady(chromedp.CSS("main")))
}

func (b *tab) text(t *testing.T, css string) string {
	t.Helper()
	return get(t, b, chromedp.TextContent(chromedp.CSS(css)))
}

// answers waits until the conversation has so many answers, and returns the last.
func (b *tab) answers(t *testing.T, n int) string {
	t.Helper()
	b.do(t, chromedp.WaitReady(chromedp.CSS(fmt.Sprintf(".log > li:nth-child(%d) .reply", n))))
	return b.text(t, ".log > li:last-child .reply")
}

func holds(t *testing.T, text string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("it lacks %q: %s", w, strings.Join(strings.Fields(text), " "))
		}
	}
}

// A newcomer asks, follows up by keyboard alone, presses a button, and opens the dossier.
func TestBrowserChat(t *testing.T) {
	b := newTab(t)
	b.at(t, "/")
	b.do(t, chromedp.KeyEvent("where does peru stand?"+kb.Enter)) // the field has the focus
	holds(t, b.answers(t, 1), "leans against (our reading)", "403 days old", "PER-05", "F-02")
	holds(t, b.text(t, "#beside"), "Peru")
	if at := get(t, b, chromedp.Location()); at != b.site+"/" {
		t.Errorf("a new page came: %s", at)
	}
	if focus := get(t, b, chromedp.Evaluate[string]("document.activeElement.id")); focus != "q" {
		t.Errorf("the focus is at %q", focus)
	}
	b.do(t, chromedp.KeyEvent("and chile?"+kb.Enter))
	holds(t, b.answers(t, 2), "Chile", "in the opposing camp")
	b.do(t, chromedp.Click(chromedp.CSS(`.log > li:last-child button[value^="why"]`)))
	holds(t, b.answers(t, 3), "What the labels of Chile rest on")
	b.do(t, chromedp.SendKeys(chromedp.CSS("#q"), "map southern cone"+kb.Enter))
	holds(t, b.answers(t, 4), "The Southern Cone") // of no one country: the dossier stays
	b.do(t, chromedp.Click(chromedp.CSS("#beside h2 a")), chromedp.WaitReady(chromedp.CSS("#claims")))
	holds(t, b.text(t, "h1"), "Chile")
	b.at(t, "/")
	holds(t, b.answers(t, 4), "The Southern Cone") // the browser's conversation is there still
}

// The same with the script switched off, and with a picture.
func TestBrowserWithoutScript(t *testing.T) {
	b := newTab(t)
	b.do(t, asked(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}))
	b.at(t, "/")
	b.do(t, chromedp.SendKeys(chromedp.CSS("#q"), "map southern cone"+kb.Enter))
	holds(t, b.answers(t, 1), "The Southern Cone", "aligned, 3: Argentina, Chile, Paraguay")
	if src := get(t, b, chromedp.AttributeValue(chromedp.CSS(".log .drawn img"), "alt")); !strings.Contains(src.Value, "Argentina") {
		t.Errorf("the picture says %q to those who do not see it", src.Value)
	}
	b.do(t, chromedp.Click(chromedp.CSS(`.log > li:last-child button[value^="map southern cone on russia"]`)))
	holds(t, b.answers(t, 2), "in the opposing camp, 2: Chile, Paraguay")
}

// From the first key on, all is reached without a mouse, and the focus is seen.
func TestBrowserKeyboard(t *testing.T) {
	b := newTab(t)
	b.at(t, "/countries/PER")
	b.do(t, chromedp.KeyEvent(kb.Tab))
	if first := get(t, b, chromedp.Evaluate[string]("document.activeElement.className")); first != "skip" {
		t.Errorf("the first key leads to %q", first)
	}
	b.do(t, chromedp.KeyEvent(kb.Enter))
	if at := get(t, b, chromedp.Evaluate[string]("document.activeElement.id")); at != "main" {
		t.Errorf("the content is not skipped to: %q", at)
	}
	for range 12 {
		b.do(t, chromedp.KeyEvent(kb.Tab))
		seen := get(t, b, chromedp.Evaluate[bool](`(() => { const e = document.activeElement, s = getComputedStyle(e); return e === document.body || s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2 })()`))
		if !seen {
			t.Errorf("the focus does not show at %s", get(t, b, chromedp.Evaluate[string]("document.activeElement.outerHTML.slice(0, 120)")))
		}
	}
}

// pages are one of each kind.
var pages = []string{
	"/", "/countries", "/countries/PER", "/countries/JPN", "/countries/RUS", "/resolutions", "/resolutions/ES-11/7", "/receipts/PER-05", "/shifts", "/map",
	"/map?group=andean&axis=washington&layout=tiles", "/search?q=lithium", "/nowhere",
}

// Whoever cannot see well, or not at all, or uses no mouse, can read the pages: axe finds nothing serious, in light and in dark.
func TestBrowserAxe(t *testing.T) {
	axe := peers.File(t, peers.Web, "axe-core/axe.min.js")
	b := newTab(t)
	for _, scheme := range []string{"light", "dark"} {
		b.looks(t, "", scheme)
		for _, path := range pages {
			b.at(t, path)
			b.mu.Lock()
			b.errors = nil // what is not there is an error of the console by itself
			b.mu.Unlock()
			b.judge(t, axe, path+", "+scheme)
		}
		b.at(t, "/")
		b.do(t, chromedp.SendKeys(chromedp.CSS("#q"), "why chile"+kb.Enter))
		b.answers(t, 1)
		b.judge(t, axe, "an answer, "+scheme)
		b.do(t, chromedp.Click(chromedp.CSS(".forget button")), chromedp.WaitReady(chromedp.CSS(".examples")))
	}
}

// judge asks axe of the page that is open.
func (b *tab) judge(t *testing.T, axe, what string) {
	t.Helper()
	get(t, b, chromedp.Evaluate[any](axe+"; 0"))
	found := get(t, b, chromedp.Evaluate[[]string](`axe.run({resultTypes: ["violations"]}).then((r) => r.violations
		.filter((v) => v.impact === "serious" || v.impact === "critical").map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 160) + " " + n.failureSummary).slice(0, 3).join(" | ")))`,
		chromedp.EvalAwaitPromise))
	for _, f := range found {
		t.Errorf("%s: %s", what, f)
	}
}

// On a screen of 360 pixels nothing goes beyond the edge.
func TestBrowserSmallScreen(t *testing.T) {
	b := newTab(t)
	b.do(t, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile))
	for _, path := range append(pages[:len(pages)-1:len(pages)-1], "/countries/VCT?lang=ru", "/map?lang=zh", "/shifts?lang=fr", "/?lang=ru") {
		b.at(t, path)
		if wide := get(t, b, chromedp.Evaluate[float64]("document.documentElement.scrollWidth")); wide > 360 {
			t.Errorf("%s is %.0f pixels wide: %s", path, wide, get(t, b, chromedp.Evaluate[string](
				`[...document.querySelectorAll("main *, header *, footer *")].filter((e) => e.getBoundingClientRect().right > 361 && !e.closest(".wide")).slice(0, 3).map((e) => e.outerHTML.slice(0, 90)).join(" | ")`)))
		}
	}
}

// A reader chooses a language; the page, its labels and the answers are in it.
func TestBrowserLanguage(t *testing.T) {
	b := newTab(t)
	b.at(t, "/countries/PER")
	b.do(t, chromedp.SetValue(chromedp.CSS("#lang"), "es"), chromedp.Click(chromedp.CSS(".language button")), chromedp.WaitReady(chromedp.CSS(`html[lang="es"]`)))
	holds(t, b.text(t, "main"), "Perú", "nuestra lectura", "Citar esto")
	b.at(t, "/")
	b.do(t, chromedp.SendKeys(chromedp.CSS("#q"), "stance peru"+kb.Enter))
	holds(t, b.answers(t, 1), "se inclina en contra")
}

// The map answers its form, and its pictures are there.
func TestBrowserMap(t *testing.T) {
	b := newTab(t)
	b.at(t, "/map")
	b.do(t, chromedp.SetValue(chromedp.CSS("#group"), "caribbean"), chromedp.SetValue(chromedp.CSS("#axis"), "washington"), chromedp.Click(chromedp.CSS(".pick button")),
		chromedp.WaitReady(chromedp.CSS(`#axis option[value="washington"][selected]`)))
	holds(t, b.text(t, "main"), "hostile, 2: Cuba, Venezuela", "11 countries have no label")
	loaded := get(t, b, chromedp.Evaluate[bool](`Promise.all([...document.images].map((i) => { i.loading = "eager"; return i.decode().then(() => i.naturalWidth > 0) })).then((all) => all.length > 0 && all.every(Boolean))`, chromedp.EvalAwaitPromise))
	if !loaded {
		t.Error("a picture is missing")
	}
}

// A page is printed without what only a screen needs.
func TestBrowserPrint(t *testing.T) {
	b := newTab(t)
	b.at(t, "/countries/PER")
	printed, err := chromedp.Call(b.ctx, page.PrintToPDF, page.PrintToPDFParams{})
	if err != nil || len(printed.Data) < 20_000 || !strings.HasPrefix(string(printed.Data), "%PDF") {
		t.Fatalf("%d bytes, %v", len(printed.Data), err)
	}
	b.looks(t, "print", "light")
	for _, gone := range []string{".top nav", ".choices", ".days form", ".language"} {
		if shown := get(t, b, chromedp.Evaluate[string](`getComputedStyle(document.querySelector("`+gone+`")).display`)); shown != "none" {
			t.Errorf("%s is printed", gone)
		}
	}
	if dir := os.Getenv("STANCETEST_LOOK"); dir != "" { // for whoever wants to look at it
		_ = os.WriteFile(filepath.Join(dir, "peru.pdf"), printed.Data, 0o600)
	}
}
