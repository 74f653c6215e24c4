//go:build linux

package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/telegram/telegramtest"
	"stancebot/bot/digest"
	"stancebot/knowledge/raced"
)

// The rates of the platforms, by which the fakes refuse what comes faster.
const (
	slackPerSecond    = 20
	telegramPerSecond = 30
)

// One entry of the ledger is told to many channels of Slack and Telegram at a time, nearly as fast as the platforms take it.
func TestFanOut(t *testing.T) {
	const scale = 2 // on a machine that others use, a platform many times as strict refuses what merely comes unevenly
	channels := 300
	if deep {
		channels = 5000
	}
	n := newNewsstand(t, storetest.NewFile(t), scale, slacktest.UsualLimits(slackPerSecond, scale), telegramtest.UsualLimits(scale))
	n.subscribe(t, slices.Concat(n.inSlack(channels, openChannel, false), n.inTelegram(channels)), true)
	r := n.serve(t).serving(t)
	before := r.computed(t)
	n.record(t, 1)
	said := r.log.String
	n.until(t, int64(2*channels/3), said)
	third := r.resident(t)
	all := n.delivered(t, 2*channels, 5*time.Minute, said)
	resident, each := r.resident(t), (r.computed(t)-before)/time.Duration(2*channels)
	r.stop(t)
	inSlack := rate(n.slackTimes()) / float64(slackPerSecond*scale)
	inTelegram := rate(n.telegramTimes()) / float64(telegramPerSecond*scale)
	t.Logf("%d deliveries: Slack took %.1f %% of what it allows, Telegram %.1f %%; %s of computing each; %.0f MB resident at a third, %.0f at the end; %d came too soon; races %t",
		len(all), 100*inSlack, 100*inTelegram, each, third, resident, n.refused(), raced.On)
	for i := range all {
		if all[i].Delivery.State != digest.Sent {
			t.Errorf("%s is %s: %s", all[i].Subscription.To, all[i].Delivery.State, all[i].Delivery.Reason)
		}
	}
	if raced.On {
		return // it says nothing of the speed
	}
	least, most := 0.6, 4*time.Millisecond // one refusal is a second of the few
	if deep {
		least, most = 0.95, 2*time.Millisecond
	}
	if min(inSlack, inTelegram) < least || each > most || deep && resident > 1.3*third {
		t.Error("that is too slow, or too much")
	}
}

// rate is how many a second came from the first to the last.
func rate(times []time.Time) float64 {
	first, last := slices.MinFunc(times, time.Time.Compare), slices.MaxFunc(times, time.Time.Compare)
	return float64(len(times)-1) / last.Sub(first).Seconds()
}

// slackTimes are when posts arrived in Slack.
func (n *newsstand) slackTimes() (times []time.Time) {
	for _, c := range n.slack.Calls("chat.postMessage") {
		if c.Error == "" {
			times = append(times, c.At)
		}
	}
	return times
}

// telegramTimes are when posts arrived in Telegram.
func (n *newsstand) telegramTimes() (times []time.Time) {
	for _, c := range n.telegram.Calls("sendMessage") {
		if c.Error == "" {
			times = append(times, c.At)
		}
	}
	return times
}

// refused counts posts that a platform wanted later.
func (n *newsstand) refused() (refused int) {
	for _, c := range n.slack.Calls("chat.postMessage") {
		if c.Error == "ratelimited" {
			refused++
		}
	}
	for _, c := range n.telegram.Calls("sendMessage") {
		if strings.HasPrefix(c.Error, "Too Many Requests") {
			refused++
		}
	}
	return refused
}
