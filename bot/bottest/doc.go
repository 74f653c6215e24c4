// Package bottest helps the tests of rooms that answer: a desk with the shipped records and a set calendar, a runner
// of transcripts, and a checker that maps what a reply asserts back to the records.
//
// It is imported by tests alone, and imports bot and the rooms below it.
package bottest
