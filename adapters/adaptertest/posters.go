package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/digest/digesttest"
	"stancebot/bot/inbox"
	"stancebot/knowledge"
)

// A PostStage is a platform that a fake plays, and the poster on it.
type PostStage struct {
	Poster     digest.Poster
	To, Beside bot.Address   // two channels
	Gone       []bot.Address // to which nothing can be posted any more
	Person     string
	Lane       string                        // of all those
	Looks      bool                          // the platform can be asked whether a post arrived
	Meet       func(Trouble)                 // has the poster meet something
	Posted     func(to bot.Address) []Posted // what we posted there, oldest first
	Told       func(person string) []Posted  // what we wrote to somebody alone
	Heard      func() []Heard                // what was heard of that, since it was last asked
	Arrived    func() map[string]int         // how often posts arrived, by their ids, which their texts name too
	Burst      int                           // so many posts to a channel come too fast, where the platform keeps its limits
	Pace       digest.Pace                   // that keeps within the limits
	Secrets    []string                      // which no error holds
	Close      func()                        // ends the platform
}

// A Trouble is what a poster meets.
type Trouble int

// The troubles.
const (
	Asked  Trouble = iota // the next post is asked to wait for a second
	Lost                  // the next post is taken, and its answer is lost
	Cut                   // the next post is not taken, and nobody says so
	Broken                // likewise, but that a gateway says that it is broken
	Hidden                // from now on nothing may be looked for
)

// A Posted is a message on a platform.
type Posted struct {
	Message string // its id
	Under   string // the message that it is below
	Text    string
}

// A Heard is what Options.Told of an adapter heard.
type Heard struct {
	Desk    knowledge.DeskID
	Place   string
	Message string
	Private bool
	Reply   bot.Reply
}

// Posters is the suite of digest.Poster. Open sets a stage, on which the platform keeps its limits of how fast may be posted or does
// not, and clears it at the end of the test.
func Posters(t *testing.T, open func(t *testing.T, limits bool) *PostStage) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, *PostStage){
		"posts once":                     postsOnce,
		"below another":                  postsBelow,
		"later as told":                  postsLater,
		"channels that are gone":         postsGone,
		"it arrived, and nobody said so": postsLost,
		"it is not there":                postsCut,
		"a gateway is broken":            postsBroken,
		"nothing may be looked for":      postsHidden,
		"a repetition says so":           postsRepeated,
		"a person is told":               postsTell,
		"long ones":                      postsLong,
		"addresses that are none":        postsNowhere,
		"an ended context":               postsEnded,
		"nobody is there":                postsUnreachable,
		"lanes":                          postsLanes,
		"in the place of another":        postsEdits,
		"an edit is done again":          postsEditsAgain,
		"what cannot be edited":          postsUneditable,
		"long edits":                     postsLongEdits,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t, false))
		})
	}
	t.Run("too fast", func(t *testing.T) {
		t.Parallel()
		postsTooFast(t, open(t, true))
	})
	t.Run("delivered", func(t *testing.T) {
		t.Parallel()
		postsDelivered(t, open(t, true))
	})
	t.Run("letters", func(t *testing.T) {
		t.Parallel()
		postsLetters(t, open(t, true))
	})
}

const repeatedMark = "Possibly repeated"

// post is a post of an id, which its text names.
func post(id string, to bot.Address) digest.Post {
	return digest.Post{ID: id, To: to, Desk: other, Since: time.Now(), Reply: &bot.Reply{
		Language: "en", Receipts: []string{"BOL-01"}, Links: map[string]string{"BOL-01": "https://stancebot.example.org/BOL-01"},
		Blocks: []bot.Block{
			bot.Heading{Text: "Changes " + id}, bot.Line{Text: "Bolivia moved <north> & *east*", Receipts: []string{"BOL-01"}},
		},
	}}
}

// posts posts, and holds the error against what no error may hold.
func (s *PostStage) posts(t *testing.T, p digest.Post) (string, error) {
	t.Helper()
	message, err := s.Poster.Post(t.Context(), p)
	s.keepsSecrets(t, err)
	if (message == "") != (err != nil) {
		t.Errorf("a post is %q, %v", message, err)
	}
	return message, err
}

func (s *PostStage) keepsSecrets(t *testing.T, err error) {
	t.Helper()
	for _, secret := range s.Secrets {
		if err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("an error tells a secret: %v", err)
		}
	}
}

// arrives posts what must arrive.
func (s *PostStage) arrives(t *testing.T, p digest.Post) string {
	t.Helper()
	message, err := s.posts(t, p)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// fails posts what must fail as told.
func (s *PostStage) fails(t *testing.T, p digest.Post, as error) {
	t.Helper()
	if _, err := s.posts(t, p); !errors.Is(err, as) {
		t.Fatalf("it fails with %v, want %v", err, as)
	}
}

// stands checks what stands in a channel, by the ids in the texts.
func (s *PostStage) stands(t *testing.T, to bot.Address, ids ...string) []Posted {
	t.Helper()
	list := s.Posted(to)
	if len(list) != len(ids) {
		t.Fatalf("%d messages stand in %s, want %d: %+v", len(list), to, len(ids), list)
	}
	for i, id := range ids {
		if !strings.Contains(list[i].Text, "Changes "+id) {
			t.Errorf("%s stands where %s should", list[i].Text, id)
		}
	}
	return list
}

// heard checks that one thing was heard, and returns it.
func (s *PostStage) heard(t *testing.T, message string) Heard {
	t.Helper()
	list := s.Heard()
	if len(list) != 1 {
		t.Fatalf("%d tellings were heard, want 1: %+v", len(list), list)
	}
	if h := list[0]; h.Message != message || len(h.Reply.Blocks) == 0 {
		t.Errorf("heard %+v of %s", h, message)
	}
	return list[0]
}

func postsOnce(t *testing.T, s *PostStage) {
	first := s.arrives(t, post("d1/0", s.To))
	if h := s.heard(t, first); h.Desk != other || h.Place != string(s.To) || h.Private {
		t.Errorf("heard %+v", h)
	}
	if list := s.stands(t, s.To, "d1/0"); list[0].Message != first || strings.Contains(list[0].Text, repeatedMark) {
		t.Errorf("%+v stands there, want %s", list, first)
	}
	if second := s.arrives(t, post("d2/0", s.To)); second == first {
		t.Error("two messages have one id")
	}
	s.stands(t, s.To, "d1/0", "d2/0")
	s.stands(t, s.Beside)
}

func postsBelow(t *testing.T, s *PostStage) {
	first := s.arrives(t, post("d1/0", s.To))
	s.Heard()
	below := post("d1/1", s.To)
	below.Under = first
	message := s.arrives(t, below)
	if list := s.stands(t, s.To, "d1/0", "d1/1"); list[0].Under != "" || list[1].Under != first || list[1].Message != message {
		t.Errorf("%+v", list)
	}
	if h := s.heard(t, message); h.Desk != other || !strings.HasPrefix(h.Place, string(s.To)) {
		t.Errorf("heard %+v", h)
	}
}

func postsLater(t *testing.T, s *PostStage) {
	start := time.Now()
	s.Meet(Asked)
	for range 2 { // the second does not even ask
		_, err := s.posts(t, post("d1/0", s.To))
		later := (*inbox.Later)(nil)
		if !errors.As(err, &later) || errors.Is(err, digest.ErrUncertain) {
			t.Fatalf("asked to wait, it says %v", err)
		}
		if wait := later.Until.Sub(start); wait < time.Second || wait > 5*time.Second {
			t.Errorf("it waits for %s", wait)
		}
	}
	s.arrives(t, post("d2/0", s.Beside))
	s.stands(t, s.To)
	time.Sleep(time.Until(start.Add(time.Second + 100*time.Millisecond)))
	s.arrives(t, post("d1/0", s.To))
	s.stands(t, s.To, "d1/0")
	if n := len(s.Heard()); n != 2 {
		t.Errorf("%d tellings were heard, want 2", n)
	}
}

func postsGone(t *testing.T, s *PostStage) {
	for _, to := range s.Gone {
		for _, doubt := range []digest.Doubt{digest.NoDoubt, digest.Repeat} {
			p := post("d1/0", to)
			p.Doubt = doubt
			_, err := s.posts(t, p)
			if gone := (*digest.GoneError)(nil); !errors.As(err, &gone) || gone.Reason == "" || strings.Contains(gone.Reason, "://") {
				t.Errorf("%s is gone, and it says %v", to, err)
			}
		}
	}
	if list := s.Heard(); len(list) > 0 {
		t.Errorf("heard %+v", list)
	}
}

// look is a post that may have arrived: it is looked for.
func look(p digest.Post) digest.Post {
	p.Doubt = digest.Look
	return p
}

func postsLost(t *testing.T, s *PostStage) {
	p := post("d1/0", s.To)
	s.Meet(Lost)
	s.fails(t, p, digest.ErrUncertain)
	list := s.stands(t, s.To, "d1/0")
	if !s.Looks {
		s.fails(t, look(p), digest.ErrUnseen)
		s.stands(t, s.To, "d1/0")
		return
	}
	s.arrives(t, post("d0/0", s.To)) // and others have come since
	s.Heard()
	if message := s.arrives(t, look(p)); message != list[0].Message {
		t.Errorf("%s was found, and %s is it", message, list[0].Message)
	}
	s.heard(t, list[0].Message)
	below := post("d1/1", s.To)
	below.Under = list[0].Message
	s.Meet(Lost)
	s.fails(t, below, digest.ErrUncertain)
	s.arrives(t, look(below))
	s.stands(t, s.To, "d1/0", "d0/0", "d1/1")
}

func postsCut(t *testing.T, s *PostStage) { postsUntaken(t, s, Cut) }

func postsBroken(t *testing.T, s *PostStage) { postsUntaken(t, s, Broken) }

// postsUntaken posts what is not taken, though nobody says so.
func postsUntaken(t *testing.T, s *PostStage, trouble Trouble) {
	t.Helper()
	p := post("d1/0", s.To)
	s.Meet(trouble)
	s.fails(t, p, digest.ErrUncertain)
	s.stands(t, s.To)
	if !s.Looks {
		s.fails(t, look(p), digest.ErrUnseen)
		p.Doubt = digest.Repeat
	} else {
		p.Doubt = digest.Look
	}
	message := s.arrives(t, p)
	list := s.stands(t, s.To, "d1/0")
	if marked := strings.Contains(list[0].Text, repeatedMark); marked == s.Looks || list[0].Message != message {
		t.Errorf("%+v", list)
	}
	s.heard(t, message)
}

func postsHidden(t *testing.T, s *PostStage) {
	s.Meet(Hidden)
	p := post("d1/0", s.To)
	s.fails(t, look(p), digest.ErrUnseen)
	s.stands(t, s.To)
	s.Meet(Lost)
	s.fails(t, p, digest.ErrUncertain)
	s.fails(t, look(p), digest.ErrUnseen)
	p.Doubt = digest.Repeat
	s.arrives(t, p)
	if list := s.stands(t, s.To, "d1/0", "d1/0"); strings.Contains(list[0].Text, repeatedMark) || !strings.Contains(list[1].Text, repeatedMark) {
		t.Errorf("%+v", list)
	}
}

func postsRepeated(t *testing.T, s *PostStage) {
	p := post("d1/0", s.To)
	p.Doubt = digest.Repeat
	message := s.arrives(t, p)
	if list := s.stands(t, s.To, "d1/0"); !strings.Contains(list[0].Text, repeatedMark) {
		t.Errorf("the repetition does not say so: %+v", list)
	}
	s.heard(t, message)
}

func postsTell(t *testing.T, s *PostStage) {
	r := post("d1/0", s.To).Reply
	if err := s.Poster.Tell(t.Context(), s.Person, r); err != nil {
		t.Fatal(err)
	}
	list := s.Told(s.Person)
	if len(list) != 1 || !strings.Contains(list[0].Text, "Changes d1/0") {
		t.Fatalf("was told %+v", list)
	}
	if h := s.heard(t, list[0].Message); h.Place != s.Person || !h.Private {
		t.Errorf("heard %+v", h)
	}
	s.stands(t, s.To)
	s.Meet(Lost)
	err := s.Poster.Tell(t.Context(), s.Person, r)
	s.keepsSecrets(t, err)
	if !errors.Is(err, digest.ErrUncertain) {
		t.Errorf("with its answer lost it says %v", err)
	}
	for _, nobody := range []string{"", "irc:7", s.Person + "x:1:2:3"} {
		if err := s.Poster.Tell(t.Context(), nobody, r); err == nil {
			t.Errorf("%q was told something", nobody)
		}
	}
}

// postsLong posts what comes near the limits of platforms: the fakes refuse what goes beyond.
func postsLong(t *testing.T, s *PostStage) {
	for i, of := range long {
		p := post(fmt.Sprintf("d%d/0", i), s.To)
		lengthen(&p, of.rows, of.size)
		p.Doubt = digest.Repeat
		s.arrives(t, p)
	}
}

// long are rows, and the size of each.
var long = []struct{ rows, size int }{{3, 1200}, {150, 80}, {60, 2900}, {1, 9000}}

// lengthen adds rows to a post, and a button.
func lengthen(p *digest.Post, rows, size int) {
	for range rows {
		p.Reply.Blocks = append(p.Reply.Blocks, bot.Heading{Text: "Peru"}, bot.Row{Text: strings.Repeat("wört <& ", size/8), Receipts: []string{"BOL-01"}})
	}
	p.Reply.Blocks = append(p.Reply.Blocks, bot.Choices{Lead: "More:", Items: []bot.Choice{{Label: "Peru", Command: "stance PER"}}})
}

func postsNowhere(t *testing.T, s *PostStage) {
	platform := s.To.Platform()
	for _, to := range []string{"", platform, platform + ":", platform + "::", "irc:C1:C2", platform + ":T1:C2:1:2", string(s.To) + ":x:y"} {
		_, err := s.posts(t, post("d1/0", bot.Address(to)))
		later, gone := (*inbox.Later)(nil), (*digest.GoneError)(nil)
		if err == nil || errors.As(err, &later) || errors.As(err, &gone) || errors.Is(err, digest.ErrUncertain) {
			t.Errorf("to %q: %v", to, err)
		}
		s.Poster.Lane(bot.Address(to))
	}
	empty := post("d1/0", s.To)
	empty.Reply = &bot.Reply{}
	if _, err := s.posts(t, empty); err == nil {
		t.Error("nothing was posted as a message")
	}
	s.stands(t, s.To)
}

func postsEnded(t *testing.T, s *PostStage) {
	ctx, end := context.WithCancel(t.Context())
	end()
	_, err := s.Poster.Post(ctx, post("d1/0", s.To))
	if err == nil || errors.Is(err, digest.ErrUncertain) {
		t.Errorf("nothing was sent, and it says %v", err)
	}
	s.stands(t, s.To)
}

func postsUnreachable(t *testing.T, s *PostStage) {
	s.Close()
	_, err := s.posts(t, post("d1/0", s.To))
	if later := (*inbox.Later)(nil); !errors.As(err, &later) && !errors.Is(err, digest.ErrUncertain) {
		t.Errorf("nobody is there, and it says %v", err)
	}
	err = s.Poster.Tell(t.Context(), s.Person, post("d1/0", s.To).Reply)
	if s.keepsSecrets(t, err); err == nil {
		t.Error("somebody was told something")
	}
}

func postsLanes(t *testing.T, s *PostStage) {
	for _, to := range append([]bot.Address{s.To, s.Beside}, s.Gone...) {
		if lane := s.Poster.Lane(to); lane != s.Lane {
			t.Errorf("the lane of %s is %s, want %s", to, lane, s.Lane)
		}
	}
}

// postsTooFast posts faster than the platform takes it, and when it says: each arrives once.
func postsTooFast(t *testing.T, s *PostStage) {
	waited := 0
	var ids []string
	for i := range s.Burst {
		id := fmt.Sprintf("d%d/0", i)
		ids = append(ids, id)
		for {
			_, err := s.posts(t, post(id, s.To))
			later := (*inbox.Later)(nil)
			if err == nil {
				break
			}
			if !errors.As(err, &later) || errors.Is(err, digest.ErrUncertain) {
				t.Fatal(err)
			}
			waited++
			time.Sleep(time.Until(later.Until))
		}
	}
	if waited == 0 {
		t.Error("the platform took all at once")
	}
	arrived := s.Arrived()
	for _, id := range ids {
		if arrived[id] != 1 {
			t.Errorf("%s arrived %d times", id, arrived[id])
		}
	}
}

// delivered is how many deliveries each channel gets, of two messages each.
const delivered = 4

// postsDelivered has a deliverer deliver at the platform's pace while it meets troubles: each message arrives, and but for one that was
// lost where nothing can be looked for, once.
func postsDelivered(t *testing.T, s *PostStage) {
	store := digesttest.NewMemory(func(knowledge.DeskID) int64 { return 1 })
	ids := s.plan(t, store)
	s.Meet(Lost)
	doubted, n := 0, 0
	s.deliver(t, store, len(ids), func(_ context.Context, task *digest.Task) (digest.Notice, error) {
		id := task.Delivery.ID
		return digest.Notice{Summary: *post(id+"/0", s.To).Reply, Below: []bot.Reply{*post(id+"/1", s.To).Reply}}, nil
	}, func(d *digest.Delivery) {
		if d.State != digest.Sent || d.Parts != 2 {
			t.Errorf("%s is %s with %d messages: %s", d.ID, d.State, d.Parts, d.Reason)
		}
		if d.Doubted {
			doubted++
		}
		if n++; n == len(ids)/2+1 {
			s.Meet(Asked)
		}
	})
	s.deliveredOnce(t, ids, doubted)
}

// deliver has a deliverer deliver so many deliveries at the platform's pace, and calls a function with each that came to an end.
func (s *PostStage) deliver(
	t *testing.T, store digest.Store, n int, compose func(context.Context, *digest.Task) (digest.Notice, error), over func(*digest.Delivery),
) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	ended := make(chan digest.Delivery, n)
	deliverer := digest.NewDeliverer(digest.DelivererOptions{
		Store: func() digest.Store { return store }, Posters: map[string]digest.Poster{s.To.Platform(): s.Poster}, Policy: digest.Resend,
		Paces: map[string]digest.Pace{s.To.Platform(): s.Pace}, Ended: func(d *digest.Delivery, _ string) { ended <- *d },
		Now: time.Now, Log: slog.New(slog.DiscardHandler), Compose: compose,
	})
	running.Go(func() { deliverer.Run(ctx) })
	for range n {
		d := <-ended
		over(&d)
	}
}

