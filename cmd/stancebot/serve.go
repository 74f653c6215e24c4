package main

import (
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
)

type serveCommand struct{}

// Help is what serve --help adds.
func (*serveCommand) Help() string {
	return `Runs until it is interrupted, without a terminal: it follows the desk's ledger, runs the daily jobs, and tells operators
how far it is on STANCEBOT_ADMIN_ADDR (/healthz, /readyz).`
}

// The limits of a server and of its end.
const (
	headerTimeout = 5 * time.Second
	stopLimit     = 20 * time.Second
)

// Run serves.
func (*serveCommand) Run(env *environment) error {
	today, err := env.calendar("")
	if err != nil {
		return err
	}
	p, err := env.newBot(today, true)
	if err != nil {
		return err
	}
	c, err := env.newChores(p.memory, today)
	if err != nil {
		return errors.Join(err, p.Close())
	}
	s := &server{program: p, chores: c, log: env.log}
	return errors.Join(s.run(env.ctx, env.config.AdminAddr), p.Close())
}

// A server is a running program without a terminal.
type server struct {
	program  *program
	chores   *chores
	log      *slog.Logger
	stopping atomic.Bool
}

// run serves until the context ends, and then stops in order within its limit: what takes in work first.
func (s *server) run(ctx context.Context, addr string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("STANCEBOT_ADMIN_ADDR: cannot listen there: %w", err)
	}
	web := &http.Server{Handler: admin.Handler(s.report), ReadHeaderTimeout: headerTimeout}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	running.Go(func() { s.program.memory.follow(ctx) })
	running.Go(func() { s.chores.run(ctx) })
	failed := make(chan error, 1)
	running.Go(func() { failed <- web.Serve(listener) })
	s.log.InfoContext(ctx, "serving", "admin", listener.Addr().String())
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	s.stopping.Store(true)
	stop()
	limit, end := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer end()
	err = errors.Join(err, web.Shutdown(limit))
	running.Wait()
	return err
}

// report is how the program is.
func (s *server) report() admin.Report {
	r := admin.Report{
		Ready: !s.stopping.Load(), Program: programVersion(), Records: s.program.records.Version,
		CheckedTo: s.program.records.Article.CheckedTo.String(),
	}
	r.Follows(s.program.memory.status())
	return r
}
