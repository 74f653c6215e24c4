package web

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/contract"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
	"stancebot/knowledge/ledger"
	"stancebot/knowledge/places"
)

// testOptions are those of a site of a desk, whose ledger has as many entries as pages show and some more.
func testOptions(d *bottest.Desk) *Options {
	return &Options{
		Bot: drawer{d.Bot}, Core: func(desk knowledge.DeskID) *core.Core { return d.Holder.Core(desk) }, Desk: knowledge.DefaultDesk,
		Today: func() knowledge.Day { return bottest.Today }, Version: func() string { return "v1" }, Language: "en", Log: slog.New(slog.DiscardHandler),
		Inside: &Inside{
			Ledger: func() Ledger { return longLedger() }, Bot: d.Bot,
			Name: func(author string) string { return map[string]string{"console:ana": "Ana Paz"}[author] },
		},
	}
}

// A drawer draws maps: all the same one, since what they show is no business of this room.
type drawer struct{ *bot.Bot }

const drawn = "\x89PNG\r\n\x1a\n"

func (d drawer) Ask(ctx context.Context, req bot.Request) bot.Exchange {
	ex := d.Bot.Ask(ctx, req)
	if ex.Query.Intent == knowledge.IntentMap {
		ex.Reply.File = &bot.File{Name: "map.png", Type: "image/png", Data: []byte(drawn)}
	}
	return ex
}

// A chain is a ledger in memory.
type chain []ledger.Entry

// longLedger has more entries than a page shows.
var longLedger = sync.OnceValue(func() chain {
	var entries chain
	head := ledger.Head{Desk: knowledge.DefaultDesk}
	for i := range entriesShown + 5 {
		author := "console:ana"
		if i == 0 {
			author = "slack:T1:U2"
		}
		e, next, err := head.Next(ledger.Draft{
			At: time.Date(2026, 11, 20, 9, i, 0, 0, time.UTC), Author: author, Kind: ledger.AssessmentRecorded, Reason: "<b>a vote</b>",
			Payload: ledger.Assessment{Country: "BOL", Axis: knowledge.TowardRussia, Label: knowledge.Neutral, Since: 2026_11_10, Source: "https://example.org/a"},
		})
		if err != nil {
			panic(err)
		}
		entries, head = append(entries, e), next
	}
	return entries
})

func (c chain) Head(context.Context, knowledge.DeskID) (ledger.Head, error) {
	last := c[len(c)-1]
	return ledger.Head{Desk: last.Desk, Seq: last.Seq, LastID: last.ID, Hash: last.Hash}, nil
}

func (c chain) Rows(_ context.Context, _ knowledge.DeskID, after int64) iter.Seq2[ledger.Row, error] {
	return func(yield func(ledger.Row, error) bool) {
		for i := range c[after:] {
			if !yield(c[after+int64(i)].Row(), nil) {
				return
			}
		}
	}
}

// newTestAPI returns the API of a desk, and its description as programs read it.
func newTestAPI(t *testing.T, d *bottest.Desk) (http.Handler, map[string]any) {
	t.Helper()
	h := newAPI(testOptions(d))
	w := got200(t, h, "/api/openapi.json")
	v, err := decoded(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return h, as[map[string]any](v)
}

func request(t *testing.T, h http.Handler, method, at, body string) *httptest.ResponseRecorder {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), method, at, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	h.ServeHTTP(w, r)
	return w
}

func got200(t *testing.T, h http.Handler, at string) *httptest.ResponseRecorder {
	t.Helper()
	w := request(t, h, http.MethodGet, at, "")
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d: %s", at, w.Code, w.Body)
	}
	return w
}

// A described operation is one of the published description.
type described struct {
	method, path string
	responses    map[string]any
}

func operations(doc map[string]any) (all []described) {
	for path, methods := range as[map[string]any](doc["paths"]) {
		for method, op := range as[map[string]any](methods) {
			all = append(all, described{strings.ToUpper(method), path, as[map[string]any](as[map[string]any](op)["responses"])})
		}
	}
	slices.SortFunc(all, func(a, b described) int { return strings.Compare(a.path+a.method, b.path+b.method) })
	return all
}

