// Package demo is the tab in which a newsroom in a box is tried: one reply side by side as Slack, Telegram and a terminal show it, and the
// text of the same for a terminal.
//
//	POST /demo/next, /demo/do → the visitor's Newsroom (bot/showcase) → 303 → GET /demo draws it
//
// It works without script: all that is pressed is a form. Each visitor has a newsroom of their own, as many at a time as fit, which ends
// when they are away for long. How a platform draws a message comes in as a function: no adapter knows another.
//
// It imports knowledge, bot, bot/digest, bot/phrases and bot/showcase.
package demo
