package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"stancebot/bot"
	"stancebot/bot/digest"
	"stancebot/bot/installs"
)

var _ digest.Poster = (*Adapter)(nil)

// goneCodes are what Slack says where nothing can be posted to a channel any more before somebody there changes that. What is
// wrong with the token is not among them, be it that the workspace removed us: an operator mends that, and the channels are there
// still.
var goneCodes = map[string]bool{
	"channel_not_found": true, "not_in_channel": true, "is_archived": true,
	"restricted_action": true, "restricted_action_read_only_channel": true, "restricted_action_thread_only_channel": true,
}

// uneditable is what Slack says of a message that cannot be edited, or not any more.
var uneditable = map[string]bool{"cant_update_message": true, "message_not_found": true, "edit_window_closed": true, "is_inactive": true}

// Post posts a message of a delivery, or puts it in the place of one. One that may have arrived already is looked for where the app may read.
func (a *Adapter) Post(ctx context.Context, p digest.Post) (string, error) {
	team, channel, thread, err := partsOf(string(p.To))
	if err != nil {
		return "", err
	}
	if thread == "" {
		thread = p.Under // threads have no threads: in one, all stands beside each other
	}
	m := Render(p.Reply, Place{Team: team})
	if m.Empty() {
		return "", errors.New("slack: a post without a text")
	}
	if p.Edit != "" {
		return a.edit(ctx, &p, m)
	}
	if p.Doubt == digest.Repeat {
		m = m.marked(p.Reply.Language, "slack.repeated")
	}
	ts, err := a.deliver(ctx, posting{team: team, channel: channel, thread: thread, id: p.ID, since: p.Since, message: m}, p.Doubt == digest.Look)
	if err != nil {
		return "", postError(err)
	}
	a.Told(Telling{Desk: p.Desk, Place: place(team, channel, thread), Message: ts, Private: isDirect(channel), Reply: *p.Reply})
	return ts, nil
}

// deliver posts a message, unless it is looked for and found.
func (a *Adapter) deliver(ctx context.Context, p posting, look bool) (string, error) {
	if look {
		if ts, err := a.api.at(p.team).find(ctx, p); err != nil || ts != "" {
			return ts, err
		}
	}
	if err := ctx.Err(); err != nil {
		return "", err // nothing was sent
	}
	return a.api.at(p.team).post(ctx, p)
}

// edit puts a message in the place of another one. Of what was written to a person it takes the channel of the direct message: by the
// person, Slack finds none.
func (a *Adapter) edit(ctx context.Context, p *digest.Post, m Message) (string, error) {
	team, channel, thread, err := partsOf(string(p.To))
	if err != nil {
		return "", err
	}
	if isPerson(channel) {
		return "", fmt.Errorf("%w: its place is a person, and not the direct message with them", digest.ErrUneditable)
	}
	if err := ctx.Err(); err != nil {
		return "", err // nothing was sent
	}
	if err := a.api.at(team).update(ctx, channel, p.Edit, m); err != nil {
		return "", postError(err)
	}
	a.Told(Telling{Desk: p.Desk, Place: place(team, channel, thread), Message: p.Edit, Private: isDirect(channel), Reply: *p.Reply})
	return p.Edit, nil
}

// Illustrate shares the file of a reply in a channel or thread.
func (a *Adapter) Illustrate(ctx context.Context, to bot.Address, r *bot.Reply) error {
	team, channel, thread, err := partsOf(string(to))
	if err != nil || r.File == nil {
		return err
	}
	return a.api.at(team).upload(ctx, channel, thread, r.File)
}

// Tell writes to a person directly.
func (a *Adapter) Tell(ctx context.Context, person string, r *bot.Reply) error {
	team, user, _, err := partsOf(person)
	if err != nil {
		return err
	}
	m := Render(r, Place{Team: team})
	if m.Empty() {
		return nil
	}
	ts, err := a.api.at(team).post(ctx, posting{team: team, channel: user, message: m})
	if err != nil {
		return postError(err)
	}
	a.Told(Telling{Desk: a.Desk(ctx, team), Place: place(team, user, ""), Message: ts, Private: true, Reply: *r})
	return nil
}

// Lane is the workspace: Slack counts what is posted there together.
func (a *Adapter) Lane(to bot.Address) string {
	team, _, _, err := partsOf(string(to))
	if err != nil {
		return platform
	}
	return platform + ":" + team
}

// postError tells the error of a post as digests want it.
func postError(err error) error {
	switch code := codeOf(err); {
	case goneCodes[code]:
		return &digest.GoneError{Reason: code}
	case errors.Is(err, installs.ErrNone): // the app was taken out of the workspace, which ended all that it subscribed to
		return &digest.GoneError{Reason: "not_installed"}
	case uneditable[code]:
		return fmt.Errorf("%w: %w", digest.ErrUneditable, err)
	case errors.Is(err, errUnseen):
		return fmt.Errorf("%w: %w", digest.ErrUnseen, err)
	case errors.Is(err, errUncertain):
		return fmt.Errorf("%w: %w", digest.ErrUncertain, err)
	}
	return err
}

// partsOf reads an address, or the name of a person: slack:T1:C2, slack:T1:C2:1700.1, slack:T1:U2.
func partsOf(address string) (team, channel, thread string, err error) {
	parts := strings.Split(address, ":")
	if len(parts) < 3 || len(parts) > 4 || parts[0] != platform || parts[1] == "" || parts[2] == "" {
		return "", "", "", fmt.Errorf("slack: %q is no address of Slack", address)
	}
	if len(parts) == 4 {
		thread = parts[3]
	}
	return parts[1], parts[2], thread, nil
}

// isPerson reports whether what stands for a channel is a person.
func isPerson(channel string) bool {
	return strings.HasPrefix(channel, "U") || strings.HasPrefix(channel, "W")
}

// isDirect reports whether a channel is a direct message with a person.
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }
