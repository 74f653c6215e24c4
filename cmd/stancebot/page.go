package main

import (
	"context"
	"io"
	"net"
	"os"

	"stancebot/bot"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// A page is the site as a newcomer sees it, beside the conversation.
type page struct {
	*webServer
	moved bool // to another port than the one that is set
}

// showPage shows the page at the address that is set, or on another port of the same host where that one is taken.
func (env *environment) showPage(p *program, today func() knowledge.Day) (*page, error) {
	const variable = "STANCEBOT_LISTEN_ADDR"
	site := env.newSite(p, today, func(o bot.Options) asker { return bot.New(o) })
	server, err := listen(env.ctx, variable, env.config.ListenAddr, site)
	if err == nil {
		return &page{webServer: server}, nil
	}
	host, _, unread := net.SplitHostPort(env.config.ListenAddr)
	if unread != nil {
		return nil, err
	}
	server, err = listen(env.ctx, variable, net.JoinHostPort(host, "0"), site)
	return &page{server, true}, err
}

// says tells where the page is.
func (p *page) says() string {
	host, port, _ := net.SplitHostPort(p.addr()) // of a listener
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	key := "site.at"
	if p.moved {
		key = "site.at.moved"
	}
	return phrases.In(phrases.Default).Say(key, "url", "http://"+net.JoinHostPort(host, port)+"/")
}

// whileLines has lines answered until their end, until the context's, or until the page fails. Where none came at all, nobody is there to ask:
// then the page is what is wanted, until it is interrupted.
func (p *page) whileLines(ctx context.Context, in *os.File, answer func(io.Reader) error) error {
	if in == nil {
		return p.untilEnd(ctx)
	}
	unblock := context.AfterFunc(ctx, func() { _ = in.Close() }) // a read of it waits for ever otherwise
	defer unblock()
	heard := &listener{Reader: in}
	err := answer(heard)
	switch {
	case ctx.Err() != nil:
		return nil
	case err != nil || heard.something:
		return err
	}
	return p.untilEnd(ctx)
}

// untilEnd waits until the context ends, or the page fails.
func (p *page) untilEnd(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return nil
	case err := <-p.failed:
		return err
	}
}

// A listener tells whether anything came.
type listener struct {
	io.Reader
	something bool
}

func (l *listener) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	l.something = l.something || n > 0
	return n, err
}
