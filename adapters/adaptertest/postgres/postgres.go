//go:build unix

package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// A Server is a running PostgreSQL.
type Server struct {
	programs, folder string
	as               *syscall.Credential // PostgreSQL refuses to run as root
	databases        atomic.Int64

	running *exec.Cmd
	ended   chan struct{}  // closed when running is gone
	alive   io.WriteCloser // the keeper's input, which the end of this process closes, too
}

var shared struct {
	once sync.Once
	*Server
	err error
}

// Main runs a package's tests and stops the server that they share, if they started it. It is for TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(postgres.Main(m)) }
func Main(m *testing.M) int {
	status := m.Run()
	if shared.Server != nil {
		shared.remove()
	}
	return status
}

// Database returns the URL of a new, empty database on the server that the tests of this process share.
func Database(tb testing.TB) string {
	tb.Helper()
	shared.once.Do(func() { shared.Server, shared.err = start() })
	need(tb, shared.err)
	return shared.Database(tb)
}

// Start returns a server for one test alone, which may stop it and kill it.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s, err := start()
	need(tb, err)
	tb.Cleanup(s.remove)
	return s
}

var errAbsent = errors.New("PostgreSQL is not installed here: apt-get install postgresql")

// need skips the test where PostgreSQL is absent, unless nothing may be skipped.
func need(tb testing.TB, err error) {
	tb.Helper()
	switch {
	case errors.Is(err, errAbsent) && os.Getenv("STANCETEST_REQUIRE") == "":
		tb.Skip(err)
	case err != nil:
		tb.Fatal(err)
	}
}

// Copy returns the URL of a new database that is as the one of a URL, on the server that the tests of this process share. Nobody may be
// connected to that one.
func Copy(tb testing.TB, of string) string {
	tb.Helper()
	shared.once.Do(func() { shared.Server, shared.err = start() })
	need(tb, shared.err)
	u, err := url.Parse(of)
	if err != nil {
		tb.Fatal(err)
	}
	return shared.create(tb, " TEMPLATE "+strings.TrimPrefix(u.Path, "/"))
}

// Database returns the URL of a new, empty database.
func (s *Server) Database(tb testing.TB) string {
	tb.Helper()
	return s.create(tb, "")
}

// create makes a database from what a clause says.
func (s *Server) create(tb testing.TB, from string) string {
	tb.Helper()
	name := fmt.Sprintf("test_%d", s.databases.Add(1))
	conn, err := pgx.Connect(tb.Context(), s.URL(User, Password, "postgres"))
	if err != nil {
		tb.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(tb.Context())) //nolint:errcheck // a failure shows at the database's first use
	if _, err := conn.Exec(tb.Context(), "CREATE DATABASE "+name+from); err != nil {
		tb.Fatal(err)
	}
	return s.URL(User, Password, name)
}

// URL returns the URL of a database for a user.
func (s *Server) URL(name, password, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(name, password), Host: "", Path: "/" + database}
	u.RawQuery = url.Values{"host": {s.folder}}.Encode()
	return u.String()
}

// Folder returns the folder of the server, which its user may write.
func (s *Server) Folder() string { return s.folder }

func start() (*Server, error) {
	s := &Server{}
	var err error
	if s.programs, err = programs(); err != nil {
		return nil, err
	}
	if s.as, err = unprivileged(); err != nil {
		return nil, err
	}
	// Not the test's own folder: the path of a socket has to be short.
	if s.folder, err = os.MkdirTemp("", "pg"); err != nil {
		return nil, err
	}
	if err = s.initialise(); err == nil {
		err = s.keep()
	}
	if err == nil {
		err = s.Run()
	}
	if err != nil {
		s.remove()
		return nil, err
	}
	return s, nil
}

// programs returns the folder of PostgreSQL's programs.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil && executable(filepath.Join(filepath.Dir(path), "postgres")) {
			return filepath.Dir(path), nil
		}
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	for _, folder := range slices.Backward(found) {
		if executable(filepath.Join(folder, "initdb")) && executable(filepath.Join(folder, "postgres")) {
			return folder, nil
		}
	}
	return "", errAbsent
}

