package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"net/url"
	"path"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// ServeBotAPI is what a process does that is started as the Bot API.
func ServeBotAPI(ctx context.Context, addr string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	err = (&botAPI{patience: silence}).serve(listener)
	if ctx.Err() != nil { // it was told to end
		err = nil
	}
	return err
}

// A botAPI is the least of Telegram: it agrees with everything, and counts the messages to each chat of a series. It reads HTTP
// itself, from one thread by epoll as the generator does: the servers that it answers share their cores with it, and Go's server
// would compute several times as long.
type botAPI struct {
	patience time.Duration // how long nothing may be sent while answers are missing

	mu       sync.Mutex
	counts   []int // by chat, from the first on
	last     time.Time
	twice    int
	from, to int           // the range that is waited for
	missing  int           // of it
	all      chan struct{} // closed when none is
}

// answers tell what became of the updates in a range, and of all before.
type answers struct {
	Lost, Twice int
	Last        int64 // when the last answer came, in nanoseconds
}

func (a *botAPI) serve(l net.Listener) error {
	epoll, err := syscall.EpollCreate1(syscall.EPOLL_CLOEXEC)
	if err != nil {
		return err
	}
	go a.loop(epoll)
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		fd, err := takeOver(conn)
		if err != nil {
			return err
		}
		if err := syscall.EpollCtl(epoll, syscall.EPOLL_CTL_ADD, fd, &syscall.EpollEvent{Events: syscall.EPOLLIN, Fd: int32(fd)}); err != nil {
			return err
		}
	}
}

// takeOver takes a connection from Go's runtime.
func takeOver(conn net.Conn) (fd int, err error) {
	defer conn.Close() //nolint:errcheck // what was taken over is another one
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return 0, errors.New("this is no connection over TCP")
	}
	file, err := tcp.File()
	if err != nil {
		return 0, err
	}
	defer file.Close() //nolint:errcheck // likewise
	if fd, err = syscall.Dup(int(file.Fd())); err != nil {
		return 0, err
	}
	return fd, syscall.SetNonblock(fd, true)
}

// loop answers calls as they come. A connection with one that it cannot read is closed: whoever made it finds that out.
func (a *botAPI) loop(epoll int) {
	conns := map[int32]*apiConn{}
	events := make([]syscall.EpollEvent, 64)
	for {
		n, err := syscall.EpollWait(epoll, events, -1)
		if err != nil && !errors.Is(err, syscall.EINTR) {
			panic(err)
		}
		for _, event := range events[:max(n, 0)] {
			c := conns[event.Fd]
			if c == nil {
				c = &apiConn{fd: int(event.Fd), got: make([]byte, 0, 64<<10)}
				conns[event.Fd] = c
			}
			if err := c.converse(a); err != nil {
				delete(conns, event.Fd)
				_ = syscall.Close(c.fd)
			}
		}
	}
}

// An apiConn is a connection with at most one call on its way.
type apiConn struct {
	fd       int
	got, out []byte // of the call so far, and of the answer
}

// converse reads what has come, and answers the call when it is whole.
func (c *apiConn) converse(a *botAPI) error {
	n, err := syscall.Read(c.fd, c.got[len(c.got):cap(c.got)])
	switch {
	case errors.Is(err, syscall.EAGAIN), errors.Is(err, syscall.EINTR):
		return nil
	case err != nil:
		return err
	case n == 0:
		return io.EOF // also where a call is longer than there is room
	}
	c.got = c.got[:len(c.got)+n]
	call, whole, err := readCall(c.got)
	if err != nil || !whole {
		return err
	}
	c.got = c.got[:0]
	if strings.Contains(call.target, "/await?") { // others are answered meanwhile
		go func() { _ = (&apiConn{fd: c.fd}).send(a.answer(&call)) }()
		return nil
	}
	return c.send(a.answer(&call))
}

func (c *apiConn) send(status, body string) error {
	c.out = fmt.Appendf(c.out[:0], "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", status, len(body), body)
	n, err := syscall.Write(c.fd, c.out)
	if err == nil && n < len(c.out) {
		err = io.ErrShortWrite
	}
	return err
}

