package edits

import (
	"context"
	"errors"

	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/knowledge"
)

// says tells the asker alone, in a line.
func (d *edit) says(outcome knowledge.Outcome, key string, pairs ...any) (knowledge.Outcome, bot.Reply, error) {
	r := bot.Reply{Language: d.p.Language, Private: true}
	d.own(&r, key, pairs...)
	return outcome, r, nil
}

func (d *edit) declines(key string) (knowledge.Outcome, bot.Reply, error) {
	return d.says(knowledge.Unavailable, key)
}

// refuses says why an edit was not carried out. What is nobody's fault is logged, and declined.
func (d *edit) refuses(ctx context.Context, err error) (knowledge.Outcome, bot.Reply, error) {
	var (
		notEditor  *desk.NotEditorError
		invalid    *desk.InvalidError
		noCase     *desk.NoCaseError
		closed     *desk.ClosedError
		own        *desk.OwnError
		notTheirs  *desk.NotProposerError
		overtaken  *desk.OvertakenError
		tooMany    *desk.TooManyError
		withoutWhy *desk.NoReasonError
		noInquiry  *desk.NoInquiryError
	)
	switch {
	case errors.As(err, &notEditor) && !d.decider.Everyone:
		return d.says(knowledge.Unavailable, "edit.refused.closed")
	case errors.As(err, &notEditor):
		return d.says(knowledge.Unavailable, "edit.refused.editors")
	case errors.As(err, &own):
		return d.says(knowledge.Unavailable, "edit.refused.own", "id", own.ID)
	case errors.As(err, &notTheirs):
		return d.says(knowledge.Unavailable, "edit.refused.theirs", "id", notTheirs.ID)
	case errors.As(err, &noCase):
		return d.says(knowledge.NotFound, "edit.refused.none", "id", noCase.ID)
	case errors.As(err, &noInquiry):
		return d.says(knowledge.NotFound, "inquiry.none", "id", noInquiry.ID)
	case errors.As(err, &closed):
		return d.closed(&closed.Case)
	case errors.As(err, &overtaken):
		return d.overtaken(overtaken)
	case errors.As(err, &tooMany):
		return d.says(knowledge.Refused, "edit.refused.many", "n", tooMany.Most)
	case errors.As(err, &withoutWhy):
		return d.asksFor(withoutWhy.ID)
	case errors.As(err, &invalid):
		return d.invalid("edit.refused.invalid", invalid)
	}
	d.Log.WarnContext(ctx, "the records cannot be changed", "error", err)
	return d.declines("edit.away")
}

// closed says that a proposal was decided before.
func (d *edit) closed(c *desk.Case) (knowledge.Outcome, bot.Reply, error) {
	return d.says(knowledge.Refused, "edit.closed."+string(c.State), "id", c.ID, "date", knowledge.DayOf(c.Decided), "entry", c.Entry)
}

// overtaken says what changed since a proposal was made.
func (d *edit) overtaken(e *desk.OvertakenError) (knowledge.Outcome, bot.Reply, error) {
	invalid := (*desk.InvalidError)(nil)
	if errors.As(e.Why, &invalid) {
		return d.invalid("edit.refused.overtaken", invalid, "id", e.Case.ID)
	}
	return d.says(knowledge.Refused, "edit.refused.overtaken", "id", e.Case.ID)
}

// invalid says all that is wrong with what was to be recorded.
func (d *edit) invalid(key string, e *desk.InvalidError, pairs ...any) (knowledge.Outcome, bot.Reply, error) {
	r := bot.Reply{Language: d.p.Language, Private: true}
	d.own(&r, key, pairs...)
	for _, p := range e.Problems {
		r.Blocks = append(r.Blocks, bot.Row{Text: p.Say(d.p), Kind: bot.OurOwn})
	}
	return knowledge.Refused, r, nil
}
