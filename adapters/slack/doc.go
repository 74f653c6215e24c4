// Package slack is the Slack half of the program: the only room that knows slack-go. It turns what Slack sends into a
// bot.Request and a bot.Reply into Block Kit.
//
//	slash command    → verify → read → Handle → Render → in the response or the acknowledgement
//	event, click     → verify → read → inbox (recorded) → acknowledged → worked: Handle → Render → sent
//	form             → opened in the request; what is typed into it → inbox → worked as though it were typed
//	digest, alert    → Post → Render → looked for where it may have arrived → sent, or put in the place of a message
//
//	install, callback → a state kept once → Slack → the workspace's tokens kept → a page that tells what came of it
//	taken out         → inbox → its tokens, subscriptions and what was told go
//
// Every call of the API is by the token of the workspace that it is about, as Workspaces knows it: one token of all that comes, or
// those that came with installs, each with limits and a health of its own. Where none is installed nothing is said.
//
// Over HTTP (web.go) and in Socket Mode (socket.go) the same Adapter does the same. What a slash command asks is answered
// where it was asked, with no second round trip. All else is written to the inbox first: its keys make a repeated event
// one event, and what a crash leaves is worked after it. Block Kit takes no message in the acknowledgement of a click, so a
// click is answered by its response URL.
//
// Every text that is shown passes escape.go: nothing typed or stored can mention, link or format. Everything sent passes
// send.go, which honours the waits that Slack asks for and tells what failed for good from what may be tried again.
//
// It imports knowledge, bot, bot/digest, bot/inbox, bot/installs, bot/phrases and adapters/lenient.
package slack
