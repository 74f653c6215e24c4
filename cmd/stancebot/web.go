package main

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"stancebot/adapters/web"
	"stancebot/bot"
	"stancebot/bot/desk"
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
		Guard: &web.Guard{Access: c.WebAccess, Token: c.WebToken.Reveal(), PublicURL: c.publicURL(), Now: time.Now},
	})
	return site.Handler()
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
