package web

import (
	"cmp"
	"context"
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
)

const (
	feedPath  = "/shifts.atom"
	feedType  = "application/atom+xml"
	feedStart = "2025" // the year in which the tags were made up: part of each, for ever
)

// A feed is a list of shifts as RFC 4287 has it.
type feed struct {
	XMLName   xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	Language  string     `xml:"xml:lang,attr"`
	ID        string     `xml:"id"`
	Title     string     `xml:"title"`
	Subtitle  string     `xml:"subtitle,omitempty"`
	Updated   string     `xml:"updated"`
	Author    feedAuthor `xml:"author"`
	Generator string     `xml:"generator"`
	Links     []feedLink `xml:"link"`
	Entries   []feedItem `xml:"entry"`
}

type feedAuthor struct {
	Name string `xml:"name"`
}

type feedLink struct {
	Rel      string `xml:"rel,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Language string `xml:"hreflang,attr,omitempty"`
	Href     string `xml:"href,attr"`
}

type feedItem struct {
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Links   []feedLink `xml:"link"`
	Content string     `xml:"content"`
	at      time.Time
}

// ServeHTTP answers with the shifts that the chat tells of, each an entry: of all countries, or of a group.
func (f *feeder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	p := phrases.In(cmp.Or(asked.Get("lang"), f.Language))
	q := knowledge.Query{Intent: knowledge.IntentShifts, Desk: f.Desk, Group: knowledge.GroupID(asked.Get("group")), Today: f.Today()}
	if f.Core(f.Desk).Answer(q).Outcome == knowledge.NotFound {
		http.NotFound(w, r)
		return
	}
	if unchanged(w, r, tagOf(f.Version(), f.Today().String(), p.Language, string(q.Group))) {
		return
	}
	w.Header().Set("Content-Type", feedType+"; charset=utf-8")
	text, err := xml.MarshalIndent(f.feed(r.Context(), p, q), "", " ")
	if err != nil { // it holds texts alone
		f.Log.ErrorContext(r.Context(), "no feed", "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(append([]byte(xml.Header), text...)) //nolint:gosec // it is XML that was marshalled; who asked has gone otherwise
}

// A feeder makes feeds of what the chat says.
type feeder struct{ *Options }

func (f *feeder) feed(ctx context.Context, p *phrases.Catalogue, q knowledge.Query) *feed {
	out := &feed{
		Language: p.Language, ID: f.tag("shifts", p.Language, string(q.Group)), Title: p.Say("site.feed.title"),
		Author: feedAuthor{"Stancebot"}, Generator: "Stancebot",
		Links: []feedLink{{Rel: "self", Type: feedType, Href: f.at(p.Language, q.Group)}, {Rel: "alternate", Type: "text/html", Href: f.PublicURL + "/shifts"}},
	}
	if q.Group != "" {
		out.Title = p.Say("site.feed.title.group", "group", bot.UpperFirst(p.Group(q.Group)))
	}
	for _, language := range phrases.Languages() {
		if language != p.Language {
			out.Links = append(out.Links, feedLink{Rel: "alternate", Type: feedType, Language: language, Href: f.at(language, q.Group)})
		}
	}
	c := f.Core(f.Desk)
	for pages := 1; q.Page < pages; {
		q.Page++
		reply := f.Bot.Ask(ctx, bot.Request{Desk: f.Desk, Text: bot.Canonical(q), Language: p.Language}).Reply
		if reply.Page != nil {
			pages = reply.Page.Of
		}
		f.add(ctx, out, &reply, c)
	}
	slices.SortStableFunc(out.Entries, func(a, b feedItem) int { return b.at.Compare(a.at) })
	newest := c.Article().Published.Time()
	if len(out.Entries) > 0 {
		newest = out.Entries[0].at
	}
	out.Updated = newest.Format(time.RFC3339)
	return out
}

// add takes each line of a reply that tells of a shift, once, and what the whole rests on.
func (f *feeder) add(ctx context.Context, out *feed, reply *bot.Reply, c *core.Core) {
	for _, block := range reply.Blocks {
		var text string
		var receipts []string
		switch b := block.(type) {
		case bot.Row:
			text, receipts = b.Text, b.Receipts
		case bot.Line:
			if b.Kind == bot.Basis {
				out.Subtitle = b.Text
			}
			if b.Kind == bot.Asserts {
				text, receipts = b.Text, b.Receipts
			}
		}
		if len(receipts) == 0 || slices.ContainsFunc(out.Entries, func(e feedItem) bool { return e.ID == f.tag("shifts", reply.Language, receipts[0]) }) {
			continue
		}
		at := f.updated(c, receipts[0])
		out.Entries = append(out.Entries, feedItem{
			ID: f.tag("shifts", reply.Language, receipts[0]), Title: text, Updated: at.Format(time.RFC3339), at: at,
			Links:   []feedLink{{Rel: "alternate", Type: "text/html", Href: f.PublicURL + ReceiptPath(receipts[0])}},
			Content: f.Bot.Ask(ctx, bot.Request{Desk: f.Desk, Text: "source " + receipts[0], Language: reply.Language}).Reply.Text(),
		})
	}
}

// updated is when a record came to be: of a shift with the article, of a roll call on its day, of a desk's when it was recorded.
func (f *feeder) updated(c *core.Core, receipt string) time.Time {
	record := c.Answer(knowledge.Query{Intent: knowledge.IntentSource, Desk: f.Desk, Receipt: receipt, Today: f.Today()}).Record
	switch {
	case record == nil:
	case record.Desk != nil:
		return record.Desk.At.UTC()
	case record.RollCall != nil:
		return record.RollCall.Date.Time()
	case record.Event != nil:
		return record.Event.On.First().Time()
	}
	return c.Article().Published.Time()
}

// at is the address of a feed, of this site alone where it has no public one.
func (f *feeder) at(language string, group knowledge.GroupID) string {
	asked := url.Values{"lang": {language}}
	if group != "" {
		asked.Set("group", string(group))
	}
	return f.PublicURL + feedPath + "?" + asked.Encode()
}

// tag names something for ever, as RFC 4151 has it.
func (f *feeder) tag(parts ...string) string {
	authority := "stancebot"
	if public, err := url.Parse(f.PublicURL); err == nil && public.Hostname() != "" {
		authority = public.Hostname()
	}
	return "tag:" + authority + "," + feedStart + ":" + strings.Trim(strings.Join(parts, "/"), "/")
}

// ReceiptPath is where a receipt is opened.
func ReceiptPath(id string) string {
	parts := strings.Split(id, "/") // of a symbol
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return "/receipts/" + strings.Join(parts, "/")
}
