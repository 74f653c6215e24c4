package history_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/told"
	"stancebot/knowledge"
	"stancebot/knowledge/ledger"
)

// telling is a public telling of a text about Bolivia, so many minutes after the newsroom's clock.
func (n *newsroom) telling(minutes int, text string, receipts ...string) told.Told {
	return told.Told{Desk: knowledge.DefaultDesk, At: n.Now.Add(time.Duration(minutes) * time.Minute), Place: "slack:T1:C9", Reply: &told.Reply{
		Language: "en", Intent: knowledge.IntentStance, Countries: []knowledge.Country{"BOL"}, Receipts: receipts, Text: text,
	}}
}

// An answer is quoted as it was told, to the byte, whatever stands in it.
func TestAnswersAreQuotedToTheByte(t *testing.T) {
	for name, text := range map[string]string{
		"receipts":              "Bolivia\n  ES-11/4: abstained [ES-11/4, BOL-01]\nMore: why bolivia",
		"odd blanks":            "  \t Bolivia  \n\n \u00a0x \u2028 y\r\n",
		"controls":              "a\x00b\x1b[31m\u202eailivoB\u202c",
		"no UTF-8":              "Bolivia \xff\xfe [BOL-01]",
		"what looks like some":  "see [BOL-99]\n[BOL-01]\n [BOL-01]\nx [BOL-01] [BOL-01]\nx [BOL-01,BOL-01]\nx [BOL-01, ]\nx []\n]",
		"slots":                 "{scope} {n} [history.when]",
		"other writing":         "玻利维亚 · 对俄罗斯：转变中 🇧🇴 [BOL-01]\nБоливия",
		"markup":                "<!channel> *x* _y_ <b>z</b> &amp; =HYPERLINK(\"x\") [BOL-01]",
		"nothing":               "",
		"a line as long as few": strings.Repeat("ж", 20_000) + " [BOL-01]",
	} {
		t.Run(name, func(t *testing.T) {
			n := newNewsroom(t)
			n.keep(t, n.telling(-1, text, "BOL-01", "ES-11/4"))
			r := n.bot.Handle(t.Context(), request("rita", "what did we answer on bolivia"))
			_, quoted, _ := strings.Cut(r.Text(), "word for word:\n")
			if quoted != text {
				t.Errorf("quoted is %q, told was %q", quoted, text)
			}
			if !slices.Equal(r.Receipts, []string{"BOL-01", "ES-11/4"}) {
				t.Errorf("it rests on %v", r.Receipts)
			}
			for _, blk := range r.Blocks {
				if line, ok := blk.(bot.Line); ok && line.Kind.NeedsReceipts() && len(line.Receipts) == 0 {
					t.Errorf("it rests on nothing: %q", line.Text)
				}
			}
		})
	}
}

// Answers and entries come in pages, each of them on one, and each page leads to its neighbours by a command that asks for it.
func TestPages(t *testing.T) {
	n := newNewsroom(t)
	for i := range 7 {
		n.keep(t, n.telling(i-10, fmt.Sprintf("answer %d", i), "BOL-01"))
	}
	n.record(t, knowledge.DefaultDesk, slices.Repeat([]ledger.Draft{{Author: "slack:T1:ana", Kind: ledger.EventRecorded, Payload: ledger.Event{
		Country: "BOL", On: knowledge.Date(20261120), Kind: "visit", Text: "A visit.", Source: "https://example.org",
	}}}, 23)...)
	for _, c := range []struct {
		question string
		rows     string // what each has one of
		pages    []int  // how many rows each page has
	}{
		{"what did we answer on bolivia on 23 november", "answer ", []int{3, 3, 1}},
		{"history bolivia", "A visit.", []int{10, 10, 3}},
	} {
		command, seen := c.question, map[string]bool{}
		for i, want := range c.pages {
			r := n.bot.Handle(t.Context(), request("rita", command))
			rows := 0
			for line := range strings.Lines(r.Text()) {
				if strings.Contains(line, c.rows) && !strings.Contains(line, "Superseded") {
					if rows++; seen[line] {
						t.Errorf("%q is told twice: %s", command, line)
					}
					seen[line] = true
				}
			}
			if rows != want || r.Page == nil || r.Page.N != i+1 || r.Page.Of != len(c.pages) || (r.Page.Previous == nil) != (i == 0) {
				t.Fatalf("%q: %d rows, want %d, page %+v", command, rows, want, r.Page)
			}
			if last := i == len(c.pages)-1; last != (r.Page.Next == nil) {
				t.Fatalf("%q leads on to %+v", command, r.Page.Next)
			} else if !last {
				command = r.Page.Next.Command
			}
			if len(command) > 64 && command != c.question {
				t.Errorf("%q fits no button", command)
			}
		}
	}
	if r := n.bot.Handle(t.Context(), request("rita", "history bolivia page 99")); r.Page == nil || r.Page.N != 3 {
		t.Errorf("behind the last page is %+v", r.Page)
	}
}

