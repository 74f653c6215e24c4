// Package feedback keeps what readers say of answers, on either engine: a row for each answer and person.
//
// It imports knowledge, bot/feedback and adapters/store.
package feedback
