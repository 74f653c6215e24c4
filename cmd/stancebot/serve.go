package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"stancebot/adapters/admin"
	"stancebot/adapters/slack"
)

type serveCommand struct{}

// Help is what serve --help adds.
func (*serveCommand) Help() string {
	return `Runs until it is interrupted, without a terminal: it serves every platform whose tokens are set, follows the desk's ledger,
runs the daily jobs, and tells operators how it is on STANCEBOT_ADMIN_ADDR (/healthz, /readyz, /metrics). What platforms
send over HTTP it takes on STANCEBOT_LISTEN_ADDR.`
}

// The limits of a server and of its end.
const (
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second // of a request, which is small
	idleTimeout   = 2 * time.Minute
	stopLimit     = 20 * time.Second
)

// answersKept is to how many questions of a desk the answers are kept, of some ten kilobytes each.
const answersKept = 1000

// Run serves.
func (*serveCommand) Run(env *environment) error {
	today, err := env.calendar("")
	if err != nil {
		return err
	}
	p, err := env.newBotThatKeeps(answersKept, today, true)
	if err != nil {
		return err
	}
	c, err := env.newChores(p.memory, today)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	metrics := admin.NewMetrics()
	measureTold(metrics, p.memory)
	s := &server{program: p, chores: c, log: env.log, metrics: metrics, slack: env.newSlack(p, metrics)}
	return errors.Join(s.run(env.ctx, &env.config), p.Close())
}

// A server is a running program without a terminal.
type server struct {
	program  *program
	chores   *chores
	slack    *slack.Adapter // nil where it is not served
	metrics  *admin.Metrics
	log      *slog.Logger
	stopping atomic.Bool
}

// run serves until the context ends, and then stops in order within its limit: what takes in work first, what tells of it
// last.
func (s *server) run(ctx context.Context, c *config) error {
	operators, err := listen(ctx, "STANCEBOT_ADMIN_ADDR", c.AdminAddr, admin.Handler(s.report, s.metrics))
	if err != nil {
		return err
	}
	var web *webServer
	if s.slack != nil && c.SlackSigningSecret != "" {
		if web, err = listen(ctx, "STANCEBOT_LISTEN_ADDR", c.ListenAddr, s.platforms()); err != nil {
			return errors.Join(err, operators.stop(ctx))
		}
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	running := s.start(ctx)
	s.log.InfoContext(ctx, "serving", "admin", operators.addr(), "listen", web.addr(), "slack", s.slack != nil)
	select {
	case <-ctx.Done():
	case err = <-operators.failed:
	case err = <-web.failure():
	}
	s.stopping.Store(true)
	limit, end := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer end()
	err = errors.Join(err, web.stop(limit))
	stop()
	running.Wait()
	return errors.Join(err, operators.stop(limit))
}

// platforms takes what platforms send, and tells whoever looks that the program is there.
func (s *server) platforms() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", admin.Healthz)
	mux.Handle("/slack/", s.slack.Handler())
	return mux
}

// start begins all that runs until the context ends.
func (s *server) start(ctx context.Context) *sync.WaitGroup {
	var running sync.WaitGroup
	running.Go(func() { s.program.memory.follow(ctx) })
	running.Go(func() { s.program.memory.followSpaces(ctx) })
	running.Go(func() { s.chores.run(ctx) })
	if s.slack != nil {
		running.Go(func() {
			if err := s.slack.Run(ctx); err != nil {
				s.log.ErrorContext(ctx, "events of slack were left behind", "error", err)
			}
		})
	}
	return &running
}

// report is how the program is.
func (s *server) report() admin.Report {
	r := admin.Report{
		Ready: !s.stopping.Load(), Program: programVersion(), Records: s.program.records.Version,
		CheckedTo: s.program.records.Article.CheckedTo.String(),
	}
	r.Follows(s.program.memory.status())
	if s.slack != nil {
		r.Platforms = map[string]string{onSlack: cmp.Or(s.slack.Health(), "ok")}
	}
	return r
}

// A webServer is one address that is listened on.
type webServer struct {
	*http.Server
	listener net.Listener
	failed   chan error    // what Serve ended with
	done     chan struct{} // closed when it has
}

// listen begins to serve on the address that a variable names.
func listen(ctx context.Context, variable, addr string, h http.Handler) (*webServer, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot listen there: %s", variable, withoutAddress(err))
	}
	w := &webServer{listener: listener, failed: make(chan error, 1), done: make(chan struct{}), Server: &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout,
	}}
	go func() {
		defer close(w.done)
		w.failed <- w.Serve(listener)
	}()
	return w, nil
}

// withoutAddress tells why an address cannot be listened on, without the address: it may be a secret in a wrong place.
func withoutAddress(err error) string {
	reason := err
	if op := (*net.OpError)(nil); errors.As(err, &op) {
		reason = op.Err
	}
	if address := (*net.AddrError)(nil); errors.As(reason, &address) {
		return address.Err
	}
	if unknown := (*net.DNSError)(nil); errors.As(reason, &unknown) {
		return unknown.Err
	}
	return reason.Error()
}

func (w *webServer) addr() string {
	if w == nil {
		return "none"
	}
	return w.listener.Addr().String()
}

// failure is what ends the server before its time, or never for none.
func (w *webServer) failure() <-chan error {
	if w == nil {
		return nil
	}
	return w.failed
}

// stop takes no more requests, and waits for those that are answered.
func (w *webServer) stop(ctx context.Context) error {
	if w == nil {
		return nil
	}
	err := w.Shutdown(ctx)
	<-w.done
	return err
}
