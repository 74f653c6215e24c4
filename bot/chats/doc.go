// Package chats knows the chats of platforms: which were greeted, which want nothing any more, and that one may become another.
//
// A chat belongs to a desk as every space does, which is kept with those of bot/desk.
//
// The package imports the standard library alone.
package chats
