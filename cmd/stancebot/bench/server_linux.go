package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// connections is over how many connections a platform sends.
const connections = 32

// A Lab starts servers, and ends them when it is closed. What they write goes to a folder of its own.
type Lab struct {
	// Program is the built program, Floor and BotAPI begin it as what it is held against and as a Telegram: the address is added to them.
	Program, Floor, BotAPI []string
	// Bolt and GrammY begin apps of those frameworks, nil where they are not here.
	Bolt, GrammY []string
	// Quick shows that all runs, and measures nothing.
	Quick bool

	folder string
	files  int
	ended  []func()
}

// Open makes the folder.
func (l *Lab) Open() (err error) {
	l.folder, err = os.MkdirTemp("", "stancebot-bench-")
	return err
}

// Close ends all that was started, and removes the folder.
func (l *Lab) Close() error {
	for _, end := range slices.Backward(l.ended) {
		end()
	}
	return os.RemoveAll(l.folder)
}

// window is for how long servers are driven in one round, and warm for how long before the first.
func (l *Lab) window() time.Duration { return l.either(200*time.Millisecond, time.Second) }
func (l *Lab) warm() time.Duration   { return l.either(100*time.Millisecond, 2*time.Second) }

func (l *Lab) either(quick, full time.Duration) time.Duration {
	if l.Quick {
		return quick
	}
	return full
}

func (l *Lab) rounds() int {
	if l.Quick {
		return 1
	}
	return 5
}

// A Server is a process that serves, and what was measured of it.
type Server struct {
	Name, Addr string
	pid        int
	said       *lines    // what it wrote
	rates      []float64 // of each round, by the clock
	perCPU     []float64 // and by the time that the server computed
	p50, p99   []float64 // of each round, at half load, in microseconds
}

// Rate is how many a second it took.
func (s *Server) Rate() float64 { return median(s.rates) }

// PerCPU is how many it took in a second of computing.
func (s *Server) PerCPU() float64 { return median(s.perCPU) }

// P50 is how many microseconds half of them took at half of that rate.
func (s *Server) P50() float64 { return median(s.p50) }

// P99 is how many all but one in a hundred took.
func (s *Server) P99() float64 { return median(s.p99) }

// A lines is what a process writes while it is read.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write keeps it.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// count is how many requests fill a time at a rate.
func count(rate float64, window time.Duration) int {
	return max(int(rate*window.Seconds()), connections)
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// percentile returns the time, in microseconds, that so many in a hundred do not exceed.
func percentile(took []time.Duration, percent int) float64 {
	slices.Sort(took)
	return float64(took[(len(took)-1)*percent/100].Nanoseconds()) / 1000
}

// The ways by which a command is told where to listen: a variable that holds the address, PORT that holds the port alone, or behind it.
const (
	byArgument = ""
	byPort     = "PORT"
)

// Start starts a server on a core, or on all where that is negative, and returns when it takes connections.
func (l *Lab) Start(ctx context.Context, core int, name string, command []string, variable string, env ...string) (*Server, error) {
	addr, err := FreeAddr(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{Name: name, Addr: addr}
	env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + l.folder}, env...)
	switch variable {
	case byArgument:
		command = append(slices.Clone(command), addr)
	case byPort:
		_, port, _ := net.SplitHostPort(addr)
		env = append(env, variable+"="+port)
	default:
		env = append(env, variable+"="+addr)
	}
	if core >= 0 {
		command = append([]string{"taskset", "-c", strconv.Itoa(core)}, command...)
	}
	said := &lines{}
	s.said = said
	cmd := exec.CommandContext(context.WithoutCancel(ctx), command[0], command[1:]...) //nolint:gosec // this program, and what the operator named
	cmd.Env, cmd.Dir = env, l.folder
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("bench: %s: %w", name, err)
	}
	s.pid = cmd.Process.Pid // taskset becomes what it starts
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	l.ended = append(l.ended, func() { _ = cmd.Process.Kill(); <-ended })
	for deadline := time.After(30 * time.Second); ; {
		if conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", s.Addr); err == nil {
			_ = conn.Close()
			return s, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-ended:
			return nil, fmt.Errorf("bench: %s ended: %v\n%s", name, cmd.ProcessState, said.String())
		case <-deadline:
			return nil, fmt.Errorf("bench: %s does not listen on %s", name, s.Addr)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// serve starts the program as an operator would, on a database of a URL. What comes is all of one workspace, which has no limits here.
func (l *Lab) serve(ctx context.Context, core int, name, database string, env ...string) (*Server, error) {
	admin, err := FreeAddr(ctx)
	if err != nil {
		return nil, err
	}
	return l.Start(ctx, core, name, append(slices.Clone(l.Program), "serve"), "STANCEBOT_LISTEN_ADDR",
		append(env, "STANCEBOT_QUOTAS=questions=none,waiting=none,told=none", "STANCEBOT_ADMIN_ADDR="+admin, "STANCEBOT_DATABASE_URL="+database)...)
}

// inFile is the URL of a new database in a file.
func (l *Lab) inFile() string {
	l.files++
	return "sqlite:" + l.Path(strconv.Itoa(l.files)+".sqlite")
}

// Path is that of a file in the lab's folder.
func (l *Lab) Path(name string) string { return filepath.Join(l.folder, name) }

const inMemory = "sqlite::memory:"

// tick is how finely Linux tells how long a process has computed.
const tick = 10 * time.Millisecond

// Computed returns how long the server has computed, in all its threads.
func (s *Server) Computed() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])) // from the third, its state, on
	user, err := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick, errors.Join(err, err2)
}

// Resident returns how much memory it has, in megabytes.
func (s *Server) Resident() (float64, error) {
	statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.pid))
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(statm))[1])
	return float64(pages*os.Getpagesize()) / 1e6, err
}

// FreeAddr returns an address of this machine on which nobody listens.
func FreeAddr(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("bench: %w", err)
	}
	defer listener.Close() //nolint:errcheck // nobody connected
	return listener.Addr().String(), nil
}
