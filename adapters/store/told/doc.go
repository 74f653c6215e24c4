// Package told keeps what was told in a database: it implements the Store of bot/told on either engine.
//
//	Keep: ids that sort by time → told, told_receipts, told_countries → commit
//
// The receipts and countries stand twice: with the reply, in its order, and in tables of their own, by which replies are
// found on both engines alike.
package told