// schemaOf is what an operation promises for a status.
func (o *described) schemaOf(status int, contentType string) (map[string]any, bool) {
	response, ok := o.responses[fmt.Sprint(status)].(map[string]any)
	if !ok {
		return nil, false
	}
	media, ok := response["content"].(map[string]any)[contentType].(map[string]any)
	if !ok {
		return nil, false
	}
	return as[map[string]any](media["schema"]), true
}

// An exchange is a request to an operation, and the status that it is to get.
type exchange struct {
	at, body string
	want     int
}

// exchanges are requests to each operation, by its method and path: all that is right, and something of each sort that is wrong.
func exchanges(t *testing.T, d *bottest.Desk) map[string][]exchange {
	t.Helper()
	get := func(format string, ids ...string) (all []exchange) {
		for _, id := range ids {
			all = append(all, exchange{at: "/api/v1" + strings.Replace(format, "%s", url.PathEscape(id), 1), want: http.StatusOK})
		}
		return all
	}
	fails := func(want int, at ...string) (all []exchange) {
		for _, a := range at {
			all = append(all, exchange{at: "/api/v1" + a, want: want})
		}
		return all
	}
	var members, calls, groups, ids []string
	for _, c := range places.Members() {
		members = append(members, string(c))
	}
	for _, c := range d.Core.Book().Calls() {
		calls = append(calls, c.ID)
	}
	for _, g := range d.Core.Groups() {
		groups = append(groups, string(g))
	}
	for _, c := range []string{"PER", "CUB", "BRA", "BOL", "ECU", "FRA"} {
		ids = append(ids, objectOf[Dossier](t, d, "/api/v1/countries/"+c).Receipts...)
	}
	const clocks, notADay = "?lang=es&as_of=2025-11&known_at=2025-12-01", "?as_of=2025-02-30"
	return map[string][]exchange{
		"GET /api/v1/ask": slices.Concat(get("/ask?q=%s", "what is peru's stance?", "votes cuba", "compare chile argentina", "stance congo", "resolution ES-11/7",
			"source PER-05", "shifts", "xyzzy", "stance taiwan", "watch peru", "group caricom as of 2019"), fails(http.StatusUnprocessableEntity, "/ask", "/ask?q=peru&x=1", "/ask?q=peru&lang=tlh", "/ask?q=peru&as_of=2025-02-30")),
		"POST /api/v1/ask": {
			{"/api/v1/ask", `{"question":"what is peru's stance?","lang":"ru","as_of":"2025-11"}`, http.StatusOK},
			{"/api/v1/ask", `{"question":""}`, http.StatusUnprocessableEntity},
			{"/api/v1/ask", `{"question":"peru","colour":"red"}`, http.StatusUnprocessableEntity},
			{"/api/v1/ask", `{"question":`, http.StatusBadRequest},
		},
		"GET /api/v1/countries":            slices.Concat(get("/countries", ""), get("/countries"+clocks, ""), fails(http.StatusUnprocessableEntity, "/countries?as_of=1999", "/countries"+notADay)),
		"GET /api/v1/countries/{country}":  slices.Concat(get("/countries/%s", members...), get("/countries/%s"+clocks, members[:20]...), fails(http.StatusNotFound, "/countries/XYZ"), fails(http.StatusUnprocessableEntity, "/countries/PERU", "/countries/PER?as_of=1999", "/countries/PER"+notADay)),
		"GET /api/v1/resolutions":          slices.Concat(get("/resolutions", ""), get("/resolutions?as_of=2022", "")),
		"GET /api/v1/resolutions/{symbol}": slices.Concat(get("/resolutions/%s", calls...), get("/resolutions/%s?group=caricom&lang=fr", calls...), fails(http.StatusNotFound, "/resolutions/ES-11/99", "/resolutions/ES-11/7?group=xyz", "/resolutions/ES-11/7?as_of=2024")),
		"GET /api/v1/shifts":               slices.Concat(get("/shifts", ""), get("/shifts?since=2022&group=andean&lang=zh", ""), get("/shifts?country=per", ""), fails(http.StatusNotFound, "/shifts?group=xyz", "/shifts?country=xyz"), fails(http.StatusUnprocessableEntity, "/shifts?since=1999", "/shifts?since=2025-02-30")),
		"GET /api/v1/groups":               get("/groups", ""),
		"GET /api/v1/groups/{group}":       slices.Concat(get("/groups/%s", groups...), get("/groups/%s?lang=pt&as_of=2025-12", groups...), fails(http.StatusNotFound, "/groups/xyz")),
		"GET /api/v1/receipts/{receipt}":   slices.Concat(get("/receipts/%s", ids...), fails(http.StatusNotFound, "/receipts/PER-99", "/receipts/%3Cscript%3E")),
		"GET /api/v1/ledger":               slices.Concat(get("/ledger", ""), get("/ledger?before=3&lang=fr", ""), fails(http.StatusUnprocessableEntity, "/ledger?before=-1")),
		"GET /api/v1/verify/{code}":        slices.Concat(get("/verify/ABCD-EFGH?lang=es", ""), fails(http.StatusUnprocessableEntity, "/verify/"+strings.Repeat("A", 61))),
		"GET /api/v1/picture":              slices.Concat(get("/picture?q=%s", "map andean", "map"), fails(http.StatusNotFound, "/picture?q=stance+peru"), fails(http.StatusUnprocessableEntity, "/picture")),
		"GET /api/v1/languages":            get("/languages", ""),
	}
}

