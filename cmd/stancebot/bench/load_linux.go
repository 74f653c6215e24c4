package bench

import (
	"bytes"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A loaded is what came of a load.
type loaded struct {
	rate float64         // requests a second
	took []time.Duration // of each request, from the time when it was due
	busy float64         // the share of the time in which the generator computed; all of it when it paced

	start time.Time // when the first was sent
}

// A load is how requests are sent: over so many connections that are kept open, each of them when the one before is answered.
type load struct {
	addr        string
	connections int
	interval    time.Duration // between the times when they are due, answered or not: what waits is sent late, and the wait counts
	core        int           // that the thread runs on which sends; negative for any
	wordless    bool          // an OK without a body is an answer, too
}

func (l *load) run(requests [][]byte) (result loaded, err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine, and its pinning with it
		if err = pin(syscall.Gettid(), l.core); err != nil {
			return
		}
		g := generator{wordless: l.wordless}
		if err = g.dial(l.addr, l.connections); err == nil {
			result, err = g.run(requests, l.interval)
		}
		g.close()
	}()
	<-done
	return result, err
}

// A generator drives its connections from one thread, by epoll: what a goroutine for each would cost is not there, and
// a timer of the runtime, which is late by up to a millisecond, is not needed.
type generator struct {
	epoll int
	conns []*loadConn // by their place, which is what epoll hands back
	idle  []*loadConn

	wordless bool // an OK without a body is an answer, too
}

// A loadConn is a connection with at most one request on its way.
type loadConn struct {
	fd  int
	due time.Time
	got []byte // of the response so far
}

func (g *generator) dial(addr string, connections int) error {
	to, err := netip.ParseAddrPort(addr)
	if err != nil {
		return err
	}
	if g.epoll, err = syscall.EpollCreate1(syscall.EPOLL_CLOEXEC); err != nil {
		return err
	}
	for i := range connections {
		fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
		if err != nil {
			return err
		}
		c := &loadConn{fd: fd, got: make([]byte, 0, longestAnswer)}
		g.conns, g.idle = append(g.conns, c), append(g.idle, c)
		if err := errors.Join(
			syscall.Connect(fd, &syscall.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().As4()}),
			syscall.SetsockoptInt(fd, syscall.IPPROTO_TCP, syscall.TCP_NODELAY, 1),
			syscall.SetNonblock(fd, true),
			syscall.EpollCtl(g.epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(i)}),
		); err != nil {
			return fmt.Errorf("cannot connect to %s: %w", addr, err)
		}
	}
	return nil
}

func (g *generator) close() {
	for _, c := range g.conns {
		_ = syscall.Close(c.fd)
	}
	_ = syscall.Close(g.epoll)
}

// longestAnswer is the longest that is read.
const longestAnswer = 256 << 10

// silence is how long a server may leave all connections without an answer.
const silence = 10 * time.Second

func (g *generator) run(requests [][]byte, interval time.Duration) (loaded, error) {
	result := loaded{took: make([]time.Duration, 0, len(requests))}
	events := make([]syscall.EpollEvent, len(g.conns))
	runtime.GC() // nothing is allocated below, so that none runs meanwhile
	wait := int(silence.Milliseconds())
	if interval > 0 {
		wait = 0 // a sleep would end too late
	}
	start, computed := time.Now(), threadTime()
	heard := start
	result.start = start
	for next := 0; len(result.took) < len(requests); {
		now := time.Now()
		for ; next < len(requests) && len(g.idle) > 0; next++ {
			due := now
			if interval > 0 {
				if due = start.Add(time.Duration(next) * interval); due.After(now) {
					break
				}
			}
			if err := g.send(requests[next], due); err != nil {
				return result, err
			}
		}
		n, err := syscall.EpollWait(g.epoll, events, wait)
		switch {
		case err != nil && !errors.Is(err, syscall.EINTR):
			return result, err
		case n > 0:
			heard = time.Now()
		case len(g.idle) < len(g.conns) && now.Sub(heard) > silence:
			return result, errors.New("the server has fallen silent")
		}
		for _, event := range events[:max(n, 0)] {
			c := g.conns[event.Fd]
			whole, err := c.receive(g.wordless)
			if err != nil {
				return result, err
			}
			if whole {
				result.took = append(result.took, time.Since(c.due))
				g.idle = append(g.idle, c)
			}
		}
	}
	elapsed := time.Since(start)
	result.rate = float64(len(requests)) / elapsed.Seconds()
	result.busy = (threadTime() - computed).Seconds() / elapsed.Seconds()
	return result, nil
}

