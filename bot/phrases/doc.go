// Package phrases is the catalogue of what replies say: every fixed string of a reply, by key, one file a language
// under catalogue/. Texts of the records are not here.
//
// A phrase may hold slots such as {date}, filled by name, and may have plural forms, chosen by the slot n. The
// package imports knowledge and knowledge/places for the names of countries.
package phrases