func objectOf[T any](t *testing.T, d *bottest.Desk, at string) T {
	t.Helper()
	h, _ := newTestAPI(t, d)
	var v T
	if err := json.Unmarshal(got200(t, h, at).Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Every operation that is described answers, with what it promises for each status; and no other is asked here.
func TestEveryResponseHoldsToTheSchema(t *testing.T) {
	d := bottest.NewDesk(t)
	h, doc := newTestAPI(t, d)
	asked, checker := exchanges(t, d), schemaChecker{doc}
	for _, op := range operations(doc) {
		list := asked[op.method+" "+op.path]
		delete(asked, op.method+" "+op.path)
		if len(list) == 0 {
			t.Errorf("%s %s is described, and not asked", op.method, op.path)
		}
		for _, x := range list {
			w := request(t, h, op.method, x.at, x.body)
			contentType := w.Header().Get("Content-Type")
			if w.Code != x.want {
				t.Errorf("%s: status %d, want %d: %.300s", x.at, w.Code, x.want, w.Body)
				continue
			}
			schema, promised := op.schemaOf(w.Code, contentType)
			if contentType == "image/png" && w.Body.String() == drawn {
				continue
			}
			v, err := decoded(w.Body.Bytes())
			if !promised || err != nil {
				t.Errorf("%s: status %d with %s is not described (%v)", x.at, w.Code, contentType, err)
				continue
			}
			for _, fault := range checker.check("", schema, v) {
				t.Errorf("%s: %s", x.at, fault)
			}
		}
	}
	for op := range asked {
		t.Errorf("%s is not described", op)
	}
}

// The checker finds faults.
func TestTheSchemaIsNoEmptyOne(t *testing.T) {
	_, doc := newTestAPI(t, bottest.NewDesk(t))
	checker := schemaChecker{doc}
	dossier := checker.resolve("#/components/schemas/Dossier")
	for text, want := range map[string]string{
		`{"country":"PER"}`:              "no labels",
		`{"country":"peru"}`:             "does not match",
		`{"country":"PER","colour":"x"}`: "colour is not described",
		`{"outcome":"maybe"}`:            "maybe is none of",
		`{"on":"2025-13-01"}`:            "is no date",
		`{"labels":null}`:                "null, want array",
		`{"labels":[{"since":7}]}`:       "integer, want",
	} {
		v, err := decoded([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if faults := fmt.Sprint(checker.check("", dossier, v)); !strings.Contains(faults, want) {
			t.Errorf("%s: found %s, want …%s…", text, faults, want)
		}
	}
	for _, ref := range references(doc) {
		checker.resolve(ref) // which panics where there is nothing
	}
}

// What ask answers over HTTP is, byte for byte, what it answers on the terminal.
func TestAskIsTheContract(t *testing.T) {
	d := bottest.NewDesk(t)
	h, _ := newTestAPI(t, d)
	for _, q := range []string{"what is peru's stance?", "votes cuba", "¿y chile?", "shifts page 2", "stance congo", "<b>&amp;"} {
		ex := d.Ask(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: q, AsOf: "2025-12"})
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(contract.New(q, &ex)); err != nil {
			t.Fatal(err)
		}
		got := got200(t, h, "/api/v1/ask?"+url.Values{"q": {q}, "as_of": {"2025-12"}}.Encode()).Body.String()
		if got != want.String() {
			t.Errorf("%s:\n%swant\n%s", q, got, &want)
		}
		posted := request(t, h, http.MethodPost, "/api/v1/ask", fmt.Sprintf(`{"question":%q,"as_of":"2025-12"}`, q)).Body.String()
		if posted != want.String() {
			t.Errorf("%s, posted:\n%s", q, posted)
		}
	}
}

// A dossier rests on what the replies about its country rest on, for every country, and each of its receipts opens.
func TestDossierRestsOnWhatRepliesRestOn(t *testing.T) {
	d := bottest.NewDesk(t)
	h, _ := newTestAPI(t, d)
	for _, country := range places.Members() {
		dossier := Dossier{}
		if err := json.Unmarshal(got200(t, h, "/api/v1/countries/"+string(country)).Body.Bytes(), &dossier); err != nil {
			t.Fatal(err)
		}
		replied := map[string]bool{}
		for _, command := range []string{"stance", "why", "votes", "measures", "agreement"} {
			ex := d.Ask(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Text: command + " " + string(country)})
			for _, id := range ex.Reply.Receipts {
				replied[id] = true
				if !slices.Contains(dossier.Receipts, id) {
					t.Errorf("%s %s rests on %s, and the dossier does not", command, country, id)
				}
			}
		}
		for _, v := range dossier.Votes {
			if !replied[v.Resolution] {
				t.Errorf("the dossier of %s tells of %s, which no reply does", country, v.Resolution)
			}
		}
	}
	for _, id := range objectOf[Dossier](t, d, "/api/v1/countries/BRA").Receipts {
		got200(t, h, "/api/v1/receipts/"+url.PathEscape(id))
	}
}

// Nobody is told twice what has not changed; and what went wrong is not kept.
func TestTags(t *testing.T) {
	h, _ := newTestAPI(t, bottest.NewDesk(t))
	tag := got200(t, h, "/api/v1/countries/PER").Header().Get("ETag")
	for at, want := range map[string]int{"/api/v1/countries/PER": http.StatusNotModified, "/api/v1/countries/PER?lang=es": http.StatusOK, "/api/v1/countries/CUB": http.StatusOK} {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, at, nil)
		r.Header.Set("If-None-Match", `"other", `+tag)
		h.ServeHTTP(w, r)
		if w.Code != want || want == http.StatusNotModified && w.Body.Len() > 0 {
			t.Errorf("%s: status %d, want %d", at, w.Code, want)
		}
	}
	if w := request(t, h, http.MethodGet, "/api/v1/countries/XYZ", ""); w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("what is not there has a tag: %v", w.Header())
	}
}

