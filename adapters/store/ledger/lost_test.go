package ledger_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"stancebot/adapters/adaptertest"
	"stancebot/adapters/adaptertest/postgres"
	"stancebot/adapters/store"
	storeledger "stancebot/adapters/store/ledger"
	"stancebot/adapters/store/storetest"
)

// What a line does with the next commit that goes over it.
const (
	passes     = iota
	losesReply // the server commits, and nobody hears of it
	losesAsked // the server never hears of it
	breaks     // the server commits, and is not reached again
)

// A cable stands between a program and PostgreSQL, and breaks at a commit.
type cable struct {
	at        net.Listener
	to        string
	next      atomic.Int32
	cuts      atomic.Int32
	unplugged atomic.Bool
}

// lay returns the URL by which a database is reached over a new cable.
func lay(tb testing.TB, to string) (*cable, string) {
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
	c := &cable{to: filepath.Join(u.Query().Get("host"), socket)}
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

func (c *cable) carry(program net.Conn) {
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
		how := int32(passes)
		if bytes.Contains(buffer[:n], []byte("commit")) {
			how = c.next.Swap(passes)
		}
		if how != passes {
			c.cuts.Add(1)
			c.unplugged.Store(how == breaks)
			_ = program.Close() // before the server can answer
		}
		if how != losesAsked {
			if _, err := server.Write(buffer[:n]); err != nil {
				return
			}
		}
		if how != passes {
			return
		}
	}
}

// Where the connection is lost at the commit, the entry stands once.
func TestALostCommitStandsOnce(t *testing.T) {
	c, over := lay(t, postgres.Database(t))
	s := storeledger.New(storetest.Open(t, over))
	appendTo(t, s, 2)
	for i, how := range []int32{losesReply, losesAsked, losesReply} {
		c.next.Store(how)
		entries, err := s.Append(t.Context(), desk, adaptertest.Draft(10+i), adaptertest.Draft(20+i))
		if err != nil {
			t.Fatal(err)
		}
		if want := int64(2*i + 3); entries[0].Seq != want || entries[1].Seq != want+1 {
			t.Errorf("entries stand at %d and %d, want %d", entries[0].Seq, entries[1].Seq, want)
		}
	}
	if n := c.cuts.Load(); n != 3 {
		t.Errorf("%d connections were cut, want 3", n)
	}
	if rows := adaptertest.Whole(t, s, desk); len(rows) != 8 {
		t.Errorf("%d rows, want 8", len(rows))
	}
}

// Where nobody can say whether the entry stands, that is what is said.
func TestALostCommitThatCannotBeLookedUpIsUncertain(t *testing.T) {
	c, over := lay(t, postgres.Database(t))
	s := storeledger.New(storetest.Open(t, over))
	appendTo(t, s, 2)
	c.next.Store(breaks)
	_, err := s.Append(t.Context(), desk, adaptertest.Draft(10))
	if !errors.Is(err, store.ErrUncertain) {
		t.Errorf("error is %v, want that it is uncertain", err)
	}
	line(t, err, "may stand or not")
}
