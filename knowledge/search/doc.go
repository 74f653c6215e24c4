// Package search ranks the records by the words of a question: the claims of the article with what checks them, its
// shifts and contradictions, events and fact checks. An Index is immutable and safe for concurrent use.
//
// The ranking is BM25 over stemmed words. The records are in English; words of other languages are searched for by what
// they mean there, as far as the tables under words/ tell. What may be found on a day is not decided here: whoever asks
// says for each passage whether it is seen.
//
// The package imports knowledge, knowledge/places for the names of countries and for how a text is cut into words, and
// a stemmer.
package search
