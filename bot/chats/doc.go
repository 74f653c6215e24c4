// Package chats knows the chats of platforms: which were greeted, which want nothing any more, and that one may become another.
//
// It imports the standard library alone.
package chats
