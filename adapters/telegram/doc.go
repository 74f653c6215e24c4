// Package telegram is the Telegram half of the program: the only room that knows telegram-bot-api. It turns updates into a
// bot.Request and a bot.Reply into Telegram's HTML.
//
//	getUpdates (poll.go) or POST /telegram/webhook (web.go) → inbox (recorded) → confirmed → worked: Handle → Render → sent
//	a button that asks for words → a message that asks for them → the reply to it → typed behind the command
//	digest, alert → Post → Render → sent, part by part, or put in the place of a message
//
// An update is recorded before it is confirmed: by polling the next call confirms it, by webhook the 200. Its keys make an
// update that comes again one update, and what a crash leaves is worked after it.
//
// The library has stood still since 2021. Of it only MakeRequest and UploadFiles are used (api.go), with the parameters of
// today; its own reading of updates, its loop and its helpers panic, block or forget (text.go and wire.go say where).
// Everything shown passes escape in html.go, and everything sent api.go, which honours the waits that Telegram asks for and
// cuts the token out of every error.
//
// It imports knowledge, bot, bot/digest, bot/inbox, bot/phrases and adapters/lenient.
package telegram
