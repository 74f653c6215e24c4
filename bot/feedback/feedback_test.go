package feedback_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	storedfeedback "stancebot/adapters/store/feedback"
	"stancebot/adapters/store/storetest"
	"stancebot/bot"
	"stancebot/bot/bottest"
	"stancebot/bot/feedback"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A booth is where readers vote.
type booth struct {
	*bottest.Desk
	bot   *bot.Bot
	store feedback.Store // nil while the database is away
	voted []bool
}

func newBooth(t *testing.T) *booth {
	t.Helper()
	b := &booth{Desk: bottest.NewDesk(t), store: storedfeedback.New(storetest.Open(t, "sqlite::memory:"))}
	f := &feedback.Feedback{
		Store: func() feedback.Store { return b.store }, Voted: func(helpful bool) { b.voted = append(b.voted, helpful) },
		Now: func() time.Time { return b.Now }, Log: slog.New(slog.DiscardHandler),
	}
	b.bot = bot.New(bot.Options{
		Reader: b.Reader, Commands: append(bot.Lookups(b.Holder), bot.Command{Intent: knowledge.IntentSettings, Do: f.Do}), Votes: true,
		Today: func() knowledge.Day { return bottest.Today }, Log: slog.New(slog.DiscardHandler),
	})
	f.Answer = b.bot.Handle
	return b
}

func (b *booth) ask(t *testing.T, person, text, language string) bot.Reply {
	t.Helper()
	b.Now = b.Now.Add(time.Second)
	return b.bot.Handle(t.Context(), bot.Request{Desk: knowledge.DefaultDesk, Person: person, Text: text, Language: language})
}

// Whatever a reply offers to vote with, votes on that reply, and the last vote of a person counts.
func TestVotesAreOfTheReplyThatOffersThem(t *testing.T) {
	b := newBooth(t)
	for _, asked := range []string{"where does peru stand?", "source BRA-14", "compare chile argentina", "votes cuba as of 2022-04-30", "group southern cone"} {
		r := b.ask(t, "slack:T1:U1", asked, "")
		choices := r.VoteChoices(phrases.In("en"))
		if len(choices) != 2 {
			t.Fatalf("%s offers %v", asked, choices)
		}
		for _, c := range []bot.Choice{choices[0], choices[1], choices[0]} {
			if said := b.ask(t, "slack:T1:U1", c.Command, ""); !said.Private || said.VoteChoices(phrases.In("en")) != nil {
				t.Errorf("%s says %+v", c.Command, said)
			}
		}
		b.ask(t, "telegram:77", choices[1].Command, "")
		tallies, err := b.store.Tallies(t.Context(), knowledge.DefaultDesk, time.Time{})
		want := feedback.Tally{Command: r.About.Command, Helpful: 1, Wrong: 1}
		if err != nil || !slices.Contains(tallies, want) {
			t.Errorf("%s: votes are %v, %v", asked, tallies, err)
		}
	}
	if len(b.voted) != 20 {
		t.Errorf("%d votes were heard of", len(b.voted))
	}
}

// What is wrong leads on to the records that an answer rests on, and to the desk; in the reader's language.
func TestWhatIsWrongLeadsOn(t *testing.T) {
	b := newBooth(t)
	for _, language := range phrases.Languages() {
		p := phrases.In(language)
		r := b.ask(t, "slack:T1:U1", "feedback no source BRA-14", language)
		if r.Language != language || !strings.Contains(r.Text(), p.Say("feedback.wrong")) || !strings.Contains(r.Text(), p.Say("feedback.correct", "id", "BRA-14")) ||
			!strings.Contains(r.Text(), p.Say("inquiry.ask")) {
			t.Errorf("%s: %s", language, r.Text())
		}
		c, _ := r.Blocks[len(r.Blocks)-1].(bot.Choices)
		for _, item := range c.Items {
			if len(item.Asks) == 0 || !strings.HasPrefix(item.Command, "correct ") && item.Command != "ask desk" {
				t.Errorf("%s offers %+v", language, item)
			}
		}
		if said := b.ask(t, "slack:T1:U1", "feedback yes source BRA-14", language); !strings.Contains(said.Text(), p.Say("feedback.thanks")) {
			t.Errorf("%s: %s", language, said.Text())
		}
	}
}

// What is no answer is not voted on, and nothing is offered on what asserts nothing.
func TestWhatIsNotVotedOn(t *testing.T) {
	b := newBooth(t)
	for _, text := range []string{"feedback yes help", "feedback no wakanda", "feedback yes <!channel>", "feedback no feedback no stance PER", "feedback yes " + strings.Repeat("x ", 500)} {
		if r := b.ask(t, "slack:T1:U1", text, ""); !r.Private || len(r.Text()) > 200 || strings.Contains(r.Text(), "!channel") {
			t.Errorf("%s says %s", text, r.Text())
		}
	}
	for _, text := range []string{"help", "wakanda", "guinea or congo"} {
		if r := b.ask(t, "slack:T1:U1", text, ""); r.Votes {
			t.Errorf("%s offers votes", text)
		}
	}
	if r := b.ask(t, "", "feedback yes stance PER", ""); !strings.Contains(r.Text(), phrases.In("en").Say("feedback.away")) {
		t.Errorf("nobody votes: %s", r.Text())
	}
	b.store = failing{}
	if r := b.ask(t, "slack:T1:U1", "feedback yes stance PER", ""); !strings.Contains(r.Text(), phrases.In("en").Say("feedback.away")) {
		t.Errorf("a store that fails: %s", r.Text())
	}
	if len(b.voted) != 0 {
		t.Errorf("%d votes were heard of", len(b.voted))
	}
}

// A failing store keeps nothing.
type failing struct{ feedback.Store }

func (failing) Vote(context.Context, *feedback.Vote) error { return errors.New("away") }
