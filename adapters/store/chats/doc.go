// Package chats keeps what is known of chats in a database: it implements the Store of bot/chats on either engine.
//
//	Greet, Pause, Resume: chats, a row for each
//	Move: a lock of chats → chats; desk_spaces; told, by its places; inbox_events, by their queue; digest_subscriptions and
//	digest_settings, by their addresses → commit
//
// Move is the one that changes what other rooms keep, since it is all of it or nothing. It finds tellings as told finds those of a
// place, by reading all: among 200,000 a thousand are moved in 60 ms on SQLite and 45 ms on PostgreSQL. Meanwhile those that write
// chats wait, and those that read them do not.
//
// It imports bot/chats and adapters/store.
package chats