func (a *botAPI) answer(c *apiCall) (status, body string) {
	switch at, query, _ := strings.Cut(c.target, "?"); path.Base(at) {
	case "await":
		told, err := json.Marshal(a.await(query))
		if err != nil {
			return "500 Internal Server Error", err.Error()
		}
		return "200 OK", string(told)
	case "getMe":
		return "200 OK", `{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Stancebot","username":"stancebot_bot","can_join_groups":true}}`
	case "sendMessage":
		chat, err := chatOf(c.body)
		if err != nil {
			return "400 Bad Request", `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`
		}
		a.sent(chat - firstChat)
		return "200 OK", fmt.Sprintf(`{"ok":true,"result":{"message_id":%d,"date":1700000000,"chat":{"id":%d,"type":"private"},"text":"x"}}`, chat-firstChat+1, chat)
	}
	return "200 OK", `{"ok":true,"result":true}`
}

// An apiCall is a request over HTTP/1.1, as far as it is looked at.
type apiCall struct {
	target string
	body   []byte
}

// readCall reads a request that is the only one on its connection. Its body is of the length that the head tells, or in chunks.
func readCall(got []byte) (c apiCall, whole bool, err error) {
	head, body, found := bytes.Cut(got, endOfHead)
	if !found {
		return c, false, nil
	}
	line, _, _ := bytes.Cut(head, []byte("\r\n"))
	_, rest, _ := bytes.Cut(line, []byte(" "))
	target, version, _ := bytes.Cut(rest, []byte(" "))
	if string(version) != "HTTP/1.1" {
		return c, false, errors.New("this is no HTTP/1.1")
	}
	c.target = string(target)
	if indexFold(head, []byte("\r\ntransfer-encoding: chunked")) >= 0 {
		if !bytes.HasSuffix(body, lastChunk) && !bytes.Equal(body, lastChunk[2:]) {
			return c, false, nil
		}
		c.body, err = io.ReadAll(httputil.NewChunkedReader(bytes.NewReader(body)))
		return c, err == nil, err
	}
	length := max(lengthIn(head), 0) // that of a GET, which has none
	if len(body) > length {
		return c, false, errors.New("more came than one call")
	}
	c.body = body
	return c, len(body) == length, nil
}

// chatOf returns the chat that a message goes to, which stands in a form or in JSON, behind its name. Within a text the signs around
// a name would be escaped.
func chatOf(body []byte) (int, error) {
	figures, found := bytes.CutPrefix(body, []byte("chat_id="))
	for _, name := range []string{`{"chat_id":`, `,"chat_id":`, "&chat_id="} {
		if !found {
			_, figures, found = bytes.Cut(body, []byte(name))
		}
	}
	chat := 0
	for _, c := range figures[:min(len(figures), len("7000000000"))] {
		if c < '0' || c > '9' {
			break
		}
		chat = 10*chat + int(c-'0')
	}
	if chat < firstChat || chat > firstChat+100_000_000 {
		return 0, errors.New("no chat of a series")
	}
	return chat, nil
}

func (a *botAPI) sent(to int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if missing := to + 1 - len(a.counts); missing > 0 {
		a.counts = append(a.counts, make([]int, missing)...)
	}
	a.counts[to]++
	a.last = time.Now()
	switch {
	case a.counts[to] == 2:
		a.twice++
	case a.counts[to] == 1 && a.from <= to && to < a.to:
		if a.missing--; a.missing == 0 {
			close(a.all)
		}
	}
}

// await waits until all in a range are answered, or until nothing was sent for a while.
func (a *botAPI) await(asked string) answers {
	query, err := url.ParseQuery(asked)
	from, err2 := strconv.Atoi(query.Get("from"))
	to, err3 := strconv.Atoi(query.Get("to"))
	all := make(chan struct{})
	a.mu.Lock()
	defer a.mu.Unlock()
	if errors.Join(err, err2, err3) != nil {
		return answers{Lost: -1}
	}
	a.from, a.to, a.missing, a.all = from, to, 0, all
	for i := from; i < to; i++ {
		if i >= len(a.counts) || a.counts[i] == 0 {
			a.missing++
		}
	}
	for asked := time.Now(); a.missing > 0 && (time.Since(a.last) < a.patience || time.Since(asked) < a.patience); {
		a.mu.Unlock()
		select {
		case <-all:
		case <-time.After(a.patience / 10):
		}
		a.mu.Lock()
	}
	return answers{Lost: a.missing, Twice: a.twice, Last: a.last.UnixNano()}
}
