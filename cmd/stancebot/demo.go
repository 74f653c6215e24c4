package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"

	"golang.org/x/term"

	"stancebot/adapters/console"
	"stancebot/adapters/slack"
	"stancebot/adapters/telegram"
	"stancebot/bot/phrases"
	"stancebot/bot/showcase"
)

type demoCommand struct {
	Play   bool   `help:"Play the whole tour as text, and end."`
	Lang   string `help:"The language of the newsroom."`
	Listen string `default:"127.0.0.1:0" help:"Where the tab is served, on this machine alone; port 0 for any."`
}

// Help is what demo --help adds.
func (*demoCommand) Help() string {
	return `A newsroom in a box: a channel of Slack, a group of Telegram, a terminal and an editors' channel, played on this machine. It needs
no token and no set-up, nothing leaves the machine, and nothing is written to disk.

On a terminal the tour is played step by step, and the tab for a browser is served beside it; elsewhere the tab alone.`
}

// Run plays.
func (c *demoCommand) Run(env *environment) error {
	language := c.Lang
	if language == "" {
		language = env.config.Language
	}
	if phrases.In(language).Language != language {
		return usageError{fmt.Errorf("--lang is no language of this program: use one of %s", strings.Join(phrases.Languages(), ", "))}
	}
	if c.Play {
		return env.playTour(env.ctx, language, func() bool { return true })
	}
	return c.serve(env, language)
}

// serve serves the tab until the program is interrupted, and on a terminal plays the tour beside it.
func (c *demoCommand) serve(env *environment, language string) error {
	host, _, err := net.SplitHostPort(c.Listen)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return usageError{errors.New("--listen is an address of this machine, such as 127.0.0.1:8090: a demo is for nobody else")}
	}
	env.config.Language = language
	tab, err := env.newDemo(nil)
	if err != nil {
		return err
	}
	defer tab.Close()
	web, err := listen(env.ctx, "--listen", c.Listen, onlyHere(tab))
	if err != nil {
		return err
	}
	fmt.Fprintf(env.stdout, "The newsroom is at http://%s/demo until you press Ctrl-C.\n", web.addr())
	ctx, stop := context.WithCancel(env.ctx)
	defer stop()
	played := make(chan error, 1)
	if term.IsTerminal(int(env.stdin.Fd())) {
		fmt.Fprintln(env.stdout, "Here the tour is played as text: the Enter key goes on.")
		go func() { played <- env.playTour(ctx, language, enterKey(env.stdin)) }() // no interrupt ends its reading of the terminal: the process does
	}
	for waits := true; waits; {
		select {
		case err = <-played:
			waits = err == nil
		case <-ctx.Done():
			waits = false
		case err = <-web.failed:
			waits = false
		}
	}
	limit, end := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
	defer end()
	return errors.Join(err, web.stop(limit))
}

// onlyHere answers who asks for this machine by a name of its own: the page of another site, whose name was made to lead here, asks by that.
func onlyHere(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.Host)
		if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			http.Error(w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// enterKey returns what waits for the Enter key, and reports whether there will be more.
func enterKey(in *os.File) func() bool {
	lines := bufio.NewScanner(in)
	return lines.Scan
}

// playTour plays the tour as text: each step with what came of it, as each platform shows it. Before each but the first it waits until it is to go on.
func (env *environment) playTour(ctx context.Context, language string, goOn func() bool) error {
	s, err := env.newShowcases()
	if err != nil {
		return err
	}
	room, err := s.newsroom(ctx, language)
	if err != nil {
		return err
	}
	defer room.Close() //nolint:errcheck // what was in memory is gone in any case
	for last := 0; ; {
		more, err := room.Next(ctx)
		if err != nil || !more {
			return err
		}
		view, err := room.View(ctx)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprint(env.stdout, stepText(view, room.Since(last))); err != nil {
			return fmt.Errorf("cannot write the tour: %w", err)
		}
		last = view.Happened
		if view.Step < len(view.Steps) && !goOn() {
			return nil
		}
	}
}

// stepText is the step of the tour that was taken last, with what came of it and what is still under way.
func stepText(view *showcase.View, events []showcase.Event) string {
	p := phrases.In(view.Language)
	id := view.Steps[view.Step-1]
	var b strings.Builder
	fmt.Fprintf(&b, "\n══ %s · %s · %s UTC\n%s\n", p.Say("demo.step", "k", view.Step, "of", len(view.Steps)), p.Say("demo.tour."+id+".title"),
		view.Now.Format("2006-01-02 15:04"), p.Say("demo.tour."+id+".text"))
	return b.String() + happenedText(view, events)
}

// happenedText is what came of something, and what is still under way.
func happenedText(view *showcase.View, events []showcase.Event) string {
	p := phrases.In(view.Language)
	var b strings.Builder
	for i := range events {
		m := &events[i].Message
		fmt.Fprintf(&b, "\n── %s\n%s\n", m.Place, messageText(m, view.Language))
	}
	for i := range view.Deliveries {
		d := &view.Deliveries[i]
		if d.Delivery.Done.IsZero() {
			fmt.Fprintf(&b, "\n%s: %s\n", d.Subscription.To, p.Say("demo.state."+string(d.Delivery.State)))
		}
	}
	return b.String()
}

// messageText is a message as its platform shows it.
func messageText(m *showcase.Message, language string) string {
	switch m.Place.Platform() {
	case showcase.Slack:
		return slack.PreviewText(inSlack(m, language, ""))
	case showcase.Telegram:
		return telegram.PreviewText(inTelegram(m, language, ""))
	}
	return console.PreviewText(onTerminal(m))
}
