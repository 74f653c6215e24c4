package web

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/bot/bottest"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
)

func newTestFeed(t *testing.T, d *bottest.Desk, public string) http.Handler {
	t.Helper()
	return &feeder{&Options{
		Bot: d.Bot, Core: func(desk knowledge.DeskID) *core.Core { return d.Holder.Core(desk) }, Desk: knowledge.DefaultDesk,
		Today: func() knowledge.Day { return bottest.Today }, Version: func() string { return "v1" }, Language: "en", PublicURL: public,
		Log: slog.New(slog.DiscardHandler),
	}}
}

// A node is an element of XML.
type node struct {
	name     xml.Name
	attrs    map[string]string
	children []*node
	text     string
}

func parseXML(text []byte) (*node, error) {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	root := &node{}
	open := []*node{root}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		top := open[len(open)-1]
		switch x := token.(type) {
		case xml.StartElement:
			child := &node{name: x.Name, attrs: map[string]string{}}
			for _, a := range x.Attr {
				child.attrs[a.Name.Local] = a.Value
			}
			top.children, open = append(top.children, child), append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.text += string(x)
		}
	}
	if len(root.children) != 1 {
		return nil, fmt.Errorf("%d elements at the top", len(root.children))
	}
	return root.children[0], nil
}

func (n *node) all(name string) (found []*node) {
	for _, c := range n.children {
		if c.name.Local == name {
			found = append(found, c)
		}
	}
	return found
}

func (n *node) textOf(name string) string {
	if found := n.all(name); len(found) > 0 {
		return found[0].text
	}
	return ""
}

const atomSpace = "http://www.w3.org/2005/Atom"

// How often the elements of RFC 4287 stand in a feed and in an entry: once, at most once, or any number of times.
var (
	inFeed = map[string]string{
		"author": "any", "category": "any", "contributor": "any", "generator": "most", "icon": "most", "id": "once", "link": "any", "logo": "most",
		"rights": "most", "subtitle": "most", "title": "once", "updated": "once", "entry": "any",
	}
	inEntry = map[string]string{
		"author": "any", "category": "any", "content": "most", "contributor": "any", "id": "once", "link": "any", "published": "most", "rights": "most",
		"source": "most", "summary": "most", "title": "once", "updated": "once",
	}
	tagForm = regexp.MustCompile(`^tag:[a-z0-9.-]+,\d{4}(-\d{2}(-\d{2})?)?:[A-Za-z0-9/._~:?-]+$`)
)

// validateFeed returns what is wrong with a feed under RFC 4287.
func validateFeed(text []byte) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	root, err := parseXML(text)
	if err != nil {
		return []string{err.Error()}
	}
	if root.name != (xml.Name{Space: atomSpace, Local: "feed"}) {
		fault("the root is %v", root.name)
	}
	faults = append(faults, validateElements(root, inFeed)...)
	entries := root.all("entry")
	ids := map[string]bool{root.textOf("id"): true}
	for _, e := range entries {
		faults = append(faults, validateElements(e, inEntry)...)
		if id := e.textOf("id"); ids[id] {
			fault("two have the id %s", id)
		} else {
			ids[id] = true
		}
		if len(root.all("author")) == 0 && len(e.all("author")) == 0 {
			fault("an entry without an author")
		}
		if len(e.all("content")) == 0 && !hasLink(e, "alternate") {
			fault("an entry with neither content nor an alternate")
		}
		if e.textOf("updated") > root.textOf("updated") {
			fault("an entry is newer than its feed")
		}
	}
	if !hasLink(root, "self") {
		fault("no link to itself")
	}
	return faults
}

func hasLink(n *node, rel string) bool {
	return slices.ContainsFunc(n.all("link"), func(l *node) bool { return l.attrs["rel"] == rel })
}

func validateElements(n *node, allowed map[string]string) (faults []string) {
	fault := func(format string, args ...any) {
		faults = append(faults, n.name.Local+": "+fmt.Sprintf(format, args...))
	}
	for name, often := range allowed {
		if count := len(n.all(name)); often == "once" && count != 1 || often == "most" && count > 1 {
			fault("%d of %s", count, name)
		}
	}
	alternates := map[string]bool{}
	for _, c := range n.children {
		if c.name.Space != atomSpace || allowed[c.name.Local] == "" {
			fault("holds %v", c.name)
		}
		switch c.name.Local {
		case "id":
			if !tagForm.MatchString(c.text) {
				fault("the id %q is no tag of RFC 4151", c.text)
			}
		case "updated", "published":
			if _, err := time.Parse(time.RFC3339, c.text); err != nil {
				fault("%q is no time", c.text)
			}
		case "title":
			if strings.TrimSpace(c.text) == "" || len(c.children) > 0 {
				fault("an empty title, or one with elements")
			}
		case "author":
			if len(c.all("name")) != 1 {
				fault("an author without a name")
			}
		case "link":
			key := c.attrs["type"] + " " + c.attrs["hreflang"]
			if c.attrs["rel"] == "alternate" && alternates[key] {
				fault("two alternates of %s", key)
			}
			alternates[key] = alternates[key] || c.attrs["rel"] == "alternate"
			if _, err := url.Parse(c.attrs["href"]); err != nil || c.attrs["href"] == "" {
				fault("a link to %q", c.attrs["href"])
			}
		}
	}
	return faults
}

