// Package told keeps what was told where: the reply as it was sent, its receipts, its place, and how far the desk's ledger
// was at that moment. By it a correction finds those who read what it corrects, and an editor finds what was answered.
//
//	a reply that was sent → Log.Put (never waits) → batches → Store.Keep
//
// A telling is small: what was said is a Reply, which the tellings of the same can share and a store keeps once.
//
// It is no part of the ledger: it can be erased, and is once its time is over. What the asker wrote is never kept, nor who of
// a channel asked. What one person alone was told has that person for its place, so that a correction finds them, too.
//
// The package imports knowledge and the standard library alone.
package told
