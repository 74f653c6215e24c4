// Package turns keeps which of several processes does what one at a time may do, such as asking Telegram for updates: a row for each, with
// its holder and until when it holds it, by the database's clock.
//
// It imports adapters/store.
package turns
