// Package question reads what people write and turns it into a knowledge.Query: the intent, the countries, the
// axis, the dates, the receipts.
//
// The engine is small and knows no language; what it knows of one stands in a file under lexicon/: command words,
// weighted patterns of words, names of groups, words for dates. Names of countries come from knowledge/places,
// names of zones of time from zones.txt. What
// cannot be read as one meaning is not guessed: the Query then carries a Misread that asks or says why.
//
// It imports knowledge, knowledge/places and, for the words that records are searched by, knowledge/search. Words of
// the asker leave it only as the name of something that could not be placed, and as words to search for, cleaned and cut
// short.
package question
