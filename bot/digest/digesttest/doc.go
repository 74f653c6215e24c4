// Package digesttest holds what tests of digests share: a store in memory, which passes the suite of stores, and a platform that
// counts what was posted to it, and fails as it is told.
//
// It imports what bot/digest does, and bot/digest.
package digesttest
