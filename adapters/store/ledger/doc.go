// Package ledger keeps the chains of desks in a database: it implements the Store of knowledge/ledger on either engine.
//
//	Append: lock the desk's head → Head.Next for each draft → rows → head → commit, synced
//	Rows:   pages, so that no connection waits for a slow reader
//
// Beside an entry, and no part of it, stands the request that recorded it, for operators. Entries are inserted and read; nothing here updates or deletes one, and deploy/postgres-role.sql takes the right to.
package ledger
