// Package bot answers requests: it has the words read by bot/question, the question answered by knowledge/core, and
// says the answer in the reader's language as a Reply of blocks. No trace of a platform is in it: adapters turn
// events into a Request, and a Reply into what their platform shows.
//
//	adapter → Request → Bot.Handle → question.Reader → knowledge.Query → command → knowledge.Answer → composer → Reply
//
// The composer (compose*.go) is the only place that puts sentences together, from the catalogue in bot/phrases and
// the texts of the records. Every line that asserts something carries the receipts that it rests on. What a Bot can
// answer is the set of commands that it was made with; an intent without one is understood and declined.
//
// It imports knowledge, knowledge/core, knowledge/places, knowledge/rollcall, knowledge/sheet, bot/phrases, bot/question,
// bot/request and bot/talk.
package bot
