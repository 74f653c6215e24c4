// Package versions keeps the version of the shared records that each desk saw last, on either engine: a row for each desk.
//
// It imports knowledge, bot/desk and adapters/store.
package versions
