// Package telegramtest is a Telegram of one bot, for tests: it speaks the Bot API on 127.0.0.1, by getUpdates and by webhook, so
// that a bot's real client is what is tested.
//
// [New] starts one. The world of chats and people is set up with [Server.AddChat] and [Server.AddUser], and what the bot did is
// read with [Server.Sent], [Server.Messages], [Server.InlineMessages], [Server.CallbackAnswers], [Server.InlineAnswers],
// [Server.Actions], [Server.Commands] and [Server.Calls]. People act through [Server.Say], [Server.Command], [Server.Start],
// [Server.Edit], [Server.Press], [Server.Inline], [Server.ChooseInline] and others; [Server.Raw] and [Server.Post] send what no
// Telegram would. The bot takes the updates by getUpdates; after [Server.UseWebhook] they are posted where it set its webhook, and
// all else stays the same.
//
// A [Receipt] says whether the bot took an update: over a webhook at once, by getUpdates when it asks for later ones. Await the
// latter with [Server.AwaitConfirmed], and what comes of it with [Server.Await]. Nothing sleeps: what a webhook did not
// acknowledge is kept until [Server.Redeliver].
//
// The fake is as strict as Telegram where Telegram refuses, with its words, and stricter where Telegram shrugs:
// [Server.Complaints] lists what a good bot does not do, such as parameters that are no longer in the Bot API, links without
// link_preview_options, and buttons that are never answered. [Fault] makes calls fail in Telegram's ways, and [Limits] refuse
// what is sent too fast; [Server.Arrived] counts what was sent by an id in it. Methods and parameters
// are those of a built-in table, or of a machine-readable Bot API, [Options.Spec], whose nested objects are then checked too.
//
// # Two clocks
//
// Dates of messages, the ages of queries and rate limits follow [Options.Now]. How long a getUpdates waits, and how long a
// webhook is waited for, follows the real clock.
//
// # Running a program against it
//
// Any program can be the bot that lets the address of the Bot API be set. Clients of Go take [Server.Endpoint] or [Server.URL]:
//
//	tgbotapi.NewBotAPIWithAPIEndpoint(s.Options.Token, s.Endpoint())
//	bot.New(s.Options.Token, bot.WithServerURL(s.URL()))
//
// Over a webhook the program sets one for its public address, https://bot.example.org/telegram, and the fake posts to where
// UseWebhook says that it really listens, under the same path and with the same Host.
//
// # What it does not play
//
// Caches of inline results, limits of rates that nobody set, Markdown, and every method that is not in its table.
// Errors are in the words of Telegram's open server and library, whose parser of HTML this one was compared with; nothing was
// compared with the live service.
package telegramtest
