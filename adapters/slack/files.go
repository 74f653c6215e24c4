package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/slack-go/slack"

	"stancebot/bot"
	"stancebot/bot/inbox"
	"stancebot/bot/phrases"
)

// A file cannot be shown to one person in a channel. Where an answer is for the asker alone, its file comes as a direct message, and
// the answer says so. Slack takes a file before it is shared, and tells of no message by which it was. Whether it was shared, Slack
// says only to an app that may read all files: to another, a file that got lost afterwards is not told.

// actionFile is the id by which the file of a slash command waits in the inbox.
const actionFile = "file"

// maxAlt is the most characters of what a picture shows, for those who do not see it.
const maxAlt = 1000

// upload shares a file in a conversation, and waits until it is there.
func (c *client) upload(ctx context.Context, channel, thread string, f *bot.File) error {
	var id string
	err := c.call(ctx, "files.upload", channel, func(ctx context.Context, api *slack.Client) error {
		file, err := api.UploadFileContext(ctx, slack.UploadFileParameters{
			Reader: bytes.NewReader(f.Data), FileSize: len(f.Data), Filename: f.Name, Title: f.Note, AltTxt: cut(f.Alt, maxAlt),
			Channel: channel, ThreadTimestamp: thread,
		})
		if err == nil {
			id = file.ID
		}
		return err
	})
	if err != nil {
		return err
	}
	return c.awaitFile(ctx, id)
}

// usualFileWaits are how long it is waited each time before a file is looked for again.
var usualFileWaits = []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second}

// errNotShared tells that Slack took a file and has not shared it.
var errNotShared = errors.New("slack took the file, and shared it nowhere")

// awaitFile waits until a file that was uploaded is shared. An app that may not look takes it for shared, and what happens to the line
// meanwhile tells nothing of the file.
func (c *client) awaitFile(ctx context.Context, id string) error {
	for _, wait := range c.FileWaits {
		if c.blind.Load() {
			return nil
		}
		var file *slack.File
		err := c.call(ctx, "files.info", id, func(ctx context.Context, api *slack.Client) (err error) {
			file, _, _, err = api.GetFileInfoContext(ctx, id, 0, 0)
			return err
		})
		c.blind.Store(codeOf(err) == "missing_scope")
		if err != nil || len(file.Shares.Public)+len(file.Shares.Private) > 0 {
			return nil //nolint:nilerr // it was uploaded, and cannot be looked for
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
	return errNotShared
}

// direct posts a message to a person, and returns the conversation with them: files are shared in conversations, not with people.
func (c *client) direct(ctx context.Context, user string, m Message) (channel string, err error) {
	err = c.call(ctx, "chat.postMessage", user, func(ctx context.Context, api *slack.Client) error {
		channel, _, err = api.PostMessageContext(ctx, user, m.options("")...)
		return err
	})
	return channel, err
}

// sendFile shares the file of a reply below its text, which is complete without it: where that fails, it is said.
func (a *Adapter) sendFile(ctx context.Context, team, channel, thread string, r *bot.Reply) {
	if r.File == nil {
		return
	}
	err := a.api.at(team).upload(ctx, channel, thread, r.File)
	if err == nil {
		return
	}
	a.Log.WarnContext(ctx, "a file could not be sent", "error", err)
	said := oneLine(phrases.In(r.Language).Say("export.unsent"))
	if _, err := a.api.at(team).post(ctx, posting{team: team, channel: channel, thread: thread, message: said}); err != nil {
		a.Log.WarnContext(ctx, "that a file could not be sent could not be told", "error", err)
	}
}

// oneLine is a message of a text alone.
func oneLine(text string) Message {
	return Message{Text: escape(text), Blocks: []slack.Block{slack.NewSectionBlock(mrkdwn(escape(text)), nil, nil)}}
}

// sendFileTo sends the file of a reply as a direct message. What may have been sent already says that it may be a repetition.
func (a *Adapter) sendFileTo(ctx context.Context, ev *inbox.Event, act *action, r *bot.Reply) error {
	if r.File == nil {
		return nil
	}
	m := oneLine(r.File.Note)
	if ev.Attempt > 1 || a.doubted.has(ev.ID) {
		m = m.marked(r.Language, "slack.repeated")
	}
	channel, err := a.api.at(act.team).direct(ctx, act.user, m)
	if errors.Is(err, errUncertain) {
		a.doubted.add(ev.ID)
	}
	if err != nil {
		return a.again(err)
	}
	a.sendFile(ctx, act.team, channel, "", r)
	return nil
}

// toBring has the file of an answer to a slash command sent, after a crash too, and returns the phrase that tells of it, "" where
// there is no file.
func (a *Adapter) toBring(ctx context.Context, c *command, r *bot.Reply) string {
	if r.File == nil {
		return ""
	}
	raw, err := c.pressing(actionID(actionFile, r.Language, ""), r.About.Dated)
	if err != nil {
		return "export.unsent"
	}
	switch a.record(ctx, parcel{wayFile, raw}, []string{"file:" + c.team + ":" + c.trigger}, c.team+":"+c.user) {
	case refused, shed:
		return "export.unsent"
	}
	return "slack.file"
}

// bring sends the file of an answer that was given already, whose command is asked once more.
func (a *Adapter) bring(ctx context.Context, ev *inbox.Event, act *action) error {
	req := a.pressed(ctx, act, "")
	req.Conversation, req.Person = "", "" // it was asked and counted already
	r := a.Bot.Handle(ctx, req)
	return a.sendFileTo(ctx, ev, act, &r)
}

// pressing is a command as though a button had been pressed where it was typed.
func (c *command) pressing(id, value string) (json.RawMessage, error) {
	type object map[string]any
	return json.Marshal(object{
		"type": "block_actions", "trigger_id": c.trigger, "response_url": c.responseURL,
		"team": object{"id": c.team}, "user": object{"id": c.user}, "channel": object{"id": c.channel}, "container": object{"message_ts": c.trigger},
		"actions": []object{{"action_id": id, "value": value}},
	})
}
