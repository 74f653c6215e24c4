// Package inbox keeps the events of chat platforms in a database: it implements the Store of bot/inbox on either engine.
//
//	Write: inbox_keys, each once for its platform → inbox_events: what was worked goes, what came, under a lease → commit
//
// An event has no desk, since whose it is is known once it is read. Keys are the first that Write writes, in their order, so that
// two that are about one event wait for each other.
package inbox