// A desk is told of its own entries and answers alone, also where another one has the same receipts.
func TestNoDeskSeesAnother(t *testing.T) {
	n := newNewsroom(t)
	secret := ledger.Draft{Author: "slack:T2:eve", Kind: ledger.EventRecorded, Reason: "secret", Payload: ledger.Event{
		Country: "BOL", On: knowledge.Date(20261120), Kind: "visit", Text: "A secret visit.", Source: "https://example.org",
	}}
	n.record(t, "foreign", secret)
	theirs := n.telling(-1, "A secret answer", "BOL-01")
	theirs.Desk = "foreign"
	n.keep(t, theirs)
	for _, question := range []string{
		"history", "history bolivia", "who recorded D-1", "who approved D-1", "what did we answer on bolivia", "what did we answer on 23 november", "forget",
	} {
		for _, who := range []string{"rita", "ana", "dm:ana", "terminal"} {
			if r := n.bot.Handle(t.Context(), request(who, question)); strings.Contains(strings.ToLower(r.Text()), "secret") || len(r.Receipts) > 0 {
				t.Errorf("%s, %q: %s", who, question, r.Text())
			}
		}
	}
	for question, want := range map[string]string{"history bolivia": "A secret visit.", "what did we answer on bolivia": "A secret answer"} {
		if r := n.bot.Handle(t.Context(), request("eve", question)); !strings.Contains(r.Text(), want) {
			t.Errorf("eve is not told of her own: %s", r.Text())
		}
	}
	req := request("ana", "history")
	req.Desk = "" // it is not known whose the channel is
	if ex := n.bot.Ask(t.Context(), req); ex.Answer.Outcome != knowledge.Unavailable {
		t.Errorf("nobody's channel is told %s", ex.Reply.Text())
	}
}

// What was told to one person alone is quoted in no channel and to nobody else.
func TestPrivateAnswersStayPrivate(t *testing.T) {
	n := newNewsroom(t)
	for i, place := range []told.Place{"slack:T1:rita", "slack:T1:D-rita", "slack:T1:D-rita:17.1"} {
		private := n.telling(i-5, fmt.Sprintf("private %d", i), "BOL-01")
		private.Place, private.Private = place, true
		n.keep(t, private)
	}
	for who, want := range map[string]int{"rita": 0, "ana": 0, "dm:ana": 0, "eve": 0, "dm:rita": 3} {
		r := n.bot.Handle(t.Context(), request(who, "what did we answer on bolivia"))
		if got := strings.Count(r.Text(), "private "); got != want {
			t.Errorf("%s is told of %d, want %d: %s", who, got, want, r.Text())
		}
	}
}

// broken is a book that cannot be read or changed.
type broken struct{}

var errBroken = errors.New("postgres://secret is away")

func (broken) List(context.Context, knowledge.DeskID, told.Filter, int) ([]told.Told, error) {
	return nil, errBroken
}

func (broken) Forget(context.Context, knowledge.DeskID, told.Place) (int, error) { return 0, errBroken }

func (broken) Silence(context.Context, told.Place, bool) (bool, error) { return false, errBroken }

func (broken) Keeps(told.Place) bool { return true }

// A database that fails is told as that, and what it says stays in the log.
func TestADatabaseThatFails(t *testing.T) {
	n := newNewsroom(t)
	n.broken = true
	for _, question := range []string{"what did we answer on bolivia", "forget", "told off", "told on"} {
		ex := n.bot.Ask(t.Context(), request("ana", question))
		if text := ex.Reply.Text(); ex.Answer.Outcome != knowledge.Unavailable || !ex.Reply.Private || !strings.Contains(text, "just now") || strings.Contains(text, "postgres") {
			t.Errorf("%q is %s: %s", question, ex.Answer.Outcome, text)
		}
	}
}
