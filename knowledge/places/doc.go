// Package places knows names: it turns the words for countries, places and people into codes, and asks rather than
// guesses.
//
// The tables under data/ hold the 193 members of the United Nations and their names, one file a language; a file more
// is a language more. Names that are not simply those of a member come from the newsroom's house-style file. Names are
// compared folded (Fold): without case, accents, points and leading articles, and in simplified characters. A folded
// name means one country in all languages. Chinese text has to be cut into words (Segment) before it is looked up.
//
// It imports knowledge, the standard library and golang.org/x/text for the forms of Unicode.
package places
