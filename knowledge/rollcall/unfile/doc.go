// Package unfile reads the UN Digital Library's file of votes in the General Assembly, as it is downloaded: one row a state
// and roll call, in the versions in use.
//
//	file → Read → File (roll calls that hold, and a Report of what does not) → Compare with the records in force
//
// A roll call is taken whole or not at all: a row that cannot be read, a sum that does not hold, a state that is missing,
// doubled or no member of the day, and the roll call is refused, with the line and what to do. Rows of one roll call need
// not stand together, so that a roll call is known to be whole only at the end of the file; until then a cell takes six
// bytes. What is taken is unrated: what a Yes means toward Russia is for an editor to say.
//
// It imports knowledge, knowledge/rollcall and the standard library alone.
package unfile
