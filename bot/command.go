package bot

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"stancebot/bot/phrases"
	"stancebot/knowledge"
	"stancebot/knowledge/core"
)

// A Command answers the questions of one intent. Commands are registered where the program is put together; what is
// not registered, a Bot understands and declines.
type Command struct {
	Intent knowledge.Intent
	// Run answers the query. A *ReaderError is told to the reader; any other error is the operator's.
	Run func(ctx context.Context, q knowledge.Query) (knowledge.Answer, error)
	// Do answers the query in words of its own, in the place of Run: what a command changes, it says. Its errors are as those of Run.
	Do func(ctx context.Context, c Call) (knowledge.Outcome, Reply, error)
	// Lookup reports that the answer depends on the query and the snapshot in force alone, so that it may be kept.
	Lookup bool
}

// A Call is a query that a command answers in words of its own.
type Call struct {
	Request Request
	Query   knowledge.Query
	Phrases *phrases.Catalogue // of the language of the reply
}

// lookupIntents are the intents that the records alone answer, in the order in which help shows them.
var lookupIntents = []knowledge.Intent{
	knowledge.IntentStance, knowledge.IntentCompare, knowledge.IntentGroup,
	knowledge.IntentShifts, knowledge.IntentEvidence, knowledge.IntentSource, knowledge.IntentSafe, knowledge.IntentContradictions,
	knowledge.IntentVotes, knowledge.IntentResolution, knowledge.IntentAgreement, knowledge.IntentMeasures,
	knowledge.IntentMap, knowledge.IntentCard, knowledge.IntentTimeline,
	knowledge.IntentSearch, knowledge.IntentExport, knowledge.IntentHelp,
}

// Lookups returns the commands that the snapshot in force answers.
func Lookups(holder *core.Holder) []Command {
	run := func(_ context.Context, q knowledge.Query) (knowledge.Answer, error) {
		return holder.Core(q.Desk).Answer(q), nil
	}
	commands := make([]Command, len(lookupIntents))
	for i, intent := range lookupIntents {
		commands[i] = Command{Intent: intent, Run: run, Lookup: true}
	}
	return commands
}

// commandWords are the words that commands are typed with, where they are not the intent's own name.
var commandWords = map[knowledge.Intent]string{knowledge.IntentEvidence: "why"}

func commandWord(intent knowledge.Intent) string {
	if w := commandWords[intent]; w != "" {
		return w
	}
	return string(intent)
}

// maxCommand is the most bytes of a command that a button of Telegram holds.
const maxCommand = 64

// Canonical returns the query as a command in its short form: lower-case ISO codes and ids, the word of the intent
// first. Typing it asks the same. It fits a button, but for some receipts that have two dates behind them.
func Canonical(q knowledge.Query) string { return inShort(q, codeWord) }

// undated are the intents whose answers are of no day, or of one that the question names by itself.
var undated = []knowledge.Intent{knowledge.IntentResolution, knowledge.IntentSearch, knowledge.IntentHelp}

// dated returns the command that asks the same on another day: of today, where no day was asked for: what was known on
// a day is told of that day.
func dated(q knowledge.Query) string {
	if q.AsOf == 0 && q.KnownAt == 0 && q.Order == nil && q.Matter == "" && slices.Contains(lookupIntents, q.Intent) && !slices.Contains(undated, q.Intent) {
		q.AsOf = q.Today
	}
	return Canonical(q)
}

// inShort is Canonical with the countries called by any name.
func inShort(q knowledge.Query, name func(knowledge.Country) string) string {
	words := []string{commandWord(q.Intent)}
	if q.Code != "" {
		words[0] = "verify"
	}
	if q.Matter != "" {
		words = append(words, string(q.Matter))
	}
	if q.Words != "" && q.Intent == knowledge.IntentSearch {
		words = append(words, q.Words)
	}
	if q.Receipt != "" {
		words = append(words, q.Receipt)
	}
	if q.Code != "" {
		words = append(words, q.Code)
	}
	if q.Order != nil {
		words = append(words, orderWords(q)...)
	}
	for i, c := range q.Countries {
		word := name(c)
		if q.Order != nil && (i+1 < len(q.Countries) || q.Group != "" || q.Place != "") {
			word += "," // a code and what stands behind it may else look like one name
		}
		words = append(words, word)
	}
	if q.Resolution != "" {
		words = append(words, q.Resolution)
	}
	if q.Place != "" {
		words = append(words, strings.ToLower(strings.ReplaceAll(q.Place, "_", " ")))
	}
	if q.Group != "" {
		words = append(words, strings.ReplaceAll(string(q.Group), "_", " "))
	}
	words = append(words, restWords(q)...)
	if q.Order != nil && q.Order.Do != knowledge.DoZone && q.Order.Zone != "" {
		words = append(words, "timezone", q.Order.Zone)
	}
	return strings.Join(words, " ")
}

// restWords say what is asked of those named: the axis, the days, the page.
func restWords(q knowledge.Query) []string {
	var words []string
	if q.Axis != "" {
		words = append(words, "on", string(q.Axis))
	}
	if q.Since != 0 {
		words = append(words, "since", q.Since.String())
	}
	switch {
	case q.AsOf != 0 && q.Matter != "" && q.AsOfDate != 0: // a month is all of it
		words = append(words, "as of", q.AsOfDate.String())
	case q.AsOf != 0:
		words = append(words, "as of", q.AsOf.String())
	}
	if q.KnownAt != 0 {
		words = append(words, "known", q.KnownAt.String())
	}
	if q.Proof {
		words = append(words, "proof")
	}
	if q.Picture {
		words = append(words, "picture")
	}
	if q.Page > 1 {
		words = append(words, "page", strconv.Itoa(q.Page))
	}
	return words
}

// codeWord returns the word for a country in a command: its code in capitals, for many a code is a word of the language
// too. Andorra's is one even in capitals, so its name stands instead.
func codeWord(c knowledge.Country) string {
	if c == "AND" {
		return "andorra"
	}
	return string(c)
}

// Typed returns the command as a person would type it: names in the place of codes.
func Typed(p *phrases.Catalogue, q knowledge.Query) string {
	if q.Order != nil { // its first word stands right behind the command
		return inShort(q, func(c knowledge.Country) string { return strings.ToLower(p.Country(c)) })
	}
	spelt := q
	spelt.Countries = nil
	text := Canonical(spelt)
	if len(q.Countries) == 0 {
		return text
	}
	names := make([]string, len(q.Countries))
	for i, c := range q.Countries {
		names[i] = strings.ToLower(p.Country(c))
	}
	word, rest, _ := strings.Cut(text, " ")
	return strings.TrimSpace(word + " " + strings.Join(names, " ") + " " + rest)
}
