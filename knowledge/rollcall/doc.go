// Package rollcall proves and reads roll calls of the General Assembly: the arithmetic that a roll call must pass to be
// used at all, how a state usually votes, and where closeness to Washington and distance from Moscow part ways.
//
// What arithmetic can see: a state that is missing, doubled or no member on the day; columns that do not add up to the
// tally; a tally that does not add up to the membership; a symbol, date or title that do not agree. What it cannot see:
// two swaps that cancel each other, a Yes and a No exchanged between two states. Against those only an independent
// table helps, which a test takes from the environment.
//
// A symbol as the United Nations print it becomes an id by IDOf. Files of votes are read in the room below, unfile.
//
// It imports knowledge and the standard library alone.
package rollcall