func executable(path string) bool {
	_, err := exec.LookPath(path)
	return err == nil
}

// unprivileged returns whom the server runs as when this process is root's, and nil otherwise.
func unprivileged() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // nobody else
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(errUID, errGID)
	}
	return nil, errors.New("root may not run PostgreSQL, and there is neither a user postgres nor a user nobody")
}

// initialise makes the server's data.
func (s *Server) initialise() error {
	password := filepath.Join(s.folder, "password")
	if err := os.WriteFile(password, []byte(Password), 0o600); err != nil {
		return err
	}
	if s.as != nil {
		for _, path := range []string{s.folder, password} {
			if err := os.Chown(path, int(s.as.Uid), int(s.as.Gid)); err != nil {
				return err
			}
		}
	}
	made := s.command(filepath.Join(s.programs, "initdb"), "--pgdata="+s.data(), "--username="+User, "--pwfile="+password,
		"--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if out, err := made.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.folder, "data") }

func (s *Server) command(program string, args ...string) *exec.Cmd {
	c := exec.CommandContext(context.Background(), program, args...) //nolint:gosec // PostgreSQL's own programs and a shell
	c.Dir = s.folder
	c.SysProcAttr = &syscall.SysProcAttr{Credential: s.as, Setpgid: true} // a terminal's interrupt is for the tests
	return c
}

// keeper waits for its input to end, which it does when this process is gone; with a word on it there is nothing to do.
const keeper = `read -r word
[ -z "$word" ] || exit 0
kill -QUIT "$(head -n 1 data/postmaster.pid)" 2>/dev/null
sleep 1
rm -rf "$PWD"`

func (s *Server) keep() error {
	c := s.command("/bin/sh", "-c", keeper)
	var err error
	if s.alive, err = c.StdinPipe(); err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return err
	}
	go c.Wait() //nolint:errcheck // so that it is no zombie
	return nil
}

// Run starts a server that was stopped or killed, and waits until it answers. What an earlier one left running for a moment
// keeps the next one from starting, so it tries again.
func (s *Server) Run() error {
	var err error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if !s.runs() {
			if err := s.launch(); err != nil {
				return err
			}
		}
		var conn *pgx.Conn
		ctx := context.Background()
		if conn, err = pgx.Connect(ctx, s.URL(User, Password, "postgres")); err == nil {
			return conn.Close(ctx)
		}
	}
	log, _ := os.ReadFile(s.log()) // without it, the error has to do
	return fmt.Errorf("PostgreSQL does not start: %w\n%s", err, log)
}

func (s *Server) log() string { return filepath.Join(s.folder, "log") }

func (s *Server) runs() bool {
	select {
	case <-s.ended:
		return false
	default:
		return s.running != nil
	}
}

func (s *Server) launch() error {
	log, err := os.OpenFile(s.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the server has its own handle of it
	c := s.command(filepath.Join(s.programs, "postgres"), "-D", s.data(), "-k", s.folder, "-c", "listen_addresses=", "-c", "max_connections=60")
	c.Stdout, c.Stderr = log, log
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	s.running, s.ended = c, ended
	go func() {
		defer close(ended)
		_ = c.Wait() // how it ended is in its log
	}()
	return nil
}

// Signal sends a signal to the server, and returns when it is gone: SIGINT stops it, SIGQUIT at once, SIGKILL kills it.
func (s *Server) Signal(signal syscall.Signal) error {
	if err := s.running.Process.Signal(signal); err != nil {
		return err
	}
	<-s.ended
	return nil
}

func (s *Server) remove() {
	if s.runs() {
		_ = s.Signal(syscall.SIGQUIT) // or it is gone already
	}
	if s.alive != nil {
		_, _ = io.WriteString(s.alive, "leave\n") // or the keeper is gone
		_ = s.alive.Close()
	}
	_ = os.RemoveAll(s.folder)
}
