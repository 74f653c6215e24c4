package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"stancebot/bot/bottest"
)

// BenchmarkMemory runs the built program over a thousand questions in six languages and reports the most memory that was
// resident. The limit that it is held against is 80 MB.
func BenchmarkMemory(b *testing.B) {
	program, desk := built(b), bottest.NewDesk(b)
	next := mixed(b, desk)
	var in strings.Builder
	for range 1000 {
		in.WriteString(next() + "\n")
	}
	most := int64(0)
	for b.Loop() {
		cmd := exec.CommandContext(b.Context(), program, "ask", "--json", "--lines")
		cmd.Stdin = strings.NewReader(in.String())
		if err := cmd.Run(); err != nil {
			b.Fatal(err)
		}
		if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			most = max(most, usage.Maxrss) // in kilobytes here
		}
	}
	b.ReportMetric(float64(most)/1000, "resident-MB")
}
