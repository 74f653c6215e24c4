package web

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// siteOf is the site of a desk for all readers, by an address of its own.
func siteOf(d *bottest.Desk) http.Handler {
	o := testOptions(d)
	o.PublicURL = "https://desk.example"
	o.Guard = &Guard{Access: ForAll, PublicURL: o.PublicURL, Now: time.Now}
	return New(*o).Handler()
}

// A name that is no member has a page that says its standing, in each language, and gives it no label.
func TestPlacesHaveTheirStatus(t *testing.T) {
	d := bottest.NewDesk(t)
	site := siteOf(d)
	for _, at := range []string{"TWN", "twn", "crimea", "ussr", "VAT"} {
		for _, language := range phrases.Languages() {
			body := got200(t, site, "/countries/"+at+"?lang="+language).Body.String()
			want := d.Ask(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: "stance " + at, Language: language}).Reply
			if note := as[bot.Line](want.Blocks[0]).Text; !strings.Contains(html.UnescapeString(body), note) {
				t.Errorf("%s in %s lacks %q", at, language, note)
			}
			if strings.Contains(body, "swatch") {
				t.Errorf("%s in %s has a label", at, language)
			}
		}
	}
	if w := request(t, site, http.MethodGet, "/countries/atlantis", ""); w.Code != http.StatusNotFound {
		t.Errorf("a place that is none: status %d", w.Code)
	}
}

// The list of countries marks those labels that newer records speak against, and no others, by the receipts of what does.
func TestListMarksStaleLabels(t *testing.T) {
	d := bottest.NewDesk(t)
	site, rows := siteOf(d), map[string]string{}
	for _, row := range regexp.MustCompile(`(?s)<tr role="row"><th scope="row".*?</tr>`).FindAllString(got200(t, site, "/countries").Body.String(), -1) {
		code := regexp.MustCompile(`/countries/([A-Z]{3})`).FindStringSubmatch(row)[1]
		rows[code] = row
	}
	stale := 0
	for code, row := range rows {
		a := d.Holder.Core(knowledge.DefaultDesk).Answer(knowledge.Query{
			Intent: knowledge.IntentStance, Desk: knowledge.DefaultDesk, Countries: []knowledge.Country{knowledge.Country(code)}, Today: bottest.Today, Page: 1,
		})
		for _, s := range a.Stances[0].Stale {
			for _, id := range s.Causes() {
				if !strings.Contains(row, ReceiptPath(id)) {
					t.Errorf("%s lacks %s", code, id)
				}
			}
		}
		is := len(a.Stances[0].Stale) > 0
		if is {
			stale++
		}
		if strings.Contains(row, "†") != is {
			t.Errorf("%s: stale is %t: %s", code, is, row)
		}
	}
	if stale == 0 || stale == len(rows) {
		t.Errorf("%d of %d are stale", stale, len(rows))
	}
}

// The list of shifts stands on its page once, and whole.
func TestShiftsStandOnce(t *testing.T) {
	d := bottest.NewDesk(t)
	body := got200(t, siteOf(d), "/shifts").Body.String()
	a := d.Holder.Core(knowledge.DefaultDesk).Answer(knowledge.Query{Intent: knowledge.IntentShifts, Desk: knowledge.DefaultDesk, Today: bottest.Today, Page: 1})
	list := shifts(&a)
	if len(list) < 11 {
		t.Fatalf("%d shifts", len(list))
	}
	for _, s := range list {
		if n := strings.Count(body, s.From+" → "+s.To); n > 1 || n == 0 && !strings.ContainsAny(s.From+s.To, `'"&<>`) {
			t.Errorf("%s stands %d times", s.Receipt, n)
		}
		if !strings.Contains(body, ReceiptPath(s.Receipt)) {
			t.Errorf("%s is not there", s.Receipt)
		}
	}
}

// A page names its address in each language, with what was asked, and each of them is in that language.
func TestPagesNameTheirLanguages(t *testing.T) {
	site := siteOf(bottest.NewDesk(t))
	links := regexp.MustCompile(`hreflang="(..)" href="https://desk\.example([^"]*)"`).FindAllStringSubmatch(got200(t, site, "/countries/PER?as_of=2025-12-01").Body.String(), -1)
	if len(links) != len(phrases.Languages()) {
		t.Fatalf("%d languages: %v", len(links), links)
	}
	for _, link := range links {
		body := got200(t, site, html.UnescapeString(link[2])).Body.String()
		if !strings.Contains(body, fmt.Sprintf("<html lang=%q>", link[1])) || !strings.Contains(body, `value="2025-12-01"`) {
			t.Errorf("%s is another page", link[2])
		}
	}
}

// What is remembered of chats has bounds: in number, in length and in time.
func TestTalksAreForgotten(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	talks := newTalks(func() time.Time { return now })
	for i := range mostSaid + 5 {
		talks.add("first", said{Asked: fmt.Sprint(i)})
	}
	if kept := talks.read("first"); len(kept) != mostSaid || kept[0].Asked != "5" {
		t.Errorf("%d are kept of one, from %q on", len(kept), kept[0].Asked)
	}
	for i := range mostTalks {
		now = now.Add(time.Second)
		talks.add(fmt.Sprint("other ", i), said{})
	}
	if len(talks.of) != mostTalks || talks.read("first") != nil {
		t.Errorf("%d conversations are kept, and of the oldest %d answers", len(talks.of), len(talks.read("first")))
	}
	if now = now.Add(talkTerm); talks.read(fmt.Sprint("other ", mostTalks-1)) != nil {
		t.Error("a conversation outlives its term")
	}
}

// Dates bring their own articles, and every phrase is there: in no language is a page broken where they are put in.
func TestPagesAreWellSaid(t *testing.T) {
	site := siteOf(bottest.NewDesk(t))
	broken := regexp.MustCompile(`\b([dl]u|le|el|o|de|à) le \d|\bel el \d|\[web\.|%!|<no value>`)
	for _, at := range []string{"/", "/countries", "/countries/PER", "/countries/JPN", "/countries/TWN", "/resolutions", "/resolutions/ES-11/7", "/receipts/PER-05", "/shifts", "/map", "/search?q=lithium", "/countries/PER?as_of=1990"} {
		for _, language := range phrases.Languages() {
			u, _ := url.Parse(at)
			q := u.Query()
			q.Set("lang", language)
			u.RawQuery = q.Encode()
			w := request(t, site, http.MethodGet, u.String(), "")
			if found := broken.FindString(html.UnescapeString(w.Body.String())); found != "" {
				t.Errorf("%s in %s says %q", at, language, found)
			}
		}
	}
}
