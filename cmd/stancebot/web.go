package main

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"stancebot/adapters/demo"
	"stancebot/adapters/web"
	"stancebot/bot"
	"stancebot/bot/desk"
	"stancebot/bot/phrases"
	"stancebot/knowledge"
)

// publicURL is where readers see the program's own pages, without a slash at the end, or "".
func (c *config) publicURL() string { return strings.TrimSuffix(c.PublicURL, "/") }

// link returns what tells which page a receipt leads to: one of the program's own, where readers see those, or the one that its record
// rests on. The pages are those of one desk, whose records are not another's.
func (env *environment) link(source func(knowledge.DeskID, string) string) func(knowledge.DeskID, string) string {
	public := env.config.publicURL()
	if public == "" || env.config.WebAccess == web.OnLoopback {
		return source
	}
	return func(desk knowledge.DeskID, receipt string) string {
		if desk != knowledge.DefaultDesk {
			return source(desk, receipt)
		}
		return public + web.ReceiptPath(receipt)
	}
}

// newSite puts the pages together, for what a bot answers that looks up alone: nothing is changed from a page, and what is told of the past
// is for those who know the token.
func (env *environment) newSite(p *program, today func() knowledge.Day, ask func(bot.Options) asker) http.Handler {
	c, m := &env.config, p.memory
	past := env.archive(m)
	past.Edits = func(knowledge.DeskID, string) bool { return true } // who knows the token may know who recorded what
	lookups := p.options
	lookups.Commands, lookups.Votes, lookups.Edits = bot.Lookups(m.holder), false, nil
	illustrated(&lookups, m.holder, m.gallery) // also beside a conversation that is in words alone
	within := lookups
	within.Kept = 0
	within.Commands = append(bot.Lookups(m.holder), bot.Command{Intent: knowledge.IntentHistory, Do: past.Do})
	site := web.New(web.Options{
		Bot: ask(lookups), Core: m.holder.Core, Desk: knowledge.DefaultDesk, Today: today, Version: p.version, PublicURL: c.publicURL(), Language: c.Language, Log: env.log,
		Inside: &web.Inside{
			Bot: bot.New(within), Name: func(author string) string { return c.EditorNames[desk.Author(author)] },
			Ledger: func() web.Ledger {
				if store := m.ledgerStore(); store != nil {
					return store
				}
				return nil // and no interface that holds nothing
			},
		},
		Showcase: func(frame web.Frame) http.Handler { return env.showcaseOf(p, frame) },
		Guard:    &web.Guard{Access: c.WebAccess, Token: c.WebToken.Reveal(), PublicURL: c.publicURL(), Now: clock},
	})
	return site.Handler()
}

// showcaseOf is the tab in which a newsroom is tried, within the frame of a site. It is put together when somebody comes, and closed with
// the program.
func (env *environment) showcaseOf(p *program, frame web.Frame) http.Handler {
	var once sync.Once
	var tab *demo.Demo
	var failed error
	p.closes = append(p.closes, func() {
		once.Do(func() {})
		if tab != nil {
			tab.Close()
		}
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		once.Do(func() {
			tab, failed = env.newDemo(func(w http.ResponseWriter, r *http.Request, page *demo.Page) {
				frame(w, r, page.Status, page.Language, page.Title, page.Style, page.Body)
			})
		})
		if tab == nil {
			env.log.ErrorContext(r.Context(), "no newsroom can be tried", "error", failed)
			http.Error(w, phrases.In(env.config.Language).Say("web.wrong.trouble"), http.StatusServiceUnavailable)
			return
		}
		tab.ServeHTTP(w, r)
	})
}

// An asker answers requests.
type asker interface {
	Ask(ctx context.Context, req bot.Request) bot.Exchange
}

// version names all that pages are made of: the program, the records, and how far the desk's ledger was read.
func (p *program) version() string {
	f := p.fresh(knowledge.DefaultDesk)
	return strings.Join([]string{programVersion(), f.Version, strconv.FormatInt(f.Seq, 10), strconv.FormatBool(p.memory.behind(knowledge.DefaultDesk))}, " ")
}
