package talk_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/question"
	"stancebot/bot/talk"
	"stancebot/knowledge"
)

var (
	readerOnce sync.Once
	readerOf   *question.Reader
)

// newReader returns the reader with the shipped records, which is built once: it is slow to build and safe to share.
func newReader(tb testing.TB) *question.Reader {
	tb.Helper()
	readerOnce.Do(func() { readerOf = bottest.NewDesk(tb).Reader })
	if readerOf == nil {
		tb.Fatal("no reader: the records did not load")
	}
	return readerOf
}

// A room is one memory with a reader and a clock that tests move by hand.
type room struct {
	*talk.Memory
	reader *question.Reader
	now    time.Time
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{reader: newReader(t), now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
	r.Memory = talk.New(func() time.Time { return r.now })
	return r
}

// ask reads a text in a conversation as a bot does, and remembers it as answered.
func (r *room) ask(conversation, text string) knowledge.Query {
	q := r.LookBack(conversation, r.reader.Read(text, bottest.Today))
	outcome := knowledge.Answered
	if q.Misread != nil {
		outcome = q.Misread.Outcome
	}
	r.Remember(conversation, q, outcome)
	return q
}

// said writes a query as its command, or how it was misread: that is what follow-ups change.
func said(q knowledge.Query) string {
	if q.Misread != nil {
		return string(q.Misread.Outcome)
	}
	return strings.ToLower(bot.Canonical(q))
}

func TestFollowUps(t *testing.T) {
	tests := []struct{ name, talk, want string }{
		{"the same of another", "stance peru | and chile?", "stance chl"},
		{"the same changes of another", "shifts peru | and chile?", "shifts chl"},
		{"the same evidence of another", "why peru | and chile?", "why chl"},
		{"the same contradictions of another", "contradictions peru | and brazil?", "contradictions bra"},
		{"what about", "shifts peru | what about chile?", "shifts chl"},
		{"how about", "why peru | how about chile", "why chl"},
		{"the same for", "shifts peru | same for chile", "shifts chl"},
		{"a comparison is not of one", "compare peru chile | and argentina?", "stance arg"},

		{"a watch of them", "stance peru as of 2016 | watch them", "watch per"},
		{"a watch of a group", "group southern cone | let us know if it changes", "watch southern cone"},
		{"a watch of nobody", "watch them", "refused"},
		{"a list is of no one", "stance peru | watch", "watch list"},

		{"why", "stance peru | why?", "why per"},
		{"why of the last one named", "stance peru | and chile? | why?", "why chl"},
		{"why of a group", "group southern cone | why?", "why southern cone"},
		{"contradictions of it", "stance brazil | any contradictions?", "contradictions bra"},

		{"another day", "stance peru | what about 2016?", "stance per as of 2016-12-31"},
		{"another day of changes", "shifts peru | and in 2016?", "shifts per as of 2016-12-31"},
		{"another start", "shifts peru | and since 2016?", "shifts per since 2016-01-01"},

		{"axis carried over", "stance peru on russia | and chile?", "stance chl on russia"},
		{"day carried over", "stance peru as of 2016-06-01 | and chile?", "stance chl as of 2016-06-01"},
		{"both carried over", "stance peru on russia as of 2016-06-01 | and chile?", "stance chl on russia as of 2016-06-01"},
		{"start carried over", "shifts peru since 2015 | and chile?", "shifts chl since 2015-01-01"},
		{"second clock carried over", "stance peru known 2025-10-20 | and chile?", "stance chl known 2025-10-20"},
		{"day carried over to why", "stance peru as of 2016-06-01 | why?", "why per as of 2016-06-01"},
		{"own axis goes first", "stance peru on russia | and chile on washington?", "stance chl on washington"},
		{"own day goes first", "stance peru as of 2016 | and chile as of 2019?", "stance chl as of 2019-12-31"},

		{"a command is left alone", "shifts peru on russia as of 2016 | stance chile", "stance chl"},
		{"a name alone is left alone", "shifts peru on russia as of 2016 | chile", "stance chl"},
		{"a full question is left alone", "shifts peru on russia as of 2016 | where does chile stand", "stance chl"},
		{"a full why is left alone", "stance peru as of 2016 | why chile", "why chl"},
		{"a list is left alone", "stance peru as of 2016 | shifts", "shifts"},
		{"a group is left alone", "shifts peru as of 2016 | group southern cone", "group southern cone"},
		{"a receipt is left alone", "stance peru as of 2016 | CUB-04", "source CUB-04"},
		{"nothing to lean on", "why?", "not_understood"},
		{"nothing to lean on, but a name", "and chile?", "stance chl"},
		{"nothing to lean on for a day", "what about 2016?", "not_understood"},
		{"a page is not carried over", "why ecuador page 2 | and chile?", "why chl"},
		{"nor into another question about the same", "why ecuador page 2 | any contradictions?", "contradictions ecu"},

		{"thanks in between change nothing", "shifts peru | thanks | and chile?", "shifts chl"},
		{"help in between changes nothing", "shifts peru | help | and chile?", "shifts chl"},
		{"a name that asks changes nothing", "shifts peru | stance congo | and chile?", "shifts chl"},
		{"what is refused changes nothing", "shifts peru | stance chile as of 2016-02-30 | and chile?", "shifts chl"},
		{"a name that asks stays so", "shifts peru | and congo?", "ambiguous"},
		{"a date that is refused stays so", "shifts peru | and in 2016-02-30?", "refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			var last knowledge.Query
			for text := range strings.SplitSeq(tt.talk, " | ") {
				last = r.ask("room", text)
				r.now = r.now.Add(time.Minute)
			}
			if got := said(last); !strings.EqualFold(got, tt.want) {
				t.Errorf("%s\n got: %s\nwant: %s", tt.talk, got, tt.want)
			}
			if last.Today != bottest.Today || last.Page != 1 {
				t.Errorf("%s: today %s, page %d", tt.talk, last.Today, last.Page)
			}
		})
	}
}

