// Package chats keeps what is known of the chats of platforms in a database, and makes one another where a platform does.
//
// It imports adapters/store and bot/chats.
package chats