// The ledger is told page by page, the newest first, and each entry hangs on the one before it.
func TestLedgerByPages(t *testing.T) {
	d := bottest.NewDesk(t)
	first := objectOf[LedgerPage](t, d, "/api/v1/ledger")
	if len(first.Entries) != entriesShown || first.Count != entriesShown+5 || first.Older == nil || first.Entries[0].Hash != first.Head {
		t.Fatalf("%d of %d entries, then those before %v", len(first.Entries), first.Count, first.Older)
	}
	second := objectOf[LedgerPage](t, d, fmt.Sprintf("/api/v1/ledger?before=%d", *first.Older))
	all := slices.Concat(first.Entries, second.Entries)
	if len(all) != entriesShown+5 || second.Older != nil {
		t.Fatalf("%d entries in all, then those before %v", len(all), second.Older)
	}
	for i, e := range all[:len(all)-1] {
		if e.Before != all[i+1].Hash || e.Place != all[i+1].Place+1 {
			t.Errorf("entry %d does not hang on entry %d", e.Place, all[i+1].Place)
		}
	}
	if first, last := all[0], all[len(all)-1]; first.Name != "Ana Paz" || first.Says == "" || last.Name != "slack:T1:U2" {
		t.Errorf("they are by %s and %s", first.Name, last.Name)
	}
}
