//go:build linux

package main

import (
	"flag"
	"testing"

	"stancebot/adapters/adaptertest/peers"
	"stancebot/cmd/stancebot/bench"
)

// newLab returns a lab for the built program, with the apps of other frameworks that a benchmark wants.
func newLab(b *testing.B) *bench.Lab {
	b.Helper()
	if testing.Short() {
		b.Skip("stancebot bench --quick shows the same")
	}
	program := built(b)
	l := &bench.Lab{
		Program: []string{program}, Floor: []string{program, "bench", "floor"}, BotAPI: []string{program, "bench", "botapi"},
		Quick: flag.Lookup("test.benchtime").Value.String() == "1x",
	}
	if err := l.Open(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := l.Close(); err != nil {
			b.Error(err)
		}
	})
	return l
}

// eachWay measures with each server on all cores, as it is run; and with each on one core, which compares a core with a core.
func eachWay(b *testing.B, measure func(b *testing.B, alone bool)) {
	b.Helper()
	b.Run("cores=all", func(b *testing.B) { measure(b, false) })
	b.Run("cores=one", func(b *testing.B) { measure(b, true) })
}

// reports reports figures of an operation that is a measurement.
func reports(b *testing.B, figures map[string]float64) {
	b.Helper()
	b.ReportMetric(0, "ns/op")
	for unit, figure := range figures {
		b.ReportMetric(figure, unit)
	}
}

// BenchmarkSlackCommands is bench.Lab.Commands, beside Bolt. On a machine that others use, too, the ratios by CPU tell more.
// With -benchtime 1x it only shows that all of it runs.
func BenchmarkSlackCommands(b *testing.B) {
	bolt := peers.Command(b, peers.Slack, "echo.mjs")
	eachWay(b, func(b *testing.B, alone bool) {
		b.Helper()
		l := newLab(b)
		l.Bolt = bolt
		for b.Loop() {
			c, err := l.Commands(b.Context(), alone)
			if err != nil {
				b.Fatal(err)
			}
			figures := map[string]float64{
				"times-bolt": c.ToBolt, "times-bolt-by-cpu": c.ToBoltByCPU, "times-floor": c.ToFloor, "times-floor-by-cpu": c.ToFloorByCPU, "generator-busy-%": 100 * c.Busy,
			}
			for _, s := range []*bench.Server{c.Program, c.Floor, c.Bolt} {
				figures[s.Name+"-requests/s"], figures[s.Name+"-requests/cpu-s"] = s.Rate(), s.PerCPU()
				figures[s.Name+"-p50-µs"], figures[s.Name+"-p99-µs"] = s.P50(), s.P99()
			}
			reports(b, figures)
		}
	})
}

// BenchmarkTelegramWebhook is bench.Lab.Updates, beside grammY; likewise.
func BenchmarkTelegramWebhook(b *testing.B) {
	grammy := peers.Command(b, peers.Telegram, "echo.mjs")
	eachWay(b, func(b *testing.B, alone bool) {
		b.Helper()
		l := newLab(b)
		l.GrammY = grammy
		for b.Loop() {
			u, err := l.Updates(b.Context(), alone)
			if err != nil {
				b.Fatal(err)
			}
			figures := map[string]float64{
				"stancebot-times-grammy": u.InFileTimes, "stancebot-times-grammy-by-cpu": u.InFileTimesByCPU, "generator-busy-%": 100 * u.Busy, "api-busy-%": 100 * u.APIBusy,
				"stancebot-in-memory-times-grammy": u.InMemoryTimes, "stancebot-in-memory-times-grammy-by-cpu": u.InMemoryTimesByCPU,
			}
			for _, s := range []*bench.Server{u.InFile, u.InMemory, u.GrammY} {
				figures[s.Name+"-updates/s"], figures[s.Name+"-updates/cpu-s"] = s.Rate(), s.PerCPU()
			}
			reports(b, figures)
		}
	})
}
