//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// benchConnections is over how many connections a platform sends.
const benchConnections = 32

// A benchServer is a server that runs, and what was measured of it.
type benchServer struct {
	name, addr string
	pid        int
	rates      []float64 // of each round, by the clock
	perCPU     []float64 // and by the time that the server computed
	p50, p99   []float64 // of each round, at half load
}

// count is how many requests fill a time at a rate.
func count(rate float64, window time.Duration) int {
	return max(int(rate*window.Seconds()), benchConnections)
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// startServer starts a server on a core and returns when it takes connections. It is told where to listen by a variable:
// by its port alone when that is PORT.
func startServer(b *testing.B, core int, name string, command []string, variable string, env ...string) *benchServer {
	b.Helper()
	s := &benchServer{name: name, addr: freeAddr(b)}
	listen := s.addr
	if variable == "PORT" {
		_, listen, _ = net.SplitHostPort(s.addr)
	}
	if core >= 0 {
		command = append([]string{"taskset", "-c", strconv.Itoa(core)}, command...)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), command[0], command[1:]...)
	cmd.Env = append([]string{variable + "=" + listen, "PATH=" + os.Getenv("PATH"), "HOME=" + b.TempDir()}, env...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	s.pid = cmd.Process.Pid // taskset becomes what it starts
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	b.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	for deadline := time.After(30 * time.Second); ; {
		if conn, err := (&net.Dialer{}).DialContext(b.Context(), "tcp", s.addr); err == nil {
			_ = conn.Close()
			return s
		}
		select {
		case <-ended:
			b.Fatalf("%s ended: %v\n%s", name, cmd.ProcessState, said.String())
		case <-deadline:
			b.Fatalf("%s does not listen on %s", name, s.addr)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// tick is how finely Linux tells how long a process has computed.
const tick = 10 * time.Millisecond

// computed returns how long the server has computed, in all its threads.
func (s *benchServer) computed(b *testing.B) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // from the third, its state, on
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err := errors.Join(err, err2); err != nil {
		b.Fatal(err)
	}
	return time.Duration(user+system) * tick
}

// freeAddr returns an address of this machine on which nobody listens.
func freeAddr(b *testing.B) string {
	b.Helper()
	listener, err := (&net.ListenConfig{}).Listen(b.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // nobody connected
	return listener.Addr().String()
}