// A reading that names an axis and nothing else asks the same on that axis.
func TestAnAxisAlone(t *testing.T) {
	r := newRoom(t)
	r.ask("room", "shifts peru on russia as of 2016")
	q := r.LookBack("room", question.Reading{Follow: true, Query: knowledge.Query{
		Intent: knowledge.IntentNone, Axis: knowledge.Axes[1], Today: bottest.Today + 1, Page: 1,
		Misread: &knowledge.Misread{Outcome: knowledge.NotUnderstood},
	}})
	if got := said(q); got != "shifts per on washington as of 2016-12-31" || q.Today != bottest.Today+1 {
		t.Errorf("%s on %s", got, q.Today)
	}
}

// Only an answer is something to lean on.
func TestWhatIsRemembered(t *testing.T) {
	remembered := map[knowledge.Outcome]bool{
		knowledge.Answered: true, knowledge.Partial: true, knowledge.NotCovered: true, knowledge.OutOfSpan: true,
		knowledge.Ambiguous: false, knowledge.NotUnderstood: false, knowledge.Refused: false, knowledge.NotACountry: false,
		knowledge.NotFound: false, knowledge.Unavailable: false,
	}
	for outcome, want := range remembered {
		r := newRoom(t)
		r.Remember("room", r.reader.Read("shifts peru", bottest.Today).Query, outcome)
		got := said(r.ask("room", "and chile?")) == "shifts chl"
		if got != want {
			t.Errorf("%s: remembered is %v, want %v", outcome, got, want)
		}
	}
}

// After half an hour somebody else may be at the keyboard.
func TestForgetsAfterItsLifetime(t *testing.T) {
	for _, tt := range []struct {
		wait time.Duration
		want string
	}{
		{talk.Lifetime - time.Second, "shifts chl"},
		{talk.Lifetime, "shifts chl"},
		{talk.Lifetime + time.Second, "stance chl"},
	} {
		r := newRoom(t)
		r.ask("room", "shifts peru")
		r.now = r.now.Add(tt.wait)
		if got := said(r.ask("room", "and chile?")); got != tt.want {
			t.Errorf("after %s: %s, want %s", tt.wait, got, tt.want)
		}
	}
	// Each question starts the time anew.
	r := newRoom(t)
	r.ask("room", "shifts peru")
	for range 5 {
		r.now = r.now.Add(20 * time.Minute)
		if got := said(r.ask("room", "and chile?")); got != "shifts chl" {
			t.Fatalf("a conversation that goes on is forgotten: %s", got)
		}
	}
}

func TestConversationsAreApart(t *testing.T) {
	r := newRoom(t)
	r.ask("one", "shifts peru on russia as of 2016")
	r.ask("two", "contradictions brazil")
	if got := said(r.ask("three", "and chile?")); got != "stance chl" {
		t.Errorf("a third conversation hears the others: %s", got)
	}
	if got := said(r.ask("two", "and chile?")); got != "contradictions chl" {
		t.Errorf("the second conversation: %s", got)
	}
	if got := said(r.ask("one", "why?")); got != "why per on russia as of 2016-12-31" {
		t.Errorf("the first conversation: %s", got)
	}
}

// Anybody may open conversations, so their number is bounded, and the one that was silent for longest goes first.
func TestCapacityIsBounded(t *testing.T) {
	r := newRoom(t)
	q := r.reader.Read("shifts peru", bottest.Today).Query
	name := func(i int) string { return fmt.Sprintf("room %d", i) }
	for i := range talk.Capacity {
		r.Remember(name(i), q, knowledge.Answered)
		r.now = r.now.Add(time.Millisecond)
	}
	r.Remember(name(0), q, knowledge.Answered) // the oldest speaks again, and is the newest now
	if n := r.Len(); n != talk.Capacity {
		t.Fatalf("%d conversations, want %d", n, talk.Capacity)
	}
	r.now = r.now.Add(time.Millisecond)
	r.Remember("one more", q, knowledge.Answered)
	if n := r.Len(); n != talk.Capacity {
		t.Errorf("%d conversations, want %d", n, talk.Capacity)
	}
	follow := r.reader.Read("and chile?", bottest.Today)
	for conversation, want := range map[string]string{
		name(0): "shifts chl", name(1): "stance chl", name(2): "shifts chl", name(talk.Capacity - 1): "shifts chl", "one more": "shifts chl",
	} {
		if got := said(r.LookBack(conversation, follow)); got != want {
			t.Errorf("%s: %s, want %s", conversation, got, want)
		}
	}
	// What is past its time goes all at once.
	r.now = r.now.Add(talk.Lifetime + time.Minute)
	r.Remember("after a pause", q, knowledge.Answered)
	if n := r.Len(); n != 1 {
		t.Errorf("%d conversations, want the one that is not past its time", n)
	}
}

// Slack and Telegram answer many rooms at once; run with -race. Each room must see its own talk alone.
func TestConcurrentConversations(t *testing.T) {
	r := newRoom(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			conversation := fmt.Sprint("room ", i)
			for range 200 {
				r.ask(conversation, []string{"shifts peru", "contradictions peru"}[i%2])
				want := []string{"shifts chl", "contradictions chl"}[i%2]
				if got := said(r.ask(conversation, "and chile?")); got != want {
					t.Errorf("%s: %s, want %s", conversation, got, want)
					return
				}
				r.Remember("a room for all", r.reader.Read("stance peru", bottest.Today).Query, knowledge.Answered)
			}
		})
	}
	wg.Wait()
}