// plan plans deliveries, and returns their ids.
func (s *PostStage) plan(t *testing.T, store digest.Store) (ids []string) {
	t.Helper()
	for i := range 2 * delivered {
		to := []bot.Address{s.To, s.Beside}[i%2]
		id := fmt.Sprint("d", i)
		ids = append(ids, id)
		if err := store.Add(t.Context(), &digest.Subscription{ID: "s" + id, Desk: desk, To: to, Kind: digest.Watch}); err != nil {
			t.Fatal(err)
		}
		taken, err := store.Plan(t.Context(), time.Now(), []digest.Step{{Subscription: "s" + id, To: 1, Delivery: &digest.Delivery{
			ID: id, Subscription: "s" + id, Name: "1", UpTo: 1, Due: time.Now(), State: digest.Waiting, Lane: s.Lane,
		}}})
		if err != nil || !taken[0] {
			t.Fatalf("%s is not planned: %v", id, err)
		}
	}
	return ids
}

// deliveredOnce checks what arrived: what goes below a message stands there.
func (s *PostStage) deliveredOnce(t *testing.T, ids []string, doubted int) {
	t.Helper()
	twice := 0
	arrived := s.Arrived()
	for _, id := range ids {
		for _, part := range []string{"/0", "/1"} {
			if n := arrived[id+part]; n == 2 {
				twice++
			} else if n != 1 {
				t.Errorf("%s arrived %d times", id+part, n)
			}
		}
	}
	if want := map[bool]int{true: 0, false: 1}[s.Looks]; twice != want || doubted != want {
		t.Errorf("%d arrived twice, and %d are listed; want %d", twice, doubted, want)
	}
	below := 0
	for _, m := range append(s.Posted(s.To), s.Posted(s.Beside)...) {
		if m.Under != "" {
			below++
		}
	}
	if below != len(ids) {
		t.Errorf("%d stand below others, want %d", below, len(ids))
	}
}
