// Package told keeps what was told in a database: it implements the Store of bot/told on either engine.
//
//	Keep: replies that are not known to stand → told_replies, told_receipts, told_countries;
//	      tellings, by ids that sort by time → told; commit
//	About, OfCountry: told_receipts or told_countries → told_replies → told
//	Erase, Forget: told, and the replies that no telling names any more
//
// A reply is kept once for each desk, by a hash of what it says, so that telling it again costs one small row. Its receipts and
// countries stand twice: with the reply, in its order, and in tables of their own, by which replies are found on both engines
// alike.
package told
