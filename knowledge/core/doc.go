// Package core answers questions from the records. A Builder turns records into a Core, an immutable snapshot with
// every index that an answer needs; Core.Answer is a pure function of a Query. A Holder keeps the snapshot that is
// in force and swaps in another.
//
// Each record carries two clocks: the day on which it was true and the day from which we knew it. Every part of an
// answer is filtered by both, so nothing dated or learnt later shows in an answer about an earlier day.
//
// The package imports rooms of knowledge and the standard library alone, and formats no prose.
package core
