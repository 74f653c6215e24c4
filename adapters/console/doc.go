// Package console is the terminal: a conversation with line editing and colour, and the platform-free front door
// that ask offers to people as text and to programs as JSON.
//
// It renders a bot.Reply and calls a bot.Bot; it knows no records. It imports bot, bot/contract, bot/phrases and knowledge,
// and golang.org/x/term for line editing.
package console
