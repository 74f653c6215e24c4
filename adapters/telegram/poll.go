package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"stancebot/adapters/lenient"
	"stancebot/bot/inbox"
)

// The times of polling.
const (
	longestPoll  = 50 * time.Second // Telegram waits no longer
	pollGrace    = 10 * time.Second // beyond it, for the answer to come
	firstPause   = 3 * time.Second
	longestPause = time.Minute
	idlePause    = 100 * time.Millisecond // after a call that did not wait and brought nothing
	pollBatch    = "100"
)

// wanted are the kinds of updates that we ask for. What people edit is not among them.
const wanted = `["message","channel_post","callback_query","inline_query","my_chat_member"]`

// poll asks for updates until the context ends. The library's own loop pays no heed to the waits that Telegram asks for, stands
// still at one update that it cannot read, and cannot be stopped within its call.
func (a *Adapter) poll(ctx context.Context) {
	a.unhook(ctx)
	var offset int64
	pause := a.Pause
	for ctx.Err() == nil {
		start := a.Now()
		next, err := a.pollOnce(ctx, offset)
		idle := next <= offset && a.Now().Sub(start) < a.Poll/2
		offset = max(offset, next)
		if err == nil {
			pause = a.Pause
			if idle { // what answers in Telegram's place may not wait for updates
				sleep(ctx, min(a.Pause, idlePause))
			}
			continue
		}
		if ctx.Err() != nil {
			return
		}
		if !sleep(ctx, a.patience(ctx, err, pause)) {
			return
		}
		pause = min(2*pause, longestPause)
	}
}

// pollOnce asks for updates from an offset on, and has them recorded. It returns the offset of the next call, which confirms
// those that were. What cannot be read is confirmed, too; what there is no room for is asked for again.
func (a *Adapter) pollOnce(ctx context.Context, offset int64) (int64, error) {
	p := params{"timeout": strconv.Itoa(int(a.Poll / time.Second)), "limit": pollBatch, "allowed_updates": wanted}
	p.AddNonZero64("offset", offset)
	result, err := a.api.within(ctx, a.Poll+pollGrace, "getUpdates", p)
	if err != nil {
		return offset, err
	}
	a.health.polled()
	var batch []json.RawMessage
	if err := json.Unmarshal(result, &batch); err != nil {
		return offset, errors.New("telegram: getUpdates: the result is no list")
	}
	for _, raw := range batch {
		v, id := a.receive(ctx, raw)
		if v == refused {
			return offset, &inbox.Later{Until: a.Now().Add(a.Pause), Err: inbox.ErrFull}
		}
		if o, err := lenient.Read(raw); id == 0 && err == nil {
			id = o.Number("update_id")
		}
		offset = max(offset, id+1)
	}
	return offset, nil
}

// patience is how long polling rests after an error, and tells operators what it is once.
func (a *Adapter) patience(ctx context.Context, err error, pause time.Duration) time.Duration {
	if later := (*inbox.Later)(nil); errors.As(err, &later) {
		return max(later.Until.Sub(a.Now()), time.Millisecond)
	}
	if no := (*refusedError)(nil); errors.As(err, &no) && no.code == conflict {
		if a.health.conflicts() {
			a.Log.ErrorContext(ctx, "another program asks for this bot's updates: stop it, or use a webhook", "error", err)
		}
		return pause
	}
	a.Log.WarnContext(ctx, "telegram gives no updates: it is asked again", "in", pause, "error", err)
	return pause
}

// conflict is the code of a poll that another one ended.
const conflict = 409

// unhook makes Telegram keep updates for polling. It drops none.
func (a *Adapter) unhook(ctx context.Context) {
	if _, err := a.api.call(ctx, "deleteWebhook", params{"drop_pending_updates": "false"}); err != nil && ctx.Err() == nil {
		a.Log.WarnContext(ctx, "telegram may still send updates to a webhook", "error", err)
	}
}

// hook has updates sent to our address, and tries until Telegram takes it.
func (a *Adapter) hook(ctx context.Context) {
	p := params{"url": a.WebhookURL, "secret_token": a.WebhookSecret, "allowed_updates": wanted, "max_connections": "40"}
	for pause := a.Pause; ; pause = min(2*pause, longestPause) {
		_, err := a.api.call(ctx, "setWebhook", p)
		if err == nil {
			a.Log.InfoContext(ctx, "telegram sends updates to the webhook")
			return
		}
		if ctx.Err() != nil {
			return
		}
		a.Log.ErrorContext(ctx, "telegram does not take the webhook: see STANCEBOT_TELEGRAM_WEBHOOK_URL", "in", pause, "error", err)
		if !sleep(ctx, pause) {
			return
		}
	}
}
