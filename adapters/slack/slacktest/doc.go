// Package slacktest is a Slack of one workspace and one app, for tests: it speaks Slack's wire protocol on 127.0.0.1, the Web
// API, the Events API over HTTP and Socket Mode, so that an app's real client is what is tested.
//
// [New] starts one. The world of channels and people is set up with [Server.AddChannel] and [Server.AddUser], and what the app
// did is read with [Server.Messages], [Server.Ephemerals], [Server.Home], [Server.Unfurls], [Server.Files] and [Server.Calls].
// People act through [Server.Command], [Server.Mention], [Server.DM], [Server.Press], [Server.Shortcut], [Server.OpenHome] and
// [Server.ShareLink]; [Server.Event] sends any other event, [Server.Raw] and [Server.Frame] what no Slack would. The transport
// is [Server.UseHTTP] or [Server.UseSocket], and all else stays the same.
//
// The fake is as strict as Slack where Slack refuses, and stricter where Slack shrugs: [Server.Complaints] lists what a good
// app does not do, such as blocks without a text or a mention of the whole channel. [Fault] makes calls fail in Slack's ways, and
// [Limits] refuse posts that come too fast; [Server.Arrived] counts what came by its id.
// Nothing sleeps: an event that was not acknowledged is kept until [Server.Redeliver].
//
// # Two clocks
//
// Timestamps of messages and the ages of response URLs, trigger IDs and rate limits follow [Options.Now]. The age of a signed
// request, the wait for an acknowledgement and the pings of a socket follow the real clock, as the app's own do.
//
// # Running a program against it
//
// Any program can be the app. In a test, start it with [Server.APIURL] and the tokens of [Options] in its environment, and wait
// with [Server.AwaitSockets]. Bolt for JavaScript takes
//
//	new App({token, appToken, socketMode: true, clientOptions: {slackApiUrl}})
//
// and over HTTP, where the fake posts to /slack/events, /slack/commands and /slack/interactions,
//
//	new App({token, signingSecret, endpoints: ["/slack/events", "/slack/commands", "/slack/interactions"], clientOptions: {slackApiUrl}})
//
// What is told of Slack here was read in its documentation and in the issues of its libraries; nothing was compared with the
// live service.
package slacktest
