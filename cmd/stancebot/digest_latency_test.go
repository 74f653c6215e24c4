//go:build linux

package main

import (
	"testing"
	"time"

	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/slack/slacktest"
	"stancebot/adapters/store/storetest"
	"stancebot/adapters/telegram/telegramtest"
)

// alertLimit is within which an alert leaves.
const alertLimit = 5 * time.Second

// What another process records is alerted within seconds, be it one process that serves or three.
func TestAlertsLeaveSoon(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { alerts(t, storetest.NewFile(t), 1) })
	t.Run("postgres", func(t *testing.T) { alerts(t, postgres.Database(t), 3) })
}

// alerts measures how long alerts take to leave from one of so many processes.
func alerts(t *testing.T, url string, replicas int) {
	t.Helper()
	t.Parallel()
	n := newNewsstand(t, url, 4, slacktest.Limits{}, telegramtest.Limits{})
	to := append(n.inSlack(1, openChannel, false), n.inTelegram(1)...)
	n.subscribe(t, to, true)
	running := make([]*replica, replicas)
	for i := range running {
		running[i] = n.serve(t)
	}
	for _, r := range running {
		r.serving(t)
	}
	for round := range 3 {
		start := time.Now()
		n.record(t, 1)
		n.until(t, int64((round+1)*len(to)), running[0].log.String)
		if took := time.Since(start); took > alertLimit {
			t.Errorf("the alerts left after %s", took)
		} else {
			t.Logf("the alerts left after %s", took.Round(time.Millisecond))
		}
	}
	n.delivered(t, 3*len(to), alertLimit, running[0].log.String)
	if posts := n.posts.Load(); posts != int64(3*len(to)) {
		t.Errorf("%d posts came, not %d", posts, 3*len(to))
	}
	for _, r := range running {
		r.stop(t)
	}
}
