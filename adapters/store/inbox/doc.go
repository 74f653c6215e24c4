// Package inbox keeps the events of chat platforms in a database: it implements the Store of bot/inbox on either engine.
//
//	Put: inbox_keys, each once for its platform → inbox_events, under a lease → commit
//	Done: the event goes, its keys stay
//
// An event has no desk, since whose it is is known once it is read. Its keys are the first that Put and Done write, so that two
// that are about one event wait for each other.
package inbox
