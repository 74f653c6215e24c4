// Package knowledge holds the words that the whole program speaks: countries, axes, labels, claims and their
// checks, events, the question that is put to the records (Query) and what they answer (Answer).
//
// It is vocabulary only. How a snapshot of the records is built and asked stands in knowledge/core; where the
// records come from, in knowledge/corpus; how a name becomes a country, in knowledge/places. Nothing here formats
// a sentence: an Answer carries facts and receipts, and the bot room says them in the reader's language.
//
// The package imports the standard library alone, and every other room may import it.
package knowledge
