package feedback

import (
	"context"
	"log/slog"
	"time"

	"stancebot/bot"
	"stancebot/bot/edits"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A Vote is what one person says of an answer.
type Vote struct {
	Desk    knowledge.DeskID
	Command string // that asks for the answer, in its short form
	Person  string // who votes, as platforms name people
	Helpful bool
	At      time.Time // whole microseconds are kept
}

// A Tally counts the votes on an answer.
type Tally struct {
	Command string `json:"command"`
	Helpful int    `json:"helpful"`
	Wrong   int    `json:"wrong"`
}

// A Store keeps votes. Implementations pass the suite in adapters/adaptertest. It is safe for concurrent use, by several processes too.
type Store interface {
	// Vote keeps a vote in the place of an earlier one of the same person on the same answer of the desk. One that is older than that
	// changes nothing.
	Vote(ctx context.Context, v *Vote) error
	// Tallies counts a desk's votes since a time, the most often wrong first, and of those alike by their commands.
	Tallies(ctx context.Context, desk knowledge.DeskID, since time.Time) ([]Tally, error)
	// Erase erases votes of before a time, and returns how many.
	Erase(ctx context.Context, before time.Time) (int, error)
}

// Feedback answers votes.
type Feedback struct {
	Store  func() Store                                         // nil while the database is away
	Answer func(ctx context.Context, req bot.Request) bot.Reply // what a command answers now
	Voted  func(helpful bool)                                   // hears of each vote
	Now    func() time.Time
	Log    *slog.Logger
}

// Do takes a vote, and says what can be done about what is wrong. What was no answer is not voted on.
func (f *Feedback) Do(ctx context.Context, c bot.Call) (knowledge.Outcome, bot.Reply, error) {
	helpful := c.Query.Matter == knowledge.MatterHelpful
	answer := f.Answer(ctx, bot.Request{Desk: c.Request.Desk, Text: c.Query.Words, Language: c.Phrases.Language})
	store := f.Store()
	switch {
	case c.Request.Person == "" || c.Request.Desk == "" || store == nil:
		return says(c.Phrases, knowledge.Unavailable, "feedback.away")
	case answer.About.Command == "" || len(answer.Receipts) == 0:
		return says(c.Phrases, knowledge.Refused, "feedback.nothing")
	}
	vote := &Vote{Desk: c.Request.Desk, Command: answer.About.Command, Person: c.Request.Person, Helpful: helpful, At: f.Now()}
	if err := store.Vote(ctx, vote); err != nil {
		f.Log.WarnContext(ctx, "a vote cannot be kept", "error", err)
		return says(c.Phrases, knowledge.Unavailable, "feedback.away")
	}
	f.Voted(helpful)
	if helpful {
		return says(c.Phrases, knowledge.Done, "feedback.thanks")
	}
	outcome, r, err := says(c.Phrases, knowledge.Done, "feedback.wrong")
	r.Blocks = append(r.Blocks, leadsOn(c.Phrases, answer.Receipts))
	return outcome, r, err
}

// mostCorrected is for how many records of an answer a button is offered.
const mostCorrected = 3

// leadsOn offers to correct what an answer rests on, or to ask the desk.
func leadsOn(p *phrases.Catalogue, receipts []string) bot.Choices {
	c := bot.Choices{Asks: true}
	for _, id := range receipts {
		if edits.Correctable(id) && len(c.Items) < mostCorrected {
			choice := edits.CorrectChoice(p, id)
			choice.Label = p.Say("feedback.correct", "id", id)
			c.Items = append(c.Items, choice)
		}
	}
	c.Items = append(c.Items, edits.AskDeskChoice(p))
	return c
}

// says tells the asker alone, in a line.
func says(p *phrases.Catalogue, outcome knowledge.Outcome, key string) (knowledge.Outcome, bot.Reply, error) {
	return outcome, bot.Reply{Language: p.Language, Private: true, Blocks: []bot.Block{bot.Line{Text: p.Say(key), Kind: bot.OurOwn}}}, nil
}