func TestFeedIsAtom(t *testing.T) {
	d := bottest.NewDesk(t)
	for _, public := range []string{"", "https://stances.example.org"} {
		h := newTestFeed(t, d, public)
		for _, language := range phrases.Languages() {
			for _, group := range []string{"", "&group=andean", "&group=guianas"} {
				at := feedPath + "?lang=" + language + group
				w := got200(t, h, at)
				for _, fault := range validateFeed(w.Body.Bytes()) {
					t.Errorf("%s: %s", at, fault)
				}
				if kind := w.Header().Get("Content-Type"); kind != "application/atom+xml; charset=utf-8" {
					t.Errorf("%s: %s", at, kind)
				}
				root, _ := parseXML(w.Body.Bytes())
				if self := root.all("link")[0].attrs["href"]; root.attrs["lang"] != language || !strings.HasPrefix(self, public+feedPath) {
					t.Errorf("%s: it says it is %s of %s", at, root.attrs["lang"], self)
				}
			}
		}
	}
	if w := request(t, newTestFeed(t, d, ""), http.MethodGet, feedPath+"?group=xyz", ""); w.Code != http.StatusNotFound {
		t.Errorf("no group: status %d", w.Code)
	}
}

// The validator finds what is wrong.
func TestFeedsThatAreNone(t *testing.T) {
	const entry = `<entry><id>tag:a,2025:b</id><title>t</title><updated>2025-10-16T00:00:00Z</updated><link rel="alternate" href="/b"/></entry>`
	const head = `<id>tag:a,2025:a</id><title>t</title><updated>2025-10-16T00:00:00Z</updated><link rel="self" href="/a"/>`
	const author = `<author><name>n</name></author>`
	for text, want := range map[string]string{
		head + author + entry:         "",
		author + entry:                "0 of id",
		head + entry:                  "an entry without an author",
		head + author + entry + entry: "two have the id",
		head + author + "<br/>":       "holds",
		head + author + strings.Replace(entry, "2025-10-16T00:00:00Z", "yesterday", 1): "is no time",
		head + author + strings.Replace(entry, "2025-10-16", "2026-10-16", 1):          "newer than its feed",
		strings.Replace(head, "self", "via", 1) + author:                               "no link to itself",
		strings.Replace(head, "tag:a,2025:a", "shifts", 1) + author:                    "no tag",
		head + author + entry[:40]:                                                     "syntax",
	} {
		faults := fmt.Sprint(validateFeed([]byte(`<feed xmlns="` + atomSpace + `">` + text + `</feed>`)))
		if want == "" && faults != "[]" || !strings.Contains(faults, want) {
			t.Errorf("%s: found %s, want …%s…", text, faults, want)
		}
	}
}

// The feed tells of what the chat tells of, and of what a desk recorded when it did; its times are those of the records.
func TestFeedTellsWhatTheChatTells(t *testing.T) {
	d := bottest.NewDesk(t)
	ids := func() (ids []string, updated string) {
		root, err := parseXML(got200(t, newTestFeed(t, d, ""), feedPath).Body.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range root.all("entry") {
			ids = append(ids, strings.TrimPrefix(e.textOf("id"), "tag:stancebot,2025:shifts/en/"))
		}
		return ids, root.textOf("updated")
	}
	before, updated := ids()
	changes := d.Core.Answer(knowledge.Query{Intent: knowledge.IntentShifts, Desk: knowledge.DefaultDesk, Today: bottest.Today}).Shifts
	for _, s := range changes {
		if !slices.Contains(before, s.ID) {
			t.Errorf("it lacks %s", s.ID)
		}
	}
	if len(before) < len(changes) || updated != "2026-02-24T00:00:00Z" {
		t.Errorf("%d entries, updated %s", len(before), updated)
	}
	d.Record(t, ledger.Draft{
		At: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC), Author: "console:ana", Kind: ledger.AssessmentRecorded, Reason: "the vote",
		Payload: ledger.Assessment{Country: "BOL", Axis: knowledge.TowardRussia, Label: knowledge.Neutral, Since: 2026_11_10, Source: "https://example.org/a"},
	})
	after, updated := ids()
	if len(after) != len(before)+1 || !strings.HasPrefix(after[0], "D-") || updated != "2026-11-20T09:30:00Z" {
		t.Errorf("after a recorded shift: %v, updated %s", after[:2], updated)
	}
}
