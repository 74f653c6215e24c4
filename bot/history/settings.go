package history

import (
	"context"

	"stancebot/bot/told"
	"stancebot/knowledge"
)

// settle changes what is kept of what is told.
func (r *request) settle(ctx context.Context) (knowledge.Outcome, error) {
	if r.Query.Matter == "" {
		return r.declines("unavailable", "what", r.say("intent."+string(knowledge.IntentSettings))), nil
	}
	where := &r.Request.Where
	book := r.Book()
	switch {
	case where.Address == "":
		return r.declines("history.nowhere"), nil
	case book == nil, r.Request.Desk == "": // whose the channel is, is not known at the very start
		return r.declines("history.away"), nil
	case !where.Private && !r.Edits(r.Request.Desk, r.Request.Person):
		return r.refuses("history.refused"), nil
	}
	switch r.Query.Matter { //nolint:exhaustive // the others are questions
	case knowledge.MatterSilence:
		return r.silence(ctx, book, true)
	case knowledge.MatterKeep:
		return r.silence(ctx, book, false)
	}
	return r.forget(ctx, book)
}

// places are where things are told in the conversation: the channel and, where the asker is alone in it, what they alone are told.
func (r *request) places() []told.Place {
	places := []told.Place{told.Place(r.Request.Where.Address)}
	if person := told.Place(r.Request.Person); r.Request.Where.Private && person != "" && !places[0].Holds(person) {
		places = append(places, person)
	}
	return places
}

// forget erases what was told here.
func (r *request) forget(ctx context.Context, book Book) (knowledge.Outcome, error) {
	total := 0
	for _, place := range r.places() {
		n, err := book.Forget(ctx, r.Request.Desk, place)
		if err != nil {
			return "", err
		}
		total += n
	}
	if total == 0 {
		r.reply.Private = true
		r.own(r.say("history.forgotten.none"))
		return knowledge.Answered, nil
	}
	r.own(r.say("history.forgotten", "n", total))
	if book.Keeps(r.places()[0]) {
		r.offers("settings told off")
	}
	return knowledge.Done, nil
}

// silence has nothing kept of what is told here, or has it kept again.
func (r *request) silence(ctx context.Context, book Book, silent bool) (knowledge.Outcome, error) {
	key, changed := "off", false
	if silent {
		key = "on"
	}
	for _, place := range r.places() {
		news, err := book.Silence(ctx, place, silent)
		if err != nil {
			return "", err
		}
		changed = changed || news
	}
	if !changed {
		r.reply.Private = true
		r.own(r.say("history.silence." + key + ".already"))
		return knowledge.Answered, nil
	}
	r.own(r.say("history.silence." + key))
	if silent {
		r.offers("settings told on", "settings forget")
	}
	return knowledge.Done, nil
}
