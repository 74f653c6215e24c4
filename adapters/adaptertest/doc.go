// Package adaptertest holds the suites that implementations of one interface pass, whatever they are built on: Ledger for
// the stores of chains, Told for those of what was told, Inbox for those of events, Chats for those of chats, Installs for those of installs, Digests for those
// of subscriptions, Posters for what posts on a platform. ReadPreview judges the previews of messages. The room below it, postgres, starts a PostgreSQL for the stores.
package adaptertest
