package main

import (
	"context"
	"strings"
	"sync"
	"time"

	"stancebot/adapters/admin"
	"stancebot/bot"
	"stancebot/bot/told"
	"stancebot/knowledge"
)

// A teller answers, and keeps what it told in a place.
type teller struct {
	*program
	place told.Place
}

// Handle answers one request, and keeps the answer.
func (t *teller) Handle(ctx context.Context, req bot.Request) bot.Reply {
	reply := t.Ask(ctx, req).Reply
	t.keep(told.Told{Desk: req.Desk, Place: t.place, Private: true}, "", &reply)
	return reply
}

// keep keeps what was told, in a place and where that was asked, "" for there. What rests on no record is not worth keeping, the
// asker's words never are kept, and nothing is where that is not wanted, or where it is not known whose it would be.
func (p *program) keep(t told.Told, in told.Place, r *bot.Reply) {
	if p.memory == nil || t.Desk == "" || len(r.Receipts) == 0 || !p.memory.silences.Keeps(t.Place) || !p.memory.silences.Keeps(in) {
		return
	}
	if !p.shares.Tell(bot.Address(t.Place).Space()) {
		return
	}
	t.At, t.Seq, t.Reply = p.now(), r.About.Seq, p.sayings.of(r)
	p.memory.tell(t)
}

// sayings keep what replies say, for those that tell the same to many. The zero value is ready. They are safe for concurrent
// use.
type sayings struct {
	mu   sync.Mutex
	same map[string]*told.Reply // by the name that equal replies share
}

// maxSayings is how many are kept, of a kilobyte or two each. When there are as many, they are forgotten.
const maxSayings = 2000

func (s *sayings) of(r *bot.Reply) *told.Reply {
	if r.Same == "" {
		return said(r)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	have := s.same[r.Same]
	if have == nil {
		if s.same == nil || len(s.same) >= maxSayings {
			s.same = map[string]*told.Reply{}
		}
		have = said(r)
		s.same[r.Same] = have
	}
	return have
}

// said is what a reply says, for those that keep it.
func said(r *bot.Reply) *told.Reply {
	return &told.Reply{
		Language: r.Language, Intent: r.About.Intent, Command: commandOf(r), Countries: r.About.Countries, Receipts: r.Receipts, Text: r.Text(),
	}
}

// commandOf is the command that asks for a reply again, "" where there is none: that of a search holds the asker's words.
func commandOf(r *bot.Reply) string {
	if word, _, _ := strings.Cut(r.About.Command, " "); word == string(knowledge.IntentSearch) {
		return ""
	}
	return r.About.Command
}

// measured counts what the bot is asked.
type measured struct {
	*bot.Bot
	metrics *admin.Metrics
}

// Ask answers one request, and counts it.
func (m *measured) Ask(ctx context.Context, req bot.Request) bot.Exchange {
	start := time.Now()
	ex := m.Bot.Ask(ctx, req)
	m.metrics.Asked(string(ex.Query.Intent), string(ex.Answer.Outcome), time.Since(start))
	return ex
}

// Handle answers one request, and counts it.
func (m *measured) Handle(ctx context.Context, req bot.Request) bot.Reply {
	return m.Ask(ctx, req).Reply
}