// send sends on the connection that was used last.
func (g *generator) send(request []byte, due time.Time) error {
	c := g.idle[len(g.idle)-1]
	g.idle = g.idle[:len(g.idle)-1]
	c.due, c.got = due, c.got[:0]
	n, err := syscall.Write(c.fd, request)
	if err == nil && n < len(request) {
		err = errors.New("a request did not fit into the buffer of its connection")
	}
	return err
}

// receive reads what has come, and reports whether the response is whole. One that is not good is an error.
func (c *loadConn) receive(wordless bool) (bool, error) {
	room := c.got[len(c.got):cap(c.got)]
	n, err := syscall.Read(c.fd, room)
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return false, nil
	case err != nil:
		return false, err
	case n == 0:
		return false, fmt.Errorf("the connection was closed after %d bytes of a response", len(c.got))
	}
	c.got = c.got[:len(c.got)+n]
	whole, good := response(c.got, wordless)
	if !good {
		return false, fmt.Errorf("this is no good answer: %q", c.got)
	}
	if !whole && len(c.got) == cap(c.got) {
		return false, fmt.Errorf("an answer is longer than %d bytes", longestAnswer)
	}
	return whole, nil
}

var (
	statusOK  = []byte("HTTP/1.1 200 ")
	endOfHead = []byte("\r\n\r\n")
	lastChunk = []byte("\r\n0\r\n\r\n")
	ofLength  = []byte("\r\ncontent-length: ")
)

// response reads a response that is the only one on its connection: whole tells whether all of it is there, good whether
// it is, as far as it is there, an OK, and with a body unless it may be wordless.
func response(got []byte, wordless bool) (whole, good bool) {
	if n := min(len(got), len(statusOK)); !bytes.Equal(got[:n], statusOK[:n]) {
		return false, false
	}
	head, body, found := bytes.Cut(got, endOfHead)
	if !found {
		return false, true
	}
	length := lengthIn(head)
	if length < 0 { // in chunks: an empty body is the last chunk alone
		return bytes.HasSuffix(body, lastChunk) || bytes.Equal(body, lastChunk[2:]), wordless || !bytes.HasPrefix(body, lastChunk[2:])
	}
	return len(body) >= length, (length > 0 || wordless) && len(body) <= length
}

// lengthIn returns the length of a body that a head tells, or -1.
func lengthIn(head []byte) int {
	at := indexFold(head, ofLength)
	if at < 0 {
		return -1
	}
	length := 0
	for _, digit := range head[at+len(ofLength):] {
		if digit < '0' || digit > '9' {
			break
		}
		length = length*10 + int(digit-'0')
	}
	return length
}

// indexFold finds a name in lower case, however it is written.
func indexFold(text, name []byte) int {
	for at := 0; at+len(name) <= len(text); at++ {
		if text[at] == '\r' && bytes.EqualFold(text[at:at+len(name)], name) {
			return at
		}
	}
	return -1
}

// threadTime returns how long this thread has computed.
func threadTime() time.Duration {
	const ofThread = 1 // RUSAGE_THREAD
	var u syscall.Rusage
	if err := syscall.Getrusage(ofThread, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// cores returns a core for the server and one for the generator, or -1 for both where that cannot be had.
func cores() (server, generator int) {
	if _, err := exec.LookPath("taskset"); err != nil {
		return -1, -1
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return -1, -1
	}
	_, list, _ := strings.Cut(string(status), "Cpus_allowed_list:")
	list, _, _ = strings.Cut(list, "\n")
	var all []int
	for part := range strings.SplitSeq(strings.TrimSpace(list), ",") {
		first, last, ranged := strings.Cut(part, "-")
		if !ranged {
			last = first
		}
		from, err := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if errors.Join(err, err2) != nil {
			return -1, -1
		}
		for core := from; core <= to; core++ {
			all = append(all, core)
		}
	}
	if len(all) < 2 {
		return -1, -1
	}
	return all[0], all[1]
}

// pin binds a thread to a core.
func pin(thread, core int) error {
	if core < 0 {
		return nil
	}
	out, err := exec.Command("taskset", "-c", "-p", strconv.Itoa(core), strconv.Itoa(thread)).CombinedOutput() //nolint:noctx,gosec // it ends at once, and is given numbers
	if err != nil {
		return fmt.Errorf("taskset: %w: %s", err, out)
	}
	return nil
}
