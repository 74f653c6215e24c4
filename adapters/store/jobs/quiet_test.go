package jobs_test

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"stancebot/adapters/store/jobs"
)

func TestTheQueueSpeaksOfTroubleAloneAndOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		log := slog.New(jobs.Quiet(slog.NewTextHandler(&text, nil)))
		said := func(want ...string) {
			t.Helper()
			lines := strings.Count(text.String(), "\n")
			for _, w := range want {
				if !strings.Contains(text.String(), w) {
					t.Errorf("%q lacks %q", text.String(), w)
				}
			}
			if lines != len(want) {
				t.Errorf("%d lines, want %d: %q", lines, len(want), text.String())
			}
			text.Reset()
		}
		for range 3 {
			log.Info("a job was worked")
			log.Warn("slow")
			log.With("client", "one").WithGroup("g").Error("away", "error", "no\nroute")
		}
		said("level=WARN msg=slow", `level=ERROR msg=away client=one g.error="no\nroute"`)
		time.Sleep(59 * time.Second)
		log.Warn("slow")
		log.Warn("slower")
		said("msg=slower")
		time.Sleep(time.Second)
		log.Warn("slow")
		log.Warn("slow")
		said("msg=slow")
	})
}
