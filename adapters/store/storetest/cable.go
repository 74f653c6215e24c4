package storetest

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
)

// A Loss is what a cable does with a commit that goes over it.
type Loss int32

// The losses.
const (
	passes     Loss = iota
	LosesReply      // the server commits, and nobody hears of it
	LosesAsked      // the server never hears of it
	Breaks          // the server commits, and is not reached again
)

// A Cable stands between a program and PostgreSQL, and breaks at a commit.
type Cable struct {
	at        net.Listener
	to        string
	next      atomic.Int32
	cuts      atomic.Int32
	unplugged atomic.Bool
}

// Lay returns the URL by which a database is reached over a new cable.
func Lay(tb testing.TB, to string) (*Cable, string) {
	tb.Helper()
	u, err := url.Parse(to)
	if err != nil {
		tb.Fatal(err)
	}
	const socket = ".s.PGSQL.5432"
	folder, err := os.MkdirTemp("", "pg") //nolint:usetesting // a path of a socket has to be short
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(folder) })
	c := &Cable{to: filepath.Join(u.Query().Get("host"), socket)}
	if c.at, err = (&net.ListenConfig{}).Listen(tb.Context(), "unix", filepath.Join(folder, socket)); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.at.Close() })
	go func() {
		for {
			program, err := c.at.Accept()
			if err != nil {
				return
			}
			go c.carry(program)
		}
	}()
	u.RawQuery = url.Values{"host": {folder}}.Encode()
	return c, u.String()
}

// Next says what becomes of the next commit.
func (c *Cable) Next(how Loss) { c.next.Store(int32(how)) }

// Cuts returns how many connections were cut at a commit.
func (c *Cable) Cuts() int { return int(c.cuts.Load()) }

func (c *Cable) carry(program net.Conn) {
	defer program.Close() //nolint:errcheck // it may be cut
	server, err := (&net.Dialer{}).Dial("unix", c.to)
	if err != nil || c.unplugged.Load() {
		return
	}
	defer server.Close()        //nolint:errcheck // as above
	go io.Copy(program, server) //nolint:errcheck // as above
	buffer := make([]byte, 1<<16)
	for {
		n, err := program.Read(buffer)
		if err != nil || c.unplugged.Load() { // for the other connections of the pool, too
			return
		}
		how := passes
		if bytes.Contains(buffer[:n], []byte("commit")) {
			how = Loss(c.next.Swap(int32(passes)))
		}
		if how != passes {
			c.cuts.Add(1)
			c.unplugged.Store(how == Breaks)
			_ = program.Close() // before the server can answer
		}
		if how != LosesAsked {
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
		if how != passes {
			return
		}
	}
}
